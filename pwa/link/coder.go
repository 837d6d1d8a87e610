package link

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// coder writes how one value differs from another, or reads that and makes the second out of the first. One walk does both, so
// that nothing can be written that is not read: a walk gets both values, tells whether they differ, and writes nothing when they
// do not. What it reads into begins as a copy of the first, and what has not changed keeps its place in memory.
//
// What is read comes from a stranger. A length is never believed before so much is there; the first error stays, and all that is
// read after it is zero.
type coder struct {
	writes bool
	data   []byte // written, or left to be read
	err    error
}

// errCode is that of bytes that no coder has written.
var errCode = errors.New("link: bytes that nobody has written")

func (c *coder) fail() {
	c.err, c.data = errCode, nil
}

// take takes bytes from those to be read. They stay where they are.
func (c *coder) take(n uint64) []byte {
	if n > uint64(len(c.data)) {
		c.fail()
		return nil
	}
	taken := c.data[:n:n]
	c.data = c.data[n:]
	return taken
}

func (c *coder) readByte() byte {
	if b := c.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (c *coder) uint(v uint64) { c.data = binary.AppendUvarint(c.data, v) }

func (c *coder) readUint() uint64 {
	v, n := binary.Uvarint(c.data)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.data = c.data[n:]
	return v
}

func (c *coder) int(v int64) { c.data = binary.AppendVarint(c.data, v) }

func (c *coder) readInt() int64 {
	v, n := binary.Varint(c.data)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.data = c.data[n:]
	return v
}

func (c *coder) text(s string) {
	c.uint(uint64(len(s)))
	c.data = append(c.data, s...)
}

func (c *coder) readText() string { return string(c.take(c.readUint())) }

// fields is the head of a struct: which of its fields differ. It is a byte for each eight of them, without those that are zero;
// where there are several, a byte before them tells which are there.
type fields struct {
	c    *coder
	at   int // where the head begins, of one that is written
	room int
	mask uint64
}

func (c *coder) fields(n int) fields {
	f := fields{c: c, at: len(c.data), room: 1}
	if n > 8 {
		f.room += (n + 7) / 8
	}
	if c.writes {
		c.data = append(c.data, make([]byte, f.room)...)
		return f
	}
	f.mask = c.readMask(n)
	return f
}

func (c *coder) readMask(n int) (mask uint64) {
	if n <= 8 {
		mask = uint64(c.readByte())
	} else {
		parts := c.readByte()
		for i := range 8 {
			if parts&(1<<i) != 0 {
				mask |= uint64(c.readByte()) << (8 * i)
			}
		}
	}
	if n < 64 && mask>>n != 0 {
		c.fail()
		return 0
	}
	return mask
}

// has tells whether a field has to be walked.
func (f *fields) has(i int) bool { return f.c.writes || f.mask>>i&1 != 0 }

func (f *fields) set(i int, differs bool) {
	if differs {
		f.mask |= 1 << i
	}
}

// end completes the head, and tells whether any field differs.
func (f *fields) end() bool {
	if !f.c.writes {
		return f.mask != 0
	}
	if f.mask == 0 {
		f.c.data = f.c.data[:f.at]
		return false
	}
	head := f.c.data[f.at : f.at+f.room]
	n := 1
	if f.room == 1 {
		head[0] = byte(f.mask)
	} else {
		n = parted(head, f.mask)
	}
	f.c.data = append(f.c.data[:f.at+n], f.c.data[f.at+f.room:]...)
	return true
}

// parted writes a mask of several bytes, and tells how long its head is.
func parted(head []byte, mask uint64) int {
	n := 1
	for i := range len(head) - 1 {
		if part := byte(mask >> (8 * i)); part != 0 {
			head[0] |= 1 << i
			head[n] = part
			n++
		}
	}
	return n
}

// walkBool needs no more than the mark that it differs.
func walkBool(c *coder, was, is *bool) bool {
	if !c.writes {
		*is = !*was
	}
	return *was != *is
}

// walkInt walks by the difference: a counter moves little.
func walkInt[T ~int | ~int64 | ~uint64 | ~uint32 | ~uint8](c *coder, was, is *T) bool {
	if c.writes {
		if *was == *is {
			return false
		}
		c.int(int64(*is) - int64(*was))
		return true
	}
	v := int64(*was) + c.readInt()
	if *is = T(v); int64(*is) != v {
		c.fail()
	}
	return true
}

func walkFloat(c *coder, was, is *float64) bool {
	if c.writes {
		if math.Float64bits(*was) == math.Float64bits(*is) {
			return false
		}
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(*is))
		return true
	}
	if b := c.take(8); len(b) == 8 {
		*is = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return true
}

// mostKept is how much of a text is left out because another begins with it: a stranger could make much of little otherwise.
const mostKept = 64

// walkString leaves out what the two begin with: a field that somebody types in grows at its end, and lines of a list are alike.
func walkString[T ~string](c *coder, was, is *T) bool {
	if !c.writes {
		*is = readString(c, *was)
		return true
	}
	if *was == *is {
		return false
	}
	kept := common(string(*was), string(*is))
	if len(*was) > 0 {
		c.uint(uint64(kept) + 1) // see walkWhole
	}
	c.text(string((*is)[kept:]))
	return true
}

func readString[T ~string](c *coder, was T) T {
	kept := uint64(1)
	if len(was) > 0 {
		kept = c.readUint()
	}
	if kept--; kept > min(uint64(len(was)), mostKept) {
		c.fail()
		return ""
	}
	return was[:kept] + T(c.readText())
}

// common is how many bytes two texts begin with together, mostKept at most.
func common(a, b string) int {
	n, end := 0, min(len(a), len(b), mostKept)
	for n < end && a[n] == b[n] {
		n++
	}
	return n
}

// The places where a time can be: how it is written depends on that.
const (
	inUTC = iota
	here
	elsewhere // by its distance from UTC in seconds
)

func placeOf(t time.Time) (place, offset int64) {
	switch t.Location() {
	case time.UTC:
		return inUTC, 0
	case time.Local:
		return here, 0
	}
	_, seconds := t.Zone()
	return elsewhere, int64(seconds)
}

// walkTime walks the moment by its difference, with the place in the lowest bits of its seconds. What a clock of the process
// measures beside it does not cross.
func walkTime(c *coder, was, is *time.Time) bool {
	if !c.writes {
		*is = c.readTime(*was)
		return true
	}
	oldPlace, oldOffset := placeOf(*was)
	place, offset := placeOf(*is)
	if was.Equal(*is) && place == oldPlace && offset == oldOffset {
		return false
	}
	c.int((is.Unix()-was.Unix())<<2 | place)
	c.int(int64(is.Nanosecond()) - int64(was.Nanosecond()))
	if place == elsewhere {
		c.int(offset)
	}
	return true
}

const farthest = 24 * 60 * 60 // that a place can be from UTC, in seconds

func (c *coder) readTime(was time.Time) time.Time {
	v, nanoseconds := c.readInt(), int64(was.Nanosecond())+c.readInt()
	t := time.Unix(was.Unix()+v>>2, nanoseconds)
	switch v & 3 {
	case inUTC:
		t = t.UTC()
	case here:
	case elsewhere:
		offset := c.readInt()
		if offset < -farthest || offset > farthest {
			c.fail()
			return time.Time{}
		}
		t = t.In(time.FixedZone("", int(offset)))
	default:
		c.fail()
	}
	if nanoseconds < 0 || nanoseconds >= int64(time.Second) || c.err != nil {
		c.fail()
		return time.Time{}
	}
	return t
}
