package history

import (
	"errors"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
)

var day = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)

// TestWhatAnEntryTells changes one thing of a call at a time.
func TestWhatAnEntryTells(t *testing.T) {
	at := func(s int) time.Time { return day.Add(time.Duration(s) * time.Second) }
	for name, c := range map[string]struct {
		call ua.CallInfo
		want func(e Entry) bool
	}{
		"never answered": {ua.CallInfo{Started: at(0), Ended: at(9)}, func(e Entry) bool { return e.Duration == 0 }},
		"answered": {ua.CallInfo{Started: at(0), Answered: at(2), Ended: at(9)},
			func(e Entry) bool { return e.Duration == 7*time.Second }},
		"clock set back": {ua.CallInfo{Started: at(0), Answered: at(5), Ended: at(3)},
			func(e Entry) bool { return e.Duration == 0 }},
		"code of the cause": {ua.CallInfo{Code: 486, Cause: ua.Cause{Code: 603}}, func(e Entry) bool { return e.Code == 603 }},
		"code of the call":  {ua.CallInfo{Code: 486}, func(e Entry) bool { return e.Code == 486 }},
		"lowest code":       {ua.CallInfo{Code: 300}, func(e Entry) bool { return e.Code == 300 }},
		"no failure":        {ua.CallInfo{Code: 299}, func(e Entry) bool { return e.Code == 0 }},
		"busy, told": {ua.CallInfo{Cause: ua.Cause{Kind: ua.CauseBusy, Told: true}},
			func(e Entry) bool { return e.Cause == ua.CauseBusy }},
		"busy, not told": {ua.CallInfo{Cause: ua.Cause{Kind: ua.CauseBusy}},
			func(e Entry) bool { return e.Cause == ua.CauseRejected }},
		"no answer, not told": {ua.CallInfo{Cause: ua.Cause{Kind: ua.CauseNoAnswer}},
			func(e Entry) bool { return e.Cause == ua.CauseNoAnswer }},
		"not for us":  {ua.CallInfo{Direction: ua.Outgoing}, func(e Entry) bool { return !e.Missed }},
		"missed":      {ua.CallInfo{Direction: ua.Incoming}, func(e Entry) bool { return e.Missed }},
		"taken by us": {ua.CallInfo{Direction: ua.Incoming, Answered: at(1)}, func(e Entry) bool { return !e.Missed }},
		"taken elsewhere": {ua.CallInfo{Direction: ua.Incoming, Cause: ua.Cause{Kind: ua.CauseAnsweredElsewhere}},
			func(e Entry) bool { return !e.Missed }},
		"declined": {ua.CallInfo{Direction: ua.Incoming, Cause: ua.Cause{Kind: ua.CauseRejectedLocal}},
			func(e Entry) bool { return !e.Missed }},
		"given up": {ua.CallInfo{Direction: ua.Incoming, Cause: ua.Cause{Kind: ua.CauseCancelled}},
			func(e Entry) bool { return e.Missed }},
		"known by name": {ua.CallInfo{Remote: ua.Address{User: "1001", DisplayName: "unknown"}},
			func(e Entry) bool { return e.Name == "unknown" }}, // who shows a number may be called anything
		"hidden": {ua.CallInfo{Remote: ua.Address{User: "anonymous", DisplayName: "Unknown"}},
			func(e Entry) bool { return e.Name == "" && e.Number == "" }},
		"hidden, with a name": {ua.CallInfo{Remote: ua.Address{User: "x", Host: "anonymous.invalid", DisplayName: "Ann"}},
			func(e Entry) bool { return e.Name == "Ann" && e.Number == "" }},
	} {
		if e := Of(c.call, config.Numbering{}); !c.want(e) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestWhoIsOnTheLineAndWhoWasDialled looks at calls of both directions, with and without a word of the server who it is.
func TestWhoIsOnTheLineAndWhoWasDialled(t *testing.T) {
	for _, c := range []struct {
		direction       ua.Direction
		dialled, user   string
		asserted        bool
		again, line     string
		connectedBehind bool
	}{
		{ua.Outgoing, "600", "601", false, "600", "600", false},
		{ua.Outgoing, "600", "601", true, "600", "601", true},
		{ua.Outgoing, "600", "600", true, "600", "600", false},
		{ua.Outgoing, "", "601", true, "601", "601", false},
		{ua.Outgoing, "", "601", false, "601", "601", false},
		{ua.Incoming, "600", "601", true, "601", "601", false},
		{ua.Incoming, "600", "601", false, "601", "601", false},
		// seven digits end alike
		{ua.Outgoing, "+442079460000", "9460000", true, "+442079460000", "9460000", false},
		{ua.Outgoing, "9460000", "+442079460000", true, "9460000", "+442079460000", false}, // the other way round
		// six may be an extension
		{ua.Outgoing, "+44460000", "460000", true, "+44460000", "460000", true},
		{ua.Outgoing, "+442079460000", "9460001", true, "+442079460000", "9460001", true}, // another end
		{ua.Outgoing, "ann9460000", "9460000", true, "ann9460000", "9460000", true},       // a name is no number
		{ua.Outgoing, "9460000", "bob9460000", true, "9460000", "bob9460000", true},       // in either place
		// zeros count for nothing
		{ua.Outgoing, "0002079460000", "00442079460000", true, "0002079460000", "00442079460000", false},
	} {
		call := ua.CallInfo{Direction: c.direction, Dialled: c.dialled, Asserted: c.asserted,
			Remote: ua.Address{User: c.user, Host: "example.com", DisplayName: "Ann"}}
		e := Of(call, config.Numbering{})
		if got := NumberOf(call); got != c.again || e.Number != c.again {
			t.Errorf("%+v: %q and %q are called again, want %q", c, got, e.Number, c.again)
		}
		if got := OnTheLine(call); got != c.line {
			t.Errorf("%+v: %q is on the line", c, got)
		}
		if (e.Connected != "") != c.connectedBehind || (e.Name == "") != c.connectedBehind {
			t.Errorf("%+v: connected with %q, name %q", c, e.Connected, e.Name)
		}
	}
}

// TestLinesOfWhoHasNoNumber compares entries that have a number, a name, or neither.
func TestLinesOfWhoHasNoNumber(t *testing.T) {
	base := Entry{Number: "1001", Name: "Ann"}
	for name, c := range map[string]struct {
		change func(e *Entry)
		same   bool
	}{
		"nothing":        {func(e *Entry) {}, true},
		"another name":   {func(e *Entry) { e.Name = "Ben" }, true}, // one number is one party
		"missed":         {func(e *Entry) { e.Missed = true }, false},
		"direction":      {func(e *Entry) { e.Direction = ua.Incoming }, false},
		"another number": {func(e *Entry) { e.Number = "1002" }, false},
		"no number":      {func(e *Entry) { e.Number = "" }, false},
	} {
		other := base
		c.change(&other)
		if got := sameLine(base, other, config.Numbering{}); got != c.same ||
			sameLine(other, base, config.Numbering{}) != c.same {
			t.Errorf("%s: one line %t, want %t", name, got, c.same)
		}
	}
	ann, ben, nobody := Entry{Name: "Ann"}, Entry{Name: "Ben"}, Entry{}
	if !sameLine(ann, ann, config.Numbering{}) || sameLine(ann, ben, config.Numbering{}) ||
		sameLine(ann, nobody, config.Numbering{}) ||
		!sameLine(nobody, nobody, config.Numbering{}) {
		t.Error("those who hide their numbers are told apart by their names")
	}
}

// TestWhatIsReadIsMended reads what an earlier version or another program has stored.
func TestWhatIsReadIsMended(t *testing.T) {
	h := New()
	err := h.UnmarshalJSON([]byte(`[
		{"id":"1","name":"Anonymous","start":"2026-11-30T10:00:00Z"},
		{"id":"2","name":"Unknown","number":"1001","start":"2026-11-30T09:00:00Z"},
		{"id":"","name":"Ann","start":"2026-11-30T08:00:00Z","cause":"of the future"},
		{"id":"","name":"Ben","start":"2026-11-30T07:00:00Z"},
		{"id":"2","name":"Twice","start":"2026-11-30T11:00:00Z"},
		{"id":"3","name":"Late","start":"2026-11-30T12:00:00Z"}]`))
	if err != nil {
		t.Fatal(err)
	}
	var names string
	ids := map[string]bool{}
	for _, e := range h.Entries() {
		names += e.Name + ","
		ids[e.ID] = true
	}
	if names != "Late,,Unknown,Ann,Ben," || len(ids) != 5 || ids[""] {
		t.Errorf("names %q, IDs %v", names, ids)
	}
	if e := h.Entries()[3]; e.Cause != ua.CauseOther {
		t.Errorf("an unknown cause is %v", e.Cause)
	}
	if newest, ok := h.Newest(); !ok || newest.Name != "Late" {
		t.Errorf("newest is %+v", newest)
	}
	if err := h.UnmarshalJSON([]byte(`[{"id":"9","start":"2026-11-30T10:00:00Z"}]`)); err != nil || h.Len() != 1 {
		t.Errorf("%d entries, %v: what was there before is gone", h.Len(), err)
	}
	if err := h.UnmarshalJSON([]byte(`[{]`)); err == nil || h.Len() != 1 {
		t.Errorf("%d entries, %v: what cannot be read changes nothing", h.Len(), err)
	}
	if e, ok := New().Newest(); ok || e != (Entry{}) {
		t.Errorf("of nothing the newest is %+v", e)
	}
}

// TestSealedIsNotSaved keeps what is stored when it could not be read.
func TestSealedIsNotSaved(t *testing.T) {
	h, because := New(), errors.New("full")
	if h.Sealed() != nil {
		t.Error("a new history is sealed")
	}
	h.Seal(because)
	if err := h.Save(t.Context(), nil, "history"); !errors.Is(err, because) || !errors.Is(h.Sealed(), because) {
		t.Errorf("saved with %v, sealed with %v", err, h.Sealed())
	}
}

// TestJoinSaysWhetherItDiffers joins histories that differ in one thing, and damaged documents.
func TestJoinSaysWhetherItDiffers(t *testing.T) {
	entry := Entry{ID: "1", Number: "1001", Start: day, Answered: day.Add(time.Second), Duration: time.Minute}
	of := func(entries ...Entry) *History {
		h := New()
		h.Restore(entries)
		return h
	}
	theirs := document(t, of(entry))
	for name, change := range map[string]func(e *Entry){
		"start":  func(e *Entry) { e.Start = e.Start.Add(time.Second) },
		"answer": func(e *Entry) { e.Answered = e.Answered.Add(time.Second) },
		"note":   func(e *Entry) { e.Note = "x" }, "seen": func(e *Entry) { e.Seen = true },
		"number": func(e *Entry) { e.Number = "1002" },
	} {
		mine := entry
		change(&mine)
		h := of(mine)
		if differs, err := h.Join(theirs, theirs); err != nil || !differs || !sameEntry(h.Entries()[0], mine) {
			t.Errorf("%s: differs %t, %v, and is %+v", name, differs, err, h.Entries())
		}
	}
	for name, change := range map[string]func(e *Entry){
		"zone":     func(e *Entry) { e.Start = e.Start.In(time.FixedZone("", 3600)) },
		"duration": func(e *Entry) { e.Duration += time.Nanosecond }, // what is stored is rounded
	} {
		mine := entry
		change(&mine)
		if differs, err := of(mine).Join(theirs, theirs); err != nil || differs {
			t.Errorf("%s: differs %t, %v", name, differs, err)
		}
	}
	h := of(entry)
	if differs, err := h.Join(theirs, []byte("damaged")); err == nil || differs || h.Len() != 1 {
		t.Errorf("a damaged document: differs %t, %v, %d entries", differs, err, h.Len())
	}
	if differs, err := h.Join([]byte("damaged"), theirs); err != nil || differs || h.Len() != 1 {
		t.Errorf("a damaged base: differs %t, %v, %d entries", differs, err, h.Len())
	}
	if differs, err := h.Join(nil, nil); err != nil || !differs || h.Len() != 1 {
		t.Errorf("no documents: differs %t, %v, %d entries", differs, err, h.Len())
	}
	if differs, err := h.Join(theirs, nil); err != nil || differs || h.Len() != 0 {
		t.Errorf("erased there: differs %t, %v, %d entries", differs, err, h.Len())
	}
}

// TestDoneIsSaidOfOneParty marks the missed calls of one party, and those who hide their numbers one by one.
func TestDoneIsSaidOfOneParty(t *testing.T) {
	list := []Entry{{ID: "1", Number: "1001", Missed: true}, {ID: "2", Number: "1001", Missed: true},
		{ID: "3", Number: "1002", Missed: true},
		{ID: "4", Number: "1001"}, {ID: "5", Missed: true}, {ID: "6", Missed: true}}
	for id, want := range map[string]string{"1": "12", "2": "12", "3": "3", "4": "12", "5": "5", "6": "6", "7": ""} {
		h := New()
		h.Restore(list)
		changed := h.MarkDone(id, config.Numbering{})
		done := ""
		for _, e := range list {
			if now, _ := h.Entry(e.ID); now.Done {
				done += e.ID
			}
		}
		if done != want || changed != (want != "") || changed && h.MarkDone(id, config.Numbering{}) {
			t.Errorf("of %s marked are %q, changed %t; want %q, and nothing the second time", id, done, changed, want)
		}
	}
}
