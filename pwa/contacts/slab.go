package contacts

import (
	"slices"
	"strings"
)

// Sizes of the pieces of a slab. One contact that is kept holds the pieces it stands in.
const (
	slabBytes = 16 << 10
	slabItems = 256
)

// slab is where many contacts are laid, in few large pieces. A browser has one thread, which the garbage collector holds
// until it has looked at every piece: with some for each of 20,000 contacts a key would wait for it. A nil slab lays each
// contact by itself.
type slab struct {
	texts   strings.Builder
	known   map[string]string // labels, organisations and the like, which many contacts share
	rows    []bookRow
	numbers []Number
	spots   []spot
}

// maxKnown bounds the texts that are looked up. What comes later is laid down each time.
const maxKnown = 2000

// row lays down a row.
func (s *slab) row(r bookRow) *bookRow {
	if s == nil {
		return &r
	}
	r.Contact = s.contact(r.Contact)
	r.words = s.text(r.words)
	s.spots, r.spots = laid(s.spots, r.spots)
	var one []bookRow
	s.rows, one = laid(s.rows, []bookRow{r})
	return &one[0]
}

// contact lays down the texts and numbers of a contact.
func (s *slab) contact(c Contact) Contact {
	if s == nil {
		return c
	}
	c.ID, c.Name = s.text(c.ID), s.text(c.Name)
	for _, f := range []*string{&c.Customer, &c.Given, &c.Family} {
		*f = s.text(*f)
	}
	for _, f := range []*string{&c.Organisation, &c.Type, &c.Category} {
		*f = s.shared(*f)
	}
	if c.Source == Company {
		c.Source = Company // not the text that was read
	}
	s.numbers, c.Numbers = laid(s.numbers, c.Numbers)
	for i, n := range c.Numbers {
		c.Numbers[i] = Number{s.shared(n.Name), s.text(n.Number), s.text(n.Extension)}
	}
	return c
}

// text copies a text behind the last one. What was written to a builder never changes: when there is no room left, another
// piece begins.
func (s *slab) text(t string) string {
	if t == "" {
		return ""
	}
	if s.texts.Cap()-s.texts.Len() < len(t) {
		s.texts.Reset()
		s.texts.Grow(max(slabBytes, len(t)))
	}
	at := s.texts.Len()
	s.texts.WriteString(t)
	return s.texts.String()[at:]
}

// shared is text that lies there once.
func (s *slab) shared(t string) string {
	if t == "" {
		return ""
	}
	if there, ok := s.known[t]; ok {
		return there
	}
	t = s.text(t)
	if s.known == nil {
		s.known = map[string]string{}
	}
	if len(s.known) < maxKnown {
		s.known[t] = t
	}
	return t
}

// laid copies items behind those of a piece, or begins another one. None of them can be appended to.
func laid[T any](piece, items []T) (newPiece, copied []T) {
	if len(items) == 0 {
		return piece, nil
	}
	if cap(piece)-len(piece) < len(items) {
		piece = make([]T, 0, max(slabItems, len(items)))
	}
	at := len(piece)
	piece = append(piece, items...)
	return piece, slices.Clip(piece[at:])
}
