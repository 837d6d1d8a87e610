package contacts

// List is a list of contacts that is never changed. It makes no copies, so that a long one costs nothing to show.
type List struct {
	rows []*bookRow
	at   []int32 // which of the rows, in this order; nil for all of them
}

// Len is the number of contacts.
func (l List) Len() int {
	if l.at != nil {
		return len(l.at)
	}
	return len(l.rows)
}

// At returns a contact; its numbers must not be changed.
func (l List) At(i int) Contact { return l.row(i).Contact }

func (l List) row(i int) *bookRow { return l.rows[l.index(i)] }

// Only is the list of the contacts that keep says yes to.
func (l List) Only(keep func(Contact) bool) List {
	kept := List{rows: l.rows, at: []int32{}}
	for i := range l.Len() {
		if keep(l.At(i)) {
			kept.at = append(kept.at, l.index(i))
		}
	}
	return kept
}

func (l List) index(i int) int32 {
	if l.at != nil {
		return l.at[i]
	}
	return int32(i)
}
