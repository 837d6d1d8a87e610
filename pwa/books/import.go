package books

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *Books) actImport(s screen.Snapshot, event screen.Event) screen.Snapshot {
	if e, ok := event.(screen.ReadImport); ok {
		return b.read(s, e)
	}
	if s.Contacts.Import == nil || s.Contacts.Import.Number > 0 {
		return s
	}
	f := b.at.file
	switch e := event.(type) {
	case screen.SetHeader, screen.SetColumn:
		if f.table != nil {
			f.table = retold(*f.table, e)
			f = b.previewing(f, func(f importFile) importFile { return f })
		}
	case screen.SetPolicy:
		f.Policy = e.Policy
	case screen.Import:
		if f.Busy {
			return s
		}
		b.imports++
		f.Busy, f.Number = true, b.imports
		b.running[f.Number] = true
		b.startImport(f, 1)
	}
	return b.preview(s, f)
}

// preview shows a file.
func (b *Books) preview(s screen.Snapshot, f importFile) screen.Snapshot {
	b.at.file, s.Contacts.Import = f, shownFile(f)
	return s
}

// retold is a table of which the user says more.
func retold(t contacts.Table, event screen.Event) *contacts.Table {
	switch e := event.(type) {
	case screen.SetHeader:
		t.SetHeader(e.On)
	case screen.SetColumn:
		if t.Columns = slices.Clone(t.Columns); e.Index < len(t.Columns) {
			t.Columns[e.Index] = contacts.Column(e.Column)
		}
	}
	return &t
}

const maxShownFile = 80 // characters of the name of a file

func openImport(s screen.Snapshot) screen.Snapshot {
	s = s.At(screen.PageContacts)
	s.Detail, s.Contacts.Edit, s.Contacts.Tools = screen.DetailImport, nil, false
	return s
}

// importRead brings what is in a file.
type importRead struct {
	panes *Panes
	count int
	file  importFile
}

func (e importRead) window() *Panes { return e.panes }

func (e importRead) act(b *Books, s screen.Snapshot) screen.Snapshot {
	if e.count == b.at.read && s.Contacts.Import != nil {
		e.file.Policy = b.at.file.Policy
		return b.preview(s, e.file)
	}
	return s
}

// read reads a file beside the goroutine of the phone. Its preview is there at once and waits, so that nothing opens over
// what the user does meanwhile.
func (b *Books) read(s screen.Snapshot, e screen.ReadImport) screen.Snapshot {
	s = openImport(s)
	f := importFile{ImportPreview: screen.ImportPreview{File: number.OneLine(e.Name, maxShownFile)}}
	if len(e.Data) > contacts.MaxFile {
		f.Error = text.Say(text.ImportTooLarge, "size", strconv.Itoa(contacts.MaxFile>>20))
		b.reading()
		return b.preview(s, f)
	}
	return b.preview(s, b.previewing(f, func(f importFile) importFile { return readImport(f, e.Data, b.pause) }))
}

// previewing finds out what an import would bring, beside the goroutine of the phone: in a long file that takes longer than a
// key may wait. What comes meanwhile takes its place.
func (b *Books) previewing(f importFile, first func(importFile) importFile) importFile {
	book, came := b.book.Copy(), importRead{panes: b.at, count: b.reading()}
	f.Busy = false
	go func(f importFile) {
		book.Ready(b.pause)
		came.file = compared(book, first(f), b.pause)
		b.post(came)
	}(f)
	f.Busy = true
	return f
}

// reading numbers what the window whose turn it is reads.
func (b *Books) reading() int {
	b.reads++
	b.at.read = b.reads
	return b.reads
}

func readImport(f importFile, data []byte, pause func()) importFile {
	read, err := contacts.ReadFile(data, pause)
	if err == nil {
		f.table, f.contacts, f.Faults = read.Table, read.Contacts, len(read.Faults)
	}
	var fault contacts.Fault
	if errors.As(err, &fault) && fault.Line > 0 {
		f.Error = text.Say(text.ImportBroken, "line", strconv.Itoa(fault.Line))
	}
	return f
}

// compared tells what an import into a book would bring.
func compared(book *contacts.Book, f importFile, pause func()) importFile {
	if f.table != nil {
		contacts, faults := f.table.Contacts(pause)
		f.contacts, f.Faults = contacts, len(faults)
	}
	f.Duplicates = len(book.Duplicates(f.contacts, pause))
	switch {
	case len(f.contacts) > 0:
		f.Error = text.Sentence{}
	case f.Error.Empty():
		f.Error = text.Say(text.ImportEmpty)
	}
	return f
}

// imported brings a copy of the book with what was imported.
type imported struct {
	panes          *Panes
	version, tries int
	file           importFile
	book           *contacts.Book
	done           contacts.Imported
	change         contacts.Change
}

func (e imported) window() *Panes { return e.panes }

const importTries = 3 // beside the phone; then it has to wait, so that the import comes to an end

// startImport puts contacts into a copy of the book, beside the goroutine of the phone.
func (b *Books) startImport(f importFile, try int) {
	e := imported{panes: b.at, version: b.version, tries: try, file: f, book: b.book.Copy()}
	go func() {
		e.book.Ready(b.pause)
		e.done, e.change = e.book.Import(f.contacts, contacts.Policy(f.Policy), b.pause)
		b.post(e)
	}()
}

// act puts the copy in the place of the book. When that has changed meanwhile the import is done again.
func (e imported) act(b *Books, s screen.Snapshot) screen.Snapshot {
	done, change := e.done, e.change
	switch {
	case !b.running[e.file.Number]:
		return s
	case e.version == b.version:
		b.book = e.book
	case e.tries < importTries:
		b.startImport(e.file, e.tries+1)
		return s
	default:
		done, change = b.book.Import(e.file.contacts, contacts.Policy(e.file.Policy), nil)
	}
	delete(b.running, e.file.Number)
	if p := s.Contacts.Import; p != nil && p.Number == e.file.Number {
		s.Detail, s.Contacts.Import = "", nil
	}
	return b.changed(s, change, text.Imported, "count", strconv.Itoa(done.Added+done.Merged), "skipped",
		strconv.Itoa(done.Skipped+done.Left))
}
