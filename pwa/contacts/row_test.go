package contacts

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// someNumber draws what may stand in the field of a number.
func someNumber(t *rapid.T) Number {
	return Number{
		Number: rapid.OneOf(rapid.StringMatching(`\+?[0-9 ()]{1,14}`), rapid.StringMatching(`[a-c0-9]{1,5}(@[a-c.]{1,6})?`),
			rapid.String()).Draw(t, "number"),
		Extension: rapid.SampledFrom([]string{"", "7", "12", ",,1#", "0000000"}).Draw(t, "extension"),
	}
}

func someRow(t *rapid.T, b *Book, id string) *bookRow {
	c := Contact{ID: id, Name: rapid.StringN(1, 20, -1).Draw(t, "name"), Organisation: rapid.String().Draw(t, "organisation")}
	for range rapid.IntRange(0, 4).Draw(t, "numbers") {
		c.Numbers = append(c.Numbers, someNumber(t))
	}
	return b.row(c.cleaned().named(), &slab{})
}

// TestRowKeepsItsNumbers reads the numbers of a row back from its words.
func TestRowKeepsItsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := NewBook(british)
		r := someRow(t, b, "1")
		if len(r.spots) != len(r.Numbers) {
			t.Fatalf("%d of %d numbers", len(r.spots), len(r.Numbers))
		}
		for i, n := range r.Numbers {
			if got, want := r.number(i), n.read(b.plan); got != want {
				t.Errorf("%+v is %+v, want %+v", n, got, want)
			}
		}
		if !strings.HasPrefix(r.order(), r.folded()+"\x00") || !strings.HasPrefix(r.text(), " "+r.folded()) {
			t.Errorf("order %q, text %q", r.order(), r.text())
		}
	})
}

// TestCallersAreThoseWithTheTail puts rows in and takes them out: who shares a tail is found by it, and nothing is left of all
// others.
func TestCallersAreThoseWithTheTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, found, in := NewBook(british), callers{}, []*bookRow{}
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			if len(in) == 0 || rapid.Bool().Draw(t, "one comes") {
				r := someRow(t, b, "x")
				found.add(r)
				in = append(in, r)
				continue
			}
			i := rapid.IntRange(0, len(in)-1).Draw(t, "one goes")
			found.remove(in[i])
			in = slices.Delete(in, i, i+1)
		}
		want := map[uint64]int{}
		for _, r := range in {
			for _, tail := range r.tails() {
				want[keyOf(tail)]++
				if !slices.Contains(slices.Collect(found.sharing(tail)), r) {
					t.Fatalf("nobody is found by %q", tail)
				}
			}
		}
		if len(found) != len(want) {
			t.Errorf("%d keys, want %d", len(found), len(want))
		}
		for key, n := range want {
			if len(found[key].more)+1 != n {
				t.Errorf("%d rows share a tail, want %d", len(found[key].more)+1, n)
			}
		}
	})
}
