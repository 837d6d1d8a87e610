package contacts

import (
	"encoding/json"
	"fmt"
	"github.com/gowebphone/webphone/pwa/store"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestPhonebookIsReplaced(t *testing.T) {
	b := bookOf(t, withNumber("Front Desk", "1001"))
	left := b.SetPhonebook([]Contact{{ID: "1", Name: "Example Clinic"}, {Name: "Pharmacy", Numbers: []Number{{Number: "5"}}},
		{ID: "1", Name: "Twice"}, {}}, nil)
	if left != 1 || contactNames(b.All()) != "Example Clinic, Front Desk, Pharmacy, Twice" {
		t.Errorf("%d left out, %s", left, contactNames(b.All()))
	}
	pharmacy := b.Search("pharmacy", 1)[0]
	if !pharmacy.ReadOnly() {
		t.Error("a contact of the phonebook is not marked")
	}
	change, err := b.SetFavourite(pharmacy.ID, true)
	if err != nil || contactNames(b.Favourites()) != "Pharmacy" {
		t.Errorf("favourites %s, %v", contactNames(b.Favourites()), err)
	}
	b.SetPhonebook([]Contact{{Name: "Pharmacy", Numbers: []Number{{Number: "5"}}}}, nil)
	if contactNames(b.All()) != "Front Desk, Pharmacy" || contactNames(b.Favourites()) != "Pharmacy" {
		t.Errorf("after the next time: %s, favourites %s", contactNames(b.All()), contactNames(b.Favourites()))
	}
	if b.Undo(change); len(b.Favourites()) != 0 {
		t.Error("a favourite stays after undo")
	}
}

// TestTwoOfOneIDAreBothKept holds what phonebooks made by hand do: two departments with the number of one row as their ID.
func TestTwoOfOneIDAreBothKept(t *testing.T) {
	b := bookOf(t)
	book := []Contact{{ID: "7", Name: "Sales", Numbers: []Number{{Number: "1001"}}},
		{ID: "7", Name: "Support", Numbers: []Number{{Number: "1002"}}},
		{ID: "7", Name: "Sales", Numbers: []Number{{Number: "1001"}}}, {Name: "Support", Numbers: []Number{{Number: "1002"}}}}
	if left := b.SetPhonebook(book, nil); left != 2 || contactNames(b.All()) != "Sales, Support" {
		t.Errorf("%d left out, %s; want the two that stand there twice told", left, contactNames(b.All()))
	}
	support := b.Search("support", 1)[0]
	if _, err := b.SetFavourite(support.ID, true); err != nil {
		t.Fatal(err)
	}
	b.SetPhonebook(book, nil)
	if got := contactNames(b.Favourites()); got != "Support" {
		t.Errorf("the favourites of the next time are %s", got)
	}
	if c, _, _ := b.Caller("1002"); c.Name != "Support" {
		t.Errorf("1002 is %q", c.Name)
	}
}

func TestSortedKeepsTheRuleOfSortFunc(t *testing.T) {
	for _, n := range []int{0, 1, 2, sliceLength - 1, sliceLength, sliceLength + 1, 3 * sliceLength, 1777} {
		rnd := rand.New(rand.NewPCG(uint64(n), 1))
		rows := make([]*bookRow, n)
		for i := range rows {
			order := fmt.Sprint(rnd.IntN(n))
			rows[i] = &bookRow{words: order, ends: [3]int32{int32(len(order))}}
		}
		want, steps := slices.Clone(rows), 0
		slices.SortStableFunc(want, compareRows)
		got := sorted(rows, func() { steps++ })
		if !slices.EqualFunc(got, want, func(a, b *bookRow) bool { return a.order() == b.order() }) || len(got) != n {
			t.Errorf("%d rows are not in order", n)
		}
		if n > sliceLength && steps < n {
			t.Errorf("%d rows: %d steps", n, steps)
		}
	}
}

// TestAdoptPhonebook edits a book while its copy is given another phonebook.
func TestAdoptPhonebook(t *testing.T) {
	for seed := range seeds(60) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		b := bigOwn(rnd.IntN(300))
		b.SetPhonebook(bigBook(50).All(), nil)
		copied := b.Copy()
		next := bigBook(20 + rnd.IntN(400)).All()
		for range rnd.IntN(10) {
			changeByChance(rnd, b)
		}
		if own := b.List(func(c Contact) bool { return !c.ReadOnly() }); rnd.IntN(5) == 0 && len(own) > 0 {
			b.Import(bigBook(150).All(), KeepBoth, nil)
			b.Delete(own[0].ID)
		}
		for _, c := range b.List(Contact.ReadOnly)[:3] {
			b.SetFavourite(c.ID, true)
		}
		want := bookWith(b.All())
		want.favourites = b.favourites
		want.SetPhonebook(next, nil)
		pause := []func(){nil, func() {}}[seed%2] // with pauses the index is made beforehand
		copied.Ready(pause)
		copied.SetPhonebook(next, pause)
		b.AdoptPhonebook(copied)
		if !reflect.DeepEqual(b.All(), want.All()) || !slices.Equal(names(b), names(want)) {
			t.Fatalf("seed %d: got %s\nwant %s", seed, contactNames(b.All()), contactNames(want.All()))
		}
		if got := b.Search("", 0); len(got) != b.Len() {
			t.Errorf("seed %d: %d of %d are found", seed, len(got), b.Len())
		}
	}
}

// TestSetPhonebookPauses gives others their turn in many rows.
func TestSetPhonebookPauses(t *testing.T) {
	contacts, pauses := bigBook(5000).All(), 0
	b := bookOf(t)
	b.SetPhonebook(contacts, func() { pauses++ })
	if least := 3 * len(contacts) / sliceLength; pauses < least {
		t.Errorf("%d pauses, want at least %d", pauses, least)
	}
}

// TestPhonebookIsReadyToBeSearched adopts a phonebook: nothing is left to do for who searches first.
func TestPhonebookIsReadyToBeSearched(t *testing.T) {
	b := bookOf(t)
	copied := b.Copy()
	copied.Ready(func() {})
	copied.SetPhonebook(bigBook(500).All(), func() {})
	made := copied.index
	b.AdoptPhonebook(copied)
	if got := len(b.Search("desk", 0)); got == 0 || made == nil || b.index != made {
		t.Errorf("%d found; the index is made when somebody searches", got)
	}
	if _, _, err := b.Add(withNumber("Zoe Desk", "4001")); err != nil || len(b.Search("zoe", 0)) != 1 {
		t.Errorf("%v: who is new is not found", err)
	}
}

// BenchmarkPhonebook reads a phonebook of 20,000 as JSON, stores it, reads what is stored, puts it among the contacts and takes
// it over, and tells the longest time without a pause.
func BenchmarkPhonebook(b *testing.B) {
	data, err := json.Marshal(bigBook(20000).All())
	if err != nil {
		b.Fatal(err)
	}
	var longest time.Duration
	last, where, worst := time.Now(), "", ""
	pause := func() {
		if took := time.Since(last); took > longest {
			longest, worst = took, where
		}
		last = time.Now()
	}
	at := func(next string) { pause(); where = next }
	for b.Loop() {
		last = time.Now()
		at("read")
		list, _, err := ReadPhonebook(data, pause)
		if err != nil {
			b.Fatal(err)
		}
		at("save")
		p, medium := Phonebook{URL: "/a", ETag: "1", Contacts: list}, &store.Memory{}
		savePhonebook(b, p, medium, pause)
		at("load")
		if p, err = LoadPhonebook(b.Context(), medium, "phonebook", pause); err != nil {
			b.Fatal(err)
		}
		at("copy")
		book := NewBook(british)
		copied := book.Copy()
		copied.Ready(pause)
		at("set")
		copied.SetPhonebook(p.Contacts, pause)
		at("adopt")
		book.AdoptPhonebook(copied)
		at("first search")
		book.Search("front", 50)
		at("")
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
	b.Logf("the longest is in %q", worst)
}
