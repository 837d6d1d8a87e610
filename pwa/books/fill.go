package books

import (
	"strconv"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// fill makes the panes that are seen, where something has changed.
func (b *Books) fill(s screen.Snapshot) screen.Snapshot {
	b.meet(b.at)
	s = b.present(s)
	if k := (historyKey{b.version, b.at.limit, s.History.Query, s.Detail, s.History.Filter, s.List}); k != b.at.shown.history {
		b.at.shown.history = k
		s.History = b.historyPane(s)
	}
	people := contactsKey{b.version, b.at.height, s.Contacts.Query, s.Detail, s.Contacts.Favourites, s.List}
	if people != b.at.shown.contacts {
		b.at.shown.contacts = people
		s.Contacts = b.contactsPane(s)
	}
	if s.List == screen.PageContacts {
		s.Contacts = b.drawn(s.Contacts)
	}
	if s.Contacts.Import == nil {
		b.at.file = importFile{}
	}
	s = b.fillToday(b.fillCaller(s))
	b.leaveNote(s)
	if k := (dialKey{b.version, s.Dial, s.ShowsDialPad()}); k != b.at.shown.dial {
		typed := s.Dial != b.at.shown.dial.text
		b.at.shown.dial = k
		s = b.suggest(s, typed)
	}
	return s
}

// present is a window that has nothing open which is no longer in the books. What somebody writes there about a contact that is
// gone stays, to be saved as a new one.
func (b *Books) present(s screen.Snapshot) screen.Snapshot {
	known := true
	k := presentKey{b.version, s.Detail, s.List, s.Contacts.Edit != nil || s.Contacts.Import != nil}
	switch {
	case s.Detail == "" || b.loading || k == b.at.shown.present:
		return s
	case s.List == screen.PageHistory:
		_, known = b.history.Entry(s.Detail)
	case s.List == screen.PageContacts && !k.form:
		_, known = b.book.Contact(s.Detail)
	}
	b.at.shown.present = k
	if !known {
		s.Detail = ""
	}
	return s
}

// suggest fills the list under the number field: anew when something was typed, else the mark stays where it was.
func (b *Books) suggest(s screen.Snapshot, typed bool) screen.Snapshot {
	was, chosen := s.Chosen()
	s.Suggestions, s.Fits = nil, b.version
	if s.ShowsDialPad() {
		s.Suggestions = suggest(b.book, b.history, s.Dial, maxSuggestions)
	}
	s.Marked, s.Nameless = remarked(s, was, chosen && !typed), number.IsName(s.Dial) && len(s.Suggestions) == 0
	if typed && s.Dial != "" && s.ShowsDialPad() && !s.Nameless {
		s.Live = text.Say(text.SuggestionCount, "count", strconv.Itoa(len(s.Suggestions)))
	}
	return s
}

// meet begins the panes of a window anew when the books have changed hands.
func (b *Books) meet(p *Panes) {
	if p.hands != b.hands {
		*p = Panes{hands: b.hands, limit: historyStep, height: p.height}
	}
}

// look takes the missed calls for seen that are in sight of a window.
func (b *Books) look(s screen.Snapshot) {
	if !b.cfg.Has(config.NoHistory) && s.Page == screen.PageHistory && !s.Caller.Open && b.history.Missed() > 0 {
		b.seen()
	}
}

// share makes what all windows show of the books.
func (b *Books) share(s screen.Snapshot) screen.Snapshot {
	if !b.cfg.Has(config.NoHistory) {
		s.Missed = b.history.Missed()
	}
	if b.last == b.version {
		return s
	}
	b.last, s.Last = b.version, nil
	if e, ok := b.history.Newest(); ok {
		last := b.line(history.Group{Entries: []history.Entry{e}})
		s.Last = &last
	}
	return s
}
