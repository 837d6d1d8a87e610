package books

import (
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Panes are what one window shows of the books: how far its user has gone there, and what its panes were made of.
type Panes struct {
	limit   int           // lines of the history shown
	height  int           // of the window, when it is a high one
	found   contacts.List // what the pane of contacts shows a part of
	file    importFile    // what the preview of an import shows a part of
	read    int           // of the newest file to import
	writing string        // the note whose field has the focus, "" for none
	hands   int           // Books.hands, as they were for these panes
	shown   struct {
		history  historyKey
		contacts contactsKey
		dial     dialKey
		caller   callerKey
		today    todayKey
		present  presentKey
		note     noteKey
	}
}

// NewPanes are those of a window that has just been opened.
func NewPanes() *Panes { return &Panes{limit: historyStep} }

const historyStep = 50 // lines of the history drawn at first, and added each time

// What the panes are made of, to make them anew only when that has changed.
type (
	historyKey struct {
		version, limit int
		query, detail  string
		filter         screen.HistoryFilter
		list           screen.Page
	}
	contactsKey struct {
		version       int
		height        int
		query, detail string
		favourites    bool
		list          screen.Page
	}
	dialKey struct {
		version int
		text    string
		shown   bool
	}
	// callerKey is what the caller's pane is made of, beside the call itself.
	callerKey struct {
		version  int
		id, from string
	}
	// presentKey is what is open beside a list, noteKey the note of a call that has ended: both are looked for in the history.
	presentKey struct {
		version int
		detail  string
		list    screen.Page
		form    bool
	}
	noteKey struct {
		version int
		id      string
	}
	// todayKey is what the pane of today is made of.
	todayKey struct {
		version int
		day     int
		shown   bool
	}
)

// importFile is a file that was read, with the preview of it.
type importFile struct {
	screen.ImportPreview
	table    *contacts.Table // nil for cards
	contacts []contacts.Contact
}
