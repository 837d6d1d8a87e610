package books

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// Books are the contacts and the history of who is logged in. They belong to the goroutine that calls Follow; what has to wait is
// done elsewhere and comes back as News.
type Books struct {
	cfg    config.Config
	store  *store.Writer
	values store.KeyValues
	fetch  fetch.Func
	now    func() time.Time
	post   func(News)
	tell   func(screen.Event)
	pause  func() // lets others run in the midst of long work

	account string              // whose they are; "" before the first login
	home    string              // domain of the account
	opened  bool                // somebody is logged in
	opens   int                 // how often they were opened
	loading bool                // what is stored is not here yet: nothing may be saved over it
	missed  bool                // another page has written meanwhile
	early   *contacts.Phonebook // has come meanwhile
	builds  int                 // how often a phonebook was put beside the contacts
	unread  map[string]unread   // by account; of those who have logged out
	reads   int                 // of files to import, in all windows
	imports int                 // how often one was begun
	running map[int]bool        // those that are neither done nor given up
	history *history.History
	book    *contacts.Book
	fetched fetched
	undo    func()
	notes   notes
	undos   int
	version int // of history and book
	last    int // version that Snapshot.Last is of
	hands   int // how often the books have changed hands

	only *Panes // of Follow
	at   *Panes // of the window whose turn it is
}

const (
	maxSuggestions = 6
	undoTime       = 15 * time.Second
)

// loaded brings what is stored for an account.
type loaded struct {
	account   string
	opens     int
	history   *history.History
	book      *contacts.Book
	phonebook contacts.Phonebook
	raw       map[string][]byte // the documents as they lay there
	err       error
}

// unread is what was made for an account before its stored history and contacts were here.
type unread struct {
	opens   int // of the load that is to bring them
	history *history.History
	book    *contacts.Book
}

const (
	phonebookDoc     = "phonebook"
	phonebookTimeout = time.Minute
	phonebookAge     = 10 * time.Minute // not asked for again within that, whatever is opened
	phonebookEvery   = time.Hour
	phonebookRetry   = 30 * time.Second // after the first failure, then twice as long each time
)

// fetched is how it goes with fetching the phonebook.
type fetched struct {
	asking bool
	due    time.Time     // not before
	wait   time.Duration // after a failure; 0 when the last try went well
	shown  tag           // of the phonebook that stands among the contacts
	again  *time.Timer   // nil before the first try, and when nobody is logged in
}

// tag names a version of a document of the network.
type tag struct{ url, etag string }

func historyDoc(account string) string { return "history:" + account }

func contactsDoc(account string) string { return "contacts:" + account }

// News is what the books get to know off the goroutine that they belong to. Only Follow understands it.
type News interface {
	act(b *Books, s screen.Snapshot) screen.Snapshot
}

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// Ended is a call that has ended, as the user agent tells of it, and the line that it had.
type Ended struct {
	Call ua.CallInfo
	Line screen.Line
	Note string // written about it, of a call that the books do not know
}
