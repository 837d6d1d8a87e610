package history

import (
	"slices"

	"github.com/gowebphone/webphone/pwa/store"
)

// Join takes over what another page has written under the key of this history; base is the document that both began with.
// A nil document is one that is not there. It reports whether this history differs from theirs now, and has to be saved.
func (h *History) Join(base, theirs []byte) (differs bool, err error) {
	before, there := New(), New()
	before.readDocument(base) // one that was damaged has been put aside: nothing of it is here
	if err := there.readDocument(theirs); err != nil {
		return false, err
	}
	list := store.Merge(before.entries, h.entries, there.entries, func(e Entry) string { return e.ID }, sameEntry)
	h.entries = make([]Entry, 0, len(list))
	seen := map[string]bool{}
	for _, e := range list {
		h.read(e, seen)
	}
	return !slices.EqualFunc(h.entries, there.entries, sameEntry), nil
}

func (h *History) readDocument(raw []byte) error {
	if raw == nil {
		return nil
	}
	var rows []storedEntry
	_, err := historyKind.Read(raw, &rows)
	h.fill(rows)
	return err
}

// sameEntry compares moments as moments: what was stored has lost its zone.
func sameEntry(a, b Entry) bool {
	same := a.Start.Equal(b.Start) && a.Answered.Equal(b.Answered)
	a.Start, a.Answered, a.Duration = b.Start, b.Answered, b.Duration // of one call: it follows from the others
	return same && a == b
}
