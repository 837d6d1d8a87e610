//go:build e2e

package e2e

import "testing"

// TestUpdateLogsNobodyOut is offered another version while another window is on a call, and has it by itself afterwards, with the
// user logged in and the number in the field.
func TestUpdateLogsNobodyOut(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
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
	a.reload()
	a.WaitButton("Login") // nothing is kept for longer
}
