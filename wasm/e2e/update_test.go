//go:build e2e

package e2e

import "testing"

// TestUpdateLogsNobodyOut is offered another version while another window is on a call, and has it by itself afterwards, with the
// user logged in, the number in its field and what was looked for in that of the search.
func TestUpdateLogsNobodyOut(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	a.Dial("600")
	a.WaitOnCall()
	a.Click("Hang up")
	a.Click("Search history")
	a.WaitText("600")
	b := openPhone(t, d.URL, "other", pageOptions{window: phoneWindow, beside: a.Page})
	b.Login(d.account(2))
	b.WaitRegistered()
	b.Dial("600")
	b.WaitOnCall()
	if _, err := eval[bool](a.Page, `document.getElementById('number').focus(), true`); err != nil {
		t.Fatal(err)
	}
	for _, digit := range []string{"+", "4", "9"} {
		a.key(digit, "Digit"+digit)
	}
	if _, err := eval[bool](a.Page, `document.getElementById('search').focus(), true`); err != nil {
		t.Fatal(err)
	}
	a.key("6", "Digit6")
	if _, err := eval[bool](a.Page, `globalThis.before = true, goappOnUpdate(), true`); err != nil {
		t.Fatal(err)
	}
	a.Click("Update")
	a.WaitText(`Another window is on a call`)
	a.WaitNoButton("Update")
	waitEval(a.Page, "wait for the call", `globalThis.before === true`, true)
	b.Click("Hang up")
	waitEval(a.Page, "follow by itself", `globalThis.before === undefined`, true)
	a.WaitRegistered()
	waitEval(a.Page, "have the number that was being typed", `document.getElementById('number')?.value`, "+49")
	waitEval(a.Page, "look for what was looked for", `document.getElementById('search')?.value`, "6")
	a.reload()
	a.WaitButton("Login") // nothing is kept for longer
}
