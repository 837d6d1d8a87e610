package ua

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// TestRandomStateSchedules throws everything at subscriptions, publications and messages in any order, as
// TestRandomSchedules does for calls: nothing may panic, each ends once, nothing is left, and a replay sends the same.
func TestRandomStateSchedules(t *testing.T) {
	for seed := range schedules(1000) {
		var recording bytes.Buffer
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.Rand, c.Record = newSeeded(byte(seed)), &recording })
			w := &weather{harness: h, seed: seed, rnd: rand.New(rand.NewPCG(uint64(seed), 2)), over: map[string]bool{}}
			w.run()
		})
		if wantSame(t, recording.Bytes()); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// weather is a world in which anything may come.
type weather struct {
	*harness
	seed      int
	rnd       *rand.Rand
	out       []*sip.Request
	notifiers []*notifier
	subs      []*Subscription
	pubs      []*Publication
	over      map[string]bool // handles whose end was told
	conn      transport.Conn
}

func (w *weather) run() {
	w.start()
	for range 80 {
		w.step()
		w.look()
	}
	for _, s := range w.subs {
		w.async(func() error { return s.Unsubscribe(w.t.Context()) })
	}
	for _, p := range w.pubs {
		w.async(func() error { return p.Remove(w.t.Context()) })
	}
	for range 80 {
		w.advance(time.Second)
		w.look()
		w.calm()
	}
	if st := w.agent.State(); len(st.Subscriptions)+len(st.Publications) > 0 {
		w.t.Errorf("seed %d: left: %+v, %+v", w.seed, st.Subscriptions, st.Publications)
	}
	w.finish()
}

// calm answers REGISTER, and all else by 481, which ends what waits for it.
func (w *weather) calm() {
	if w.agent.State().Connection.State != Connected {
		return
	}
	for _, req := range w.out {
		if req.Method == sip.REGISTER {
			w.grant(req, 600)
		} else {
			w.respond(req, 481)
		}
	}
	w.out = nil
}

func (w *weather) look() {
	w.collect()
	if srv := w.server(); srv != w.conn {
		w.conn, w.out = srv, nil // what went out before went to another connection
	}
	for _, m := range w.sent {
		if req, ok := m.(*sip.Request); ok && req.Method != sip.ACK {
			w.out = append(w.out, req)
		}
	}
	w.sent = nil
	for _, ev := range w.seen {
		switch ev := ev.(type) {
		case SubscriptionEvent:
			w.told(ev.Info.ID, ev.Info.State == SubscriptionTerminated)
			w.keep(ev.Subscription, nil)
		case PublicationEvent:
			w.told(ev.Info.ID, ev.Info.State == Unpublished || ev.Info.State == PublicationFailed)
			w.keep(nil, ev.Publication)
		case FaultEvent:
			if text := ev.Err.Error(); strings.Contains(text, "panic") || strings.Contains(text, "not sent") {
				w.t.Error(ev.Err)
			}
		}
	}
	w.seen = nil
}

func (w *weather) told(id string, over bool) {
	if w.over[id] {
		w.t.Errorf("seed %d: an event after the end of %s", w.seed, id)
	}
	w.over[id] = over
}

func (w *weather) keep(s *Subscription, p *Publication) {
	if s != nil && s.Info().State == SubscriptionTrying && len(w.subs) < 50 {
		w.subs = append(w.subs, s)
	}
	if p != nil && p.Info().State == Publishing && len(w.pubs) < 50 {
		w.pubs = append(w.pubs, p)
	}
}

func (w *weather) step() {
	online := w.agent.State().Connection.State == Connected
	switch n := w.rnd.IntN(100); {
	case n < 15 || !online:
		w.advance([]time.Duration{10 * time.Millisecond, time.Second, 20 * time.Second, 70 * time.Second}[w.rnd.IntN(4)])
	case n < 35:
		w.user()
	case n < 65:
		w.answer()
	case n < 90:
		w.tell()
	case n < 93:
		w.lose()
		w.out = nil
	default:
		w.sendText(fmt.Sprint("m", w.rnd.IntN(3)), w.pick("text/plain", "text/html"), w.pick("a", "\xff"))
	}
}

func (w *weather) user() {
	ctx := w.t.Context()
	switch w.rnd.IntN(6) {
	case 0, 1:
		w.subscribe(SubscribeOptions{Event: w.pick("dialog", "presence"), Expires: 100 * time.Second, Once: w.rnd.IntN(4) == 0})
	case 2:
		w.publish(open)
	case 3:
		w.text("1002", MessageOptions{Body: []byte("hello")})
	case 4:
		if len(w.subs) > 0 {
			s := w.subs[w.rnd.IntN(len(w.subs))]
			w.async(func() error { return s.Unsubscribe(ctx) })
		}
	default:
		if len(w.pubs) > 0 {
			p := w.pubs[w.rnd.IntN(len(w.pubs))]
			remove := w.rnd.IntN(2) == 0
			w.async(func() error {
				if remove {
					return p.Remove(ctx)
				}
				return p.Update(ctx, []byte(closed))
			})
		}
	}
}

// answer responds somehow to one of the open requests.
func (w *weather) answer() {
	if len(w.out) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.out))
	req := w.out[i]
	w.out = append(w.out[:i:i], w.out[i+1:]...)
	if req.Method == sip.REGISTER {
		w.grant(req, 600)
		return
	}
	code := []int{200, 200, 200, 202, 401, 404, 412, 423, 481, 489, 500, 503}[w.rnd.IntN(12)]
	w.respond(req, code, "tag="+w.pick("a", "b"), okContact, "Expires: "+w.pick("0", "10", "60", "7200"), "Min-Expires: 200",
		challenge(fmt.Sprint("n", w.rnd.IntN(3))), w.pick("SIP-ETag: e1", "X-None: 1"))
	if req.Method == sip.SUBSCRIBE && tagOf(req.To().Params) == "" {
		w.notifiers = append(w.notifiers, w.notifier(req, w.pick("a", "b")))
	}
}

// tell lets one of the notifiers say something, sometimes out of order.
func (w *weather) tell() {
	if len(w.notifiers) == 0 {
		return
	}
	p := w.notifiers[w.rnd.IntN(len(w.notifiers))]
	if w.rnd.IntN(8) == 0 {
		p.seq = max(0, p.seq-2)
	}
	p.notify(w.pick("active;expires=60", "active", "pending", "active;expires=0", "terminated", "terminated;reason=deactivated",
		"terminated;reason=rejected", "terminated;reason=probation;retry-after=30", "", "extension"),
		"Content-Type: "+w.pick("application/dialog-info+xml", "application/pidf+xml"),
		"body="+w.pick(open, "<x", `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="partial"/>`))
}

func (w *weather) pick(from ...string) string { return from[w.rnd.IntN(len(from))] }
