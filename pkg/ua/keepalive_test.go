package ua

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// deafTo plays a server that answers no double CRLF, nor what is in methods, until d has passed. It returns how many of each
// came.
func (h *harness) deafTo(d time.Duration, methods ...sip.RequestMethod) map[sip.RequestMethod]int {
	h.t.Helper()
	h.silent = true
	got := map[sip.RequestMethod]int{}
	for end := time.Now().Add(d); time.Now().Before(end); {
		h.advance(time.Second)
		for _, m := range h.sent {
			req, ok := m.(*sip.Request)
			if !ok {
				continue
			}
			got[req.Method]++
			switch {
			case slices.Contains(methods, req.Method), req.Method == sip.ACK:
			case req.Method == sip.REGISTER:
				h.grant(req, 600)
			default:
				h.respond(req, 200)
			}
		}
		h.sent = nil
	}
	return got
}

// TestServerThatAnswersRegisterAloneIsAlive: the silence of a probe that never worked is no evidence. A call that rings for a
// minute is kept, and so is an idle connection.
func TestServerThatAnswersRegisterAloneIsAlive(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.silent = true
		h.start()
		h.ringIn(sdp("in"))
		got := h.deafTo(150*time.Second, sip.OPTIONS)
		if calls := h.agent.State().Calls; len(calls) != 1 || calls[0].State != CallRinging || len(h.dials) != 1 {
			t.Fatalf("calls %v after %d dials, want the one that rings", calls, len(h.dials))
		}
		if n := got[sip.REGISTER]; n < 4 || n > 8 {
			t.Errorf("%d refreshes in 150 s of a call, want them to stand in for the probe", n)
		}
		if n := got[sip.OPTIONS]; n != 1 {
			t.Errorf("%d OPTIONS, want no more once it was not answered", n)
		}
		h.agent.Call(h.agent.State().Calls[0].ID).Reject(h.t.Context(), 486, RejectOptions{})
		h.forget()
		before := len(h.dials)
		got = h.deafTo(10*time.Minute, sip.OPTIONS)
		if n := got[sip.REGISTER]; len(h.dials) != before || n < 5 || n > 12 {
			t.Errorf("%d refreshes and %d dials in ten minutes", n, len(h.dials)-before)
		}
		h.forget()
	})
}

// TestWakeAsksForARefresh of a server that answers nothing else: a link that died while the machine slept is found.
func TestWakeAsksForARefresh(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.silent = true
		h.start()
		h.deafTo(90*time.Second, sip.OPTIONS)
		h.forget()
		h.agent.Wake()
		h.wantRequest("asked at once, however short ago the last one was", sip.REGISTER)
		h.advance(33 * time.Second)
		if len(h.dials) != 2 {
			t.Errorf("%d dials: the dead link was not left", len(h.dials))
		}
		h.forget()
	})
}

// TestLastProbeIsTheRefresh: when a server like that is gone, its REGISTER tells.
func TestLastProbeIsTheRefresh(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.silent = true
		h.start()
		h.deafTo(70*time.Second, sip.OPTIONS)
		gone := time.Now()
		for len(h.dials) == 1 && time.Since(gone) < 5*time.Minute {
			h.deafTo(time.Second, sip.OPTIONS, sip.REGISTER)
		}
		if took := time.Since(gone); took > 100*time.Second {
			t.Errorf("noticed after %v", took)
		}
		h.forget()
	})
}

// TestDeadLinkIsNoticedInTime: 35 s idle and 15 s in a call, whichever probe works.
func TestDeadLinkIsNoticedInTime(t *testing.T) {
	for name, deaf := range map[string]bool{"double CRLF": false, "OPTIONS": true} {
		for inCall, want := range map[bool]time.Duration{false: 35 * time.Second, true: 15 * time.Second} {
			play(t, nil, func(h *harness) {
				h.silent = deaf
				h.start()
				if inCall {
					h.talkIn()
				}
				if deaf {
					h.deafTo(40 * time.Second)
				} else {
					h.advance(20 * time.Second)
				}
				h.forget()
				h.silent = true
				last := time.Now()
				for len(h.dials) == 1 && time.Since(last) < time.Minute {
					h.advance(time.Second)
					h.sent = nil
				}
				if took := time.Since(last); took > want+time.Second {
					t.Errorf("%s, in a call %v: noticed after %v, want %v", name, inCall, took, want)
				}
				h.forget()
			})
		}
	}
}

// TestMissingPongOfAFlowTimerCounts: a registrar that gives a Flow-Timer has promised to answer, so the first silence counts (RFC
// 5626 section 4.4.1), although no probe was ever answered.
func TestMissingPongOfAFlowTimerCounts(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.silent = true
		h.begin()
		h.grant(h.wantRequest("first", sip.REGISTER), 600, "Require: outbound", "Flow-Timer: 120")
		h.forget()
		h.advance(9 * time.Second)
		h.wantIdle("ten seconds are not over")
		h.advance(time.Second)
		if got := describe(h.wantEvents("ten seconds after the ping")[0]); got != "disconnected" {
			t.Errorf("%s", got)
		}
		h.forget()
	})
}

// wantEvents takes at least one event.
func (h *harness) wantEvents(why string) []Event {
	h.t.Helper()
	h.collect()
	if len(h.seen) == 0 {
		h.t.Fatal(why)
	}
	events := h.seen
	h.seen = nil
	return events
}

// TestFlowTimerIsObeyedInACallToo: a Flow-Timer shorter than the silence of a call sets the pace.
func TestFlowTimerIsObeyedInACallToo(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.grant(h.wantRequest("first", sip.REGISTER), 600, "Flow-Timer: 5")
		h.forget()
		h.talkIn()
		before := h.pings
		h.advance(20 * time.Second)
		if n := h.pings - before; n < 4 || n > 6 {
			t.Errorf("%d keep-alives in 20 s, want one every 4 s", n)
		}
		h.forget()
	})
}

func TestKeepAliveNoticesADeadLink(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.silent = true
		h.advance(36 * time.Second)
		if h.pings == 0 {
			t.Error("no ping in 36 s of silence")
		}
		h.wantEvent("dead after 35 s", "disconnected", "unregistered", "connecting", "connected", "registering")
		h.grant(h.wantRequest("registered on the new connection", sip.REGISTER), 600)
		h.wantEvent("back", "registered")
	})
}

func TestKeepAliveTurnsToOptionsWhereCRLFIsNotAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.silent = true
		h.begin()
		h.grant(h.wantRequest("first", sip.REGISTER), 600)
		h.forget()
		h.advance(5 * time.Second)
		req := h.wantRequest("no answer to CRLF within 5 s", sip.OPTIONS)
		h.respond(req, 404)
		h.advance(25 * time.Second)
		h.respond(h.wantRequest("asked by OPTIONS from now on", sip.OPTIONS), 200)
		h.advance(20 * time.Second)
		h.wantIdle("alive")
	})
}

func TestPingIsAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		before := h.pings
		if err := h.server().Send([]byte("\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		h.collect()
		if h.pings != before+1 {
			t.Error("a double CRLF got no CRLF (RFC 5626 section 4.4.1)")
		}
		h.wantIdle("nothing else")
	})
}

func TestWakeProbesAndRetriesAtOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.silent = true
		h.agent.Wake()
		h.advance(4 * time.Second)
		h.wantEvent("nobody answered the probe within 3 s", "disconnected", "unregistered", "connecting", "connected",
			"registering")
		h.dialWith(func(context.Context, string) error { return &transport.DialError{} })
		h.lose()
		h.advance(20 * time.Second)
		before := len(h.dials)
		h.agent.Wake()
		synctest.Wait()
		if len(h.dials) != before+1 {
			t.Error("a waiting retry did not start at once")
		}
		h.forget()
	})
}
