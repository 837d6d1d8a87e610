package contacts

import (
	"hash/fnv"
	"strconv"
)

// SetPhonebook puts the contacts of the company phonebook in the place of those of the last time. Favourites stay
// favourites. It returns how many were left out because they have no name, stand there twice, or the book is full. It calls
// pause, which may be nil, again and again while it works.
func (b *Book) SetPhonebook(contacts []Contact, pause func()) (left int) {
	step := paced(pause)
	rows := make([]*bookRow, 0, len(b.rows)+len(contacts))
	taken := make(map[string]*bookRow, len(b.rows)+len(contacts))
	for _, r := range b.rows {
		if step(); !r.ReadOnly() {
			rows, taken[r.ID] = append(rows, r), r
		}
	}
	var in slab
	for _, c := range contacts {
		step()
		c = c.cleaned().named()
		c.Source = Company
		if c.Name == "" || len(rows) >= Max || !identify(&c, taken) {
			left++
			continue
		}
		c.Favourite = b.favourites[c.ID]
		r := b.companyRow(c, &in)
		rows, taken[c.ID] = append(rows, r), r
	}
	b.replace(rows, pause)
	return left
}

// companyRow is the row of the last time, where the contact is as it was.
func (b *Book) companyRow(c Contact, in *slab) *bookRow {
	old, known := b.byID[c.ID]
	if !known || !sameContact(old.Contact, c) {
		return b.row(c, in)
	}
	if old.Favourite == c.Favourite {
		return old
	}
	fresh := *old
	fresh.Favourite = c.Favourite
	return &fresh
}

// identify gives a contact of the phonebook its ID: the one it came with, else one made of name and numbers, so that both are the
// same after the next synchronisation. Two that came with the same one are both kept, unless they are one.
func identify(c *Contact, taken map[string]*bookRow) bool {
	ids := []string{"phonebook:" + c.ID, madeID(*c, ""), madeID(*c, c.ID)}
	if c.ID == "" {
		ids = ids[1:]
	}
	for _, c.ID = range ids {
		switch there := taken[c.ID]; {
		case there == nil:
			return true
		case sameContact(there.Contact, *c):
			return false
		}
	}
	return false
}

func madeID(c Contact, more string) string {
	h := fnv.New64a()
	h.Write([]byte(more + c.Name))
	for _, n := range c.Numbers {
		h.Write([]byte("\x00" + n.Number + "\x00" + n.Extension))
	}
	return "phonebook:" + strconv.FormatUint(h.Sum64(), 36)
}

// AdoptPhonebook takes over the company's contacts of a Copy that was given another phonebook meanwhile. The user's own stay as
// they are here.
func (b *Book) AdoptPhonebook(from *Book) {
	gone, come := ownDifference(from.rows, b.rows)
	from.exchange(gone, come)
	for _, r := range from.rows {
		if r.ReadOnly() && r.Favourite != b.favourites[r.ID] {
			from.withFavourite(r, !r.Favourite)
		}
	}
	b.rows, b.byID, b.byTail, b.index = from.rows, from.byID, from.byTail, from.index
}

// ownDifference tells which own rows of two books, in their order, are not in the other one.
func ownDifference(a, b []*bookRow) (onlyA, onlyB []*bookRow) {
	own := func(rows []*bookRow) []*bookRow {
		for len(rows) > 0 && rows[0].ReadOnly() {
			rows = rows[1:]
		}
		return rows
	}
	for {
		a, b = own(a), own(b)
		switch {
		case len(a) == 0 && len(b) == 0:
			return onlyA, onlyB
		case len(a) > 0 && len(b) > 0 && a[0] == b[0]:
			a, b = a[1:], b[1:]
		case len(b) == 0 || len(a) > 0 && compareRows(a[0], b[0]) < 0:
			onlyA, a = append(onlyA, a[0]), a[1:]
		default:
			onlyB, b = append(onlyB, b[0]), b[1:]
		}
	}
}
