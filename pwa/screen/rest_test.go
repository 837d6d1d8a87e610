package screen

import (
	"slices"
	"testing"
)

// TestCodecsStayAsTheyWereChosen keeps each codec on or off, but for a choice that leaves none.
func TestCodecsStayAsTheyWereChosen(t *testing.T) {
	every(3, func(is func(int) bool) {
		s := Settings{Offered: []string{"a", "b", "c"}}
		for i, name := range s.Offered {
			s.Codecs += choose(is(i), " -", " ") + name
		}
		for i, c := range s.CodecList() {
			if want := is(i) && !(is(0) && is(1) && is(2)); c.Off != want || c.Name != s.Offered[i] {
				t.Errorf("chosen %q: %+v, want off %t", s.Codecs, c, want)
			}
		}
	})
	twice := Settings{Offered: []string{"a", "b"}, Choice: Choice{Codecs: "-a b a -b"}}
	if got := twice.CodecList(); !slices.Equal(got, []Codec{{"a", true}, {"b", false}}) {
		t.Errorf("chosen twice: %+v; the first word counts", got)
	}
}

// TestPhoneWithoutAScreen has every part switched off, and no fewer.
func TestPhoneWithoutAScreen(t *testing.T) {
	every(8, func(is func(int) bool) {
		p := Parts{is(0), is(1), is(2), is(3), is(4), is(5), is(6), is(7)}
		if none := p == (Parts{}); p.Headless() != none {
			t.Errorf("%+v is without a screen: %t", p, p.Headless())
		}
	})
}

// TestStageIsTheActiveCall and no other, and none that rings here.
func TestStageIsTheActiveCall(t *testing.T) {
	for state := CallPreparing; state <= CallEnded; state++ {
		for _, direction := range []Direction{Outgoing, Incoming} {
			every(2, func(is func(int) bool) {
				first, second := line("1", direction, state), line("2", Outgoing, CallEstablished)
				if is(0) {
					first.Continues = "0"
				}
				s := phone(first, second)
				if is(1) {
					s.Active = "2"
				}
				rings := direction == Incoming && (state == CallPreparing || state == CallRinging) && !is(0)
				got, staged := s.Stage()
				switch {
				case first.RingsHere() != rings:
					t.Errorf("%+v rings here: %t", first, !rings)
				case is(1) && got.ID != "2", !is(1) && staged == rings, staged && !is(1) && got.ID != "1":
					t.Errorf("state %d, direction %d, active %q: on the stage is %q, %t", state, direction, s.Active, got.ID,
						staged)
				}
				if others := s.Others(); len(others) > 0 && others[0].ID == s.Active {
					t.Errorf("the active call %q is among the others", s.Active)
				}
			})
		}
	}
}

// TestHeldIsCountedWhileItLasts goes through what a hold is counted by.
func TestHeldIsCountedWhileItLasts(t *testing.T) {
	every(3, func(is func(int) bool) {
		l := line("1", Outgoing, CallEstablished)
		if l.HeldLocal = is(0); is(1) {
			l.HeldSince = noon
		}
		now := noon.Add(secondsOf(choose(is(2), 7, -7)))
		if got, want := l.Held(now), secondsOf(choose(is(0) && is(1) && is(2), 7, 0)); got != want {
			t.Errorf("held %t, since when %t, later %t: %v, want %v", is(0), is(1), is(2), got, want)
		}
	})
}

// TestMissedAreSeenInTheWholeList and in that of the missed ones, as long as nothing is sought.
func TestMissedAreSeenInTheWholeList(t *testing.T) {
	for _, filter := range []HistoryFilter{FilterAll, FilterMissed, FilterIncoming, FilterOutgoing} {
		every(3, func(is func(int) bool) {
			s := phone()
			s.List, s.History.Filter = choose(is(0), PageHistory, PageContacts), filter
			s.Missed, s.History.Query = choose(is(1), 1, 0), choose(is(2), "ann", "")
			if want := is(0) && is(1) && !is(2) && (filter == FilterAll || filter == FilterMissed); s.ListsMissed() != want {
				t.Errorf("history %t, missed %t, sought %t, filter %q: lists them %t", is(0), is(1), is(2), filter,
					s.ListsMissed())
			}
		})
	}
}

// TestServerInUseIsTheOneConnectedTo where it may be shown, and known by its label.
func TestServerInUseIsTheOneConnectedTo(t *testing.T) {
	every(4, func(is func(int) bool) {
		hidden, connected, named, known := is(0), is(1), is(2), is(3)
		a := Account{Server: "chosen", Hidden: Hidden{Server: hidden}}
		a.Login.Servers = []Server{{"wss://a", "A"}, {"wss://b", "B"}}
		a.Connection.State = choose(connected, Connected, Connecting)
		if named {
			a.Connection.Server = choose(known, "wss://b", "wss://c")
		}
		want := "chosen"
		switch {
		case hidden:
			want = ""
		case connected && named && known:
			want = "B"
		}
		if got := a.ServerInUse(); got != want {
			t.Errorf("hidden %t, connected %t, named %t, known %t: %q, want %q", hidden, connected, named, known, got, want)
		}
	})
}

// TestKeysGoWhereSoundComesFrom goes through states, sound before the answer, and what covers the stage.
func TestKeysGoWhereSoundComesFrom(t *testing.T) {
	for state := CallPreparing; state <= CallEnded; state++ {
		every(3, func(is func(int) bool) {
			l := line("1", Outgoing, state)
			l.EarlyMedia = is(0)
			s := phone(l)
			if s.Adding = is(1); is(2) {
				s.Transfer.Step = TransferChoosing
			}
			want := state < CallEnding && (is(0) || state >= CallConnecting) && !is(1) && !is(2)
			if _, takes := s.ToneLine(); takes != want {
				t.Errorf("state %d, early sound %t, adding %t, choosing %t: takes keys %t", state, is(0), is(1), is(2), takes)
			}
		})
	}
	if _, takes := phone().ToneLine(); takes {
		t.Error("without a call somebody takes keys")
	}
}
