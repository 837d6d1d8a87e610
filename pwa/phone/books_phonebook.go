package phone

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/store"
)

// phonebook is the company phonebook as it is stored, for the time without network.
type phonebook struct {
	URL      string             `json:"url"`
	ETag     string             `json:"etag,omitempty"`
	Contacts []contacts.Contact `json:"contacts"`
}

var phonebookKind = store.Kind{Name: "phonebook", Version: 1, MaxBytes: 64 << 20}

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
	again  *time.Timer   // nil before the first try, and when nobody is logged in
}

// phonebookCame brings the phonebook for an account, nil when it is the stored one.
type phonebookCame struct {
	Event
	account string
	book    *phonebook
	err     error
}

// phonebookDue is the time to ask again.
type phonebookDue struct{ Event }

// fetchPhonebook asks for the phonebook, unless it has been asked for lately. Then who has logged in since asks later.
func (b *books) fetchPhonebook() {
	url := b.cfg.Phonebook
	if url == "" || b.fetch == nil || b.fetched.asking {
		return
	}
	if wait := b.fetched.due.Sub(b.now()); wait > 0 {
		if b.fetched.again == nil {
			b.fetchIn(wait)
		}
		return
	}
	b.fetched.asking = true
	go func(account string) {
		ctx, cancel := context.WithTimeout(background, phonebookTimeout)
		defer cancel()
		book, err := b.loadPhonebook(ctx, url)
		b.post(phonebookCame{account: account, book: book, err: err})
	}(b.account)
}

func (b *books) loadPhonebook(ctx context.Context, url string) (*phonebook, error) {
	var known phonebook
	store := b.store.Reading(map[string][]byte{})
	phonebookKind.Load(ctx, store, phonebookDoc, &known)
	b.store.Takes(phonebookDoc, store.Raw[phonebookDoc])
	if known.URL != url {
		known = phonebook{URL: url}
	}
	f, err := b.fetch(ctx, url, known.ETag)
	if err != nil || f.Same {
		return nil, err
	}
	if known.Contacts, _, err = contacts.ReadPhonebook(f.Data); err != nil {
		return nil, err
	}
	known.ETag = f.ETag
	if err := phonebookKind.Save(ctx, b.store, phonebookDoc, known); err != nil {
		b.post(NotKept{err})
	}
	return &known, nil
}

// takePhonebook shows a phonebook that has come, or tries again later: a failure is said once until it is over, and not
// without a connection, when nothing else can be had either.
func (b *books) takePhonebook(s Snapshot, e phonebookCame) Snapshot {
	if e.account != b.account {
		return s
	}
	f := &b.fetched
	first, next := f.wait == 0, phonebookEvery
	f.asking = false
	if e.err != nil {
		f.wait = min(max(2*f.wait, phonebookRetry), phonebookEvery)
		f.due, next = b.now().Add(f.wait), f.wait
		if first && s.Connection.State == ua.Connected {
			s = withProblem(s, say(TextPhonebookFailed))
		}
	} else {
		f.wait, f.due = 0, b.now().Add(phonebookAge)
	}
	switch {
	case e.book != nil && b.loading:
		b.early = e.book
	case e.book != nil:
		b.book.SetPhonebook(e.book.Contacts)
		b.version++
	}
	b.fetchIn(next)
	return s
}

// fetchIn asks for the phonebook after a while, whatever was planned before.
func (b *books) fetchIn(wait time.Duration) {
	if b.fetched.again != nil {
		b.fetched.again.Stop()
	}
	b.fetched.again = time.AfterFunc(wait, func() { b.post(phonebookDue{}) })
}

// connectedAgain asks for the phonebook with a new connection: what kept it away may be over.
func (b *books) connectedAgain(e Told) {
	if c, ok := e.Event.(ua.ConnectionEvent); ok && c.State == ua.Connected {
		if b.fetched.wait > 0 {
			b.fetched.due = time.Time{}
		}
		b.fetchPhonebook()
	}
}

// stopFetching leaves what is on its way to itself.
func (b *books) stopFetching() {
	b.fetched.asking = false
	if b.fetched.again != nil {
		b.fetched.again.Stop()
		b.fetched.again = nil
	}
}
