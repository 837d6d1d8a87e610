package books

import (
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

// writeNote takes what stands in the field of a note. It goes into the history when the call ends, and after that when the user
// leaves the field: not with every letter, since the whole history is stored at once.
func (b *Books) writeNote(s screen.Snapshot, e screen.WriteNote) screen.Snapshot {
	if s.Caller.NoteID == e.ID {
		s.Caller.Note = e.Text
	}
	b.at.writing = choose(e.Done, "", e.ID)
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
func (b *Books) keepNotes() (changed []history.Entry) {
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
func (b *Books) noted(e history.Entry, l screen.Line) history.Entry {
	e.Note = history.Note(b.notes.of(l))
	b.notes.entry[l.ID] = e.ID
	delete(b.notes.calls, l.ID)
	return e
}

// Leave keeps the note that is being written in a window which closes.
func (b *Books) Leave(p *Panes) {
	if p.writing != "" {
		p.writing = ""
		b.keepNotes()
	}
}

// writes tells whether somebody writes that note in the window whose turn it is.
func (b *Books) writes(id string) bool {
	return id != "" && b.notes.now(id) == b.notes.now(b.at.writing)
}

// leaveNote keeps a note whose field has gone with the focus in it.
func (b *Books) leaveNote(s screen.Snapshot) {
	chosen := s.History.Chosen
	if b.at.writing == "" || b.writes(s.Caller.NoteID) || chosen != nil && b.writes(chosen.Newest().ID) {
		return
	}
	b.at.writing = ""
	b.keepNotes()
}

// fillNote says which note the caller's pane shows.
func (b *Books) fillNote(s screen.Snapshot) screen.Snapshot {
	line := s.Caller.Line
	_, goes := s.Line(line.ID)
	id := choose(goes, line.ID, b.notes.entry[line.ID])
	switch {
	case b.cfg.Has(config.NoHistory):
		s.Caller.NoteID, s.Caller.Note = "", ""
	case id == s.Caller.NoteID && b.writes(id): // what stands in the field is the newest
	case goes:
		s.Caller.NoteID, s.Caller.Note = id, b.notes.of(line)
	default:
		s.Caller.Note = b.noteAbout(id, s.Caller)
		s.Caller.NoteID = id
	}
	return s
}

// noteAbout is the note about a past call, as somebody writes it or as it is kept, in a window that shows a pane already.
func (b *Books) noteAbout(id string, shown screen.CallerPane) string {
	if note, ok := b.notes.entries[id]; ok {
		return note
	}
	k := noteKey{b.version, id}
	if k == b.at.shown.note && id == shown.NoteID {
		return shown.Note
	}
	b.at.shown.note = k
	e, _ := b.history.Entry(id)
	return e.Note
}
