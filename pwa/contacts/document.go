package contacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// bookHead is how the document of a book begins, as contactsKind writes it.
const bookHead = `{"kind":"contacts","version":1,"data":{"contacts":[`

// bookDocument is the document of a book, cut into what belongs to each contact: to make, read or compare it as a whole
// takes longer than a key may wait when there are many.
type bookDocument struct {
	contacts   [][]byte
	favourites []string
}

// cutBook takes the document of a book apart. Whether the contacts can be read is not known then. With an error comes the
// suffix of the key under which the document is kept, as store.Kind.Read has it.
func cutBook(raw []byte, pause func()) (doc bookDocument, aside string, err error) {
	if doc, ok := cutAsWritten(raw, paced(pause)); ok {
		return doc, "", nil
	}
	var stored storedBook
	if aside, err = contactsKind.Read(raw, &stored); err != nil {
		return doc, aside, err
	}
	for _, c := range stored.Contacts {
		data, err := json.Marshal(c)
		if err != nil {
			return doc, ".corrupt", err
		}
		doc.contacts = append(doc.contacts, data)
	}
	doc.favourites = stored.Favourites
	return doc, "", nil
}

// cutAsWritten cuts a document that this version of the phone has written. What is left without the contacts has to be
// whole.
func cutAsWritten(raw []byte, step func()) (doc bookDocument, ok bool) {
	rest, ok := bytes.CutPrefix(raw, []byte(bookHead))
	if !ok || len(raw) > contactsKind.MaxBytes {
		return doc, false
	}
	for more := !bytes.HasPrefix(rest, []byte("]")); more; step() {
		end := objectEnd(rest)
		if end == 0 {
			return doc, false
		}
		doc.contacts = append(doc.contacts, rest[:end:end])
		rest, more = bytes.CutPrefix(rest[end:], []byte(","))
	}
	var frame storedBook
	if _, err := contactsKind.Read(slices.Concat([]byte(bookHead), rest), &frame); err != nil || len(frame.Contacts) > 0 {
		return doc, false
	}
	doc.favourites = frame.Favourites
	return doc, true
}

// objectEnd is how long the JSON object is that data begins with, 0 when there is none.
func objectEnd(data []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		if depth == 0 {
			return 0
		}
	}
	return 0
}

// document is what is stored of a book. Only contacts that have changed since the last time are encoded.
func (b *Book) document() ([]byte, error) {
	own, err := b.encoded()
	if err != nil {
		return nil, err
	}
	size := len(bookHead) + 64
	for _, data := range own {
		size += len(data) + 1
	}
	doc := append(make([]byte, 0, size), bookHead...)
	for i, data := range own {
		if i > 0 {
			doc = append(doc, ',')
		}
		doc = append(doc, data...)
	}
	doc = append(doc, ']')
	if len(b.favourites) > 0 {
		names, err := json.Marshal(sortedNames(b.favourites))
		if err != nil {
			return nil, err
		}
		doc = append(append(doc, `,"favourites":`...), names...)
	}
	return append(doc, "}}"...), nil
}

// encoded lists the user's own contacts as they are stored.
func (b *Book) encoded() ([][]byte, error) {
	own := make([][]byte, 0, len(b.rows))
	for _, r := range b.rows {
		if r.ReadOnly() {
			continue
		}
		if err := r.encode(); err != nil {
			return nil, err
		}
		own = append(own, r.data)
	}
	return own, nil
}

func (r *bookRow) encode() (err error) {
	if r.data == nil {
		r.data, err = json.Marshal(r.Contact)
	}
	return err
}

// readRow makes a row of a contact as it is stored, nil when it has no name.
func (b *Book) readRow(data []byte, in *slab) (*bookRow, error) {
	var c Contact
	if json.Unmarshal(data, &c) != nil {
		return nil, errors.New("is damaged")
	}
	clean := c.cleaned().named()
	if clean.Source = Own; clean.Name == "" {
		return nil, nil
	}
	if clean.ID == "" {
		clean.ID = b.newID()
	}
	r := b.row(clean, in)
	if clean.ID == c.ID && clean.Source == c.Source && equalContact(clean, c) {
		r.data = data
	}
	return r, nil
}

// read fills an empty book with what a document holds.
func (b *Book) read(doc bookDocument, pause func()) error {
	step := paced(pause)
	var in slab
	rows, seen := make([]*bookRow, 0, len(doc.contacts)), make(map[string]bool, len(doc.contacts))
	for _, data := range doc.contacts {
		step()
		r, err := b.readRow(data, &in)
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		if seen[r.ID] {
			c := r.Contact
			c.ID = b.newID()
			r = b.row(c, &in)
		}
		seen[r.ID] = true
		rows = append(rows, r)
	}
	for _, id := range doc.favourites {
		b.favourites[id] = true
	}
	b.replace(rows, pause)
	return nil
}
