package books

import (
	"context"
	"errors"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *Books) clear() {
	b.stopFetching()
	b.running, b.notes = map[int]bool{}, newNotes()
	b.history, b.book, b.undo = history.New(), contacts.NewBook(b.cfg.Numbering), nil
	b.hands++
	b.version++
}

// open begins to load what belongs to an account. The history goes on meanwhile, and both are joined then.
func (b *Books) open(account string) {
	b.close()
	b.reopen(account)
	b.opens++
	b.opened = true
	b.account, b.loading, b.missed, b.early = account, true, false, nil
	l := loaded{account: account, opens: b.opens, raw: map[string][]byte{}}
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

func (l loaded) act(b *Books, s screen.Snapshot) screen.Snapshot {
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
func (b *Books) joinEarly(history *history.History, book *contacts.Book) {
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

// close puts the books away. What was made before the stored ones were here waits for them.
func (b *Books) close() {
	if b.loading {
		b.unread[b.account] = unread{b.opens, b.history, b.book}
	}
	b.opened, b.loading = false, false
	b.clear()
}

// reopen goes on with what still waits, since another load brings what is stored now.
func (b *Books) reopen(account string) {
	if u, waits := b.unread[account]; waits {
		b.history, b.book = u.history, u.book
		delete(b.unread, account)
	}
}

// joinUnread stores what waited, after its account has logged out.
func (b *Books) joinUnread(l loaded) {
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
		b.keep(l.history.Save(context.Background(), b.store, historyDoc(l.account)))
	}
	if l.book.Take(u.book) {
		b.keep(l.book.Save(context.Background(), b.store, contactsDoc(l.account)))
	}
}
