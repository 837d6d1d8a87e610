package contacts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
)

// lookedFor is a search as slow and plain as can be: it looks at each word of each row by itself.
func lookedFor(b *Book, query string) []string {
	type hit struct {
		rank int
		id   string
	}
	var hits []hit
	words := strings.Fields(number.Fold(query))
	digits, whole := number.Digits(query)
	digits = strings.TrimPrefix(digits, "+")
	parts := []string{}
	if whole && digits != "" {
		parts = append(parts, digits)
		if rest, found := strings.CutPrefix(digits, "00"); found && rest != "" {
			parts = append(parts, " "+rest)
		}
		if rest, found := strings.CutPrefix(digits, "0"); found && rest != "" {
			parts = append(parts, " 44"+rest)
		}
	}
	if n := number.Read(query, b.plan); n.Form != number.ByName && n.Form != number.Empty {
		parts = append(parts, n.Digits)
	}
	for _, r := range b.rows {
		rank := 9
		if len(words) > 0 {
			rank = 0
			for _, word := range words {
				rank = max(rank, rankPlainly(strings.Fields(r.text()), word))
			}
		}
		for _, d := range parts {
			for i := range r.spots {
				n := r.number(i)
				for _, own := range []string{n.Digits, n.Extension} {
					switch {
					case n.Form == number.ByName:
					case strings.HasPrefix(own, strings.TrimPrefix(d, " ")):
						rank = min(rank, 2)
					case strings.Contains(own, d):
						rank = min(rank, 3)
					}
				}
			}
		}
		if rank < 9 {
			hits = append(hits, hit{rank, r.ID})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	ids := []string{}
	for _, h := range hits {
		ids = append(ids, h.id)
	}
	return ids
}

// rankPlainly is 0 where a name begins with a word, 1 where another word does, 3 where it stands inside one, 9 where nowhere.
func rankPlainly(words []string, word string) int {
	rank := 9
	for i, own := range words {
		switch {
		case i == 0 && strings.HasPrefix(own, word):
			return 0
		case strings.HasPrefix(own, word):
			rank = min(rank, 1)
		case strings.Contains(own, word):
			rank = min(rank, 3)
		}
	}
	return rank
}

func idsOf(list []Contact) []string {
	ids := []string{}
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// TestSearchFindsWhatLookingAtEachFinds compares the index with a look at each contact: who is found, and in which order, for
// parts of what the book holds, for several words, and for what it does not hold.
func TestSearchFindsWhatLookingAtEachFinds(t *testing.T) {
	found := 0
	for seed := range uint64(80) {
		rnd := rand.New(rand.NewPCG(seed, 109))
		b := bookOf(t)
		var list []Contact
		for i := range 1 + rnd.IntN(60) {
			c := contactByChance(rnd)
			c.Name = []string{"Ann Lee", "Anna", "Hannah Berg", "Müller", "Desk 12", "an", "0207 Club", "Lee"}[rnd.IntN(8)] +
				fmt.Sprint(" ", i%7)
			list = append(list, c)
		}
		b.Import(list, KeepBoth, nil)
		queries := []string{"an", "ann", "lee an", "AN lee", "ü", "mull", "7", "0", "00", "020", "442", "+4420", "0044 20", "12",
			"desk 1", "sip", "*98", "0000",
			"an an", "ann 3 lee", "(020) 7946", "tel:+442079460000", "x", "an ", " an", "lee\tann", "79460001", "#", "+", "front",
			"nobody at all", "1001,7"}
		for range 20 {
			c := list[rnd.IntN(len(list))]
			text := []rune(c.Name + " " + c.Organisation)
			from := rnd.IntN(len(text))
			queries = append(queries, string(text[from:min(len(text), from+1+rnd.IntN(6))]))
		}
		for _, q := range queries {
			if number.Fold(q) == "" && strings.Trim(q, "+# \t\r\n") == "" {
				continue // asks for nothing
			}
			got, want := idsOf(b.Search(q, 0)), lookedFor(b, q)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: %q finds %d, but looking at each %d\ngot  %v\nwant %v", seed, q, len(got), len(want), got,
					want)
			}
			found += len(got)
			if again := idsOf(b.Search(q, 0)); !slices.Equal(again, got) {
				t.Fatalf("seed %d: %q finds others the second time", seed, q)
			}
			for limit := 1; limit < 5; limit++ {
				if some := b.Find(q, limit); some.Len() != min(limit, len(got)) || some.Len() > 0 &&
					some.At(some.Len()-1).ID != got[some.Len()-1] {
					t.Fatalf("seed %d: %q with limit %d finds %d", seed, q, limit, some.Len())
				}
			}
		}
	}
	if found < 10000 {
		t.Errorf("found %d only: too few to show anything", found)
	}
}

// TestEmptyQueries find everybody, and those of signs alone nobody.
func TestEmptyQueries(t *testing.T) {
	b := bookOf(t, withNumber("Ann", "1001"), withNumber("Ben", "1002"), withNumber("Cem", "#31#"))
	for query, want := range map[string]int{"": 3, " ": 3, "\t": 3, "?": 0, "-": 0, "( )": 0, "+": 0, "#": 1, "*": 0, "#3": 1} {
		if got := b.Find(query, 0).Len(); got != want {
			t.Errorf("%q finds %d, want %d", query, got, want)
		}
		if got := b.Find(query, 2).Len(); got != min(2, want) {
			t.Errorf("%q with a limit finds %d", query, got)
		}
	}
}

// TestManyWordsAndLongQueries are cut, not refused.
func TestManyWordsAndLongQueries(t *testing.T) {
	words := strings.Fields("a b c d e f g h i j k")
	b := bookOf(t, Contact{Name: strings.Join(words[:maxQueryWords], " ")})
	for n := 1; n <= len(words); n++ {
		if got := b.Find(strings.Join(words[:n], " "), 0).Len(); got != 1 {
			t.Errorf("%d words find %d; those behind the %dth count for nothing", n, got, maxQueryWords)
		}
	}
	if b.Find("a b c d e f g z", 0).Len() != 0 {
		t.Errorf("the %dth word does not count", maxQueryWords)
	}
	if b.Find("a"+strings.Repeat(" ", 2000)+"z", 0).Len() != 1 || b.Find(strings.Repeat("a", 5000), 0).Len() != 0 {
		t.Error("a long query is not cut")
	}
}

// TestHitsListWhatWasAskedFor gives the numbers of who is found: those with the digits, or all.
func TestHitsListWhatWasAskedFor(t *testing.T) {
	ann := Contact{Name: "Ann 1002", Numbers: []Number{{"Work", "+442079460000", "12"}, {"Desk", "1001", ""},
		{"SIP", "sip:ann@example.com", ""}}}
	b := bookOf(t, ann, Contact{Name: "Ben"}, withNumber("Cem", "10"))
	for query, want := range map[string]string{
		"ann": "+442079460000 1001 sip:ann@example.com", "1001": "1001", "0000": "+442079460000", "12": "+442079460000",
		"10":       "1001 10",
		"020 7946": "+442079460000", "1002": "+442079460000 1001 sip:ann@example.com", "ben": "", "99": "",
		"example": "+442079460000 1001 sip:ann@example.com",
	} {
		var got []string
		for _, h := range b.Hits(query, 0) {
			got = append(got, h.Number.Number)
			if !slices.Contains(h.Contact.Numbers, h.Number) {
				t.Errorf("%q: %+v is no number of %q", query, h.Number, h.Contact.Name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q hits %q, want %q", query, got, want)
		}
	}
	if got := len(b.Hits("", 1)); got != 3 {
		t.Errorf("one contact has %d numbers, want 3", got)
	}
}
