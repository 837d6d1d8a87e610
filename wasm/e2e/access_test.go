//go:build e2e

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestFocusGoesIntoASettingAndBack opens a section of the settings with the keyboard, in a narrow window and beside its list.
func TestFocusGoesIntoASettingAndBack(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	for name, w := range map[string]window{"narrow": phoneWindow, "wide": desktopWindow} {
		a := logIn(t, d.URL, d.account(1), pageOptions{window: w})
		a.Click("Settings")
		if _, err := eval[bool](a.Page, `document.querySelector('[data-open="calls"]').focus(), true`); err != nil {
			t.Fatal(err)
		}
		a.strike(kb.Enter)
		a.waitFocus(name+": the section that was opened", "Calls")
		if name == "wide" {
			continue // the list stays beside it
		}
		a.Click("Back")
		waitEval(a.Page, name+": back at its row", `document.activeElement.dataset.open`, "calls")
	}
}

// TestListOfKeysIsModal opens the list of keys in a wide window: nothing else can be reached with Tab.
func TestListOfKeysIsModal(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	a.Click("Settings")
	a.strike("?")
	a.waitFocus("in the sheet", "Close")
	for range 6 {
		a.strike("\t")
		if got, err := a.focused(); err != nil || got.name != "Close" && got != outside {
			t.Errorf("Tab reaches %v, %v; want the sheet alone", got, err)
		}
	}
	a.strike(kb.Escape)
	waitEval(a.Page, "be free again", `document.querySelectorAll('[inert]').length`, 0)
}

// TestRingingCallCoversNoFocus lets a call come in while the focus is in the number field that the card covers in a narrow
// window: nothing that is covered can be reached, the call is said once, and all is as it was when it is over.
func TestRingingCallCoversNoFocus(t *testing.T) {
	t.Parallel()
	d, a, b := pair(t)
	if _, err := eval[bool](a.Page, `document.getElementById('number').focus(), globalThis.spoken = [], new MutationObserver(() => {
		for (const e of document.querySelectorAll('[role=alert], [role=alertdialog], [role=status]')) if (/1002/.test(e.textContent) && !spoken.includes(e)) spoken.push(e);
	}).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true}), true`); err != nil {
		t.Fatal(err)
	}
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "have the focus on the card", `document.activeElement.classList.contains('incoming')`, true)
	for i := range 12 {
		a.strike("\t")
		covered, err := eval[string](a.Page, `(() => { const e = document.activeElement, r = e.getBoundingClientRect(); if (e === document.body) return '';
			const at = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); return e.contains(at) || at?.contains(e) && !at.matches('.scrim, .incoming') || e.closest('.incoming') ? '' : e.outerHTML; })()`)
		if err != nil || covered != "" {
			t.Fatalf("Tab %d goes to what is covered: %s, %v", i+1, covered, err)
		}
	}
	waitEval(a.Page, "be told once", `spoken.length`, 1)
	for _, from := range []string{`.nav a, .nav button`, `.pane-list button`, `#menu-button`} {
		b.Click("Hang up")
		b.WaitIdle()
		waitEval(a.Page, "ring no more", `document.getElementById('in') === null`, true)
		if _, err := eval[bool](a.Page, `document.querySelector("`+from+`").focus(), true`); err != nil {
			t.Fatal(err)
		}
		b.Dial(user(1))
		a.WaitText(saysIncoming)
		a.strike("\t")
		waitEval(a.Page, "come to the card first, from "+from, `document.getElementById('in').contains(document.activeElement)`, true)
	}
	b.Click("Hang up")
	b.WaitIdle()
	waitEval(a.Page, "be free again", `document.querySelectorAll('[inert]').length`, 0)
	a.Dial("600")
	a.WaitOnCall()
	if got := len(d.requests("INVITE")); got == 0 {
		t.Error("nobody was called")
	}
}

// TestRingingCardOfAWideWindow lets a call come in beside the number field: what is typed goes on there, the first Tab comes to
// the card from anywhere, no Tab to anything that it hides, and the first link of the page leads to it.
func TestRingingCardOfAWideWindow(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	const onKey = `document.querySelector('.key:last-child').focus(), true`
	if _, err := eval[bool](a.Page, `document.getElementById('number').focus(), true`); err != nil {
		t.Fatal(err)
	}
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "have keys that cannot be reached", `document.querySelectorAll('.key[inert]').length > 0`, true)
	waitEval(a.Page, "leave the focus to the field", `document.activeElement.id`, "number")
	for tab := range 40 { // through the page and the browser's own controls
		a.strike("\t")
		at, err := eval[string](a.Page, `(() => {
			const e = document.activeElement, r = e.getBoundingClientRect(), card = document.getElementById('in');
			const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
			return card.contains(e) ? 'card' : e === document.body || !card.contains(top) ? 'beside it' : e.outerHTML; })()`)
		if err != nil || at != "card" && (at != "beside it" || tab == 0) {
			t.Fatalf("Tab %d goes to what the card hides, or past the card: %s, %v", tab+1, at, err)
		}
	}
	if _, err := eval[bool](a.Page, `document.querySelector('.skip').click(), true`); err != nil {
		t.Fatal(err)
	}
	waitEval(a.Page, "come to the card by the first link", `document.activeElement.id`, "in")
	b.Click("Hang up")
	b.WaitIdle()
	waitEval(a.Page, "be free again", `document.querySelectorAll('[inert]').length`, 0)
	if _, err := eval[bool](a.Page, onKey); err != nil {
		t.Fatal(err)
	}
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	waitEval(a.Page, "have the focus on the card that covers what had it", `document.activeElement.id`, "in")
}

// inks compares what is written on an accent, and in it, with what is behind: the least contrast there is.
const inks = `(() => {
	const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const rgb = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const probe = document.body.appendChild(document.createElement('p'));
	const value = name => { probe.style.color = 'var(' + name + ')'; return light(rgb(getComputedStyle(probe).color)); };
	const contrast = (a, b) => { const [x, y] = [value(a), value(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const found = Math.min(contrast('--on-accent', '--accent'), ...['--surface', '--surface-2', '--accent-soft', '--canvas'].map(s => contrast('--accent-text', s)));
	probe.remove();
	return found;
})()`

// TestAccentBringsItsInk has brands of all kinds: what is written on their colour, and in it, can be read in both themes.
func TestAccentBringsItsInk(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := openPhone(t, d.URL, "phone", pageOptions{})
	for _, theme := range []string{"light", "dark"} {
		for _, accent := range []string{"", "#ffcc00", "#00c853", "#ff5252", "#777777", "#0b1a3d", "#ffffff", "#000000",
			"#e91e63", "#00bcd4"} {
			least, err := eval[float64](a.Page, fmt.Sprintf(`(() => { const root = document.documentElement; root.dataset.theme = %q;
				root.style.setProperty('--brand-accent', %q); return %s; })()`, theme, accent, inks))
			if err != nil || least < 4.5 {
				t.Errorf("%s, accent %q: contrast %.2f, %v; want 4.5", theme, accent, least, err)
			}
		}
	}
}

// TestNotificationGoesWithItsPage leaves the page while a call rings.
func TestNotificationGoesWithItsPage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{script: away, notify: true})
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	other := openPhone(t, d.URL, "beside", pageOptions{beside: a.Page})
	waitEval(a.Page, "have its worker", `navigator.serviceWorker.ready.then(r => r.active.state)`, "activated")
	b.Dial(user(1))
	a.waitNotification(1, user(2))
	a.goTo(d.URL + "config.json")
	other.waitNoNotification()
}
