package phone

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
)

// TestJoinKeepsTheRuleOfMerged lets two pages change a book by chance and compares with merged, which states the rule.
func TestJoinKeepsTheRuleOfMerged(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		base := savedBook(t, bigOwn(rnd.IntN(6)*rnd.IntN(60)))
		mine, theirs := loadedBook(t, base), loadedBook(t, base)
		for range rnd.IntN(8) {
			changeByChance(rnd, mine)
			changeByChance(rnd, theirs)
		}
		if rnd.IntN(10) == 0 {
			theirs.Import(bigBook(150).All(), ImportBoth)
		}
		want := merged(loadedBook(t, base).All(), mine.All(), theirs.All(), func(c Contact) string { return c.ID }, equalContact)
		news, err := NewBook(british).news(base, savedBook(t, theirs), nil)
		if err != nil {
			t.Fatal(err)
		}
		differs := mine.join(news)
		if again := bookWith(want); !reflect.DeepEqual(mine.All(), again.All()) || !slices.Equal(names(mine), names(again)) {
			t.Fatalf("seed %d: got %v, want %v", seed, mine.All(), again.All())
		}
		if want := string(wholeDocument(t, mine)) != string(wholeDocument(t, theirs)); differs != want {
			t.Errorf("seed %d: differs from theirs: %v, want %v", seed, differs, want)
		}
		if c, _, ok := mine.Caller("4711"); ok != (len(mine.byTail["4711"]) > 0) || ok && c.Name == "" {
			t.Errorf("seed %d: the numbers are not found any more", seed)
		}
	}
}

func bookWith(contacts []Contact) *Book {
	b := NewBook(british)
	rows := make([]*bookRow, len(contacts))
	for i, c := range contacts {
		rows[i] = b.row(c)
	}
	b.replace(rows, nil)
	return b
}

// names lists what is found by ID and by number.
func names(b *Book) []string {
	var list []string
	for id, r := range b.byID {
		list = append(list, id+r.Name)
	}
	for tail, rows := range b.byTail {
		for _, r := range rows {
			list = append(list, tail+r.Name)
		}
	}
	slices.Sort(list)
	return list
}

func changeByChance(rnd *rand.Rand, b *Book) {
	if b.Len() == 0 || rnd.IntN(4) == 0 {
		b.Add(Contact{Name: fmt.Sprint("New ", rnd.IntN(1000)), Numbers: []ContactNumber{{Number: "4711"}}})
		return
	}
	c := b.rows[rnd.IntN(min(b.Len(), 5))].clone() // so that both meet
	switch rnd.IntN(3) {
	case 0:
		b.Delete(c.ID)
	case 1:
		b.SetFavourite(c.ID, !c.Favourite)
	default:
		c.Name = fmt.Sprint("Changed ", rnd.IntN(1000))
		b.Edit(c)
	}
}

// slowPage opens a page whose long work waits at its first pause until the gate is opened.
func slowPage(t *testing.T, store *MemoryStore, tell func(h *harness, gate chan struct{}, pauses *atomic.Int32)) {
	synctest.Test(t, func(t *testing.T) {
		gate, pauses := make(chan struct{}), new(atomic.Int32)
		h, end := openPage(t, Options{Config: oneServerConfig(), Store: store, Pause: func() {
			<-gate
			pauses.Add(1)
		}})
		tell(h, gate, pauses)
		end()
	})
}

const account = "1001@sip.example.com"

func TestCallsAndKeysGoOnWhileContactsAreRead(t *testing.T) {
	store := &MemoryStore{data: map[string][]byte{contactsDoc(account): savedBook(t, bigOwn(2000))}}
	slowPage(t, store, func(h *harness, gate chan struct{}, pauses *atomic.Int32) {
		h.login()
		h.call("1", true, "2001", ua.CallRinging)
		h.do(Type{"12"}, EditContact{}, SaveContact{Contact{Name: "Early"}})
		if s := h.now(); len(s.Incoming()) != 1 || s.Dial != "12" || s.Contacts.Total != 1 {
			t.Errorf("while contacts are read: %d calls, %q dialled, %d contacts", len(s.Incoming()), s.Dial, s.Contacts.Total)
		}
		if len(store.data[contactsDoc(account)]) < 1000 {
			t.Error("the contact that is new was stored over those that are still read")
		}
		close(gate)
		if s := h.now(); s.Contacts.Total != 2001 || pauses.Load() < 2*2000/sliceLength {
			t.Errorf("then %d contacts after %d pauses, want all of them and the early one, after one pause for %d of each step",
				s.Contacts.Total, pauses.Load(), sliceLength)
		}
		if again := loadedBook(t, store.data[contactsDoc(account)]); again.Len() != 2001 {
			t.Errorf("%d contacts are stored", again.Len())
		}
	})
}

func TestAnotherPageImportsWhileThisOneWorks(t *testing.T) {
	store := &MemoryStore{data: map[string][]byte{contactsDoc(account): savedBook(t, bigOwn(300))}}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{}, 1000)
		h, end := openPage(t, Options{Config: oneServerConfig(), Store: store, Pause: func() { <-gate }})
		for range 10 {
			gate <- struct{}{}
		}
		h.login()
		h.now()
		for len(gate) > 0 {
			<-gate
		}
		book := loadedBook(t, store.data[contactsDoc(account)])
		book.Import(bigBook(1000).All(), ImportBoth)
		old := store.data[contactsDoc(account)]
		if err := store.Swap(t.Context(), contactsDoc(account), old, savedBook(t, book)); err != nil {
			t.Fatal(err)
		}
		h.do(EditContact{}, SaveContact{Contact{Name: "Meanwhile"}})
		if got := h.now().Contacts.Total; got != 301 {
			t.Errorf("%d contacts while those of the other page are read, want 301", got)
		}
		close(gate)
		if got := h.now().Contacts.Total; got != 1301 {
			t.Errorf("%d contacts, want those of both pages", got)
		}
		end()
	})
	if again := loadedBook(t, store.data[contactsDoc(account)]); again.Len() != 1301 {
		t.Errorf("%d contacts are stored, want those of both pages", again.Len())
	}
}

// TestNothingIsStoredOverContactsThatAreStillRead logs in again: what lies there is known from the first time then, so the
// store would take anything in its place.
func TestNothingIsStoredOverContactsThatAreStillRead(t *testing.T) {
	store := &MemoryStore{data: map[string][]byte{contactsDoc(account): savedBook(t, bigOwn(1000))}}
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Bool
		gate := make(chan struct{})
		h, end := openPage(t, Options{Config: oneServerConfig(), Store: store, Pause: func() {
			if slow.Load() {
				<-gate
			}
		}})
		h.login()
		h.now()
		slow.Store(true)
		h.do(Logout{}, typed)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.do(EditContact{}, SaveContact{Contact{Name: "Early"}})
		if got := h.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts before they are read, want the early one", got)
		}
		if again := loadedBook(t, store.data[contactsDoc(account)]); again.Len() != 1000 {
			t.Errorf("%d contacts are stored while they are read", again.Len())
		}
		close(gate)
		if got := h.now().Contacts.Total; got != 1001 {
			t.Errorf("%d contacts, want the early one among those that are stored", got)
		}
		end()
	})
	if again := loadedBook(t, store.data[contactsDoc(account)]); again.Len() != 1001 {
		t.Errorf("%d contacts are stored", again.Len())
	}
}
