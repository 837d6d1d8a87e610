package contacts

import (
	"crypto/rand"
	"maps"
	"slices"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

// Book holds the contacts in order of their names, ready to be searched. It belongs to one goroutine. Contacts go in and
// come out as copies.
type Book struct {
	plan   config.Numbering
	newID  func() string
	rows   []*bookRow // in order of their keys
	byID   map[string]*bookRow
	byTail callers // numbers and extensions, by number.Tail

	index      *bookIndex      // nil when rows have changed since
	ranked     []uint8         // of the last search, to be used again
	favourites map[string]bool // IDs of the phonebook's contacts that are favourites, also while it is not loaded
	sealed     error           // why it must not be stored
}

// NewBook returns an empty book. The numbering plan says how numbers are written where the user is.
func NewBook(plan config.Numbering) *Book {
	return &Book{plan: plan, newID: rand.Text, byID: map[string]*bookRow{}, byTail: callers{}, favourites: map[string]bool{}}
}

func (b *Book) insert(r *bookRow) {
	i, _ := slices.BinarySearchFunc(b.rows, r, compareRows)
	b.rows, b.index = slices.Insert(b.rows, i, r), nil
	b.link(r)
}

func (b *Book) link(r *bookRow) {
	b.byID[r.ID] = r
	b.byTail.add(r)
}

func (b *Book) remove(r *bookRow) {
	if i, found := slices.BinarySearchFunc(b.rows, r, compareRows); found {
		b.rows, b.index = slices.Delete(b.rows, i, i+1), nil
	}
	b.unlink(r)
}

func (b *Book) unlink(r *bookRow) {
	delete(b.byID, r.ID)
	b.byTail.remove(r)
}

// Plan says how numbers are written where the user is.
func (b *Book) Plan() config.Numbering { return b.plan }

// Copy returns a book with the same contacts for another goroutine, which has to call Ready before anything else.
func (b *Book) Copy() *Book {
	copied := *b
	copied.rows, copied.favourites = slices.Clone(b.rows), maps.Clone(b.favourites)
	copied.index, copied.ranked, copied.byID, copied.byTail = nil, nil, nil, nil
	return &copied
}

// Ready makes a Copy ready, with pauses.
func (b *Book) Ready(pause func()) { b.replace(b.rows, pause) }

// Len is the number of contacts.
func (b *Book) Len() int { return len(b.rows) }

// Contact returns the contact with that ID.
func (b *Book) Contact(id string) (Contact, bool) {
	r, ok := b.byID[id]
	if !ok {
		return Contact{}, false
	}
	return r.clone(), true
}

// All lists the contacts in order of their names.
func (b *Book) All() []Contact { return b.List(func(Contact) bool { return true }) }

// List lists the contacts that keep says yes to, in order of their names.
func (b *Book) List(keep func(Contact) bool) []Contact {
	list := []Contact{}
	for _, r := range b.rows {
		if keep(r.Contact) {
			list = append(list, r.clone())
		}
	}
	return list
}

// Favourites lists the favourite contacts.
func (b *Book) Favourites() []Contact { return b.List(func(c Contact) bool { return c.Favourite }) }

// Change is what a call changed, to be taken back by Undo.
type Change struct {
	Before, After []Contact // as they were, as they are; matched by ID
}

// Add adds a contact of the user and gives it an ID.
func (b *Book) Add(c Contact) (Contact, Change, error) {
	c, err := c.checked()
	if err != nil {
		return c, Change{}, err
	}
	if len(b.rows) >= Max {
		return c, Change{}, ErrFull
	}
	c.Source, c.ID = Own, b.newID()
	b.insert(b.row(c, nil))
	return c.clone(), Change{After: []Contact{c.clone()}}, nil
}

// Edit puts a contact in the place of the one with its ID.
func (b *Book) Edit(c Contact) (Change, error) {
	old, ok := b.byID[c.ID]
	if !ok {
		return Change{}, ErrNotFound
	}
	if old.ReadOnly() {
		return Change{}, ErrReadOnly
	}
	c, err := c.checked()
	if err != nil {
		return Change{}, err
	}
	c.Source = old.Source
	b.remove(old)
	b.insert(b.row(c, nil))
	return Change{Before: []Contact{old.Contact}, After: []Contact{c.clone()}}, nil
}

// Delete takes contacts out; either all of them or, with an error, none.
func (b *Book) Delete(ids ...string) (Change, error) {
	var change Change
	for _, id := range ids {
		r, ok := b.byID[id]
		switch {
		case !ok:
			return Change{}, ErrNotFound
		case r.ReadOnly():
			return Change{}, ErrReadOnly
		}
		if !slices.ContainsFunc(change.Before, func(c Contact) bool { return c.ID == id }) {
			change.Before = append(change.Before, r.Contact)
		}
	}
	for _, c := range change.Before {
		b.remove(b.byID[c.ID])
	}
	return change, nil
}

// SetFavourite marks a contact, also one of the company phonebook.
func (b *Book) SetFavourite(id string, favourite bool) (Change, error) {
	r, ok := b.byID[id]
	if !ok {
		return Change{}, ErrNotFound
	}
	before := r.clone()
	r = b.withFavourite(r, favourite)
	if b.keepFavourite(r.Contact); !favourite {
		delete(b.favourites, id)
	}
	return Change{Before: []Contact{before}, After: []Contact{r.clone()}}, nil
}

// IsFavourite tells whether a contact is a favourite, also one of a phonebook that is not loaded.
func (b *Book) IsFavourite(id string) bool {
	if r, ok := b.byID[id]; ok {
		return r.Favourite
	}
	return b.favourites[id]
}

// withFavourite puts a changed copy in the place of a row: rows that were given out are never changed.
func (b *Book) withFavourite(r *bookRow, favourite bool) *bookRow {
	fresh := *r
	fresh.Favourite, fresh.data = favourite, nil
	i, _ := slices.BinarySearchFunc(b.rows, r, compareRows)
	b.unlink(r)
	b.rows[i] = &fresh
	b.link(&fresh)
	if b.index != nil { // its text is the same, and who was given the old rows keeps them
		index := *b.index
		index.rows = slices.Clone(b.rows)
		b.index = &index
	}
	return &fresh
}

// keepFavourite remembers a favourite of the phonebook, which is not stored itself.
func (b *Book) keepFavourite(c Contact) {
	if c.ReadOnly() && c.Favourite {
		b.favourites[c.ID] = true
	}
}

// Undo takes a change back: what it added goes, what it changed or deleted is as before. Changes made since to other
// contacts stay.
func (b *Book) Undo(change Change) {
	var gone, come []*bookRow
	seen := map[string]bool{}
	for _, c := range slices.Concat(change.After, change.Before) {
		if r, ok := b.byID[c.ID]; ok && !seen[c.ID] {
			gone, seen[c.ID] = append(gone, r), true
		}
	}
	for _, c := range change.Before {
		come = append(come, b.row(c, nil))
	}
	b.exchange(gone, come)
	for _, c := range change.Before {
		if delete(b.favourites, c.ID); c.Favourite {
			b.keepFavourite(c)
		}
	}
}

// Caller finds who calls from a number or SIP address: the contact whose number agrees in most digits, the user's own
// before the company's. An extension counts when nothing else agrees.
func (b *Book) Caller(from string) (Contact, Number, bool) {
	n := number.Read(from, b.plan)
	var best *bookRow
	bestScore, bestIndex := 0, 0
	for r := range b.byTail.sharing(n.Tail()) {
		score, index := r.match(n, b.plan)
		if score > bestScore || score == bestScore && score > 0 && before(r, best) {
			best, bestScore, bestIndex = r, score, index
		}
	}
	if best == nil {
		return Contact{}, Number{}, false
	}
	return best.clone(), best.Contact.Numbers[bestIndex], true
}

// CallerName is the name of Caller, "" when there is none.
func (b *Book) CallerName(number string) string {
	c, _, _ := b.Caller(number)
	return c.Name
}

func before(a, b *bookRow) bool {
	if a.ReadOnly() != b.ReadOnly() {
		return b.ReadOnly()
	}
	return compareRows(a, b) < 0
}

// match is the best score of a row's numbers, and whose it is.
func (r *bookRow) match(n number.Number, plan config.Numbering) (score, index int) {
	for i := range r.spots {
		own := r.number(i)
		s := number.Match(n, own, plan)
		if own.Extension != "" && s == 0 {
			s = matchExtension(n, own, plan)
		}
		if s > score {
			score, index = s, i
		}
	}
	return score, index
}

// matchExtension takes the bare extension, and the extension dialled behind the number.
func matchExtension(n, own number.Number, plan config.Numbering) int {
	if n.Digits == own.Extension {
		return 1
	}
	whole := own
	whole.Digits, whole.Extension = own.Digits+own.Extension, ""
	return number.Match(n, whole, plan)
}
