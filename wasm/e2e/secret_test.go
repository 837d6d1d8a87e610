//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// kept reads everything that a page leaves behind or shows: storage of every kind, caches, cookies, addresses, the
// document with its fields, and the names and texts of its own globals.
const kept = `(async () => {
	const out = [], text = v => {
		if (typeof v === 'string') return v;
		if (v instanceof ArrayBuffer || ArrayBuffer.isView(v)) return new TextDecoder('latin1').decode(v);
		if (v instanceof CryptoKey) return 'CryptoKey extractable=' + v.extractable;
		return JSON.stringify(v) ?? String(v);
	};
	for (const [name, store] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]])
		for (const key of Object.keys(store)) out.push(name + ' ' + key + '=' + store.getItem(key));
	for (const { name } of await indexedDB.databases()) {
		const db = await new Promise((resolve, reject) => { const r = indexedDB.open(name); r.onsuccess = () => resolve(r.result); r.onerror = () => reject(r.error); });
		for (const store of db.objectStoreNames) {
			const all = method => new Promise((resolve, reject) => { const r = db.transaction(store).objectStore(store)[method](); r.onsuccess = () => resolve(r.result); r.onerror = () => reject(r.error); });
			const keys = await all('getAllKeys'), values = await all('getAll');
			keys.forEach((key, i) => out.push('indexedDB ' + name + '/' + store + '/' + text(key) + '=' + text(values[i])));
		}
		db.close();
	}
	for (const name of await caches.keys()) {
		const cache = await caches.open(name);
		for (const request of await cache.keys()) {
			const response = await cache.match(request), type = response.headers.get('content-type') || '';
			out.push('cache ' + name + ' ' + request.url + ' ' + [...request.headers, ...response.headers].join(' '));
			if (!/wasm|image/.test(type)) out.push('cache ' + request.url + '=' + await response.text());
		}
	}
	out.push('cookie ' + document.cookie, 'address ' + location.href, 'referrer ' + document.referrer, 'state ' + JSON.stringify(history.state), 'name ' + name);
	for (const entry of performance.getEntries()) out.push('requested ' + entry.name);
	out.push('document ' + document.documentElement.outerHTML);
	for (const field of document.querySelectorAll('input, textarea, select')) out.push('field ' + field.id + '=' + field.value);
	for (const key of Object.getOwnPropertyNames(globalThis))
		try { if (typeof globalThis[key] === 'string') out.push('global ' + key + '=' + globalThis[key]); } catch { /* a getter that throws holds nothing */ }
	return out;
})()`

// wantNothingKept fails for every secret that is found anywhere, and unless each kind of place was looked at.
func (p Phone) wantNothingKept(why, password string, places ...string) {
	p.t.Helper()
	found, err := eval[[]string](p.Page, kept)
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, why, err)
	}
	for _, place := range places {
		if !strings.Contains(strings.Join(found, "\n"), place) {
			p.t.Errorf("%s: %s: nothing was found in %q: the scan is blind there", p.name, why, place)
		}
	}
	lines, _ := p.Console(0)
	p.wantNoSecrets(password, append(found, lines...))
}

func TestSessionLeavesNoSecret(t *testing.T) {
	t.Parallel()
	d := startConfigured(t, map[string]any{"phonebook": "/book.json"},
		map[string]http.Handler{"/book.json": http.HandlerFunc(hostileBook)})
	a := d.account(1)
	p := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	p.Click("Stay logged in on this device")
	p.Click("Show password")
	p.Login(a)
	p.WaitRegistered()
	p.Dial("*#0*#")
	p.WaitText(`(?i)debug`)
	p.Dial("600")
	p.WaitOnCall()
	p.wantNothingKept("during a call", a.password, "localStorage webphone.", "requested http", "document <html")
	p.Click("Hang up")
	p.WaitIdle()
	d.sip.DropConnections("")
	p.until("register again", func() error { return d.moreRequests("REGISTER", 2) })
	p.WaitRegistered()
	p.until("keep the password locked", func() error { return p.vaultHolds(3, a.password) })
	p.until("keep the call and the site", func() error {
		found, err := eval[[]string](p.Page, kept)
		if all := strings.Join(found, "\n"); err == nil &&
			(!strings.Contains(all, "indexedDB webphone/documents/history:") || !strings.Contains(all, "cache ")) {
			err = fmt.Errorf("there are %d places, none of them the history or the cache", len(found))
		}
		return err
	})
	p.wantNothingKept("after a call", a.password, "indexedDB webphone/vault/key=CryptoKey extractable=false",
		"indexedDB webphone/documents/history:", "cache ")
	p.Click("Account and more")
	p.Click("Log out")
	p.WaitButton("Login")
	p.until("empty the vault", func() error { return p.vaultHolds(0, a.password) })
	p.wantNothingKept("after logging out", a.password, "field pass=")
}

// TestOperatorsPasswordLeavesNoTrace provisions a phone with a password, as a page of ours gets it from nobody else.
func TestOperatorsPasswordLeavesNoTrace(t *testing.T) {
	t.Parallel()
	o := &provisioner{}
	d := startConfigured(t, map[string]any{"provisioning": "/provision"}, map[string]http.Handler{"/provision": o})
	a := d.account(1)
	o.set(http.StatusOK, map[string]any{"sipUser": map[string]any{"username": a.user, "password": a.password},
		"iceServers": []any{
			map[string]any{"urls": "turn:127.0.0.1:9", "username": "turn", "credential": "turn-" + a.password}}})
	p := Phone{open(t, "phone", d.URL, pageOptions{window: desktopWindow})}
	p.WaitRegistered()
	p.Click("Settings")
	p.Click("Account 1001, 127.0.0.1")
	p.wantNothingKept("with the account of the operator", a.password, "localStorage webphone.")
	p.Click("Account and more")
	p.Click("Log out")
	p.WaitButton("Login")
	p.wantNothingKept("after logging out", a.password, "field pass=")
}

// TestConfiguredPasswordIsNotCached has config.json bring the account. The service worker keeps that file for the time
// without network, without what is secret, until everything is erased.
func TestConfiguredPasswordIsNotCached(t *testing.T) {
	t.Parallel()
	host := &provisioner{}
	d := startConfigured(t, nil, map[string]http.Handler{"/config.json": host})
	a := d.account(1)
	host.set(http.StatusOK, map[string]any{"wsServer": "ws" + strings.TrimPrefix(d.URL, "http") + "ws", "username": a.user,
		"realm": "kept.example", "cli": "+4930777",
		"protected": []string{"cli"}, "sipUser": map[string]any{"password": a.password}, "iceServers": []any{
			map[string]any{"urls": "turn:127.0.0.1:9", "username": "turn", "credential": "turn-" + a.password}}})
	p := Phone{open(t, "phone", d.URL, pageOptions{window: desktopWindow})}
	p.WaitRegistered()
	cached := func(want bool) func() error {
		return func() error {
			found, err := eval[[]string](p.Page, kept)
			if err == nil && strings.Contains(strings.Join(found, "\n"), "config.json={") != want {
				err = fmt.Errorf("the configuration is cached: %v", !want)
			}
			return err
		}
	}
	waitEval(p.Page, "have its service worker", `navigator.serviceWorker.ready.then(() => true)`, true)
	p.reload()
	p.WaitRegistered()
	p.until("cache the configuration", cached(true))
	p.wantNothingKept("with the account of the host", a.password, `"realm":"kept.example"`)
	if found, err := eval[[]string](p.Page, kept); err != nil || strings.Contains(strings.Join(found, "\n"), `+4930777`) {
		t.Errorf("a protected value is cached, or %v", err)
	}
	p.Click("Account and more")
	p.Click("Log out")
	p.WaitButton("Login")
	p.wantNothingKept("after logging out", a.password, `"realm":"kept.example"`)
	p.reload()
	p.WaitRegistered()
	p.Click("Settings")
	p.Click("Your data Export everything")
	p.Click("Erase everything")
	p.Click("Erase now")
	p.WaitButton("Login")
	p.until("forget the configuration", cached(false))
}

func TestHostileConfigurationIsShownAsText(t *testing.T) {
	t.Parallel()
	hostile := map[string]any{
		"brandName": hostileTexts["HTML"], "displayName": hostileTexts["direction"], "css": "javascript:pwned=1",
		"wsServer": hostileTexts["HTML"],
		"menu": []any{map[string]any{"id": "x", "title": hostileTexts["long"], "url": "javascript:pwned=1",
			"icon": "data:text/html,<script>pwned=1</script>"}},
		"cli": "1\r\nX-Injected: 1", "realm": "x\x00y", "phonebook": "data:text/html,x", "language": "<b>", "theme": "\u202e",
		"flags":        []any{"<b>"},
		"provisioning": "/provision", "iceServers": []any{map[string]any{"urls": "javascript:1", "credential": "hunter"}},
		"__proto__": map[string]any{"pwned": 1},
		"username":  "a\r\nb", "password": "in\x00visible",
	}
	host := &provisioner{value: hostile}
	object := &provisioner{value: hostile}
	// as a careless host would serve it
	d := startConfigured(t, nil, map[string]http.Handler{"/config.json": host, "/provision": object})
	p := Phone{open(t, "phone", d.URL, pageOptions{})}
	p.WaitButton("Login")
	p.WaitText(`Log in to Webphone`)
	p.audit("the login")
	lines, _ := p.Console(0)
	said := strings.Join(lines, "\n")
	for _, key := range []string{"brandName", "displayName", "css", "wsServer", "menu", "cli", "realm", "phonebook", "language",
		"theme", "flags", "iceServers", "username", "password"} {
		if !strings.Contains(said, "configuration: config: "+key) {
			t.Errorf("nothing is said about %s: %s", key, said)
		}
	}
	if strings.Contains(said, "hunter") || strings.Contains(said, "visible") || strings.Contains(said, "\u202e") {
		t.Errorf("the console shows a secret, or text that turns lines round: %s", said)
	}
	p.Login(account{user: "1001", password: d.account(1).password, server: "ws" + strings.TrimPrefix(d.URL, "http") + "ws"})
	p.WaitRegistered()
	p.audit("the phone")
	if object.count() == 0 {
		t.Error("the provisioning object was not asked for")
	}
}
