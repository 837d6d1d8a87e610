package contacts

import (
	"iter"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
)

// bookRow is a contact and what is computed from it once. There may be very many, so it has few pointers: what the garbage
// collector has to follow.
type bookRow struct {
	Contact
	words string   // order, text, digits and what is called by name, one behind another
	ends  [3]int32 // of order, text and digits
	spots []spot   // of the numbers
	data  []byte   // the contact as it is stored; nil before the first time
}

// spot is where a number as it is compared stands in the words of a row.
type spot struct {
	at         int32 // of the digits; after them and a space comes the extension
	size, more uint16
	form       number.Form
}

// row is the row of a contact, laid into a slab where it is one of many.
func (b *Book) row(c Contact, in *slab) *bookRow {
	r := bookRow{Contact: c, spots: make([]spot, len(c.Numbers))}
	name := number.Fold(c.Name)
	var w strings.Builder
	w.WriteString(name + "\x00" + c.Name + "\x00" + c.ID)
	r.ends[0] = int32(w.Len())
	w.WriteString(" " + name)
	for _, f := range []string{c.Given, c.Family, c.Organisation, c.Customer, c.Type, c.Category} {
		if folded := number.Fold(f); folded != "" && !strings.Contains(name, folded) {
			w.WriteString(" " + folded)
		}
	}
	numbers := make([]number.Number, len(c.Numbers))
	for i, n := range c.Numbers {
		if numbers[i] = n.read(b.plan); numbers[i].Form == number.ByName {
			w.WriteString(" " + number.Fold(numbers[i].Digits))
		}
	}
	r.ends[1] = int32(w.Len())
	for i, n := range numbers {
		if n.Form != number.ByName {
			r.spots[i] = write(&w, n)
		}
	}
	r.ends[2] = int32(w.Len())
	for i, n := range numbers {
		if n.Form == number.ByName {
			r.spots[i] = write(&w, n)
		}
	}
	r.words = w.String()
	return in.row(r)
}

func write(w *strings.Builder, n number.Number) spot {
	s := spot{int32(w.Len() + 1), uint16(len(n.Digits)), uint16(len(n.Extension)), n.Form}
	w.WriteString(" " + n.Digits + " " + n.Extension)
	return s
}

// number is a number as it is compared.
func (r *bookRow) number(i int) number.Number {
	s := r.spots[i]
	digits, rest := r.words[s.at:s.at+int32(s.size)], r.words[s.at+int32(s.size)+1:]
	return number.Number{Form: s.form, Digits: digits, Extension: rest[:s.more]}
}

// order is Fold of the name, then the name and the ID, so that the order is the same everywhere.
func (r *bookRow) order() string { return r.words[:r.ends[0]] }

// text holds folded words, each with a space in front, the name first.
func (r *bookRow) text() string { return r.words[r.ends[0]:r.ends[1]] }

// digits are those of the numbers, each with a space in front.
func (r *bookRow) digits() string { return r.words[r.ends[1]:r.ends[2]] }

func compareRows(a, b *bookRow) int { return strings.Compare(a.order(), b.order()) }

// folded is the name as it is compared.
func (r *bookRow) folded() string {
	name, _, _ := strings.Cut(r.order(), "\x00")
	return name
}

// tails are those under which a caller of this contact is found, each once.
func (r *bookRow) tails() []string {
	var tails []string
	add := func(n number.Number) {
		if tail := n.Tail(); tail != "" && !slices.Contains(tails, tail) {
			tails = append(tails, tail)
		}
	}
	for i := range r.spots {
		n := r.number(i)
		add(n)
		if strings.Trim(n.Extension, "0123456789") == "" && n.Extension != "" {
			add(number.Number{Form: number.Short, Digits: n.Extension})
			add(number.Number{Form: n.Form, Digits: n.Digits + n.Extension})
		}
	}
	return tails
}

// callers finds rows by the tails of their numbers. A key is a sum: whoever is found has to be compared.
type callers map[uint64]sharers

// sharers are the rows of one key: mostly it is one.
type sharers struct {
	one  *bookRow
	more []*bookRow
}

// keyOf is the FNV-1a sum of a tail.
func keyOf(tail string) uint64 {
	sum := uint64(14695981039346656037)
	for i := range len(tail) {
		sum = (sum ^ uint64(tail[i])) * 1099511628211
	}
	return sum
}

func (c callers) add(r *bookRow) {
	for _, tail := range r.tails() {
		key := keyOf(tail)
		s := c[key]
		if s.one == nil {
			s.one = r
		} else {
			s.more = append(s.more, r)
		}
		c[key] = s
	}
}

func (c callers) remove(r *bookRow) {
	for _, tail := range r.tails() {
		key := keyOf(tail)
		s := c[key]
		if s.one == r {
			s.one = nil
		}
		s.more = slices.DeleteFunc(s.more, func(x *bookRow) bool { return x == r })
		if s.one == nil && len(s.more) > 0 {
			s.one, s.more = s.more[0], s.more[1:]
		}
		if c[key] = s; s.one == nil {
			delete(c, key)
		}
	}
}

// sharing yields the rows that may have a number with that tail.
func (c callers) sharing(tail string) iter.Seq[*bookRow] {
	s := c[keyOf(tail)]
	return func(yield func(*bookRow) bool) {
		if s.one == nil || !yield(s.one) {
			return
		}
		for _, r := range s.more {
			if !yield(r) {
				return
			}
		}
	}
}
