//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// three is three registered phones at one test server.
func three(t *testing.T) (d *demo, a, b, c Phone) {
	t.Helper()
	d, a, b = pair(t)
	c = logIn(t, d.URL, d.account(3), pageOptions{window: phoneWindow})
	return d, a, b, c
}

// agree lets a phone that is handed over go along by an act, "Call" or "Talk to".
func agree(p Phone, act, target string) {
	p.WaitText(`hands you over to ` + target)
	p.Click(act + " " + target)
	p.WaitNoText(`hands you over`)
}

// TestHandedOverUserStays: a call goes nowhere without the consent of who is handed over, and who hands over is told.
func TestHandedOverUserStays(t *testing.T) {
	t.Parallel()
	d, a, b, c := three(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, user(3))
	a.Click("Transfer now")
	b.WaitText(user(1) + ` hands you over to ` + user(3))
	b.audit("asked")
	b.Click("Stay here")
	b.WaitNoText(`hands you over`)
	a.WaitSentence(`refuses to be transferred`)
	a.WaitOnCall()
	a.WaitAudio()
	b.WaitAudio()
	c.WaitIdle()
	if got := d.requests("INVITE"); strings.Contains(strings.Join(got, ""), "INVITE sip:"+user(3)) {
		t.Error("the third phone was called")
	}
	a.Click("Hang up")
	b.WaitIdle()
}

func TestBlindTransfer(t *testing.T) {
	t.Parallel()
	d, a, b, c := three(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, user(3))
	a.Click("Transfer now")
	a.WaitText(`(?i)transferring|ringing there`)
	agree(b, "Call", user(3))
	c.WaitText(saysIncoming)
	c.Click("Answer")
	a.WaitText(`is connected to ` + user(3))
	b.WaitText(user(3)) // the same line goes on with somebody else
	c.WaitOnCall()
	b.WaitOnCall()
	b.WaitAudio()
	c.WaitAudio()
	a.WaitIdle()
	b.Click("Hang up")
	b.WaitIdle()
	c.WaitIdle()
	if got := d.requests("REFER"); len(got) != 1 || strings.Contains(got[0], "Replaces") {
		t.Errorf("got %d REFER, want one without Replaces", len(got))
	}
}

func TestBlindTransferToABusyNumber(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, "601")
	a.Click("Transfer now")
	agree(b, "Call", "601")
	a.WaitSentence(`601 did not take the call`)
	a.WaitOnCall()
	b.WaitOnCall()
	a.WaitAudio()
	b.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

func TestAttendedTransfer(t *testing.T) {
	t.Parallel()
	d, a, b, c := three(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, user(3))
	a.Click("Ask first")
	b.WaitText(`Held by the other side`)
	c.WaitText(saysIncoming)
	c.Click("Answer")
	a.WaitText(`will be connected to`)
	a.WaitText(`Talking to`)
	c.WaitAudio()
	a.Click("Swap")
	a.WaitText(saysOnHold)
	c.WaitText(`Held by the other side`)
	a.Click("Complete transfer")
	agree(b, "Call", user(3))
	agree(c, "Talk to", user(2))
	a.WaitText(`is connected to ` + user(3))
	a.WaitIdle()
	b.WaitOnCall()
	c.WaitOnCall()
	b.WaitAudio()
	c.WaitAudio()
	c.WaitText(user(2))
	c.Click("Hang up")
	c.WaitIdle()
	b.WaitIdle()
	if got := d.requests("REFER"); len(got) != 1 || !strings.Contains(got[0], "Replaces") {
		t.Errorf("got %d REFER, want one with Replaces", len(got))
	}
}

func TestCallIsTakenBackWhileItRingsElsewhere(t *testing.T) {
	t.Parallel()
	_, a, b, c := three(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, user(3))
	a.Click("Transfer now")
	agree(b, "Call", user(3))
	c.WaitText(saysIncoming)
	a.Click("Back to " + user(2))
	a.WaitOnCall()
	c.Click("Decline")
	b.WaitOnCall() // the call it was sent to has failed: the old one is there still
	a.WaitAudio()
	b.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

func TestTransferTargetFromTheHistory(t *testing.T) {
	t.Parallel()
	_, a, b, c := three(t)
	connect(a, c, user(3))
	a.Click("Hang up")
	c.WaitIdle()
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Click("History")
	a.Click("Transfer to " + user(3))
	a.Click("Transfer now")
	agree(b, "Call", user(3))
	c.WaitText(saysIncoming)
	c.Click("Answer")
	a.WaitText(`is connected to ` + user(3))
	b.WaitAudio()
	c.WaitAudio()
	b.Click("Hang up")
	c.WaitIdle()
}

func TestAskingFirstAndGoingBack(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, "603")
	a.Click("Ask first")
	a.WaitSentence(`did not take the call`)
	a.WaitAudio() // the first call is back
	b.WaitAudio()
	a.Click("Transfer")
	a.Fill(numberField, "600")
	a.Click("Ask first")
	a.WaitText(`Talking to`)
	a.Click("Back to " + user(2))
	a.WaitNoText(`will be connected to`)
	a.WaitAudio()
	b.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}
