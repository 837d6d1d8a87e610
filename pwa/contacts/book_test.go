package contacts

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

var british = config.Numbering{Country: "44", Trunk: "0", International: "00"}

func bookOf(t testing.TB, contacts ...Contact) *Book {
	t.Helper()
	b := NewBook(british)
	for _, c := range contacts {
		if _, _, err := b.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func withNumber(name, number string) Contact {
	return Contact{Name: name, Numbers: []Number{{Name: "Work", Number: number}}}
}

func contactNames(contacts []Contact) string {
	names := make([]string, len(contacts))
	for i, c := range contacts {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func TestBookKeepsOrder(t *testing.T) {
	b := bookOf(t, Contact{Name: "Zahlstelle"}, Contact{Name: "élan Support"}, Contact{Name: "Front Desk"},
		Contact{Name: "Ärztehaus"}, Contact{Name: "eagle Depot"})
	if got := contactNames(b.All()); got != "Ärztehaus, eagle Depot, élan Support, Front Desk, Zahlstelle" {
		t.Errorf("order %s", got)
	}
}

func TestBookAddEditDeleteUndo(t *testing.T) {
	b := bookOf(t, withNumber("Support Queue", "2000"))
	added, change, err := b.Add(Contact{Name: " Front\tDesk ", ID: "mine", Source: Company,
		Numbers: []Number{{Number: "1001"}, {}}})
	if err != nil || added.Name != "Front Desk" || added.ID == "mine" || added.ID == "" || added.ReadOnly() ||
		len(added.Numbers) != 1 {
		t.Fatalf("added %+v, %v", added, err)
	}
	b.Undo(change)
	if b.Len() != 1 || len(b.Search("front", 0)) != 0 {
		t.Error("an added contact stays after undo")
	}
	b.Undo(Change{Before: []Contact{added}})

	edited := added
	edited.Name, edited.Numbers = "Reception", []Number{{Number: "1002"}}
	change, err = b.Edit(edited)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, found := b.Caller("1001"); found {
		t.Error("the old number is still known")
	}
	if c, _, _ := b.Caller("1002"); c.Name != "Reception" {
		t.Error("the new number is not known")
	}
	b.Undo(change)
	if c, _, _ := b.Caller("1001"); c.Name != "Front Desk" {
		t.Errorf("after undo: %+v", b.All())
	}

	change, err = b.Delete(added.ID, added.ID)
	if err != nil || b.Len() != 1 {
		t.Fatalf("deleted: %d left, %v", b.Len(), err)
	}
	b.Undo(change)
	if got := contactNames(b.All()); got != "Front Desk, Support Queue" {
		t.Errorf("after undo: %s", got)
	}
}

func TestBookCopiesWhatItIsGiven(t *testing.T) {
	c := withNumber("Front Desk", "1001")
	b := bookOf(t, c)
	c.Numbers[0].Number = "9"
	got := b.All()[0]
	got.Numbers[0].Number = "8"
	if b.All()[0].Numbers[0].Number != "1001" {
		t.Error("the book shares memory with its caller")
	}
}

func TestBookRefuses(t *testing.T) {
	b := bookOf(t)
	b.SetPhonebook([]Contact{{ID: "7", Name: "Example Clinic"}}, nil)
	company := b.All()[0]
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"no name", second(b.Add(Contact{Name: " \x00\n"})), ErrName},
		{"edit of nobody", last(b.Edit(Contact{ID: "nope", Name: "x"})), ErrNotFound},
		{"edit of the company's", last(b.Edit(company)), ErrReadOnly},
		{"deletion of the company's", last(b.Delete(company.ID)), ErrReadOnly},
		{"deletion of nobody", last(b.Delete("nope")), ErrNotFound},
		{"favourite of nobody", last(b.SetFavourite("nope", true)), ErrNotFound},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.err, c.want)
		}
	}
	var field *FieldError
	if err := second(b.Add(Contact{Name: strings.Repeat("x", 64<<10)})); !errors.As(err, &field) || field.Field != "name" {
		t.Errorf("64 KB of name: %v", err)
	}
	if err := second(b.Add(Contact{Name: "x", Numbers: make([]Number, 21)})); !errors.As(err, &field) {
		t.Errorf("21 numbers: %v", err)
	}
	if _, err := b.Delete(company.ID, "nope"); err == nil || b.Len() != 1 {
		t.Error("a refused deletion deletes")
	}
}

func second[A, B any](_ A, _ B, err error) error { return err }
func last[A any](_ A, err error) error           { return err }

func TestContactIsCleaned(t *testing.T) {
	b := bookOf(t, Contact{Name: "Front\r\nDesk\u202e<b>\x00\ufeff", Organisation: "Exam\u200bple",
		Numbers: []Number{{Name: "a\nb", Number: "10\r\n01"}}})
	c := b.All()[0]
	if c.Name != "Front Desk<b>" || c.Organisation != "Example" || c.Numbers[0] != (Number{Name: "a b", Number: "10 01"}) {
		t.Errorf("got %+v", c)
	}
}

func TestSearch(t *testing.T) {
	b := bookOf(t,
		Contact{Name: "Support Queue", Organisation: "Example Clinic",
			Numbers: []Number{{Number: "+44 20 7946 0000", Extension: "77"}}},
		withNumber("Front Desk", "1001"), withNumber("Après-Ski Hütte", "+43 1 5550100"),
		withNumber("Desk Support", "2001"), withNumber("Straße 5", "3001"), withNumber("مكتب الاستقبال", "4001"),
		withNumber("Łódź Depot", "sip:depot.north@example.com"), withNumber("Nguyễn Clinic", "5001"))
	for _, c := range []struct{ query, want string }{
		{"desk", "Desk Support, Front Desk"}, // the beginning of the name before that of a word
		{"DESK fr", "Front Desk"},
		{"supp", "Support Queue, Desk Support"},
		{"upport", "Desk Support, Support Queue"},
		{"clinic", "Nguyễn Clinic, Support Queue"},
		{"apres ski", "Après-Ski Hütte"},
		{"APRÈS-ski", "Après-Ski Hütte"},
		{"hutte", "Après-Ski Hütte"},
		{"hu\u0308tte", "Après-Ski Hütte"}, // decomposed, as some systems write it
		{"strasse", "Straße 5"},
		{"lodz", "Łódź Depot"},
		{"nguyen", "Nguyễn Clinic"},
		{"الإستقبال", "مكتب الاستقبال"},
		{"1001", "Front Desk"},
		{"+44 20 79", "Support Queue"},
		{"020 7946", "Support Queue"},
		{"004420", "Support Queue"},
		{"77", "Support Queue"},
		{"depot.north", "Łódź Depot"},
		{"٤٠٠١", "مكتب الاستقبال"},
		{"desk nobody", ""},
		{"zzz", ""},
		{"%*", ""},
	} {
		if got := contactNames(b.Search(c.query, 0)); got != c.want {
			t.Errorf("Search(%q) = %s, want %s", c.query, got, c.want)
		}
	}
	if got := b.Search("", 0); len(got) != 8 {
		t.Errorf("an empty query finds %d", len(got))
	}
	if got := b.Search("o", 2); len(got) != 2 {
		t.Errorf("a limit of 2 gives %d", len(got))
	}
	for _, hostile := range []string{strings.Repeat("a ", 64<<10), "\x00\xff\xfe", "\u202e", strings.Repeat("é", 1<<16)} {
		b.Search(hostile, 5)
	}
}

func TestCaller(t *testing.T) {
	b := bookOf(t,
		withNumber("Front Desk", "+44 20 7946 0000"),
		Contact{Name: "Pharmacy", Numbers: []Number{{Name: "Fixed", Number: "020 7946 0100", Extension: "31"},
			{Name: "Mobile", Number: "07700 900123"}}},
		withNumber("Other Country", "+49 20 7946 0000"), withNumber("Gate", "sip:gate@example.com"))
	b.SetPhonebook([]Contact{{Name: "Company Front", Numbers: []Number{{Number: "+442079460000"}}},
		withNumber("Warehouse", "4000")}, nil)
	for _, c := range []struct{ number, want, label string }{
		{"+442079460000", "Front Desk", "Work"}, // the user's own before the company's
		{"02079460000", "Front Desk", "Work"},
		{"00442079460000", "Front Desk", "Work"},
		{"442079460000", "Front Desk", "Work"},
		{"sip:02079460000@pbx.example.com", "Front Desk", "Work"},
		{"+4920 7946 0000", "Other Country", "Work"},
		{"07700900123", "Pharmacy", "Mobile"},
		{"+447700900123", "Pharmacy", "Mobile"},
		{"31", "Pharmacy", "Fixed"},
		{"+44207946010031", "Pharmacy", "Fixed"},
		{"gate", "Gate", "Work"},
		{"4000", "Warehouse", "Work"},
		{"400", "", ""}, {"14000", "", ""}, {"anonymous", "", ""}, {"", "", ""}, {"+14155550100", "", ""},
	} {
		got, n, _ := b.Caller(c.number)
		if got.Name != c.want || n.Name != c.label {
			t.Errorf("Caller(%q) = %q (%s), want %q (%s)", c.number, got.Name, n.Name, c.want, c.label)
		}
	}
}

func TestSearchLimitTakesTheBest(t *testing.T) {
	b := bigBook(2000)
	for _, query := range append([]string{""}, bigQueries...) {
		all := b.Search(query, 0)
		if got, want := contactNames(b.Search(query, 50)), contactNames(all[:min(50, len(all))]); got != want {
			t.Errorf("the best 50 of %q are %s, want the first of all: %s", query, got, want)
		}
	}
}

func TestFoundStaysWhenTheBookChanges(t *testing.T) {
	b := bookOf(t, Contact{Name: "Desk One"}, Contact{Name: "Desk Two"})
	for _, query := range []string{"", "desk"} {
		found := b.Find(query, 0)
		one, two := found.At(0), found.At(1)
		if _, err := b.SetFavourite(one.ID, true); err != nil {
			t.Fatal(err)
		}
		if got := b.Find(query, 0); !got.At(0).Favourite || found.At(0).Favourite {
			t.Errorf("%q: favourite %v in the new list and %v in the old one, want it in the new one", query, got.At(0).Favourite,
				found.At(0).Favourite)
		}
		change, err := b.Delete(one.ID)
		if err != nil {
			t.Fatal(err)
		}
		if found.Len() != 2 || found.At(0).ID != one.ID || found.At(1).ID != two.ID {
			t.Errorf("%q: a list that was shown changes with the book", query)
		}
		b.Undo(change)
		if _, err := b.SetFavourite(one.ID, false); err != nil {
			t.Fatal(err)
		}
	}
}

// bigBook makes n contacts of words that occur often.
func bigBook(n int) *Book {
	words := []string{"Front", "Desk", "Support", "Queue", "Example", "Clinic", "North", "South", "Depot", "Pharmacy", "Étage",
		"Hütte", "Office", "Sales", "Lab"}
	rnd := rand.New(rand.NewPCG(1, 2))
	word := func() string { return words[rnd.IntN(len(words))] }
	contacts := make([]Contact, n)
	for i := range contacts {
		contacts[i] = Contact{ID: fmt.Sprint(i), Name: fmt.Sprintf("%s %s %s %d", word(), word(), word(), i),
			Organisation: word() + " " + word(),
			Numbers: []Number{{Name: "Work", Number: fmt.Sprintf("+4420%08d", rnd.IntN(1e8))},
				{Number: fmt.Sprint(1000 + i)}}}
	}
	b := NewBook(british)
	b.SetPhonebook(contacts, nil)
	return b
}

var bigQueries = []string{"f", "fr", "front", "front de", "clinic pharm", "hut", "zzz", "etage sales 19", "020 79", "+4420",
	"1234", "x", "9", "example clinic north 1"}

// BenchmarkSearchWhileTyping reports the 95th percentile over queries of all kinds in 20,000 contacts.
func BenchmarkSearchWhileTyping(b *testing.B) {
	book := bigBook(20000)
	var took []time.Duration
	for b.Loop() {
		for _, q := range bigQueries {
			start := time.Now()
			book.Search(q, 50)
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// BenchmarkFound makes the lists that are shown while a number is typed and deleted again; what it allocates has to be
// collected while somebody types.
func BenchmarkFound(b *testing.B) {
	book := bigBook(20000)
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range []string{"1", "12", "123", "1234", "123", "12", "1", ""} {
			book.Find(q, 0)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	book := bigBook(20000)
	for _, q := range bigQueries {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				book.Search(q, 50)
			}
		})
	}
}

func BenchmarkCaller(b *testing.B) {
	book := bigBook(20000)
	for b.Loop() {
		book.Caller("+442012345678")
	}
}

func BenchmarkSetPhonebook(b *testing.B) {
	list := bigBook(20000).All()
	book := NewBook(british)
	for b.Loop() {
		book.SetPhonebook(list, nil)
	}
}

// TestWhoIsFoundIsWhoIsCalled dials numbers in the ways in which people write them: who answers is who was found.
func TestWhoIsFoundIsWhoIsCalled(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 5))
	b := bookOf(t)
	for i := range 200 {
		if _, _, err := b.Add(withNumber(fmt.Sprint("Desk ", i),
			fmt.Sprintf("+%d%09d", []int{44, 49, 33}[i%3], 200000000+rnd.IntN(7e8)))); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range b.All() {
		plus := c.Numbers[0].Number
		country, rest := plus[1:3], plus[3:]
		for _, text := range []string{plus, "00" + country + rest, "+" + country + " (0)" + rest, "00" + country + "(0) " + rest,
			plus + ",,123#", plus + "p9", "0" + rest + " ext. 12",
			"+" + country + " (0" + rest[:2] + ") " + rest[2:], "tel:" + plus + ";ext=7", "sip:" + plus +
				";npdi@192.0.2.1;user=phone", "callto:" + plus, "<tel:" + plus + ">"} {
			if strings.HasPrefix(text, "0"+rest) && country != "44" {
				continue // at home it is somebody else
			}
			call, err := number.Dialable(text)
			found, _, _ := b.Caller(text)
			called, _, ok := b.Caller(call)
			if err != nil || found.ID != c.ID || !ok || called.ID != c.ID {
				t.Errorf("%q finds %q and calls %q (%s), want %s", text, found.Name, called.Name, call, c.Name)
			}
		}
	}
}
