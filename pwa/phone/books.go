package phone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// books are the contacts and the history of who is logged in, and fill the panes of a snapshot with them. They belong to
// the goroutine of the phone; what has to wait is done elsewhere and comes back as an event.
type books struct {
	cfg    config.Config
	store  *store.Writer
	values store.KeyValues
	fetch  Fetcher
	now    func() time.Time
	post   func(news)
	tell   func(screen.Event)
	pause  func() // lets others run in the midst of long work

	account string              // whose they are; "" before the first login
	home    string              // domain of the account
	opens   int                 // how often they were opened
	loading bool                // what is stored is not here yet: nothing may be saved over it
	missed  bool                // another page has written meanwhile
	early   *contacts.Phonebook // has come meanwhile
	builds  int                 // how often a phonebook was put beside the contacts
	unread  map[string]unread   // by account; of those who have logged out
	reads   int                 // of files to import
	imports int                 // how often one was begun
	running map[int]bool        // those that are neither done nor given up
	history *history.History
	book    *contacts.Book
	found   contacts.List // what the pane of contacts shows a part of
	file    importFile    // what the preview of an import shows a part of
	fetched fetched
	undo    func()
	notes   notes
	undos   int

	version int // of history and book
	limit   int // lines of the history shown
	height  int // of the window, when it is a high one
	shown   struct {
		history  historyKey
		contacts contactsKey
		dial     dialKey
		caller   callerKey
		today    todayKey
	}
}

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
)

const (
	historyStep    = 50 // lines of the history drawn at first, and added each time
	maxSuggestions = 6
	undoTime       = 15 * time.Second
)

func newBooks(opts Options, cfg config.Config, post func(news), tell func(screen.Event)) *books {
	b := &books{cfg: cfg, values: opts.Keep, fetch: opts.Fetch, now: opts.Now, post: post, tell: tell, pause: opts.Pause,
		unread: map[string]unread{}}
	if b.pause == nil {
		b.pause = runtime.Gosched
	}
	b.store = store.NewWriter(opts.Store, func(err error) { tell(screen.NotKept{Err: err}) }, func(c store.Clash) { post(clashed{Clash: c}) })
	b.clear()
	return b
}

func (b *books) clear() {
	b.stopFetching()
	b.reads++
	b.running, b.notes = map[int]bool{}, newNotes()
	b.history, b.book, b.undo, b.limit = history.New(), contacts.NewBook(b.cfg.Numbering), nil, historyStep
	b.version++
}

// booksNews is for the contacts and the history, too.
type booksNews interface {
	news
	act(b *books, s screen.Snapshot) screen.Snapshot
}

// unseen is news that changes nothing on the screen but by the books.
type unseen struct{}

func (unseen) reduce(s screen.Snapshot) screen.Snapshot { return s }

// booksLoaded brings what is stored for an account.
type booksLoaded struct {
	unseen
	account   string
	opens     int
	history   *history.History
	book      *contacts.Book
	phonebook contacts.Phonebook
	raw       map[string][]byte // the documents as they lay there
	err       error
}

// open begins to load what belongs to an account. The history goes on meanwhile, and both are joined then.
func (b *books) open(account string) {
	b.close()
	b.reopen(account)
	b.opens++
	b.account, b.loading, b.missed, b.early = account, true, false, nil
	l := booksLoaded{account: account, opens: b.opens, raw: map[string][]byte{}}
	go func() {
		ctx := context.Background()
		store := b.store.Reading(l.raw)
		var err error
		l.history, err = history.Load(ctx, store, historyDoc(account))
		l.book, l.err = contacts.Load(ctx, store, contactsDoc(account), b.cfg.Numbering, b.pause)
		if err != nil {
			l.err = err
		}
		l.phonebook = b.storedPhonebook(ctx, l.raw)
		l.book.SetPhonebook(l.phonebook.Contacts, b.pause)
		b.post(l)
	}()
}

func historyDoc(account string) string  { return "history:" + account }
func contactsDoc(account string) string { return "contacts:" + account }

func (l booksLoaded) act(b *books, s screen.Snapshot) screen.Snapshot {
	if l.opens != b.opens {
		return s
	}
	for _, key := range []string{historyDoc(l.account), contactsDoc(l.account)} {
		if b.store.Takes(key, l.raw[key]); b.missed {
			go b.store.Look(key, false)
		}
	}
	b.loading = false
	b.joinEarly(l.history, l.book)
	b.takeLeft()
	b.history.Spell(b.home)
	b.history.Prune(b.now(), b.cfg.Retention)
	b.fetched.shown = tag{l.phonebook.URL, l.phonebook.ETag}
	b.store.Takes(phonebookDoc, l.raw[phonebookDoc])
	if b.early != nil {
		b.build(*b.early)
		b.early = nil
	}
	b.version++
	if last := b.history.Redial(1); len(last) > 0 && s.Placed.Target == "" {
		s.Placed.Target = last[0].Number
	}
	b.fetchPhonebook()
	var damaged *store.DamagedError
	switch {
	case errors.As(l.err, &damaged) && damaged.Aside != "":
		return s.WithProblem(text.Say(text.StoredDamaged))
	case l.err != nil:
		s.NotKept = true
	}
	return s
}

// joinEarly puts what was made before the stored history and contacts were here into them.
func (b *books) joinEarly(history *history.History, book *contacts.Book) {
	calls, contacts := b.history.Entries(), b.book
	b.history, b.book = history, book
	if len(calls) > 0 {
		history.Restore(calls)
		b.historyChanged()
	}
	if book.Take(contacts) {
		b.bookChanged()
	}
}

// named puts the name from the contacts in the place of what the other side of a call says it is.
func (b *books) named(e Event) Event {
	told, ok := e.(Told)
	if !ok {
		return e
	}
	switch c := told.Event.(type) {
	case ua.CallEvent:
		c.Info = b.known(c.Info)
		told.Event = c
	case ua.IncomingCallEvent:
		c.Info = b.known(c.Info)
		told.Event = c
	}
	return told
}

func (b *books) known(call ua.CallInfo) ua.CallInfo {
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

// follow does what an event says about contacts and history, and fills the panes.
func (b *books) follow(prev, next screen.Snapshot, e Event) screen.Snapshot {
	if prev.Screen != next.Screen {
		next = b.moved(next)
	}
	switch e := e.(type) {
	case screen.Erase:
		clear(b.unread)
	case booksLoaded:
		b.joinUnread(e)
	case screen.WindowHigh:
		b.height = e.Height
	}
	if next.Screen != screen.ScreenPhone {
		return next
	}
	if prev.Detail != next.Detail || prev.List != next.List {
		next.Contacts.Edit, next.Contacts.Import = nil, nil
		next.Contacts.Tools, next.History.Tools = false, false
	}
	next = b.act(next, e)
	if prev.Detail != next.Detail {
		next.Caller.Open = false
	}
	return b.fill(next)
}

// moved opens the books of who has logged in, and closes them after that.
func (b *books) moved(s screen.Snapshot) screen.Snapshot {
	account := accountKey(s.Account)
	switch {
	case s.Screen != screen.ScreenPhone:
		b.close()
		b.shown.history, b.shown.contacts, b.shown.dial = historyKey{}, contactsKey{}, dialKey{}
		s.Caller, s.Today, b.shown.today = screen.CallerPane{}, screen.TodayPane{}, todayKey{}
	default:
		if account != b.account {
			s.Placed.Target = ""
		}
		b.home = homeOf(s.Account)
		b.open(account)
	}
	return s
}

// homeOf is the domain of an account, as far as the server that was chosen tells.
func homeOf(a screen.Account) string {
	if a.Login.Realm != "" {
		return a.Login.Realm
	}
	host, _, _ := strings.Cut(a.Server, "/")
	if at := strings.LastIndexByte(host, ':'); at > strings.LastIndexByte(host, ']') {
		host = host[:at]
	}
	return host
}

// reopened opens the books of another account while the phone is open, and leaves nothing of the last one on the screen.
func (b *books) reopened(s screen.Snapshot) screen.Snapshot {
	s.Detail, s.Contacts.Edit, s.Contacts.Import, s.Undo.Text, s.Caller = "", nil, nil, text.Sentence{}, screen.CallerPane{}
	return b.moved(s)
}

// accountKey names what is kept for an account. A protected one cannot be read from it.
func accountKey(a screen.Account) string {
	key := a.User + "@" + a.Server
	switch {
	case a.Key != "":
		return a.Key
	case a.Hidden.User || a.Hidden.Server:
		return digest(key)
	}
	return key
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// act does what an event says about contacts and history.
func (b *books) act(s screen.Snapshot, event Event) screen.Snapshot {
	switch e := event.(type) {
	case booksNews:
		return e.act(b, s)
	case Told:
		b.connectedAgain(e)
	case screen.Event:
		return b.actWindow(s, e)
	}
	return s
}

// actWindow gives an event of a window to the one function that knows its kind. The others are none of the books' business.
func (b *books) actWindow(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.SearchHistory, screen.FilterHistory, screen.MoreHistory, screen.ToggleSearch, screen.DeleteCalls,
		screen.WriteNote, screen.MarkDone, screen.ClearHistory,
		screen.ExportHistory:
		return b.actHistory(s, e)
	case screen.SearchContacts, screen.ShowFavourites, screen.ScrollContacts, screen.EditContact, screen.AddNumber, screen.RemoveNumber,
		screen.SaveContact, screen.CancelEdit, screen.DeleteContact, screen.SetFavourite, screen.ExportContacts:
		return b.actContacts(s, e)
	case screen.ReadImport, screen.SetHeader, screen.SetColumn, screen.SetPolicy, screen.Import:
		return b.actImport(s, e)
	case screen.ToggleTools, screen.TakeBack, screen.DropUndo, screen.NotKept, screen.DismissNotKept, screen.ExportAll, screen.WindowHigh:
		return b.actBoth(s, e)
	case screen.Show, screen.Choose, screen.OpenCall, screen.Returned:
		b.notice(s, e)
	}
	return s
}

// actBoth does what concerns contacts and history alike.
func (b *books) actBoth(s screen.Snapshot, event screen.Event) screen.Snapshot {
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

// notice follows where the user goes: the history is seen, the phonebook may be an old one, the page is back.
func (b *books) notice(s screen.Snapshot, event screen.Event) {
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

// offer lets the user take something back for a while.
func (b *books) offer(s screen.Snapshot, undo func(), key text.Key, args ...string) screen.Snapshot {
	b.undos++
	count := b.undos
	b.undo, s.Undo = undo, screen.UndoOffer{Text: text.Say(key, args...), Count: count}
	s.Live = s.Undo.Text
	time.AfterFunc(undoTime, func() { b.tell(screen.DropUndo{Count: count}) })
	return s
}

// save gives the browser a file.
func save(s screen.Snapshot, name, kind string, data []byte, err error) screen.Snapshot {
	if err != nil {
		return s.WithProblem(text.Say(text.CommandFailed))
	}
	s.File = screen.File{Name: name, Type: kind, Data: data, Count: s.File.Count + 1}
	return s
}

// fill makes the panes that are seen, where something has changed.
func (b *books) fill(s screen.Snapshot) screen.Snapshot {
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
func (b *books) suggest(s screen.Snapshot, typed bool) screen.Snapshot {
	was, chosen := s.Chosen()
	s.Suggestions, s.Fits = nil, b.version
	if s.ShowsDialPad() {
		s.Suggestions = suggest(b.book, b.history, s.Dial, maxSuggestions)
	}
	s.Marked, s.Nameless = remarked(s, was, chosen && !typed), isName(s.Dial) && len(s.Suggestions) == 0
	if typed && s.Dial != "" && s.ShowsDialPad() && !s.Nameless {
		s.Live = text.Say(text.SuggestionCount, "count", strconv.Itoa(len(s.Suggestions)))
	}
	return s
}

// Fill makes the panes of a snapshot of these contacts and calls: for showing them without a phone. A phone does that
// by itself.
func Fill(s screen.Snapshot, book *contacts.Book, history *history.History) screen.Snapshot {
	b := newBooks(Options{Now: func() time.Time { return s.Now }}, config.Config{}, func(news) {}, func(screen.Event) {})
	b.book, b.history = book, history
	return b.fill(s)
}
