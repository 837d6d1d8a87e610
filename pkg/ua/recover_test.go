package ua

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

func TestCallSurvivesTheLossOfItsConnection(t *testing.T) {
	for name, talk := range map[string]func(*harness) (*peer, *Call){"out": (*harness).talkOut, "in": (*harness).talkIn} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true
				h.start()
				p, call := talk(h)
				h.lose()
				h.advance(time.Second)
				h.grant(h.wantRequest("registered first", sip.REGISTER), 600)
				req := h.wantRequest("then one re-INVITE for the dialog", sip.INVITE)
				if tagOf(req.To().Params) != "far" || req.CallID().Value() != p.callID {
					t.Errorf("re-INVITE\n%s", req)
				}
				h.respond(req, 200, okContact, sdp("back"))
				h.wantSent("ACKed", "ACK")
				h.wantEvent("the call went on all the time", "disconnected", "unregistered", "connecting", "connected",
					"registering", "registered", "established busy", "established")
				if got := h.media.last().history(); !strings.HasSuffix(got, "restart sendrecv, set back") {
					t.Errorf("media: %s; want new ICE credentials", got)
				}
				h.advance(2 * time.Minute)
				if call.Info().State != CallEstablished {
					t.Error("ended although repaired")
				}
				p.send("BYE")
				h.wantSent("still in the dialog", "200 BYE")
				h.wantEvent("over", "ended hung up there")
			})
		})
	}
}

func TestCallEndsAfterAMinuteWithoutConnection(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.dialWith(func(context.Context, string) error { return &transport.DialError{} })
		h.lose()
		h.advance(59 * time.Second)
		if call.Info().State != CallEstablished {
			t.Fatal("ended too soon")
		}
		h.advance(2 * time.Second)
		if info := call.Info(); info.State != CallEnded || info.Cause.Kind != CauseConnectionLost {
			t.Errorf("%+v, want ended because the connection is lost", info)
		}
		h.dialWith(nil)
		h.advance(5 * time.Second)
		h.forget()
		h.agent.Wake()
		h.advance(2 * time.Second)
	})
}

func TestByeOfACallEndedWithoutConnectionLeavesLater(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		h.lose()
		h.wantErr("hung up while offline", call.Hangup(h.t.Context()), nil)
		h.advance(time.Second)
		h.wantEvent("over at once", "disconnected", "unregistered", "ending", "ended hung up here", "connecting", "connected",
			"registering")
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		bye := h.wantRequest("the other side learns it now", sip.BYE)
		if bye.CallID().Value() != p.callID {
			t.Error("BYE of another call")
		}
		h.respond(bye, 200)
		h.wantEvent("registered", "registered")
	})
}

func TestCallThatDidNotSurviveIsEnded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.talkOut()
		h.lose()
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repair", sip.INVITE), 481)
		h.respond(h.wantSent("gone", "ACK", "BYE")[1].(*sip.Request), 481)
		events := h.wantEvent("said", "disconnected", "unregistered", "connecting", "connected", "registering", "registered",
			"established busy", "established", "ending", "ended connection lost")
		if why := events[len(events)-1].(CallEvent).Info.Cause; !strings.Contains(why.Explanation, "did not survive") {
			t.Errorf("cause %+v", why)
		}
	})
}

// loseAndRegister loses the connection in a call and registers over the next one; the repair is to be looked at.
func (h *harness) loseAndRegister() {
	h.t.Helper()
	h.lose()
	h.advance(time.Second)
	h.grant(h.wantRequest("registered", sip.REGISTER), 7200)
}

func TestRepairComesAgainWhileTheOtherSideIsAway(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		_, call := h.talkOut()
		h.loseAndRegister()
		h.respond(h.wantRequest("repair", sip.INVITE), 480)
		h.wantSent("refused", "ACK")
		h.advance(1500 * time.Millisecond)
		h.respond(h.wantRequest("once more", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		if got := h.media.last().history(); !strings.HasSuffix(got, "restart sendrecv, rollback, restart sendrecv, set back") {
			t.Errorf("media: %s; want the first offer taken back", got)
		}
		h.advance(2 * time.Minute)
		h.wantSent("it is repaired")
		if got := call.Info().State; got != CallEstablished {
			t.Errorf("call %v", got)
		}
		h.forget()
	})
}

func TestRepairByTheOtherSideWillDo(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		h.loseAndRegister()
		h.respond(h.wantRequest("repair", sip.INVITE), 480)
		h.wantSent("refused", "ACK")
		p.send("INVITE", sdp("theirs"))
		h.wantSent("answered", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.advance(2 * time.Minute)
		h.wantSent("ours is not needed any more")
		if got := call.Info().State; got != CallEstablished {
			t.Errorf("call %v", got)
		}
		h.forget()
	})
}

func TestHoldBetweenTwoRepairsIsARepair(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.loseAndRegister()
		h.respond(h.wantRequest("repair", sip.INVITE), 503)
		h.wantSent("refused", "ACK")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		req := h.wantRequest("hold", sip.INVITE)
		h.advance(1500 * time.Millisecond)
		h.wantSent("the repair waits for it")
		h.respond(req, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ACKed", "ACK")
		h.wantErr("held", held(), nil)
		h.advance(2 * time.Minute)
		h.wantSent("the way is known to work")
		h.forget()
	})
}

func TestRepairThatIsRefusedForGoodLeavesTheAudio(t *testing.T) {
	for name, tt := range map[string]struct{ code, tries int }{"not found": {404, 1}, "still away": {480, 1 + maxRepairs}} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.talkOut()
				h.loseAndRegister()
				for range tt.tries {
					h.respond(h.wantRequest("repair", sip.INVITE), tt.code)
					h.wantSent("refused", "ACK")
					h.advance(11 * time.Second)
				}
				h.advance(2 * time.Minute)
				h.wantSent("no more")
				if got := call.Info().State; got != CallEstablished {
					t.Errorf("call %v, want it to go on as long as both are heard", got)
				}
				h.forget()
			})
		})
	}
}

func TestUnansweredCallsEndWithTheConnection(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 180)
		h.ringInQuietly()
		h.lose()
		if why := call.Info().Cause.Kind; why != CauseConnectionLost {
			t.Errorf("outgoing call ended by %v", why)
		}
		if n := len(h.agent.State().Calls); n != 0 {
			t.Errorf("%d calls left", n)
		}
		h.forget()
		h.advance(time.Second)
		h.forget()
	})
}

// ringInQuietly lets a call come in among other events.
func (h *harness) ringInQuietly() {
	h.caller("quiet").send("INVITE", sdp("in"))
	h.forget()
}

func TestHoldUnderWayIsRepairedWithTheConnection(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.wantRequest("hold", sip.INVITE)
		h.lose()
		h.wantErr("the hold failed", held(), ErrTransport)
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repair", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		if info := call.Info(); info.State != CallEstablished || info.HeldLocal {
			t.Errorf("%+v", info)
		}
		h.forget()
	})
}

func TestMediaFailureWhileOfflineWaitsForTheRepair(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		_, call := h.talkOut()
		h.lose()
		h.media.last().states <- media.StateFailed
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repair", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		if info := call.Info(); info.State != CallEstablished {
			t.Errorf("%+v", info)
		}
		h.forget()
	})
}

func TestLostACKIsRepairedByTheReinvite(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		call.Accept(h.t.Context())
		h.wantSent("answered", "200 INVITE")
		h.lose()
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repair", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		if info := call.Info(); info.State != CallEstablished {
			t.Errorf("%+v", info)
		}
		h.forget()
	})
}

// An ACK may be lost with the connection: it comes again as long as the other side may wait for it, and before anything else.
func TestACKComesAgainOverTheNextConnection(t *testing.T) {
	for name, tt := range map[string]struct {
		age  time.Duration
		acks int
	}{"just answered": {0, 1}, "acknowledged long ago": {time.Minute, 0}} {
		for _, change := range []string{"", "hold"} {
			t.Run(name+" "+change, func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.start()
					_, call := h.talkOut()
					if change != "" {
						req, held := changes[change](h, call)
						h.respond(req, 200, okContact, sdp("held", "a=recvonly"))
						h.wantSent("agreed", "ACK")
						h.wantErr("held", held(), nil)
					}
					h.advance(tt.age)
					want := look(h, func(*core) uint32 { return call.s.dlg.localSeq })
					h.loseAndRegister()
					h.wantRequest("repair", sip.INVITE)
					if len(h.again) != tt.acks {
						t.Fatalf("%d ACKs came again, want %d", len(h.again), tt.acks)
					}
					if tt.acks > 0 && h.again[0].CSeq().SeqNo != want {
						t.Errorf("ACK of CSeq %d came again, want the newest, %d", h.again[0].CSeq().SeqNo, want)
					}
					h.forget()
				})
			})
		}
	}
}

func TestACKComesAgainOverTheOtherFlow(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		h.talkOut()
		h.cut()
		h.at(serverB)
		h.wantRequest("repair", sip.INVITE)
		if len(h.again) != 1 {
			t.Errorf("%d ACKs came again, want one", len(h.again))
		}
		h.forget()
	})
}

// refusals are registrars that do not take us back after a loss of the connection, and what else leads to a life without one.
var refusals = map[string]func(h *harness, reg *sip.Request){
	"403":               func(h *harness, reg *sip.Request) { h.respond(reg, 403) },
	"404":               func(h *harness, reg *sip.Request) { h.respond(reg, 404) },
	"423 without sense": func(h *harness, reg *sip.Request) { h.respond(reg, 423) },
	"500":               func(h *harness, reg *sip.Request) { h.respond(reg, 500) },
	"503":               func(h *harness, reg *sip.Request) { h.respond(reg, 503) },
	"503 for minutes":   func(h *harness, reg *sip.Request) { h.respond(reg, 503, "Retry-After: 300") },
	"no binding":        func(h *harness, reg *sip.Request) { h.respond(reg, 200) },
	"unregistered":      func(h *harness, _ *sip.Request) { h.async(func() error { return h.agent.Unregister(h.t.Context()) }) },
}

// A call whose connection is back is repaired, whatever the registrar says of us.
func TestCallIsRepairedWithoutRegistration(t *testing.T) {
	for name, refuse := range refusals {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.talkOut()
				held := func() error { return errStillWaiting }
				h.lose()
				repairs, first := 0, time.Duration(0)
				for i := range 90 {
					h.advance(time.Second)
					sent := h.sent
					h.sent = nil
					for _, m := range sent {
						switch req, ok := m.(*sip.Request); {
						case !ok:
						case req.Method == sip.REGISTER && header(req, "Expires") != "0":
							refuse(h, req)
						case req.Method == sip.REGISTER:
							h.respond(req, 200)
						case req.Method == sip.INVITE:
							if repairs++; repairs == 1 {
								first = time.Duration(i) * time.Second
							}
							h.respond(req, 200, okContact, sdp("back"))
						}
					}
					if i == 70 { // a hold would start what has been forgotten
						held = h.async(func() error { return call.Hold(h.t.Context()) })
					}
				}
				if info := call.Info(); info.State != CallEstablished || !info.HeldLocal || repairs == 0 {
					t.Errorf("%v: %s; held %v, %d re-INVITEs", info.State, info.Cause.Explanation, info.HeldLocal, repairs)
				}
				h.wantErr("held when the way was there", held(), nil)
				if again := h.agent.State().Registration.RetryAt; again.IsZero() && first > 5*time.Second {
					t.Errorf("repaired after %v, although nobody waits for the registrar", first)
				}
				h.forget()
			})
		})
	}
}

// What ends a call after a minute is named: the network, or servers that answer and do not take us.
func TestCallWithoutConnectionEndsWithItsCause(t *testing.T) {
	play(t, func(c *Config) { c.Servers = []string{"wss://a.example", "wss://b.example"} }, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.lose()
		for range 62 {
			h.advance(time.Second)
			sent := h.sent
			h.sent = nil
			for _, m := range sent {
				if req, ok := m.(*sip.Request); ok && req.Method == sip.REGISTER {
					h.respond(req, 503)
				}
			}
		}
		if info := call.Info(); info.State != CallEnded || info.Cause.Kind != CauseServer || info.Cause.Code != 503 {
			t.Errorf("%v %+v", info.State, info.Cause)
		}
		h.forget()
	})
}
