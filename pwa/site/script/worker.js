// Service worker: keeps all files of one version, or none, and serves them without the network. A new version waits
// until the page asks for it. Caches that are not of this site in this folder are left alone.

const base = new URL('./', self.location).href;
const prefix = 'webphone ' + base + ' ';
const cacheName = prefix + site.version;
const configCache = prefix + 'config';
const configURL = base + 'config.json';
const configTimeout = 3000;
const pagesURL = base + 'pages of versions before';
const hashed = /\.[0-9a-f]{16}\./; // the name changes with the content

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(activate()));
self.addEventListener('fetch', event => respond(event));
self.addEventListener('message', event => {
  if (event.data === 'webphone:skip-waiting') self.skipWaiting();
  if (event.data && event.data.type === 'webphone:retract') event.waitUntil(retract(event.data.tags));
  if (event.data && event.data.type === 'webphone:farewell') event.waitUntil(farewell(event.data));
});
self.addEventListener('notificationclick', event => event.waitUntil(click(event)));
self.addEventListener('push', event => event.waitUntil(push(event)));

// install rejects when one file is missing or is not what the build has hashed: then this worker never starts and
// the version before it stays.
async function install() {
  await caches.delete(cacheName); // what an interrupted attempt has left
  const [files] = await Promise.all([Promise.all(Object.entries(site.files).map(download)), firstConfig()]);
  const cache = await caches.open(cacheName);
  try {
    for (const [url, response] of files) await cache.put(url, response);
  } catch (err) {
    await caches.delete(cacheName);
    throw err;
  }
}

async function download([name, integrity]) {
  const url = fileURL(name);
  const cache = hashed.test(name) ? 'default' : 'no-cache'; // the browser's copy will do
  const response = await fetch(new Request(url, { integrity, cache, credentials: 'same-origin' }));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return [url, plain(response)];
}

// A navigation must not be answered with a response that was redirected, so a host's detour is forgotten here.
function plain(response) {
  if (!response.redirected) return response;
  return new Response(response.body, { status: response.status, headers: response.headers });
}

function fileURL(name) { return base + (name === 'index.html' ? '' : name); }

// activate takes the page that brought the first worker too, so that it keeps its icons when the network goes.
async function activate() {
  await notePages();
  await Promise.all([dropOldVersions(), self.clients.claim()]);
}

// The pages of versions before go on with their own files: {active, pages: {id of the client: name of its cache}}.
let noted = null;

async function notes() {
  if (noted) return noted;
  try {
    const kept = await (await caches.open(configCache)).match(pagesURL);
    noted = kept ? await kept.json() : {};
  } catch {
    noted = {}; // the browser keeps nothing
  }
  return noted;
}

async function note(active, pages) {
  noted = { active, pages };
  await (await caches.open(configCache)).put(pagesURL, new Response(JSON.stringify(noted))).catch(() => {}); // a full disk
}

async function livingPages() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return pages.filter(page => page.url.startsWith(base)).map(page => page.id);
}

// notePages tells which pages there are when this version takes over from another: they are of that one.
async function notePages() {
  const { active, pages = {} } = await notes();
  if (!active || active === cacheName) return note(cacheName, pages);
  const old = (await livingPages()).map(id => [id, pages[id] || active]);
  return note(cacheName, Object.fromEntries(old));
}

// dropOldVersions drops the files of versions that no page is of.
async function dropOldVersions() {
  const { pages = {} } = await notes();
  const needed = [cacheName, configCache, ...Object.values(pages)];
  const names = await caches.keys();
  await Promise.all(names.filter(name => name.startsWith(prefix) && !needed.includes(name)).map(name => caches.delete(name)));
}

// forgetPages drops the files of old pages that are gone. Those of a version that waits for its turn are not ours to drop.
async function forgetPages() {
  const { pages = {} } = await notes();
  if (Object.keys(pages).length === 0) return;
  const living = await livingPages();
  const left = Object.entries(pages).filter(([id]) => living.includes(id));
  const needed = [cacheName, ...left.map(([, name]) => name)];
  await note(cacheName, Object.fromEntries(left));
  await Promise.all(Object.values(pages).filter(name => !needed.includes(name)).map(name => caches.delete(name)));
}

function respond(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(base) || request.headers.has('Range')) return;
  if (request.mode === 'navigate') coming.set(event.resultingClientId, Date.now());
  const name = url.pathname.slice(new URL(base).pathname.length);
  if (name === 'config.json') {
    event.respondWith(freshConfig(event));
    event.waitUntil(forgetPages()); // a page has begun, maybe in the place of an old one
  } else if (name === '' || name === 'index.html') event.respondWith(fromCache(request, fileURL('index.html'), cacheName));
  else if (Object.hasOwn(site.files, name) || hashed.test(name)) event.respondWith(ofItsVersion(event, fileURL(name)));
}

// ofItsVersion answers a page with a file of the version that the page is of.
async function ofItsVersion(event, url) {
  const { pages = {} } = await notes();
  return fromCache(event.request, url, pages[event.clientId] || cacheName);
}

async function fromCache(request, url, name) {
  const cache = await caches.open(name);
  return await cache.match(url, { ignoreVary: true }) || fetch(request);
}

// freshConfig prefers the network, since configuration changes without a new version. Where that fails, takes too long or gives
// what is no configuration, it is the last one seen, without its secrets.
async function freshConfig(event) {
  let response, config;
  try {
    response = await fetch(event.request, { signal: AbortSignal.timeout(configTimeout) });
    config = await said(response.clone());
  } catch (err) {
    return await keptConfig(String(err)) || Response.error();
  }
  if (config) event.waitUntil(keepConfig(config));
  const kept = !config && await keptConfig(response.ok ? 'the host sent something else' : `the host answered ${response.status}`);
  return kept || response;
}

async function keptConfig(why) {
  try {
    const kept = await (await caches.open(configCache)).match(configURL, { ignoreVary: true });
    return kept && new Response(kept.body, { headers: { 'Content-Type': 'application/json', 'Webphone-Kept': why } });
  } catch {
    return undefined; // the browser keeps nothing
  }
}

// said returns what an answer says of the configuration, an empty one where the host has none, or null where it says nothing of it.
async function said(response) {
  const text = await response.text(); // also where it does not matter, so that one that does not end is too late
  if (response.status === 404 || response.status === 410) return {};
  if (!response.ok) return null;
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

// keepConfig leaves out what is secret or protected: what lies in a cache can be read by whoever has the device. Nobody waits for
// it, and a full disk costs only the copy.
async function keepConfig(config) {
  const hidden = [...site.secrets, ...[config.protected || []].flat()].map(name => String(name).split('.').pop());
  const kept = JSON.stringify(config, (name, value) => hidden.includes(name) ? undefined : value);
  try {
    const cache = await caches.open(configCache);
    await cache.put(configURL, new Response(kept, { headers: { 'Content-Type': 'application/json' } }));
  } catch (err) {
    console.warn('config.json could not be kept:', err);
  }
}

// firstConfig keeps what the page that brought this worker has fetched without it.
async function firstConfig() {
  try {
    const response = await fetch(configURL, { cache: 'no-cache', signal: AbortSignal.timeout(configTimeout) });
    const config = await said(response);
    if (config) await keepConfig(config);
  } catch {
    // the next start of the page will do
  }
}

// push shows what a server sends as the notification object of go-app.
async function push(event) {
  let notification = null;
  try {
    notification = event.data.json();
  } catch {
    return; // not for us
  }
  const { title = site.name, path = './', actions = [], data = {}, ...options } = notification;
  const paths = Object.fromEntries(actions.map(each => [each.action, each.path]));
  options.data = { ...data, webphone: { path, paths } };
  options.actions = actions.map(({ action, title, icon }) => ({ action, title, icon }));
  await self.registration.showNotification(title, options);
}

// retract closes the notifications of a page that has gone.
async function retract(tags) {
  const shown = await self.registration.getNotifications();
  for (const each of shown) if (tags.includes(each.tag)) each.close();
}

async function click(event) {
  const { notification, action } = event;
  notification.close();
  const { webphone = {}, ...data } = notification.data || {};
  const path = (webphone.paths || {})[action] || webphone.path || './';
  const detail = { action, path, tag: notification.tag, data };
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(each => each.url.startsWith(base));
  if (!page) {
    const target = new URL(path, base);
    if (target.href.startsWith(base)) await self.clients.openWindow(target.href);
    return;
  }
  page.postMessage({ type: 'webphone:notification', detail });
  await page.focus().catch(() => {}); // the browser may refuse; the message has arrived
}

// A page that is left with calls hands over what ends them, and takes them up when it is loaded anew, or another page does. Where
// nobody has within the time, they are ended here: the other side must not listen to silence. A page that has begun to load may take
// longer where the machine has much to do. Nothing of it is written down.
async function farewell({ token, wait, words }) {
  const until = Date.now() + slowestPage;
  const others = await livingPages();
  const settled = others.filter(id => !(Date.now() - coming.get(id) < slowestPage)); // the next page begins before this one ends
  coming.clear();
  await pause(wait);
  while (token && Date.now() < until && (await livingPages()).some(id => !settled.includes(id))) await pause(1000);
  if (token && !await decided(token)) return;
  const alone = (await livingPages()).length === 0; // a page that lives may have registered anew in the place of the old binding
  await Promise.all(words.map(({ server, calls, binding }) => insist(server, alone ? [...calls, ...binding] : calls)));
}

// insist tries twice: the network may have changed with what closed the page.
async function insist(server, messages) {
  for (const again of [true, false]) {
    try {
      return await say(server, messages);
    } catch (err) {
      console.warn('farewell:', err);
      if (again) await pause(3000);
    }
  }
}

const slowestPage = 30000;
const coming = new Map(); // pages that have begun to load, and when

function pause(time) { return new Promise(resolve => setTimeout(resolve, time)); }

// decided reads in one transaction whether a page has taken the calls up, writes that none may from now on, and erases what was
// kept for one. A database that is not to be had keeps nothing that could be taken up.
async function decided(token) {
  try {
    const database = await openDatabase();
    try {
      return await decide(database.transaction('vault', 'readwrite'), token);
    } finally {
      database.close();
    }
  } catch {
    return true;
  }
}

function decide(transaction, token) {
  return new Promise((resolve, reject) => {
    const vault = transaction.objectStore('vault');
    const kept = vault.get('calls.token'), asked = vault.get('calls.taken');
    let taken = true;
    asked.onsuccess = () => {
      taken = String(asked.result).split(' ').includes(token);
      if (taken) return;
      vault.put(token, 'calls.said');
      if (kept.result === token) ['calls.key', 'calls.nonce', 'calls', 'calls.token'].forEach(name => vault.delete(name));
    };
    transaction.oncomplete = () => resolve(!taken);
    transaction.onabort = () => reject(transaction.error);
  });
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('webphone');
    opening.onupgradeneeded = () => opening.transaction.abort(); // no page has made one
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

const sayTimeout = 10000;

// say sends messages to a SIP server (RFC 7118) and waits for the final answer to each.
function say(server, messages) {
  if (messages.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server, 'sip');
    let open = messages.length;
    const limit = setTimeout(() => socket.close(), sayTimeout);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => messages.forEach(bytes => socket.send(frame(bytes)));
    socket.onmessage = ({ data }) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      if (/^SIP\/2\.0 [2-6]/.test(text) && --open === 0) socket.close(1000);
    };
    socket.onerror = () => reject(new Error(`${server} cannot be reached`));
    socket.onclose = () => { clearTimeout(limit); resolve(); };
  });
}

// frame is a text where it is one: what the other side has written into a tag may be none.
function frame(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
