package books

import (
	"context"
	"runtime"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// Options say where the books come from, and whom they tell. Now is needed.
type Options struct {
	Config config.Config   // of the operator; see Configure
	Keep   store.KeyValues // for what must be kept at once
	Store  store.Store     // default a store.Memory
	Fetch  fetch.Func      // of the phonebook; default none
	Now    func() time.Time
	Pause  func()             // lets others run in the midst of long work, default runtime.Gosched
	Post   func(News)         // takes what Follow shall have next, from any goroutine; default nobody
	Tell   func(screen.Event) // likewise
}

// New makes books that are closed: Follow opens them when somebody has logged in.
func New(opts Options) *Books {
	b := &Books{cfg: opts.Config, values: opts.Keep, fetch: opts.Fetch, now: opts.Now, post: opts.Post, tell: opts.Tell,
		pause:  opts.Pause,
		unread: map[string]unread{}, only: NewPanes()}
	b.at = b.only
	if b.pause == nil {
		b.pause = runtime.Gosched
	}
	if b.post == nil {
		b.post = func(News) {}
	}
	if b.tell == nil {
		b.tell = func(screen.Event) {}
	}
	if b.values == nil {
		b.values = &store.MemoryValues{}
	}
	b.store = store.NewWriter(opts.Store, func(error) { b.tell(screen.NotKept{}) },
		func(c store.Clash) { b.post(clashed{Clash: c}) })
	b.clear()
	return b
}

// Fill makes the panes of a snapshot of these contacts and calls: for showing them without a phone.
func Fill(s screen.Snapshot, book *contacts.Book, history *history.History) screen.Snapshot {
	b := New(Options{Now: func() time.Time { return s.Now }})
	b.book, b.history = book, history
	b.look(s)
	return b.fill(b.share(s))
}

// Watch looks at what other pages write, until stop.
func (b *Books) Watch() (stop func()) { return b.store.Watch() }

// Configure puts another configuration in force. Its phonebook may be another one, which is fetched at the next occasion.
func (b *Books) Configure(cfg config.Config) { b.cfg, b.fetched.due = cfg, time.Time{} }

// Medium is where the documents lie, for another one beside them.
func (b *Books) Medium() store.Store { return b.store.Medium() }

// Erase forgets every document. It waits for the medium.
func (b *Books) Erase(ctx context.Context) error { return b.store.Erase(ctx) }

// Named is a call with the names of the contacts in the place of what the other sides say they are.
func (b *Books) Named(call ua.CallInfo) ua.CallInfo {
	if c, _, ok := b.book.Caller(history.OnTheLine(call)); ok {
		call.Remote.DisplayName = c.Name
	}
	for _, a := range []*ua.Address{&call.DivertedFrom, &call.ReferredBy} {
		if c, _, ok := b.book.Caller(a.User); ok && a.User != "" {
			a.DisplayName = c.Name
		}
	}
	return call
}

// Record keeps calls that have ended, unless everything is being erased. The event tells why: a session that ends takes along
// what was being written, and a page that is left may not live to see what it writes to a Store.
func (b *Books) Record(over []Ended, event any) {
	var ended []history.Entry
	switch event.(type) {
	case screen.Left, screen.Logout:
		ended = b.keepNotes()
	}
	if _, erased := event.(screen.Erase); !erased && len(over) > 0 && !b.cfg.Has(config.NoHistory) {
		ended = append(ended, b.add(over)...)
	}
	if _, left := event.(screen.Left); left {
		b.keepLeft(ended)
	}
}

// Key names what is kept for an account. A protected one cannot be read from it.
func Key(a screen.Account) string {
	key := a.User + "@" + a.Server
	switch {
	case a.Key != "":
		return a.Key
	case a.Hidden.User || a.Hidden.Server:
		return store.Mark(key)
	}
	return key
}

// actWindow gives an event of a window to the one function that knows its kind. The others are none of the books' business.
func (b *Books) actWindow(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.SearchHistory, screen.FilterHistory, screen.MoreHistory, screen.ToggleSearch, screen.DeleteCalls,
		screen.WriteNote, screen.MarkDone, screen.ClearHistory, screen.SeeHistory, screen.ExportHistory:
		return b.actHistory(s, e)
	case screen.SearchContacts, screen.ShowFavourites, screen.ScrollContacts, screen.EditContact, screen.AddNumber,
		screen.RemoveNumber,
		screen.SaveContact, screen.CancelEdit, screen.DeleteContact, screen.SetFavourite, screen.ExportContacts:
		return b.actContacts(s, e)
	case screen.ReadImport, screen.SetHeader, screen.SetColumn, screen.SetPolicy, screen.Import:
		return b.actImport(s, e)
	case screen.ToggleTools, screen.TakeBack, screen.DropUndo, screen.NotKept, screen.DismissNotKept, screen.ExportAll,
		screen.WindowHigh:
		return b.actBoth(s, e)
	case screen.Show, screen.Choose, screen.OpenCall, screen.Returned:
		b.notice(s, e)
	}
	return s
}

// notice follows where the user goes: the history is seen, the phonebook may be an old one, the page is back.
func (b *Books) notice(s screen.Snapshot, event screen.Event) {
	switch e := event.(type) {
	case screen.Show:
		switch e.Page {
		case screen.PageHistory:
			b.seen()
		case screen.PageContacts:
			b.fetchPhonebook()
		}
	case screen.Choose:
		if s.List == screen.PageHistory && e.ID != "" {
			b.seen()
		}
	case screen.OpenCall:
		b.seen()
	case screen.Returned:
		b.dropLeft()
	}
}
