package phone

import (
	"context"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestServerMayPressButtons: under the setting that answers calls by themselves, and by its rules.
func TestServerMayPressButtons(t *testing.T) {
	auto := func(s screen.Snapshot) screen.Snapshot { s.AutoAnswer = true; return s }
	undisturbed := func(s screen.Snapshot) screen.Snapshot { s.DoNotDisturb = true; return s }
	ringing := then(idle(), comes("9"))
	heldCall := then(onCall(), out("1", ua.CallEstablished, held))
	for _, c := range []struct {
		why       string
		s         screen.Snapshot
		id, event string
		want      bool
	}{
		{"a call rings", auto(ringing), "9", "talk", true},
		{"the setting is off", ringing, "9", "talk", false},
		{"do not disturb", undisturbed(auto(ringing)), "9", "talk", false},
		{"a call rings during another", auto(then(onCall(), comes("9"))), "9", "talk", false},
		{"a call rings while one is made", auto(then(idle(), out("1", ua.CallRinging), comes("9"))), "9", "talk", false},
		{"another call is being answered", auto(then(ringing, comes("8"), screen.Answer{ID: "8"})), "9", "talk", false},
		{"nobody to hold", auto(ringing), "9", "hold", false},
		{"hold", auto(onCall()), "1", "hold", true},
		{"hold, the setting is off", onCall(), "1", "hold", false},
		{"resume", auto(heldCall), "1", "talk", true},
		{"resume, the setting is off", heldCall, "1", "talk", false},
		{"resume into another call", auto(then(heldCall, out("2", ua.CallEstablished))), "1", "talk", false},
		{"a call that is not there", auto(idle()), "9", "talk", false},
		{"a call of ours that rings there", auto(then(idle(), out("1", ua.CallRinging))), "1", "talk", false},
	} {
		if got := mayControl(c.s, c.id, c.event); got != c.want {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

func TestControlFollowsTheSetting(t *testing.T) {
	for _, c := range []struct {
		flags     []config.Flag
		announced bool
		allowed   bool
	}{
		{nil, false, false}, // the operator says no, and the user may not change it
		{[]config.Flag{config.EditSettings}, true, false},
		{[]config.Flag{config.AutoAnswer}, true, true},
	} {
		cfg := oneServerConfig()
		cfg.Flags = c.flags
		story(t, cfg, func(h *harness) {
			h.login()
			control := h.agent().cfg.AcceptControl
			if (control != nil) != c.announced {
				h.Fatalf("%v: announced is %v", c.flags, control != nil)
			}
			if control == nil {
				return
			}
			h.tell(comes("9"))
			if got := control(context.Background(), ua.CallInfo{ID: "9"}, "talk"); got != c.allowed {
				h.Errorf("%v: may answer is %v", c.flags, got)
			}
			h.tell(in("9", ua.CallEstablished))
			if got := control(context.Background(), ua.CallInfo{ID: "9"}, "hold"); got != c.allowed {
				h.Errorf("%v: may hold is %v", c.flags, got)
			}
			over, cancel := context.WithCancel(context.Background())
			cancel()
			control(over, ua.CallInfo{ID: "9"}, "hold") // returns
		})
	}
}
