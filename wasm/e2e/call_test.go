//go:build e2e

package e2e

import (
	"testing"
)

// pair is two registered phones at one test server: a narrow and a wide one.
func pair(t *testing.T) (d *demo, a, b Phone) {
	t.Helper()
	d = startDemo(t)
	a = logIn(t, d.URL, d.account(1), pageOptions{window: phoneWindow})
	b = logIn(t, d.URL, d.account(2), pageOptions{window: desktopWindow})
	return d, a, b
}

func TestCallIsAnsweredAndHeard(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
	connect(b, a, user(1))
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

func TestMuteStopsTheMicrophone(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Mute")
	a.WaitText(`(?i)you are muted`)
	b.WaitSilence()
	a.WaitHears()
	a.Click("Unmute")
	b.WaitHears()
	b.Click("Hang up")
	a.WaitIdle()
}

func TestHoldStopsTheAudioAndResumes(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Hold")
	a.WaitText(saysOnHold)
	b.WaitText(`Held by the other side`)
	b.WaitSendsNothing()
	b.WaitSilence()
	a.Click("Resume")
	a.WaitText(saysOnCall)
	a.WaitAudio()
	b.WaitAudio()
	b.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

func TestHeldSideMayHoldToo(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Hold")
	b.WaitText(`Held by the other side`)
	b.Click("Hold")
	b.WaitText(saysOnHold)
	a.Click("Resume")
	b.Click("Resume")
	a.WaitAudio()
	b.WaitAudio()
	a.Click("Hang up")
	b.WaitIdle()
}

func TestDecline(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.Dial(user(2))
	b.WaitText(saysIncoming)
	b.Click("Decline")
	a.WaitWhy(`did not take the call`)
	a.WaitIdle()
	b.WaitIdle()
}

func TestCancel(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.Dial(user(2))
	b.WaitText(saysIncoming)
	a.Click("Hang up")
	b.WaitNoText(saysIncoming)
	a.WaitIdle()
	b.WaitIdle()
}

func TestSecondCallIsAnsweredAndSwapped(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.Dial("600")
	a.WaitOnCall()
	b.Dial(user(1))
	a.WaitText(`(?i)second call`)
	a.Click("Hold and answer")
	b.WaitOnCall()
	b.WaitAudio()
	a.WaitText(`(?s)On call.*1002.*600.*On hold`)
	a.Click("Swap to 600")
	b.WaitText(`Held by the other side`)
	b.WaitSilence()
	a.WaitText(`(?s)On call.*600.*1002.*On hold`)
	a.WaitHears() // its echo
	b.Click("Hang up")
	b.WaitIdle()
	b.Dial(user(1))
	a.WaitText(`(?i)second call`)
	a.Click("End and answer")
	b.WaitOnCall()
	a.WaitNoText(`600`)
	b.WaitAudio()
	b.Click("Hang up")
	a.WaitIdle()
}
