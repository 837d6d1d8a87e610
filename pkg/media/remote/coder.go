package remote

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// errMessage is what comes of bytes that are no message.
var errMessage = errors.New("media: not a message of a remote session")

// coder writes a message, or reads one: one description of it does both (see message.code). Numbers are varints, whatever has a
// length begins with it.
type coder struct {
	buf     []byte // written so far, or not read yet
	reading bool
	err     error
}

func (c *coder) fail() {
	c.err, c.buf = errMessage, nil
}

// take reads n bytes; nil when there are fewer.
func (c *coder) take(n uint64) []byte {
	if n > uint64(len(c.buf)) {
		c.fail()
		return nil
	}
	b := c.buf[:n:n]
	c.buf = c.buf[n:]
	return b
}

func (c *coder) number(v *uint64) {
	if !c.reading {
		c.buf = binary.AppendUvarint(c.buf, *v)
		return
	}
	n, size := binary.Uvarint(c.buf)
	if size <= 0 {
		c.fail()
		return
	}
	*v, c.buf = n, c.buf[size:]
}

func (c *coder) integer(v *int64) {
	u := uint64(*v)<<1 ^ uint64(*v>>63)
	c.number(&u)
	*v = int64(u>>1) ^ -int64(u&1)
}

func (c *coder) duration(v *time.Duration) { c.integer((*int64)(v)) }

func (c *coder) octet(v *byte) {
	if !c.reading {
		c.buf = append(c.buf, *v)
	} else if b := c.take(1); b != nil {
		*v = b[0]
	}
}

func (c *coder) flag(v *bool) {
	var b byte
	if *v {
		b = 1
	}
	if c.octet(&b); b > 1 {
		c.fail()
	}
	*v = b == 1
}

func (c *coder) float(v *float64) {
	if !c.reading {
		c.buf = binary.LittleEndian.AppendUint64(c.buf, math.Float64bits(*v))
	} else if b := c.take(8); b != nil {
		*v = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
}

func (c *coder) octets(v *[]byte) {
	n := uint64(len(*v))
	if c.number(&n); !c.reading {
		c.buf = append(c.buf, *v...)
	} else if b := c.take(n); n > 0 {
		*v = b
	}
}

// text codes any type of string.
func text[T ~string](c *coder, v *T) {
	b := []byte(*v)
	c.octets(&b)
	*v = T(b)
}

// list codes what each of its elements codes. An element has at least one byte, so a length that is too long is found at once.
func list[T any](c *coder, v *[]T, each func(*coder, *T)) {
	n := uint64(len(*v))
	c.number(&n)
	if c.reading {
		if n > uint64(len(c.buf)) {
			c.fail()
		}
		*v = nil
	}
	for i := range n {
		if c.reading {
			*v = append(*v, *new(T))
		}
		if c.err != nil {
			return
		}
		each(c, &(*v)[i])
	}
}
