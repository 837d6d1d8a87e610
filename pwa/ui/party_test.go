package ui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

var (
	partySeed = flag.Uint64("party.seed", 0, "the one sequence to play, from 1")
	partyRuns = flag.Int("party.runs", 10_000, "sequences to play")
)

// TestOnlyWhatIsSeenIsCalled plays random sequences of presses, keys and news against the phone's model. Whatever is called
// stood in the number field or on what was pressed, at that moment; and a press with the pointer meant for 600 ms what it does.
func TestOnlyWhatIsSeenIsCalled(t *testing.T) {
	placed := 0
	for seed := uint64(1); seed <= uint64(*partyRuns); seed++ {
		if *partySeed != 0 {
			seed = *partySeed
		}
		d := newDesk(seed)
		for range 40 {
			if d.step(); d.fault != "" {
				t.Fatalf("sequence %d (-party.seed=%d): %s\n%s", seed, seed, d.fault, strings.Join(d.story, "\n"))
			}
		}
		placed += d.placed
		if *partySeed != 0 {
			return
		}
	}
	if placed < *partyRuns {
		t.Errorf("%d calls in %d sequences: too few to say anything", placed, *partyRuns)
	}
}

// A desk is a phone with a window before a person who presses this and that.
type desk struct {
	*rand.Rand
	now    float64
	s      screen.Snapshot // of the phone
	shown  screen.Snapshot // drawn in the window
	queue  []phone.Event   // not yet with the phone
	field  string          // what stands in the number field
	focus  string          // "" nowhere, "number", or what a press on the focused button does
	ahead  ahead
	hands  hands
	at     box // where the pointer rests
	was    []layer
	calls  int
	placed int
	story  []string
	fault  string
	seen   []string // numbers that stood before the eyes at the last press or key
}

// layer is what lay in the window until something came unasked.
type layer struct {
	until float64
	things
}

// thing is a control of the window.
type thing struct {
	spot
	event phone.Event
	shows string // the number on it
}

type things []thing

// at is the uppermost thing at a point.
func (l things) at(x, y int) (thing, bool) {
	i := slices.IndexFunc(l, func(c thing) bool { return c.box.holds(x, y) })
	if i < 0 {
		return thing{}, false
	}
	return l[i], true
}

func newDesk(seed uint64) *desk {
	d := &desk{Rand: rand.New(rand.NewPCG(seed, 7))}
	servers, err := config.Servers("sip.example.com")
	if err != nil {
		panic(err) // a constant
	}
	d.s = phone.New(phone.Options{Config: config.Config{WSServers: servers, Show: config.Defaults().Show}}).Begin()
	for _, e := range []phone.Event{screen.Login{User: "1001", Password: "secret", Server: "sip.example.com"},
		told(ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: ua.Connected}}),
		told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.Registered}})} {
		d.s = phone.Reduce(d.s, e)
	}
	d.s.Page = []screen.Page{screen.PagePhone, screen.PageHistory}[d.IntN(2)]
	d.shown, d.now, d.hands.last.at = d.s, 10_000, 0
	return d
}

func told(e ua.Event) phone.Event { return phone.Told{Event: e} }

func (d *desk) tell(format string, args ...any) {
	d.story = append(d.story, fmt.Sprintf("%8.0f ", d.now)+fmt.Sprintf(format, args...))
}

// step is one of the things that happen: a press, a key, news, the phone at work, the window drawn, time.
func (d *desk) step() {
	switch n := d.IntN(20); {
	case n < 5:
		d.pressPointer()
	case n < 10:
		d.pressKey()
	case n < 13:
		d.news()
	case n < 17:
		d.work()
	default:
		d.now += []float64{20, 150, 400, 700, 2000}[d.IntN(5)]
		d.work()
	}
}

// work lets the phone take what waits and draws the window.
func (d *desk) work() {
	for _, e := range d.queue {
		d.take(e, false)
	}
	d.queue = nil
	d.draw()
}

// take lets the phone take an event, and checks whom it calls.
func (d *desk) take(e phone.Event, own bool) {
	next := phone.Reduce(d.s, e)
	for _, c := range phone.Plan(d.s, next, e) {
		target, calls := "", true
		switch c := c.(type) {
		case phone.Invite:
			target = c.Target
		case phone.HandOver:
			target = c.Target
		default:
			calls = false
		}
		if !calls {
			continue
		}
		d.placed++
		d.tell("called %s", target)
		if !slices.Contains(d.seen, target) {
			d.fault = fmt.Sprintf("%T calls %q, but before the eyes stood %q", e, target, d.seen)
		}
	}
	if !own {
		next.Unasked++
	}
	if next.Dial != d.s.Dial {
		d.field = next.Dial
	}
	d.s = next
}

// draw shows the newest snapshot, as Root does.
func (d *desk) draw() {
	before := d.things()
	unasked := d.shown.Unasked != d.s.Unasked
	d.shown = d.s
	after := d.things()
	if unasked && !slices.EqualFunc(before, after, func(a, b thing) bool { return a.spot == b.spot }) {
		d.was = append(d.was, layer{d.now, before})
	}
	if unasked {
		d.hands.changed(spotsOf(before), spotsOf(after), d.now)
	}
	if d.focus != "number" && !slices.ContainsFunc(after, func(c thing) bool { return c.does == d.focus }) {
		d.focus = "" // what had it is gone
	}
	if d.focus == "number" && !d.fieldShows() {
		d.focus = ""
	}
	if d.ahead.settles(d.shown) && d.fieldShows() {
		d.ahead, d.focus = ahead{}, "number"
	}
}

func spotsOf(list things) []spot {
	var spots []spot
	for _, c := range list {
		spots = append(spots, c.spot)
	}
	return spots
}

// fieldShows tells whether the window shows the number field: a narrow one only on the page of the phone.
func (d *desk) fieldShows() bool { return screen.Pastes(d.shown) && d.shown.Page == screen.PagePhone }

// The places of a narrow window. Hang up stands where Dial does, the card of a call lies over the keys.
var (
	rowPlace  = box{300, 100, 60, 40}
	lastPlace = box{300, 150, 60, 40}
	fivePlace = box{0, 300, 130, 90}
	sixPlace  = box{130, 300, 130, 90}
	backPlace = box{300, 400, 60, 60}
	goPlace   = box{0, 400, 300, 60}
)

// things are the controls of the window, the uppermost first.
func (d *desk) things() things {
	var list things
	add := func(where box, does string, e phone.Event, shows string) {
		list = append(list, thing{spot{does, where}, e, shows})
	}
	s := d.shown
	if ringing := s.Incoming(); len(ringing) > 0 {
		id := ringing[0].ID
		add(fivePlace, "screen.Decline{"+id+"}", screen.Decline{ID: id}, "")
		add(sixPlace, "screen.Answer{"+id+"}", screen.Answer{ID: id}, "")
	}
	line, staged := s.Stage()
	switch {
	case s.Page != screen.PagePhone:
		add(rowPlace, "call:600", screen.MakeCall{Target: "600"}, "600")
		add(lastPlace, "screen.Show", screen.Show{Page: screen.PagePhone}, "")
	case s.ShowsDialPad():
		add(fivePlace, "screen.Press{5}", screen.Press{Digit: "5"}, "")
		add(sixPlace, "screen.Press{6}", screen.Press{Digit: "6"}, "")
		add(backPlace, "screen.Backspace", screen.Backspace{}, "")
		add(goPlace, "screen.Dial:"+d.field, screen.Dial{Text: d.field}, d.field)
		add(rowPlace, "screen.Redial", screen.Redial{}, "")
		if s.Transfer.Step == screen.TransferChoosing {
			add(lastPlace, "screen.AskFirst"+d.field, screen.AskFirst{Text: d.field}, d.field)
		}
		if s.Adding {
			add(lastPlace, "screen.AddCall", screen.AddCall{}, "")
		}
	case staged:
		add(goPlace, "screen.Hangup{"+line.ID+"}", screen.Hangup{ID: line.ID}, "")
		add(fivePlace, "screen.AddCall{true}", screen.AddCall{On: true}, "")
		add(sixPlace, "screen.StartTransfer{"+line.ID+"}", screen.StartTransfer{ID: line.ID}, "")
	}
	return list
}

// pressPointer presses where the pointer rests, or somewhere else; what is seen there decides.
func (d *desk) pressPointer() {
	if d.at == (box{}) || d.IntN(3) > 0 {
		d.at = []box{rowPlace, lastPlace, fivePlace, sixPlace, backPlace, goPlace}[d.IntN(6)]
	}
	x, y := d.at.x+5, d.at.y+5
	c, ok := d.things().at(x, y)
	if !ok {
		return
	}
	h := hit{does: c.does, box: c.box, x: x, y: y, at: d.now}
	if !d.hands.hears(h) {
		d.tell("deaf: %s", c.does)
		return
	}
	d.wantLongThere(c, x, y)
	d.hands.last = h
	d.focus = c.does
	d.see(c.shows)
	d.tell("press %s", c.does)
	d.act(c.event)
}

// wantLongThere checks that what calls or answers has meant that for 600 ms, unless the hand itself has brought it there.
func (d *desk) wantLongThere(c thing, x, y int) {
	if !calls(c.does) {
		return
	}
	for _, l := range d.was {
		old, _ := l.at(x, y)
		if d.now-l.until < settling && old.does != c.does && (ends(old.does) || strings.HasPrefix(c.does, "screen.Answer")) {
			d.fault = fmt.Sprintf("%s is pressed %.0f ms after %s lay there", c.does, d.now-l.until, old.does)
		}
	}
}

// see notes the numbers before the eyes: the one in the field, and the one on what is pressed.
func (d *desk) see(shows string) {
	d.seen = []string{shows}
	if d.fieldShows() || d.ahead.on {
		d.seen = append(d.seen, d.field)
	}
}

func (d *desk) act(e phone.Event) { d.take(e, true) }

// pressKey presses a key as Root takes it.
func (d *desk) pressKey() {
	key := []string{"5", "6", "5", "Enter", "Enter", "Backspace", "Tab", "Escape"}[d.IntN(8)]
	d.tell("key %s on %q", key, d.focus)
	if key == "Tab" {
		d.hands.moved = d.now
		if list := d.things(); len(list) > 0 {
			d.focus = list[d.IntN(len(list))].does
		}
		return
	}
	if key == "Enter" && !d.ahead.on {
		d.pressEnter()
		return
	}
	d.hands.moved = d.now
	k := screen.Key{Key: key, Typing: d.focus == "number", Number: d.focus == "number", Control: d.focus != "" &&
		d.focus != "number"}
	if e, ok := d.ahead.key(k, d.shown.Fits); ok {
		if _, dials := e.(screen.Dial); dials {
			d.seen = []string{e.(screen.Dial).Text} // which the user has just typed
		}
		d.act(e)
		return
	}
	e, ok := screen.Shortcut(d.shown, k)
	switch w := e.(type) {
	case screen.Write:
		if !d.fieldShows() {
			d.ahead = ahead{on: true, text: w.Text}
			break
		}
		if d.shown.Ended != nil {
			d.field = ""
		}
		d.focus = "number"
		d.write(key)
		return
	case screen.Press:
		d.focus = ""
	}
	if ok {
		d.act(e)
	} else if d.focus == "number" {
		d.write(key)
	}
}

// write changes the field as the browser does, which tells the phone.
func (d *desk) write(key string) {
	switch {
	case key == "Backspace" && d.field != "":
		d.field = d.field[:len(d.field)-1]
	case len(key) == 1:
		d.field += key
	default:
		return
	}
	d.act(screen.Type{Text: d.field})
}

// pressEnter presses what has the focus: a button, the form of the field, or Dial where nothing has it.
func (d *desk) pressEnter() {
	list := d.things()
	i := slices.IndexFunc(list, func(c thing) bool {
		return c.does == d.focus || (d.focus == "" || d.focus == "number") && strings.HasPrefix(c.does, "screen.Dial")
	})
	if i < 0 {
		return
	}
	c := list[i]
	h := hit{does: c.does, box: c.box, at: d.now, byKeys: true}
	if !d.hands.hears(h) {
		d.tell("deaf: %s", c.does)
		return
	}
	d.hands.last = h
	d.see(c.shows)
	d.tell("enter %s", c.does)
	d.act(c.event)
}

// news are what comes from outside: calls that come, move and end, and links.
func (d *desk) news() {
	ids := []string{}
	for _, l := range d.s.Calls.All {
		ids = append(ids, l.ID)
	}
	switch n := d.IntN(5); {
	case n == 0 && len(ids) < 3:
		d.calls++
		d.later(ua.IncomingCallEvent{Info: ua.CallInfo{ID: fmt.Sprint("i", d.calls), Direction: ua.Incoming,
			State: ua.CallRinging, Remote: ua.Address{User: "777", Host: "sip.example.com"}}})
	case n == 1 && len(ids) < 3 && d.s.Placed.Count > d.calls:
		d.calls++
		d.later(ua.CallEvent{Info: ua.CallInfo{ID: fmt.Sprint("o", d.calls), Direction: ua.Outgoing, State: ua.CallCalling,
			Dialled: d.s.Placed.Target}})
	case n == 2:
		d.tell("a link names 900")
		d.queue = append(d.queue, screen.Prefill{Text: "900"})
	case len(ids) > 0:
		line, _ := d.s.Line(ids[d.IntN(len(ids))])
		info := ua.CallInfo{ID: line.ID, Direction: ua.Direction(line.Direction), Remote: ua.Address(line.Remote),
			Dialled: line.Dialled,
			Started: line.Started, Answered: line.Answered}
		info.State = []ua.CallState{ua.CallRinging, ua.CallEstablished, ua.CallEnded, ua.CallEnded}[d.IntN(4)]
		if info.State == ua.CallEnded {
			info.Cause = ua.Cause{Kind: []ua.CauseKind{ua.CauseBusy, ua.CauseHangupRemote, ua.CauseCancelled}[d.IntN(3)],
				Code: 486}
		}
		d.later(ua.CallEvent{Info: info})
	}
}

func (d *desk) later(e ua.Event) {
	d.tell("news %T", e)
	d.queue = append(d.queue, told(e))
}
