package link

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// stranger speaks to a mind as it likes.
type stranger struct {
	ours *wire
	got  [][]byte // messages of the mind; the last is nil when the port has ended
}

func newStranger(h *Hub) *stranger {
	s := &stranger{}
	ours, theirs := wires()
	h.Attach(theirs)
	s.ours = ours
	ours.Receive(func(m []byte) { s.got = append(s.got, m) })
	return s
}

func (s *stranger) says(messages ...[]byte) {
	for _, m := range messages {
		s.ours.Send(m)
	}
	for s.ours.other.step() || s.ours.step() {
	}
}

// refused is why the mind has closed the port, 0 when it has not.
func (s *stranger) refused() Reason {
	if n := len(s.got); n < 2 || s.got[n-1] != nil || s.got[n-2][0] != over {
		return 0
	}
	return Reason(s.got[len(s.got)-2][1])
}

func greets(id string) []byte { return greeting{schema: schema, id: id}.message() }

// message is a kind and what follows.
func message(kind byte, parts ...uint64) []byte {
	c := coder{writes: true, data: []byte{kind}}
	for _, v := range parts {
		c.uint(v)
	}
	return c.data
}

func tells(n int, e screen.Event) []byte { return event{n: n, hand: true, Event: e}.message() }

func many(n int, of func(i int) []byte) (list [][]byte) {
	for i := range n {
		list = append(list, of(i))
	}
	return list
}

// TestStrangersAreSentAway has what no window sends. The mind does none of it, takes the window off, and goes on with the others.
func TestStrangersAreSentAway(t *testing.T) {
	hi, digit := greets("x"), screen.Press{Digit: "1"}
	for _, test := range []struct {
		what string
		says [][]byte
		want Reason
	}{
		{"nothing", [][]byte{{}}, Unruly},
		{"an event before the hello", [][]byte{tells(1, digit)}, Unruly},
		{"half a hello", [][]byte{hi[:len(hi)/2]}, Unruly},
		{"a hello and more", [][]byte{append(slices.Clone(hi), 1)}, Unruly},
		{"no name", [][]byte{greets("")}, Unruly},
		{"a long name", [][]byte{greets(strings.Repeat("x", longestID+1))}, Unruly},
		{"another schema", [][]byte{greeting{schema: "1", id: "x"}.message()}, OtherVersion},
		{"another schema's hello", [][]byte{append([]byte{hello, 2, '4', '2', 0}, 0xff)}, OtherVersion},
		{"another build", [][]byte{greeting{schema: schema, build: "2", id: "x"}.message()}, OtherVersion},
		{"a number nobody counts to", [][]byte{message(hello, 0, 0)}, Unruly},
		{"two hellos", [][]byte{hi, hi}, Unruly},
		{"a message of the mind", [][]byte{hi, {welcome}}, Unruly},
		{"an unknown kind", [][]byte{hi, {0x3f}}, Unruly},
		{"zero", [][]byte{hi, {0}}, Unruly},
		{"an event twice", [][]byte{hi, tells(1, digit), tells(1, digit)}, Unruly},
		{"an event left out", [][]byte{hi, tells(2, digit)}, Unruly},
		{"a number too great", [][]byte{hi, message(told, 1<<40, 1)}, Unruly},
		{"an unknown event", [][]byte{hi, message(told, 2, 1000)}, Unruly},
		{"half an event", [][]byte{hi, message(told, 2)}, Unruly},
		{"an event and more", [][]byte{hi, append(tells(1, digit), 0)}, Unruly},
		{"the phone's own event", [][]byte{hi, tells(1, screen.NotKept{})}, Unruly},
		{"an answer to no news", [][]byte{hi, {got}, {got}}, Unruly},
		{"an answer and more", [][]byte{hi, {got, 1}}, Unruly},
		{"a text too long", [][]byte{hi, tells(1, screen.Type{Text: strings.Repeat("1", largest)})}, Unruly},
		{"a file too long", [][]byte{hi, tells(1, screen.ReadImport{Data: make([]byte, screen.MaxFile+1)})}, Unruly},
		{"a message too long", [][]byte{hi, append([]byte{answer}, make([]byte, imported)...)}, Unruly},
		{"a flood", append([][]byte{hi}, many(2*mostEvents, func(i int) []byte { return tells(i+1, digit) })...), Flooded},
		{"files", append([][]byte{hi}, many(3, func(i int) []byte {
			return tells(i+1, screen.ReadImport{Data: make([]byte, screen.MaxFile)})
		})...), Flooded},
	} {
		m := newMind()
		hub, g := NewHub(HubOptions{Open: m.open}), newGlass(t, "1")
		g.connect(hub)
		settled(m, g)
		s := newStranger(hub)
		for _, say := range test.says {
			s.says(say)
			if test.want != Flooded {
				for m.step() {
				}
			}
		}
		for s.ours.step() {
		}
		if s.refused() != test.want {
			t.Errorf("%s: refused for %d, want %d", test.what, s.refused(), test.want)
		}
		settled(m, g)
		if len(m.windows) != 1 || len(hub.seats) != 1 {
			t.Errorf("%s: %d windows and %d seats, want the other's", test.what, len(m.windows), len(hub.seats))
		}
		g.Act(screen.ToggleMenu{})
		settled(m, g)
		if g.wantSame(m.windows[0]); !g.shown.Menu || len(g.over) > 0 {
			t.Errorf("%s: the other window notices: %v", test.what, g.over)
		}
	}
}

// TestOnlyWhatTheScreenOffersIsChosen has choices that no screen has.
func TestOnlyWhatTheScreenOffersIsChosen(t *testing.T) {
	for _, e := range []screen.Event{screen.Show{Page: "elsewhere"}, screen.Press{}, screen.Press{Digit: "12"},
		screen.Press{Digit: "ä"}, screen.Mark{By: 2}, screen.Mark{}, screen.WidenList{Width: -1}, screen.SetTheme{Theme: "pink"},
		screen.SetLanguage{Language: "xx"}, screen.SetRing{Ring: "x"}, screen.FilterHistory{Filter: "all"},
		screen.DevicesFound{Devices: []screen.Device{{Kind: "camera"}}}, screen.ScrollContacts{First: -1},
		screen.ScrollContacts{Row: -1}, screen.WindowHigh{Height: 1 << 30}, screen.RemoveNumber{Row: -1},
		screen.RemoveNumber{Row: 32}, screen.SetColumn{Index: -1}, screen.SetColumn{Column: "x"}, screen.SetPolicy{Policy: 3},
		screen.NotKept{}} {
		if allowed(e) {
			t.Errorf("%#v is allowed", e)
		}
	}
	for _, e := range []screen.Event{screen.Show{}, screen.Show{Page: screen.RowPage("crm")}, screen.Press{Digit: "#"},
		screen.Mark{By: -1}, screen.WidenList{}, screen.SetTheme{}, screen.SetLanguage{Language: "ar"},
		screen.SetRing{Ring: screen.RingSoft}, screen.FilterHistory{}, screen.ScrollContacts{First: 20_000, Row: 64},
		screen.DevicesFound{Devices: []screen.Device{{Kind: screen.Speaker}}}, screen.WindowHigh{Height: 4000},
		screen.RemoveNumber{Row: 31}, screen.SetColumn{Column: screen.ColumnName}, screen.SetPolicy{Policy: screen.KeepBoth},
		screen.ReadImport{Data: make([]byte, screen.MaxFile)}, screen.Left{}, screen.Returned{}, screen.Dial{Text: "1"}} {
		if !allowed(e) {
			t.Errorf("%T %v is not allowed", e, e)
		}
	}
}

// TestThereAreNotTooManyWindows fills the seats.
func TestThereAreNotTooManyWindows(t *testing.T) {
	m := newMind()
	hub := NewHub(HubOptions{Open: m.open})
	for i := range mostSeats {
		if s := newStranger(hub); true {
			s.says(greets(fmt.Sprint(i)))
		}
	}
	last := newStranger(hub)
	if last.says(greets("last")); last.refused() != Full {
		t.Errorf("refused for %d", last.refused())
	}
	hub.Gone("7")
	hub.Gone("nobody")
	next := newStranger(hub)
	if next.says(greets("last")); next.refused() != 0 {
		t.Errorf("refused for %d where a seat is free", next.refused())
	}
}

// TestASlowWindowGetsTheNewest has a window that does not say that anything has come.
func TestASlowWindowGetsTheNewest(t *testing.T) {
	m := newMind()
	hub := NewHub(HubOptions{Open: m.open})
	s := newStranger(hub)
	s.says(greets("1"))
	for m.step() {
	}
	for i := range 100 {
		m.hear(call(fmt.Sprint(i), ua.Incoming, ua.CallRinging))
	}
	if s.says(); len(s.got) != mostNews {
		t.Fatalf("%d messages to a window that answers none", len(s.got))
	}
	s.says([]byte{got})
	if len(s.got) != mostNews+1 {
		t.Fatalf("%d messages after an answer", len(s.got)-mostNews)
	}
	var have screen.Snapshot
	for i, message := range s.got {
		c := &coder{data: message[1:]}
		if i == 0 {
			c.readMarked()
		}
		have = c.readState(have)
	}
	if len(have.Calls.All) != 100 {
		t.Errorf("%d calls show, want the newest state", len(have.Calls.All))
	}
	if s.says([]byte{got}, []byte{got}); len(s.got) != mostNews+1 {
		t.Error("what has not changed is sent")
	}
}

// TestAWindowComesBackOverAnotherPort tells everything once, and is where it was.
func TestAWindowComesBackOverAnotherPort(t *testing.T) {
	for lost := range 3 { // messages of the window that have arrived before the port ends
		m := newMind()
		hub, g := NewHub(HubOptions{Open: m.open}), newGlass(t, "1")
		g.connect(hub)
		settled(m, g)
		for _, number := range []string{"1001", "1002"} {
			g.Act(screen.MakeCall{Target: number})
		}
		for range lost {
			g.theirs.step()
		}
		g.theirs.queue = nil
		g.theirs.other.Close()
		g.theirs.Close()
		for g.theirs.step() || g.ours.step() || g.look() {
		}
		g.Act(screen.MakeCall{Target: "1003"})
		g.connect(hub)
		settled(m, g)
		g.wantSame(m.windows[0])
		if got := strings.Join(m.placed, " "); got != "1001 1002 1003" || len(m.windows) != 1 {
			t.Errorf("%d arrived before: called %s in %d windows", lost, got, len(m.windows))
		}
	}
}

// TestAnotherMindCallsNobodyTwice has a mind that ends with calls under way.
func TestAnotherMindCallsNobodyTwice(t *testing.T) {
	first, second := newMind(), newMind()
	hub, g := NewHub(HubOptions{Open: first.open}), newGlass(t, "1")
	g.connect(hub)
	settled(first, g)
	g.Act(screen.MakeCall{Target: "1001"})
	g.Act(screen.Type{Text: "10"})
	for g.theirs.step() { // the answers do not come any more
	}
	for first.step() {
	}
	g.ours.queue = nil
	g.theirs.Close()
	for g.ours.step() || g.look() {
	}
	if g.lost != 1 {
		t.Fatal("the end of the port is not told")
	}
	g.Act(screen.Type{Text: "100"})
	g.connect(NewHub(HubOptions{Open: second.open}))
	settled(second, g)
	g.wantSame(second.windows[0])
	if len(first.placed) != 1 || len(second.placed) != 0 {
		t.Errorf("called %v, then %v", first.placed, second.placed)
	}
	if g.shown.Dial != "100" || g.shown.Problem.Text.Key != text.Dropped {
		t.Errorf("%q stands in the field, and the user is told %q", g.shown.Dial, g.shown.Problem.Text.Key)
	}
}

// TestAReplacedPortIsClosed has a window that comes twice: the last port counts.
func TestAReplacedPortIsClosed(t *testing.T) {
	m := newMind()
	hub := NewHub(HubOptions{Open: m.open})
	first, second := newStranger(hub), newStranger(hub)
	first.says(greets("1"))
	second.says(greets("1"))
	for first.ours.step() {
	}
	first.says(tells(1, screen.ToggleMenu{}))
	for m.step() {
	}
	if first.refused() != Replaced || second.refused() != 0 || len(m.windows) != 1 || len(m.windows[0].did) > 0 {
		t.Errorf("refused %d, %d, %d windows", first.refused(), second.refused(), len(m.windows))
	}
	hub.End(HandedOver)
	third := newStranger(hub)
	third.says(greets("3"))
	for second.ours.step() || m.step() {
	}
	if second.refused() != HandedOver || third.refused() != HandedOver || len(m.windows) > 0 {
		t.Errorf("refused %d, %d at the end, %d windows", second.refused(), third.refused(), len(m.windows))
	}
}

// TestAllElseCrosses has lines for the console, and what the media say to each other.
func TestAllElseCrosses(t *testing.T) {
	m, heard := newMind(), ""
	hub := NewHub(HubOptions{Open: m.open, Answer: func(id string, message []byte) { heard = id + " " + string(message) }})
	g, other := newGlass(t, "1"), newGlass(t, "2")
	g.connect(hub)
	other.connect(hub)
	settled(m, g, other)
	hub.Trace("1", "one")
	hub.Trace("", "all")
	hub.Fault("fault")
	if !hub.Ask("2", []byte("offer")) || hub.Ask("3", nil) {
		t.Error("windows that are asked are not those that are there")
	}
	other.Answer([]byte("here"))
	settled(m, g, other)
	if got := strings.Join(g.lines, ", "); got != "one, all, fault" {
		t.Errorf("the first window hears %s", got)
	}
	if got := strings.Join(other.lines, ", "); got != "all, fault, ask offer" || heard != "2 here" {
		t.Errorf("the other hears %s, and the mind %q", got, heard)
	}
	g.Close()
	settled(m, g, other)
	if len(m.windows) != 1 || len(hub.seats) != 1 || g.lost > 0 {
		t.Errorf("%d windows are left", len(m.windows))
	}
}

// TestWhatNoMindSendsEndsThePort shows what there was.
func TestWhatNoMindSendsEndsThePort(t *testing.T) {
	for _, message := range [][]byte{{}, {hello}, {welcome}, {news}, {news, 0xff}, {over}, {over, 0}, {0xff}} {
		m := newMind()
		hub, g := NewHub(HubOptions{Open: m.open}), newGlass(t, "1")
		g.connect(hub)
		settled(m, g)
		g.theirs.Send(message)
		settled(m, g)
		if len(g.over) != 1 || g.over[0] != Garbled || g.shown.User != "1001" {
			t.Errorf("%x: %v", message, g.over)
		}
	}
}

// TestOverAPipe has windows and a mind that run at once, as they do in a page.
func TestOverAPipe(t *testing.T) {
	m := newMind()
	hub := NewHub(HubOptions{Open: m.open})
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	all.Go(func() {
		for ctx.Err() == nil {
			if !m.step() {
				runtime.Gosched() // in WebAssembly nobody else runs before
			}
		}
	})
	reduce := func(s screen.Snapshot, e screen.Event) screen.Snapshot { return phone.Reduce(s, e) }
	for i := range 3 {
		c := NewClient(ClientOptions{ID: fmt.Sprint(i), Begin: registered(), Reduce: reduce})
		ours, theirs := Pipe()
		hub.Attach(theirs)
		c.Connect(ours)
		shown := make(chan string, 1000)
		all.Go(func() { c.Run(ctx, func(_, next screen.Snapshot) { shown <- next.Dial }) })
		for range 20 {
			c.Act(screen.Press{Digit: "1"})
		}
		for dial := ""; len(dial) < 20; {
			dial = <-shown
		}
		c.Act(screen.ClearDial{})
		for dial := "1"; dial != ""; {
			dial = <-shown
		}
		hub.Trace("", "line")
		c.Close()
	}
}

// FuzzWindow sends a mind anything.
func FuzzWindow(f *testing.F) {
	f.Add(greets("1"), tells(1, screen.Press{Digit: "1"}), []byte{got})
	f.Add(greets("1"), tells(1, screen.Logout{}), []byte{bye})
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		m := newMind()
		hub := NewHub(HubOptions{Open: m.open})
		s := newStranger(hub)
		s.says(append([]byte{}, a...))
		for m.step() {
		}
		s.says(append([]byte{}, b...), append([]byte{}, c...))
		for m.step() {
		}
	})
}

// FuzzMind sends a window anything.
func FuzzMind(f *testing.F) {
	s := talking()
	c := coder{writes: true, data: message(welcome, 0)}
	c.state(new(screen.Snapshot), &s)
	f.Add(c.data, []byte{news, 0})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		g := newGlass(t, "1")
		g.ours, g.theirs = wires()
		g.Connect(g.ours)
		for _, message := range [][]byte{a, b} {
			if message != nil {
				g.theirs.Send(message)
			}
			for g.ours.step() || g.look() {
			}
		}
	})
}
