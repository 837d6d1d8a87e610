package ua

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// random makes everything that has to be unguessable or spread out, from one source.
type random struct{ source io.Reader }

const alphabet = "abcdefghijkmnopqrstuvwxyz0123456"

// token returns n random characters of five bits each, safe as a tag, branch, host label or user part.
func (r random) token(n int) string {
	b := r.bytes(n)
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b)
}

func (r random) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(r.source, b); err != nil {
		panic(fmt.Sprintf("source of randomness failed: %v", err))
	}
	return b
}

// check reports whether the source works at all.
func (r random) check() error {
	if _, err := io.ReadFull(r.source, make([]byte, 1)); err != nil {
		return fmt.Errorf("%w: Rand: %w", ErrBadConfig, err)
	}
	return nil
}

// between returns a duration of [from, to).
func (r random) between(from, to time.Duration) time.Duration {
	if to <= from {
		return from
	}
	return from + time.Duration(binary.BigEndian.Uint64(r.bytes(8))>>1)%(to-from)
}

// uuid returns a random UUID (RFC 9562 section 5.4).
func (r random) uuid() string {
	b := r.bytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
