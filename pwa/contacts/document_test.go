package contacts

import (
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/store"
)

// wholeDocument is the document of a book made in one piece, by encoding/json alone.
func wholeDocument(t testing.TB, b *Book) []byte {
	t.Helper()
	store := &store.Memory{}
	own := storedBook{Contacts: b.List(func(c Contact) bool { return !c.ReadOnly() }), Favourites: sortedNames(b.favourites)}
	if err := contactsKind.Save(t.Context(), store, "book", own); err != nil {
		t.Fatal(err)
	}
	return store.Data["book"]
}

func savedBook(t testing.TB, b *Book) []byte {
	t.Helper()
	store := &store.Memory{}
	if err := b.Save(t.Context(), store, "book"); err != nil {
		t.Fatal(err)
	}
	return store.Data["book"]
}

func loadedBook(t testing.TB, doc []byte) *Book {
	t.Helper()
	store := &store.Memory{Data: map[string][]byte{"book": doc}}
	b, err := Load(t.Context(), store, "book", british, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBookIsStoredAsEncodingJSONWouldDoIt(t *testing.T) {
	tricky := bookOf(t, Contact{Name: `}],"x":[{\" <&>`, Category: `\`, Numbers: []Number{{"Work", "1001", "5"}}},
		Contact{Name: "مكتب", Favourite: true})
	tricky.SetPhonebook([]Contact{{ID: "7", Name: "Example Clinic"}}, nil)
	tricky.SetFavourite("phonebook:7", true)
	for name, b := range map[string]*Book{"empty": NewBook(british), "tricky": tricky} {
		want := wholeDocument(t, b)
		if got := savedBook(t, b); string(got) != string(want) {
			t.Errorf("%s: stored\n%s\nwant what earlier versions of the phone write and read\n%s", name, got, want)
		}
		if _, ok := cutAsWritten(want, func() {}); !ok {
			t.Errorf("%s: the document is not read in slices", name)
		}
		again := loadedBook(t, want)
		if got := savedBook(t, again); string(got) != string(want) {
			t.Errorf("%s: read and stored again\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestBookWrittenInAnotherWayIsRead(t *testing.T) {
	for _, doc := range []string{
		`{"version":1,"data":{"favourites":["phonebook:7"],"contacts":[{"name":"Lab","id":"1"}]},"kind":"contacts"}`,
		"{\"kind\":\"contacts\",\"version\":1,\"data\":{\"contacts\":[\n " +
			"{\"id\":\"1\",\"name\":\"Lab\"}],\"favourites\":[\"phonebook:7\"]}}",
		`{"kind":"contacts","version":1,"data":{"contacts":[{"id":"1","name":" Lab ` +
			`","source":"phonebook"}],"favourites":["phonebook:7"]}}`,
	} {
		b := loadedBook(t, []byte(doc))
		if c, ok := b.Contact("1"); !ok || c.Name != "Lab" || c.ReadOnly() || !b.favourites["phonebook:7"] {
			t.Errorf("%s: read %+v, favourites %v", doc, b.All(), b.favourites)
		}
		if got, want := savedBook(t, b), wholeDocument(t, b); string(got) != string(want) {
			t.Errorf("%s: stored as %s, want it put right: %s", doc, got, want)
		}
	}
	twice := loadedBook(t, []byte(bookHead+`{"id":"1","name":"Lab"},{"id":"1","name":"Depot"},{"id":"","name":"Office"}]}}`))
	if twice.Len() != 3 || len(twice.byID) != 3 {
		t.Errorf("contacts that share an ID, or have none: %+v, want all three", twice.All())
	}
}

func TestDamagedBookIsKeptAside(t *testing.T) {
	good := bookHead + `{"id":"1","name":"Lab"},{"id":"2","name":"Depot"}]}}`
	for what, doc := range map[string]string{
		"cut off":             good[:len(good)-1],
		"cut inside":          good[:len(good)-9],
		"a comma more":        strings.Replace(good, `}]`, `},]`, 1),
		"a comma less":        strings.Replace(good, `},{`, `}{`, 1),
		"no contact":          strings.Replace(good, `{"id":"2","name":"Depot"}`, `7`, 1),
		"another type":        strings.Replace(good, `"Depot"`, `7`, 1),
		"something behind":    good + "}",
		"no JSON in the name": strings.Replace(good, `"Depot"`, `"\x"`, 1),
	} {
		store := &store.Memory{Data: map[string][]byte{"book": []byte(doc)}}
		b, err := Load(t.Context(), store, "book", british, nil)
		if err == nil || b.Len() != 0 || string(store.Data["book.corrupt"]) != doc {
			t.Errorf("%s: %d contacts, %v, put aside: %s", what, b.Len(), err, store.Data["book.corrupt"])
		}
	}
}

func TestEditEncodesOneContact(t *testing.T) {
	b := loadedBook(t, savedBook(t, bigOwn(1000)))
	before := map[string]*byte{}
	for _, r := range b.rows {
		before[r.ID] = &r.data[0]
	}
	c := b.rows[500].clone()
	c.Organisation = "Somewhere else"
	if _, err := b.Edit(c); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SetFavourite(b.rows[7].ID, true); err != nil {
		t.Fatal(err)
	}
	if got, want := savedBook(t, b), wholeDocument(t, b); string(got) != string(want) {
		t.Error("what is stored is not what is in the book")
	}
	anew := 0
	for _, r := range b.rows {
		if before[r.ID] != &r.data[0] {
			anew++
		}
	}
	if anew != 2 {
		t.Errorf("%d contacts were encoded anew, want the one edited and the one that is a favourite now", anew)
	}
}

// bigOwn is a book of n contacts of the user.
func bigOwn(n int) *Book {
	b := NewBook(british)
	b.Import(bigBook(n).All(), KeepBoth, nil)
	return b
}

// BenchmarkEdit changes and stores one of 20,000 contacts, and tells how many times as long it takes to encode them all.
func BenchmarkEdit(b *testing.B) {
	book, store := bigOwn(20000), &store.Memory{}
	edit := func(save func()) {
		c := book.rows[5000].clone()
		c.Organisation += "A"
		book.Edit(c)
		save()
		book.indexed()
	}
	one := func() { edit(func() { book.Save(b.Context(), store, "book") }) }
	one()
	const times = 5
	began := time.Now()
	for range times {
		edit(func() { wholeDocument(b, book) })
	}
	whole := float64(time.Since(began).Nanoseconds()) / times
	for b.Loop() {
		one()
	}
	b.ReportMetric(whole/(float64(b.Elapsed().Nanoseconds())/float64(b.N)), "times-faster")
}

// BenchmarkLoad reads 20,000 contacts and tells the longest time without a pause.
func BenchmarkLoad(b *testing.B) {
	store, longest, last := &store.Memory{Data: map[string][]byte{"book": savedBook(b, bigOwn(20000))}}, time.Duration(0),
		time.Now()
	pause := func() {
		longest = max(longest, time.Since(last))
		last = time.Now()
	}
	for b.Loop() {
		last = time.Now()
		if _, err := Load(b.Context(), store, "book", british, pause); err != nil {
			b.Fatal(err)
		}
		pause()
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
}

// BenchmarkImport reads a file of 20,000 contacts, imports and stores them, and tells the longest time without a pause.
func BenchmarkImport(b *testing.B) {
	cards, err := WriteVCards(bigBook(20000).All())
	if err != nil {
		b.Fatal(err)
	}
	longest, last := time.Duration(0), time.Now()
	pause := func() {
		longest = max(longest, time.Since(last))
		last = time.Now()
	}
	for b.Loop() {
		book, store := NewBook(british), &store.Memory{}
		last = time.Now()
		file, err := ReadFile(cards, pause)
		if err != nil {
			b.Fatal(err)
		}
		book.Duplicates(file.Contacts, pause)
		book.Import(file.Contacts, Skip, pause)
		if err := book.Save(b.Context(), store, "book"); err != nil {
			b.Fatal(err)
		}
		pause()
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
}
