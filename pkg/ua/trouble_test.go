package ua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// wantGoesOn lets time pass and checks that the call is still there and that nothing more was said in its dialog.
func (h *harness) wantGoesOn(why string, call *Call) {
	h.t.Helper()
	h.advance(2 * time.Minute)
	h.wantSent(why)
	if got := call.Info(); got.State != CallEstablished || got.Busy {
		h.t.Errorf("%s: call %+v", why, got)
	}
}

// troubles counts how often it was told that something is wrong with a call that goes on.
func (h *harness) troubles() (n int) {
	h.collect()
	before := Cause{}
	for _, ev := range h.seen {
		switch ev := ev.(type) {
		case CallEvent:
			if ev.Info.Trouble != before && ev.Info.Trouble.Kind != CauseNone {
				n++
			}
			before = ev.Info.Trouble
		case FaultEvent:
			n++
		}
	}
	h.seen = nil
	return n
}

// changes are the ways in which an offer of ours comes about in an answered call; each returns its re-INVITE.
var changes = map[string]func(h *harness, call *Call) (*sip.Request, func() error){
	"hold": func(h *harness, call *Call) (*sip.Request, func() error) {
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		return h.wantRequest("hold", sip.INVITE), held
	},
	"repair": func(h *harness, _ *Call) (*sip.Request, func() error) {
		h.loseAndRegister()
		return h.wantRequest("repair", sip.INVITE), nil
	},
	"repair of a lost path": func(h *harness, _ *Call) (*sip.Request, func() error) {
		h.media.lost.Store(true)
		h.loseAndRegister()
		h.media.lost.Store(false)
		return h.wantRequest("repair", sip.INVITE), nil
	},
	"refresh": func(h *harness, call *Call) (*sip.Request, func() error) {
		h.agent.post(turn(func(now time.Time) { call.s.startOp(now, &offerOp{kind: opRefresh}) }))
		return h.wantRequest("refresh", sip.INVITE), nil
	},
}

func TestAnswerThatCannotBeUsedKeepsTheCall(t *testing.T) {
	for name, change := range changes {
		for what, body := range map[string][]string{"unusable": {sdp("bad")}, "missing": nil} {
			t.Run(name+" "+what, func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.media.restarts = true
					h.start()
					_, call := h.talkOut()
					req, held := change(h, call)
					audio := h.media.last()
					if body != nil {
						audio.failWith("set", media.ErrBadSDP)
					}
					h.forget()
					h.respond(req, 200, append(body, okContact)...)
					msgs := h.wantSent("the 200 is acknowledged, and what is in use is offered again", "ACK", "INVITE")
					got := strings.ReplaceAll(audio.history(), "unmute, ", "") // at any time: it does not wait for the jobs
					if !strings.HasSuffix(got, "rollback, offer sendrecv") {
						t.Errorf("media: %s", got)
					}
					audio.failWith("none", nil)
					h.respond(msgs[1].(*sip.Request), 200, okContact, sdp("back"))
					h.wantSent("agreed", "ACK")
					wantTold := 1
					if held != nil {
						h.wantErr("who has asked is told", held(), ErrMedia)
						wantTold = 0
					}
					if n := h.troubles(); n != wantTold {
						t.Errorf("told %d times, want %d", n, wantTold)
					}
					if why := call.Info().Trouble; wantTold > 0 && (!strings.Contains(why.Reason, "session description") ||
						!strings.Contains(why.Explanation, "as before")) {
						t.Errorf("told %+v", why)
					}
					h.wantGoesOn("both sides are where they were", call)
					h.forget()
				})
			})
		}
	}
}

func TestAnswerThatStaysUnusableIsToldOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.media.last().failWith("set", media.ErrBadSDP)
		req, _ := changes["repair"](h, call)
		h.forget()
		for range 2 {
			h.respond(req, 200, okContact, sdp("bad"))
			msgs := h.wantSentPrefix("acknowledged", "ACK")
			if len(msgs) > 1 {
				req = msgs[1].(*sip.Request)
			}
		}
		if n := h.troubles(); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
		h.wantGoesOn("two tries are enough", call)
		h.media.last().failWith("none", nil)
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("works again", "ACK")
		h.wantErr("held", held(), nil)
		if why := call.Info().Trouble; why != (Cause{}) {
			t.Errorf("%+v although a change has worked since", why)
		}
		h.forget()
	})
}

// wantSentPrefix is wantSent for what begins with these messages.
func (h *harness) wantSentPrefix(why string, want ...string) []sip.Message {
	h.t.Helper()
	h.collect()
	for i, label := range labels(h.sent) {
		if i < len(want) && label != want[i] {
			h.t.Fatalf("%s: sent %q, want %q first", why, labels(h.sent), want)
		}
	}
	msgs := h.sent
	h.sent = nil
	return msgs
}

func labels(msgs []sip.Message) (list []string) {
	for _, m := range msgs {
		list = append(list, label(m))
	}
	return list
}

func TestUnusableAnswerInAnACKKeepsTheCall(t *testing.T) {
	for name, body := range map[string]string{"unusable": sdp("bad"), "missing": "X-None: 1"} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				p.send("INVITE")
				h.wantSent("our offer", "200 INVITE")
				h.media.last().failWith("set", media.ErrBadSDP)
				h.recv(p.text("ACK", p.seq, body))
				req := h.wantRequest("what is in use is offered again", sip.INVITE)
				h.media.last().failWith("none", nil)
				h.respond(req, 200, okContact, sdp("back"))
				h.wantSent("agreed", "ACK")
				if n := h.troubles(); n != 1 {
					t.Errorf("told %d times, want once", n)
				}
				h.wantGoesOn("the audio is as before", call)
				h.forget()
			})
		})
	}
}

func TestRefusedRestartPutsTheOldMediaBack(t *testing.T) {
	for _, code := range []int{403, 404, 488, 500, 503, 606} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true
				h.start()
				_, call := h.talkOut()
				req, _ := changes["repair of a lost path"](h, call)
				if userFragment(req.Body()) != "u0-1" {
					t.Fatalf("no new credentials in\n%s", req.Body())
				}
				h.respond(req, code)
				msgs := h.wantSent("the other side may have put the old ones aside", "ACK", "INVITE")
				again := msgs[1].(*sip.Request)
				if got := userFragment(again.Body()); got != "u0-0" {
					t.Errorf("offered %s again, want those in use", got)
				}
				h.respond(again, 200, okContact, sdp("back"))
				h.wantSent("agreed", "ACK")
				h.wantGoesOn("the audio was never gone", call)
				h.forget()
			})
		})
	}
}

func TestRefusedRepairWithoutRestartIsNotMended(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		_, call := h.talkOut()
		req, _ := changes["repair"](h, call)
		h.respond(req, 488)
		h.wantSent("the other side has what is in use", "ACK")
		h.wantGoesOn("the audio was never gone", call)
		h.forget()
	})
}

func TestFailedPathThatIsNotRenewedEndsWithItsCause(t *testing.T) {
	for code, tries := range map[int]int{488: 1, 603: 1, 503: maxRestarts, 480: maxRestarts} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true
				h.start()
				_, call := h.talkOut()
				h.media.last().states <- media.StateFailed
				for i := range tries {
					req := h.wantRequest("a new path is offered", sip.INVITE)
					h.respond(req, code)
					if i < tries-1 {
						h.wantSent("it may be taken later", "ACK")
						h.advance(restartAgain)
					}
				}
				h.respond(h.wantSent("no audio, no call", "ACK", "BYE")[1].(*sip.Request), 200)
				why := call.Info().Cause
				if why.Kind != CauseMedia || why.Code != code || !strings.Contains(why.Explanation, fmt.Sprint(code)) ||
					strings.Contains(why.Explanation, "firewall") {
					t.Errorf("cause %+v", why)
				}
				h.forget()
			})
		})
	}
}

func TestRefusedRestartOfAPathThatComesBack(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		_, call := h.talkOut()
		h.media.last().states <- media.StateFailed
		req := h.wantRequest("a new path is offered", sip.INVITE)
		h.media.last().states <- media.StateConnected
		h.collect()
		h.respond(req, 488)
		h.wantSent("not needed any more", "ACK")
		h.wantGoesOn("the audio is there", call)
		h.forget()
	})
}

func TestMediaFailureWaitsForWhatIsUnderWay(t *testing.T) {
	for name, code := range map[string]int{"agreed": 200, "refused": 488} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true
				h.start()
				_, call := h.talkOut()
				req, _ := changes["hold"](h, call)
				h.media.last().states <- media.StateFailed
				h.wantSent("one offer at a time")
				h.respond(req, code, okContact, sdp("held", "a=recvonly"))
				restart := h.wantSent("then the path is renewed", "ACK", "INVITE")[1].(*sip.Request)
				h.respond(restart, 200, okContact, sdp("new", "a=recvonly"))
				h.wantSent("agreed", "ACK")
				h.media.last().states <- media.StateConnected
				if got := h.media.last().history(); !strings.Contains(got, "restart") {
					t.Errorf("media: %s", got)
				}
				h.wantGoesOn("the audio is back", call)
				h.forget()
			})
		})
	}
}

func TestMediaFailureWhileTheirOfferIsAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		p, call := h.talkIn()
		p.send("INVITE", sdp("new"))
		h.wantSent("answered", "200 INVITE")
		h.media.last().states <- media.StateFailed
		req := h.wantRequest("the path is renewed", sip.INVITE)
		h.recv(p.text("ACK", p.seq))
		h.respond(req, 200, okContact, sdp("newer"))
		h.wantSent("agreed", "ACK")
		h.wantGoesOn("the audio is back", call)
		h.forget()
	})
}

// An early path that fails is no reason to give up a call that rings: it is renewed once there is somebody.
func TestMediaFailureBeforeTheAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=far", okContact, sdp("early"))
		h.media.last().states <- media.StateFailed
		h.wantSent("it may still be answered")
		h.respond(invite, 200, "tag=far", okContact, sdp("early"))
		req := h.wantSent("answered, and the path renewed", "ACK", "INVITE")[1].(*sip.Request)
		h.respond(req, 200, okContact, sdp("new"))
		h.wantSent("agreed", "ACK")
		h.wantGoesOn("the audio is there", call)
		h.forget()
	})
}

func TestConnectionLostWhileTheAnswerIsApplied(t *testing.T) {
	for _, when := range []string{"before the return", "after the return"} {
		t.Run(when, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.answers = make(chan struct{})
				h.start()
				call := h.dialTo("1002")
				h.respond(h.wantRequest("calling", sip.INVITE), 200, "tag=far", okContact, sdp("far"))
				h.wantSent("answered", "ACK")
				h.lose()
				if when == "before the return" {
					close(h.media.answers)
					h.collect()
					if call.Info().Busy {
						t.Error("busy although nothing can be done")
					}
				}
				h.advance(time.Second)
				h.grant(h.wantRequest("registered", sip.REGISTER), 600)
				if when == "after the return" {
					h.advance(70 * time.Second)
					h.wantSent("nothing to offer yet")
					close(h.media.answers)
				}
				h.respond(h.wantRequest("the dialog is repaired", sip.INVITE), 200, okContact, sdp("back"))
				h.wantSent("agreed", "ACK")
				h.wantGoesOn("a call like any other", call)
				h.forget()
			})
		})
	}
}

func TestConnectionLostWhileAHoldIsApplied(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		req, held := changes["hold"](h, call)
		h.media.answers = make(chan struct{})
		h.respond(req, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("acknowledged", "ACK")
		h.loseAndRegister()
		h.wantSent("nothing while the answer is being applied")
		close(h.media.answers)
		repair := h.wantRequest("the hold was agreed over the lost connection, so the dialog wants a repair", sip.INVITE)
		h.wantErr("held", held(), nil)
		if !strings.Contains(string(repair.Body()), "a=sendonly") {
			t.Errorf("the hold is not kept:\n%s", repair.Body())
		}
		h.respond(repair, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("agreed", "ACK")
		h.wantGoesOn("on hold", call)
		h.forget()
	})
}

// A hold that is pressed while the connection comes back waits for the registration, and is the repair too.
func TestHoldBeforeTheRegistrationWaitsForIt(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.lose()
		h.advance(time.Second)
		register := h.wantRequest("registering", sip.REGISTER)
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.wantSent("its answer would not find us")
		h.grant(register, 600)
		h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("agreed", "ACK")
		h.wantErr("held", held(), nil)
		h.wantGoesOn("repaired too", call)
		h.forget()
	})
}

func TestRepairThatAlwaysCollidesLeavesTheAudio(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.loseAndRegister()
		for range (1 + maxRepairs) * maxGlares {
			h.respond(h.wantRequest("repair", sip.INVITE), 491)
			h.wantSent("refused", "ACK")
			h.advance(11 * time.Second)
		}
		h.wantGoesOn("enough", call)
		if why := call.Info().Trouble; why.Code != 491 || why.Explanation == "" {
			t.Errorf("told %+v", why)
		}
		h.forget()
	})
}

func TestConnectionLostBeforeTheAnswerInAnACK(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		_, call := h.ringIn()
		call.Accept(h.t.Context())
		h.wantSent("our offer", "200 INVITE")
		h.loseAndRegister()
		req := h.wantRequest("the offer comes again", sip.INVITE)
		h.respond(req, 200, okContact, sdp("far"))
		h.wantSent("agreed", "ACK")
		if got := h.media.last().history(); got != "offer sendrecv, rollback, fresh sendrecv, set far" {
			t.Errorf("media: %s", got)
		}
		h.wantGoesOn("talking", call)
		h.forget()
	})
}
