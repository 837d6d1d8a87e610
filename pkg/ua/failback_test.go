package ua

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// startAway starts a user agent whose first server is down, and leaves it registered at the second.
func (h *harness) startAway() {
	h.t.Helper()
	h.homeDown()
	h.begin()
	h.advance(time.Second)
	h.grant(h.wantRequest("the second server has to do", sip.REGISTER), 7200)
	h.forget()
	h.dials = nil
}

// homeDown lets dials to the first server fail from now on.
func (h *harness) homeDown() {
	h.dialWith(func(_ context.Context, url string) error {
		if url == serverA {
			return &transport.DialError{Kind: transport.DialUnreachable, URL: url}
		}
		return nil
	})
}

// serverInUse is where State says that we are.
func (h *harness) serverInUse() string { return h.agent.State().Connection.Server }

func TestFailBackToTheFirstServer(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.startAway()
		h.advance(10 * time.Minute)
		h.wantEvent("a server that is still down changes nothing")
		if n := len(h.dials); n < 8 || n > 14 || strings.Count(strings.Join(h.dials, " "), serverA) != n {
			t.Errorf("dialled %v in ten minutes, want the first server about once a minute", h.dials)
		}
		h.dialWith(nil)
		h.advance(80 * time.Second)
		req := h.wantRequest("it is there again", sip.REGISTER)
		h.grant(req, 7200)
		h.wantEvent("the move is told", "disconnected", "unregistered", "connecting", "connected", "registering", "registered")
		if got := h.serverInUse(); got != serverA {
			t.Errorf("at %s, want %s", got, serverA)
		}
		h.dials = nil
		h.advance(10 * time.Minute)
		if len(h.dials) > 0 {
			t.Errorf("dialled %v, want nothing more at home", h.dials)
		}
		h.forget()
	})
}

func TestFailBackWaitsForTheCall(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.startAway()
		h.dialWith(nil)
		_, call := h.talkOut()
		h.forget()
		h.advance(5 * time.Minute)
		if len(h.dials) > 0 || h.serverInUse() != serverB {
			t.Errorf("dialled %v, at %s: a call must not lose its connection for this", h.dials, h.serverInUse())
		}
		h.forget()
		call.Hangup(h.t.Context())
		bye := h.wantRequest("hung up", sip.BYE)
		h.advance(6 * time.Second)
		if got := h.serverInUse(); got != serverB {
			t.Errorf("at %s, want to stay until the BYE is answered", got)
		}
		h.respond(bye, 200)
		h.advance(6 * time.Second)
		h.grant(h.wantRequest("now it moves", sip.REGISTER), 7200)
		if got := h.serverInUse(); got != serverA {
			t.Errorf("at %s, want %s", got, serverA)
		}
		h.forget()
	})
}

// TestFailBackWaitsForAnOpenRequest: what was asked, and what asks us, is answered over the connection it began on.
func TestFailBackWaitsForAnOpenRequest(t *testing.T) {
	for name, open := range map[string]func(h *harness) func(){
		"ours": func(h *harness) func() {
			outcome := h.text("1002", MessageOptions{Body: []byte("hello")})
			req := h.wantRequest("sent", sip.MESSAGE)
			return func() {
				h.respond(req, 200)
				if code, err := outcome(); code != 200 {
					h.t.Errorf("%d, %v", code, err)
				}
			}
		},
		"ours while it is dialled": func(h *harness) func() {
			gate := make(chan struct{})
			h.dialWith(func(context.Context, string) error { <-gate; return nil })
			h.agent.Wake()
			h.collect()
			outcome := h.text("1002", MessageOptions{Body: []byte("hello")})
			req := h.wantRequest("sent", sip.MESSAGE)
			close(gate)
			h.collect()
			h.mu.Lock()
			h.srv = h.links[serverB]
			h.mu.Unlock()
			return func() {
				h.respond(req, 200)
				if code, err := outcome(); code != 200 {
					h.t.Errorf("%d, %v", code, err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, twoServers, func(h *harness) {
				h.startAway()
				h.dialWith(nil)
				answer := open(h)
				for range 6 {
					h.advance(5 * time.Second)
					h.agent.Wake()
					h.collect()
				}
				if got := h.serverInUse(); got != serverB {
					t.Fatalf("at %s with an open request, want %s", got, serverB)
				}
				answer()
				h.grant(h.await("now it moves", sip.REGISTER, 2*time.Minute), 7200)
				if got := h.serverInUse(); got != serverA {
					t.Errorf("at %s, want %s", got, serverA)
				}
				h.forget()
			})
		})
	}
}

// TestFailBackGivesWayToACall: a call that begins while the first server is dialled keeps its connection.
func TestFailBackGivesWayToACall(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.startAway()
		open := make(chan struct{})
		h.dialWith(func(context.Context, string) error { <-open; return nil })
		h.agent.Wake() // does not wait for the minute
		h.collect()
		if len(h.dials) != 1 {
			t.Fatalf("dialled %v, want the first server", h.dials)
		}
		h.dialTo("1002")
		h.wantRequest("calling", sip.INVITE)
		close(open)
		h.collect()
		if got := h.serverInUse(); got != serverB {
			t.Errorf("at %s in a call, want %s", got, serverB)
		}
		h.forget()
	})
}

func TestFailBackToAServerThatRefusesIsTriedLessAndLess(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.startAway()
		h.dialWith(nil)
		var moves []time.Time
		for range 4 * 3600 {
			h.advance(time.Second)
			for _, m := range h.sent {
				req, ok := m.(*sip.Request)
				switch {
				case !ok || req.Method != sip.REGISTER:
				case h.serverInUse() == serverA:
					moves = append(moves, time.Now())
					h.respond(req, 503)
				default:
					h.grant(req, 7200)
				}
			}
			h.sent = nil
		}
		if n := len(moves); n < 5 || n > 14 {
			t.Fatalf("moved %d times in four hours", n)
		}
		if first, last := moves[1].Sub(moves[0]), moves[len(moves)-1].Sub(moves[len(moves)-2]); last < 5*first {
			t.Errorf("waits of %v at first and %v at last, want them to grow", first, last)
		}
		h.forget()
	})
}

// TestFailBackOfTwoFlows: each flow has a home of its own.
func TestFailBackOfTwoFlows(t *testing.T) {
	play(t, func(c *Config) {
		twoFlows(c)
		c.Servers = append(c.Servers, "wss://c.example/ws")
	}, func(h *harness) {
		h.homeDown()
		h.begin()
		h.advance(2 * time.Second)
		for _, url := range []string{serverB, "wss://c.example/ws"} {
			h.at(url)
			h.grant(h.wantRequest("registered at "+url, sip.REGISTER), 7200)
		}
		h.dialWith(nil)
		for range 5 * 60 {
			h.advance(time.Second)
			for url := range h.connections() {
				h.at(url)
				for _, m := range h.sent {
					if req, ok := m.(*sip.Request); ok && req.Method == sip.REGISTER {
						h.grant(req, 7200)
					}
				}
				h.sent = nil
			}
		}
		got := map[string]bool{}
		for _, f := range h.agent.State().Flows {
			got[f.Connection.Server] = f.Registration.State == Registered
		}
		if !got[serverA] || !got[serverB] {
			t.Errorf("registered at %v, want the first two servers", got)
		}
		h.forget()
	})
}
