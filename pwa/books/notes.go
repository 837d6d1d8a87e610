package books

import (
	"cmp"

	"github.com/gowebphone/webphone/pwa/screen"
)

// notes are what the user writes about calls, until the history has it: about those that go on by the ID of the call, about
// others by that of their entry.
type notes struct {
	calls   map[string]string
	entries map[string]string
	entry   map[string]string // of a call that has ended: what is on its way to us names the call still
}

func newNotes() notes {
	return notes{calls: map[string]string{}, entries: map[string]string{}, entry: map[string]string{}}
}

// now is the ID of a note at present: the call may have ended since.
func (n notes) now(id string) string { return cmp.Or(n.entry[id], id) }

// of is the note of a call that goes on, or of the one whose place it has taken.
func (n notes) of(l screen.Line) string {
	if note, ok := n.calls[l.ID]; ok {
		return note
	}
	return n.calls[l.Continues]
}
