package screen

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

func TestAChangeLeavesTheSnapshotBefore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		s := anyPhone(r)
		s.Handovers = []Handover{{ID: 1, Call: "1"}, {ID: 2, Call: "2"}}
		calls, asked := slices.Clone(s.Calls.All), slices.Clone(s.Handovers)
		next := s.WithLine("1", func(l *Line) { l.Digits += "5" }).WithoutHandover(func(h Handover) bool { return h.ID == 1 })
		if !reflect.DeepEqual(s.Calls.All, calls) || !slices.Equal(s.Handovers, asked) {
			t.Fatalf("the snapshot before has %v and %v, want %v and %v", s.Calls.All, s.Handovers, calls, asked)
		}
		if line, ok := next.Line("1"); ok && line.Digits != "5" || len(next.Handovers) != 1 || next.Handovers[0].ID != 2 {
			t.Fatalf("digits %q, questions %v", line.Digits, next.Handovers)
		}
		for _, l := range next.Calls.All {
			if l.ID != "1" && l.Digits != "" {
				t.Fatalf("call %s was changed too", l.ID)
			}
		}
	}
}

func TestTheClockOfTheScreenNeverGoesBack(t *testing.T) {
	s := phone().AsOf(noon)
	if want := noon.Add(time.Minute); !s.Now.Equal(want) {
		t.Errorf("%v after an older moment, want %v", s.Now, want)
	}
	if want := noon.Add(time.Hour); !s.AsOf(want).Now.Equal(want) {
		t.Errorf("%v, want the newer moment", s.AsOf(want).Now)
	}
}

func TestAProblemToldAgainCounts(t *testing.T) {
	s := phone().WithProblem(text.Say(text.Glare))
	if again := s.WithProblem(text.Say(text.Glare)); again.Problem.Count != s.Problem.Count+1 {
		t.Errorf("count %d after %d", again.Problem.Count, s.Problem.Count)
	}
}

func TestAPageOpensBesideThePhone(t *testing.T) {
	s := phone()
	s.Detail, s.Menu, s.Shortcuts = "7", true, true
	for _, test := range []struct {
		to, page, list Page
		detail         string
	}{
		{PagePhone, PagePhone, PageHistory, "7"},
		{PageHistory, PageHistory, PageHistory, "7"},
		{PageContacts, PageContacts, PageContacts, ""},
		{RowPage("gone"), PagePhone, PageHistory, "7"},
	} {
		got := s.At(test.to)
		if got.Page != test.page || got.List != test.list || got.Detail != test.detail || got.Menu || got.Shortcuts {
			t.Errorf("%s: page %s, list %s, detail %q, menu %v", test.to, got.Page, got.List, got.Detail, got.Menu)
		}
	}
}

func TestWhoTalksAndWhoTakesKeys(t *testing.T) {
	talks := line("1", Outgoing, CallEstablished)
	held := line("2", Outgoing, CallEstablished, heldHere)
	rings := line("3", Incoming, CallRinging)
	calls := line("4", Outgoing, CallRinging)
	s := phone(talks, held, rings, calls)
	if got := s.Talking(""); !slices.Equal(got, []string{"1"}) {
		t.Errorf("%v talk, want the one that is not held", got)
	}
	if got := s.Talking("1"); len(got) > 0 {
		t.Errorf("%v talk without that one", got)
	}
	for _, test := range []struct {
		why   string
		stage Line
		tones bool
	}{
		{"answered", talks, true},
		{"rings without a sound", calls, false},
		{"an announcement", line("5", Outgoing, CallRinging, func(l *Line) { l.EarlyMedia = true }), true},
		{"ends", line("6", Outgoing, CallEnding), false},
	} {
		on := phone(test.stage)
		if _, ok := on.ToneLine(); ok != test.tones {
			t.Errorf("%s: takes keys %v, want %v", test.why, ok, test.tones)
		}
		for _, covered := range []func(*Snapshot){func(s *Snapshot) { s.Adding = true },
			func(s *Snapshot) { s.Transfer.Step = TransferChoosing }} {
			under := on
			covered(&under)
			if _, ok := under.ToneLine(); ok {
				t.Errorf("%s: keys go into a call that the dial pad covers", test.why)
			}
		}
	}
	answering := line("7", Incoming, CallRinging, func(l *Line) { l.Answering = true })
	for _, test := range []struct {
		s    Snapshot
		free bool
	}{{phone(), true}, {phone(rings), true}, {phone(answering), false}, {phone(talks), false}} {
		if test.s.Free() != test.free {
			t.Errorf("free %v with %v, want %v", test.s.Free(), test.s.Calls.All, test.free)
		}
	}
}

func TestHomeOfAnAccount(t *testing.T) {
	for server, home := range map[string]string{"sip.example.com": "sip.example.com",
		"sip.example.com:8089/ws": "sip.example.com",
		"[2001:db8::1]:443":       "[2001:db8::1]", "[2001:db8::1]": "[2001:db8::1]"} {
		if got := (Account{Server: server}).Home(); got != home {
			t.Errorf("%s is at home in %q, want %q", server, got, home)
		}
	}
	a := Account{Server: "sip.example.com"}
	a.Login.Realm = "example.com"
	if got := a.Home(); got != "example.com" {
		t.Errorf("at home in %q, want the realm", got)
	}
}
