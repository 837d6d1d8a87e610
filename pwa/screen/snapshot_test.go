package screen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// line is a call; answered ones have been so for a minute.
func line(id string, direction Direction, state CallState, change ...func(*Line)) Line {
	l := Line{Call: Call{ID: id, Direction: direction, State: state, Started: noon,
		Remote: Address{User: "10" + id, Host: "example.com"}}}
	if state >= CallEstablished {
		l.Answered = noon
	}
	for _, f := range change {
		f(&l)
	}
	return l
}

func heldHere(l *Line)  { l.HeldLocal, l.HeldSince = true, noon.Add(30*time.Second) }
func heldThere(l *Line) { l.HeldRemote = true }

// phone is an open phone with some calls, the first of which is on the stage.
func phone(calls ...Line) Snapshot {
	var s Snapshot
	s.Screen, s.List, s.Now, s.All, s.Brand, s.Show = ScreenPhone, PageHistory, noon.Add(time.Minute), calls, "Desk",
		Parts{Number: true, Dialpad: true}
	s.Connection.State, s.Registration.State = Connected, Registered
	if len(calls) > 0 {
		s.Active = calls[0].ID
	}
	return s
}

// anyPhone is one of all the phones there can be.
func anyPhone(r *rand.Rand) Snapshot {
	var calls []Line
	for i := range r.IntN(4) {
		l := line(fmt.Sprint(i+1), Direction(r.IntN(2)), CallState(r.IntN(int(CallEnded))))
		l.HeldLocal, l.HeldRemote, l.Muted, l.Refused, l.EarlyMedia = r.IntN(4) == 0, r.IntN(4) == 0, r.IntN(4) == 0,
			r.IntN(8) == 0, r.IntN(2) == 0
		if r.IntN(8) == 0 {
			l.Successor = "1"
		}
		calls = append(calls, l)
	}
	s := phone(calls...)
	s.Active = []string{"", "1", "2", "gone"}[r.IntN(4)]
	s.Screen = Screen(r.IntN(2))
	s.Adding, s.Keypad, s.Menu, s.Shortcuts, s.Audio = r.IntN(4) == 0, r.IntN(4) == 0, r.IntN(4) == 0, r.IntN(4) == 0,
		r.IntN(4) == 0
	s.Transfer.Step = TransferStep(r.IntN(4))
	s.Page, s.List, s.Dial = Pages()[r.IntN(4)], Pages()[1+r.IntN(3)], []string{"", "600", "anna"}[r.IntN(3)]
	s.Theme, s.Language = []Theme{ThemeSystem, ThemeLight, ThemeDark}[r.IntN(3)], text.Languages()[r.IntN(4)]
	s.Pressed.Count, s.Missed, s.File.Count = r.IntN(3), r.IntN(3), r.IntN(2)
	s.Setup.Metering, s.Detail = r.IntN(2) == 0, []string{"", SectionAudio}[r.IntN(2)]
	if r.IntN(4) == 0 {
		s.Ended = &Ended{Line: line("9", Outgoing, CallEnded), Typed: "109"}
	}
	return s
}

// TestEachCallHasOnePlace holds for all phones: a call rings, or is a line, or has been succeeded or refused; the stage is a
// line.
func TestEachCallHasOnePlace(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		s := anyPhone(r)
		places := map[string]int{}
		for _, l := range s.Incoming() {
			places[l.ID]++
		}
		for _, l := range s.Lines() {
			places[l.ID]++
		}
		for _, l := range s.All {
			if l.Successor != "" {
				places[l.ID] = max(1, places[l.ID])
			}
			if n := places[l.ID]; n > 1 || n == 0 && !l.Refused {
				t.Fatalf("%+v: call %s has %d places", s.All, l.ID, n)
			}
		}
		if stage, ok := s.Stage(); ok && (stage.ID != s.Active || stage.RingsHere()) {
			t.Fatalf("call %s of %q on the stage", stage.ID, s.Active)
		}
		for _, l := range s.Others() {
			if l.ID == s.Active {
				t.Fatalf("%s is beside itself", l.ID)
			}
		}
		for _, a := range []string{"1", "2", "gone"} {
			for _, b := range []string{"1", "2", "gone"} {
				x, _ := s.Line(a)
				y, _ := s.Line(b)
				if s.Connectable(a, b) && (a == b || !x.Established() || !y.Established()) ||
					s.Connectable(a, b) != s.Connectable(b, a) {
					t.Fatalf("%s and %s can be connected: %v", a, b, s.All)
				}
			}
		}
	}
}

func TestLineIsFound(t *testing.T) {
	s := phone(line("1", Outgoing, CallEstablished), line("2", Incoming, CallRinging))
	for id, want := range map[string]bool{"1": true, "2": true, "3": false, "": false} {
		if l, ok := s.Line(id); ok != want || ok && l.ID != id {
			t.Errorf("%q: got %q, %v", id, l.ID, ok)
		}
	}
	s.Handovers = []Handover{{ID: 1, Call: "gone"}, {ID: 2, Call: "1"}, {ID: 3, Call: "2"}}
	if h, l, ok := s.Asked(); !ok || h.ID != 2 || l.ID != "1" {
		t.Errorf("asked %d about %q, want the oldest whose call there is", h.ID, l.ID)
	}
	if _, _, ok := phone().Asked(); ok {
		t.Error("nobody asked")
	}
	s.Transfer = Transfer{Step: TransferChoosing, ID: "1"}
	if l, ok := s.Transferring(); !ok || l.ID != "1" {
		t.Errorf("%q is handed over", l.ID)
	}
	s.Transfer.Step = TransferNone
	if _, ok := s.Transferring(); ok {
		t.Error("a transfer that is over shows")
	}
}

func TestNamesOfTheOtherSide(t *testing.T) {
	for _, test := range []struct {
		remote       Address
		dialled      string
		name, number string
	}{
		{Address{DisplayName: "Anna", User: "1002", Host: "h", URI: "sip:1002@h"}, "2", "Anna", "1002"},
		{Address{User: "1002", Host: "h"}, "2", "1002", "1002"},
		{Address{Host: "h", URI: "sip:h"}, "2", "2", "2"},
		{Address{Host: "h", URI: "sip:h"}, "", "h", "h"},
		{Address{URI: "tel:1"}, "", "tel:1", "tel:1"},
		{Address{DisplayName: "Anna"}, "", "Anna", ""},
	} {
		l := Line{Call: Call{Remote: test.remote, Dialled: test.dialled}}
		if l.Name() != test.name || l.Number() != test.number {
			t.Errorf("%+v: %q, %q", test, l.Name(), l.Number())
		}
		if got := (Ended{Line: l}).Again(); test.dialled != "" && got != test.dialled || test.dialled == "" &&
			got != test.number {
			t.Errorf("%+v: again calls %q", test, got)
		}
	}
}

func TestWhereACallWasSentIsShownWhole(t *testing.T) {
	for _, test := range []struct {
		to            Address
		target, shown string
	}{
		{Address{User: "600", URI: "sip:600@example.com", Host: "example.com"}, "600", "600"},
		{Address{User: "600"}, "600", "600"},
		{Address{User: "600", URI: "sip:600@elsewhere.example", Host: "elsewhere.example"}, "sip:600@elsewhere.example",
			"600@elsewhere.example"},
		{Address{User: "600", URI: "sips:600@elsewhere.example", Host: "elsewhere.example"}, "sips:600@elsewhere.example",
			"600@elsewhere.example"},
	} {
		l := line("1", Outgoing, CallEnded, func(l *Line) { l.MovedTo = test.to })
		if target, shown := l.Moved(); target != test.target || shown != test.shown {
			t.Errorf("%+v: %q, %q", test.to, target, shown)
		}
	}
}

func TestTimesOfACall(t *testing.T) {
	l := line("1", Outgoing, CallEstablished, heldHere)
	earlier := line("1", Outgoing, CallEstablished, func(l *Line) { l.Since = noon.Add(-time.Hour) })
	for _, test := range []struct {
		why       string
		got, want time.Duration
	}{
		{"talking", l.Talking(noon.Add(43 * time.Second)), 43 * time.Second},
		{"a clock that goes back", l.Talking(noon.Add(-time.Second)), 0},
		{"not answered", line("1", Outgoing, CallRinging).Talking(noon), 0},
		{"one call for the user", earlier.Talking(noon.Add(time.Second)), time.Hour + time.Second},
		{"held", l.Held(noon.Add(31 * time.Second)), time.Second},
		{"held, and a clock that goes back", l.Held(noon), 0},
		{"not held", earlier.Held(noon.Add(time.Hour)), 0},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v, want %v", test.why, test.got, test.want)
		}
	}
}

func TestRouteOfACall(t *testing.T) {
	l := line("1", Incoming, CallRinging)
	if got := l.Route(); len(got) > 0 {
		t.Errorf("straight here: %v", got)
	}
	l.DivertedFrom, l.ReferredBy = Address{User: "600", URI: "sip:600@h"}, Address{DisplayName: "Anna", URI: "sip:1@h"}
	want := []string{"For 600", "Handed over by Anna"}
	var got []string
	for _, s := range l.Route() {
		got = append(got, text.English.Tell(s))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConnectionAndClock(t *testing.T) {
	for connection := Disconnected; connection <= Connected; connection++ {
		for _, registration := range []RegistrationState{Unregistered, Registering, Registered, Unregistering,
			RegistrationFailed} {
			s := phone()
			s.Connection.State, s.Registration.State = connection, registration
			both := connection == Connected && registration == Registered
			key, bad := RegistrationText(s)
			if s.Registered() != both || bad == both || text.English.Say(key) == "" {
				t.Errorf("%v, %v: registered %v, bad %v, %q", connection, registration, s.Registered(), bad, key)
			}
			if s.Offline() == (connection == Connected) || s.CanDial() != (connection == Connected) || s.Counts() != s.Offline() {
				t.Errorf("%v: offline %v, can dial %v, counts %v", connection, s.Offline(), s.CanDial(), s.Counts())
			}
			if s.Screen = ScreenLogin; s.Offline() || s.Counts() || s.ServerBusy() {
				t.Errorf("%v: the login card is offline %v, counts %v", connection, s.Offline(), s.Counts())
			}
		}
	}
	if s := phone(line("1", Outgoing, CallRinging)); !s.Counts() {
		t.Error("the clock of a call stands still")
	}
}

func TestRetryIsCountedDown(t *testing.T) {
	for _, test := range []struct {
		in      time.Duration
		seconds int
		shown   string
	}{{0, 0, "0:00"}, {-time.Minute, 0, "0:00"}, {time.Millisecond, 1, "0:01"}, {30 * time.Second, 30, "0:30"},
		{256 * time.Second, 256, "4:16"}} {
		s := phone()
		s.Connection.State, s.Connection.RetryAt = Disconnected, s.Now.Add(test.in)
		if RetrySeconds(s) != test.seconds || RetryTime(s) != test.shown {
			t.Errorf("in %v: %d, %q", test.in, RetrySeconds(s), RetryTime(s))
		}
		s.Connection.State, s.Connection.RetryAt, s.Registration.RetryAt = Connected, time.Time{}, s.Now.Add(test.in)
		if !s.ServerBusy() || RetrySeconds(s) != test.seconds {
			t.Errorf("registration in %v: %d", test.in, RetrySeconds(s))
		}
	}
	if s := phone(); RetrySeconds(s) != 0 {
		t.Error("nothing is tried again, and counted")
	}
}

func TestTimesAreWritten(t *testing.T) {
	for seconds := 0; seconds < 100*3600; seconds += 997 {
		d := time.Duration(seconds)*time.Second + 999*time.Millisecond
		var h, m, s int
		if _, err := fmt.Sscanf(ClockTime(d), "%d:%d:%d", &h, &m, &s); err != nil || h*3600+m*60+s != seconds ||
			len(ClockTime(d)) != 8 {
			t.Fatalf("%v is written %q", d, ClockTime(d))
		}
		if short := ShortTime(d); !strings.HasSuffix(ClockTime(d), short) && seconds < 3600 ||
			strings.Count(short, ":") != 1+min(1, seconds/3600) {
			t.Fatalf("%v is written %q", d, short)
		}
	}
}

func TestWhatIsProtectedIsNotShown(t *testing.T) {
	for bits := range 8 {
		a := Account{User: "u", DisplayName: "d", Server: "s",
			Hidden: Hidden{User: bits&1 > 0, DisplayName: bits&2 > 0, Server: bits&4 > 0}}
		got := a.Shown()
		if (got.User == "") != a.Hidden.User || (got.DisplayName == "") != a.Hidden.DisplayName ||
			(got.Server == "") != a.Hidden.Server || a.User != "u" {
			t.Errorf("%+v: shown %+v", a.Hidden, got)
		}
	}
}

func TestExplanationGoesWithItsNumber(t *testing.T) {
	for _, test := range []struct{ dial, typed, want string }{{"600", "600", ""}, {"605", "600", "605"}, {"", "600", ""}} {
		s := phone()
		s.Dial, s.Ended = test.dial, &Ended{Typed: test.typed}
		if got := s.Unexplained(); got.Dial != test.want || got.Ended != nil || s.Ended == nil {
			t.Errorf("%+v: %q, %v", test, got.Dial, got.Ended)
		}
	}
	s := phone()
	if s.Dial = "600"; s.Unexplained().Dial != "600" {
		t.Error("a number that is being typed goes without an explanation")
	}
}

func TestDialPadShowsWhereNoCallIs(t *testing.T) {
	talks := phone(line("1", Outgoing, CallEstablished))
	adding, choosing := talks, talks
	adding.Adding, choosing.Transfer.Step = true, TransferChoosing
	rings := phone(line("1", Incoming, CallRinging))
	for name, test := range map[string]struct {
		s    Snapshot
		want bool
	}{"idle": {phone(), true}, "talking": {talks, false}, "adding": {adding, true}, "choosing": {choosing, true},
		"ringing": {rings, true}} {
		if got := test.s.ShowsDialPad(); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
