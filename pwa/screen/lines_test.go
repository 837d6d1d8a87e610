package screen

import (
	"slices"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second }

// TestConnectableGoesThroughAll that two calls need to be connected with each other.
func TestConnectableGoesThroughAll(t *testing.T) {
	every(6, func(is func(int) bool) {
		a, b := line("1", Outgoing, choose(is(0), CallEstablished, CallRinging)),
			line("2", Outgoing, choose(is(1), CallEstablished, CallConnecting))
		a.Busy, b.Busy = is(2), is(3)
		s := phone(a, b)
		if s.Connection.State = Connected; is(4) {
			s.Connection.State = Connecting
		}
		if is(5) {
			s.Transfer.Step = TransferAsking
		}
		want := is(0) && is(1) && !is(2) && !is(3) && !is(4) && !is(5)
		if s.Connectable("1", "2") != want || s.Connectable("2", "1") != want {
			t.Errorf("%+v and %+v, connection %d, step %d: %t", a, b, s.Connection.State, s.Transfer.Step, !want)
		}
		if s.Connectable("1", "1") || s.Connectable("1", "9") || s.Connectable("9", "1") {
			t.Error("a call is connected with itself or with none")
		}
	})
	s := phone(line("1", Outgoing, CallEstablished), line("2", Outgoing, CallEstablished))
	for s.Transfer.Step = range TransferSending + 1 {
		if got := s.Connectable("1", "2"); got != (s.Transfer.Step < TransferAsking) {
			t.Errorf("in step %d: %t", s.Transfer.Step, got)
		}
		s.Transfer.ID = "2"
		if l, shows := s.Transferring(); shows != (s.Transfer.Step != TransferNone) || shows && l.ID != "2" {
			t.Errorf("in step %d: %q is handed over, %t", s.Transfer.Step, l.ID, shows)
		}
	}
	s.Transfer.ID = "9"
	if _, shows := s.Transferring(); shows {
		t.Error("a call that is gone is handed over")
	}
}

// TestGlanceOfEachState goes through states and holds.
func TestGlanceOfEachState(t *testing.T) {
	for state, want := range []Glance{GlanceRing, GlanceRing, GlanceRing, GlanceGo, GlanceGo, GlanceIdle, GlanceIdle} {
		every(2, func(is func(int) bool) {
			l := line("1", Outgoing, CallState(state))
			l.HeldLocal, l.HeldRemote = is(0), is(1)
			want := want
			if CallState(state) == CallEstablished && (is(0) || is(1)) {
				want = GlanceHold
			}
			if got := l.Glance(); got != want {
				t.Errorf("state %d, held here %t, there %t: %q, want %q", state, is(0), is(1), got, want)
			}
			if CallState(state) != CallEstablished {
				return
			}
			word := choose(is(0), text.StateOnHold, choose(is(1), text.StateHeldRemote, text.StateOnCall))
			if got := StateText(l); got != word {
				t.Errorf("held here %t, there %t: %q, want %q", is(0), is(1), got, word)
			}
		})
	}
}

// TestGradeAtItsEdges says in a word what lies on either side of each bound.
func TestGradeAtItsEdges(t *testing.T) {
	for mos, want := range map[float64]Grade{0.1: Poor, 3.0999: Poor, 3.1: Fair, 3.7999: Fair, 3.8: Good, 4.5: Good} {
		if q := (Quality{MOS: mos}); q.Grade() != want || !q.Known() {
			t.Errorf("%v is %d, known %t; want %d", mos, q.Grade(), q.Known(), want)
		}
	}
	if (Quality{}).Known() {
		t.Error("what was not measured is known")
	}
}

// TestRegistrationInAWord goes through the states of connection and registration.
func TestRegistrationInAWord(t *testing.T) {
	for connection := Disconnected; connection <= Connected; connection++ {
		for registration := Unregistered; registration <= Unregistering; registration++ {
			for _, elsewhere := range []bool{false, true} {
				s := phone()
				s.Connection.State, s.Registration.State, s.Elsewhere = connection, registration, elsewhere
				want := []text.Key{text.NotRegistered, text.Registering, text.Registered, text.NotRegistered,
					text.Unregistering}[registration]
				switch {
				case elsewhere:
					want = text.Elsewhere
				case connection == Disconnected:
					want = text.NotRegisteredOffline
				case connection == Connecting:
					want = text.Connecting
				}
				if key, bad := RegistrationText(s); key != want || bad != (want != text.Registered) {
					t.Errorf("connection %d, registration %d, elsewhere %t: %q, bad %t; want %q", connection, registration,
						elsewhere, key,
						bad, want)
				}
				if got := s.Registered(); got != (connection == Connected && registration == Registered) {
					t.Errorf("connection %d, registration %d: calls can be made %t", connection, registration, got)
				}
				if s.Offline() != (connection != Connected && !elsewhere) || s.CanDial() != (connection == Connected) {
					t.Errorf("connection %d, elsewhere %t: offline %t", connection, elsewhere, s.Offline())
				}
			}
		}
	}
}

// TestWaitIsWrittenUp rounds up: what says 0 is now.
func TestWaitIsWrittenUp(t *testing.T) {
	for left, want := range map[time.Duration]string{-time.Hour: "0:00", 0: "0:00", 1: "0:01", time.Second: "0:01", time.Second +
		1: "0:02",
		59 * time.Second: "0:59", time.Minute: "1:00", 61*time.Minute + 1: "61:01"} {
		s := phone()
		s.Connection = Connection{State: Disconnected, RetryAt: s.Now.Add(left)}
		if got := RetryTime(s); got != want {
			t.Errorf("%v: %s, want %s", left, got, want)
		}
		s.Connection.State, s.Registration.RetryAt = Connected, s.Now.Add(left+secondsOf(60))
		if got := RetrySeconds(s); got != max(0, int((left+secondsOf(61)-1)/time.Second)) {
			t.Errorf("%v and a minute: %d seconds until the server is asked again", left, got)
		}
		if s.Screen = ScreenLogin; s.ServerBusy() {
			t.Error("the server is busy before anybody is logged in")
		}
	}
	if s := phone(); RetrySeconds(s) != 0 || RetryTime(s) != "0:00" {
		t.Error("nothing waits, and a time is written")
	}
	for code, want := range map[int]text.Key{503: text.ServerBusy, 300: text.ServerRefuses, 299: text.ServerSilent,
		0: text.ServerSilent, 502: text.ServerRefuses,
		504: text.ServerRefuses} {
		s := phone()
		if s.Registration.Code = code; BusyText(s).Key != want {
			t.Errorf("%d says %q, want %q", code, BusyText(s).Key, want)
		}
	}
}

// TestNumbersOfTheOtherSide leaves out one thing after another.
func TestNumbersOfTheOtherSide(t *testing.T) {
	l := Line{Withheld: "withheld", Call: Call{Dialled: "600",
		Remote: Address{DisplayName: "Ann", User: "601", Host: "example.com", URI: "sip:x"}}}
	steps := []struct {
		leave  func()
		number string
		again  string
	}{
		{func() {}, "withheld", "600"},
		{func() { l.Withheld = "" }, "601", "600"},
		{func() { l.Remote.User = "" }, "600", "600"},
		{func() { l.Dialled = "" }, "example.com", "example.com"},
		{func() { l.Remote.Host = "" }, "sip:x", "sip:x"},
		{func() { l.Remote.URI = "" }, "", ""},
		{func() { l.Withheld = "withheld" }, "withheld", ""}, // who hides the number is not called
	}
	for i, step := range steps {
		step.leave()
		if got := l.Number(); got != step.number || l.Name() != "Ann" {
			t.Errorf("step %d: number %q, name %q; want %q", i, got, l.Name(), step.number)
		}
		if got := (Ended{Line: l}).Again(); got != step.again {
			t.Errorf("step %d: %q is called again, want %q", i, got, step.again)
		}
		unnamed := l
		unnamed.Remote.DisplayName = ""
		if got := unnamed.Name(); got != step.number {
			t.Errorf("step %d: without a name they are called %q", i, got)
		}
	}
}

// TestPagesOfTheOperator are known by their names, and rows by their pages.
func TestPagesOfTheOperator(t *testing.T) {
	crm, board := RowPage("crm"), RowPage("board")
	s := phone()
	s.Rows, s.Fills = []MenuItem{{Page: PageHistory, Title: "Calls"}, {Page: crm, URL: "https://crm.example"},
		{URL: "https://link.example"}}, []Page{crm}
	for _, page := range append(Pages(), crm, board, "page", "contacts-", "page-") {
		row, found := s.Own(page)
		if found != (page == crm) || found && row.URL != "https://crm.example" || s.Filled(page) != (page == crm) {
			t.Errorf("%q has the row %+v, %t, fills %t", page, row, found, s.Filled(page))
		}
		if own := page == crm || page == board || page == "page-"; page.Own() != own {
			t.Errorf("%q is the operator's: %t", page, page.Own())
		}
		s.List = page
		if shown, found2 := s.OwnPage(); found2 != found || shown != row {
			t.Errorf("the list %q is the row %+v", page, shown)
		}
		if known := slices.Contains(Pages(), page) || page.Own(); (PageOf("#"+string(page)) == page) != known &&
			page != PagePhone {
			t.Errorf("the address #%s is the page %q", page, PageOf("#"+string(page)))
		}
	}
}

// TestUpdateWaitsForWhatWouldBeLost goes through all of it.
func TestUpdateWaitsForWhatWouldBeLost(t *testing.T) {
	every(4, func(is func(int) bool) {
		s := phone()
		if is(0) {
			s.All = []Line{line("1", Incoming, CallRinging)}
		}
		if is(1) {
			s.Contacts.Edit = &ContactForm{}
		}
		if is(2) {
			s.Contacts.Import = &ImportPreview{}
		}
		s.Login.Busy = is(3)
		if want := !is(0) && !is(1) && !is(2) && !is(3); s.UpdateFits() != want {
			t.Errorf("call %t, form %t, import %t, login %t: fits %t", is(0), is(1), is(2), is(3), s.UpdateFits())
		}
	})
}
