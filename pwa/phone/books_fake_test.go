package phone

import (
	"fmt"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
)

// manyContacts makes n contacts of the user.
func manyContacts(n int) []Contact {
	list := make([]Contact, n)
	for i := range list {
		list[i] = Contact{ID: fmt.Sprint(i), Name: fmt.Sprintf("Example Clinic %d", i), Organisation: "Front Desk",
			Numbers: []ContactNumber{{Name: "Work", Number: fmt.Sprintf("+4420%08d", 79460000+i)}, {Number: fmt.Sprint(1000 + i)}}}
	}
	return list
}

func bookOfMany(n int) *Book {
	b := NewBook(config.Numbering{})
	b.Import(manyContacts(n), ImportBoth, nil)
	return b
}

// docOf is a book as it is stored.
func docOf(t testing.TB, b *Book) []byte {
	t.Helper()
	store := &MemoryStore{}
	if err := b.Save(t.Context(), store, "book"); err != nil {
		t.Fatal(err)
	}
	return store.data["book"]
}

func bookFrom(t testing.TB, doc []byte) *Book {
	t.Helper()
	store := &MemoryStore{data: map[string][]byte{"book": doc}}
	b, err := LoadBook(t.Context(), store, "book", config.Numbering{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
