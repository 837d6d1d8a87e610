package contacts

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
)

// plainBook is a book as plain as can be: contacts in a list, looked through each time.
type plainBook []Contact

func (p plainBook) at(id string) int {
	return slices.IndexFunc(p, func(c Contact) bool { return c.ID == id })
}

func (p plainBook) sorted() []Contact {
	list := slices.Clone(p)
	slices.SortFunc(list, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(number.Fold(a.Name), number.Fold(b.Name)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// step does one thing by chance to the book and to the plain one, and returns what the book says has changed.
func (p *plainBook) step(t *testing.T, rnd *rand.Rand, b *Book) (what string, change Change) {
	id := "nobody"
	if len(*p) > 0 {
		id = (*p)[rnd.IntN(len(*p))].ID
	}
	at := p.at(id)
	own := at >= 0 && !(*p)[at].ReadOnly()
	fresh := family(rnd, 1)[0]
	fresh.Name = cmp.Or(fresh.Name, "Somebody")
	want := error(nil)
	switch {
	case at < 0:
		want = ErrNotFound
	case !own:
		want = ErrReadOnly
	}
	var err error
	switch rnd.IntN(4) {
	case 0:
		var added Contact
		what, want = "add", nil
		if added, change, err = b.Add(fresh); err == nil {
			*p = append(*p, added)
		}
	case 1:
		what, fresh.ID = "edit", id
		if change, err = b.Edit(fresh); err == nil {
			(*p)[at] = fresh.cleaned()
		}
	case 2:
		what = "delete"
		if change, err = b.Delete(id, id); err == nil {
			*p = slices.Delete(*p, at, at+1)
		}
	case 3:
		if what = "favourite"; at >= 0 {
			want = nil
		}
		favourite := rnd.IntN(2) == 0
		if change, err = b.SetFavourite(id, favourite); err == nil {
			(*p)[at].Favourite = favourite
		}
	}
	if !errors.Is(err, want) {
		t.Fatalf("%s %q: %v, want %v", what, id, err, want)
	}
	return what, change
}

// same compares all that a book tells with the plain one.
func (p plainBook) same(b *Book) string {
	list := p.sorted()
	if got := b.All(); !reflect.DeepEqual(got, append([]Contact{}, list...)) {
		return fmt.Sprintf("all:\ngot  %+v\nwant %+v", got, list)
	}
	favourites := []Contact{}
	for _, c := range list {
		got, there := b.Contact(c.ID)
		if !there || !reflect.DeepEqual(got, c) || b.IsFavourite(c.ID) != c.Favourite {
			return fmt.Sprintf("contact %q: %+v, %t", c.ID, got, there)
		}
		if c.Favourite {
			favourites = append(favourites, c)
		}
	}
	if got := b.Favourites(); !reflect.DeepEqual(got, favourites) {
		return fmt.Sprintf("favourites %+v, want %+v", got, favourites)
	}
	if _, there := b.Contact("nobody"); there || b.IsFavourite("nobody") || b.Len() != len(list) {
		return fmt.Sprintf("nobody is there, or %d contacts of %d", b.Len(), len(list))
	}
	for _, from := range numbersOfAll {
		got, _, found := b.Caller(from)
		if want, score := everybody(b, from); found != (score > 0) || found && got.ID != want.ID ||
			b.CallerName(from) != got.Name {
			return fmt.Sprintf("%q is %q, want %q", from, got.Name, want.Name)
		}
	}
	return ""
}

// TestBookIsAPlainList does what users do, by chance, to a book and to a plain list: both stay the same, and each change can be
// taken back.
func TestBookIsAPlainList(t *testing.T) {
	for seed := range seeds(80) {
		rnd := rand.New(rand.NewPCG(seed, 113))
		b, p := bookOf(t), plainBook{}
		company := family(rnd, rnd.IntN(5))
		for i := range company {
			company[i].ID, company[i].Name = fmt.Sprint("c", i), cmp.Or(company[i].Name, "Company")
		}
		b.SetPhonebook(company, nil)
		p = append(p, b.All()...)
		for n := range 40 {
			before, plain := b.All(), slices.Clone(p)
			what, change := p.step(t, rnd, b)
			if differs := p.same(b); differs != "" {
				t.Fatalf("seed %d, step %d, %s: %s", seed, n, what, differs)
			}
			if rnd.IntN(3) == 0 {
				b.Undo(change)
				if p = plain; !reflect.DeepEqual(b.All(), before) || p.same(b) != "" {
					t.Fatalf("seed %d, step %d, %s undone: %s", seed, n, what, p.same(b))
				}
			}
			if rnd.IntN(8) == 0 { // another goroutine's book is one too
				c := copied(b)
				if differs := p.same(c); differs != "" {
					t.Fatalf("seed %d, step %d, copied: %s", seed, n, differs)
				}
				c.Delete(idsOf(c.List(func(c Contact) bool { return !c.ReadOnly() }))...)
				if differs := p.same(b); differs != "" {
					t.Fatalf("seed %d, step %d, the copy is emptied: %s", seed, n, differs)
				}
			}
		}
	}
}

// TestDeleteIsAllOrNothing deletes with one among them that cannot be.
func TestDeleteIsAllOrNothing(t *testing.T) {
	b := bookOf(t, withNumber("Ann", "1001"), withNumber("Ben", "1002"))
	b.SetPhonebook([]Contact{{ID: "c", Name: "Company", Numbers: []Number{{Number: "3000"}}}}, nil)
	var own []string
	for _, c := range b.List(func(c Contact) bool { return !c.ReadOnly() }) {
		own = append(own, c.ID)
	}
	company := b.List(Contact.ReadOnly)[0].ID
	for why, c := range map[string]struct {
		ids  []string
		want error
	}{"nobody": {append(slices.Clone(own), "nobody"), ErrNotFound},
		"company": {append(slices.Clone(own), company), ErrReadOnly}} {
		if change, err := b.Delete(c.ids...); !errors.Is(err, c.want) || b.Len() != 3 || change.Before != nil {
			t.Errorf("%s: %v, %d contacts, %+v", why, err, b.Len(), change)
		}
	}
	if change, err := b.Delete(); err != nil || len(change.Before) != 0 || b.Len() != 3 {
		t.Errorf("nothing is deleted: %v, %+v", err, change)
	}
	if change, err := b.Delete(own...); err != nil || len(change.Before) != 2 || b.Len() != 1 {
		t.Errorf("%v, %+v, %d contacts", err, change, b.Len())
	}
	for range b.byTail.sharing("1001") {
		t.Error("what is deleted is kept under its number")
	}
}

// TestTooLongIsRefusedWhereSomebodyTypes names the field, at the first character too many.
func TestTooLongIsRefusedWhereSomebodyTypes(t *testing.T) {
	text := func(n int) string { return string(slices.Repeat([]rune{'ü'}, n)) }
	for i, field := range contactFields {
		for _, n := range []int{maxContactText, maxContactText + 1} {
			c := withNumber("Ann", "1001")
			*c.fields()[i] = text(n)
			_, _, err := bookOf(t).Add(c)
			var fault *FieldError
			if refused := errors.As(err, &fault); refused != (n > maxContactText) || refused && fault.Field != field {
				t.Errorf("%s of %d characters: %v", field, n, err)
			}
		}
	}
	ascii := func(n int) string { return string(slices.Repeat([]byte{'7'}, n)) }
	for name, c := range map[string]struct {
		n     Number
		taken bool
	}{
		"number":        {Number{Number: ascii(maxNumber)}, true},
		"long number":   {Number{Number: ascii(maxNumber + 1)}, false},
		"extension":     {Number{Number: "1", Extension: ascii(maxExtension)}, true},
		"long one":      {Number{Number: "1", Extension: ascii(maxExtension + 1)}, false},
		"name":          {Number{Name: ascii(120), Number: "1"}, true},
		"name too long": {Number{Name: ascii(121), Number: "1"}, false},
	} {
		if _, _, err := bookOf(t).Add(Contact{Name: "Ann", Numbers: []Number{c.n}}); (err == nil) != c.taken {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := MaxNumbers; n <= MaxNumbers+1; n++ {
		c := Contact{Name: "Ann"}
		for i := range n {
			c.Numbers = append(c.Numbers, Number{Number: fmt.Sprint(100 + i)})
		}
		if _, _, err := bookOf(t).Add(c); (err == nil) != (n <= MaxNumbers) {
			t.Errorf("%d numbers: %v", n, err)
		}
	}
	for _, name := range []string{"", " ", "\u200b", "\x00"} {
		if _, _, err := bookOf(t).Add(Contact{Name: name}); !errors.Is(err, ErrName) {
			t.Errorf("the name %q: %v", name, err)
		}
	}
}
