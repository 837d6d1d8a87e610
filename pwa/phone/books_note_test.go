package phone

import (
	"encoding/json"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// notesOf lists the notes of the history, newest call first.
func notesOf(h *harness, store *store.Memory) (notes []string) {
	h.now()
	kept, err := history.Load(h.Context(), store, historyDoc("1001@sip.example.com"))
	if err != nil {
		h.Fatal(err)
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
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.call("1", true, "3001", ua.CallRinging)
		if h.now().HasNote() {
			t.Error("a note is asked for while the call rings")
		}
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		if s := h.now(); !s.HasNote() || s.Caller.NoteID != "1" {
			t.Fatalf("note of %q, want one of the call", s.Caller.NoteID)
		}
		h.do(screen.WriteNote{ID: "1", Text: "Invoice"})
		h.do(screen.WriteNote{ID: "1", Text: "Invoice 4411"})
		h.call("1", true, "3001", ua.CallEnded, answeredNow)
		wantNotes(t, "the call has ended", notesOf(h, store), "Invoice 4411")
		s := h.now()
		if s.Caller.Note != "Invoice 4411" || s.Caller.NoteID == "1" {
			t.Errorf("after its end the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		h.do(screen.WriteNote{ID: "1", Text: "Invoice 4411!"}) // was on its way when the call ended
		h.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "Invoice 4411, by mail", Done: true})
		wantNotes(t, "written after the call", notesOf(h, store), "Invoice 4411, by mail")
		h.do(screen.Show{Page: screen.PageHistory}, screen.Choose{ID: s.Caller.NoteID})
		if d := h.now().History.Chosen; d == nil || d.Newest().Note != "Invoice 4411, by mail" {
			t.Errorf("the detail of the history is %+v", d)
		}
		h.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "", Done: true})
		wantNotes(t, "taken away", notesOf(h, store), "")
	})
}

// TestEachCallHasItsNote writes about two calls in turn.
func TestEachCallHasItsNote(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.call("1", true, "3001", ua.CallRinging)
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		h.do(screen.WriteNote{ID: "1", Text: "one", Done: true})
		h.call("2", false, "3002", ua.CallEstablished, answeredNow)
		h.do(screen.Swap{ID: "2"}, screen.WriteNote{ID: "2", Text: "two", Done: true})
		if s := h.now(); s.Caller.NoteID != "2" || s.Caller.Note != "two" {
			t.Errorf("with the second the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		h.do(screen.Swap{ID: "1"})
		if s := h.now(); s.Caller.NoteID != "1" || s.Caller.Note != "one" {
			t.Errorf("back with the first the field shows %q of %q", s.Caller.Note, s.Caller.NoteID)
		}
		h.do(screen.Logout{}) // ends both
		got := notesOf(h, store)
		if len(got) != 2 || got[0]+got[1] != "onetwo" && got[0]+got[1] != "twoone" {
			t.Errorf("notes %q, want both", got)
		}
	})
}

// TestNoteSurvivesTheEndOfThePage leaves the page with a note that nobody has finished, during a call and after one.
func TestNoteSurvivesTheEndOfThePage(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.call("1", true, "3001", ua.CallRinging)
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		h.call("1", true, "3001", ua.CallEnded, answeredNow)
		h.do(screen.WriteNote{ID: h.now().Caller.NoteID, Text: "half a sen"})
		h.call("2", true, "3002", ua.CallRinging)
		h.call("2", true, "3002", ua.CallEstablished, answeredNow)
		h.do(screen.WriteNote{ID: "2", Text: "and the next"}, screen.Left{})
		h.now()
		waiting := map[string]*history.History{}
		if err := json.Unmarshal([]byte(h.keep.Load(books.LeftKey)), &waiting); err != nil {
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
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		want := func(why, id string) {
			t.Helper()
			if got := shownCaller(h.now()); got != id {
				t.Errorf("%s: the middle shows %q, want %q", why, got, id)
			}
		}
		h.call("1", true, "3001", ua.CallRinging)
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		h.call("2", true, "3002", ua.CallRinging)
		h.call("2", true, "3002", ua.CallEstablished, answeredNow)
		h.do(screen.Swap{ID: "1"}, screen.WriteNote{ID: "1", Text: "In"})
		h.call("1", true, "3001", ua.CallEnded, answeredNow)
		want("the call ends while its note is written, another waits", "1")
		h.do(screen.WriteNote{ID: "1", Text: "Invoice"})
		h.call("2", true, "3002", ua.CallEnded, answeredNow)
		h.call("3", true, "3003", ua.CallRinging)
		want("another rings", "1")
		s := h.now()
		h.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "Invoice 4411", Done: true})
		want("the note is left", "3")
		wantNotes(t, "the note is left", notesOf(h, store), "", "Invoice 4411")

		h.call("3", true, "3003", ua.CallEstablished, answeredNow)
		h.call("3", true, "3003", ua.CallEnded, answeredNow)
		h.do(screen.WriteNote{ID: h.now().Caller.NoteID, Text: "gone with the field"}, screen.Show{Page: screen.PageContacts})
		h.do(screen.Show{Page: screen.PageHistory})
		wantNotes(t, "the field has gone", notesOf(h, store), "gone with the field", "", "Invoice 4411")
		h.call("4", true, "3004", ua.CallRinging)
		want("the next call", "4")
	})
}

func TestNoHistoryNoNote(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Flags = append(cfg.Flags, config.NoHistory)
	desk(t, cfg, nil, func(h *harness, _ *store.Memory) {
		h.call("1", false, "3001", ua.CallEstablished, answeredNow)
		if s := h.now(); !s.Caller.Known() || s.HasNote() {
			t.Error("a note is asked for that nobody keeps")
		}
	})
}
