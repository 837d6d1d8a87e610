package phone

import (
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
)

// booksCompared brings what another page has made of the contacts.
type booksCompared struct {
	unseen
	clashed clashed
	news    contacts.News
	err     error
}

// compare finds out what another page has made of the contacts, beside the goroutine of the phone.
func (b *books) compare(e clashed) {
	scratch, base := contacts.NewBook(b.cfg.Numbering), b.store.Base(e.Key)
	go func() {
		news, err := scratch.News(base, e.Theirs, b.pause)
		b.post(booksCompared{clashed: e, news: news, err: err})
	}()
}

func (e booksCompared) act(b *books, s screen.Snapshot) screen.Snapshot {
	b.joinBook(e)
	return s
}

// joinBook takes over what another page has made of the contacts, unless more has become known meanwhile.
func (b *books) joinBook(e booksCompared) {
	if e.clashed.Key != contactsDoc(b.account) {
		return
	}
	if b.loading {
		b.missed = true
		return
	}
	if b.store.Late(e.clashed.Clash) {
		go b.store.Look(e.clashed.Key, true)
		return
	}
	b.store.Takes(e.clashed.Key, e.clashed.Theirs)
	if b.sealed(e.err, b.book.Seal) {
		return
	}
	b.version++
	if b.book.Join(e.news) {
		b.bookChanged()
	}
}
