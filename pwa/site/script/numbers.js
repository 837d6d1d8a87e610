// A link with a number goes to the phone that runs in another window of this browser, if there is one: a second phone of its
// account would take its calls. There the number is put into the field, and called by nobody.

const numbers = 'webphone numbers ' + base.href;
const numbersPatience = 1000;

// handOver resolves to whether another window has taken the number of the address. A link that says more is about another phone.
async function handOver() {
  const linked = /^#number=[^&]+$/.test(location.hash) && self === top;
  if (!linked || !globalThis.BroadcastChannel || !await phoneRuns()) return false;
  const channel = new BroadcastChannel(numbers);
  const id = crypto.getRandomValues(new Uint32Array(4)).join();
  return new Promise(resolve => {
    const end = taken => { clearTimeout(timer); channel.close(); resolve(taken); };
    const timer = setTimeout(end, numbersPatience, false);
    channel.addEventListener('message', event => { if (event.data.taken === id) end(true); });
    channel.postMessage({ link: location.hash.slice(1), id });
  });
}

// phoneRuns tells whether a window has the lock of a phone.
async function phoneRuns() {
  try {
    return (await navigator.locks.query()).held.some(lock => lock.name.startsWith('webphone '));
  } catch {
    return false; // without locks each window is a phone
  }
}

function showHandedOver() {
  setLanguage();
  const text = element('p', 'shell-status', say('handedOver'));
  text.setAttribute('role', 'status');
  const shut = button('btn btn-primary btn-lg btn-wide', 'close', () => close());
  const here = button('btn btn-line btn-lg btn-wide', 'openHere', () => {
    history.replaceState(null, '', location.pathname + location.search);
    showLoading();
    start();
  });
  card(text, shut, here);
}
