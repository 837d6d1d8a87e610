package screen

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// TestEachChangeHasItsEffect changes one thing at a time, there and back, and nothing else is heard or seen.
func TestEachChangeHasItsEffect(t *testing.T) {
	theme := Dress{ThemeDark, ""}
	for name, c := range map[string]struct {
		change      func(s *Snapshot)
		there, undo []Effect
	}{
		"style sheet": {func(s *Snapshot) { s.CSS = "x" }, []Effect{Brand{"x"}}, []Effect{Brand{}}},
		"theme":       {func(s *Snapshot) { s.Theme = ThemeDark }, []Effect{theme}, []Effect{Dress{}}},
		"language":    {func(s *Snapshot) { s.Language = "de" }, []Effect{Dress{Language: "de"}}, []Effect{Dress{}}},
		"number":      {func(s *Snapshot) { s.Dial = "600" }, []Effect{FillDial{"600"}}, []Effect{FillDial{}}},
		"brand":       {func(s *Snapshot) { s.Brand = "Clinic" }, []Effect{Title{"Clinic"}}, []Effect{Title{"Desk"}}},
		"restart":     {func(s *Snapshot) { s.Restarts = 1 }, []Effect{Restart{}}, []Effect{Restart{}}},
		"a key":       {func(s *Snapshot) { s.Pressed = KeyPress{"5", 1} }, []Effect{KeyTone{"5"}}, nil},
		"file": {func(s *Snapshot) { s.File = File{Name: "a", Count: 1} }, []Effect{Download{File{Name: "a", Count: 1}}},
			[]Effect{Download{}}},
		"list":       {func(s *Snapshot) { s.Widened = 400 }, []Effect{Widen{400}}, []Effect{Widen{usualListWidth}}},
		"usual list": {func(s *Snapshot) { s.Widened = usualListWidth }, nil, nil},
		"ringer":     {func(s *Snapshot) { s.Ringer = "r" }, []Effect{UseOutputs{"r", ""}}, []Effect{UseOutputs{}}},
		"speaker":    {func(s *Snapshot) { s.Settings.Speaker = "p" }, []Effect{UseOutputs{"", "p"}}, []Effect{UseOutputs{}}},
		"missed": {func(s *Snapshot) { s.Missed = 2 },
			[]Effect{Title{text.Language("").Say(text.MissedCount, "count", "2") + " · Desk"}, Badge{2}},
			[]Effect{Title{"Desk"}, Badge{}}},
		"page":     {func(s *Snapshot) { s.List, s.Page, s.Detail = PageContacts, PageContacts, "x" }, nil, nil},
		"clock":    {func(s *Snapshot) { s.Now = s.Now.Add(1) }, nil, nil},
		"menu":     {func(s *Snapshot) { s.Menu, s.Shortcuts, s.Audio = true, true, true }, nil, nil},
		"problem":  {func(s *Snapshot) { s.Problem = Problem{text.Say(text.Answer), 1} }, nil, nil},
		"contacts": {func(s *Snapshot) { s.Contacts.Query, s.History.Query = "a", "b" }, nil, nil},
	} {
		before := phone()
		after := before
		c.change(&after)
		if got := Effects(before, after); !reflect.DeepEqual(got, c.there) {
			t.Errorf("%s: %#v, want %#v", name, got, c.there)
		}
		if got := Effects(after, before); !reflect.DeepEqual(got, c.undo) {
			t.Errorf("%s taken back: %#v, want %#v", name, got, c.undo)
		}
	}
}

// TestMeterShowsInItsSectionAlone goes through all it needs.
func TestMeterShowsInItsSectionAlone(t *testing.T) {
	every(4, func(is func(int) bool) {
		s := phone()
		s.Setup.Metering, s.List, s.Detail = is(0), choose(is(1), PageSettings, PageHistory),
			choose(is(2), SectionAudio, SectionCalls)
		s.Screen = choose(is(3), ScreenPhone, ScreenLogin)
		s.NoEcho = true
		if got, want := meterOf(s), is(0) && is(1) && is(2) && is(3); got.On != want || got.Audio.NoEchoCancellation != want {
			t.Errorf("wanted %t, settings %t, audio %t, phone %t: %+v", is(0), is(1), is(2), is(3), got)
		}
	})
}

// TestSoundFollowsFromTheCalls compares the sound of any phone with a plain look at its calls.
func TestSoundFollowsFromTheCalls(t *testing.T) {
	heard := map[Loop]int{}
	for seed := range uint64(5000) {
		rnd := rand.New(rand.NewPCG(seed, 139))
		s := anyPhone(rnd)
		s.Ring = []Loop{"", RingSoft, RingPulse}[rnd.IntN(3)]
		if len(s.All) > 0 && rnd.IntN(4) == 0 {
			s.Handovers = []Handover{{ID: 1, Call: []string{"1", "gone"}[rnd.IntN(2)]}}
		}
		rings, talks, asked, ringsThere := false, false, false, false
		for _, l := range s.All {
			here := l.Direction == Incoming && (l.State == CallRinging || l.State == CallPreparing)
			rings = rings || here && !l.Refused
			talks = talks || !here && l.Successor == ""
			asked = asked || len(s.Handovers) > 0 && s.Handovers[0].Call == l.ID
			ringsThere = ringsThere || l.ID == s.Active && l.Direction == Outgoing && l.State == CallRinging && !l.EarlyMedia
		}
		want := Silence
		switch {
		case rings && talks, asked && !rings:
			want = CallWaiting
		case rings && s.Ring != "":
			want = s.Ring
		case rings:
			want = Ringtone
		case ringsThere:
			want = Ringback
		}
		if got := s.Loop(); got != want || s.InCall() != talks {
			t.Fatalf("seed %d: %q, want %q; in a call %t, want %t: %+v", seed, got, want, s.InCall(), talks, s.All)
		}
		heard[want]++
	}
	if len(heard) < 6 {
		t.Errorf("heard only %v", heard)
	}
}

// TestFailureIsHeardOnce ends calls with and without a tone.
func TestFailureIsHeardOnce(t *testing.T) {
	ended := func(id string, shift int, tone Signal) *Ended {
		l := line(id, Outgoing, CallEnded)
		l.Started = noon.Add(secondsOf(shift))
		return &Ended{Line: l, Tone: tone}
	}
	for name, c := range map[string]struct {
		before, after *Ended
		want          Signal
		heard         bool
	}{
		"nothing":          {nil, nil, "", false},
		"a failure":        {nil, ended("1", 0, BusyTone), BusyTone, true},
		"told on":          {ended("1", 0, BusyTone), ended("1", 0, BusyTone), "", false},
		"another call":     {ended("1", 0, BusyTone), ended("2", 0, ErrorTone), ErrorTone, true},
		"the ID once more": {ended("1", 0, BusyTone), ended("1", 9, ErrorTone), ErrorTone, true},
		"closed":           {ended("1", 0, BusyTone), nil, "", false},
	} {
		before, after := phone(), phone()
		before.Ended, after.Ended = c.before, c.after
		if got, heard := signalOf(before, after); heard != c.heard || got != c.want {
			t.Errorf("%s: %q, %t; want %q, %t", name, got, heard, c.want, c.heard)
		}
	}
	every(3, func(is func(int) bool) {
		before, after := phone(), phone()
		if before.Transfer.Returned = 3; is(0) {
			after.Transfer.Returned = 4
		} else {
			after.Transfer.Returned = choose(is(2), 3, 2)
		}
		if is(1) {
			after.Problem.Text = text.Say(text.Answer)
		}
		if got, heard := signalOf(before, after); heard != (is(0) && is(1)) || heard && got != ErrorTone {
			t.Errorf("the call came back %t, with a problem %t: %q, %t", is(0), is(1), got, heard)
		}
	})
}

// TestNotificationsComeAndGo holds what stands outside the page to the calls that ring, from any phone to any other.
func TestNotificationsComeAndGo(t *testing.T) {
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 149))
		shown := map[string]bool{}
		s := phone()
		for range 8 {
			next := anyPhone(rnd)
			for _, e := range notifications(s, next) {
				switch e := e.(type) {
				case Notify:
					if shown[e.ID] || e.Title == "" || !strings.HasPrefix(e.Body, next.Language.Say(text.IncomingCall)) ||
						e.Answer == e.Decline {
						t.Fatalf("seed %d: %+v", seed, e)
					}
					shown[e.ID] = true
				case Retract:
					if !shown[e.ID] {
						t.Fatalf("seed %d: %s goes without having come", seed, e.ID)
					}
					delete(shown, e.ID)
				}
			}
			for _, l := range next.All {
				if shown[l.ID] != slices.ContainsFunc(next.Incoming(), func(x Line) bool { return x.ID == l.ID }) {
					t.Fatalf("seed %d: call %s is shown outside: %t", seed, l.ID, shown[l.ID])
				}
			}
			s = next
		}
	}
	l := line("1", Incoming, CallRinging)
	l.DivertedFrom = Address{URI: "sip:5@x", User: "5"}
	body := notifications(phone(), phone(l))[0].(Notify).Body
	if body != fmt.Sprint(text.Language("").Say(text.IncomingCall), " · ", text.Language("").Tell(l.Route()[0])) {
		t.Errorf("of a diverted call is said %q", body)
	}
}

// TestTitleOfAnyPhone names the brand always, and who rings first.
func TestTitleOfAnyPhone(t *testing.T) {
	for seed := range uint64(2000) {
		s := anyPhone(rand.New(rand.NewPCG(seed, 151)))
		title := TitleOf(s)
		if !strings.HasSuffix(title, s.Heading()) || len(s.All) == 0 && s.Missed == 0 && title != s.Heading() {
			t.Fatalf("seed %d: %q", seed, title)
		}
		stage, staged := s.Stage()
		switch incoming := s.Incoming(); {
		case len(incoming) > 0:
			more := fmt.Sprint(incoming[0].Name(), " +", len(incoming)-1)
			if !strings.Contains(title, incoming[0].Name()) || strings.Contains(title, more) != (len(incoming) > 1) {
				t.Fatalf("seed %d: %q with %d calls", seed, title, len(incoming))
			}
		case staged && (!strings.Contains(title, stage.Name()) || !strings.Contains(title, s.Language.Say(StateText(stage)))):
			t.Fatalf("seed %d: %q does not say %s", seed, title, stage.Name())
		case !staged && (strings.Contains(title, fmt.Sprint(s.Missed)) != (s.Missed > 0 && s.Screen == ScreenPhone)):
			t.Fatalf("seed %d: %q with %d missed", seed, title, s.Missed)
		}
		if session := sessionOf(s); session.ID != stage.ID || staged &&
			(session.Name != stage.Name() || session.Muted != stage.Muted) {
			t.Fatalf("seed %d: the system is told of %+v, on the stage is %+v", seed, session, stage)
		}
	}
}

// TestFormsOpenAndListsRewind changes one thing at a time.
func TestFormsOpenAndListsRewind(t *testing.T) {
	for name, c := range map[string]struct {
		change         func(s *Snapshot)
		opens, rewinds bool
	}{
		"nothing":            {func(s *Snapshot) {}, false, false},
		"list":               {func(s *Snapshot) { s.List = PageContacts }, true, false},
		"page alone":         {func(s *Snapshot) { s.Page = PageContacts }, false, false},
		"login":              {func(s *Snapshot) { s.Screen = ScreenLogin }, true, false},
		"form":               {func(s *Snapshot) { s.Contacts.Edit = &ContactForm{Count: 1} }, true, false},
		"search":             {func(s *Snapshot) { s.History.Searching = true }, true, false},
		"section":            {func(s *Snapshot) { s.List, s.Detail = PageSettings, "x" }, true, false},
		"detail of a list":   {func(s *Snapshot) { s.Detail = "x" }, false, false},
		"query":              {func(s *Snapshot) { s.Contacts.Query = "a" }, false, true},
		"favourites":         {func(s *Snapshot) { s.Contacts.Favourites = true }, false, true},
		"rows":               {func(s *Snapshot) { s.Contacts.First = 9 }, false, false},
		"query of the calls": {func(s *Snapshot) { s.History.Query = "a" }, false, false},
	} {
		before, after := phone(), phone()
		c.change(&after)
		if Opens(before, after) != c.opens || Rewinds(before, after) != c.rewinds {
			t.Errorf("%s: opens %t, rewinds %t", name, Opens(before, after), Rewinds(before, after))
		}
	}
	for name, list := range map[string]func(s *Snapshot){
		"calls":    func(s *Snapshot) { s.List, s.History.Searching, s.History.Query = PageHistory, true, "6" },
		"contacts": func(s *Snapshot) { s.List, s.Contacts.Query = PageContacts, "a" },
	} {
		empty := phone()
		list(&empty)
		full := empty
		full.History.Total, full.Contacts.Total = 1, 1
		more := full
		more.History.Total, more.Contacts.Total = 2, 2
		if !Opens(empty, full) || Opens(full, more) {
			t.Errorf("%s: the field of the search that comes with the first of them is filled %t, again %t", name,
				Opens(empty, full), Opens(full, more))
		}
		if full.List = PageSettings; !Opens(full, more) {
			t.Errorf("%s: the way back to the list fills nothing", name)
		}
	}
	closed := phone()
	closed.List = PageHistory
	calls := closed
	if calls.History.Total = 1; Opens(closed, calls) {
		t.Error("calls come, and a search opens that is closed")
	}
	settings := phone()
	settings.List = PageSettings
	section := settings
	section.Detail = SectionData
	if !Opens(settings, section) || !Opens(section, settings) {
		t.Error("another section of the settings opens nothing")
	}
	one, two := phone(), phone()
	one.Contacts.Edit, two.Contacts.Edit = &ContactForm{Count: 1}, &ContactForm{Count: 2}
	if !Opens(one, two) || Opens(one, one) {
		t.Error("another form does not open, or the same one does again")
	}
}
