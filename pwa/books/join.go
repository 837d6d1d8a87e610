package books

import (
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// clashed brings what another page has written.
type clashed struct {
	store.Clash
}

func (e clashed) act(b *Books, s screen.Snapshot) screen.Snapshot {
	b.join(e)
	return s
}

// join makes one of what this page and another have made of a document.
func (b *Books) join(e clashed) {
	if b.loading {
		b.missed = true
		return
	}
	if b.store.Late(e.Clash) {
		go b.store.Look(e.Key, true)
		return
	}
	switch e.Key {
	case historyDoc(b.account):
		b.joinHistory(e)
	case contactsDoc(b.account):
		b.compare(e)
	case phonebookDoc:
		b.store.Takes(e.Key, e.Theirs) // fetched by both: either will do
	}
}

func (b *Books) joinHistory(e clashed) {
	differs, err := b.history.Join(b.store.Takes(e.Key, e.Theirs), e.Theirs)
	if b.sealed(err, b.history.Seal) {
		return
	}
	b.version++
	if differs {
		b.historyChanged()
	}
}

// bookCompared brings what another page has made of the contacts.
type bookCompared struct {
	clashed clashed
	news    contacts.News
	err     error
}

// compare finds out what another page has made of the contacts, beside the goroutine of the phone.
func (b *Books) compare(e clashed) {
	scratch, base := contacts.NewBook(b.cfg.Numbering), b.store.Base(e.Key)
	go func() {
		news, err := scratch.News(base, e.Theirs, b.pause)
		b.post(bookCompared{clashed: e, news: news, err: err})
	}()
}

func (e bookCompared) act(b *Books, s screen.Snapshot) screen.Snapshot {
	b.joinBook(e)
	return s
}

// joinBook takes over what another page has made of the contacts, unless more has become known meanwhile.
func (b *Books) joinBook(e bookCompared) {
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
