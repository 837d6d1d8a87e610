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
	if !b.cfg.Has(config.NoHistory) {
		if s.Page == screen.PageHistory && b.history.Missed() > 0 {
			b.seen() // it is in sight
		}
		s.Missed = b.history.Missed()
	}
	if k := (historyKey{b.version, b.limit, s.History.Query, s.Detail, s.History.Filter, s.List}); k != b.shown.history {
		b.shown.history = k
		s.History = b.historyPane(s)
	}
	if k := (contactsKey{b.version, b.height, s.Contacts.Query, s.Detail, s.Contacts.Favourites, s.List}); k != b.shown.contacts {
		b.shown.contacts = k
		s.Contacts = b.contactsPane(s)
	}
	if s.List == screen.PageContacts {
		s.Contacts = b.drawn(s.Contacts)
	}
	if s.Contacts.Import == nil {
		b.file = importFile{}
	}
	s = b.fillToday(b.fillCaller(s))
	b.leaveNote(s)
	if k := (dialKey{b.version, s.Dial, s.ShowsDialPad()}); k != b.shown.dial {
		typed := s.Dial != b.shown.dial.text
		b.shown.dial = k
		s = b.suggest(s, typed)
		s.Last = nil
		if e, ok := b.history.Newest(); ok {
			last := b.line(history.Group{Entries: []history.Entry{e}})
			s.Last = &last
		}
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
