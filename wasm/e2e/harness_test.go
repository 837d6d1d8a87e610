//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
)

// looseEnds is a page with two buttons of one name, of which one is hidden, a call with itself, and faults on demand.
const looseEnds = `<!doctype html><title>loose ends</title>
<button hidden>Go</button> <button id="go">Go</button> <label>Name <input id="name"></label> <p id="out">idle</p>
<button id="mute" aria-pressed="false" aria-label="Mute"></button> <button id="inline">Break the policy</button>
<button id="throw">Throw</button>
<script src="/page.js"></script>`

const looseEndsScript = `
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
$('inline').onclick = () => { document.body.setAttribute('style', 'color: red'); console.log('broken'); };
`

func looseEndsServer(t *testing.T) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		if r.URL.Path == "/page.js" {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, looseEndsScript)
			return
		}
		fmt.Fprint(w, looseEnds)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestHarnessSeesWhatAPersonSees(t *testing.T) {
	t.Parallel()
	p := open(t, "page", looseEndsServer(t), pageOptions{})
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
	p := open(t, "page", looseEndsServer(t), pageOptions{mic: browser.PermissionSettingDenied})
	p.Click("Go")
	p.WaitText("NotAllowedError")
}

func TestHarnessSeesPolicyViolations(t *testing.T) {
	t.Parallel()
	p := open(t, "page", looseEndsServer(t), pageOptions{})
	p.Click("Break the policy")
	p.until("see a violation", func() error {
		violations, err := eval[[]string](p, `__e2e.violations.splice(0)`)
		if err != nil {
			return err
		}
		if len(violations) != 1 || !strings.Contains(violations[0], "style-src") {
			return fmt.Errorf("got %q", violations)
		}
		return nil
	})
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

func TestHarnessSeesUncaughtErrors(t *testing.T) {
	t.Parallel()
	p := open(t, "page", looseEndsServer(t), pageOptions{})
	p.Click("Throw")
	p.until("see the error", func() error {
		if got := strings.Join(p.takeExceptions(), "\n"); !strings.Contains(got, "nobody listens") {
			return fmt.Errorf("got %q", got)
		}
		return nil
	})
}
