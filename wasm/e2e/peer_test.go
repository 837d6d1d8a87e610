//go:build e2e

package e2e

import "testing"

func TestEchoIsHeard(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("600")
	p.WaitOnCall()
	p.WaitAudio()
	p.Click("Mute")
	p.WaitSilence() // it was our own voice
	p.Click("Mute")
	p.WaitHears()
	p.Click("Hang up")
	p.WaitIdle()
}

func TestKeysAreSentAsDTMF(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("600")
	p.WaitOnCall()
	p.WaitAudio()
	p.Click("Keypad")
	p.DialKeys("159#0*")
	d.waitDTMF(t, "159#0*")
	p.Click("Hang up")
	p.WaitIdle()
}

func TestBusyIsSaid(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("601")
	p.WaitWhy(`(?i)busy`)
	p.WaitSentence(`601 is busy`)
	p.WaitIdle()
}

func TestDeclinedIsSaid(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("603")
	p.WaitWhy(`did not take the call`)
	p.WaitIdle()
}

func TestUnknownNumberIsSaid(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("699")
	p.WaitWhy(`(?i)number|not found|unknown`)
	p.WaitIdle()
}

func TestNoAnswerRingsUntilHungUp(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("604")
	p.WaitText(saysRinging)
	p.Click("Hang up")
	p.WaitIdle()
	if got := d.requests("CANCEL"); len(got) != 1 {
		t.Errorf("got %d CANCEL, want 1", len(got))
	}
}

func TestEarlyMediaIsHeardBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("602")
	p.WaitHears()
	p.Click("Hang up")
	p.WaitIdle()
}

func TestRemoteHangUpIsShown(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("605")
	p.WaitOnCall()
	p.WaitIdle()
}
