package contacts

import (
	"maps"
	"slices"

	"github.com/gowebphone/webphone/pwa/store"
)

// News is what another page has made of a book since the document that both began with.
type News struct {
	contacts         []contactNews // what has changed
	favourites, base []string      // all that there are, and that there were
	theirs           bookDocument
}

// contactNews is a contact as it was and as the other page has it; nil where there is none.
type contactNews struct {
	id           string
	base, theirs *bookRow
}

// News compares two documents. It belongs to no goroutine: the book gives the plan of its numbers alone. A base that
// cannot be read counts as empty: it has been put aside, and nothing of it is in the book.
func (b *Book) News(base, theirs []byte, pause func()) (News, error) {
	var n News
	var before bookDocument
	var err error
	if base != nil {
		before, _, _ = cutBook(base, pause)
	}
	if theirs != nil { // else it was erased
		if n.theirs, _, err = cutBook(theirs, pause); err != nil {
			return n, err
		}
	}
	n.base, n.favourites = before.favourites, n.theirs.favourites
	n.contacts, err = b.changed(before.contacts, n.theirs.contacts, paced(pause))
	return n, err
}

// changed pairs the contacts that two documents do not have in common.
func (b *Book) changed(base, theirs [][]byte, step func()) ([]contactNews, error) {
	was, is := differing(base, theirs, step)
	list, at := make([]contactNews, 0, len(was)+len(is)), make(map[string]int, len(was)+len(is))
	of := func(id string) *contactNews {
		if _, ok := at[id]; !ok {
			at[id], list = len(list), append(list, contactNews{id: id})
		}
		return &list[at[id]]
	}
	for _, data := range was {
		step()
		if r, err := b.readRow(data, nil); err == nil && r != nil {
			of(r.ID).base = r
		}
	}
	for _, data := range is {
		step()
		r, err := b.readRow(slices.Clone(data), nil) // else one contact would hold the whole document
		if err != nil {
			return nil, err
		}
		if r != nil {
			of(r.ID).theirs = r
		}
	}
	return list, nil
}

// differing lists what stands in only one of two lists.
func differing(a, b [][]byte, step func()) (onlyA, onlyB [][]byte) {
	for len(a) > 0 && len(b) > 0 && string(a[0]) == string(b[0]) {
		step()
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && string(a[len(a)-1]) == string(b[len(b)-1]) {
		step()
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return without(a, b, step), without(b, a, step)
}

func without(list, others [][]byte, step func()) [][]byte {
	there := make(map[string]bool, len(others))
	for _, data := range others {
		step()
		there[string(data)] = true
	}
	var only [][]byte
	for _, data := range list {
		step()
		if !there[string(data)] {
			only = append(only, data)
		}
	}
	return only
}

// Join takes over what another page has written, by the rules of store.Merge. It reports whether this book differs from theirs
// now, and has to be saved.
func (b *Book) Join(n News) (differs bool) {
	var gone, come []*bookRow
	for _, c := range n.contacts {
		mine := b.byID[c.id]
		switch {
		case mine == nil && c.base == nil:
			come = append(come, c.theirs)
		case mine != nil && !mine.ReadOnly() && c.base != nil && equalContact(mine.Contact, c.base.Contact):
			if gone = append(gone, mine); c.theirs != nil {
				come = append(come, c.theirs)
			}
		}
	}
	b.exchange(gone, come)
	b.joinFavourites(n)
	return b.differs(n.theirs)
}

const fewRows = 100 // put in one by one, without making the order of all anew

// Take puts what another book has more into this one, and reports whether there was something.
func (b *Book) Take(other *Book) (more bool) {
	for _, r := range other.rows {
		if !r.ReadOnly() && b.byID[r.ID] == nil {
			b.insert(r)
			more = true
		}
	}
	for id := range other.favourites {
		more = more || !b.favourites[id]
		b.favourites[id] = true
	}
	return more
}

// exchange takes rows out and puts others in.
func (b *Book) exchange(gone, come []*bookRow) {
	if len(gone)+len(come) > fewRows {
		out := make(map[*bookRow]bool, len(gone))
		for _, r := range gone {
			out[r] = true
		}
		rows := slices.DeleteFunc(slices.Clone(b.rows), func(r *bookRow) bool { return out[r] })
		b.replace(append(rows, come...), nil)
		return
	}
	for _, r := range gone {
		b.remove(r)
	}
	for _, r := range come {
		b.insert(r)
	}
}

func (b *Book) joinFavourites(n News) {
	name := func(id string) string { return id }
	all := store.Merge(n.base, sortedNames(b.favourites), n.favourites, name, func(a, b string) bool { return true })
	b.favourites = map[string]bool{}
	for _, id := range all {
		b.favourites[id] = true
	}
	for _, r := range b.rows {
		if r.ReadOnly() && r.Favourite != b.favourites[r.ID] {
			b.withFavourite(r, !r.Favourite)
		}
	}
}

// differs compares what would be stored with a document. Contacts that are written in another way are the same.
func (b *Book) differs(doc bookDocument) bool {
	theirs := map[string]bool{}
	for _, id := range doc.favourites {
		theirs[id] = true
	}
	own, err := b.encoded()
	if err != nil || !maps.Equal(b.favourites, theirs) {
		return true
	}
	mine, other := differing(own, doc.contacts, func() {})
	if len(mine) != len(other) {
		return true
	}
	for _, data := range other {
		r, err := b.readRow(data, nil)
		if err != nil || r == nil || b.byID[r.ID] == nil || !equalContact(r.Contact, b.byID[r.ID].Contact) {
			return true
		}
	}
	return false
}

func equalContact(a, b Contact) bool { return sameContact(a, b) && a.Favourite == b.Favourite }
