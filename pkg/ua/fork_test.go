package ua

import (
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// TestManyForksCostLittle answers one INVITE with three hundred To tags, each with a description of its own: few early dialogs
// and media sessions stand for them, and any of them may still take the call.
func TestManyForksCostLittle(t *testing.T) {
	for _, winner := range []string{"f0", "f5", "f299", "f300"} {
		t.Run(winner, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true // so that a session can be cloned
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				for i := range 300 {
					h.respond(invite, 183, fmt.Sprint("tag=f", i), okContact, sdp(fmt.Sprint("fork", i)))
					h.collect()
				}
				if n := len(h.media.sessions); n > maxForks {
					t.Errorf("%d media sessions", n)
				}
				if n := look(h, func(c *core) int { return len(c.dialogs) }); n > maxForks {
					t.Errorf("%d dialogs", n)
				}
				h.forget()
				h.respond(invite, 200, "tag="+winner, okContact, sdp("final"))
				h.collect()
				if len(h.sent) == 0 || label(h.sent[0]) != "ACK" || tagOf(h.sent[0].To().Params) != winner {
					t.Fatalf("sent %v", h.sent)
				}
				if call.Info().State != CallEstablished {
					t.Errorf("the call is %v", call.Info().State)
				}
				h.forget()
			})
		})
	}
}

// A fork whose description came in a reliable 183 has none in its 200 (RFC 3262 section 5). Where that dialog was forgotten, or
// its description not used, another offer brings the audio; the call is not hung up.
func TestReliableForkThatWasForgottenMayAnswer(t *testing.T) {
	for _, winner := range []int{0, 1, 5, 11} {
		for _, clones := range []bool{true, false} {
			t.Run(fmt.Sprint(winner, clones), func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.media.restarts = clones
					h.start()
					call := h.dialTo("1002")
					invite := h.wantRequest("calling", sip.INVITE)
					for i := range 12 {
						h.respond(invite, 183, fmt.Sprint("tag=f", i), okContact, "Require: 100rel", "RSeq: 1",
							sdp(fmt.Sprint("fork", i)))
						h.respond(h.wantRequest("acknowledged", sip.PRACK), 200)
					}
					h.forget()
					h.respond(invite, 200, fmt.Sprint("tag=f", winner), okContact)
					h.collect()
					if len(h.sent) > 1 && label(h.sent[1]) == "INVITE" {
						h.respond(h.sent[1].(*sip.Request), 200, okContact, sdp("fresh"))
						h.collect()
					}
					for _, m := range h.sent {
						if label(m) == "BYE" {
							t.Error("hung up")
						}
					}
					if info := call.Info(); info.State != CallEstablished || info.Busy {
						t.Errorf("%v %+v", info.State, info.Cause)
					}
					h.forget()
				})
			})
		}
	}
}

// TestSurplusAnswersCostLittle answers one INVITE by five hundred telephones: each gets ACK and BYE, and what waits for their
// answers is little.
func TestSurplusAnswersCostLittle(t *testing.T) {
	for _, late := range []time.Duration{0, time.Minute} { // as long as the transaction of the INVITE lives, and after it
		play(t, nil, func(h *harness) {
			h.start()
			h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.respond(invite, 200, "tag=far", okContact, sdp("far"))
			h.forget()
			h.advance(late)
			h.forget()
			for i := range 500 {
				h.respond(invite, 200, fmt.Sprint("tag=surplus", i), okContact, sdp("far"))
				h.wantSent("ended", "ACK", "BYE")
			}
			if n := look(h, func(c *core) int {
				return c.txns.Len() + len(c.sessions[0].early)
			}); n > 2*maxDismissing+2*maxForks {
				t.Errorf("%d transactions and early dialogs", n)
			}
			h.forget()
		})
	}
}

// TestReliableFloodCostsLittle sends reliable responses without waiting for the PRACK of the one before.
func TestReliableFloodCostsLittle(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		pracks := 0
		for i := range 300 {
			h.respond(invite, 180, "tag=far", okContact, "Require: 100rel", fmt.Sprint("RSeq: ", i+1))
			h.collect()
			pracks += len(h.sent)
			h.sent = nil
		}
		if pracks != maxPracks {
			t.Errorf("%d PRACKs", pracks)
		}
		h.forget()
	})
}

// TestNewsOfAReferredCallAreFew lets the new call ring in another way all the time: who sent us there is told some of it, and how
// it ends.
func TestNewsOfAReferredCallAreFew(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		invite := h.referred(p)
		news := 0
		for i := range 300 {
			h.respond(invite, 180+i%4, "tag=new", okContact)
			h.collect()
			news += len(h.sent)
			h.sent = nil
		}
		if news > maxNews {
			t.Errorf("%d NOTIFYs", news)
		}
		h.respond(invite, 486, "tag=new")
		wantNews(t, h.wantSent("the end is told", "ACK", "NOTIFY")[1], "terminated;reason=noresource",
			"SIP/2.0 486 Busy Here\r\n")
		h.forget()
	})
}
