package contacts

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
)

// texts are what stands in fields, with all that has a meaning in some form of file.
var texts = []string{"", "Ann Lee", "Müller", "Λαμπρός", "山田", "Front; Desk", `Ann "the" Lee`, `back\slash`, `a\nb`, "a,b", "a:b",
	"=1+1", "@x", "-1", "'q", "x|y", "Empfang\u00a02",
	"tab\tx", "two\nlines", "two\r\nlines", "(a)", "END:VCARD", "sep=;", "Name", "مكتب", "é́", strings.Repeat("long ", 30),
	"  edges  ", "#hash", "50%", "a::b", "\\", "\"", ";"}

var numbersOfAll = []string{"1001", "+442079460000", "+44 (0)20 7946 0001", "020 7946 0002", "*98", "*21*1002#",
	"sip:ann@example.com", "front.desk", "+12025550191,,123#", "0049 30 5550101", "7946 0003"}

func contactByChance(rnd *rand.Rand) Contact {
	text := func() string { return texts[rnd.IntN(len(texts))] }
	c := Contact{Name: text(), Given: text(), Family: text(), Organisation: text(), Customer: text(), Type: text(),
		Category: text()}
	for range rnd.IntN(4) {
		n := Number{Name: []string{"", "Work", "Mobile", "Night desk"}[rnd.IntN(4)],
			Number: numbersOfAll[rnd.IntN(len(numbersOfAll))]}
		if rnd.IntN(4) == 0 && !strings.ContainsAny(n.Number, ":,.*") {
			n.Extension = fmt.Sprint(10 + rnd.IntN(90))
		}
		c.Numbers = append(c.Numbers, n)
	}
	return c
}

// seeds are those to be played: the usual ones, or few in a short run.
func seeds(usual uint64) uint64 {
	if testing.Short() {
		return max(usual/5, 10)
	}
	return usual
}

// TestWhatIsExportedIsImported writes contacts by chance as a table and as cards. What was written is what is read.
func TestWhatIsExportedIsImported(t *testing.T) {
	for seed := range seeds(400) {
		rnd := rand.New(rand.NewPCG(seed, 17))
		want := []Contact{{Name: "First", Given: "F", Family: "Irst", Organisation: "O", Customer: "C", Type: "T", Category: "K",
			Numbers: []Number{{"Work", "+442079460000", "12"}}}} // so that every column has something to be told by
		for range 1 + rnd.IntN(6) {
			if c := contactByChance(rnd).cleaned().named(); c.Name != "" {
				want = append(want, c)
			}
		}
		table, err := WriteCSV(want)
		if err != nil {
			t.Fatal(err)
		}
		cards, err := WriteVCards(want)
		if err != nil {
			t.Fatal(err)
		}
		for form, data := range map[string][]byte{"table": table, "cards": cards} {
			file, err := ReadFile(data, nil)
			if err != nil {
				t.Fatalf("seed %d, %s: %v\n%s", seed, form, err, data)
			}
			if file.Table != nil {
				file.Contacts, _ = file.Table.Contacts(nil)
			}
			if len(file.Contacts) != len(want) {
				t.Fatalf("seed %d, %s: %d contacts of %d\n%s", seed, form, len(file.Contacts), len(want), data)
			}
			for i, got := range file.Contacts {
				got.ID = want[i].ID
				want := want[i]
				if form == "cards" {
					// has a line of its own, behind the others
					sip := func(n Number) bool { return strings.HasPrefix(n.Number, "sip:") }
					want.Numbers, got.Numbers = slices.DeleteFunc(slices.Clone(want.Numbers), sip),
						slices.DeleteFunc(got.Numbers, sip)
					for i, n := range want.Numbers {
						if n.Extension != "" { // then it is a URI, which has no room for the way of writing
							want.Numbers[i].Number, _ = number.Dialable(n.Number)
						}
					}
				}
				if len(got.Numbers)+len(want.Numbers) == 0 {
					got.Numbers = want.Numbers
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, %s:\ngot  %#v\nwant %#v\n%s", seed, form, got, want, data)
				}
			}
		}
	}
}

// TestCallerIsFoundAsByLookingAtEverybody compares the index of numbers with a look at each row, in books that change by chance.
func TestCallerIsFoundAsByLookingAtEverybody(t *testing.T) {
	for seed := range seeds(150) {
		rnd := rand.New(rand.NewPCG(seed, 23))
		b := bookOf(t)
		for range 3 + rnd.IntN(12) {
			c := contactByChance(rnd)
			c.Name = fmt.Sprint("Desk ", rnd.IntN(1000))
			if _, _, err := b.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		var company []Contact
		for i := range rnd.IntN(8) {
			c := contactByChance(rnd)
			c.ID, c.Name = fmt.Sprint(i), fmt.Sprint("Company ", i)
			company = append(company, c)
		}
		b.SetPhonebook(company, nil)
		for _, c := range b.List(func(c Contact) bool { return !c.ReadOnly() && rnd.IntN(4) == 0 }) {
			b.Delete(c.ID)
		}
		callers := append(slices.Clone(numbersOfAll), "12", "2079460000", "442079460001", "+4420794600012", "79460002",
			"sip:1001@example.com", "ANN@example.com", "4", "", "nobody")
		for _, from := range callers {
			got, _, found := b.Caller(from)
			want, score := everybody(b, from)
			if found != (score > 0) || found && got.ID != want.ID {
				t.Fatalf("seed %d: %q is %q, but looking at everybody finds %q with %d", seed, from, got.Name, want.Name, score)
			}
		}
	}
}

func everybody(b *Book, from string) (best Contact, most int) {
	var first *bookRow
	for _, r := range b.rows {
		score, _ := r.match(number.Read(from, b.plan), b.plan)
		if score > most || score == most && score > 0 && before(r, first) {
			best, first, most = r.Contact, r, score
		}
	}
	return best, most
}

// TestSearchKeepsItsRules searches books by chance: more letters find no more people, a limit takes the first, everybody is found
// by each of his words and by his whole number, and who is found fits.
func TestSearchKeepsItsRules(t *testing.T) {
	for seed := range seeds(60) {
		rnd := rand.New(rand.NewPCG(seed, 29))
		b := bookOf(t)
		for range 1 + rnd.IntN(40) {
			c := contactByChance(rnd)
			if c.Name = strings.TrimSpace(c.Name + " " + fmt.Sprint("desk", rnd.IntN(50))); c.cleaned().Name == "" {
				continue
			}
			b.Add(c)
		}
		ids := func(list []Contact) (ids []string) {
			for _, c := range list {
				ids = append(ids, c.ID)
			}
			return ids
		}
		for _, c := range b.All() {
			words := strings.Fields(number.Fold(c.Name))
			queries := slices.Clone(words)
			for _, n := range c.Numbers {
				if read := number.Read(n.Number, b.plan); read.Form != number.ByName && read.Form != number.Empty {
					queries = append(queries, n.Number)
				}
			}
			for _, q := range queries {
				all := ids(b.Search(q, 0))
				if strings.Trim(number.Fold(q), " ") != "" && !slices.Contains(all, c.ID) {
					t.Fatalf("seed %d: %q is not found by %q", seed, c.Name, q)
				}
				if some := ids(b.Search(q, 3)); !slices.Equal(some, all[:min(3, len(all))]) {
					t.Fatalf("seed %d: the first three for %q are others than with a limit", seed, q)
				}
			}
			if len(words) == 0 {
				continue
			}
			word := []rune(words[rnd.IntN(len(words))])
			for n := 1; n < len(word); n++ {
				fewer, more := ids(b.Search(string(word[:n+1]), 0)), ids(b.Search(string(word[:n]), 0))
				for _, id := range fewer {
					if !slices.Contains(more, id) {
						t.Fatalf("seed %d: %q finds somebody whom %q does not", seed, string(word[:n+1]), string(word[:n]))
					}
				}
			}
		}
	}
}
