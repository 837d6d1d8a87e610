package books

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// phonebookBuilt brings the contacts with another phonebook among them.
type phonebookBuilt struct {
	account       string
	opens, number int
	phonebook     contacts.Phonebook
	book          *contacts.Book
}

// phonebookCame brings the phonebook for an account, nil when it is the stored one.
type phonebookCame struct {
	account string
	book    *contacts.Phonebook
	doc     []byte // to be stored
	err     error
}

// phonebookDue is the time to ask again.
type phonebookDue struct{}

func (phonebookDue) act(b *Books, s screen.Snapshot) screen.Snapshot {
	b.fetchPhonebook()
	return s
}

// fetchPhonebook asks for the phonebook, unless it has been asked for lately. Then who has logged in since asks later.
func (b *Books) fetchPhonebook() {
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
	etag := ""
	if b.fetched.shown.url == url {
		etag = b.fetched.shown.etag
	}
	go func(account string) {
		ctx, cancel := context.WithTimeout(context.Background(), phonebookTimeout)
		defer cancel()
		e := b.loadPhonebook(ctx, url, etag)
		e.account = account
		b.post(e)
	}(b.account)
}

// loadPhonebook fetches the phonebook, nil when it is the one with the etag: then nothing is read and nothing stored.
func (b *Books) loadPhonebook(ctx context.Context, url, etag string) (e phonebookCame) {
	f, err := b.fetch(ctx, url, etag)
	if err != nil || f.Same {
		return phonebookCame{err: err}
	}
	list, _, err := contacts.ReadPhonebook(f.Data, b.pause)
	if err != nil {
		return phonebookCame{err: err}
	}
	e.book = &contacts.Phonebook{URL: url, ETag: f.ETag, Contacts: list}
	e.doc, e.err = e.book.Document(b.pause)
	return e
}

// storedPhonebook is the one of the last time, where it is still the configured one.
func (b *Books) storedPhonebook(ctx context.Context, raw map[string][]byte) contacts.Phonebook {
	if b.cfg.Phonebook == "" {
		return contacts.Phonebook{}
	}
	p, err := contacts.LoadPhonebook(ctx, b.store.Reading(raw), phonebookDoc, b.pause)
	if err != nil || p.URL != b.cfg.Phonebook {
		return contacts.Phonebook{} // fetched anew in any case
	}
	return p
}

// build puts a phonebook among the contacts, beside the goroutine of the phone: with many it takes longer than a key may wait.
func (b *Books) build(p contacts.Phonebook) {
	b.builds++
	e := phonebookBuilt{account: b.account, opens: b.opens, number: b.builds, phonebook: p, book: b.book.Copy()}
	go func() {
		e.book.Ready(b.pause)
		e.book.SetPhonebook(p.Contacts, b.pause)
		b.post(e)
	}()
}

// act shows a phonebook that has been built, unless another is on its way.
func (e phonebookBuilt) act(b *Books, s screen.Snapshot) screen.Snapshot {
	switch {
	case e.account != b.account || e.number != b.builds:
	case b.loading:
		b.early = &e.phonebook
	case e.opens != b.opens:
		b.build(e.phonebook)
	default:
		b.book.AdoptPhonebook(e.book)
		b.fetched.shown = tag{e.phonebook.URL, e.phonebook.ETag}
		b.version++
	}
	return s
}

// act shows a phonebook that has come, or tries again later: a failure is said once until it is over, and not
// without a connection, when nothing else can be had either.
func (e phonebookCame) act(b *Books, s screen.Snapshot) screen.Snapshot {
	if e.account != b.account {
		return s
	}
	f := &b.fetched
	first, next := f.wait == 0, phonebookEvery
	f.asking = false
	if e.err != nil {
		f.wait = min(max(2*f.wait, phonebookRetry), phonebookEvery)
		f.due, next = b.now().Add(f.wait), f.wait
		if first && s.Connection.State == screen.Connected {
			s = s.WithProblem(text.Say(text.PhonebookFailed))
		}
	} else {
		f.wait, f.due = 0, b.now().Add(phonebookAge)
	}
	if e.doc != nil { // here, and not where it was made: meanwhile everything may have been erased
		b.keep(b.store.Save(context.Background(), phonebookDoc, e.doc))
	}
	switch {
	case e.book != nil && b.loading:
		b.early = e.book
	case e.book != nil:
		b.build(*e.book)
	}
	b.fetchIn(next)
	return s
}

// fetchIn asks for the phonebook after a while, whatever was planned before.
func (b *Books) fetchIn(wait time.Duration) {
	if b.fetched.again != nil {
		b.fetched.again.Stop()
	}
	b.fetched.again = time.AfterFunc(wait, func() { b.post(phonebookDue{}) })
}

// Connected is the news of a connection. It asks for the phonebook: what kept it away may be over.
type Connected struct{}

func (Connected) act(b *Books, s screen.Snapshot) screen.Snapshot {
	if b.fetched.wait > 0 {
		b.fetched.due = time.Time{}
	}
	b.fetchPhonebook()
	return s
}

// stopFetching leaves what is on its way to itself.
func (b *Books) stopFetching() {
	b.fetched.asking, b.fetched.shown = false, tag{}
	if b.fetched.again != nil {
		b.fetched.again.Stop()
		b.fetched.again = nil
	}
}
