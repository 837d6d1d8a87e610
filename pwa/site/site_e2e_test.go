//go:build e2e

package site_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

func TestPageStarts(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t)
	b.open(h.url())
	b.started()
	b.installed()
	paint := eval[float64](b, `performance.getEntriesByName('first-contentful-paint')[0].startTime`)
	ran := eval[float64](b, `performance.getEntriesByName('webphone:run')[0].startTime`)
	if paint >= ran {
		t.Errorf("first paint after %.0f ms, want it before the program runs (%.0f ms)", paint, ran)
	}
	t.Logf("cold start: first paint %.0f ms, program runs %.0f ms", paint, ran)
	if left := eval[int](b, `document.querySelectorAll('#shell').length`); left != 0 {
		t.Error("the skeleton is still there: the program has to take its place")
	}
	if got, want := eval[string](b, `goappGetenv('GOAPP_ROOT_PREFIX')`), ""; got != want {
		t.Errorf("prefix %q, want %q", got, want)
	}
	b.wantClean()
}

func TestPageStartsInAFolder(t *testing.T) {
	h := newHost(t, siteA, "/office/phone/")
	b := newTab(t)
	b.open(h.url() + "office/phone/#history")
	b.started()
	if got, want := eval[string](b, `goappGetenv('GOAPP_ROOT_PREFIX')`), "/office/phone"; got != want {
		t.Errorf("prefix %q, want %q", got, want)
	}
	scope := eval[string](b, `navigator.serviceWorker.ready.then(r => new URL(r.scope).pathname)`)
	if scope != "/office/phone/" {
		t.Errorf("scope %q, want the folder of the site", scope)
	}
	b.wantClean()
}

func TestAddressIsTidied(t *testing.T) {
	h := newHost(t, siteA, "/")
	tests := []struct{ open, want string }{
		{"index.html?from=mail#history", "/?from=mail#history"},
		{"#number=web%2Bsip%3A1002%40example.com", "/#number=sip%3A1002%40example.com"},
		{"#number=tel%3A%2B44", "/#number=tel%3A%2B44"},
		{"#number=%zz%", "/#number=%25zz%25"},
	}
	for _, test := range tests {
		b := newTab(t)
		b.open(h.url() + test.open)
		b.started()
		if got := eval[string](b, `location.pathname + location.search + location.hash`); got != test.want {
			t.Errorf("%s: address %q, want %q", test.open, got, test.want)
		}
		b.exec(`location.hash = '#%q'`)
		b.until("a link inside the page is tidied too", `location.hash === '#%25q'`)
		if got := b.console(); len(got) != 0 {
			t.Errorf("%s: on the console: %q", test.open, got)
		}
	}
}

func TestSkeletonShowsWhileTheProgramLoads(t *testing.T) {
	h := newHost(t, siteA, "/")
	release := make(chan struct{})
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			<-release
		}
		return false
	})
	b := newTab(t)
	b.open(h.url())
	b.do(chromedp.WaitVisible("#shell-progress"))
	b.until("the page is painted without the program", `performance.getEntriesByName('first-contentful-paint').length === 1`)
	if got := eval[string](b, `document.getElementById('shell-status').textContent`); got != "Loading…" {
		t.Errorf("status %q, want to be told that it loads", got)
	}
	if got := eval[string](b, `document.querySelector('.shell-note').textContent`); !strings.Contains(got, "first time") {
		t.Errorf("note %q, want to be told that only the first time takes so long", got)
	}
	close(release)
	b.started()
	b.wantClean()
}

func TestChosenThemeAndLanguageShowAtOnce(t *testing.T) {
	h := newHost(t, siteA, "/")
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			<-t.Context().Done()
		}
		return false
	})
	b := newTab(t, `localStorage.setItem('webphone.theme', 'dark'); localStorage.setItem('webphone.language', 'ar');`)
	b.open(h.url())
	b.do(chromedp.WaitVisible("#shell-progress"))
	got := eval[string](b, `[document.documentElement.dataset.theme, document.documentElement.dir, `+
		`document.getElementById('shell-status').textContent].join(' ')`)
	if want := "dark rtl جارٍ التحميل…"; got != want {
		t.Errorf("the skeleton shows %q, want %q", got, want)
	}
}

func TestStartsOffline(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t)
	b.open(h.url())
	b.started()
	b.installed()
	b.reload()
	b.started()
	b.exec(`await fetch('config.json')`)
	h.stop()
	b.reload()
	b.started()
	if got := eval[string](b, `fetch('config.json').then(r => r.text())`); got != "{}" {
		t.Errorf("configuration offline %q, want the last one seen", got)
	}
	if got := eval[int](b, `fetch('icons.svg').then(r => r.status)`); got != 200 {
		t.Errorf("icons.svg: status %d without the server, want all files kept", got)
	}
}

func TestUpdateWaitsForTheUser(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t)
	b.open(h.url())
	b.started()
	b.installed()
	b.reload()
	b.started()
	b.exec(`
		await (await caches.open('of another site')).put('/theirs', new Response('kept'));
		globalThis.updates = 0;
		const told = goappOnUpdate;
		globalThis.goappOnUpdate = () => { updates++; told(); }`)
	h.serve(siteB, "/")
	b.exec(`goappTryUpdate()`)
	b.until("the page is told", `updates === 1`)
	if got := eval[string](b, `document.title`); got != "Phone A" {
		t.Fatalf("page %q: it changed by itself", got)
	}
	b.reload()
	b.started()
	if got := eval[string](b, `document.title`); got != "Phone A" {
		t.Fatalf("page %q after a reload, want the old version until the user wants the new one", got)
	}
	b.exec(`webphoneApplyUpdate()`)
	b.until("the new version takes over", `document.title === 'Phone B'`)
	b.started()
	b.until("the old version is gone with its last page", `caches.keys().then(names => names.length <= 3)`)
	names := eval[[]string](b, `caches.keys()`)
	if len(names) != 3 || !strings.Contains(strings.Join(names, "\n"), "of another site") {
		t.Errorf("caches %q, want the configuration's, the new version's and the foreign one", names)
	}
	b.wantClean()
}

func TestIncompleteUpdateIsRefused(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t)
	b.open(h.url())
	b.started()
	b.installed()
	h.serve(siteB, "/")
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/icons.svg") {
			return false
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Write([]byte("<svg/>")) // there, but not what was built
		return true
	})
	outcome := eval[string](b, `(async () => {
		const registration = await navigator.serviceWorker.getRegistration();
		const found = new Promise(resolve => registration.addEventListener('updatefound', () => {
			const worker = registration.installing;
			worker.addEventListener('statechange', () => resolve(worker.state));
		}));
		registration.update();
		return await found;
	})()`)
	if outcome != "redundant" {
		t.Fatalf("the worker is %s, want it refused: one file is damaged", outcome)
	}
	h.stop()
	b.reload()
	b.started()
	if got := eval[string](b, `document.title`); got != "Phone A" {
		t.Errorf("page %q, want the old version whole", got)
	}
}

func TestDownloadCanBeTriedAgain(t *testing.T) {
	h := newHost(t, siteA, "/")
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, ".wasm") || h.asked(".wasm") > 1 {
			return false
		}
		http.Error(w, "broken", http.StatusBadGateway)
		return true
	})
	b := newTab(t)
	b.open(h.url())
	b.do(chromedp.WaitVisible(".login-error"))
	if got := eval[string](b, `document.querySelector('[role=alert]').textContent`); !strings.Contains(got,
		"could not be loaded") {
		t.Errorf("message %q, want the cause", got)
	}
	b.do(chromedp.Click("button"))
	b.started()
	b.wantProblem("the console gets the detail", "502")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	h := newHost(t, siteA, "/")
	insecure := strings.Replace(h.url(), "127.0.0.1", insecureHost, 1)
	tests := []struct {
		name, url, language, script, want, dir string
	}{
		{"no https", insecure, "en-GB", "", "https://", "ltr"},
		{"no WebAssembly, German", h.url(), "de-CH", "delete globalThis.WebAssembly", "WebAssembly fehlt", "ltr"},
		{"no WebRTC, Spanish", h.url(), "es", "delete globalThis.RTCPeerConnection", "no puede hacer llamadas", "ltr"},
		{"no WebRTC, Arabic", h.url(), "ar-EG,en", "delete globalThis.RTCPeerConnection", "المكالمات", "rtl"},
		{"a language without messages", h.url(), "fi", "delete globalThis.RTCPeerConnection", "cannot make calls", "ltr"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newTab(t, test.script)
			agent := eval[string](b, `navigator.userAgent`)
			call(b, emulation.SetUserAgentOverride,
				emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: test.language})
			b.open(test.url)
			b.do(chromedp.WaitVisible("[role=alert]"))
			if got := eval[string](b, `document.querySelector('[role=alert]').textContent`); !strings.Contains(got, test.want) {
				t.Errorf("message %q, want %q in it", got, test.want)
			}
			if got := eval[string](b, `document.documentElement.dir`); got != test.dir {
				t.Errorf("direction %q, want %q", got, test.dir)
			}
		})
	}
}

func TestStoppedProgramSaysSo(t *testing.T) {
	h := newHost(t, stopping, "/")
	b := newTab(t)
	b.open(h.url())
	b.do(chromedp.WaitVisible("[role=alert]"))
	if got := eval[string](b, `document.querySelector('[role=alert]').textContent`); !strings.Contains(got, "has stopped") {
		t.Errorf("message %q, want to be told that it stopped", got)
	}
	b.do(chromedp.Click("button"))
	b.until("the button loads the page again", `performance.getEntriesByType('navigation')[0].type === 'reload'`)
}

func TestPhoneCanBeInstalled(t *testing.T) {
	h := newHost(t, siteA, "/office/phone/")
	b := newTab(t)
	b.open(h.url() + "office/phone/")
	b.started()
	b.installed()
	found := call(b, page.GetAppManifest, page.GetAppManifestParams{})
	for _, problem := range found.Errors {
		t.Errorf("manifest: line %d: %s", problem.Line, problem.Message)
	}
	if !strings.HasSuffix(found.URL, "/office/phone/manifest.webmanifest") {
		t.Errorf("manifest %q", found.URL)
	}
	for _, problem := range call(b, page.GetInstallabilityErrors, cdp.Empty{}).InstallabilityErrors {
		if problem.ErrorID != "in-incognito" { // the tests' own profiles are
			t.Errorf("not installable: %s %v", problem.ErrorID, problem.ErrorArguments)
		}
	}
}

// A page script could ask for a worker of any address, were it not for the policy.
func TestOnlyOurWorkersPass(t *testing.T) {
	h := newHost(t, siteA, "/")
	b := newTab(t)
	b.open(h.url())
	b.started()
	refused := func(script string) bool {
		return eval[bool](b, `(() => { try { `+script+`; return false; } catch (err) { return true; } })()`)
	}
	for _, script := range []string{
		`new Worker('phone.css')`,
		`new Worker('loader.js')`,
		`document.body.innerHTML = '<p>'`,
		`document.createElement('script').text = '1'`,
		`trustedTypes.createPolicy('another', {})`,
	} {
		if !refused(script) {
			t.Errorf("%s passes, want it refused", script)
		}
	}
	if refused(`new Worker('timers.js').terminate()`) {
		t.Error("the worker that keeps the time is refused")
	}
}
