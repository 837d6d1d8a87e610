package books

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// slowPage opens a page whose long work waits at its first pause until the gate is opened.
func slowPage(t *testing.T, store *store.Memory, tell func(d *desk, gate chan struct{}, pauses *atomic.Int32)) {
	synctest.Test(t, func(t *testing.T) {
		gate, pauses := make(chan struct{}), new(atomic.Int32)
		d, end := openDesk(t, Options{Store: store, Pause: func() {
			<-gate
			pauses.Add(1)
		}})
		tell(d, gate, pauses)
		end()
	})
}

func TestCallsAndKeysGoOnWhileContactsAreRead(t *testing.T) {
	store := &store.Memory{Data: map[string][]byte{contactsDoc(account): docOf(t, bookOfMany(2000))}}
	slowPage(t, store, func(d *desk, gate chan struct{}, pauses *atomic.Int32) {
		d.login("1001")
		d.call("1", true, "2001", ua.CallRinging)
		d.do(screen.Type{Text: "12"}, screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Early"}})
		if s := d.now(); len(s.Incoming()) != 1 || s.Dial != "12" || s.Contacts.Total != 1 {
			t.Errorf("while contacts are read: %d calls, %q dialled, %d contacts", len(s.Incoming()), s.Dial, s.Contacts.Total)
		}
		if len(store.Data[contactsDoc(account)]) < 1000 {
			t.Error("the contact that is new was stored over those that are still read")
		}
		close(gate)
		if s := d.now(); s.Contacts.Total != 2001 || pauses.Load() < 2*2000/200 {
			t.Errorf("then %d contacts after %d pauses, want all of them and the early one, after one pause for %d of each step",
				s.Contacts.Total, pauses.Load(), 200)
		}
		if again := bookFrom(t, store.Data[contactsDoc(account)]); again.Len() != 2001 {
			t.Errorf("%d contacts are stored", again.Len())
		}
	})
}

func TestAnotherPageImportsWhileThisOneWorks(t *testing.T) {
	store := &store.Memory{Data: map[string][]byte{contactsDoc(account): docOf(t, bookOfMany(300))}}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{}, 1000)
		d, end := openDesk(t, Options{Store: store, Pause: func() { <-gate }})
		for range 20 {
			gate <- struct{}{}
		}
		d.login("1001")
		d.now()
		for len(gate) > 0 {
			<-gate
		}
		book := bookFrom(t, store.Data[contactsDoc(account)])
		book.Import(manyContacts(1000), contacts.KeepBoth, nil)
		old := store.Data[contactsDoc(account)]
		if err := store.Swap(t.Context(), contactsDoc(account), old, docOf(t, book)); err != nil {
			t.Fatal(err)
		}
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Meanwhile"}})
		if got := d.now().Contacts.Total; got != 301 {
			t.Errorf("%d contacts while those of the other page are read, want 301", got)
		}
		close(gate)
		if got := d.now().Contacts.Total; got != 1301 {
			t.Errorf("%d contacts, want those of both pages", got)
		}
		end()
	})
	if again := bookFrom(t, store.Data[contactsDoc(account)]); again.Len() != 1301 {
		t.Errorf("%d contacts are stored, want those of both pages", again.Len())
	}
}

// TestNothingIsStoredOverContactsThatAreStillRead logs in again: what lies there is known from the first time then, so the
// store would take anything in its place.
func TestNothingIsStoredOverContactsThatAreStillRead(t *testing.T) {
	store := &store.Memory{Data: map[string][]byte{contactsDoc(account): docOf(t, bookOfMany(1000))}}
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Bool
		gate := make(chan struct{})
		d, end := openDesk(t, Options{Store: store, Pause: func() {
			if slow.Load() {
				<-gate
			}
		}})
		d.login("1001")
		d.now()
		slow.Store(true)
		d.do(screen.Logout{})
		d.login("1001")
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Early"}})
		if got := d.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts before they are read, want the early one", got)
		}
		if again := bookFrom(t, store.Data[contactsDoc(account)]); again.Len() != 1000 {
			t.Errorf("%d contacts are stored while they are read", again.Len())
		}
		close(gate)
		if got := d.now().Contacts.Total; got != 1001 {
			t.Errorf("%d contacts, want the early one among those that are stored", got)
		}
		end()
	})
	if again := bookFrom(t, store.Data[contactsDoc(account)]); again.Len() != 1001 {
		t.Errorf("%d contacts are stored", again.Len())
	}
}
