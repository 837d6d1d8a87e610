// Runs in the gallery. Shows screens, asks axe, and measures what axe does not: what is cut, covered, too small or
// outside the window.
(() => {
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));

  async function show(query) {
    delete document.documentElement.dataset.screen;
    window.showScreen(query);
    while (document.documentElement.dataset.screen !== query) await frame();
    if (document.activeElement) document.activeElement.blur();
    return frame();
  }

  function dress(theme) {
    document.documentElement.dataset.theme = theme;
    return frame();
  }

  const path = e => {
    const parts = [];
    for (; e && e !== document.body && parts.length < 4; e = e.parentElement) {
      parts.unshift(e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join(''));
    }
    return parts.join(' > ');
  };

  // Only rules that say something about the page as it is drawn; a frame round it is not ours.
  async function judge(rules) {
    const options = { resultTypes: ['violations'], preload: false, performanceTimer: false };
    if (rules.length) options.runOnly = { type: 'rule', values: rules };
    const result = await axe.run(document, options);
    return result.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`));
  }

  const seen = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest('.sr, .skip:not(:focus)');

  // hides tells whether a text is only for ears: a box of one pixel.
  const forEars = e => { const r = e.getBoundingClientRect(); return r.width <= 1 && r.height <= 1; };

  function* texts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (n.data.trim() && seen(n.parentElement) && n.parentElement.tagName !== 'OPTION') yield n;
    }
  }

  const box = (n) => { const range = document.createRange(); range.selectNodeContents(n); return range.getBoundingClientRect(); };

  // cut finds text that a box cuts off where nothing shows that there is more.
  function cut() {
    const found = [];
    for (const n of texts()) {
      const r = box(n);
      if (!r.width || !r.height) continue;
      let across = true, down = true;
      for (let e = n.parentElement; e && e !== document.documentElement; e = e.parentElement) {
        if (forEars(e)) break;
        const style = getComputedStyle(e), b = e.getBoundingClientRect();
        if (style.overflowX !== 'visible' && across) {
          if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none' || style.overflowX === 'auto' || style.overflowX === 'scroll') across = false;
          else if (r.left < b.left - 1.5 || r.right > b.right + 1.5) { found.push(`cut across: "${n.data.trim()}" in ${path(e)}`); break; }
        }
        if (style.overflowY !== 'visible' && down) {
          if (style.overflowY === 'auto' || style.overflowY === 'scroll' || style.webkitLineClamp !== 'none') down = false;
          else if (r.top < b.top - 3 || r.bottom > b.bottom + 3) { found.push(`cut down: "${n.data.trim()}" in ${path(e)}`); break; }
        }
        if (style.position === 'fixed') break;
      }
    }
    return found;
  }

  // untold finds text that is shortened and whose whole nobody can read: a title has it.
  function untold() {
    const found = [];
    for (const n of texts()) {
      const r = box(n);
      for (let e = n.parentElement; e && e !== document.body && !forEars(e); e = e.parentElement) {
        const style = getComputedStyle(e), b = e.getBoundingClientRect();
        if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible' && (r.right > b.right + 1.5 || r.left < b.left - 1.5) ||
            style.webkitLineClamp !== 'none' && r.bottom > b.bottom + 3) {
          const titled = n.parentElement.closest('[title]');
          if (!titled || !titled.title.includes(n.data.trim())) found.push(`no title says "${n.data.trim().slice(0, 40)}" in ${path(e)}`);
          break;
        }
      }
    }
    return found;
  }

  // wide finds what makes a pane, or the window, scroll sideways.
  function wide() {
    const found = [];
    if (document.scrollingElement.scrollWidth > innerWidth) found.push(`the page is ${document.scrollingElement.scrollWidth} px wide`);
    for (const e of document.body.querySelectorAll('*')) {
      if (!seen(e) || forEars(e)) continue;
      const style = getComputedStyle(e);
      if (e.scrollWidth > e.clientWidth + 1 && /auto|scroll|visible/.test(style.overflowX) && style.display !== 'inline' && !e.matches('.msg-text, svg *, svg')) {
        const out = [...e.children].filter(c => seen(c) && !forEars(c)).map(c => c.getBoundingClientRect());
        const b = e.getBoundingClientRect();
        if (style.overflowX === 'auto' || style.overflowX === 'scroll' || out.some(r => r.right > b.right + 1.5 || r.left < b.left - 1.5)) {
          found.push(`too wide: ${path(e)}: ${e.scrollWidth} in ${e.clientWidth}`);
        }
      }
    }
    return found;
  }

  const controls = () => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')]
    .filter(e => seen(e) && !forEars(e));

  // target is the place that answers to a finger: of a box in a label, the label.
  function target(e) {
    const r = e.getBoundingClientRect(), more = getComputedStyle(e, '::after');
    let width = r.width, height = r.height;
    if (more.content !== 'none' && more.position === 'absolute') {
      width = Math.max(width, parseFloat(more.width) || 0);
      height = Math.max(height, parseFloat(more.height) || 0);
    }
    if (e.labels) for (const l of e.labels) { if (l.contains(e)) { const b = l.getBoundingClientRect(); width = Math.max(width, b.width); height = Math.max(height, b.height); } }
    return { width, height };
  }

  function small(least, leastKey) {
    return controls().flatMap(e => {
      const t = target(e), want = e.matches('.key') ? leastKey : least;
      return Math.min(t.width, t.height) < want - 0.5 ? [`${Math.round(t.width)} x ${Math.round(t.height)}: ${path(e)}`] : [];
    });
  }

  // covered finds controls in the window under something else. What lies under a sheet is meant to.
  function covered() {
    const sheets = [...document.querySelectorAll('.incoming, .scrim')].filter(seen);
    return controls().flatMap(e => {
      const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return [];
      for (let p = e.parentElement; p; p = p.parentElement) {
        const b = p.getBoundingClientRect();
        if (getComputedStyle(p).overflowY !== 'visible' && (y < b.top || y > b.bottom)) return []; // scrolled away
      }
      const top = document.elementFromPoint(x, y);
      if (!top || e.contains(top) || top.contains(e) || sheets.some(s => s.contains(top)) || e.labels && [...e.labels].some(l => l.contains(top))) return [];
      if (getComputedStyle(top).position === 'sticky' || top.closest('.pane-foot')) return [];
      return [`covered: ${path(e)} by ${path(top)}`];
    });
  }

  // outside finds what has to be seen without scrolling: the keys, the tools and the last button of the phone, and what a band says and offers.
  function outside() {
    const must = '.pane-phone .key, .pane-phone .dial-go > *, .pane-phone .call > .btn-stop, .pane-phone .tool, .incoming-actions > *, .callbar .btn-stop, .nav-item, .notice-text, .notice-actions > *';
    return [...document.querySelectorAll(must)].filter(seen).flatMap(e => {
      const r = e.getBoundingClientRect();
      let top = 0, bottom = innerHeight, start = 0, end = innerWidth;
      for (let p = e.parentElement; p; p = p.parentElement) {
        if (getComputedStyle(p).overflowY === 'visible') continue;
        const b = p.getBoundingClientRect();
        [top, bottom, start, end] = [Math.max(top, b.top), Math.min(bottom, b.bottom), Math.max(start, b.left), Math.min(end, b.right)];
      }
      const out = r.top < top - 1 || r.bottom > bottom + 1 || r.left < start - 1 || r.right > end + 1;
      return out ? [`outside the window: ${path(e)}: ${Math.round(r.top)} to ${Math.round(r.bottom)} of ${Math.round(top)} to ${Math.round(bottom)}`] : [];
    });
  }

  function measure(least, leastKey) {
    return [...wide(), ...cut(), ...untold(), ...small(least, leastKey), ...covered(), ...outside()];
  }

  // view is everything that is wrong in one theme. Without a list of rules axe is not asked; an empty one means all.
  async function view(theme, rules, least, leastKey) {
    await dress(theme);
    return [...rules ? await judge(rules) : [], ...measure(least, leastKey)];
  }

  // refused is what the policies of the page did not allow, from its beginning.
  const refused = [];
  new ReportingObserver(list => refused.push(...list.map(r => `${r.body.effectiveDirective} refused ${r.body.blockedURL}`)),
    { types: ['csp-violation'], buffered: true }).observe();

  window.look = { show, view, refused };
})();
