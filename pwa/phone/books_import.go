package phone

import (
	"slices"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *books) actImport(s screen.Snapshot, event screen.Event) screen.Snapshot {
	if e, ok := event.(screen.ReadImport); ok {
		return b.read(s, e)
	}
	if s.Contacts.Import == nil || s.Contacts.Import.Busy {
		return s
	}
	p := *s.Contacts.Import
	switch e := event.(type) {
	case screen.SetColumn:
		if p.Table == nil || e.Index >= len(p.Table.Columns) {
			return s
		}
		table := *p.Table
		table.Columns = slices.Clone(table.Columns)
		table.Columns[e.Index] = e.Column
		p.Table = &table
		p = preview(b.book, p, nil)
	case screen.SetPolicy:
		p.Policy = e.Policy
	case screen.Import:
		b.imports++
		p.Busy, p.Number = true, b.imports
		b.running[p.Number] = true
		b.startImport(p, 1)
	}
	s.Contacts.Import = &p
	return s
}

func openImport(s screen.Snapshot) screen.Snapshot {
	s = shown(s, screen.PageContacts)
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
		s.Contacts.Import = &e.preview
	}
	return s
}

// read reads a file beside the goroutine of the phone. Its preview is there at once and waits, so that nothing opens over
// what the user does meanwhile.
func (b *books) read(s screen.Snapshot, e screen.ReadImport) screen.Snapshot {
	b.reads++
	s = openImport(s)
	p := screen.ImportPreview{File: number.OneLine(e.Name, maxShownName)}
	if len(e.Data) > contacts.MaxFile {
		p.Error = text.Say(text.ImportTooLarge, "size", itoa(contacts.MaxFile>>20))
		s.Contacts.Import = &p
		return s
	}
	book, count := b.book.Copy(), b.reads
	go func() {
		book.Ready(b.pause)
		b.post(importRead{count: count, preview: preview(book, readImport(p, e.Data, b.pause), b.pause)})
	}()
	waiting := p
	waiting.Busy = true
	s.Contacts.Import = &waiting
	return s
}

func readImport(p screen.ImportPreview, file []byte, pause func()) screen.ImportPreview {
	if read, err := contacts.ReadFile(file, pause); err == nil {
		p.Table, p.Contacts, p.Faults = read.Table, read.Contacts, len(read.Faults)
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
	p.Error = text.Sentence{}
	if len(p.Contacts) == 0 {
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
	return b.changed(s, change, text.Imported, "count", itoa(done.Added+done.Merged), "skipped", itoa(done.Skipped+done.Left))
}
