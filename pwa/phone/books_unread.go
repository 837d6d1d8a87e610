package phone

import (
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
)

// unread is what was made for an account before its stored history and contacts were here.
type unread struct {
	opens   int // of the load that is to bring them
	history *history.History
	book    *contacts.Book
}

// close puts the books away. What was made before the stored ones were here waits for them.
func (b *books) close() {
	if b.loading {
		b.unread[b.account] = unread{b.opens, b.history, b.book}
	}
	b.loading = false
	b.clear()
}

// reopen goes on with what still waits, since another load brings what is stored now.
func (b *books) reopen(account string) {
	if u, waits := b.unread[account]; waits {
		b.history, b.book = u.history, u.book
		delete(b.unread, account)
	}
}

// joinUnread stores what waited, after its account has logged out.
func (b *books) joinUnread(l booksLoaded) {
	u, waits := b.unread[l.account]
	if !waits || u.opens != l.opens {
		return
	}
	delete(b.unread, l.account)
	for _, key := range []string{historyDoc(l.account), contactsDoc(l.account)} {
		b.store.Takes(key, l.raw[key])
	}
	if u.history.Len() > 0 {
		l.history.Restore(u.history.Entries())
		b.keep(l.history.Save(background, b.store, historyDoc(l.account)))
	}
	if l.book.Take(u.book) {
		b.keep(l.book.Save(background, b.store, contactsDoc(l.account)))
	}
}
