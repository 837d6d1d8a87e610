package books

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// asked is a set of books of an account whose phonebook is configured, with what is posted to them.
func asked(t *testing.T, account string) (b *Books, posted chan News) {
	t.Helper()
	posted = make(chan News, 9)
	b = New(Options{Config: config.Config{Phonebook: "/phonebook.json"}, Store: &store.Memory{}, Now: time.Now,
		Post: func(n News) { posted <- n }, Fetch: func(context.Context, string, string) (fetch.Document, error) {
			return fetch.Document{}, errors.New("asked for nothing")
		}})
	b.account = account
	return b, posted
}

// stored is what the books keep of the phonebook.
func stored(t *testing.T, b *Books) string {
	t.Helper()
	data, err := b.Medium().Load(t.Context(), phonebookDoc)
	if err != nil && !errors.Is(err, store.ErrNotStored) {
		t.Fatal(err)
	}
	return string(data)
}

// TestPhonebookOfAnotherAccountIsNotTaken brings a phonebook, or its failure, that somebody asked for who has logged out since.
// Nothing of it is shown, said, kept or planned.
func TestPhonebookOfAnotherAccountIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, came := range map[string]phonebookCame{
			"a phonebook": {book: &contacts.Phonebook{Contacts: []contacts.Contact{{Name: "Ann"}}}, doc: []byte("{}")},
			"the same":    {},
			"a failure":   {err: errors.New("refused")},
		} {
			for _, who := range []string{"ann", "ben"} {
				b, posted := asked(t, "ben")
				came.account, b.fetched.asking = who, true
				var s screen.Snapshot
				s.Connection.State = screen.Connected
				s = came.act(b, s)
				synctest.Wait()
				own := who == "ben"
				said, kept, planned := !s.Problem.Text.Empty(), stored(t, b) != "", b.fetched.again != nil
				if said != (own && came.err != nil) || kept != (own && came.doc != nil) || planned != own ||
					b.fetched.asking == own ||
					(len(posted) > 0) != (own && came.book != nil) {
					t.Errorf("%s asked for by %s: said %t, kept %t, planned %t, asking %t, built %d", name, who, said, kept,
						planned,
						b.fetched.asking, len(posted))
				}
				b.stopFetching()
			}
		}
	})
}

// TestPhonebookBuiltTooLateIsNotShown builds one beside the books, which meanwhile change hands, are opened anew, or get another
// phonebook.
func TestPhonebookBuiltTooLateIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			meanwhile           func(b *Books)
			shown, early, again bool
		}{
			"nothing":            {func(b *Books) {}, true, false, false},
			"another account":    {func(b *Books) { b.account = "ann" }, false, false, false},
			"another phonebook":  {func(b *Books) { b.builds++ }, false, false, false},
			"the books are read": {func(b *Books) { b.loading = true }, false, true, false},
			"opened anew":        {func(b *Books) { b.opens++ }, false, false, true},
		} {
			b, posted := asked(t, "ben")
			b.build(contacts.Phonebook{URL: "/phonebook.json", ETag: "v1", Contacts: []contacts.Contact{{Name: "Ann"}}})
			built := <-posted
			c.meanwhile(b)
			version := b.version
			built.act(b, screen.Snapshot{})
			synctest.Wait()
			if shown := b.book.Len() == 1; shown != c.shown || (b.version != version) != c.shown ||
				(b.fetched.shown.etag == "v1") != c.shown {
				t.Errorf("%s: shown %t, version %d after %d, tag %q", name, shown, b.version, version, b.fetched.shown.etag)
			}
			if (b.early != nil) != c.early || (len(posted) == 1) != c.again {
				t.Errorf("%s: kept for later %t, built again %d times", name, b.early != nil, len(posted))
			}
		}
	})
}

// TestPhonebookIsAskedForInItsTime follows the waits after failures, which grow, and after a success.
func TestPhonebookIsAskedForInItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := asked(t, "ben")
		defer b.stopFetching()
		var s screen.Snapshot
		s.Connection.State = screen.Connected
		failed := phonebookCame{account: "ben", err: errors.New("refused")}
		wait := phonebookRetry
		for n := range 12 {
			before := s.Problem.Count
			s = failed.act(b, s)
			if due := time.Until(b.fetched.due); due != wait || (s.Problem.Count > before) != (n == 0) {
				t.Errorf("failure %d: asked again after %v, want %v; said %t", n, due, wait, s.Problem.Count > before)
			}
			wait = min(2*wait, phonebookEvery)
		}
		s = phonebookCame{account: "ben"}.act(b, s)
		if due := time.Until(b.fetched.due); due != phonebookAge || b.fetched.wait != 0 {
			t.Errorf("after a success asked again after %v, want %v", due, phonebookAge)
		}
		s.Connection.State = screen.Disconnected
		before := s.Problem.Count
		if s = failed.act(b, s); s.Problem.Count != before {
			t.Error("a failure is said without a connection, when nothing else can be had either")
		}
	})
}
