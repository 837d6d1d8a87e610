package contacts

import (
	"context"
	"fmt"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/store"
)

var contactsKind = store.Kind{Name: "contacts", Version: 1, MaxBytes: 64 << 20}

// storedBook is what of a book is stored: the user's own contacts, and which of the company's are favourites. The
// phonebook itself is fetched anew.
type storedBook struct {
	Contacts   []Contact `json:"contacts"`
	Favourites []string  `json:"favourites,omitempty"`
}

// Load reads the contacts stored under key; its errors are those of store.Kind.Load. It calls pause, which may be nil, again
// and again while it works.
func Load(ctx context.Context, from store.Store, key string, plan config.Numbering, pause func()) (*Book, error) {
	b := NewBook(plan)
	err := store.LoadWith(ctx, from, key, func(raw []byte) (aside string, err error) {
		doc, aside, err := cutBook(raw, pause)
		if err != nil {
			return aside, err
		}
		return ".corrupt", b.read(doc, pause)
	})
	b.sealed = store.Seals(err)
	return b, err
}

// Save stores the user's own contacts and all favourites.
func (b *Book) Save(ctx context.Context, to store.Store, key string) error {
	if b.sealed != nil {
		return b.sealed
	}
	doc, err := b.document()
	if err == nil {
		err = to.Save(ctx, key, doc)
	}
	if err != nil {
		return fmt.Errorf("contacts: save %s: %w", key, err)
	}
	return nil
}

// Seal keeps the book from being saved from now on, because of an error.
func (b *Book) Seal(because error) { b.sealed = because }
