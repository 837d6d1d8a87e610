package contacts

import "slices"

// replace makes the book anew from rows in any order.
func (b *Book) replace(rows []*bookRow, pause func()) {
	step := paced(pause)
	b.rows, b.index = sorted(rows, step), nil
	b.byID = make(map[string]*bookRow, len(rows))
	b.byTail = make(callers, len(rows))
	for _, r := range b.rows {
		step()
		b.link(r)
	}
	if pause != nil {
		b.index = b.newIndex(step) // whoever searches first would have to wait for it
	}
}

// sorted sorts rows by merging, so that others may run meanwhile: to sort them all takes longer than a key may wait. The rows it
// is given may lie in another order then.
func sorted(rows []*bookRow, step func()) []*bookRow {
	for part := range slices.Chunk(rows, sliceLength) {
		slices.SortFunc(part, compareRows)
		step()
	}
	spare := make([]*bookRow, len(rows))
	for width := sliceLength; width < len(rows); width *= 2 {
		for from := 0; from < len(rows); from += 2 * width {
			middle, end := min(from+width, len(rows)), min(from+2*width, len(rows))
			merge(spare[from:end], rows[from:middle], rows[middle:end], step)
		}
		rows, spare = spare, rows
	}
	return rows
}

func merge(into, a, b []*bookRow, step func()) {
	for i := range into {
		step()
		if len(b) == 0 || len(a) > 0 && compareRows(a[0], b[0]) <= 0 {
			into[i], a = a[0], a[1:]
		} else {
			into[i], b = b[0], b[1:]
		}
	}
}
