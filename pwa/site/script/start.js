// Fetches and runs the program, and says so when that does not work.

function setLanguage() {
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';
}

// The theme chosen in the phone shows from the first picture on, not when the program has started.
function setTheme() {
  const theme = chosen('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}

function missing() {
  if (!isSecureContext) return 'insecure';
  if (typeof WebAssembly !== 'object' || typeof WebAssembly.instantiate !== 'function') return 'wasm';
  if (typeof RTCPeerConnection !== 'function' || !navigator.mediaDevices) return 'webrtc';
  return '';
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function logo() { return element('span', 'logo'); }

function card(...children) {
  const title = element('h1', 'login-title', site.name);
  const shell = element('div', 'login', element('main', 'login-card shell-card', element('div', 'login-head', logo(), title), ...children));
  shell.id = 'shell';
  document.body.firstElementChild.replaceWith(shell);
}

function showLoading() {
  const progress = element('progress', 'shell-progress');
  progress.id = 'shell-progress';
  progress.setAttribute('aria-labelledby', 'shell-status');
  const status = element('p', 'shell-status', say('loading'));
  status.id = 'shell-status';
  status.setAttribute('role', 'status');
  card(progress, status);
}

// greet puts the shell that came with the page into the user's language, and tells who comes first why it takes longer now.
function greet() {
  const status = document.getElementById('shell-status');
  status.textContent = say('loading');
  const worker = navigator.serviceWorker;
  if (worker && !worker.controller) status.after(element('p', 'shell-note', say('firstTime')));
}

function showProblem(key, label, act) {
  setLanguage();
  const text = element('div', 'login-error', element('p', '', say(key)));
  text.setAttribute('role', 'alert');
  card(text, button('btn btn-primary btn-lg btn-wide', label, act));
}

function button(className, label, act) {
  const made = element('button', className, say(label));
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function showProgress(loaded) {
  const progress = document.getElementById('shell-progress');
  if (!progress) return;
  progress.max = site.size;
  progress.value = Math.min(loaded, site.size);
}

// countBytes reads a second copy of the body, so that the browser compiles, and caches what it compiled from, the
// original response.
async function countBytes(copy) {
  let loaded = 0;
  const reader = copy.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    loaded += value.byteLength;
    showProgress(loaded);
  }
}

async function instantiate(imports) {
  const response = await fetch(address(site.wasm));
  if (!response.ok) throw new DownloadError(`${site.wasm}: ${response.status}`);
  const fromCache = navigator.serviceWorker && navigator.serviceWorker.controller;
  if (!fromCache && response.body) countBytes(response.clone()).catch(() => {}); // the original reports what is wrong
  const typed = /^application\/wasm\b/i.test(response.headers.get('Content-Type') || '');
  if (typed && WebAssembly.instantiateStreaming) return WebAssembly.instantiateStreaming(response, imports);
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}

class DownloadError extends Error {}

function reason(err) {
  return err instanceof WebAssembly.CompileError || err instanceof WebAssembly.LinkError ? 'broken' : 'download';
}

async function start(asked = fetchConfig()) {
  asked.catch(() => {}); // told when it is wanted
  const lacking = missing();
  if (lacking) {
    showProblem(lacking, 'retry', () => location.reload());
    return;
  }
  const go = new Go();
  let instance;
  try {
    ({ instance } = await instantiate(go.importObject));
  } catch (err) {
    console.error('the phone could not be loaded:', err);
    showProblem(reason(err), 'retry', () => { showLoading(); start(); });
    return;
  }
  await awaitConfig(asked);
  startTimeoutWorker();
  registerWorker();
  await run(go, instance);
}

async function run(go, instance) {
  const status = document.getElementById('shell-status');
  if (status) status.textContent = say('starting');
  performance.mark('webphone:run');
  try {
    await go.run(instance);
  } catch (err) {
    console.error('the phone has stopped:', err);
  }
  showProblem('stopped', 'reload', () => location.reload());
}

// A host that names the page in the address bar: the program knows it as the folder. An address that a link of another
// program has opened comes with the scheme that links to web applications bear. A "%" that begins no escape would end the
// program: go-app takes for granted that Go can read every address.
function tidyAddress() {
  const path = escaped(location.pathname === base.pathname + 'index.html' ? base.pathname : location.pathname);
  const hash = escaped(plainScheme(location.hash));
  if (path !== location.pathname || hash !== location.hash) history.replaceState(null, '', path + location.search + hash);
}

function escaped(part) { return part.replace(/%(?![0-9a-f]{2})/gi, '%25'); }

function plainScheme(hash) { return hash.replace(/^#number=web(\+|%2B)sip(:|%3A)/i, '#number=sip%3A'); }

// A link or shortcut that is opened while the phone runs comes here, so that no call ends for it.
function followLaunches() {
  if (!globalThis.launchQueue) return;
  launchQueue.setConsumer(params => {
    const target = params.targetURL && new URL(params.targetURL);
    if (target && target.href.startsWith(base.href) && target.hash) location.hash = plainScheme(target.hash);
  });
}

replaceForbiddenStorage();
setTheme();
setLanguage();
greet();
tidyAddress();
addEventListener('popstate', tidyAddress); // before go-app listens, so that it sees the tidy address
followLaunches();
allowWorkers();
defineGoApp();
const startTimeoutWorker = replaceTimeouts();
handOver().then(taken => taken ? showHandedOver() : start());
