// Runs in the page before its own scripts, for the measurements of speed_test.go.
(() => {
  const marks = {}, shifts = [];
  new PerformanceObserver(list => {
    for (const e of list.getEntries()) shifts.push({ value: e.value, asked: e.hadRecentInput });
  }).observe({ type: 'layout-shift', buffered: true });

  // painted resolves when what the page shows now is on the screen: after the frame, in the next task.
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  }));

  const usable = () => {
    const dial = document.querySelector('.dial-go [type=submit]');
    return dial && !dial.disabled && document.querySelectorAll('.dialpad:not([hidden]) .key').length === 12;
  };
  (async function watch() {
    while (!usable()) await new Promise(requestAnimationFrame);
    marks.usable = await painted();
  })();

  // after measures from an input of the user to the paint of what read() then shows, in milliseconds. The clock of the
  // event is the browser's: when the key or button went down, not when the page heard of it.
  function after(type, read) {
    const before = read();
    return new Promise(done => {
      addEventListener(type, async event => {
        while (read() === before) await new Promise(requestAnimationFrame);
        done(await painted() - event.timeStamp);
      }, { once: true, capture: true });
    });
  }

  // One after another, messages to itself tell how long the page was deaf: the longest time between two.
  const blocks = {};
  function watchBlocks() {
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    Object.assign(blocks, { begin: last, longest: 0, at: 0, over: false });
    port1.onmessage = () => {
      const now = performance.now();
      if (now - last > blocks.longest) Object.assign(blocks, { longest: now - last, at: last - blocks.begin });
      last = now;
      if (!blocks.over) setTimeout(() => port2.postMessage(0));
    };
    port2.postMessage(0);
    return true;
  }
  const tasks = [];
  new PerformanceObserver(list => { for (const e of list.getEntries()) tasks.push({ at: e.startTime, took: e.duration }); })
    .observe({ type: 'longtask', buffered: true });
  // untilListed resolves with how long it takes, from watchBlocks on, until that many contacts are listed.
  async function untilListed(least, most) {
    const listed = () => Number(document.querySelector('#people li')?.getAttribute('aria-setsize') ?? 0);
    while (listed() < least || listed() > most) await new Promise(requestAnimationFrame);
    return await painted() - blocks.begin;
  }
  async function untilQuiet() {
    for (const quiet = performance.now() + 2000; performance.now() < quiet;) await new Promise(done => setTimeout(done, 50));
    blocks.over = true;
    const long = tasks.filter(t => t.at > blocks.begin).map(t => t.took);
    return { deaf: blocks.longest, at: blocks.at, task: Math.max(0, ...long), long: long.length };
  }

  let waiting;
  Object.defineProperty(globalThis, '__speed', { value: {
    shell: () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    usable: () => marks.usable ?? 0,
    shifts: () => ({ all: shifts.reduce((sum, s) => sum + s.value, 0), unasked: shifts.filter(s => !s.asked).reduce((sum, s) => sum + s.value, 0) }),
    expectNumber: () => { waiting = after('pointerdown', () => document.getElementById('number').value); return true; },
    expectFound: () => { waiting = after('keydown', () => document.querySelector('#people li')?.getAttribute('aria-setsize')); return true; },
    taken: () => waiting,
    watchBlocks, untilListed, untilQuiet,
  } });
})();
