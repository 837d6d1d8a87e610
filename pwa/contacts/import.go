package contacts

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pwa/number"
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
	ByNumber bool // they share a number; else the name
}

// Duplicates tells which contacts of a file are in the book already, by a number or, without one in common, by the same
// name. Read-only contacts of the company count too. It calls pause, which may be nil, again and again.
func (b *Book) Duplicates(contacts []Contact, pause func()) []Duplicate {
	names, step := b.byName(), paced(pause)
	var list []Duplicate
	for _, c := range contacts {
		step()
		if r, byNumber := b.duplicate(c, names); r != nil {
			list = append(list, Duplicate{Contact: c, Existing: r.clone(), ByNumber: byNumber})
		}
	}
	return list
}

func (b *Book) byName() map[string]*bookRow {
	names := make(map[string]*bookRow, len(b.rows))
	for _, r := range b.rows {
		if name := number.Fold(r.Name); names[name] == nil || names[name].ReadOnly() {
			names[name] = r
		}
	}
	return names
}

func (b *Book) duplicate(c Contact, names map[string]*bookRow) (row *bookRow, byNumber bool) {
	for _, n := range c.Numbers {
		number := number.Read(n.Number, b.plan)
		number.Extension = n.Extension
		for _, r := range b.byTail[number.Tail()] {
			if r.has(number, b) {
				return r, true
			}
		}
	}
	return names[number.Fold(c.Name)], false
}

// has reports whether a row has that number itself, a bare extension does not count.
func (r *bookRow) has(n number.Number, b *Book) bool {
	return slices.ContainsFunc(r.numbers, func(own number.Number) bool {
		return own.Extension == n.Extension && number.Match(own, n, b.plan) > 0
	})
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
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	return len(data) >= 6 && bytes.EqualFold(data[:6], []byte("BEGIN:"))
}

// Imported counts what an import did.
type Imported struct {
	Added, Merged, Skipped, Left int // Left: without a name or number, or over the limit
}

// Import adds contacts as the user's own. It can be undone as one change. It calls pause, which may be nil, again and again
// while it works. What it adds is ready to be stored.
func (b *Book) Import(contacts []Contact, policy Policy, pause func()) (Imported, Change) {
	step := paced(pause)
	var done Imported
	var change Change
	names := b.byName()
	rows := map[string]*bookRow{} // what is new
	for _, c := range contacts {
		step()
		c = c.cleaned().named()
		existing, _ := b.duplicate(c, names)
		switch {
		case c.Name == "":
			done.Left++
		case existing != nil && policy == Skip, existing != nil && policy == Merge && existing.ReadOnly():
			done.Skipped++
		case existing != nil && policy == Merge:
			done.Merged += b.merge(existing, c, rows, names, &change)
		case len(b.byID) >= Max:
			done.Left++
		default:
			c.Source, c.ID = Own, b.newID()
			r := b.row(c)
			rows[c.ID], names[number.Fold(c.Name)] = r, r
			b.link(r)
			done.Added++
		}
	}
	b.settleImport(rows, &change, pause)
	return done, change
}

// settleImport puts the new rows, known by ID and number so far, into the order of names.
func (b *Book) settleImport(rows map[string]*bookRow, change *Change, pause func()) {
	all := slices.Clone(b.rows)
	for _, r := range rows {
		all = append(all, r)
	}
	b.replace(all, pause)
	step := paced(pause)
	for _, r := range b.rows {
		if rows[r.ID] != nil {
			step()
			r.encode() // what cannot be, Save tells
			change.After = append(change.After, r.clone())
		}
	}
}

// merge fills a contact of the book with what another one knows more. It counts 1 when something was to be filled.
func (b *Book) merge(existing *bookRow, c Contact, rows map[string]*bookRow, names map[string]*bookRow, change *Change) int {
	merged := existing.clone()
	before, after := existing.clone(), &merged
	from := c.fields()
	for i, f := range after.fields() {
		if *f == "" {
			*f = *from[i]
		}
	}
	for _, n := range c.Numbers {
		number := number.Read(n.Number, b.plan)
		number.Extension = n.Extension
		if !existing.has(number, b) && len(after.Numbers) < MaxNumbers {
			after.Numbers = append(after.Numbers, n)
		}
	}
	if sameContact(before, merged) {
		return 0
	}
	row := b.row(merged)
	row.encode() // as in settleImport
	names[number.Fold(merged.Name)] = row
	if _, fresh := rows[merged.ID]; fresh {
		b.unlink(existing)
		b.link(row)
		rows[merged.ID] = row
		return 1
	}
	b.remove(existing)
	b.insert(row)
	b.recordMerge(before, merged, change)
	return 1
}

// recordMerge keeps the first state and the last of a contact merged several times.
func (b *Book) recordMerge(before, after Contact, change *Change) {
	sameID := func(c Contact) bool { return c.ID == after.ID }
	if i := slices.IndexFunc(change.After, sameID); i >= 0 {
		change.After[i] = after
		return
	}
	change.Before = append(change.Before, before)
	change.After = append(change.After, after)
}

func (b *Book) unlink(r *bookRow) {
	delete(b.byID, r.ID)
	for _, key := range r.keys() {
		b.byTail[key] = slices.DeleteFunc(b.byTail[key], func(x *bookRow) bool { return x == r })
	}
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

// phonebookID keeps the ID the phonebook gave, else makes one of name and numbers, so that it is the same after the next
// synchronisation.
func phonebookID(c Contact) string {
	if c.ID != "" {
		return "phonebook:" + c.ID
	}
	h := fnv.New64a()
	h.Write([]byte(c.Name))
	for _, n := range c.Numbers {
		h.Write([]byte("\x00" + n.Number + "\x00" + n.Extension))
	}
	return "phonebook:" + strconv.FormatUint(h.Sum64(), 36)
}
