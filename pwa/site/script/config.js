// What the host says of the phone, config.json, is fetched beside the program, which asks for it when it runs.

const configPatience = 10000;
const configPauses = [2000, 5000, 10000, 20000, 30000];
let configText = ''; // once it is there

// fetchConfig resolves to the text of the host's configuration, '' where it has none.
async function fetchConfig() {
  const response = await fetch(address('config.json'), { cache: 'no-cache', signal: AbortSignal.timeout(configPatience) });
  if (response.status === 404 || response.status === 410) return '';
  if (!response.ok) throw new Error(`status ${response.status}`);
  const kept = response.headers.get('Webphone-Kept');
  if (kept) console.warn(`config.json is the one kept in this browser: ${kept}`);
  const text = await response.text();
  if (!/^\s*</.test(text)) return text;
  if (text.includes('id="shell"')) return ''; // hosts of single pages answer with ours where there is no file
  throw new Error('the answer is a web page, as of a network that wants a login first');
}

// A phone without its configuration would register at the wrong place, so it waits until the host has spoken.
async function awaitConfig(asked) {
  for (let attempt = 0; ; attempt++) {
    try {
      configText = await asked;
      if (attempt > 0) showLoading();
      return;
    } catch (err) {
      console.error('config.json:', err);
      await again(configPauses[Math.min(attempt, configPauses.length - 1)]);
      asked = fetchConfig();
    }
  }
}

// again shows what is missing, once, and resolves after the pause, at the user's word, or when the network is back.
function again(pause) {
  return new Promise(resolve => {
    const stop = new AbortController();
    const go = () => { stop.abort(); clearTimeout(timer); resolve(); };
    const timer = setTimeout(go, pause);
    addEventListener('online', go, { signal: stop.signal });
    if (!document.querySelector('.login-error')) showProblem('config', 'retry', () => {});
    document.querySelector('#shell button').addEventListener('click', go, { signal: stop.signal });
  });
}
