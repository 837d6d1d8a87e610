package ua

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestPanicCostsATurnNotTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		h.agent.post(turn(func(time.Time) { panic("made up by the test") }))
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

// TestPanicAnswersWhoWaits shows that nobody waits for ever for a turn that has failed, be it the one that began or a later one.
func TestPanicAnswersWhoWaits(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkIn()
		hold := h.async(func() error { return call.Hold(h.t.Context()) })
		h.wantRequest("waiting for the other side", sip.INVITE)
		h.wantErr("it waits", hold(), errStillWaiting)
		failed := h.async(func() error {
			_, err := h.agent.ask(h.t.Context(), &act{deed: &deed{do: func(*core, time.Time, *act, replier) {
				panic("made up by the test")
			}}})
			return err
		})
		h.wantErr("the turn has failed", failed(), errFault)
		h.wantErr("and who waited for something else", hold(), errFault)
		h.wantEvent("reported", "established busy", "fault")
		if n := len(h.agent.waiting); n != 0 {
			t.Errorf("%d methods left", n)
		}
		h.forget()
	})
}

// brittle is a source of randomness that gives up.
type brittle struct {
	io.Reader
	broken bool
}

func (b *brittle) Read(p []byte) (int, error) {
	if b.broken {
		panic("no randomness left")
	}
	return b.Reader.Read(p)
}

func TestPanicOfTheConfigurationAnswersInvite(t *testing.T) {
	source := &brittle{Reader: newSeeded(1)}
	play(t, func(c *Config) { c.Rand = source }, func(h *harness) {
		h.start()
		source.broken = true
		invite := h.async(func() error { _, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{}); return err })
		h.wantErr("told", invite(), errFault)
		source.broken = false
		h.dialTo("1002")
		h.wantRequest("it goes on", sip.INVITE)
		h.forget()
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
