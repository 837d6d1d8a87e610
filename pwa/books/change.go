package books

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// sealed keeps what another page has written from being overwritten when it cannot be read: a newer version of the phone
// may have been there.
func (b *Books) sealed(err error, seal func(because error)) bool {
	if err != nil {
		seal(err)
		b.tell(screen.NotKept{})
	}
	return err != nil
}

func (b *Books) keep(err error) {
	if err != nil {
		b.tell(screen.NotKept{})
	}
}

func (b *Books) historyChanged() {
	b.version++
	if b.loading {
		return
	}
	b.keep(b.history.Save(context.Background(), b.store, historyDoc(b.account)))
}

func (b *Books) bookChanged() {
	b.version++
	if b.loading {
		return
	}
	b.keep(b.book.Save(context.Background(), b.store, contactsDoc(b.account)))
}

// changed keeps a change and offers to take it back.
func (b *Books) changed(s screen.Snapshot, change contacts.Change, done text.Key, args ...string) screen.Snapshot {
	b.bookChanged()
	undo := func() {
		b.book.Undo(change)
		b.bookChanged()
	}
	return b.offer(s, undo, done, args...)
}

// offer lets the user take something back for a while.
func (b *Books) offer(s screen.Snapshot, undo func(), key text.Key, args ...string) screen.Snapshot {
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
