package books

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// TestSuggestionsAreCountedAloud when something is typed that somebody has, and not when the list changes by itself, when nobody
// is meant, or where the list cannot be seen.
func TestSuggestionsAreCountedAloud(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.has("Lab", "2001")
		d.has("Laundry", "2002")
		said := func(why string, count string) {
			t.Helper()
			live := d.now().Live
			got := ""
			if live.Key == text.SuggestionCount {
				got = live.Args[1]
			}
			if got != count {
				t.Errorf("%s: %q is said, want %q", why, got, count)
			}
			d.s.Live = text.Sentence{}
		}
		said("nothing is typed", "")
		d.do(screen.Type{Text: "20"})
		said("two numbers", "2")
		d.do(screen.Type{Text: "20"})
		said("the same once more", "")
		d.do(screen.Type{Text: "2001"})
		said("one", "1")
		d.missedCall("1", "2001")
		said("a call comes meanwhile", "")
		d.do(screen.Type{Text: "77"})
		said("a number that nobody has", "0")
		d.do(screen.Type{Text: "la"})
		said("a name", "2")
		d.do(screen.Type{Text: "lax"})
		said("a name that nobody has, which the list says", "")
		d.do(screen.Type{})
		said("the field is emptied", "")
		d.call("2", false, "2001", ua.CallEstablished, answeredNow)
		d.do(screen.Type{Text: "20"})
		if s := d.now(); len(s.Suggestions) != 0 {
			t.Errorf("%d suggestions under a call", len(s.Suggestions))
		}
		said("where a call stands in the place of the field", "")
	})
}

// TestMarkStaysWhileTheBooksChange, and begins anew with another letter.
func TestMarkStaysWhileTheBooksChange(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.has("Helen Berg", "2001")
		d.has("Helen Katz", "2002")
		d.do(screen.Type{Text: "hel"})
		if s := d.now(); s.Marked != 1 {
			t.Fatalf("mark on %d, want the first", s.Marked)
		}
		d.s.Marked = 2
		katz, fits := d.s.Suggestions[1], d.s.Fits
		d.has("Helen Adams", "2000")
		s := d.now()
		if got, ok := s.Chosen(); !ok || got.Number != katz.Number || len(s.Suggestions) != 3 || s.Fits == fits {
			t.Errorf("the mark is on %+v of %d, want it to stay with %q", got, len(s.Suggestions), katz.Name)
		}
		if d.do(screen.Type{Text: "hele"}); d.now().Marked != 1 {
			t.Errorf("mark on %d after another letter", d.now().Marked)
		}
	})
}

// TestNoteOfACallThatNobodyAnswered stays with who writes it, and goes with him.
func TestNoteOfACallThatNobodyAnswered(t *testing.T) {
	for _, writes := range []bool{true, false} {
		atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
			d.call("1", false, "3001", ua.CallRinging)
			d.do(screen.WriteNote{ID: "1", Text: "try again at noon", Done: !writes})
			d.call("1", false, "3001", ua.CallEnded, because(ua.CauseNoAnswer, 408))
			s := d.now()
			if s.Caller.Known() != writes || d.history.Entries()[0].Note != "try again at noon" {
				t.Errorf("writing %v: the pane shows %v, kept is %q", writes, s.Caller.Known(), d.history.Entries()[0].Note)
			}
			if writes {
				d.do(screen.WriteNote{ID: s.Caller.NoteID, Text: "try again at one", Done: true})
			}
			if d.now().Caller.Known() || d.history.Entries()[0].Note != choose(writes, "try again at one", "try again at noon") {
				t.Errorf("writing %v: then %v, %q", writes, d.now().Caller.Known(), d.history.Entries()[0].Note)
			}
		})
	}
}
