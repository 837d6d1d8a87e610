package phone

import (
	"cmp"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

// notes are what the user writes about calls, until the history has it: about those that go on by the ID of the call, about
// others by that of their entry.
type notes struct {
	calls   map[string]string
	entries map[string]string
	entry   map[string]string // of a call that has ended: what is on its way to us names the call still
	writing string            // the note whose field has the focus, "" for none
}

func newNotes() notes {
	return notes{calls: map[string]string{}, entries: map[string]string{}, entry: map[string]string{}}
}

// now is the ID of a note at present: the call may have ended since.
func (n notes) now(id string) string { return cmp.Or(n.entry[id], id) }

// writes tells whether somebody writes that note.
func (n notes) writes(id string) bool { return id != "" && n.now(id) == n.now(n.writing) }

// of is the note of a call that goes on, or of the one whose place it has taken.
func (n notes) of(l screen.Line) string {
	if note, ok := n.calls[l.ID]; ok {
		return note
	}
	return n.calls[l.Continues]
}

// writeNote takes what stands in the field of a note. It goes into the history when the call ends, and after that when the user
// leaves the field: not with every letter, since the whole history is stored at once.
func (b *books) writeNote(s screen.Snapshot, e screen.WriteNote) screen.Snapshot {
	if s.Caller.NoteID == e.ID {
		s.Caller.Note = e.Text
	}
	b.notes.writing = choose(e.Done, "", e.ID)
	if _, goes := s.Line(e.ID); goes {
		b.notes.calls[e.ID] = e.Text
		return s
	}
	b.notes.entries[b.notes.now(e.ID)] = e.Text
	if e.Done {
		b.keepNotes()
	}
	return s
}

// keepNotes puts what has been written about past calls into the history, and returns those calls.
func (b *books) keepNotes() (changed []history.Entry) {
	for id, note := range b.notes.entries {
		if b.history.SetNote(id, note) {
			e, _ := b.history.Entry(id)
			changed = append(changed, e)
		}
	}
	clear(b.notes.entries)
	if len(changed) > 0 {
		b.historyChanged()
	}
	return changed
}

// noted is an entry with what was written during its call.
func (b *books) noted(e history.Entry, l screen.Line) history.Entry {
	e.Note = history.Note(b.notes.of(l))
	b.notes.entry[l.ID] = e.ID
	delete(b.notes.calls, l.ID)
	return e
}

// leaveNote keeps a note whose field has gone with the focus in it.
func (b *books) leaveNote(s screen.Snapshot) {
	chosen := s.History.Chosen
	if b.notes.writing == "" || b.notes.writes(s.Caller.NoteID) || chosen != nil && b.notes.writes(chosen.Newest().ID) {
		return
	}
	b.notes.writing = ""
	b.keepNotes()
}

// fillNote says which note the caller's pane shows.
func (b *books) fillNote(s screen.Snapshot) screen.Snapshot {
	line := s.Caller.Line
	_, goes := s.Line(line.ID)
	id := choose(goes, line.ID, b.notes.entry[line.ID])
	switch {
	case b.cfg.Has(config.NoHistory):
		s.Caller.NoteID, s.Caller.Note = "", ""
	case id == s.Caller.NoteID:
	case goes:
		s.Caller.NoteID, s.Caller.Note = id, b.notes.of(line)
	default:
		e, _ := b.history.Entry(id)
		s.Caller.NoteID, s.Caller.Note = id, e.Note
	}
	return s
}
