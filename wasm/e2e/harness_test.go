//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// looseEnds is a page with two buttons of one name, of which one is hidden, a call with itself, and faults on demand.
const looseEnds = `<!doctype html><title>loose ends</title>
<button hidden>Go</button> <button id="go">Go</button> <label>Name <input id="name"></label> <p id="out">idle</p>
<button id="mute" aria-pressed="false" aria-label="Mute"></button> <button id="inline">Break the policy</button>
<button id="throw">Throw</button> <button id="markup">Write markup</button> <button id="reach">Reach out in a worker</button>
<script src="/page.js"></script>`

const looseEndsScript = `
trustedTypes.createPolicy('default', {createScriptURL: url => url === '/worker.js' ? url : null});
const $ = id => document.getElementById(id);
let track;
$('go').onclick = async () => {
	$('out').textContent = 'hello ' + $('name').value;
	try {
		const stream = await navigator.mediaDevices.getUserMedia({audio: true});
		track = stream.getTracks()[0];
		const a = new RTCPeerConnection(), b = new RTCPeerConnection();
		a.onicecandidate = e => b.addIceCandidate(e.candidate);
		b.onicecandidate = e => a.addIceCandidate(e.candidate);
		b.ontrack = e => { const audio = new Audio(); audio.srcObject = new MediaStream([e.track]); audio.play(); };
		a.addTrack(track, stream);
		await a.setLocalDescription();
		await b.setRemoteDescription(a.localDescription);
		await b.setLocalDescription();
		await a.setRemoteDescription(b.localDescription);
	} catch (e) { $('out').textContent = e.name; }
};
$('mute').onclick = () => { track.enabled = !track.enabled; $('mute').setAttribute('aria-pressed', !track.enabled); };
$('throw').onclick = () => { Promise.reject(new Error('nobody listens')); };
$('markup').onclick = () => { try { document.body.innerHTML = '<p>'; } catch { $('out').textContent = 'refused'; } };
$('reach').onclick = () => { new Worker('/worker.js'); };
$('inline').onclick = () => { document.body.setAttribute('style', 'color: red'); console.log('broken'); };
`

// looseEndsWorker reaches for an origin that the policy does not name.
const looseEndsWorker = `fetch('http://127.0.0.1:9/').catch(() => {});`

func looseEndsServer(t *testing.T) (address string, refused *reports) {
	refused = &reports{}
	scripts := map[string]string{"/page.js": looseEndsScript, "/worker.js": looseEndsWorker}
	srv := httptest.NewServer(refused.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; require-trusted-types-for 'script'; trusted-types default")
		if script, ok := scripts[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, script)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, looseEnds)
	})))
	t.Cleanup(srv.Close)
	return srv.URL, refused
}

func openLooseEnds(t *testing.T, opts pageOptions) *Page {
	address, _ := looseEndsServer(t)
	return open(t, "page", address, opts)
}

func TestHarnessSeesWhatAPersonSees(t *testing.T) {
	t.Parallel()
	p := openLooseEnds(t, pageOptions{})
	p.Fill("Name", "Ann")
	p.Click("Go")
	p.WaitText("hello Ann")
	p.WaitAudio()
	p.WaitPressed("Mute", false)
	p.Click("Mute")
	p.WaitPressed("Mute", true)
	p.WaitSilence()
	p.Click("Mute")
	p.WaitHears()
	p.WaitNoButton("Stop")
}

func TestHarnessSeesADeniedMicrophone(t *testing.T) {
	t.Parallel()
	p := openLooseEnds(t, pageOptions{mic: browser.PermissionSettingDenied})
	p.Click("Go")
	p.WaitText("NotAllowedError")
}

func TestHarnessSeesPolicyViolations(t *testing.T) {
	t.Parallel()
	p := openLooseEnds(t, pageOptions{})
	p.Click("Break the policy")
	p.until("see a violation", func() error { return wantOne(p.takeViolations(), "style-src") })
	p.until("see it on the console too", func() error {
		if got := strings.Join(p.takeExceptions(), "\n"); !strings.Contains(got, "Content Security Policy") {
			return fmt.Errorf("got %q", got)
		}
		return nil
	})
	if lines, _ := p.Console(0); !strings.Contains(strings.Join(lines, "\n"), "[log] broken") {
		t.Errorf("console: got %q, want the message of the page", lines)
	}
}

func wantOne(got []string, part string) error {
	if len(got) != 1 || !strings.Contains(got[0], part) {
		return fmt.Errorf("got %q, want one with %q", got, part)
	}
	return nil
}

// TestHarnessFailsForRefusedMarkup wants what Trusted Types refuse to count although the page has caught the exception
// and has been loaded anew since.
func TestHarnessFailsForRefusedMarkup(t *testing.T) {
	t.Parallel()
	p := openLooseEnds(t, pageOptions{})
	p.Click("Write markup")
	p.WaitText("refused")
	if err := chromedp.Do(p.ctx, chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	p.WaitText("idle")
	if err := wantOne(p.faults(), "require-trusted-types-for"); err != nil {
		t.Errorf("the end of the test: %v", err)
	}
	p.takeViolations()
	p.takeExceptions()
	if got := p.faults(); len(got) != 0 {
		t.Errorf("forgiven faults are still there: %q", got)
	}
}

// TestHarnessSeesViolationsOfWorkers wants what no page hears of: the browser reports it to the server.
func TestHarnessSeesViolationsOfWorkers(t *testing.T) {
	t.Parallel()
	address, refused := looseEndsServer(t)
	p := open(t, "page", address, pageOptions{})
	p.Click("Reach out in a worker")
	p.until("hear of the worker's violation", func() error { return wantOne(refused.all(), "default-src") })
	var told []string
	p.until("read of it on the console, which tells twice and may be late", func() error {
		if told = append(told, p.takeExceptions()...); len(told) < 2 {
			return fmt.Errorf("got %q", told)
		}
		return nil
	})
	refused.forgive()
}

func TestHarnessSeesUncaughtErrors(t *testing.T) {
	t.Parallel()
	p := openLooseEnds(t, pageOptions{})
	p.Click("Throw")
	p.until("see the error", func() error {
		if got := strings.Join(p.takeExceptions(), "\n"); !strings.Contains(got, "nobody listens") {
			return fmt.Errorf("got %q", got)
		}
		return nil
	})
}

// TestHarnessHandsOverNothing uses one window for two tests on one address: the second finds it as new.
func TestHarnessHandsOverNothing(t *testing.T) {
	address, _ := looseEndsServer(t)
	const look = `(async () => JSON.stringify({
		kept: localStorage.length, bases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
		behind: history.length, script: globalThis.extra === 1, dark: matchMedia('(prefers-color-scheme: dark)').matches,
		wide: innerWidth > 1000, notify: (await navigator.permissions.query({ name: 'notifications' })).state }))()`
	seen := func(t *testing.T, p *Page) string {
		t.Helper()
		text, err := eval[string](p, look)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var fresh string
	var windows []target.ID
	for _, name := range []string{"used", "used again"} {
		t.Run(name, func(t *testing.T) {
			p := open(t, "page", address, pageOptions{})
			windows = append(windows, chromedp.FromContext(p.ctx).Target.TargetID)
			switch at := seen(t, p); {
			case fresh == "":
				fresh = at
			case at != fresh:
				t.Errorf("the next test finds %s, want %s", at, fresh)
			}
		})
		t.Run("in between", func(t *testing.T) {
			p := open(t, "page", address, pageOptions{dark: true, window: desktopWindow, notify: true,
				script: "globalThis.extra = 1"})
			windows = append(windows, chromedp.FromContext(p.ctx).Target.TargetID)
			if _, err := eval[bool](p, `(async () => { localStorage.a = 1; await caches.open('a'); history.pushState(0, '', '#a');
				await new Promise(done => { indexedDB.open('a').onsuccess = done; }); return true; })()`); err != nil {
				t.Fatal(err)
			}
			if at := seen(t, p); at == fresh {
				t.Errorf("what is set up does not show: %s", at)
			}
		})
	}
	if windows[0] != windows[1] || windows[1] != windows[2] {
		t.Errorf("windows %q, want one", windows)
	}
}
