package ua

import (
	"strings"
	"testing"
	"time"
)

func TestPanicCostsATurnNotTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		h.agent.post(func(time.Time) { panic("made up by the test") })
		ev := h.wantEvent("reported", "fault")[0].(FaultEvent)
		if !strings.Contains(ev.Err.Error(), "made up by the test") {
			t.Errorf("fault %v", ev.Err)
		}
		p.send("INFO")
		h.wantSent("the call lives", "200 INFO")
		if call.Info().State != CallEstablished {
			t.Error("the call is gone")
		}
	})
}

func TestPanicOfTheEngineEndsThatCallOnly(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.talkIn()
		h.media.panicNext = "offer"
		h.dialTo("1003")
		h.wantSent("no INVITE")
		h.wantEvent("reported", "preparing", "fault", "ended audio failed")
		if n := len(h.agent.State().Calls); n != 1 {
			t.Errorf("%d calls, want the first", n)
		}
	})
}
