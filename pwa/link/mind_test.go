package link

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// mind is a phone behind windows that reduces as the real one does, when the test says so.
type mind struct {
	mu      sync.Mutex // guards the rest
	shared  screen.Shared
	windows []*mindWindow
	queue   []func(*mind)
	placed  []string // what was called
}

// mindWindow is a window as the mind has it.
type mindWindow struct {
	mind *mind
	view screen.View
	show func(prev, next screen.Snapshot)
	shut bool
	did  []screen.Event
}

func newMind() *mind { return &mind{shared: registered().Shared} }

func (m *mind) open(show func(prev, next screen.Snapshot)) Window {
	w := &mindWindow{mind: m, view: registered().View, show: show}
	m.put(func(m *mind) { m.windows = append(m.windows, w); m.publish(nil) })
	return w
}

func (m *mind) put(f func(*mind)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue = append(m.queue, f)
}

func (w *mindWindow) Do(e screen.Event)  { w.mind.put(func(m *mind) { m.take(w, e, false) }) }
func (w *mindWindow) Act(e screen.Event) { w.mind.put(func(m *mind) { m.take(w, e, true) }) }

func (w *mindWindow) Close() {
	w.mind.put(func(m *mind) {
		m.windows = slices.DeleteFunc(m.windows, func(o *mindWindow) bool { return o == w })
		w.shut = true
	})
}

// step takes the next thing, and tells whether there was one.
func (m *mind) step() bool {
	m.mu.Lock()
	if len(m.queue) == 0 {
		m.mu.Unlock()
		return false
	}
	next := m.queue[0]
	m.queue = m.queue[1:]
	m.mu.Unlock()
	next(m)
	return true
}

// take reduces an event of a window.
func (m *mind) take(w *mindWindow, e screen.Event, hand bool) {
	if w.shut {
		return
	}
	s := phone.Reduce(screen.Snapshot{Shared: m.shared, View: w.view}, e)
	if s.Placed.Count > m.shared.Placed.Count {
		m.placed = append(m.placed, s.Placed.Target)
	}
	m.shared, w.view = s.Shared, s.View
	w.did = append(w.did, e)
	m.publish(choose(hand, w, nil))
}

// hear reduces news in every window.
func (m *mind) hear(e phone.Event) {
	shared := phone.Reduce(screen.Snapshot{Shared: m.shared}, e).Shared
	for _, w := range m.windows {
		s := phone.Reduce(screen.Snapshot{Shared: m.shared, View: w.view}, e)
		shared, w.view = s.Shared, s.View
	}
	m.shared = shared
	m.publish(nil)
}

func (m *mind) publish(own *mindWindow) {
	for _, w := range m.windows {
		if w != own {
			w.view.Unasked++
		}
		w.view.Told = len(w.did) // whatever has begun anew
		w.show(screen.Snapshot{}, screen.Snapshot{Shared: m.shared, View: w.view})
	}
}

// wire is a port whose messages go as far as the test lets them.
type wire struct {
	other  *wire
	take   func([]byte)
	queue  [][]byte // for take
	closed bool
}

func wires() (a, b *wire) {
	a, b = &wire{}, &wire{}
	a.other, b.other = b, a
	return a, b
}

func (w *wire) Send(message []byte) {
	if !w.closed {
		w.other.queue = append(w.other.queue, message)
	}
}
func (w *wire) Receive(take func([]byte)) { w.take = take }
func (w *wire) Close() {
	if !w.closed {
		w.other.queue = append(w.other.queue, nil)
	}
	w.closed, w.queue = true, nil
}

// step delivers one message, and tells whether there was one.
func (w *wire) step() bool {
	if len(w.queue) == 0 || w.take == nil {
		return false
	}
	message := w.queue[0]
	w.queue = w.queue[1:]
	w.take(message)
	return true
}

// glass is a window that a test looks through.
type glass struct {
	*Client
	t      *testing.T
	ours   *wire // of the window
	theirs *wire // of the mind
	shows  int
	tones  int
	over   []Reason
	lost   int
	lines  []string
}

func newGlass(t *testing.T, id string) *glass {
	g := &glass{t: t}
	line := func(l string) { g.lines = append(g.lines, l) }
	g.Client = NewClient(ClientOptions{ID: id, Begin: registered(), Trace: line, Fault: line,
		Reduce: func(s screen.Snapshot, e screen.Event) screen.Snapshot { return phone.Reduce(s, e) },
		Lost:   func() { g.lost++ }, Over: func(why Reason) { g.over = append(g.over, why) },
		Ask: func(m []byte) { g.lines = append(g.lines, "ask "+string(m)) }})
	last := g.Begin()
	g.show = func(prev, next screen.Snapshot) {
		if where := unlike(reflect.ValueOf(last), reflect.ValueOf(prev)); where != "" {
			t.Fatalf("window %s shows what follows another state: %s", id, where)
		}
		if unlike(reflect.ValueOf(prev), reflect.ValueOf(next)) == "" {
			t.Fatalf("window %s shows a state twice", id)
		}
		for _, e := range screen.Effects(prev, next) {
			if _, ok := e.(screen.KeyTone); ok {
				g.tones++
			}
		}
		last, g.shows = next, g.shows+1
	}
	return g
}

// connect leads the window to a mind.
func (g *glass) connect(h *Hub) {
	g.ours, g.theirs = wires()
	h.Attach(g.theirs)
	g.Connect(g.ours)
}

// look lets the window take one thing, and tells whether there was one.
func (g *glass) look() bool {
	g.inbox.mu.Lock()
	if len(g.inbox.list) == 0 {
		g.inbox.mu.Unlock()
		return false
	}
	a := g.inbox.list[0]
	g.inbox.list = g.inbox.list[1:]
	g.inbox.mu.Unlock()
	g.arrived(a)
	return true
}

// settle lets everything happen.
func settled(m *mind, windows ...*glass) {
	for again := true; again; {
		again = m.step()
		for _, g := range windows {
			again = g.theirs.step() || again
			again = g.ours.step() || again
			again = g.look() || again
		}
	}
}

// wantSame fails where a window shows something else than its mind.
func (g *glass) wantSame(w *mindWindow) {
	g.t.Helper()
	want := screen.Snapshot{Shared: w.mind.shared, View: w.view}
	want.Told = 0
	if where := unlike(reflect.ValueOf(want), reflect.ValueOf(g.shown)); where != "" {
		g.t.Fatalf("window %s shows another %s", g.opts.ID, where)
	}
	if len(g.pending)+len(g.owed) > 0 {
		g.t.Fatalf("window %s is owed %d", g.opts.ID, len(g.owed))
	}
}

// call is news of a call.
func call(id string, direction ua.Direction, state ua.CallState) phone.Event {
	info := ua.CallInfo{ID: id, Direction: direction, State: state, Started: midday,
		Remote: ua.Address{User: "20" + id, Host: "sip.example.com"}}
	if state >= ua.CallEstablished {
		info.Answered = midday
	}
	return phone.Told{Event: ua.CallEvent{Info: info}, At: midday}
}

func (w *mindWindow) String() string { return fmt.Sprintf("%v", w.did) }
