// Whether a window is on a call is known to all windows of the browser, by a lock that those share who are: an update that is wanted
// in one of them waits for the end.

const callLock = 'webphone call ' + base.href;
let callEnds = null; // ends this window's hold

function onCall(on) {
  if (!navigator.locks || on === (callEnds !== null)) return;
  if (!on) {
    callEnds();
    callEnds = null;
    return;
  }
  const ended = new Promise(resolve => { callEnds = resolve; });
  navigator.locks.request(callLock, { mode: 'shared' }, () => ended).catch(() => {}); // the browser allows no locks
}

// callsOver resolves when no window is on a call, and tells before that it has to wait. A call that begins meanwhile asks for the
// lock behind us, so it is let through and waited for too.
async function callsOver(waits) {
  try {
    while (!await navigator.locks.request(callLock, { ifAvailable: true }, lock => lock !== null)) {
      waits();
      await navigator.locks.request(callLock, () => {});
    }
  } catch {
    // there are no locks
  }
}

// A page that is left may be kept for the way back, and its lock with it.
addEventListener('pagehide', () => onCall(false));
