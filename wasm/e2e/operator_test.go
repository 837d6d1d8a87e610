//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// document is an answer with a text of that type.
func document(kind, text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text)
	})
}

// waitEval waits until an expression of the page is a value.
func waitEval[T comparable](p *Page, why, expression string, want T) {
	p.t.Helper()
	p.until(why, func() error {
		got, err := eval[T](p, expression)
		if err == nil && got != want {
			err = fmt.Errorf("it is %v, want %v", got, want)
		}
		return err
	})
}

func TestMenuAndPagesOfTheOperator(t *testing.T) {
	t.Parallel()
	d := startConfigured(t, map[string]any{
		"brandName": "Example Clinic", "css": "brand.css", "flags": []string{"MENU_RIGHT", "TITLE_USERNAME", "HIDE_VERSION"},
		"menu": []map[string]any{
			{"id": "settings", "position": 3}, {"id": "history", "title": "Calls", "position": 1},
			{"id": "contacts", "position": "disabled"},
			{"id": "help", "title": "Help", "icon": "info", "url": "help.html", "position": 2},
			{"id": "plain", "title": "Plain", "url": "plain.html", "order": 4},
			{"id": "desk", "title": "Help desk", "icon": "headset", "url": "tel:600", "order": 5},
		},
	}, map[string]http.Handler{
		"/help.html":  document("text/html", "<!-- NO-CONTAINER --><!doctype html><title>help</title><p>How to call"),
		"/plain.html": document("text/html", "<!doctype html><title>plain</title><p>How to hold"),
		"/brand.css":  document("text/css", ":root { --brand-radius: 3px }"),
	})
	a := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	a.WaitText(`Log in to Example Clinic`)
	a.WaitNoText(`(?i)version`)
	waitEval(a.Page, "have the title of the brand", `document.title`, "Example Clinic")
	waitEval(a.Page, "wear the style sheet of the brand",
		`getComputedStyle(document.documentElement).getPropertyValue('--brand-radius').trim()`, "3px")
	a.Login(d.account(1))
	a.WaitRegistered()
	waitEval(a.Page, "have the user's name as title", `document.title`, "1001")
	waitEval(a.Page, "show the rows in their order",
		`[...document.querySelectorAll('.nav-label')].map(e => e.textContent).join()`, "Calls,Help,Settings,Plain,Help desk")
	waitEval(a.Page, "have the menu at the right", `document.querySelector('.nav').getBoundingClientRect().right === innerWidth`,
		true)
	const filled = `(() => { const f = document.querySelector('iframe.own-frame').getBoundingClientRect(), m = document.querySelector('.panes').getBoundingClientRect();
		return f.left === m.left && f.top === m.top && f.bottom === m.bottom; })()`
	a.Click("Help")
	waitEval(a.Page, "fill the space with the page", filled, true)
	waitEval(a.Page, "show the page", `document.querySelector('iframe').contentDocument.body.innerText.trim()`, "How to call")
	a.Click("Plain")
	waitEval(a.Page, "show the other page", `document.querySelector('iframe').contentDocument.body.innerText.trim()`,
		"How to hold")
	waitEval(a.Page, "keep a page in its container that does not ask for more", filled, false)
	a.Click("Help desk")
	waitEval(a.Page, "fill in the number of a row", `document.getElementById('number').value`, "600")
	if calls := d.requests("INVITE"); len(calls) != 0 {
		t.Errorf("a link in the menu called %d times by itself", len(calls))
	}
}

// TestHeadlessPhoneAnswers is a phone without any part on the screen: configured, it logs in and answers by itself.
func TestHeadlessPhoneAnswers(t *testing.T) {
	t.Parallel()
	none := map[string]bool{"dialpad": false, "number": false, "answer": false, "hangup": false, "hold": false, "mute": false,
		"dial": false, "status": false}
	flags := []string{"AUTO_ANSWER"}
	d := startDemo(t)
	server := "ws" + strings.TrimPrefix(d.URL, "http") + "ws"
	host := map[string]any{"wsServers": []string{server}, "username": user(1), "password": d.account(1).password, "show": none,
		"flags": flags}
	a := Phone{open(t, "headless", served(t, host), pageOptions{})}
	a.until("register", func() error { return d.moreRequests("REGISTER", 1) })
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	b.Dial(user(1))
	b.WaitOnCall()
	b.WaitAudio()
	a.WaitAudio()
	waitEval(a.Page, "show nothing", `[...document.querySelectorAll('button, input, a, [class]:not(.sr)')].filter(e => `+
		`e.checkVisibility() && e.getClientRects().length && e.tagName !== 'BODY').length`, 0)
	b.Click("Hang up")
	b.WaitIdle()
	a.WaitNoAudio()
}

// press sends a key to whatever has the focus.
func (p Phone) key(key, code string) {
	p.t.Helper()
	for _, e := range []input.DispatchKeyEventParams{{Type: "keyDown", Key: key, Code: code, Text: key},
		{Type: "keyUp", Key: key, Code: code}} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, e); err != nil {
			p.t.Fatalf("%s: press %s: %v", p.name, key, err)
		}
	}
}

// TestFingerHoldingZeroMakesAPlus touches the key as long as it takes by the clock of the events, and then as browsers tell of
// it that ask for a context menu.
func TestFingerHoldingZeroMakesAPlus(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{})
	if _, err := chromedp.Call(a.ctx, emulation.SetTouchEmulationEnabled,
		emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	at := a.waitHeard("0")
	now := float64(time.Now().UnixMilli()) / 1000
	touch := func(kind input.DispatchTouchEventType, at float64, points ...*input.TouchPoint) {
		t.Helper()
		if _, err := chromedp.Call(a.ctx, input.DispatchTouchEvent,
			input.DispatchTouchEventParams{Type: kind, TouchPoints: points, Timestamp: input.TimeSinceEpoch(at)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		why        string
		down, held float64
		want       string
	}{{"make one plus of a second", now, 1, "+"}, {"make a zero of a tap", now + 2, 0.1, "+0"}} {
		touch("touchStart", step.down, &input.TouchPoint{X: at.X, Y: at.Y})
		touch("touchEnd", step.down+step.held)
		waitEval(a.Page, step.why, `document.getElementById('number').value`, step.want)
	}
	if _, err := eval[bool](a.Page, `(() => { const key = [...document.querySelectorAll('.key')].find(e => e.textContent.startsWith('0')), send = (type, more) =>
		key.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerType: 'touch', ...more}));
		send('pointerdown'); const menu = send('contextmenu'); send('pointerup'); send('click', {detail: 1}); send('pointerdown'); send('pointerup'); send('click', {detail: 1}); return menu; })()`); err != nil {
		t.Fatal(err)
	}
	waitEval(a.Page, "make one plus where a context menu is asked for, and a zero of the next tap",
		`document.getElementById('number').value`, "+0+0")
}

func TestTypingPastingAndHoldingAKey(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	field := func(why, want string) {
		t.Helper()
		waitEval(a.Page, why, `document.getElementById('number').value`, want)
	}
	blur := func() {
		if _, err := eval[bool](a.Page, `document.activeElement.blur(), true`); err != nil {
			t.Fatal(err)
		}
	}
	blur()
	a.key("f", "KeyF")
	a.key("7", "Digit7")
	field("take what is typed anywhere", "f7")
	if _, err := eval[bool](a.Page, `(() => { const data = new DataTransfer(); data.setData('text/plain', ' +44 20\n');
		return document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); })()`); err != nil {
		t.Fatal(err)
	}
	field("take what is pasted anywhere", "f7+44 20")
	a.Fill(numberField, "")
	at := a.waitHeard("0")
	now := float64(time.Now().UnixMilli()) / 1000 // by the clock of the event, a second is held without waiting for it
	for _, step := range []struct {
		kind input.DispatchMouseEventType
		at   float64
	}{{"mousePressed", now}, {"mouseReleased", now + 1}, {"mousePressed", now + 2}, {"mouseReleased", now + 2.1}} {
		if _, err := chromedp.Call(a.ctx, input.DispatchMouseEvent,
			input.DispatchMouseEventParams{Type: step.kind, X: at.X, Y: at.Y, Button: "left", ClickCount: 1,
				Timestamp: input.TimeSinceEpoch(step.at)}); err != nil {
			t.Fatal(err)
		}
	}
	field("make a plus of a zero that is held for a second, and a zero of one that is not", "+0")
	a.Fill(numberField, "600")
	a.Click("Dial")
	a.WaitOnCall()
	a.Click("Hang up")
	a.WaitIdle()
	a.Click("Dial")
	field("bring the last number back into an empty field", "600")
	calls := len(d.requests("INVITE"))
	// as the protocol handler does
	if _, err := eval[string](a.Page, `location.hash = '#number=tel%3A%2B442079460347%3Bext%3D12'`); err != nil {
		t.Fatal(err)
	}
	field("put the number of a link into the field, with the extension behind it", "+442079460347 ext. 12")
	if got := len(d.requests("INVITE")); got != calls {
		t.Errorf("%d INVITE, and %d before the link: it was called by itself", got, calls)
	}
}
