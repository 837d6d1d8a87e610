package store

// Merge joins what two pages have made of one list: theirs, with what mine has added, changed and deleted since base,
// which both began with. What both have changed is as in mine.
func Merge[T any](base, mine, theirs []T, id func(T) string, same func(a, b T) bool) []T {
	before, now, there := byID(base, id), byID(mine, id), byID(theirs, id)
	list := make([]T, 0, len(theirs))
	for _, t := range theirs {
		b, known := before[id(t)]
		switch m, kept := now[id(t)]; {
		case kept && known && same(m, b):
			list = append(list, t)
		case kept:
			list = append(list, m)
		case !known:
			list = append(list, t) // new there
		}
	}
	for _, m := range mine {
		if _, ok := there[id(m)]; ok {
			continue
		}
		if b, known := before[id(m)]; !known || !same(m, b) {
			list = append(list, m) // not deleted there, or changed here since
		}
	}
	return list
}

func byID[T any](list []T, id func(T) string) map[string]T {
	m := make(map[string]T, len(list))
	for _, x := range list {
		m[id(x)] = x
	}
	return m
}
