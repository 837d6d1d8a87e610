package books

import (
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
)

const (
	waitsFor      = 7 * 24 * time.Hour // then a missed call is no news any more
	maxWaiting    = 6
	maxFavourites = 12
)

// fillToday makes what the middle of a wide window shows to who has chosen nothing.
func (b *Books) fillToday(s screen.Snapshot) screen.Snapshot {
	k := todayKey{b.version, s.Now.YearDay(), s.Detail == "" && !s.Caller.Known()}
	if k == b.at.shown.today || !k.shown {
		return s
	}
	b.at.shown.today = k
	s.Today = screen.TodayPane{NoCalls: b.cfg.Has(config.NoHistory)}
	for _, g := range b.history.Waiting(s.Now.Add(-waitsFor), maxWaiting, b.cfg.Numbering) {
		s.Today.Waiting = append(s.Today.Waiting, b.line(g))
	}
	favourites := b.book.List(func(c contacts.Contact) bool { return c.Favourite && len(c.Numbers) > 0 })
	s.Today.Favourites = shownContacts(favourites[:min(len(favourites), maxFavourites)])
	return s
}
