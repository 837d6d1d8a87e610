package contacts

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
)

// family makes contacts of few names, organisations and numbers, so that many of them seem to be the same.
func family(rnd *rand.Rand, n int) []Contact {
	list := make([]Contact, n)
	for i := range list {
		c := &list[i]
		c.Name = []string{"Ann Lee", "ANN LEE", "Ánn  Lee", "Ben Lee", "Desk", "", "Müller"}[rnd.IntN(7)]
		c.Organisation = []string{"", "", "Clinic", "clinic", "Depot"}[rnd.IntN(5)]
		c.Customer = []string{"", "17", "18"}[rnd.IntN(3)]
		for range rnd.IntN(4) {
			n := Number{Name: []string{"", "Work"}[rnd.IntN(2)], Number: numbersOfAll[rnd.IntN(len(numbersOfAll))]}
			if rnd.IntN(5) == 0 && n.Number == "+442079460000" {
				n.Extension = fmt.Sprint(10 + rnd.IntN(3))
			}
			c.Numbers = append(c.Numbers, n)
		}
	}
	return list
}

func copied(b *Book) *Book {
	c := b.Copy()
	c.Ready(nil)
	return c
}

// knows reports whether somebody of that name has the number, or an equal one.
func knows(b *Book, name string, n Number) bool {
	return slices.ContainsFunc(b.rows, func(r *bookRow) bool {
		return r.folded() == number.Fold(name) && r.has(n.read(b.plan), b)
	})
}

// TestImportKeepsItsRules imports into books by chance under each policy: all contacts are counted once, no number gets lost by
// merging, the same file adds nobody the second time, the book imported into itself changes nothing, and Undo leaves nothing of
// the import.
func TestImportKeepsItsRules(t *testing.T) {
	for seed := range seeds(200) {
		for _, policy := range []Policy{Skip, Merge, KeepBoth} {
			rnd := rand.New(rand.NewPCG(seed, 101))
			b := bookOf(t)
			b.Import(family(rnd, rnd.IntN(8)), KeepBoth, nil)
			b.SetPhonebook(family(rnd, rnd.IntN(4)), nil)
			before, file := b.All(), family(rnd, rnd.IntN(12))
			done, change := b.Import(file, policy, nil)
			what := fmt.Sprintf("seed %d, policy %d: %+v", seed, policy, done)
			if sum := done.Added + done.Merged + done.Skipped + done.Left; sum != len(file) {
				t.Fatalf("%s: %d contacts are counted of %d", what, sum, len(file))
			}
			if b.Len() != len(before)+done.Added || policy == KeepBoth && done.Merged+done.Skipped > 0 || policy == Skip &&
				done.Merged > 0 {
				t.Fatalf("%s: %d contacts became %d", what, len(before), b.Len())
			}
			company := func(name string) bool {
				return slices.ContainsFunc(before,
					func(c Contact) bool { return c.ReadOnly() && number.Fold(c.Name) == number.Fold(name) })
			}
			for _, c := range file {
				for _, n := range c.Numbers {
					if c = c.cleaned().named(); policy != Skip && !company(c.Name) && !knows(b, c.Name, n) {
						t.Fatalf("%s: %v of %q is lost", what, n, c.Name)
					}
				}
			}
			for _, c := range before {
				if now, _ := b.Contact(c.ID); policy != Merge && !reflect.DeepEqual(now, c) || len(now.Numbers) < len(c.Numbers) {
					t.Fatalf("%s: %+v has become %+v", what, c, now)
				}
			}
			after := b.All()
			if again, _ := copied(b).Import(file, policy, nil); policy != KeepBoth && again.Added > 0 {
				t.Fatalf("%s: the second time it adds %+v", what, again)
			}
			if again, nothing := copied(b).Import(after, policy, nil); policy != KeepBoth && again.Skipped != len(after) ||
				policy == Merge && len(nothing.Before)+len(nothing.After) > 0 {
				t.Fatalf("%s: the book imported into itself does %+v", what, again)
			}
			if !reflect.DeepEqual(b.All(), after) {
				t.Fatalf("%s: what was done to copies is seen in the book", what)
			}
			b.Undo(change)
			if !reflect.DeepEqual(b.All(), before) {
				t.Fatalf("%s: undone it is %+v, want %+v", what, b.All(), before)
			}
		}
	}
}

// TestDuplicatesAreWhatImportSkips holds what is shown before an import to what it does.
func TestDuplicatesAreWhatImportSkips(t *testing.T) {
	for seed := range seeds(200) {
		rnd := rand.New(rand.NewPCG(seed, 103))
		b := bookOf(t)
		b.Import(family(rnd, rnd.IntN(8)), KeepBoth, nil)
		b.SetPhonebook(family(rnd, rnd.IntN(4)), nil)
		for _, c := range family(rnd, 12) {
			if c = c.cleaned().named(); c.Name == "" {
				continue
			}
			found := b.Duplicates([]Contact{c}, nil)
			done, change := b.Import([]Contact{c}, Skip, nil)
			if len(found) != done.Skipped {
				t.Fatalf("seed %d: %+v is a duplicate of %+v, but %+v", seed, c, found, done)
			}
			b.Undo(change)
			if len(found) == 0 {
				continue
			}
			d := found[0]
			shared := slices.ContainsFunc(c.Numbers, func(n Number) bool { return b.byID[d.Existing.ID].has(n.read(b.plan), b) })
			if number.Fold(d.Existing.Name) != number.Fold(c.Name) || shared != d.ByNumber {
				t.Fatalf("seed %d: %+v is said to be %+v, by number: %t", seed, c, d.Existing, d.ByNumber)
			}
			if o, x := number.Fold(c.Organisation), number.Fold(d.Existing.Organisation); !shared && o != "" && x != "" &&
				o != x {
				t.Fatalf("seed %d: %+v works elsewhere than %+v", seed, c, d.Existing)
			}
		}
	}
}

// TestMergeFillsWhatIsEmpty merges each field by itself: what stands there stays, what does not is taken.
func TestMergeFillsWhatIsEmpty(t *testing.T) {
	for i, field := range contactFields {
		if field == "name" || field == "organisation" { // by which they are found to be the same
			continue
		}
		for _, mine := range []string{"", "mine"} {
			for _, theirs := range []string{"", "theirs"} {
				own, other := withNumber("Ann", "1001"), withNumber("Ann", "1001")
				*own.fields()[i], *other.fields()[i] = mine, theirs
				b := bookOf(t, own)
				done, _ := b.Import([]Contact{other}, Merge, nil)
				got, want := b.All()[0], firstOf(mine, theirs)
				if *got.fields()[i] != want || done.Merged != 0 != (mine == "" && theirs != "") {
					t.Errorf("%s: %q and %q make %q, want %q: %+v", field, mine, theirs, *got.fields()[i], want, done)
				}
			}
		}
	}
}

// TestMergeOfTooManyNumbersChangesNothing lets no part of a contact's numbers get lost.
func TestMergeOfTooManyNumbersChangesNothing(t *testing.T) {
	many := func(from, n int) Contact {
		c := Contact{Name: "Ann"}
		for i := range n {
			c.Numbers = append(c.Numbers, Number{Number: fmt.Sprint(from + i)})
		}
		return c
	}
	for _, c := range []struct {
		own, file Contact
		want      Imported
		numbers   int
	}{
		{many(100, 15), many(200, 5), Imported{Merged: 1}, 20},
		{many(100, 15), many(200, 6), Imported{Left: 1}, 15},
		{many(100, 15), many(110, 10), Imported{Merged: 1}, 20},
		{many(100, 20), many(100, 20), Imported{Skipped: 1}, 20},
		{many(100, 20), many(101, 20), Imported{Left: 1}, 20},
	} {
		b := bookOf(t, c.own)
		if done, _ := b.Import([]Contact{c.file}, Merge, nil); done != c.want || len(b.All()[0].Numbers) != c.numbers {
			t.Errorf("%d and %d numbers: %+v, %d numbers; want %+v and %d", len(c.own.Numbers), len(c.file.Numbers), done,
				len(b.All()[0].Numbers), c.want, c.numbers)
		}
	}
}
