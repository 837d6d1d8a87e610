package phone

// ContactList is a list of contacts that is never changed. It makes no copies, so that a long one costs nothing to show.
type ContactList struct {
	rows []*bookRow
	at   []int32 // which of the rows, in this order; nil for all of them
}

// ContactsOf makes a list.
func ContactsOf(contacts ...Contact) ContactList {
	list := ContactList{rows: make([]*bookRow, len(contacts))}
	for i, c := range contacts {
		list.rows[i] = &bookRow{Contact: c}
	}
	return list
}

// Len is the number of contacts.
func (l ContactList) Len() int {
	if l.at != nil {
		return len(l.at)
	}
	return len(l.rows)
}

// At returns a contact; its numbers must not be changed.
func (l ContactList) At(i int) Contact { return l.row(i).Contact }

func (l ContactList) row(i int) *bookRow { return l.rows[l.index(i)] }

// Only is the list of the contacts that keep says yes to.
func (l ContactList) Only(keep func(Contact) bool) ContactList {
	kept := ContactList{rows: l.rows, at: []int32{}}
	for i := range l.Len() {
		if keep(l.At(i)) {
			kept.at = append(kept.at, l.index(i))
		}
	}
	return kept
}

func (l ContactList) index(i int) int32 {
	if l.at != nil {
		return l.at[i]
	}
	return int32(i)
}
