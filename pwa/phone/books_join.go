package phone

// booksCompared brings what another page has made of the contacts.
type booksCompared struct {
	Event
	clashed clashed
	news    bookNews
	err     error
}

// compare finds out what another page has made of the contacts, beside the goroutine of the phone.
func (b *books) compare(e clashed) {
	scratch, base := NewBook(b.cfg.Numbering), b.store.base(e.Key)
	go func() {
		news, err := scratch.news(base, e.Theirs, b.pause)
		b.post(booksCompared{clashed: e, news: news, err: err})
	}()
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
	if b.store.late(e.clashed.storeClash) {
		go b.store.look(e.clashed.Key, true)
		return
	}
	b.store.takes(e.clashed.Key, e.clashed.Theirs)
	if b.sealed(e.err, b.book.Seal) {
		return
	}
	b.version++
	if b.book.join(e.news) {
		b.bookChanged()
	}
}
