package ua

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

func TestOurHoldWaitsForTheirReinvite(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		p.send("INVITE") // without offer: ours goes out in the 200, theirs comes in the ACK
		h.wantSent("our offer", "200 INVITE")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.wantSent("one exchange at a time")
		h.recv(p.text("ACK", p.seq, sdp("late")))
		h.respond(h.wantRequest("now", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ACKed", "ACK")
		h.wantErr("held", held(), nil)
		if got := h.media.last().history(); got != "offer sendrecv, set far, offer sendrecv, mute, set late, offer sendonly, "+
			"set held" {
			t.Errorf("media: %s", got)
		}
		h.forget()
	})
}

func TestReinviteIntoNothingEndsTheCall(t *testing.T) {
	for _, code := range []int{481, 408} {
		play(t, nil, func(h *harness) {
			h.start()
			_, call := h.talkOut()
			held := h.async(func() error { return call.Hold(h.t.Context()) })
			h.respond(h.wantRequest("hold", sip.INVITE), code)
			h.respond(h.wantSent("the dialog is gone (RFC 3261 section 12.2.1.2)", "ACK", "BYE")[1].(*sip.Request), 481)
			var refused *ResponseError
			if err := held(); !errors.As(err, &refused) {
				t.Errorf("error %v", err)
			}
			h.wantEvent("over", "established busy", "established", "ending", "ended connection lost")
		})
	}
}

func TestReinviteIsAuthenticated(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		first := h.wantRequest("hold", sip.INVITE)
		h.respond(first, 401, challenge("n1"))
		second := h.wantSent("again", "ACK", "INVITE")[1].(*sip.Request)
		checkRetry(t, first, second)
		h.respond(second, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ACKed", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
	})
}

func TestLate200OfTheInviteAfterAHold(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("held", "ACK")
		h.wantErr("held", held(), nil)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		if ack := h.wantRequest("the first 200 once more", sip.ACK); ack.CSeq().SeqNo != invite.CSeq().SeqNo {
			t.Errorf("ACK has CSeq %d, want that of the INVITE, not of the hold", ack.CSeq().SeqNo)
		}
		h.forget()
	})
}

func TestHangupCancelsAReinviteUnderWay(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		hold := h.wantRequest("hold", sip.INVITE)
		h.respond(hold, 100)
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("hung up", sip.BYE), 200)
		h.wantRequest("nothing stays open", sip.CANCEL)
		h.respond(hold, 487)
		h.wantSent("ACKed", "ACK")
		if held() == nil {
			t.Error("held after the end")
		}
		h.forget()
	})
}

func TestOfferWeCannotTakeKeepsTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		h.media.last().failWith("answer", media.ErrBadSDP)
		p.send("INVITE", sdp("video"))
		h.wantSent("refused", "488 INVITE")
		h.wantEvent("reported; the call goes on", "fault")
		h.recv(p.text("ACK", p.seq, "branch=z9hG4bKpeer2"))
		h.media.last().failWith("none", nil)
		p.send("INVITE", sdp("audio"))
		h.wantSent("the next is taken", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
	})
}

func TestReinviteMovesTheTarget(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		h.recv(strings.Replace(p.text("INVITE", 2, sdp("moved")), "peer@192.0.2.9", "moved@192.0.2.10", 1))
		h.wantSent("answered", "200 INVITE")
		h.recv(p.text("ACK", 2))
		call.Hangup(h.t.Context())
		bye := h.wantRequest("hung up", sip.BYE)
		if got := bye.Recipient.User; got != "moved" {
			t.Errorf("BYE goes to %s, want the new Contact", bye.Recipient.String())
		}
		h.forget()
	})
}

func TestUpdate(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("UPDATE")
		h.wantSent("a refresh without SDP", "200 UPDATE")
		p.send("UPDATE", sdp("hold", "a=sendonly"))
		res := h.wantResponse("with SDP", "200 UPDATE")
		if len(res.Body()) == 0 {
			t.Error("no answer")
		}
		h.wantEvent("held", "established remote-held")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		ours := h.wantRequest("hold", sip.INVITE)
		p.send("UPDATE", sdp("x"))
		h.wantSent("collision (RFC 3311 section 5.2)", "491 UPDATE")
		h.respond(ours, 200, okContact, sdp("x", "a=inactive"))
		h.wantSent("ACKed", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
	})
}

func TestSecondReinviteBeforeTheAnswerIs500(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.ringIn(sdp("in"))
		p.send("INVITE", sdp("again"))
		res := h.wantResponse("the first is not answered yet (RFC 3261 section 14.2)", "500 INVITE")
		if res.GetHeader("Retry-After") == nil {
			t.Error("no Retry-After")
		}
		h.wantEvent("rings on")
	})
}

func TestOutOfOrderIs500(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.seq = 10
		p.send("INFO")
		h.wantSent("a gap is all right", "200 INFO")
		h.recv(p.text("INFO", 5))
		h.wantSent("going back is not (RFC 3261 section 12.2.2)", "500 INFO")
		h.wantEvent("the call goes on")
	})
}

// TestEqualNumberIsOutOfOrder: a second request with the number of the last one is another one only by mistake, in a call as in a
// subscription. It is refused, and what it wants is not done.
func TestEqualNumberIsOutOfOrder(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.seq++
		for i, want := range []string{"200 INFO", "500 INFO", "500 INFO"} {
			h.recv(p.text("INFO", p.seq, "Content-Type: application/dtmf", "body=5"))
			h.wantSent("the same number", want)
			if i == 0 {
				h.wantEvent("heard", "tone 5")
			}
		}
		h.wantEvent("heard once")
		n, _ := h.watch("presence")
		for range 2 {
			h.recv(n.text("NOTIFY", n.seq, okContact, "Event: presence", "Subscription-State: terminated;reason=rejected"))
			h.wantSent("the number of the one before", "500 NOTIFY")
		}
		h.wantEvent("the subscription goes on")
	})
}

func TestUnknownMethodInDialog(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("PUBLISH")
		if got := h.wantResponse("not here", "405 PUBLISH").GetHeader("Allow"); got == nil {
			t.Error("405 without Allow")
		}
	})
}

func TestByeWithReason(t *testing.T) {
	for reason, want := range map[string]Cause{
		// no status of SIP
		`Q.850;cause=16;text="Normal clearing"`:                                      {Reason: "Normal clearing"},
		`SIP;cause=408;text="session timer"`:                                         {Code: 408, Reason: "session timer"},
		`SIP ;cause=801 ;text="ATTENDED_TRANSFER"`:                                   {Reason: "ATTENDED_TRANSFER"},
		`Q.850;cause=38;text="Network out of order", SIP;cause=503;text="Try later"`: {Code: 503, Reason: "Try later"},
		`Q.850;cause=487;text="ORIGINATOR_CANCEL"`:                                   {Reason: "ORIGINATOR_CANCEL"},
		`;;`: {},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			p, call := h.talkOut()
			p.send("BYE", "Reason: "+reason)
			h.wantSent("answered", "200 BYE")
			h.wantEvent("over", "ended hung up there")
			if why := call.Info().Cause; why.Code != want.Code || why.Reason != want.Reason {
				t.Errorf("%s: cause %+v", reason, why)
			}
		})
	}
}

func TestByeCrossingBye(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		call.Hangup(h.t.Context())
		ours := h.wantRequest("hung up", sip.BYE)
		p.send("BYE")
		h.wantSent("theirs is answered", "200 BYE")
		h.respond(ours, 481)
		h.wantEvent("ended once", "ending", "ended hung up here")
	})
}

func TestByeWhileAnsweringTheirReinvite(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		gate := make(chan struct{})
		h.agent.post(turn(func(now time.Time) { h.media.last().block = gate }))
		p.send("INVITE", sdp("slow"))
		call.Hangup(h.t.Context())
		msgs := h.wantSent("what is open is closed", "487 INVITE", "BYE")
		close(gate)
		h.respond(msgs[1].(*sip.Request), 200)
		h.wantEvent("over", "ending", "ended hung up here")
	})
}

// An offer that is taken back while its answer is made may be in use here already: then the other side is offered that.
func TestReinviteThatIsTakenBackIsMended(t *testing.T) {
	for name, story := range map[string]struct {
		body string
		fail error
		want []string
	}{
		"applied":     {sdp("moved", "a=sendonly"), nil, []string{"INVITE"}},
		"not applied": {sdp("moved"), media.ErrBadSDP, nil},
		"ours":        {"X-None: 1", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				s := h.media.last()
				s.block = make(chan struct{})
				s.failWith("answer", story.fail)
				h.agent.post(turn(func(time.Time) {
					call.s.audio.do(func(context.Context, media.Session) ([]byte, error) { <-s.block; return nil, nil },
						func(time.Time, []byte, error) {}) // an offer of ours takes its time too
				}))
				p.send("INVITE", "branch=z9hG4bKre", story.body)
				h.recv(p.text("CANCEL", p.seq, "branch=z9hG4bKre"))
				h.wantSent("taken back", "200 CANCEL", "487 INVITE")
				close(s.block)
				msgs := h.wantSent("what is in use is offered", story.want...)
				if name == "ours" && !strings.HasSuffix(s.history(), "offer sendrecv, rollback") {
					t.Errorf("media: %s", s.history())
				}
				if len(msgs) > 0 {
					h.respond(msgs[0].(*sip.Request), 200, okContact, sdp("in"))
					h.wantSent("mended", "ACK")
				}
				if info := call.Info(); info.State != CallEstablished || info.HeldRemote || info.Busy {
					t.Errorf("%+v", info)
				}
				h.forget()
			})
		})
	}
}

func TestNothingIsAskedAgainAfterTheBYE(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		h.async(func() error { return call.SendInfoDTMF(h.t.Context(), "5") })
		info := h.wantRequest("a tone", sip.INFO)
		p.send("BYE")
		h.wantSent("over", "200 BYE")
		h.respond(info, 401, challenge("n1"))
		h.wantSent("a challenge is not answered in a dialog that is over")
		h.forget()
	})
}

// A proxy that is gone from the 2xx is gone from the dialog, and one that is new in it belongs to it (RFC 3261 section 13.2.2.4).
func TestAnswerReplacesTheRouteSetOfTheEarlyDialog(t *testing.T) {
	for name, tt := range map[string]struct{ early, final, want string }{
		"another proxy": {"Record-Route: <sip:p1.example.com;lr>", "Record-Route: <sip:p2.example.com;lr>",
			"<sip:p2.example.com;lr>\n"},
		"one more": {"Record-Route: <sip:p1.example.com;lr>", "Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>",
			"<sip:p2.example.com;lr>\n<sip:p1.example.com;lr>\n"},
		"none any more": {"Record-Route: <sip:p1.example.com;lr>", "X-None: 1", ""},
		"only now":      {"X-None: 1", "Record-Route: <sip:p2.example.com;lr>", "<sip:p2.example.com;lr>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				h.respond(invite, 180, "tag=a", okContact, tt.early)
				h.respond(invite, 200, "tag=a", "Contact: <sip:moved@192.0.2.10;transport=ws>", tt.final, sdp("far"))
				ack := h.wantRequest("answered", sip.ACK)
				call.Hangup(h.t.Context())
				for _, req := range []*sip.Request{ack, h.wantRequest("hung up", sip.BYE)} {
					if got := header2(req, "Route"); got != tt.want {
						t.Errorf("%s has Route %q, want %q of the 200", req.Method, got, tt.want)
					}
					if got := req.Recipient.String(); got != "sip:moved@192.0.2.10;transport=ws" {
						t.Errorf("%s goes to %s, want the Contact of the 200", req.Method, got)
					}
				}
				h.forget()
			})
		})
	}
}

func TestByeOfOneEarlyForkLeavesTheOthers(t *testing.T) {
	for _, early := range []string{"", "early"} {
		t.Run(early, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				body := []string{"tag=a", okContact}
				if early != "" {
					body = append(body, sdp(early))
				}
				h.respond(invite, 183, body...)
				h.respond(invite, 180, "tag=b", okContact)
				h.called(invite, "a").send("BYE")
				h.wantSent("one of two is gone", "200 BYE")
				if got := call.Info().State; got != CallRinging {
					t.Fatalf("call %v, want it to go on ringing", got)
				}
				h.respond(invite, 200, "tag=b", okContact, sdp("b"))
				h.wantSentPrefix("the other one answers", "ACK")
				if got := call.Info().State; got != CallEstablished {
					t.Errorf("call %v", got)
				}
				h.forget()
			})
		})
	}
}

// The ACK to a final response ends its INVITE; one that comes while it rings belongs to nothing (RFC 3261 section 17.2.1).
func TestAckWhileRingingChangesNothing(t *testing.T) {
	for what, end := range map[string]func(h *harness, p *peer, call *Call){
		"accepted": func(h *harness, p *peer, call *Call) {
			h.wantErr("accepted", call.Accept(h.t.Context()), nil)
			h.wantSent("the INVITE is still to be answered", "200 INVITE")
			h.recv(p.text("ACK", p.seq))
			if got := call.Info().State; got != CallEstablished {
				h.t.Errorf("call %v", got)
			}
		},
		"rejected": func(h *harness, _ *peer, call *Call) {
			h.wantErr("rejected", call.Reject(h.t.Context(), 486, RejectOptions{}), nil)
			h.wantSent("the INVITE is still to be answered", "486 INVITE")
		},
		"cancelled": func(h *harness, p *peer, call *Call) {
			h.recv(p.text("CANCEL", p.seq, "branch=z9hG4bKring"))
			h.wantSent("the INVITE is still to be cancelled", "200 CANCEL", "487 INVITE")
		},
	} {
		t.Run(what, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.ringIn(sdp("in"), "branch=z9hG4bKring")
				h.recv(p.text("ACK", p.seq, "branch=z9hG4bKring"))
				h.wantIdle("an ACK to nothing")
				end(h, p, call)
				h.forget()
			})
		})
	}
}

// To names who is called; parameters of the way there belong to the Request-URI alone (RFC 3261 sections 8.1.1.2 and 19.1.1).
func TestToHasNoParametersOfTheWay(t *testing.T) {
	for _, target := range []string{"sip:1002@example.com;transport=tcp", "sip:1002@example.com;lr;maddr=192.0.2.1;transport=ws",
		"sip:1002@example.com;user=phone"} {
		for what, ask := range map[string]func(h *harness){
			"INVITE": func(h *harness) { h.dialTo(target) },
			"OPTIONS": func(h *harness) {
				h.async(func() error { _, err := h.agent.Capabilities(h.t.Context(), target); return err })
			},
		} {
			t.Run(what+" "+target, func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.start()
					ask(h)
					req := h.wantRequest("asked", sip.RequestMethod(what))
					if got := req.To().Address.String(); got != "sip:1002@example.com" {
						t.Errorf("To %s", got)
					}
					if got := req.Recipient.String(); !strings.Contains(got, ";") {
						t.Errorf("Request-URI %s has lost its parameters", got)
					}
					h.forget()
				})
			})
		}
	}
}
