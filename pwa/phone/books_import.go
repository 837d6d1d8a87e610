package phone

import (
	"bytes"
	"slices"
)

func (b *books) actImport(s Snapshot, e Event) Snapshot {
	if read, ok := e.(ReadImport); ok {
		return b.read(s, read)
	}
	if s.Contacts.Import == nil {
		return s
	}
	p := *s.Contacts.Import
	switch e := e.(type) {
	case SetColumn:
		if p.Table == nil || e.Index >= len(p.Table.Columns) {
			return s
		}
		table := *p.Table
		table.Columns = slices.Clone(table.Columns)
		table.Columns[e.Index] = e.Column
		p.Table = &table
		p = b.preview(p)
	case SetPolicy:
		p.Policy = e.Policy
	case Import:
		done, change := b.book.Import(p.Contacts, p.Policy)
		s.Detail, s.Contacts.Import = "", nil
		return b.changed(s, change, TextImported, "count", itoa(done.Added+done.Merged), "skipped", itoa(done.Skipped+done.Left))
	default:
		return s
	}
	s.Contacts.Import = &p
	return s
}

func (b *books) read(s Snapshot, e ReadImport) Snapshot {
	s = shown(s, PageContacts)
	s.Detail, s.Contacts.Edit, s.Contacts.Tools = DetailImport, nil, false
	p := ImportPreview{File: cleanText(e.Name, maxShownName)}
	if len(e.Data) > MaxImport {
		p.Error = say(TextImportTooLarge, "size", itoa(MaxImport>>20))
		s.Contacts.Import = &p
		return s
	}
	data := bytes.TrimSpace(bytes.TrimPrefix(e.Data, []byte("\ufeff")))
	if len(data) >= 6 && bytes.EqualFold(data[:6], []byte("BEGIN:")) {
		contacts, faults, err := ReadVCards(e.Data)
		p.Contacts, p.Faults = contacts, len(faults)
		if err != nil {
			p.Contacts = nil
		}
	} else if table, err := ReadCSV(e.Data); err == nil {
		p.Table = &table
	}
	p = b.preview(p)
	s.Contacts.Import = &p
	return s
}

// preview tells what an import would bring.
func (b *books) preview(p ImportPreview) ImportPreview {
	if p.Table != nil {
		contacts, faults := p.Table.Contacts()
		p.Contacts, p.Faults = contacts, len(faults)
	}
	p.Duplicates = len(b.book.Duplicates(p.Contacts))
	p.Error = Sentence{}
	if len(p.Contacts) == 0 {
		p.Error = say(TextImportEmpty)
	}
	return p
}
