package ua

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// doubt is an application that is asked and takes its time.
type doubt struct {
	mu    sync.Mutex // guards what counts
	asked []ReferRequest
	gone  int // questions that were withdrawn
	open  int
	say   chan bool
}

func (d *doubt) decide(ctx context.Context, r ReferRequest) bool {
	d.note(func() { d.asked, d.open = append(d.asked, r), d.open+1 })
	defer d.note(func() { d.open-- })
	select {
	case yes := <-d.say:
		return yes
	case <-ctx.Done():
		d.note(func() { d.gone++ })
		return true // late, and too late
	}
}

func (d *doubt) note(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// want checks how many questions there were, are open and were withdrawn.
func (d *doubt) want(h *harness, why string, asked, open, gone int) {
	h.t.Helper()
	h.collect()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asked) != asked || d.open != open || d.gone != gone {
		h.t.Fatalf("%s: asked %d, open %d, withdrawn %d, want %d, %d, %d", why, len(d.asked), d.open, d.gone, asked, open, gone)
	}
}

// wish is a request that needs the application's consent: what it is and how it is sent about the call of p.
type wish struct {
	name  string
	limit time.Duration
	first []string // what is sent before the answer
	yes   []string // what is sent after it
	over  string   // the answer when the call has ended
	send  func(h *harness, p *peer) *peer
}

var wishes = []wish{
	{"REFER", referLimit, nil, []string{"202 REFER", "NOTIFY", "INVITE"}, "481 REFER", func(h *harness, p *peer) *peer {
		p.send("REFER", referTo1003)
		return p
	}},
	{"INVITE", ringLimit, []string{"100 INVITE"}, []string{"200 INVITE", "BYE"}, "603 INVITE", func(h *harness, p *peer) *peer {
		q := h.caller(fmt.Sprintf("new-%d", h.seq))
		q.send("INVITE", p.replaces(""), sdp("new"), "Referred-By: <sip:1009@example.com>", q.branch())
		return q
	}},
}

// branch is one that the next CANCEL of p can name.
func (p *peer) branch() string { return "branch=z9hG4bKwish-" + p.callID }

// inDoubt plays a story for a REFER and for an INVITE with Replaces that wait for an answer.
func inDoubt(t *testing.T, story func(h *harness, d *doubt, w wish, p, from *peer, call *Call)) {
	t.Helper()
	for _, w := range wishes {
		t.Run(w.name, func(t *testing.T) {
			d := &doubt{}
			play(t, func(c *Config) { c.AcceptRefer, c.AcceptReplaces = d.decide, d.decide }, func(h *harness) {
				d.say = make(chan bool)
				h.start()
				p, call := h.talkIn()
				from := w.send(h, p)
				h.wantSent("the application thinks", w.first...)
				d.want(h, "asked", 1, 1, 0)
				if r := d.asked[0]; r.Call != call || r.Info.ID != call.ID() || r.Target.User == "" {
					t.Errorf("asked about %+v", r)
				}
				story(h, d, w, p, from, call)
				h.forget()
			})
		})
	}
}

func TestConsentIsGiven(t *testing.T) {
	inDoubt(t, func(h *harness, d *doubt, w wish, _, _ *peer, _ *Call) {
		d.say <- true
		h.wantSent("followed", w.yes...)
		d.want(h, "answered", 1, 0, 0)
	})
}

func TestConsentIsRefused(t *testing.T) {
	inDoubt(t, func(h *harness, d *doubt, w wish, p, _ *peer, call *Call) {
		d.say <- false
		h.wantSent("declined", "603 "+w.name)
		h.wantEvent("nothing is told")
		for n := 1; n < maxDeclined; n++ {
			w.send(h, p)
			h.wantSent("asked again", w.first...)
			d.say <- false
			h.wantSent("declined again", "603 "+w.name)
		}
		d.want(h, "each was asked about", maxDeclined, 0, 0)
		w.send(h, p)
		h.collect()
		if got := label(h.sent[len(h.sent)-1]); got != "603 "+w.name {
			h.t.Errorf("who goes on asking gets %s", got)
		}
		d.want(h, "nobody is asked any more", maxDeclined, 0, 0)
		h.sent = nil
		if call.Info().State != CallEstablished {
			h.t.Errorf("the call is %v", call.Info().State)
		}
	})
}

// A call asks one question at a time, of whatever kind.
func TestOneQuestionAtATime(t *testing.T) {
	inDoubt(t, func(h *harness, d *doubt, w wish, p, _ *peer, _ *Call) {
		for _, second := range wishes {
			second.send(h, p)
			h.wantSent("one is open", "491 "+second.name)
		}
		d.want(h, "asked once", 1, 1, 0)
		d.say <- false
		h.wantSent("answered", "603 "+w.name)
	})
}

func TestQuestionIsGoneWithItsCall(t *testing.T) {
	inDoubt(t, func(h *harness, d *doubt, w wish, p, _ *peer, _ *Call) {
		p.send("BYE")
		h.wantSent("the call ends meanwhile", "200 BYE", w.over)
		d.want(h, "withdrawn", 1, 0, 1)
		h.wantEvent("nobody is called", "ended hung up there")
	})
	inDoubt(t, func(h *harness, d *doubt, w wish, _, _ *peer, call *Call) {
		call.Hangup(h.t.Context())
		h.wantSent("we end it", w.over, "BYE")
		d.want(h, "withdrawn", 1, 0, 1)
		h.wantEvent("nobody is called", "ending")
	})
}

func TestQuestionIsGoneWithItsTransaction(t *testing.T) {
	inDoubt(t, func(h *harness, d *doubt, w wish, _, _ *peer, call *Call) {
		h.advance(w.limit - time.Second)
		h.forget()
		d.want(h, "there is still time", 1, 1, 0)
		h.advance(time.Second)
		h.wantSent("nobody has answered", "480 "+w.name)
		d.want(h, "withdrawn", 1, 0, 1)
		if call.Info().State != CallEstablished {
			h.t.Errorf("the call is %v", call.Info().State)
		}
	})
	inDoubt(t, func(h *harness, d *doubt, w wish, _, from *peer, _ *Call) {
		if w.name != "INVITE" {
			d.say <- false
			return
		}
		h.recv(from.text("CANCEL", from.seq, from.branch()))
		h.wantSent("cancelled", "200 CANCEL", "487 INVITE")
		d.want(h, "withdrawn", 1, 0, 1)
		h.wantEvent("nothing is told")
	})
	inDoubt(t, func(h *harness, d *doubt, w wish, _, _ *peer, _ *Call) {
		h.lose()
		d.want(h, "withdrawn with the connection", 1, 0, 1)
		h.advance(2 * time.Second)
		for _, m := range h.sent {
			if label(m) != "REGISTER" {
				h.t.Errorf("sent %s", label(m))
			}
		}
	})
}

// TestNobodyDecidesForUs shows the zero Config: no call is made or replaced because somebody else wants it.
func TestNobodyDecidesForUs(t *testing.T) {
	for _, w := range wishes {
		t.Run(w.name, func(t *testing.T) {
			play(t, func(c *Config) { c.AcceptRefer, c.AcceptReplaces = nil, nil }, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				for range 20 {
					w.send(h, p)
					h.wantSent("refused", "603 "+w.name)
				}
				h.wantEvent("nothing is told")
				if got := h.agent.State().Calls; len(got) != 1 || got[0].ID != call.ID() {
					t.Errorf("calls: %+v", got)
				}
			})
		})
	}
}

// TestReferFlood shows an application that says yes to everything: one call at a time is placed for another one.
func TestReferFlood(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		invite := h.referred(p)
		for range 50 {
			p.send("REFER", referTo1003)
			h.wantSent("one at a time", "491 REFER")
		}
		if n := len(h.agent.State().Calls); n != 2 {
			t.Errorf("%d calls", n)
		}
		h.respond(invite, 486)
		h.wantSent("it has ended", "ACK", "NOTIFY")
		p.send("REFER", referTo1003)
		h.wantSent("another one", "202 REFER", "NOTIFY", "INVITE")
		h.forget()
	})
}

// TestRoomForOurCalls shows that whoever rings or sends us elsewhere leaves room for a call for help.
func TestRoomForOurCalls(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		for range maxRinging {
			h.ringIn(sdp("in"))
		}
		for i := range 20 {
			h.caller(fmt.Sprint("more-", i)).send("INVITE", sdp("more"))
			h.wantSent("enough ring here", "486 INVITE")
		}
		for range maxCalls - maxRinging {
			h.dialTo("112")
		}
		_, err := h.agent.Invite(h.t.Context(), "112", InviteOptions{})
		h.wantErr("all in all", err, ErrTooManyCalls)
		h.forget()
	})
	play(t, nil, func(h *harness) {
		h.start()
		var peers []*peer
		for range maxTheirs {
			p, _ := h.talkIn()
			peers = append(peers, p)
		}
		h.caller("more").send("INVITE", sdp("more"))
		h.wantSent("every line talks", "486 INVITE")
		peers[0].send("REFER", referTo1003)
		h.wantSent("no call for others", "486 REFER")
		for range maxCalls - maxTheirs {
			h.dialTo("112")
		}
		h.forget()
	})
}

func TestRingingEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		header string
		after  time.Duration
		want   string
	}{
		"by our limit":       {"X-None: 1", ringLimit, "480 INVITE"},
		"by the caller's":    {"Expires: 50", 50 * time.Second, "487 INVITE"},
		"a limit too long":   {"Expires: 4294967295", ringLimit, "480 INVITE"},
		"no limit by itself": {"Expires: 0", ringLimit, "480 INVITE"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				h.ringIn(sdp("in"), tt.header)
				h.advance(tt.after - 10*time.Millisecond)
				h.forget()
				h.advance(5 * time.Millisecond)
				h.wantIdle("it rings to the last")
				h.advance(10 * time.Millisecond)
				h.wantSent("enough", tt.want)
				h.wantEvent("missed", "ended no answer")
			})
		})
	}
}
