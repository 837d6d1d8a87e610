package ua

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// registerAgain lets the user agent register over a new connection.
func (h *harness) registerAgain() {
	h.t.Helper()
	for i := 0; i < 30 && len(h.sent) == 0; i++ { // each loss that follows another soon is mended later
		h.advance(time.Second)
	}
	h.grant(h.wantRequest("registered", sip.REGISTER), 7200)
}

// wantSameExchange checks that a CANCEL or ACK belongs to its INVITE (RFC 3261 sections 9.1 and 17.1.1.3).
func wantSameExchange(t *testing.T, invite, got *sip.Request) {
	t.Helper()
	for what, of := range map[string]func(*sip.Request) string{
		"Request-URI":       func(r *sip.Request) string { return r.Recipient.String() },
		"Via":               func(r *sip.Request) string { return r.Via().Value() },
		"number of Vias":    func(r *sip.Request) string { return fmt.Sprint(len(r.GetHeaders("Via"))) },
		"Route":             func(r *sip.Request) string { return header2(r, "Route") },
		"From":              func(r *sip.Request) string { return r.From().Value() },
		"Call-ID":           func(r *sip.Request) string { return r.CallID().Value() },
		"number of CSeq":    func(r *sip.Request) string { return fmt.Sprint(r.CSeq().SeqNo) },
		"To without a tag":  func(r *sip.Request) string { return r.To().Address.String() },
		"transport of Via":  func(r *sip.Request) string { return r.Via().Transport },
		"method of its own": func(r *sip.Request) string { return fmt.Sprint(r.Method == r.CSeq().MethodName) },
	} {
		if of(got) != of(invite) {
			t.Errorf("%s %s: %q, want %q of the INVITE", got.Method, what, of(got), of(invite))
		}
	}
}

func header2(m sip.Message, name string) (values string) {
	for _, h := range m.GetHeaders(name) {
		values += h.Value() + "\n"
	}
	return values
}

func TestCutOffCallIsCancelledOverTheNextConnection(t *testing.T) {
	for name, before := range map[string]func(h *harness, call *Call, invite *sip.Request){
		"nothing heard": func(*harness, *Call, *sip.Request) {},
		"trying":        func(h *harness, _ *Call, invite *sip.Request) { h.respond(invite, 100) },
		"ringing":       func(h *harness, _ *Call, invite *sip.Request) { h.respond(invite, 180, "tag=a", okContact) },
		"early media": func(h *harness, _ *Call, invite *sip.Request) {
			h.respond(invite, 183, "tag=a", okContact, sdp("early"))
		},
		"given up, not cancelled yet": func(h *harness, call *Call, _ *sip.Request) { call.Hangup(h.t.Context()) },
		"cancelled": func(h *harness, call *Call, invite *sip.Request) {
			h.respond(invite, 180, "tag=a", okContact)
			call.Hangup(h.t.Context())
			h.wantRequest("given up", sip.CANCEL)
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.begin()
				h.grant(h.wantRequest("registers", sip.REGISTER), 600, "Service-Route: <sip:edge.example.com;lr>")
				h.forget()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				before(h, call, invite)
				h.lose()
				if info := call.Info(); info.State != CallEnded || info.Cause.Explanation == "" {
					t.Errorf("call %+v", info)
				}
				h.registerAgain()
				cancel := h.wantRequest("whoever rings is told", sip.CANCEL)
				wantSameExchange(t, invite, cancel)
				h.respond(cancel, 200)
				h.respond(invite, 487, "tag=a")
				wantSameExchange(t, invite, h.wantRequest("over", sip.ACK))
				h.advance(3 * time.Minute)
				h.wantSent("nothing more")
				h.forget()
			})
		})
	}
}

// A 200 that crosses the CANCEL, or comes before it, is acknowledged and ended once, however often it comes.
func TestAnswerToACutOffCall(t *testing.T) {
	for _, when := range []string{"before the CANCEL", "after the CANCEL", "late"} {
		t.Run(when, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				h.respond(invite, 180, "tag=a", okContact)
				h.lose()
				h.advance(time.Second)
				register := h.wantRequest("registering", sip.REGISTER)
				if when != "before the CANCEL" {
					h.grant(register, 600)
					h.respond(h.wantRequest("given up", sip.CANCEL), 200)
				}
				if when == "late" {
					h.advance(40 * time.Second)
				}
				h.respond(invite, 200, "tag=a", okContact, sdp("far"))
				bye := h.wantSent("a call nobody wants any more", "ACK", "BYE")[1].(*sip.Request)
				h.respond(invite, 200, "tag=a", okContact, sdp("far"))
				h.wantRequest("once more", sip.ACK)
				h.respond(bye, 200)
				h.respond(invite, 200, "tag=a", okContact, sdp("far"))
				h.wantRequest("and again", sip.ACK)
				h.respond(invite, 200, "tag=b", okContact, sdp("far"))
				h.wantSent("another fork", "ACK", "BYE")
				if when == "before the CANCEL" {
					h.grant(register, 600)
					h.wantSent("it is answered, so there is nothing to cancel")
				}
				h.forget()
			})
		})
	}
}

func TestCancelOfACutOffCallIsNotSentForEver(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 180, "tag=a", okContact)
		h.ringInQuietly()
		h.dialWith(func(context.Context, string) error { return &transport.DialError{} })
		h.lose()
		h.forget()
		h.advance(ringLate)
		h.dialWith(nil)
		h.advance(40 * time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.wantSent("nobody rings that long")
		h.forget()
	})
}

func TestCancelIsSaidAgainAfterAnotherLoss(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=a", okContact)
		for range 3 {
			h.lose()
			h.registerAgain()
			wantSameExchange(t, invite, h.wantRequest("given up", sip.CANCEL))
		}
		h.respond(invite, 487, "tag=a")
		h.wantRequest("over", sip.ACK)
		h.lose()
		h.registerAgain()
		h.wantSent("that is done")
		h.forget()
	})
}

func TestCutOffIncomingCallIsRefusedOverTheNextConnection(t *testing.T) {
	for name, accepting := range map[string]bool{"ringing": false, "waiting for the microphone": true} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.gate = make(chan struct{})
				h.start()
				p := h.caller("cut")
				p.send("INVITE", sdp("in"), "branch=z9hG4bKcut")
				ringing := h.wantSent("rings", "100 INVITE", "180 INVITE")[1].(*sip.Response)
				ev := h.wantEvent("rings", "incoming")[0].(IncomingCallEvent)
				accepted := func() error { return ErrTransport }
				if accepting {
					accepted = h.async(func() error { return ev.Call.Accept(h.t.Context()) })
				}
				h.lose()
				close(h.media.gate)
				h.wantErr("not accepted", accepted(), ErrTransport)
				h.registerAgain()
				res := h.wantResponse("the caller is told", "480 INVITE")
				for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
					if got, want := header2(res, name), header2(ringing, name); got != want {
						t.Errorf("%s %q, want %q as in the 180", name, got, want)
					}
				}
				h.recv(p.text("ACK", p.seq, "branch=z9hG4bKcut"))
				h.lose()
				h.registerAgain()
				h.wantSent("once")
				h.forget()
			})
		})
	}
}

func TestCutOffCallsAreToldOverTheOtherFlow(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=a", okContact)
		h.caller("in").send("INVITE", sdp("in"))
		h.forget()
		h.cut()
		h.at(serverB)
		msgs := h.wantSent("both are told at once", "CANCEL", "480 INVITE")
		slices.SortFunc(msgs, func(a, b sip.Message) int { return len(label(a)) - len(label(b)) })
		wantSameExchange(t, invite, msgs[0].(*sip.Request))
		h.respond(msgs[0].(*sip.Request), 200)
		h.respond(invite, 200, "tag=a", okContact, sdp("far"))
		bye := h.wantSent("a 200 that crossed", "ACK", "BYE")[1].(*sip.Request)
		h.respond(bye, 200)
		h.forget()
	})
}

func TestRefusalOfACutOffCallIsAcknowledgedOverTheOtherFlow(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=a", okContact)
		h.cut()
		h.at(serverB)
		h.respond(h.wantRequest("given up", sip.CANCEL), 200)
		h.respond(invite, 487, "tag=a")
		wantSameExchange(t, invite, h.wantRequest("over", sip.ACK))
		h.forget()
	})
}

func TestWhatIsSaidLaterIsBounded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		for range 3 {
			for range maxCalls {
				h.dialTo("1002")
			}
			h.sent = nil
			h.lose()
			h.advance(20 * time.Second)
			h.forget() // the REGISTER gets no answer
		}
		if n := look(h, func(c *core) int { return len(c.late) }); n > maxLate {
			t.Errorf("%d messages wait for a connection", n)
		}
	})
}

// One BYE: whatever happens to a call that is ending, its dialog gets one, or the same one again.

func TestHangupWhileAnOKWaitsForItsACK(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("INVITE", sdp("new"))
		h.wantSent("answered", "200 INVITE")
		repeats := func(seconds int) {
			for range seconds {
				h.advance(time.Second)
				h.sent = slices.DeleteFunc(h.sent, func(m sip.Message) bool { return label(m) == "200 INVITE" })
			}
		}
		repeats(10)
		h.wantErr("hung up", call.Hangup(h.t.Context()), nil)
		h.wantSent("hung up", "BYE")
		repeats(25)
		h.wantSent("the ACK is not worth another BYE")
		p.send("BYE")
		h.wantSent("theirs crosses", "200 BYE")
		if why := call.Info().Cause.Kind; why != CauseHangupLocal {
			t.Errorf("ended by %v, want the reason of our BYE", why)
		}
		repeats(60)
		h.wantSent("nothing more")
		h.forget()
	})
}

func TestDialogGetsOneBye(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.agent.post(turn(func(now time.Time) {
			for range 3 {
				h.agent.core.byeDialog(now, call.s.dlg)
			}
		}))
		h.wantSent("asked for three times", "BYE")
		h.forget()
	})
}

func TestByeThatWasCutOffIsTheSameOneAgain(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		call.Hangup(h.t.Context())
		first := h.wantRequest("hung up", sip.BYE)
		h.lose()
		h.registerAgain()
		again := h.wantRequest("it may not have arrived", sip.BYE)
		wantSameExchange(t, first, again)
		h.respond(again, 481)
		h.lose()
		h.registerAgain()
		h.wantSent("over")
		h.forget()
	})
}

func TestStrayAnswerIsEndedOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=a", okContact)
		h.respond(invite, 486, "tag=a")
		h.wantSent("refused", "ACK")
		for i := range 3 {
			h.respond(invite, 200, "tag=b", okContact, sdp("far"))
			if i == 0 {
				h.wantSent("a fork that answered nevertheless", "ACK", "BYE")
			} else {
				h.wantSent("the same once more", "ACK")
			}
		}
		if call.Info().State != CallEnded {
			t.Error("not ended")
		}
		h.forget()
	})
}
