package ua

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// TestUnreadEventsAreBounded lets events come that nobody reads: the subscription ends with a fault, others go on.
func TestUnreadEventsAreBounded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		lazy := h.agent.Events(h.t.Context())
		for range maxUnread + 100 {
			p.send("INFO", "Content-Type: application/dtmf", "body=5")
			h.forget()
		}
		var last Event
		n := 0
		for last = range lazy {
			n++
		}
		if fault, ok := last.(FaultEvent); !ok || fault.Err != errUnread || fault.At.IsZero() {
			t.Errorf("it ends with %+v", last)
		}
		if n != maxUnread+1 {
			t.Errorf("%d events, want what was allowed to wait and the fault", n)
		}
		p.send("INFO", "Content-Type: application/dtmf", "body=5")
		h.wantEvent("who reads is told more", "tone 5")
		h.wantSent("answered", "200 INFO")
		if n := len(h.agent.events.subs); n != 1 {
			t.Errorf("%d subscribers", n)
		}
	})
}

// TestFloodWaitsForTheLoop: messages that come faster than the core does them wait in the connection, which is bounded; what is
// our own never waits, and in the end each is answered.
func TestFloodWaitsForTheLoop(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		gate := make(chan struct{})
		h.agent.post(turn(func(time.Time) { <-gate }))
		const flood = 20 * maxWaiting
		for range flood {
			p.send("OPTIONS")
		}
		synctest.Wait()
		waiting := func() int {
			h.agent.mailbox.mu.Lock()
			defer h.agent.mailbox.mu.Unlock()
			return len(h.agent.mailbox.items)
		}
		if n := waiting(); n != maxWaiting {
			t.Errorf("%d wait for the loop, want %d", n, maxWaiting)
		}
		h.agent.Wake()
		if n := waiting(); n != maxWaiting+1 {
			t.Errorf("%d wait, want ours among them", n)
		}
		close(gate)
		h.collect()
		answered := 0
		for _, m := range h.sent {
			if label(m) == "200 OPTIONS" {
				answered++
			}
		}
		if answered != flood {
			t.Errorf("%d of %d are answered", answered, flood)
		}
		h.forget()
	})
}

// TestUnreadContentIsBounded does so with few events that hold much, of every kind that holds what others have written.
func TestUnreadContentIsBounded(t *testing.T) {
	long := strings.Repeat("x", 30_000)
	for name, send := range map[string]func(h *harness, p *peer){
		"MESSAGE": func(h *harness, p *peer) { p.send("MESSAGE", "Content-Type: text/plain", "body="+long) },
		"INVITE": func(h *harness, p *peer) {
			q := h.caller(fmt.Sprint("long-", h.seq))
			q.send("INVITE", "X-Long: "+long, "branch=z9hG4bKlong"+q.callID)
			h.recv(q.text("CANCEL", q.seq, "branch=z9hG4bKlong"+q.callID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, _ := h.talkIn()
				h.agent.Events(h.t.Context())
				q := *p
				for sent := 0; len(h.agent.events.subs) > 1; sent += len(long) {
					if q.seq++; sent > 3*maxUnreadBytes {
						t.Fatal("no end")
					}
					send(h, &q)
					h.forget()
					synctest.Wait()
				}
			})
		})
	}
}

func TestUnreadTraceIsBounded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		lazy := h.agent.Trace(h.t.Context())
		for range maxUnread / 2 {
			p.send("OPTIONS")
			h.forget()
		}
		h.wantIdle("as much as may wait")
		p.send("OPTIONS")
		h.wantSent("answered", "200 OPTIONS")
		if fault := h.wantEvent("told once", "fault")[0].(FaultEvent); fault.Err != errTraceUnread {
			t.Errorf("told %v", fault.Err)
		}
		n := 0
		for range lazy {
			n++
		}
		if n != maxUnread {
			t.Errorf("%d messages", n)
		}
	})
}

// TestEventsServeForOneLoop shows that the sequence is used up by a loop, however that was left.
func TestEventsServeForOneLoop(t *testing.T) {
	play(t, nil, func(h *harness) {
		ctx, cancel := context.WithCancel(h.t.Context())
		defer cancel()
		events := h.agent.Events(ctx)
		h.start()
		h.talkIn()
		for range events {
			break
		}
		for ev := range events {
			t.Errorf("a second loop is told %s", describe(ev))
		}
		if n := len(h.agent.events.subs); n != 1 {
			t.Errorf("%d subscribers", n)
		}
	})
}

// TestStatePutTogetherWeighs: an event with a small body may hold a state that is large.
func TestStatePutTogetherWeighs(t *testing.T) {
	contacts, endpoints := make([]notification.Contact, 999), make([]notification.Endpoint, 999)
	for _, value := range []any{&notification.DialogInfo{Dialogs: make([]notification.Dialog, 1000)},
		&notification.RegInfo{Registrations: []notification.Registration{{Contacts: contacts}}},
		&notification.ConferenceInfo{Users: []notification.User{{Endpoints: endpoints}}}} {
		if got := weighEvent(NotifyEvent{Body: []byte("small"), Value: value}); got < 1000*entrySize {
			t.Errorf("%T weighs %d", value, got)
		}
	}
	if got := weighEvent(NotifyEvent{Body: []byte("small")}); got != 10 {
		t.Errorf("a body weighs %d", got)
	}
}
