package phone

import (
	"fmt"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

func TestMovedOnIsNotReported(t *testing.T) {
	s := then(onCall(), Failed{Command: Hold{"1"}, Err: fmt.Errorf("hold: %w", ua.ErrState)})
	if !s.Problem.Text.Empty() {
		t.Errorf("got %q, want nothing: the call had moved on", text.English.Tell(s.Problem.Text))
	}
	s = then(onCall(), Failed{Command: Hold{"1"}, Err: ua.ErrTimeout})
	if s.Problem.Text.Empty() {
		t.Error("got nothing, want to be told that holding timed out")
	}
}

// TestMovedCallIsOfferedAnew: nobody is called because a server says so; the user is told where the call would go.
func TestMovedCallIsOfferedAnew(t *testing.T) {
	for _, c := range []struct {
		to            ua.Address
		target, shown string
	}{
		{ua.Address{URI: "sip:1003@sip.example.com", User: "1003", Host: "sip.example.com"}, "1003", "1003"},
		{ua.Address{URI: "tel:+1-202-555-0191", User: "+12025550191"}, "+12025550191", "+12025550191"},
		{ua.Address{URI: "sip:1003@example.org:5070", User: "1003", Host: "example.org"}, "sip:1003@example.org:5070",
			"1003@example.org:5070"},
		{ua.Address{URI: "sips:1003@example.org", User: "1003", Host: "example.org"}, "sips:1003@example.org",
			"1003@example.org"},
		{ua.Address{URI: "sip:sip.example.com", Host: "sip.example.com"}, "sip:sip.example.com", "sip.example.com"},
	} {
		s := then(idle(), out("1", ua.CallCalling),
			out("1", ua.CallEnded, because(ua.CauseOther, 302), func(i *ua.CallInfo) { i.MovedTo = c.to }))
		if s.Ended == nil {
			t.Fatal("nothing is told")
		}
		if got, want := text.English.Tell(s.Ended.Why), "101 has moved to "+c.shown+". Call there instead."; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		texttest.WantSentence(t, c.shown, s.Ended.Why)
		target, _ := s.Ended.Moved()
		plan := Plan(s, then(s, screen.MakeCall{Target: target}), screen.MakeCall{Target: target})
		if len(plan) != 1 || plan[0].(Invite).Target != c.target {
			t.Errorf("%s: planned %+v", c.target, plan)
		}
	}
}

// TestTroubleOfACallIsToldOnce: what is wrong with a call that goes on is a message that stays, and comes once.
func TestTroubleOfACallIsToldOnce(t *testing.T) {
	event := func(trouble ua.Cause, muted bool) Event {
		e := out("1", ua.CallEstablished).(Told).Event.(ua.CallEvent)
		e.Info.Trouble, e.Info.Muted = trouble, muted
		return told(e)
	}
	wrong := ua.Cause{Kind: ua.CauseProtocol, Reason: "no description"}
	s := then(onCall(), event(wrong, false), event(wrong, true), event(wrong, false))
	if s.Problem.Count != 1 || s.Problem.Text.Key != text.CallTrouble {
		t.Errorf("got %+v, want it told once", s.Problem)
	}
	texttest.WantSentence(t, "trouble", s.Problem.Text)
	if s = then(s, event(ua.Cause{}, false)); s.Problem.Count != 1 || len(s.Calls.All) != 1 {
		t.Errorf("got %+v, want nothing more once it is over", s.Problem)
	}
	if s = then(s, event(wrong, false)); s.Problem.Count != 2 {
		t.Errorf("got %+v, want it told again when it comes again", s.Problem)
	}
}
