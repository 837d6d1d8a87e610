//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/testdata/firefox"
)

// firstPacket tells in a page how long after its navigation began the first audio came in.
const firstPacket = `(async () => {
	for (;;) {
		if ((await __e2e.stats()).packetsIn > 0) return globalThis.firstPacket = Math.round(performance.now());
		await new Promise(resolve => setTimeout(resolve, 20));
	}
})()`

const (
	firstInChromium = time.Second
	firstInFirefox  = 1500 * time.Millisecond
)

// leaves answers the question that the browser asks before a page in a call is left.
func (p Phone) leaves() {
	p.t.Helper()
	if err := chromedp.Listen(p.ctx, func(ev any) {
		if _, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			go chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}
	}); err != nil {
		p.t.Fatal(err)
	}
}

const workerReady = `navigator.serviceWorker.ready.then(r => r.active !== null)`

// inCall is a phone that will be left, in a call with the echo.
func inCall(t *testing.T, d *demo) Phone {
	t.Helper()
	return inCallWith(t, d, firstPacket)
}

func inCallWith(t *testing.T, d *demo, script string) Phone {
	t.Helper()
	a := logIn(t, d.URL, d.account(1), pageOptions{script: script})
	a.leaves()
	waitEval(a.Page, "have a service worker", workerReady, true)
	a.Dial("600")
	a.WaitOnCall()
	a.WaitAudio()
	return a
}

// said are the methods of the requests that the server has received since then, keep-alives and answers to challenges apart.
func (d *demo) said(since time.Time) (methods []string) {
	for _, m := range d.sip.Messages() {
		method, _, _ := strings.Cut(m.StartLine(), " ")
		if m.Direction == siptest.Received && m.Time.After(since) && method != "" && !strings.HasPrefix(method, "SIP/") {
			methods = append(methods, method)
		}
	}
	return methods
}

// way tells when the server has received what since then.
func (d *demo) way(since time.Time) string {
	var way []string
	for _, m := range d.sip.Messages() {
		method, _, _ := strings.Cut(m.StartLine(), " ")
		if m.Direction == siptest.Received && m.Time.After(since) && method != "" {
			way = append(way, fmt.Sprintf("%s %d", method, m.Time.Sub(since).Milliseconds()))
		}
	}
	return strings.Join(way, ", ")
}

// wantKept checks that a reload has said nothing but REGISTER and one INVITE with its ACKs, also when the time is over in which
// the page could come back.
func (d *demo) wantKept(t *testing.T, left time.Time) {
	t.Helper()
	time.Sleep(time.Until(left.Add(farewellWithin)))
	got := d.said(left)
	if n := len(slices.DeleteFunc(slices.Clone(got), func(m string) bool { return m != "INVITE" })); n != 1 {
		t.Errorf("%d INVITE were sent, want one: %q", n, got)
	}
	if rest := slices.DeleteFunc(slices.Clone(got), func(m string) bool {
		return slices.Contains([]string{"REGISTER", "INVITE", "ACK"}, m)
	}); len(rest) > 0 {
		t.Errorf("%q were sent too", rest)
	}
}

// farewellWithin is when farewell has been said for a page that does not come back.
const farewellWithin = 20 * time.Second

// waitFarewell waits for the BYE of the call, with its reason, and the end of the registration; not before the page could have
// come back.
func (d *demo) waitFarewell(t *testing.T, left time.Time) {
	t.Helper()
	if err := poll(farewellWithin, func() error { return d.moreRequests("BYE", 0) }); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(left); took < 10*time.Second {
		t.Errorf("farewell was said after %v", took)
	} else {
		t.Logf("farewell was said after %v", took.Round(100*time.Millisecond))
	}
	if got := d.requests("BYE"); !strings.Contains(got[0], "\r\nReason: Q.850;cause=16") {
		t.Errorf("it gives no reason:\n%s", got[0])
	}
	if err := poll(patience, func() error {
		if got := d.requests("REGISTER"); !strings.Contains(got[len(got)-1], "\r\nExpires: 0\r\n") {
			return fmt.Errorf("the last REGISTER is\n%s", got[len(got)-1])
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// TestReloadKeepsTheCall has one call on, and another on hold.
func TestReloadKeepsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	left := time.Now()
	a.reload()
	a.WaitOnCall()
	a.WaitAudio()
	took, err := eval[int](a.Page, `firstPacket`)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("first packet after %d ms; the goal is %v; %s", took, firstInChromium, d.way(left))
	a.wantNothingKept("in a call that goes on", d.account(1).password, "localStorage webphone.calls",
		"indexedDB webphone/vault/calls=", "CryptoKey extractable=false")
	d.wantKept(t, left)
	a.WaitText(saysOnCall)
	a.Click("Hang up")
	a.WaitIdle()
	if err := poll(patience, func() error { return d.moreRequests("BYE", 0) }); err != nil {
		t.Error(err)
	}
	a.reload()
	a.WaitButton("Login") // nothing is kept for longer
}

// TestReloadsInARow: the farewells of the pages before wait while the next one has gone already.
func TestReloadsInARow(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	left := time.Now()
	for range 3 {
		a.reload()
		a.WaitOnCall()
		a.WaitAudio()
	}
	time.Sleep(time.Until(left.Add(farewellWithin)))
	if got := d.requests("BYE"); len(got) != 0 {
		t.Errorf("a call that goes on was ended:\n%s", got[0])
	}
	a.WaitAudio()
}

// slowPage lets the next page stand still for longer than a page has that does not come back.
const slowPage = `if (sessionStorage.getItem('slow')) {
	sessionStorage.removeItem('slow');
	for (const until = Date.now() + 14000; Date.now() < until;);
}`

// TestSlowReloadKeepsTheCall: a page that has begun to load is waited for.
func TestSlowReloadKeepsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCallWith(t, d, slowPage)
	if _, err := eval[bool](a.Page, `sessionStorage.setItem('slow', 'yes'), true`); err != nil {
		t.Fatal(err)
	}
	a.reload()
	a.waitTextFor(2*patience, saysOnCall)
	a.WaitAudio()
	if got := d.requests("BYE"); len(got) != 0 {
		t.Errorf("a call that goes on was ended:\n%s", got[0])
	}
}

// TestReloadKeepsTwoCalls has one held and the user muted in the other.
func TestReloadKeepsTwoCalls(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	b := logIn(t, d.URL, d.account(2), pageOptions{window: desktopWindow})
	b.Dial(user(1))
	a.WaitText(`(?i)second call`)
	a.Click("Hold and answer")
	b.WaitOnCall()
	b.WaitAudio()
	a.Click("Mute")
	b.WaitSilence()
	a.reload()
	a.WaitText(`(?s)On call.*1002.*600.*On hold`)
	a.WaitText(`(?i)you are muted`)
	a.WaitHears()
	b.WaitSilence()
	a.Click("Unmute")
	b.WaitHears()
	a.Click("Swap to 600")
	b.WaitText(`Held by the other side`)
	a.WaitHears() // its echo
	a.WaitText(`(?s)On call.*600.*1002.*On hold`)
}

// TestCrashedPageKeepsTheCall: the renderer is gone before anything could be said.
func TestCrashedPageKeepsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	a.crash()
	b := Phone{open(t, "after the crash", d.URL, pageOptions{beside: a.Page})}
	b.WaitOnCall()
	b.WaitAudio()
	if got := d.requests("BYE"); len(got) != 0 {
		t.Errorf("a call that goes on was ended:\n%s", got[0])
	}
}

// later sets the clock of a page two minutes on.
const later = `globalThis.Date = class extends Date {
	constructor(...args) { args.length ? super(...args) : super(Date.now()); }
	static now() { return super.now() + 120000; }
}`

// TestLateStartSaysThatTheCallIsLost: the page has crashed, and nobody has come for longer than a call waits.
func TestLateStartSaysThatTheCallIsLost(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	a.crash()
	b := openPhone(t, d.URL, "late", pageOptions{beside: a.Page, script: later, window: window{320, 568}, dark: true})
	b.WaitText(`call with 600 could not be taken up`)
	if err := poll(patience, func() error { return d.moreRequests("BYE", 0) }); err != nil {
		t.Error("whoever still listens is told:", err)
	}
	b.Login(d.account(1))
	b.WaitText(`call with 600 could not be taken up`)
	b.Click("History")
	b.WaitText(`(?s)Today.*600.*Outgoing`)
}

// TestClosedTabEndsTheCall: nobody is left but the service worker.
func TestClosedTabEndsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := inCall(t, d)
	left := time.Now()
	a.close()
	d.waitFarewell(t, left)
	after := open(t, "after", d.URL+"logo.svg", pageOptions{beside: a.Page}) // a page that is no phone
	if kept, err := eval[string](after, vaultKeys); err != nil || kept != "calls.said" {
		t.Errorf("the vault holds %q, %v; want nothing but that farewell was said", kept, err)
	}
}

const vaultKeys = `new Promise((resolve, reject) => {
	const open = indexedDB.open('webphone');
	open.onerror = () => reject(open.error);
	open.onsuccess = () => {
		const all = open.result.transaction('vault').objectStore('vault').getAllKeys();
		all.onsuccess = () => { open.result.close(); resolve(all.result.join(' ')); };
	};
})`

func TestFirefoxReloadKeepsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := firefox.Start(t)
	a := foxInCall(t, b, d)
	left := time.Now()
	a.reload()
	a.waitText(saysOnCall)
	took, err := foxEval[int](a, firstPacket+`.then(JSON.stringify)`)
	a.must("wait for audio", err)
	t.Logf("first packet after %d ms; the goal is %v; %s", took, firstInFirefox, d.way(left))
	a.waitAudio()
	d.wantKept(t, left)
	a.click("Hang up")
	a.waitIdle()
}

func TestFirefoxClosedTabEndsTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := firefox.Start(t)
	a := foxInCall(t, b, d)
	left := time.Now()
	a.close()
	d.waitFarewell(t, left)
}

func foxInCall(t *testing.T, b *firefox.Browser, d *demo) *fox {
	t.Helper()
	a := openFox(t, b, user(1), d.URL)
	a.login(d.account(1))
	a.until("have a service worker", func() error {
		_, err := foxEval[bool](a, workerReady+`.then(JSON.stringify)`)
		return err
	})
	a.fill(numberField, "600")
	a.click("Dial")
	a.waitText(saysOnCall)
	a.waitAudio()
	return a
}
