package phone

import (
	"context"
	"errors"
	"testing"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/store"
)

// docOf is a book as it is stored.
func docOf(t testing.TB, b *contacts.Book) []byte {
	t.Helper()
	store := &store.Memory{}
	if err := b.Save(t.Context(), store, "book"); err != nil {
		t.Fatal(err)
	}
	return store.Data["book"]
}

// Where the documents of an account lie.
func historyDoc(account string) string  { return "history:" + account }
func contactsDoc(account string) string { return "contacts:" + account }

const account = "1001@sip.example.com"

// fullStore keeps nothing.
type fullStore struct{ store.Memory }

func (*fullStore) Swap(context.Context, string, []byte, []byte) error { return errors.New("full") }
