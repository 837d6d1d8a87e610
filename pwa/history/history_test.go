package history

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/store"
)

var british = config.Numbering{Country: "44", Trunk: "0", International: "00"}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestEntryOf(t *testing.T) {
	in := ua.CallInfo{ID: "7", CallID: "x@y", Direction: ua.Incoming, Started: noon,
		Remote: ua.Address{DisplayName: "Front\u202e Desk", User: "1001", URI: "sip:1001@example.com", Host: "example.com"}}
	with := func(change func(*ua.CallInfo)) ua.CallInfo {
		c := in
		change(&c)
		return c
	}
	for _, c := range []struct {
		name   string
		call   ua.CallInfo
		number string
		missed bool
		length time.Duration
		code   int
	}{
		{"answered", with(func(c *ua.CallInfo) {
			c.Answered, c.Ended, c.Code = noon.Add(3*time.Second), noon.Add(63*time.Second), 200
		}), "1001", false, time.Minute, 0},
		{"caller gave up", with(func(c *ua.CallInfo) { c.Cause = ua.Cause{Kind: ua.CauseCancelled, Code: 487} }), "1001", true, 0,
			487},
		{"no answer", with(func(c *ua.CallInfo) { c.Cause.Kind = ua.CauseNoAnswer }), "1001", true, 0, 0},
		{"connection lost while ringing", with(func(c *ua.CallInfo) { c.Cause.Kind = ua.CauseConnectionLost }), "1001", true, 0,
			0},
		{"taken on another device", with(func(c *ua.CallInfo) { c.Cause.Kind = ua.CauseAnsweredElsewhere }), "1001", false, 0, 0},
		{"declined", with(func(c *ua.CallInfo) { c.Cause.Kind = ua.CauseRejectedLocal }), "1001", false, 0, 0},
		{"called, busy", with(func(c *ua.CallInfo) {
			c.Direction, c.Dialled, c.Code, c.Cause.Kind = ua.Outgoing, "020 7946", 486, ua.CauseBusy
		}), "020 7946", false, 0, 486},
		{"hidden", with(func(c *ua.CallInfo) {
			c.Remote = ua.Address{User: "anonymous", Host: "anonymous.invalid", URI: "sip:anonymous@anonymous.invalid"}
		}), "", true, 0, 0},
		{"user not given", with(func(c *ua.CallInfo) {
			c.Remote = ua.Address{URI: "sip:pbx.example.com",
				Host: "pbx.example.com"}
		}), "sip:pbx.example.com", true, 0, 0},
		{"clock set back", with(func(c *ua.CallInfo) { c.Answered, c.Ended = noon, noon.Add(-time.Hour) }), "1001", false, 0, 0},
	} {
		e := Of(c.call, config.Numbering{})
		if e.Number != c.number || e.Missed != c.missed || e.Duration != c.length || e.Code != c.code || e.Seen || e.ID == "" {
			t.Errorf("%s: %+v", c.name, e)
		}
		if strings.Contains(e.Name, "\u202e") {
			t.Errorf("%s: the name turns the line round", c.name)
		}
	}
	other := in
	if other.CallID = "z"; Of(other, config.Numbering{}).ID == Of(in, config.Numbering{}).ID {
		t.Error("two calls have one ID")
	}
}

func numbersOf(entries []Entry) string {
	var list []string
	for _, e := range entries {
		list = append(list, e.Number)
	}
	return strings.Join(list, " ")
}

// historyOf adds calls one minute apart, oldest first; "<" means incoming, "!" missed.
func historyOf(calls ...string) *History {
	h := New()
	for i, c := range calls {
		e := Entry{Start: noon.Add(time.Duration(i) * time.Minute), Number: strings.TrimLeft(c, "<!")}
		if strings.HasPrefix(c, "<") {
			e.Direction = ua.Incoming
		}
		e.Missed = strings.Contains(c, "!")
		h.Add(e)
	}
	return h
}

func TestHistoryOrderAndBadge(t *testing.T) {
	h := historyOf("1", "<2", "<!3", "<!4")
	if got := numbersOf(h.Entries()); got != "4 3 2 1" || h.Missed() != 2 || h.Len() != 4 {
		t.Errorf("%s, %d missed", got, h.Missed())
	}
	late := h.Add(Entry{Number: "0", Start: noon.Add(-time.Hour)})
	if got := numbersOf(h.Entries()); got != "4 3 2 1 0" || late.ID == "" {
		t.Errorf("an older call: %s", got)
	}
	late.Number = "00"
	if h.Add(late); numbersOf(h.Entries()) != "4 3 2 1 00" {
		t.Errorf("the same call again: %s", numbersOf(h.Entries()))
	}
	if !h.MarkSeen() || h.Missed() != 0 || h.MarkSeen() {
		t.Error("seeing changes something once")
	}
	h.Add(Entry{Missed: true, Number: "5", Start: noon.Add(time.Hour)})
	if h.Missed() != 1 {
		t.Errorf("%d missed after seeing", h.Missed())
	}
}

func TestHistoryDeleteAndRestore(t *testing.T) {
	h := historyOf("1", "2", "3")
	gone := h.Delete(h.Entries()[1].ID, "nope")
	if numbersOf(gone) != "2" || numbersOf(h.Entries()) != "3 1" {
		t.Errorf("deleted %s, left %s", numbersOf(gone), numbersOf(h.Entries()))
	}
	h.Restore(gone)
	if numbersOf(h.Entries()) != "3 2 1" {
		t.Errorf("restored: %s", numbersOf(h.Entries()))
	}
	gone = h.Clear()
	if h.Len() != 0 {
		t.Error("not empty after Clear")
	}
	if h.Restore(gone); numbersOf(h.Entries()) != "3 2 1" {
		t.Errorf("restored: %s", numbersOf(h.Entries()))
	}
}

func TestHistoryPrune(t *testing.T) {
	for _, c := range []struct {
		keep config.Retention
		now  time.Time
		want string
	}{
		{config.Retention{}, noon.AddDate(10, 0, 0), "4 3 2 1"},
		{config.Retention{Entries: 2}, noon, "4 3"},
		{config.Retention{Days: 1}, noon.AddDate(0, 0, 1).Add(90 * time.Second), "4 3"},
		{config.Retention{Days: 1, Entries: 1}, noon.AddDate(0, 0, 1), "4"},
		{config.Retention{Days: 1}, noon.AddDate(0, 0, -9), "4 3 2 1"},
		{config.Retention{Days: 1}, noon.AddDate(1, 0, 0), ""},
	} {
		h := historyOf("1", "2", "3", "4")
		gone := h.Prune(c.now, c.keep)
		if got := numbersOf(h.Entries()); got != c.want || gone != 4-h.Len() {
			t.Errorf("%+v at %v: %q left, %d gone", c.keep, c.now, got, gone)
		}
	}
}

func TestHistoryRedial(t *testing.T) {
	h := historyOf("1001", "<2", "+44 20 7946 0000", "1001", "+442079460000", "<!1001", "")
	if got := numbersOf(h.Redial(0)); got != "+442079460000 1001" {
		t.Errorf("redial %s", got)
	}
	if got := numbersOf(h.Redial(1)); got != "+442079460000" {
		t.Errorf("redial one: %s", got)
	}
}

func TestHistorySearch(t *testing.T) {
	h := historyOf("1001", "+442079460000", "2001")
	h.Add(Entry{Name: "Förderhaus Nord", Number: "9", URI: "sip:9@clinic.example.com", Start: noon.Add(time.Hour)})
	for query, want := range map[string]string{
		"": "9 2001 +442079460000 1001", "001": "2001 1001", "+44 20": "+442079460000", "020 79": "+442079460000",
		"nord forder": "9", "clinic": "9", "nord sud": "", "\x00": "9 2001 +442079460000 1001",
	} {
		if got := numbersOf(h.Search(query, 0, nil)); got != want {
			t.Errorf("Search(%q) = %s, want %s", query, got, want)
		}
	}
	if got := h.Search("", 2, nil); len(got) != 2 {
		t.Errorf("a limit of 2 gives %d", len(got))
	}
}

func TestGroupDays(t *testing.T) {
	zone := time.FixedZone("", 2*3600) // midnight is at 22:00 UTC
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	h := New()
	for _, e := range []Entry{
		{Number: "1001", Start: at(8)},
		{Number: "1001", Start: at(9)},
		{Number: "1001", Start: at(10), Direction: ua.Incoming},
		{Number: "+44 20 7946 0000", Start: at(11), Direction: ua.Incoming, Missed: true},
		{Number: "020 7946 0000", Start: at(12), Direction: ua.Incoming, Missed: true},
		{Number: "020 7946 0000", Start: at(13), Direction: ua.Incoming, Missed: true, Seen: true},
		{Number: "020 7946 0000", Start: at(14), Direction: ua.Incoming},
		{Start: at(15), Direction: ua.Incoming}, {Start: at(16), Direction: ua.Incoming},
		{Number: "1001", Start: at(21)},
		{Number: "1001", Start: at(22)}, // the next day there
	} {
		h.Add(e)
	}
	var got []string
	for _, day := range Days(h.Entries(), zone, british) {
		got = append(got, day.Date.Format("02:"))
		for _, g := range day.Groups {
			got = append(got, fmt.Sprintf("%s*%d/%d/%t", g.Newest().Number, len(g.Entries), g.Unseen, g.Missed))
		}
	}
	want := "03: 1001*1/0/false 02: 1001*1/0/false *2/0/false 020 7946 0000*1/0/false 020 7946 0000*3/2/true 1001*1/0/false " +
		"1001*2/0/false"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if Days(nil, time.UTC, british) != nil {
		t.Error("days without calls")
	}
}

func TestHistoryCSV(t *testing.T) {
	data, err := WriteCSV([]Entry{{Start: noon, Answered: noon.Add(2 * time.Second), Duration: 90400 * time.Millisecond,
		Name: "=1+1", Number: "+442079460000",
		URI: "sip:x@example.com", Cause: ua.CauseHangupRemote},
		{Start: noon, Direction: ua.Incoming, Missed: true, Cause: ua.CauseCancelled, Code: 487}}, time.FixedZone("", 3600))
	want := "Start,Direction,Name,Number,Address,Answered,Seconds,Missed,Result,Status,Note\r\n" +
		"2026-03-02T13:00:00+01:00,outgoing,'=1+1,+442079460000,sip:x@example.com,2026-03-02T13:00:02+01:00,90,false," +
		"hangup-remote,,\r\n" +
		"2026-03-02T13:00:00+01:00,incoming,,,,,0,true,cancelled,487,\r\n"
	if err != nil || string(data) != want {
		t.Errorf("got %s, %v", data, err)
	}
}

func TestEveryCauseIsStored(t *testing.T) {
	for kind := ua.CauseNone; kind <= ua.CauseOther; kind++ {
		if causeOf(causeName(kind)) != kind {
			t.Errorf("cause %d is stored as %q", kind, causeName(kind))
		}
	}
}

func TestWhoWasOnTheLine(t *testing.T) {
	anna := ua.Address{DisplayName: "Anna", User: "1005", Host: "example.com"}
	for _, c := range []struct {
		call            ua.CallInfo
		number          string // to call again
		name, connected string
		line            string // the number of who is on the line
	}{
		{ua.CallInfo{Direction: ua.Outgoing, Dialled: "600", Remote: anna, Asserted: true}, "600", "", "Anna 1005", "1005"},
		{ua.CallInfo{Direction: ua.Outgoing, Dialled: "1005", Remote: anna, Asserted: true}, "1005", "Anna", "", "1005"},
		{ua.CallInfo{Direction: ua.Outgoing, Dialled: "sip:1005@example.com", Remote: anna, Asserted: true},
			"sip:1005@example.com", "Anna", "", "1005"},
		{ua.CallInfo{Direction: ua.Outgoing, Dialled: "600", Remote: ua.Address{User: "600"}}, "600", "", "", "600"},
		{ua.CallInfo{Direction: ua.Outgoing, Dialled: "600", Asserted: true,
			Remote: ua.Address{DisplayName: "Anonymous", User: "anonymous", Host: "anonymous.invalid"}},
			"600", "", "Anonymous", ""},
		{ua.CallInfo{Direction: ua.Incoming, Remote: anna, Asserted: true}, "1005", "Anna", "", "1005"},
		{ua.CallInfo{Direction: ua.Outgoing, Remote: anna, Asserted: true}, "1005", "Anna", "", "1005"},
	} {
		e := Of(c.call, config.Numbering{})
		if e.Number != c.number || e.Name != c.name || e.Connected != c.connected || OnTheLine(c.call) != c.line {
			t.Errorf("%+v: number %q, name %q, connected %q, on the line %q", c.call, e.Number, e.Name, e.Connected,
				OnTheLine(c.call))
		}
	}
}

// TestOneNumberWrittenInTwoWays: a server names a number in its own form, and that is nobody else on the line.
func TestOneNumberWrittenInTwoWays(t *testing.T) {
	german := config.Numbering{Country: "49", International: "00", Trunk: "0"}
	for _, plan := range []config.Numbering{german, {}} {
		for _, c := range []struct {
			dialled, told string
			same          bool
		}{
			{"0049301234567", "+49301234567", true}, {"0301234567", "+49301234567", true}, {"+49301234567", "0301234567", true},
			{"00301234567", "+49301234567", true}, {"912025550191", "+12025550191", true}, {"+49 30 1234567", "301234567", true},
			{"0301234567", "+49301234568", false}, {"1005", "+49301005", false}, {"600", "1600", false},
			{"0301234567", "anna", false},
		} {
			e := Of(ua.CallInfo{Direction: ua.Outgoing, Dialled: c.dialled, Asserted: true,
				Remote: ua.Address{DisplayName: "Anna", User: c.told}}, plan)
			if (e.Connected == "") != c.same || (e.Name == "Anna") != c.same || e.Number != c.dialled {
				t.Errorf("%s, told %s: connected %q, name %q, number %q", c.dialled, c.told, e.Connected, e.Name, e.Number)
			}
		}
	}
}

func TestHistoryIsStored(t *testing.T) {
	ctx, store := t.Context(), &store.Memory{}
	h, err := Load(ctx, store, "history")
	if err != nil || h.Len() != 0 {
		t.Fatalf("nothing stored: %d, %v", h.Len(), err)
	}
	h.Add(Entry{ID: "a", Direction: ua.Incoming, Name: "Front Desk", Number: "1001", URI: "sip:1001@example.com", Start: noon,
		Missed: true, Cause: ua.CauseCancelled, Code: 487})
	h.Add(Entry{ID: "b", Number: "2", Start: noon.Add(time.Minute), Answered: noon.Add(2 * time.Minute),
		Duration: 1500 * time.Millisecond, Connected: "Anna 1005", Seen: true})
	if err := h.Save(ctx, store, "history"); err != nil {
		t.Fatal(err)
	}
	again, err := Load(ctx, store, "history")
	if err != nil || !reflect.DeepEqual(again.Entries(), h.Entries()) {
		t.Errorf("got %+v, %v, want %+v", again.Entries(), err, h.Entries())
	}
}

func TestStoredDataThatCannotBeReadIsKept(t *testing.T) {
	for _, c := range []struct{ name, data, aside string }{
		{"no JSON", "\x00garbage", "history.corrupt"},
		{"cut off", `{"kind":"history","version":1,"data":[{"id":"a"`, "history.corrupt"},
		{"another kind", `{"kind":"contacts","version":1,"data":[]}`, "history.corrupt"},
		{"no version", `{"kind":"history","data":[]}`, "history.corrupt"},
		{"another shape", `{"kind":"history","version":1,"data":{"a":1}}`, "history.corrupt"},
		{"newer", `{"kind":"history","version":9,"data":{"future":true}}`, "history.v9"},
	} {
		ctx, medium := t.Context(), &store.Memory{}
		if err := medium.Save(ctx, "history", []byte(c.data)); err != nil {
			t.Fatal(err)
		}
		h, err := Load(ctx, medium, "history")
		var stored *store.DamagedError
		if !errors.As(err, &stored) || stored.Aside != c.aside || stored.Key != "history" || h.Len() != 0 {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		h.Add(Entry{Number: "1", Start: noon})
		if err := h.Save(ctx, medium, "history"); err != nil {
			t.Errorf("%s: the phone cannot go on: %v", c.name, err)
		}
		if kept, err := medium.Load(ctx, c.aside); err != nil || string(kept) != c.data {
			t.Errorf("%s: kept %q, %v", c.name, kept, err)
		}
	}
}

func TestDamagedDataTwice(t *testing.T) {
	ctx, medium := t.Context(), &store.Memory{}
	for i, c := range []struct{ data, aside string }{{"first", "history.corrupt"}, {"second", "history.corrupt-2"},
		{"first", "history.corrupt"}} {
		if err := medium.Save(ctx, "history", []byte(c.data)); err != nil {
			t.Fatal(err)
		}
		_, err := Load(ctx, medium, "history")
		var stored *store.DamagedError
		if !errors.As(err, &stored) || stored.Aside != c.aside {
			t.Errorf("time %d: %v, want it kept as %s", i+1, err, c.aside)
		}
	}
}

// brokenStore fails to save, and to load when it is told to.
type brokenStore struct {
	store.Memory
	load error
}

var errFull = errors.New("disk full")

func (b *brokenStore) Save(context.Context, string, []byte) error { return errFull }
func (b *brokenStore) Load(ctx context.Context, key string) ([]byte, error) {
	if b.load != nil {
		return nil, b.load
	}
	return b.Memory.Load(ctx, key)
}

func TestNothingIsSavedOverWhatCouldNotBeKept(t *testing.T) {
	ctx, medium := t.Context(), &brokenStore{}
	if err := medium.Memory.Save(ctx, "history", []byte("garbage")); err != nil {
		t.Fatal(err)
	}
	h, err := Load(ctx, medium, "history")
	var stored *store.DamagedError
	if !errors.As(err, &stored) || stored.Aside != "" {
		t.Fatalf("got %v", err)
	}
	good := &medium.Memory
	if err := h.Save(ctx, good, "history"); err == nil {
		t.Error("the only copy was overwritten")
	}
	medium.load = errors.New("medium gone")
	h, err = Load(ctx, medium, "history")
	if err == nil {
		t.Fatal("a failing medium is taken for an empty one")
	}
	if err := h.Save(ctx, good, "history"); err == nil {
		t.Error("calls that could not be read were overwritten")
	}
	if err := New().Save(ctx, medium, "history"); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the cause", err)
	}
}

func TestEveryVersionHasAMigration(t *testing.T) {
	if len(historyKind.Migrate) != historyKind.Version-1 {
		t.Error("a version of the history has no migration")
	}
}
