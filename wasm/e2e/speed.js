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

  let waiting;
  Object.defineProperty(globalThis, '__speed', { value: {
    shell: () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    usable: () => marks.usable ?? 0,
    shifts: () => ({ all: shifts.reduce((sum, s) => sum + s.value, 0), unasked: shifts.filter(s => !s.asked).reduce((sum, s) => sum + s.value, 0) }),
    expectNumber: () => { waiting = after('pointerdown', () => document.getElementById('number').value); return true; },
    expectFound: () => { waiting = after('keydown', () => document.querySelector('#people li')?.getAttribute('aria-setsize')); return true; },
    taken: () => waiting,
  } });
})();
