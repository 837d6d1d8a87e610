package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestHoldAndResume(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		req := h.wantRequest("hold is said on the network", sip.INVITE)
		if !strings.Contains(string(req.Body()), "a=sendonly") || tagOf(req.To().Params) != "far" {
			t.Errorf("re-INVITE\n%s", req)
		}
		h.wantErr("no second change meanwhile", call.Resume(h.t.Context()), ErrState)
		h.respond(req, 200, okContact, sdp("held", "a=recvonly"))
		ack := h.wantRequest("ACKed", sip.ACK)
		if ack.CSeq().SeqNo != req.CSeq().SeqNo {
			t.Errorf("ACK has CSeq %d, want %d", ack.CSeq().SeqNo, req.CSeq().SeqNo)
		}
		h.wantErr("held", held(), nil)
		h.wantErr("held already", call.Hold(h.t.Context()), nil)
		h.wantEvent("held", "established busy", "established held")
		resumed := h.async(func() error { return call.Resume(h.t.Context()) })
		req = h.wantRequest("resumed", sip.INVITE)
		h.respond(req, 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		h.respond(req, 200, okContact, sdp("back"))
		h.wantSent("a repeated 200 is ACKed again", "ACK")
		h.wantErr("resumed", resumed(), nil)
		h.wantEvent("back", "established busy held", "established")
		if got := h.media.last().history(); got != "offer sendrecv, set far, mute, offer sendonly, set held, offer sendrecv, "+
			"set back, unmute" {
			t.Errorf("media: %s; want the microphone off as long as the other side is held", got)
		}
	})
}

func TestRefusedHoldGivesTheMicrophoneBack(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.respond(h.wantRequest("hold", sip.INVITE), 488)
		h.wantSent("refused", "ACK")
		if err := held(); err == nil {
			t.Error("no error from a hold that was refused")
		}
		h.wantEvent("as before", "established busy", "established")
		if got := h.media.last().history(); strings.Count(got, "unmute") != 1 ||
			!strings.Contains(got, ", mute, offer sendonly") {
			t.Errorf("media: %s", got)
		}
	})
}

func TestMutedCallStaysMutedAfterAHold(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.wantErr("muted", call.Mute(true), nil)
		for _, change := range []func() error{
			func() error { return call.Hold(h.t.Context()) }, func() error { return call.Resume(h.t.Context()) },
		} {
			done := h.async(change)
			h.respond(h.wantRequest("hold, resume", sip.INVITE), 200, okContact, sdp("x"))
			h.wantSent("ACKed", "ACK")
			h.wantErr("changed", done(), nil)
		}
		if got := h.media.last().history(); strings.Contains(got, "unmute") {
			t.Errorf("media: %s; want the microphone off, as the user left it", got)
		}
		h.forget()
	})
}

func TestHeldByTheOtherSide(t *testing.T) {
	for name, attribute := range map[string]string{"sendonly": "a=sendonly", "inactive": "a=inactive",
		"RFC 2543": "c=IN IP4 0.0.0.0"} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				p.send("INVITE", sdp("hold", attribute))
				h.wantSent("answered", "200 INVITE")
				h.recv(p.text("ACK", p.seq))
				h.wantEvent("held", "established remote-held")
				held := h.async(func() error { return call.Hold(h.t.Context()) })
				req := h.wantRequest("both hold", sip.INVITE)
				if !strings.Contains(string(req.Body()), "a=inactive") {
					t.Errorf("body %q, want inactive: neither side listens", req.Body())
				}
				h.respond(req, 200, okContact, sdp("x", "a=inactive"))
				h.wantSent("ACKed", "ACK")
				h.wantErr("held", held(), nil)
				h.wantEvent("both", "established busy remote-held", "established held remote-held")
				p.send("INVITE", sdp("back"))
				h.wantSent("they resume", "200 INVITE")
				h.recv(p.text("ACK", p.seq))
				h.wantEvent("only we hold", "established held")
				if got := h.media.last().history(); !strings.HasSuffix(got, "answer back sendonly") {
					t.Errorf("media: %s; want our hold kept in the answer", got)
				}
			})
		})
	}
}

func TestRefusedHoldKeepsTheCall(t *testing.T) {
	for _, code := range []int{488, 500, 603} {
		play(t, nil, func(h *harness) {
			h.start()
			_, call := h.talkOut()
			held := h.async(func() error { return call.Hold(h.t.Context()) })
			h.respond(h.wantRequest("hold", sip.INVITE), code)
			h.wantSent("refused", "ACK")
			var refused *ResponseError
			if err := held(); !errors.As(err, &refused) || refused.Code != code {
				t.Errorf("error %v, want the %d", err, code)
			}
			h.wantEvent("as before", "established busy", "established")
			// The microphone comes back at once, whether the rollback has had its turn or not.
			if got := strings.Replace(h.media.last().history(), ", unmute", "",
				1); got != "offer sendrecv, set far, mute, offer sendonly, rollback" {
				t.Errorf("media: %s, want the hold taken back", got)
			}
		})
	}
}

func TestHoldWithoutFinalResponseIsGivenUp(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		hold := h.wantRequest("hold", sip.INVITE)
		h.respond(hold, 100)
		h.advance(reinviteLimit)
		h.respond(h.wantRequest("an answer that does not come", sip.CANCEL), 200)
		h.respond(hold, 487)
		h.wantSent("ACKed", "ACK")
		if held() == nil {
			t.Error("held without an answer")
		}
		h.wantEvent("the call goes on", "established busy", "established")
	})
}

func TestHangupDuringHold(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		hold := h.wantRequest("hold", sip.INVITE)
		call.Hangup(h.t.Context())
		bye := h.wantRequest("hung up", sip.BYE)
		h.respond(hold, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("even so its 200 is ACKed", "ACK")
		h.respond(bye, 200)
		if held() == nil {
			t.Error("the hold of an ended call succeeded")
		}
		h.wantEvent("over", "established busy", "ending busy", "ended hung up here")
	})
}

// TestNobodyWaitsForACallThatIsOver: every method that waits comes back when its call ends, whatever the far end and the media
// owe an answer.
func TestNobodyWaitsForACallThatIsOver(t *testing.T) {
	for name, ask := range map[string]func(context.Context, *Call) error{
		"stats":        func(ctx context.Context, c *Call) error { _, err := c.Stats(ctx); return err },
		"hold":         func(ctx context.Context, c *Call) error { return c.Hold(ctx) },
		"options":      func(ctx context.Context, c *Call) error { _, err := c.Capabilities(ctx); return err },
		"DTMF by INFO": func(ctx context.Context, c *Call) error { return c.SendInfoDTMF(ctx, "1") },
		"transfer":     func(ctx context.Context, c *Call) error { return c.Transfer(ctx, "sip:carol@example.com") },
	} {
		for _, stuck := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, media stuck %t", name, stuck), func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.start()
					_, call := h.talkOut()
					h.media.stuck.Store(stuck)
					first := h.async(func() error { return ask(h.t.Context(), call) })
					second := h.async(func() error { return ask(h.t.Context(), call) })
					call.Hangup(h.t.Context())
					time.Sleep(2 * time.Minute)
					for _, outcome := range []func() error{first, second} {
						if err := outcome(); errors.Is(err, errStillWaiting) {
							t.Error("one still waits")
						}
					}
					h.forget()
				})
			})
		}
	}
}

func TestMuteIsLocal(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.wantErr("muted", call.Mute(true), nil)
		h.wantErr("muted already", call.Mute(true), nil)
		h.wantEvent("one event", "established muted")
		h.wantSent("nothing in SIP")
		if got := h.media.last().history(); !strings.HasSuffix(got, "mute") {
			t.Errorf("media: %s", got)
		}
		stats, err := call.Stats(h.t.Context())
		if err != nil || stats.Codec != "PCMU" {
			t.Errorf("stats %+v, %v", stats, err)
		}
	})
}

func TestMuteBeforeTheAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.wantErr("muted", call.Mute(true), nil)
		h.wantErr("accepted", call.Accept(h.t.Context()), nil)
		h.collect()
		if got := h.media.last().history(); !strings.Contains(got, "mute") {
			t.Errorf("media: %s; want the microphone off from the start", got)
		}
		h.forget()
	})
}
