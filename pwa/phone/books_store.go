package phone

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

var background = context.Background()

// clashed brings what another page has written.
type clashed struct {
	unseen
	store.Clash
}

func (e clashed) act(b *books, s screen.Snapshot) screen.Snapshot {
	b.join(e)
	return s
}

// join makes one of what this page and another have made of a document.
func (b *books) join(e clashed) {
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

func (b *books) joinHistory(e clashed) {
	differs, err := b.history.Join(b.store.Takes(e.Key, e.Theirs), e.Theirs)
	if b.sealed(err, b.history.Seal) {
		return
	}
	b.version++
	if differs {
		b.historyChanged()
	}
}

// sealed keeps what another page has written from being overwritten when it cannot be read: a newer version of the phone
// may have been there.
func (b *books) sealed(err error, seal func(because error)) bool {
	if err != nil {
		seal(err)
		b.tell(screen.NotKept{Err: err})
	}
	return err != nil
}

func (b *books) keep(err error) {
	if err != nil {
		b.tell(screen.NotKept{Err: err})
	}
}

// Fetcher reads a document from the network. With an etag, that of the last time, nothing may have changed. When the server
// answers without a document the error is a StatusError.
type Fetcher func(ctx context.Context, url, etag string) (Fetched, error)

// StatusError is the HTTP status of an answer that brings no document.
type StatusError int

func (e StatusError) Error() string { return "status " + strconv.Itoa(int(e)) }

// Fetched is a document.
type Fetched struct {
	Data []byte
	ETag string
	Same bool // it is the one of the etag; Data is empty
}

// exportAll saves everything that is kept in one file, without the password.
func (b *books) exportAll(s screen.Snapshot) screen.Snapshot {
	all := struct {
		Contacts []contacts.Contact `json:"contacts"`
		Calls    *history.History   `json:"calls"`
		Settings screen.Choice      `json:"settings"`
		Theme    screen.Theme       `json:"theme,omitempty"`
		Language text.Language      `json:"language"`
	}{b.book.List(func(c contacts.Contact) bool { return !c.ReadOnly() }), b.history, s.Settings.Choice, s.Theme, s.Language}
	data, err := json.MarshalIndent(all, "", "  ")
	return save(s, "webphone.json", "application/json", data, err)
}
