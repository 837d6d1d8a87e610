//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// called are the numbers that were called at the server, oldest first.
func (d *demo) called() []string {
	var numbers []string
	for _, c := range d.sip.Calls() {
		numbers = append(numbers, c.Number)
	}
	return numbers
}

// waitCalled waits until exactly these numbers were called.
func (d *demo) waitCalled(t *testing.T, why string, want ...string) {
	t.Helper()
	if err := poll(patience, func() error {
		if got := d.called(); !slices.Equal(got, want) {
			return fmt.Errorf("called %v, want %v", got, want)
		}
		return nil
	}); err != nil {
		t.Fatalf("%s: %v", why, err)
	}
}

// TestTypedNumberIsCalled types a number while the focus is elsewhere: Enter calls that number, and nobody that a button
// with the focus would call.
func TestTypedNumberIsCalled(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	wide := pageOptions{window: desktopWindow}
	p := logIn(t, d.URL, d.account(1), wide)
	want := []string{"600"}
	p.Dial("600")
	p.WaitOnCall()
	p.Click("Hang up")
	p.WaitIdle()
	again := func(why string, focus func()) {
		t.Helper()
		focus()
		p.strike("605" + kb.Enter)
		want = append(want, "605")
		d.waitCalled(t, why, want...)
		p.WaitIdle()
	}
	again("after Hang up", func() {})
	again("on Redial", func() { p.tabTo("Redial the last number") })
	again("on the link of the contacts", func() { p.Click("Contacts") })
	again("on a telephone sign of the history", func() {
		p.Click("History")
		p.tabTo("Call 600")
	})
	again("after a call that failed", func() {
		p.Dial("601")
		want = append(want, "601")
		p.WaitWhy(`(?i)busy`)
	})
	again("in the menu of the account", func() { p.Click("Account and more") })
}

// TestTypedNumberIsCalledDuringACall types it into the number field of another call.
func TestTypedNumberIsCalledDuringACall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	p.Dial("600")
	p.WaitOnCall()
	p.Click("Add call")
	p.tabTo("Contacts")
	p.strike("604" + kb.Enter)
	d.waitCalled(t, "in Add call", "600", "604")
	p.WaitText(saysRinging)
	p.tabTo("History")
	p.strike("605" + kb.Enter) // nobody could hear them, and no button takes the Enter behind them
	p.alt("x")
	p.WaitNoText(saysRinging)
	d.waitCalled(t, "digits for nobody", "600", "604")
}

// TestTypedNumberBringsItsField types it where a narrow window shows no number field: nothing of it is lost.
func TestTypedNumberBringsItsField(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{window: phoneWindow})
	p.Click("Contacts")
	p.WaitButton("Add contact")
	p.strike("600" + kb.Enter)
	d.waitCalled(t, "typed in one go", "600")
	p.WaitOnCall()
	p.Click("Hang up")
	p.WaitIdle()
	p.Click("History")
	p.tabTo("Call 600")
	p.strike("6")
	p.waitFocus("the field takes over", numberField)
	p.strike("05" + kb.Enter)
	d.waitCalled(t, "typed with time to think", "600", "605")
	p.WaitIdle()
}

// pointer is one way to press a place.
type pointer func(p *Page, x, y float64) error

var pointers = map[string]pointer{
	"mouse": func(p *Page, x, y float64) error {
		return p.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(x, y)) })
	},
	"finger": func(p *Page, x, y float64) error {
		return p.do(func(ctx context.Context) error {
			_, err1 := chromedp.Call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{
				Type: "touchStart", TouchPoints: []*input.TouchPoint{{X: x, Y: y}}})
			_, err2 := chromedp.Call(ctx, input.DispatchTouchEvent,
				input.DispatchTouchEventParams{Type: "touchEnd", TouchPoints: []*input.TouchPoint{}})
			return errors.Join(err1, err2)
		})
	},
}

// fingers lets a page feel fingers.
func (p *Page) fingers(pointer string) {
	_, err := chromedp.Call(p.ctx, emulation.SetTouchEmulationEnabled,
		emulation.SetTouchEmulationEnabledParams{Enabled: pointer == "finger"})
	if err != nil {
		p.t.Fatal(err)
	}
}

// where is the middle of a control that shows.
func (p *Page) where(name string) place {
	p.t.Helper()
	var at place
	p.until("find "+name, func() (err error) {
		_, at, err = p.locate(name, buttons)
		return err
	})
	return at
}

// hit presses a place in every way at once, whatever lies there.
func (p *Page) hit(by pointer, at place) {
	p.t.Helper()
	if err := by(p, at.X, at.Y); err != nil {
		p.t.Fatalf("%s: press at %v, %v: %v", p.name, at.X, at.Y, err)
	}
}

// sight waits in the page for a button, and tells where its middle is and when it was first seen.
const sight = `new Promise(done => {
	const look = () => {
		const seen = [...document.querySelectorAll('button')].find(b => b.textContent.trim() === %q && b.checkVisibility());
		if (!seen) return requestAnimationFrame(look);
		const r = seen.getBoundingClientRect();
		done({X: r.left + r.width / 2, Y: r.top + r.height / 2, At: performance.now()});
	};
	look();
})`

type seen struct{ X, Y, At float64 }

// onSight calls react as soon as a button shows that cause brings, and tells whether that was as quick as a hand can be that
// was on its way already.
func (p *Page) onSight(name string, cause func(), react func(seen)) (quick bool) {
	p.t.Helper()
	found, failed := make(chan seen, 1), make(chan error, 1)
	go func() {
		at, err := eval[seen](p, fmt.Sprintf(sight, name))
		found <- at
		failed <- err
	}()
	cause()
	at := <-found
	if err := <-failed; err != nil {
		p.t.Fatalf("%s: see %s: %v", p.name, name, err)
	}
	react(at)
	now, err := eval[float64](p, `performance.now()`)
	return err == nil && now-at.At < 500
}

// TestNothingIsAnsweredBySurprise lets calls come in and go while hands are at work: what comes under them hears nothing.
func TestNothingIsAnsweredBySurprise(t *testing.T) {
	t.Parallel()
	for name, by := range pointers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, a, b := pair(t) // a is narrow: the card lies over its keys
			a.fingers(name)
			for range 2 {
				a.Fill(numberField, "600") // what a press meant for Decline would call
				comes := func() { b.Dial(user(1)) }
				if !a.onSight("Answer", comes, func(at seen) {
					a.hit(by, place{X: at.X, Y: at.Y})
					a.hit(by, place{X: at.X - 180, Y: at.Y}) // Decline
				}) {
					t.Fatal("this machine is too slow for a hand")
				}
				a.WaitText(saysIncoming)
				decline := a.where("Decline")
				b.Click("Hang up")
				a.WaitNoText(saysIncoming)
				a.hit(by, decline)
				a.hit(by, a.where("Dial"))
				b.WaitIdle()
			}
			if got := d.called(); len(got) != 0 {
				t.Errorf("called %v, want nobody", got)
			}
			a.Click("Dial")
			d.waitCalled(t, "a press with time to look counts", "600")
			a.WaitOnCall()
			a.Click("Hang up")
			a.WaitIdle()
		})
	}
}

// TestHangUpTwiceCallsNobody hangs up again and again at the pace of a finger, in every layout.
func TestHangUpTwiceCallsNobody(t *testing.T) {
	t.Parallel()
	for name, by := range pointers {
		for size, window := range map[string]window{"phone": phoneWindow, "desktop": desktopWindow} {
			t.Run(name+" "+size, func(t *testing.T) {
				t.Parallel()
				d := startDemo(t)
				p := logIn(t, d.URL, d.account(1), pageOptions{window: window})
				p.fingers(name)
				p.Dial("600")
				p.WaitOnCall()
				hangup := p.where("Hang up")
				p.until("hear", func() error {
					_, at, err := p.locate("Hang up", buttons)
					if err == nil && at.Deaf {
						err = errors.New("deaf")
					}
					return err
				})
				for range 12 {
					p.hit(by, hangup)
					if _, err := eval[bool](p.Page, `new Promise(done => setTimeout(done, 80, true))`); err != nil {
						t.Fatal(err)
					}
				}
				p.WaitIdle()
				d.waitCalled(t, "hung up twelve times", "600")
			})
		}
	}
}

// knows adds a contact.
func (p Phone) knows(name, number string) {
	p.t.Helper()
	p.Click("Contacts")
	p.Click("Add contact")
	p.Fill("Name (required)", name)
	p.Fill("Number", number)
	p.Click("Save")
	p.WaitButton("Edit contact")
}

// TestNameCallsWhoIsMarked types names: Enter calls the contact that is marked, and asks where nobody is.
func TestNameCallsWhoIsMarked(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	p.knows("Helen Berg", "605")
	p.knows("Helena Katz", "600")
	p.Fill(numberField, "helen")
	p.WaitButton("Call Helen Berg")
	p.waitSpoken("polite", "2 suggestions")
	p.waitMarked("Helen Berg")
	p.strike(kb.ArrowDown)
	p.WaitButton("Call Helena Katz")
	p.waitMarked("Helena Katz")
	p.strike(kb.Enter)
	d.waitCalled(t, "the one who is marked", "600")
	p.WaitOnCall()
	p.Click("Hang up")
	p.WaitIdle()
	p.waitFocus("ready for the next call", numberField)
	p.strike("helen b" + kb.Enter)
	d.waitCalled(t, "the only one", "600", "605")
	p.WaitIdle()
	p.waitFocus("ready for the next call", numberField)
	p.strike("marten" + kb.Enter)
	p.WaitText(`Nobody here is called “marten”`)
	if sent := strings.Join(d.requests("INVITE"), ""); strings.Contains(sent, "marten") {
		t.Fatal("a user marten was called, whoever that is")
	}
	p.Click("Call “marten” as an address")
	p.until("call the address", func() error {
		if sent := strings.Join(d.requests("INVITE"), ""); !strings.Contains(sent, "INVITE sip:marten@") {
			return errors.New("no INVITE")
		}
		return nil
	})
	p.WaitIdle()
}

// waitMarked waits until the field says to assistive technology that this suggestion is marked, and no other.
func (p *Page) waitMarked(name string) {
	p.t.Helper()
	waitEval(p, "mark "+name, `(() => {
		const field = document.getElementById('number'), chosen = [...document.querySelectorAll('[role=listbox] > [aria-selected=true]')];
		return field.role === 'combobox' && field.ariaExpanded === 'true' && chosen.length === 1 && chosen[0].id === field.getAttribute('aria-activedescendant')
			? chosen[0].querySelector('.row-title').textContent : 'nobody';
	})()`, name)
}

// TestTwoCallsAreConnectedByName has two calls: Transfer stays, Connect says who with whom, and the held one can be ended where
// it stands.
func TestTwoCallsAreConnectedByName(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.Dial("600")
	a.WaitOnCall()
	b.Dial(user(1))
	a.WaitText(`(?i)second call`)
	a.audit("second call")
	a.Click("Hold and answer")
	b.WaitOnCall()
	a.WaitButton("Transfer")
	a.WaitButton("Connect with " + user(2) + ": 600")
	a.audit("two calls")
	a.Click("Transfer")
	a.WaitButton("Connect " + user(2) + " with 600")
	a.Click("Back")
	a.Click("End the call with 600")
	a.WaitNoButton("Connect with " + user(2) + ": 600")
	a.WaitOnCall()
	b.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

// TestOneWindowIsThePhone opens the account in a second window of one browser: one of them is the phone, and who is not does
// not look like it.
func TestOneWindowIsThePhone(t *testing.T) {
	t.Parallel()
	d, c, _ := pair(t)
	first := logIn(t, d.URL, d.account(3), pageOptions{window: desktopWindow})
	second := openPhone(t, d.URL, "second", pageOptions{window: phoneWindow, beside: first.Page})
	second.Login(d.account(3))
	second.WaitText(`In use in another window`)
	second.WaitNoText(saysRegistered)
	second.audit("elsewhere")
	rings := func(why string, here, there Phone) {
		t.Helper()
		c.Dial(user(3))
		here.WaitText(saysIncoming)
		if text := there.Text(); regexp.MustCompile(saysIncoming).MatchString(text) {
			t.Errorf("%s: the other window rings too", why)
		}
		here.Click("Decline")
		c.WaitIdle()
	}
	rings("the first stays the phone", first, second)
	second.Click("Take over here")
	second.WaitRegistered()
	first.WaitText(`In use in another window`)
	rings("taken over", second, first)
	first.Click("Take over here")
	first.WaitRegistered()
	second.WaitText(`In use in another window`)
	if err := chromedp.Do(second.ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	first.WaitRegistered()
	c.Dial(user(3))
	first.WaitText(saysIncoming) // it is green, and hears
	first.Click("Decline")
	c.WaitIdle()
}
