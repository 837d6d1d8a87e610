// What a page must never show, whatever strangers write: returns a list of what is wrong. Text with the marker in it comes from a stranger.
(marker => {
  const found = new Set();
  const harmful = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066\u2067\ufeff]/u;
  const look = (where, text) => {
    if (harmful.test(text)) found.add(`${where} holds a control or direction character: ${JSON.stringify(text.slice(0, 80))}`);
    if (text.length > 400) found.add(`${where} holds ${text.length} characters: ${text.slice(0, 40)}`);
  };
  // Our own sentences isolate what they quote by U+2068 and U+2069. Where letters of another direction stand in a line with other words, they need a box of their own.
  const isolated = node => {
    for (let e = node.parentElement; e; e = e.parentElement) {
      if (e.matches('bdi, [dir]:not(html), title, option, textarea, .sr')) return true;
      if (getComputedStyle(e).display !== 'inline') return e.textContent.trim() === node.data.trim() || /\u2068[^\u2069]*\u2069/.test(node.data) || !/[\u0590-\u08ff]/.test(node.data);
    }
    return false;
  };
  look('the title', document.title);
  for (const e of document.querySelectorAll('*')) {
    for (const { name, value } of e.attributes) {
      if (e.matches('meta, link, use, path')) continue;
      look(`${e.tagName} ${name}`, value);
      if (/^on/.test(name) || name === 'style' || name === 'srcdoc') found.add(`${e.tagName} has ${name}="${value.slice(0, 40)}"`);
      if (/^(href|src|action|formaction)$/.test(name) && /^\s*(javascript|vbscript|data:text)/i.test(value)) found.add(`${e.tagName} leads to ${value.slice(0, 40)}`);
    }
    if (e.matches('iframe, object, embed, base, img[src="x"]')) found.add(`there is a ${e.tagName}`);
  }
  for (const e of document.querySelectorAll('input, textarea')) look(`the field ${e.id}`, e.value);
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.matches('script, style, noscript')) continue;
    look(`${node.parentElement.tagName}.${node.parentElement.className}`, node.data);
    if (node.data.includes(marker) && !isolated(node)) found.add(`${node.parentElement.tagName}.${node.parentElement.className} is not isolated: ${node.data.slice(0, 80)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) found.add(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
  if (globalThis.pwned) found.add('a script of a stranger has run');
  return [...found];
})
