package wire

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// field is a header of a parsed message as it came. What a reader makes of a value that Head does not hold is kept, so that each
// is read once, when somebody needs it, and never when nobody does. Like the message it belongs to one goroutine.
type field struct {
	sip.Header
	read any // what the reader of this header has made of it: a reading
}

// newField makes a field of this message; they are made by the dozen.
func (m *parsed) newField(name, value string) *field {
	if len(m.pool) == 0 {
		m.pool = make([]field, 12)
	}
	f := &m.pool[0]
	m.pool = m.pool[1:]
	f.Header = sip.NewHeader(name, value)
	return f
}

// reading is the outcome of a reader.
type reading[T any] struct {
	value T
	err   error
}

// once reads the value of a header that was not read before.
func once[T any](h sip.Header, parse func(value string) (T, error)) (T, error) {
	f, ok := h.(*field)
	if !ok {
		return parse(h.Value())
	}
	if r, ok := f.read.(reading[T]); ok {
		return r.value, r.err
	}
	v, err := parse(f.Value())
	f.read = reading[T]{v, err}
	return v, err
}

// original is the text of the header before it, which was put right or replaced to be usable. It has no name, so that nobody
// takes it for another value of that header.
type original struct{ sip.Header }

// Name returns nothing.
func (original) Name() string { return "" }

// all headers of a message, in their order.
func headers(msg sip.Message) []sip.Header {
	if m, ok := msg.(interface{ Headers() []sip.Header }); ok {
		return m.Headers()
	}
	return nil
}

// named yields the headers of a name.
func named(msg sip.Message, name string) func(yield func(sip.Header) bool) {
	return func(yield func(sip.Header) bool) {
		for _, h := range headers(msg) {
			if strings.EqualFold(h.Name(), name) && !yield(h) {
				return
			}
		}
	}
}

// first returns the first header of a name, or nil.
func first(msg sip.Message, name string) sip.Header {
	for h := range named(msg, name) {
		return h
	}
	return nil
}

// Fields returns the headers of a parsed message as they came.
func Fields(msg sip.Message) []Field {
	var list []Field
	for _, h := range echo(headers(msg)) {
		list = append(list, Field{h.Name(), h.Value()})
	}
	return list
}

// echo puts originals into the place of what was made of them.
func echo(list []sip.Header) []sip.Header {
	var out []sip.Header
	for _, h := range list {
		if o, ok := h.(original); ok {
			out[len(out)-1] = o.Header
			continue
		}
		out = append(out, h)
	}
	return out
}
