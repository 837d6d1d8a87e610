package contacts

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pwa/store"
)

func TestBookIsStored(t *testing.T) {
	ctx, store := t.Context(), &store.Memory{}
	b := bookOf(t, Contact{Name: "Front Desk", Favourite: true, Numbers: []Number{{"Work", "1001", "5"}}})
	b.SetPhonebook([]Contact{{ID: "7", Name: "Example Clinic"}, {ID: "8", Name: "Pharmacy"}}, nil)
	if _, err := b.SetFavourite("phonebook:7", true); err != nil {
		t.Fatal(err)
	}
	if err := b.Save(ctx, store, "contacts"); err != nil {
		t.Fatal(err)
	}
	again, err := Load(ctx, store, "contacts", british, nil)
	if err != nil || contactNames(again.All()) != "Front Desk" {
		t.Fatalf("%s, %v: the company's contacts are fetched, not stored", contactNames(again.All()), err)
	}
	again.SetPhonebook([]Contact{{ID: "7", Name: "Example Clinic"}, {ID: "8", Name: "Pharmacy"}}, nil)
	if !reflect.DeepEqual(again.All(), b.All()) {
		t.Errorf("got %+v, want %+v", again.All(), b.All())
	}
}

// goneStore is a medium that cannot be read.
type goneStore struct{ *store.Memory }

func (goneStore) Load(context.Context, string) ([]byte, error) { return nil, errors.New("medium gone") }

func TestNothingIsSavedOverContactsThatCouldNotBeRead(t *testing.T) {
	good := &store.Memory{}
	b, err := Load(t.Context(), goneStore{good}, "contacts", british, nil)
	if err == nil {
		t.Fatal("a failing store is taken for an empty one")
	}
	if err := b.Save(t.Context(), good, "contacts"); err == nil {
		t.Error("contacts that could not be read were overwritten")
	}
}

func TestEveryVersionOfTheContactsHasAMigration(t *testing.T) {
	if len(contactsKind.Migrate) != contactsKind.Version-1 {
		t.Error("a version of the contacts has no migration")
	}
}
