//go:build e2e

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLinkedNumberGoesToThePhoneThatRuns opens a link with a number beside a phone that is on a call: no second phone starts, the
// number stands in the field of the one that runs, and nobody is called.
func TestLinkedNumberGoesToThePhoneThatRuns(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	a.Dial("600")
	a.WaitOnCall()
	registered, called := len(d.requests("REGISTER")), len(d.requests("INVITE"))
	wantField := func(why, want string) {
		t.Helper()
		waitEval(a.Page, why, `document.getElementById('number')?.value`, want)
	}
	link := Phone{open(t, "link", d.URL+"#number=%2B49%2030%205550101", pageOptions{window: phoneWindow, beside: a.Page})}
	link.WaitText(`The number stands in the number field of the phone`)
	wantField("have the number of the link", "+49 30 5550101")
	a.WaitAudio()
	link.Click("Open a phone here too")
	link.WaitButton("Login")
	wantField("keep the number", "+49 30 5550101")
	link.Login(d.account(1))
	link.WaitText(`In use in another window`)
	if _, err := eval[bool](link.Page, `location.hash = '#number=605', true`); err != nil {
		t.Fatal(err)
	}
	link.WaitText(`The number stands in the number field of the phone`)
	wantField("have the number that was linked to in the other window", "605")
	a.WaitAudio()
	if again, calls := len(d.requests("REGISTER")), len(d.requests("INVITE")); again != registered || calls != called {
		t.Errorf("%d REGISTER and %d INVITE more: a second phone has taken the place of the first, or somebody was called",
			again-registered, calls-called)
	}
	a.Click("Hang up")
	if err := chromedp.Do(a.ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	link.WaitRegistered()
	alone := openPhone(t, d.URL+"#number=605&username=1002", "another", pageOptions{window: phoneWindow, beside: link.Page})
	alone.WaitButton("Login") // a link that names another account is for another phone
}
