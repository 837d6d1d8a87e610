package link

import "bytes"

// walk is how a type is walked; see coder.
type walk[T any] func(c *coder, was, is *T) bool

// walkWhole walks what has to be there even if it does not differ: a walk of what differs never begins with a zero, where it is
// one of a struct or of a text.
func walkWhole[T any](c *coder, was, is *T, by walk[T]) {
	if !c.writes {
		*is = *was
		if len(c.data) > 0 && c.data[0] == 0 {
			c.data = c.data[1:]
			return
		}
		by(c, was, is)
		return
	}
	if !by(c, was, is) {
		c.data = append(c.data, 0)
	}
}

// walkBytes takes bytes as they are. Those that were read lie in what they were read from.
func walkBytes(c *coder, was, is *[]byte) bool {
	if !c.writes {
		if *is = c.take(c.readUint()); len(*is) == 0 {
			*is = nil
		}
		return true
	}
	if sameList(*was, *is) || bytes.Equal(*was, *is) {
		return false
	}
	c.uint(uint64(len(*is)))
	c.data = append(c.data, *is...)
	return true
}

// What stands before a pointer that differs.
const (
	toNothing = iota
	toAnother
)

// walkPointer walks what a pointer leads to. It is never changed, so it is read into a place of its own.
func walkPointer[T any](c *coder, was, is **T, by walk[T]) bool {
	switch {
	case !c.writes:
		return readPointer(c, *was, is, by)
	case *was == *is:
		return false
	case *is == nil:
		c.data = append(c.data, toNothing)
		return true
	}
	c.data = append(c.data, toAnother)
	if by(c, orNew(*was), *is) {
		return true
	}
	if *was != nil {
		c.data = c.data[:len(c.data)-1]
		return false
	}
	c.data = append(c.data, 0)
	return true
}

func orNew[T any](v *T) *T {
	if v == nil {
		return new(T)
	}
	return v
}

func readPointer[T any](c *coder, was *T, is **T, by walk[T]) bool {
	switch c.readByte() {
	case toNothing:
		*is = nil
	case toAnother:
		*is = new(T)
		walkWhole(c, orNew(was), *is, by)
	default:
		c.fail()
	}
	return true
}

// sameList tells whether two lists are the same one.
func sameList[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// A list is written as its length and what its elements are made of, until there are so many. Elements of the old list are
// used once each and in their order: so a list that is read is no longer than the old one and what has been read together.
const (
	anew    = iota // another element, and how it differs from the one beside it
	changed        // one of the old list, and how it differs
	kept           // several of the old list as they are
	ways    = 3
)

// farAhead is how many elements of the old list are looked at for one of the new.
const farAhead = 64

// lister walks the elements of a list.
type lister[T any] struct {
	by    walk[T]
	alike func(a, b *T) bool // tells whether two elements are about the same thing; nil: when they are equal
}

func (l lister[T]) walk(c *coder, was, is *[]T) bool {
	if !c.writes {
		*is = l.read(c, *was)
		return true
	}
	if sameList(*was, *is) {
		return false
	}
	at := len(c.data)
	c.uint(uint64(len(*is)))
	if l.write(c, *was, *is) {
		return true
	}
	c.data = c.data[:at]
	return false
}

// write tells whether the lists differ.
func (l lister[T]) write(c *coder, was, is []T) bool {
	next, differs := 0, len(was) != len(is)
	for i := 0; i < len(is); {
		from := l.find(c, was, next, &is[i])
		if from < 0 {
			c.uint(anew)
			walkWhole(c, beside(was, next, is[:i]), &is[i], l.by)
			i, differs = i+1, true
			continue
		}
		ahead := uint64(from-next) * ways
		if n := l.equal(c, was[from:], is[i:]); n > 0 {
			c.uint(ahead + kept)
			c.uint(uint64(n))
			i, next = i+n, from+n
			continue
		}
		c.uint(ahead + changed)
		walkWhole(c, &was[from], &is[i], l.by)
		i, next, differs = i+1, from+1, true
	}
	return differs
}

// beside is what another element is likely to resemble: the next of the old list, else the one before it.
func beside[T any](was []T, next int, is []T) *T {
	switch {
	case next < len(was):
		return &was[next]
	case len(is) > 0:
		return &is[len(is)-1]
	}
	return new(T)
}

// find is where the old list has an element, -1 for nowhere near.
func (l lister[T]) find(c *coder, was []T, from int, e *T) int {
	for i := from; i < min(len(was), from+farAhead); i++ {
		if l.alike != nil && l.alike(&was[i], e) || l.alike == nil && l.equals(c, &was[i], e) {
			return i
		}
	}
	return -1
}

// equal is how many elements two lists begin with together.
func (l lister[T]) equal(c *coder, a, b []T) int {
	n := 0
	for n < len(a) && n < len(b) && l.equals(c, &a[n], &b[n]) {
		n++
	}
	return n
}

func (l lister[T]) equals(c *coder, a, b *T) bool {
	at := len(c.data)
	differs := l.by(c, a, b)
	c.data = c.data[:at]
	return !differs
}

func (l lister[T]) read(c *coder, was []T) (is []T) {
	n, next := c.readUint(), uint64(0)
	for uint64(len(is)) < n && c.err == nil {
		step := c.readUint()
		from := next + step/ways
		if step%ways == anew {
			var e T
			walkWhole(c, beside(was, int(next), is), &e, l.by)
			is = append(is, e)
			continue
		}
		count := uint64(1)
		if step%ways == kept {
			count = c.readUint()
		}
		if left := uint64(len(was)); from > left || count > left-from || count > n-uint64(len(is)) {
			c.fail()
			return nil
		}
		is, next = append(is, was[from:from+count]...), from+count
		if step%ways == changed {
			walkWhole(c, &was[from], &is[len(is)-1], l.by)
		}
	}
	return is
}
