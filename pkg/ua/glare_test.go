package ua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestGlareOwnerOfTheCallIDWaitsLonger(t *testing.T) {
	for name, tt := range map[string]struct {
		talk     func(*harness) (*peer, *Call)
		min, max time.Duration
	}{
		"caller": {(*harness).talkOut, 2100 * time.Millisecond, 4 * time.Second},
		"called": {(*harness).talkIn, 0, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := tt.talk(h)
				held := h.async(func() error { return call.Hold(h.t.Context()) })
				h.respond(h.wantRequest("hold", sip.INVITE), 491)
				begun := time.Now()
				h.wantSent("refused", "ACK")
				for len(h.sent) == 0 && time.Since(begun) < 5*time.Second {
					time.Sleep(10 * time.Millisecond)
					h.collect()
				}
				if took := time.Since(begun); took < tt.min || took > tt.max {
					t.Errorf("again after %v, want %v to %v (RFC 3261 section 14.1)", took, tt.min, tt.max)
				}
				h.respond(h.wantRequest("again", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
				h.wantSent("ACKed", "ACK")
				h.wantErr("held in the end", held(), nil)
				h.wantEvent("one busy spell", "established busy", "established held")
				if got := h.media.last().history(); strings.Count(got, "rollback") != 1 {
					t.Errorf("media: %s; want the refused offer taken back", got)
				}
			})
		})
	}
}

func TestGlareForeverIsToldInTheEnd(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		for range maxGlares {
			h.respond(h.wantRequest("hold", sip.INVITE), 491)
			h.wantSent("refused", "ACK")
			time.Sleep(4 * time.Second)
		}
		h.wantErr("glare", held(), ErrGlare)
		h.wantEvent("the call goes on", "established busy", "established")
	})
}

func TestTheirReinviteDuringOursIs491(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		ours := h.wantRequest("hold", sip.INVITE)
		p.send("INVITE", sdp("theirs"))
		h.wantSent("collision", "491 INVITE")
		h.recv(p.text("ACK", p.seq, "branch=z9hG4bKpeer1"))
		h.respond(ours, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ours goes on", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
	})
}
