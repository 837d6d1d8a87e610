package contacts

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// heapObjects counts what the garbage collector would look at.
func heapObjects() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}

// TestManyContactsLieInFewPieces has a phonebook come in each of the ways in which many contacts come: fewer than a quarter of a
// piece for each of them is left in memory.
func TestManyContactsLieInFewPieces(t *testing.T) {
	const many = 4000
	list := bigBook(many).All()
	doc, err := Phonebook{Contacts: list}.Document(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := NewBook(british)
	own.Import(ownOf(list), KeepBoth, nil)
	ownDoc, err := own.document()
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func() any{
		"phonebook": func() any {
			b := NewBook(british)
			b.SetPhonebook(list, func() {})
			return b
		},
		"read": func() any {
			contacts, _, err := ReadPhonebook(doc[bytes.IndexByte(doc, '['):len(doc)-2], nil)
			if err != nil || len(contacts) != many {
				t.Fatal(len(contacts), err)
			}
			return contacts
		},
		"stored": func() any {
			var p Phonebook
			if !p.readAsWritten(doc, nil) || len(p.Contacts) != many {
				t.Fatal(len(p.Contacts))
			}
			return p
		},
		"own": func() any {
			b := NewBook(british)
			cut, _, err := cutBook(ownDoc, nil)
			if err != nil || b.read(cut, nil) != nil || b.Len() != many {
				t.Fatal(b.Len(), err)
			}
			return b
		},
	} {
		before := heapObjects()
		made := make()
		if more := int64(heapObjects() - before); more > many/4 {
			t.Errorf("%s: %d contacts are %d pieces", name, many, more)
		}
		runtime.KeepAlive(made)
	}
	runtime.KeepAlive(list)
}

// TestContactsInASlabAreAsTheyCame lays contacts of all lengths: each is what it was, also when more are laid behind it, and
// nothing can be appended to what is shared.
func TestContactsInASlabAreAsTheyCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Work", strings.Repeat("x", slabBytes-1),
			strings.Repeat("é", slabBytes)}))
		var in slab
		var want []Contact
		var got []Contact
		for range rapid.IntRange(1, 30).Draw(t, "contacts") {
			c := Contact{ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Given: text.Draw(t, "given"),
				Family:   text.Draw(t, "family"),
				Customer: text.Draw(t, "customer"), Organisation: text.Draw(t, "organisation"), Type: text.Draw(t, "type"),
				Category: text.Draw(t, "category"), Source: Company, Favourite: rapid.Bool().Draw(t, "favourite")}
			for range rapid.IntRange(0, 3).Draw(t, "numbers") {
				c.Numbers = append(c.Numbers, Number{text.Draw(t, "label"), text.Draw(t, "number"), text.Draw(t, "extension")})
			}
			want, got = append(want, c.clone()), append(got, in.contact(c))
		}
		for i := range got {
			_ = append(got[i].Numbers, Number{Number: "of another"})
			if want[i].Numbers == nil {
				want[i].Numbers = got[i].Numbers // none is none
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	})
}

// TestSlabSharesOnlySoMuch has more labels than are looked up: all of them are right.
func TestSlabSharesOnlySoMuch(t *testing.T) {
	var in slab
	for range 2 {
		for i := range maxKnown + 10 {
			if label := fmt.Sprint("label ", i); in.shared(label) != label {
				t.Fatal(label)
			}
		}
	}
	if len(in.known) != maxKnown {
		t.Errorf("%d texts are looked up", len(in.known))
	}
}

// TestWhoAddsAContactKeepsItsNumbers changes what was given to a book.
func TestWhoAddsAContactKeepsItsNumbers(t *testing.T) {
	b := NewBook(british)
	mine := withNumber("Helen", "4001")
	added, _, err := b.Add(mine)
	if err != nil {
		t.Fatal(err)
	}
	mine.Numbers[0].Number = "4002"
	added.Numbers[0].Number = "4003"
	if c, _ := b.Contact(added.ID); c.Numbers[0].Number != "4001" {
		t.Errorf("the book has %q", c.Numbers[0].Number)
	}
}

func ownOf(list []Contact) []Contact {
	own := make([]Contact, len(list))
	for i, c := range list {
		c.Source, c.ID = Own, ""
		own[i] = c
	}
	return own
}

// BenchmarkCollect collects garbage with 20,000 contacts in memory: a browser's only thread does nothing else meanwhile.
func BenchmarkCollect(b *testing.B) {
	before := heapObjects()
	book := bigBook(20000)
	objects := heapObjects() - before
	for b.Loop() {
		runtime.GC()
	}
	b.ReportMetric(float64(objects), "objects")
	runtime.KeepAlive(book)
}
