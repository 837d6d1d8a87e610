//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"testing"

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
