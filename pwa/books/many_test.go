package books

import (
	"fmt"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/store"
)

// manyContacts makes n contacts of the user.
func manyContacts(n int) []contacts.Contact {
	list := make([]contacts.Contact, n)
	for i := range list {
		list[i] = contacts.Contact{ID: fmt.Sprint(i), Name: fmt.Sprintf("Example Clinic %d", i), Organisation: "Front Desk",
			Numbers: []contacts.Number{{Name: "Work", Number: fmt.Sprintf("+4420%08d", 79460000+i)},
				{Number: fmt.Sprint(1000 + i)}}}
	}
	return list
}

func bookOfMany(n int) *contacts.Book {
	b := contacts.NewBook(config.Numbering{})
	b.Import(manyContacts(n), contacts.KeepBoth, nil)
	return b
}

// docOf is a book as it is stored.
func docOf(t testing.TB, b *contacts.Book) []byte {
	t.Helper()
	store := &store.Memory{}
	if err := b.Save(t.Context(), store, "book"); err != nil {
		t.Fatal(err)
	}
	return store.Data["book"]
}

func bookFrom(t testing.TB, doc []byte) *contacts.Book {
	t.Helper()
	store := &store.Memory{Data: map[string][]byte{"book": doc}}
	b, err := contacts.Load(t.Context(), store, "book", config.Numbering{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
