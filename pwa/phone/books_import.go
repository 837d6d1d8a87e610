package phone

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *books) actImport(s screen.Snapshot, event screen.Event) screen.Snapshot {
	if e, ok := event.(screen.ReadImport); ok {
		return b.read(s, e)
	}
	if s.Contacts.Import == nil || s.Contacts.Import.Number > 0 {
		return s
	}
	p := *s.Contacts.Import
	switch e := event.(type) {
	case screen.SetHeader, screen.SetColumn:
		if p.Table != nil {
			p.Table = retold(*p.Table, e)
			p = b.previewing(p, func(p screen.ImportPreview) screen.ImportPreview { return p })
		}
	case screen.SetPolicy:
		p.Policy = e.Policy
	case screen.Import:
		if p.Busy {
			return s
		}
		b.imports++
		p.Busy, p.Number = true, b.imports
		b.running[p.Number] = true
		b.startImport(p, 1)
	}
	s.Contacts.Import = &p
	return s
}

// retold is a table of which the user says more.
func retold(t contacts.Table, event screen.Event) *contacts.Table {
	switch e := event.(type) {
	case screen.SetHeader:
		t.SetHeader(e.On)
	case screen.SetColumn:
		if t.Columns = slices.Clone(t.Columns); e.Index < len(t.Columns) {
			t.Columns[e.Index] = e.Column
		}
	}
	return &t
}

func openImport(s screen.Snapshot) screen.Snapshot {
	s = s.At(screen.PageContacts)
	s.Detail, s.Contacts.Edit, s.Contacts.Tools = screen.DetailImport, nil, false
	return s
}

// importRead brings what is in a file.
type importRead struct {
	unseen
	count   int
	preview screen.ImportPreview
}

func (e importRead) act(b *books, s screen.Snapshot) screen.Snapshot {
	if e.count == b.reads && s.Contacts.Import != nil {
		e.preview.Policy = s.Contacts.Import.Policy
		s.Contacts.Import = &e.preview
	}
	return s
}

// read reads a file beside the goroutine of the phone. Its preview is there at once and waits, so that nothing opens over
// what the user does meanwhile.
func (b *books) read(s screen.Snapshot, e screen.ReadImport) screen.Snapshot {
	s = openImport(s)
	p := screen.ImportPreview{File: number.OneLine(e.Name, maxShownName)}
	if len(e.Data) > contacts.MaxFile {
		p.Error = text.Say(text.ImportTooLarge, "size", strconv.Itoa(contacts.MaxFile>>20))
		b.reads++
		s.Contacts.Import = &p
		return s
	}
	p = b.previewing(p, func(p screen.ImportPreview) screen.ImportPreview { return readImport(p, e.Data, b.pause) })
	s.Contacts.Import = &p
	return s
}

// previewing finds out what an import would bring, beside the goroutine of the phone: in a long file that takes longer than a
// key may wait. What comes meanwhile takes its place.
func (b *books) previewing(p screen.ImportPreview, first func(screen.ImportPreview) screen.ImportPreview) screen.ImportPreview {
	b.reads++
	book, count := b.book.Copy(), b.reads
	p.Busy = false
	go func(p screen.ImportPreview) {
		book.Ready(b.pause)
		b.post(importRead{count: count, preview: preview(book, first(p), b.pause)})
	}(p)
	p.Busy = true
	return p
}

func readImport(p screen.ImportPreview, file []byte, pause func()) screen.ImportPreview {
	read, err := contacts.ReadFile(file, pause)
	if err == nil {
		p.Table, p.Contacts, p.Faults = read.Table, read.Contacts, len(read.Faults)
	}
	var fault contacts.Fault
	if errors.As(err, &fault) && fault.Line > 0 {
		p.Error = text.Say(text.ImportBroken, "line", strconv.Itoa(fault.Line))
	}
	return p
}

// preview tells what an import into a book would bring.
func preview(book *contacts.Book, p screen.ImportPreview, pause func()) screen.ImportPreview {
	if p.Table != nil {
		contacts, faults := p.Table.Contacts(pause)
		p.Contacts, p.Faults = contacts, len(faults)
	}
	p.Duplicates = len(book.Duplicates(p.Contacts, pause))
	switch {
	case len(p.Contacts) > 0:
		p.Error = text.Sentence{}
	case p.Error.Empty():
		p.Error = text.Say(text.ImportEmpty)
	}
	return p
}

// imported brings a copy of the book with what was imported.
type imported struct {
	unseen
	version, tries int
	preview        screen.ImportPreview
	book           *contacts.Book
	done           contacts.Imported
	change         contacts.Change
}

const importTries = 3 // beside the phone; then it has to wait, so that the import comes to an end

// startImport puts contacts into a copy of the book, beside the goroutine of the phone.
func (b *books) startImport(p screen.ImportPreview, try int) {
	e := imported{version: b.version, tries: try, preview: p, book: b.book.Copy()}
	go func() {
		e.book.Ready(b.pause)
		e.done, e.change = e.book.Import(p.Contacts, p.Policy, b.pause)
		b.post(e)
	}()
}

// act puts the copy in the place of the book. When that has changed meanwhile the import is done again.
func (e imported) act(b *books, s screen.Snapshot) screen.Snapshot {
	done, change := e.done, e.change
	switch {
	case !b.running[e.preview.Number]:
		return s
	case e.version == b.version:
		b.book = e.book
	case e.tries < importTries:
		b.startImport(e.preview, e.tries+1)
		return s
	default:
		done, change = b.book.Import(e.preview.Contacts, e.preview.Policy, nil)
	}
	delete(b.running, e.preview.Number)
	if p := s.Contacts.Import; p != nil && p.Number == e.preview.Number {
		s.Detail, s.Contacts.Import = "", nil
	}
	return b.changed(s, change, text.Imported, "count", strconv.Itoa(done.Added+done.Merged), "skipped", strconv.Itoa(done.Skipped+done.Left))
}
