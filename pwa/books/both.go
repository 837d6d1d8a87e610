package books

import (
	"encoding/json"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// actBoth does what concerns contacts and history alike.
func (b *Books) actBoth(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.ToggleTools:
		if s.List == screen.PageHistory {
			s.History.Tools = !s.History.Tools
		} else {
			s.Contacts.Tools = !s.Contacts.Tools
		}
	case screen.TakeBack:
		if b.undo != nil {
			b.undo()
			b.undo, s.Undo.Text = nil, text.Sentence{}
		}
	case screen.DropUndo:
		if e.Count == s.Undo.Count {
			b.undo, s.Undo.Text = nil, text.Sentence{}
		}
	case screen.NotKept:
		s.NotKept = true
	case screen.DismissNotKept:
		s.NotKept = false
	case screen.ExportAll:
		return b.exportAll(s)
	case screen.WindowHigh: // kept already, since it may be told before the login
	}
	return s
}

// exportAll saves everything that is kept in one file, without the password.
func (b *Books) exportAll(s screen.Snapshot) screen.Snapshot {
	all := struct {
		Contacts []contacts.Contact `json:"contacts"`
		Calls    *history.History   `json:"calls"`
		Settings screen.Choice      `json:"settings"`
		Theme    screen.Theme       `json:"theme,omitempty"`
		Language text.Language      `json:"language"`
	}{b.book.List(func(c contacts.Contact) bool { return !c.ReadOnly() }), b.history, s.Settings.Choice, s.Theme, s.Language}
	data, err := json.MarshalIndent(all, "", "  ")
	return save(s, "webphone.json", "application/json", data, err)
}
