// The functions that the WebAssembly side of go-app calls, and those named webphone..., which go-app does not have.

let registration = null; // of the service worker, once there is one
let installPrompt = null;
let updateApplied = false;

const environment = {
  GOAPP_ROOT_PREFIX: base.pathname.replace(/\/$/, ''),
  GOAPP_STATIC_RESOURCES_URL: base.pathname.replace(/\/$/, ''),
  WEBPHONE_VERSION: site.version,
};

function defineGoApp() {
  Object.assign(globalThis, {
    goappGetenv: name => environment[name] || '',
    goappNav() {},
    goappUpdatedBeforeWasmLoaded: false,
    goappOnUpdate() { globalThis.goappUpdatedBeforeWasmLoaded = true; },
    goappTryUpdate() { if (registration) registration.update().catch(() => {}); }, // offline: the next check finds it
    goappAppInstallChangedBeforeWasmLoaded: false,
    goappOnAppInstallChange() { globalThis.goappAppInstallChangedBeforeWasmLoaded = true; },
    goappIsAppInstallable: () => !installed() && (installPrompt !== null || appleBrowser()),
    goappIsAppleBrowser: appleBrowser,
    goappShowInstallPrompt: showInstallPrompt,
    goappKeepBodyClean: keepBodyClean,
    goappNewNotification: json => inTurn(() => showNotification(JSON.parse(json))),
    webphoneRetractNotification: tag => inTurn(() => retractNotification(tag)),
    goappSubscribePushNotifications: subscribePush,
    webphoneApplyUpdate: applyUpdate,
    webphoneFarewell: farewell,
    webphoneOnCall: onCall,
    webphoneCallsOver: callsOver,
    webphoneConfig: () => configText,
    webphoneAddress: address,
  });
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault();
    installPrompt = event;
    goappOnAppInstallChange();
  });
  addEventListener('appinstalled', () => {
    installPrompt = null;
    goappOnAppInstallChange();
  });
}

// Reading localStorage throws where the user allows no storage, and go-app reads it at the start, which would end the
// program. Then there is a storage that lasts as long as the page.
function replaceForbiddenStorage() {
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      globalThis[name].getItem('');
    } catch {
      Object.defineProperty(globalThis, name, { value: passingStorage() });
    }
  }
}

function passingStorage() {
  const kept = new Map();
  return {
    get length() { return kept.size; },
    key: index => [...kept.keys()][index] ?? null,
    getItem: key => kept.get(key) ?? null,
    setItem(key, value) { kept.set(key, String(value)); },
    removeItem(key) { kept.delete(key); },
    clear() { kept.clear(); },
  };
}

function installed() {
  return navigator.standalone === true || matchMedia('(display-mode: standalone)').matches;
}

// Safari has no prompt to show: there the user installs from the share menu, and the page can only say so.
function appleBrowser() {
  const agent = navigator.userAgent;
  if (/iP(hone|ad|od)/.test(agent)) return true;
  if (!/Macintosh/.test(agent)) return false;
  return navigator.maxTouchPoints > 1 || (/Safari/.test(agent) && !/Chrom|Edg|OPR/.test(agent));
}

async function showInstallPrompt() {
  if (!installPrompt) return;
  const prompt = installPrompt;
  installPrompt = null; // a prompt can be shown once
  prompt.prompt();
  await prompt.userChoice;
  goappOnAppInstallChange();
}

// keepBodyClean removes what extensions append to the body, until the returned function is called.
function keepBodyClean() {
  const count = document.body.children.length;
  const observer = new MutationObserver(() => {
    while (document.body.children.length > count) document.body.lastElementChild.remove();
  });
  observer.observe(document.body, { childList: true });
  return () => observer.disconnect();
}

let notices = Promise.resolve();
const pageNotices = new Map(); // shown without the worker, by tag
const shownTags = new Set(); // shown by the worker

// What a page that goes has told of goes with it. The worker outlives the page, so it takes the word and does it.
addEventListener('pagehide', () => {
  for (const shown of pageNotices.values()) shown.close();
  if (shownTags.size > 0) registration.active.postMessage({ type: 'webphone:retract', tags: [...shownTags] });
});

// farewell tells the worker what to say in the place of this page when nobody takes its calls up. It is false where there is none.
function farewell(token, wait, words) {
  if (!registration || !registration.active) return false;
  registration.active.postMessage({ type: 'webphone:farewell', token, wait, words });
  return true;
}

// inTurn keeps notifications apart: Chromium loses one that is being shown while the list of them is read.
function inTurn(step) {
  notices = notices.then(step).catch(err => console.warn('notification:', err));
  return notices;
}

async function showNotification(notification) {
  const { title, path, actions = [], data = {}, ...options } = notification;
  const paths = Object.fromEntries(actions.map(each => [each.action, each.path]));
  options.data = { ...data, webphone: { path: path || './', paths } };
  if (registration && registration.active) {
    options.actions = actions.map(({ action, title, icon }) => ({ action, title, icon }));
    shownTags.add(options.tag);
    await registration.showNotification(title, options);
    return;
  }
  const shown = new Notification(title, options);
  pageNotices.set(shown.tag, shown);
  shown.onclose = () => pageNotices.delete(shown.tag);
  shown.onclick = () => {
    focus();
    shown.close();
    clicked({ action: '', path: path || './', tag: shown.tag, data });
  };
}

async function retractNotification(tag) {
  shownTags.delete(tag);
  pageNotices.get(tag)?.close();
  if (!registration) return;
  for (const shown of await registration.getNotifications({ tag })) shown.close();
}

// clicked tells the program about a click: by an event for whoever wants the action, by navigation otherwise.
function clicked(detail) {
  const unhandled = dispatchEvent(new CustomEvent('webphone:notification', { detail, cancelable: true }));
  if (unhandled && detail.path) goappNav(new URL(detail.path, base).href);
}

async function subscribePush(applicationServerKey) {
  try {
    return JSON.stringify(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  } catch (err) {
    console.warn('no push messages:', err);
    return '';
  }
}

// applyUpdate changes over to the version that waits and reloads the page. Only the user's word leads here: a call
// must not end because a new version came out.
function applyUpdate() {
  updateApplied = true;
  if (registration && registration.waiting) registration.waiting.postMessage('webphone:skip-waiting');
  else location.reload();
}

const updateInterval = 3600 * 1000;

async function registerWorker() {
  const container = navigator.serviceWorker;
  if (!container) return;
  container.addEventListener('message', event => {
    if (event.data && event.data.type === 'webphone:notification') clicked(event.data.detail);
  });
  let controlled = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (updateApplied) location.reload();
    else if (controlled) goappOnUpdate(); // another tab has changed over
    controlled = true;
  });
  try {
    registration = await container.register(address(site.worker), { scope: base.pathname, updateViaCache: 'none' });
  } catch (err) {
    console.warn('no service worker, the phone cannot start offline:', err);
    return;
  }
  announceUpdate(registration);
  setInterval(goappTryUpdate, updateInterval);
}

function announceUpdate(registration) {
  const announce = () => { if (registration.waiting && registration.active) goappOnUpdate(); };
  announce();
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker.addEventListener('statechange', () => { if (worker.state === 'installed') announce(); });
  });
}
