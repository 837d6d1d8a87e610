package contacts

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pwa/store"
)

// TestJoinKeepsTheRuleOfMerge lets two pages change a book by chance and compares with store.Merge, which states the rule.
func TestJoinKeepsTheRuleOfMerge(t *testing.T) {
	for seed := range seeds(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		base := savedBook(t, bigOwn(rnd.IntN(6)*rnd.IntN(60)))
		mine, theirs := loadedBook(t, base), loadedBook(t, base)
		for range rnd.IntN(8) {
			changeByChance(rnd, mine)
			changeByChance(rnd, theirs)
		}
		if rnd.IntN(10) == 0 {
			theirs.Import(bigBook(150).All(), KeepBoth, nil)
		}
		want := store.Merge(loadedBook(t, base).All(), mine.All(), theirs.All(), func(c Contact) string { return c.ID },
			equalContact)
		news, err := NewBook(british).News(base, savedBook(t, theirs), nil)
		if err != nil {
			t.Fatal(err)
		}
		differs := mine.Join(news)
		if again := bookWith(want); !reflect.DeepEqual(mine.All(), again.All()) || !slices.Equal(names(mine), names(again)) {
			t.Fatalf("seed %d: got %v, want %v", seed, mine.All(), again.All())
		}
		if want := string(wholeDocument(t, mine)) != string(wholeDocument(t, theirs)); differs != want {
			t.Errorf("seed %d: differs from theirs: %v, want %v", seed, differs, want)
		}
		if c, _, ok := mine.Caller("4711"); ok != (mine.byTail[keyOf("4711")].one != nil) || ok && c.Name == "" {
			t.Errorf("seed %d: the numbers are not found any more", seed)
		}
	}
}

func bookWith(contacts []Contact) *Book {
	b := NewBook(british)
	rows := make([]*bookRow, len(contacts))
	for i, c := range contacts {
		rows[i] = b.row(c, nil)
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
	for key, s := range b.byTail {
		for _, r := range append([]*bookRow{s.one}, s.more...) {
			list = append(list, fmt.Sprint(key, r.Name))
		}
	}
	slices.Sort(list)
	return list
}

func changeByChance(rnd *rand.Rand, b *Book) {
	if b.Len() == 0 || rnd.IntN(4) == 0 {
		b.Add(Contact{Name: fmt.Sprint("New ", rnd.IntN(1000)), Numbers: []Number{{Number: "4711"}}})
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
