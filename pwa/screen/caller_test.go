package screen

import (
	"math/rand/v2"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// every calls f with each way in which so many things can be so or not.
func every(things int, f func(is func(thing int) bool)) {
	for bits := range 1 << things {
		f(func(thing int) bool { return bits>>thing&1 == 1 })
	}
}

// TestCallerShowsInTheMiddle goes through all that decides about the middle of a wide window.
func TestCallerShowsInTheMiddle(t *testing.T) {
	every(5, func(is func(int) bool) {
		known, open, chosen, own, history := is(0), is(1), is(2), is(3), is(4)
		s := phone()
		if known {
			s.Caller.Line = line("1", Incoming, CallRinging)
		}
		s.Caller.Open, s.List = open, choose(history, PageHistory, PageContacts)
		if chosen {
			s.Detail = "x"
		}
		if own {
			s.List = RowPage("crm")
		}
		want := known && (open || !chosen && !own)
		if s.ShowsCaller() != want || s.Caller.Known() != known {
			t.Errorf("known %t, opened %t, something chosen %t, page of the operator %t: shown %t, want %t", known, open, chosen,
				own,
				s.ShowsCaller(), want)
		}
	})
}

// TestNoteHasItsCall goes through who can write a note about what, and which one a window shows.
func TestNoteHasItsCall(t *testing.T) {
	every(6, func(is func(int) bool) {
		kept, ours, answered, shown, history, chosen := is(0), is(1), is(2), is(3), is(4), is(5)
		s := phone()
		s.Caller.Line = line("7", choose(ours, Outgoing, Incoming), CallRinging)
		if answered {
			s.Caller.Line.Answered = noon
		}
		if kept {
			s.Caller.NoteID = "note"
		}
		if s.Caller.Open = shown; !shown {
			s.Detail = "x"
		}
		s.List = choose(history, PageHistory, PageContacts)
		if chosen {
			s.History.Chosen = &CallDetail{CallLine: CallLine{CallGroup: CallGroup{Entries: []PastCall{{ID: "e"}, {ID: "f"}}}}}
		}
		room := kept && (ours || answered)
		if s.HasNote() != room {
			t.Errorf("kept %t, our call %t, answered %t: room for a note %t, want %t", kept, ours, answered, s.HasNote(), room)
		}
		want := ""
		switch {
		case shown && room:
			want = "call 7"
		case !shown && history && chosen:
			want = "entry e"
		}
		if got := noteOf(s); got != want {
			t.Errorf("shown %t, room %t, history %t, chosen %t: note %q, want %q", shown, room, history, chosen, got, want)
		}
		for _, other := range []string{"", "call 7", "call 8", "entry e"} {
			if got := OpensNote(withNote(other), s); got != (want != "" && want != other) {
				t.Errorf("from the note %q to %q: opens %t", other, want, got)
			}
		}
	})
}

// withNote is a phone that shows that note.
func withNote(note string) Snapshot {
	s := phone()
	switch note {
	case "call 7", "call 8":
		s.Caller = CallerPane{Line: line(note[5:], Outgoing, CallEstablished), NoteID: "x", Open: true}
	case "entry e":
		s.List, s.History.Chosen = PageHistory, &CallDetail{CallLine: CallLine{
			CallGroup: CallGroup{Entries: []PastCall{{ID: "e"}}}}}
	}
	return s
}

// TestPopShowsWhenItCan goes through what the operator's page needs to stand in the pane.
func TestPopShowsWhenItCan(t *testing.T) {
	every(3, func(is func(int) bool) {
		s := phone()
		s.PopOpen, s.Caller.Pop.Framed = is(0), is(1)
		if is(2) {
			s.Caller.Pop.URL = "https://crm.example"
		}
		if want := is(0) && is(1) && is(2); s.ShowsPop() != want {
			t.Errorf("wanted %t, in the pane %t, an address %t: shown %t", is(0), is(1), is(2), s.ShowsPop())
		}
	})
}

// TestNameIsTheCallersOwnWord goes through who vouches for a name.
func TestNameIsTheCallersOwnWord(t *testing.T) {
	every(4, func(is func(int) bool) {
		contact, incoming, named, asserted := is(0), is(1), is(2), is(3)
		c := CallerPane{Line: line("1", choose(incoming, Incoming, Outgoing), CallRinging)}
		c.Line.Asserted = asserted
		if contact {
			c.Contact = &Contact{}
		}
		if named {
			c.Line.Remote.DisplayName = "The Bank"
		}
		if want := !contact && incoming && named && !asserted; c.SelfNamed() != want {
			t.Errorf("contact %t, comes in %t, has a name %t, vouched for %t: his own word %t", contact, incoming, named,
				asserted,
				c.SelfNamed())
		}
	})
}

// TestPartyIsWhoMattersMost compares the call of the middle with a plain look at all of them, in any phone.
func TestPartyIsWhoMattersMost(t *testing.T) {
	for seed := range uint64(3000) {
		s := anyPhone(rand.New(rand.NewPCG(seed, 131)))
		want := ""
		for _, fits := range []func(l Line) bool{
			func(l Line) bool { return l.ID == s.Active && !l.RingsHere() },
			func(l Line) bool { return !l.RingsHere() && l.Successor == "" },
			func(l Line) bool { return l.RingsHere() && !l.Refused },
		} {
			for _, l := range s.All {
				if want == "" && fits(l) {
					want = l.ID
				}
			}
		}
		party, found := s.Party()
		if party.ID != want || found != (want != "") {
			t.Fatalf("seed %d: %q, %t; want %q of %+v", seed, party.ID, found, want, s.All)
		}
		s.Caller.Line.ID = want
		if _, goes := s.Line(want); s.CallerOver() == goes {
			t.Fatalf("seed %d: the call %q is over: %t", seed, want, s.CallerOver())
		}
	}
}

// TestStepsOfTheWayHere says whom a call was for, then who handed it over.
func TestStepsOfTheWayHere(t *testing.T) {
	every(2, func(is func(int) bool) {
		var l Line
		var want []text.Key
		if is(0) {
			l.DivertedFrom, want = Address{URI: "sip:1@x", User: "1"}, append(want, text.For)
		}
		if is(1) {
			l.ReferredBy, want = Address{URI: "sip:2@x", DisplayName: "Ann"}, append(want, text.HandedOverBy)
		}
		steps := l.Steps()
		if len(steps) != len(want) || len(l.Route()) != len(want) {
			t.Fatalf("%+v, want %v", steps, want)
		}
		for i, step := range steps {
			if step.Said != want[i] || step.Name() != choose(step.Said == text.For, "1", "Ann") {
				t.Errorf("step %d is %v by %q", i, step.Said, step.Name())
			}
		}
	})
	for want, who := range map[string]Address{"Ann": {DisplayName: "Ann", User: "1", URI: "sip:1@x"},
		"1": {User: "1", URI: "sip:1@x"}, "sip:x": {URI: "sip:x"}} {
		if got := (RouteStep{Who: who}).Name(); got != want {
			t.Errorf("%+v is called %q, want %q", who, got, want)
		}
	}
}

// TestQuestionAskedIsTheOldestOfACall passes over questions whose calls are gone.
func TestQuestionAskedIsTheOldestOfACall(t *testing.T) {
	s := phone(line("1", Outgoing, CallEstablished), line("2", Outgoing, CallEstablished))
	for name, c := range map[string]struct {
		asked []Handover
		want  int
	}{
		"none":           {nil, 0},
		"one":            {[]Handover{{ID: 5, Call: "2"}}, 5},
		"two":            {[]Handover{{ID: 5, Call: "2"}, {ID: 6, Call: "1"}}, 5},
		"the first gone": {[]Handover{{ID: 4, Call: "9"}, {ID: 6, Call: "1"}}, 6},
		"all gone":       {[]Handover{{ID: 4, Call: "9"}}, 0},
	} {
		s.Handovers = c.asked
		if h, l, asked := s.Asked(); h.ID != c.want || asked != (c.want != 0) || asked && l.ID != h.Call {
			t.Errorf("%s: question %d about %q, %t; want %d", name, h.ID, l.ID, asked, c.want)
		}
	}
}
