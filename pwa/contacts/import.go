package contacts

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/sheet"
)

// Fault is something an import left out or changed. Line counts from 1; 0 means the whole file.
type Fault struct {
	Line   int
	Reason string
}

func (f Fault) Error() string {
	if f.Line == 0 {
		return "contacts: import: " + f.Reason
	}
	return fmt.Sprintf("contacts: import: line %d: %s", f.Line, f.Reason)
}

// MaxFile is the largest file taken, in bytes.
const MaxFile = 32 << 20

const maxImportFaults = 100

// Policy says what becomes of a contact that is in the book already.
type Policy uint8

const (
	Skip     Policy = iota // the one in the book stays as it is
	Merge                  // its empty fields are filled, its missing numbers added
	KeepBoth               // both stand in the book
)

// Duplicate is a contact of a file and the one in the book it seems to be.
type Duplicate struct {
	Contact  Contact
	Existing Contact
	ByNumber bool // they share a number too; else the name alone
}

// Duplicates tells which contacts of a file are in the book already: those of the same name with a number in common, or of the
// same name alone unless their organisations differ. Who shares a number under another name is somebody else: many people
// have the number of their switchboard. Read-only contacts of the company count too. It calls pause, which may be nil,
// again and again.
func (b *Book) Duplicates(contacts []Contact, pause func()) []Duplicate {
	step := paced(pause)
	names := b.byName(step)
	var list []Duplicate
	for _, c := range contacts {
		step()
		if r, byNumber := b.duplicate(c, names); r != nil {
			list = append(list, Duplicate{Contact: c, Existing: r.clone(), ByNumber: byNumber})
		}
	}
	return list
}

// byName finds rows by their folded names, the user's own first.
func (b *Book) byName(step func()) map[string][]*bookRow {
	names := make(map[string][]*bookRow, len(b.rows))
	for _, own := range []bool{true, false} {
		for _, r := range b.rows {
			if r.ReadOnly() != own {
				step()
				names[r.folded()] = append(names[r.folded()], r)
			}
		}
	}
	return names
}

// maxNamesakes is how many contacts of one name are compared: more are no people.
const maxNamesakes = 100

// duplicate finds the contact that c seems to be: the one that has all of it already, else one that shares a number, else one
// that may work where c does.
func (b *Book) duplicate(c Contact, names map[string][]*bookRow) (row *bookRow, byNumber bool) {
	namesakes := names[number.Fold(c.Name)]
	if len(namesakes) == 0 {
		return nil, false
	}
	namesakes = namesakes[:min(len(namesakes), maxNamesakes)]
	numbers := make([]number.Number, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = n.read(b.plan)
	}
	for _, r := range namesakes {
		if r.covers(c, numbers, b) {
			return r, len(numbers) > 0
		}
	}
	for _, n := range numbers {
		for _, r := range namesakes {
			if r.has(n, b) {
				return r, true
			}
		}
	}
	for _, r := range namesakes {
		if c.Organisation == "" || r.Organisation == "" || number.Fold(c.Organisation) == number.Fold(r.Organisation) {
			return r, false
		}
	}
	return nil, false
}

// covers reports whether a row has all that a contact of its name has.
func (r *bookRow) covers(c Contact, numbers []number.Number, b *Book) bool {
	mine := r.fields()
	for i, f := range c.fields() {
		if i > 0 && *f != "" && *f != *mine[i] { // the first is the name
			return false
		}
	}
	return !slices.ContainsFunc(numbers, func(n number.Number) bool { return !r.has(n, b) })
}

// read reads a number with the extension that is kept beside it.
func (n Number) read(plan config.Numbering) number.Number {
	read := number.Read(n.Number, plan)
	if n.Extension != "" {
		read.Extension = n.Extension
	}
	return read
}

// has reports whether a row has that number itself, a bare extension does not count.
func (r *bookRow) has(n number.Number, b *Book) bool {
	for i := range r.spots {
		if own := r.number(i); own.Extension == n.Extension && number.Match(own, n, b.plan) > 0 {
			return true
		}
	}
	return false
}

// File is what is in a file of contacts: a table whose columns have to be told, or the contacts of vCards.
type File struct {
	Table    *Table
	Contacts []Contact
	Faults   []Fault // of the contacts; those of a table are told when contacts are made of it
}

// ReadFile reads a file of contacts, vCards or CSV. It calls pause, which may be nil, again and again while it works.
func ReadFile(data []byte, pause func()) (File, error) {
	if IsVCard(data) {
		contacts, faults, err := ReadVCards(data, pause)
		return File{Contacts: contacts, Faults: faults}, err
	}
	table, err := ReadCSV(data, pause)
	if err != nil {
		return File{}, err
	}
	return File{Table: &table}, nil
}

// IsVCard tells whether a file begins as vCards do.
func IsVCard(data []byte) bool {
	if sheet.Wide(data) {
		data = []byte(sheet.Decode(data[:min(len(data), 256)], nil))
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	return len(data) >= 6 && bytes.EqualFold(data[:6], []byte("BEGIN:"))
}

// Imported counts what an import did.
type Imported struct {
	Added, Merged, Skipped, Left int // together as many as there were; Left: without a name or number, or over a limit
}

// Import adds contacts as the user's own. It can be undone as one change. It calls pause, which may be nil, again and again
// while it works. What it adds is ready to be stored.
func (b *Book) Import(contacts []Contact, policy Policy, pause func()) (Imported, Change) {
	step := paced(pause)
	i := importing{book: b, names: b.byName(step), fresh: map[string]*bookRow{}, before: map[string]*bookRow{}}
	for _, c := range contacts {
		step()
		i.take(c.cleaned().named(), policy)
	}
	return i.done, i.settle(pause)
}

// importing is an import under way. New and changed rows are known by name and ID only until it settles: to put each into its
// place would cost as much as there are contacts.
type importing struct {
	book   *Book
	names  map[string][]*bookRow
	fresh  map[string]*bookRow // what stands in the book after it, by ID
	before map[string]*bookRow // what those were that it has changed, by ID
	done   Imported
	in     slab
}

func (i *importing) take(c Contact, policy Policy) {
	if c.Name == "" {
		i.done.Left++
		return
	}
	var existing *bookRow
	if policy != KeepBoth {
		existing, _ = i.book.duplicate(c, i.names)
	}
	switch {
	case existing != nil && (policy == Skip || existing.ReadOnly()):
		i.done.Skipped++
	case existing != nil:
		i.merge(existing, c)
	case len(i.book.rows)+len(i.fresh)-len(i.before) >= Max:
		i.done.Left++
	default:
		c.Source, c.ID = Own, i.book.newID()
		i.put(i.book.row(c, &i.in))
		i.done.Added++
	}
}

func (i *importing) put(r *bookRow) {
	r.encode() // what cannot be, Save tells
	i.fresh[r.ID] = r
	i.names[r.folded()] = append(i.names[r.folded()], r)
}

// merge fills a contact of the book with what another one knows more.
func (i *importing) merge(existing *bookRow, c Contact) {
	merged, from := existing.clone(), c.fields()
	for at, f := range merged.fields() {
		if *f == "" {
			*f = *from[at]
		}
	}
	for _, n := range c.Numbers {
		if !existing.has(n.read(i.book.plan), i.book) {
			merged.Numbers = append(merged.Numbers, n)
		}
	}
	switch {
	case len(merged.Numbers) > MaxNumbers: // a part of them would be lost
		i.done.Left++
		return
	case sameContact(existing.Contact, merged):
		i.done.Skipped++
		return
	}
	namesakes := i.names[existing.folded()]
	i.names[existing.folded()] = slices.DeleteFunc(namesakes, func(r *bookRow) bool { return r == existing })
	if _, again := i.fresh[existing.ID]; !again {
		i.before[existing.ID] = existing
	}
	i.put(i.book.row(merged, &i.in))
	i.done.Merged++
}

// settle puts what has changed into the book.
func (i *importing) settle(pause func()) Change {
	var change Change
	step := paced(pause)
	all := make([]*bookRow, 0, len(i.book.rows)+len(i.fresh))
	for _, r := range i.book.rows {
		if step(); i.before[r.ID] != nil {
			change.Before = append(change.Before, r.clone())
			continue
		}
		all = append(all, r)
	}
	for _, r := range i.fresh {
		all = append(all, r)
	}
	i.book.replace(all, pause)
	for _, r := range i.book.rows {
		if step(); i.fresh[r.ID] == r {
			change.After = append(change.After, r.clone())
		}
	}
	return change
}

func sameContact(a, b Contact) bool {
	x, y := a.fields(), b.fields()
	for i := range x {
		if *x[i] != *y[i] {
			return false
		}
	}
	return slices.Equal(a.Numbers, b.Numbers)
}
