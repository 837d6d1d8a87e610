// Browsers hold back the timers of a hidden tab, by a second at once and by a minute after a while; those of a worker
// they leave alone. So while the tab is hidden a dedicated worker keeps the time for setTimeout, and while it is shown,
// or where the worker does not start, the browser's own timers do. Time-outs change over with the tab.

function replaceTimeouts() {
  const nativeSet = globalThis.setTimeout.bind(globalThis);
  const nativeClear = globalThis.clearTimeout.bind(globalThis);
  const firstId = 2 ** 30; // browsers count from 1: an id tells whose time-out it is
  const longest = 2 ** 31 - 1;
  const pending = new Map();
  let nextId = firstId;
  let worker = null;

  const now = () => performance.now();

  function place(id, timeout) {
    const left = Math.max(0, timeout.due - now());
    if (worker && document.hidden) {
      timeout.handle = 0;
      worker.postMessage([id, left]);
    } else {
      timeout.handle = nativeSet(fire, left, id);
    }
  }

  function lift(id, timeout) {
    if (timeout.handle) nativeClear(timeout.handle);
    else if (worker) worker.postMessage([id]);
  }

  function fire(id) {
    const timeout = pending.get(id);
    if (!timeout) return; // cleared while the worker's message was on its way
    pending.delete(id);
    timeout.callback.apply(globalThis, timeout.args);
  }

  function change() {
    for (const [id, timeout] of pending) {
      lift(id, timeout);
      place(id, timeout);
    }
  }

  function stop(event) {
    event.preventDefault();
    worker = null;
    change();
  }

  globalThis.setTimeout = function (callback, delay, ...args) {
    if (typeof callback !== 'function') throw new TypeError('setTimeout takes a function');
    let left = Number(delay);
    if (!(left > 0) || left > longest) left = 0;
    const id = nextId++;
    const timeout = { callback, args, due: now() + left, handle: 0 };
    pending.set(id, timeout);
    place(id, timeout);
    return id;
  };

  globalThis.clearTimeout = function (id) {
    const timeout = pending.get(id);
    if (!timeout) {
      nativeClear(id);
      return;
    }
    pending.delete(id);
    lift(id, timeout);
  };

  document.addEventListener('visibilitychange', change);

  return function startWorker() {
    if (worker) return;
    try {
      const started = new Worker(address(site.timers));
      started.onerror = stop;
      started.onmessage = event => {
        if (event.data !== 'ready') {
          fire(event.data);
          return;
        }
        worker = started;
        change();
      };
    } catch (err) {
      console.warn('no worker for time-outs, the browser may delay them in a hidden tab:', err);
    }
  };
}
