package books

import (
	"encoding/json"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// notesOf lists the notes of the history, newest call first.
func notesOf(d *desk, store *store.Memory) (notes []string) {
	d.now()
	kept, err := history.Load(d.Context(), store, historyDoc("1001@sip.example.com"))
	if err != nil {
		d.Fatal(err)
	}
	for _, e := range kept.Entries() {
		notes = append(notes, e.Note)
	}
	return notes
}

func wantNotes(t *testing.T, why string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: notes %q, want %q", why, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: notes %q, want %q", why, got, want)
		}
	}
}

func TestNoteOfACallGoesIntoTheHistory(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, store *store.Memory) {
		d.call("1", true, "3001", ua.CallRinging)
		if d.now().HasNote() {
			t.Error("a note is asked for while the call rings")
		}
		d.call("1", true, "3001", ua.CallEstablished, answeredNow)
		if s := d.now(); !s.HasNote() || s.Caller.NoteID != "1" {
			t.Fatalf("note of %q, want one of the call", s.Caller.NoteID)
		}
		d.do(screen.WriteNote{ID: "1", Text: "Invoice"})
		d.do(screen.WriteNote{ID: "1", Text: "Invoice 4411"})
		d.call("1", true, "3001", ua.CallEnded, answeredNow)
		wantNotes(t, "the call has ended", notesOf(d, store), "Invoice 4411")
		s := d.now()
		if s.Caller.Note != "Invoice 4411" || s.Caller.NoteID == "1" {
			t.Errorf("after its end the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		d.do(screen.WriteNote{ID: "1", Text: "Invoice 4411!"}) // was on its way when the call ended
		d.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "Invoice 4411, by mail", Done: true})
		wantNotes(t, "written after the call", notesOf(d, store), "Invoice 4411, by mail")
		d.do(screen.Show{Page: screen.PageHistory}, screen.Choose{ID: s.Caller.NoteID})
		if d := d.now().History.Chosen; d == nil || d.Newest().Note != "Invoice 4411, by mail" {
			t.Errorf("the detail of the history is %+v", d)
		}
		d.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "", Done: true})
		wantNotes(t, "taken away", notesOf(d, store), "")
	})
}

// TestEachCallHasItsNote writes about two calls in turn.
func TestEachCallHasItsNote(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, store *store.Memory) {
		d.call("1", true, "3001", ua.CallRinging)
		d.call("1", true, "3001", ua.CallEstablished, answeredNow)
		d.do(screen.WriteNote{ID: "1", Text: "one", Done: true})
		d.call("2", false, "3002", ua.CallEstablished, answeredNow)
		d.do(screen.Swap{ID: "2"}, screen.WriteNote{ID: "2", Text: "two", Done: true})
		if s := d.now(); s.Caller.NoteID != "2" || s.Caller.Note != "two" {
			t.Errorf("with the second the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		d.do(screen.Swap{ID: "1"})
		if s := d.now(); s.Caller.NoteID != "1" || s.Caller.Note != "one" {
			t.Errorf("back with the first the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		d.do(screen.Logout{}) // ends both
		got := notesOf(d, store)
		if len(got) != 2 || got[0]+got[1] != "onetwo" && got[0]+got[1] != "twoone" {
			t.Errorf("notes %q, want both", got)
		}
	})
}

// TestNoteSurvivesTheEndOfThePage leaves the page with a note that nobody has finished, during a call and after one.
func TestNoteSurvivesTheEndOfThePage(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, store *store.Memory) {
		d.call("1", true, "3001", ua.CallRinging)
		d.call("1", true, "3001", ua.CallEstablished, answeredNow)
		d.call("1", true, "3001", ua.CallEnded, answeredNow)
		d.do(screen.WriteNote{ID: d.now().Caller.NoteID, Text: "half a sen"})
		d.call("2", true, "3002", ua.CallRinging)
		d.call("2", true, "3002", ua.CallEstablished, answeredNow)
		d.do(screen.WriteNote{ID: "2", Text: "and the next"}, screen.Left{})
		d.now()
		waiting := map[string]*history.History{}
		if err := json.Unmarshal([]byte(d.keep.Load(LeftKey)), &waiting); err != nil {
			t.Fatal(err)
		}
		left := waiting["1001@sip.example.com"]
		if left == nil || left.Len() != 2 {
			t.Fatalf("left behind: %+v, want both calls with their notes", left)
		}
		for _, e := range left.Entries() {
			if e.Note == "" {
				t.Errorf("the note about %s is lost", e.Number)
			}
		}
	})
}

// TestNothingTakesThePlaceOfANoteBeingWritten rings and ends calls while the user writes.
func TestNothingTakesThePlaceOfANoteBeingWritten(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, store *store.Memory) {
		want := func(why, id string) {
			t.Helper()
			if got := shownCaller(d.now()); got != id {
				t.Errorf("%s: the middle shows %q, want %q", why, got, id)
			}
		}
		d.call("1", true, "3001", ua.CallRinging)
		d.call("1", true, "3001", ua.CallEstablished, answeredNow)
		d.call("2", true, "3002", ua.CallRinging)
		d.call("2", true, "3002", ua.CallEstablished, answeredNow)
		d.do(screen.Swap{ID: "1"}, screen.WriteNote{ID: "1", Text: "In"})
		d.call("1", true, "3001", ua.CallEnded, answeredNow)
		want("the call ends while its note is written, another waits", "1")
		d.do(screen.WriteNote{ID: "1", Text: "Invoice"})
		d.call("2", true, "3002", ua.CallEnded, answeredNow)
		d.call("3", true, "3003", ua.CallRinging)
		want("another rings", "1")
		s := d.now()
		d.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "Invoice 4411", Done: true})
		want("the note is left", "3")
		wantNotes(t, "the note is left", notesOf(d, store), "", "Invoice 4411")

		d.call("3", true, "3003", ua.CallEstablished, answeredNow)
		d.call("3", true, "3003", ua.CallEnded, answeredNow)
		d.do(screen.WriteNote{ID: d.now().Caller.NoteID, Text: "gone with the field"}, screen.Show{Page: screen.PageContacts})
		d.do(screen.Show{Page: screen.PageHistory})
		wantNotes(t, "the field has gone", notesOf(d, store), "gone with the field", "", "Invoice 4411")
		d.call("4", true, "3004", ua.CallRinging)
		want("the next call", "4")
	})
}

func TestNoHistoryNoNote(t *testing.T) {
	cfg := config.Config{}
	cfg.Flags = append(cfg.Flags, config.NoHistory)
	atWork(t, cfg, nil, func(d *desk, _ *store.Memory) {
		d.call("1", false, "3001", ua.CallEstablished, answeredNow)
		if s := d.now(); !s.Caller.Known() || s.HasNote() {
			t.Error("a note is asked for that nobody keeps")
		}
	})
}
