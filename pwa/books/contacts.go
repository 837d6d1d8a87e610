package books

import (
	"errors"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *Books) actContacts(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.SearchContacts:
		s.Contacts.Query, s.Contacts.First = e.Query, 0
	case screen.ShowFavourites:
		s.Contacts.Favourites, s.Contacts.First = e.On, 0
	case screen.ScrollContacts:
		s.Contacts.First, s.Contacts.Row = e.First, e.Row
	case screen.EditContact:
		return b.edit(s, e)
	case screen.AddNumber, screen.RemoveNumber:
		return changeRows(s, e)
	case screen.SaveContact:
		return b.saveContact(s, writtenContact(e.Contact))
	case screen.CancelEdit:
		if p := s.Contacts.Import; p != nil {
			delete(b.running, p.Number)
		}
		s.Contacts.Edit, s.Contacts.Import = nil, nil
		if s.Detail == screen.DetailNew || s.Detail == screen.DetailImport {
			s.Detail = ""
		}
	case screen.DeleteContact:
		c, _ := b.book.Contact(e.ID)
		change, err := b.book.Delete(e.ID)
		if err != nil {
			return s.WithProblem(text.Say(text.CommandFailed))
		}
		s.Detail, s.Contacts.Edit = "", nil
		return b.changed(s, change, text.ContactDeleted, "name", c.Name)
	case screen.SetFavourite:
		if _, err := b.book.SetFavourite(e.ID, e.On); err == nil {
			b.bookChanged()
		}
	case screen.ExportContacts:
		return b.exportContacts(s, e.CSV)
	}
	return s
}

func (b *Books) edit(s screen.Snapshot, e screen.EditContact) screen.Snapshot {
	c, known := b.book.Contact(e.ID)
	if known && c.ReadOnly() {
		return s
	}
	if !known {
		c = contacts.Contact{Name: e.Name}
		if e.Number != "" {
			c.Numbers = []contacts.Number{{Number: e.Number}}
		}
	}
	s = s.At(screen.PageContacts)
	s.Detail = choose(known, c.ID, screen.DetailNew)
	b.undos++
	s.Contacts.Edit = &screen.ContactForm{Contact: shownContact(c), Rows: max(1, len(c.Numbers)), Count: b.undos}
	s.Contacts.Import = nil
	return s
}

func changeRows(s screen.Snapshot, e screen.Event) screen.Snapshot {
	if s.Contacts.Edit == nil {
		return s
	}
	form := *s.Contacts.Edit
	switch e := e.(type) {
	case screen.AddNumber:
		form.Rows = min(form.Rows+1, contacts.MaxNumbers)
	case screen.RemoveNumber:
		form.Gone |= 1 << e.Row
	}
	s.Contacts.Edit = &form
	return s
}

func (b *Books) saveContact(s screen.Snapshot, c contacts.Contact) screen.Snapshot {
	if s.Contacts.Edit == nil {
		return s
	}
	form := *s.Contacts.Edit
	var err error
	if c.ID = form.ID; c.ID == "" {
		c, _, err = b.book.Add(c)
	} else {
		c.Favourite = form.Favourite
		_, err = b.book.Edit(c)
	}
	if errors.Is(err, contacts.ErrNotFound) {
		form.ID = "" // deleted by another page: what was typed here is not lost
	}
	if err != nil {
		form.Error = contactSentence(err)
		s.Contacts.Edit = &form
		return s
	}
	b.bookChanged()
	s.Detail, s.Contacts.Edit = c.ID, nil
	s.Live = text.Say(text.ContactSaved, "name", c.Name)
	return s
}

func contactSentence(err error) text.Sentence {
	switch {
	case errors.Is(err, contacts.ErrName):
		return text.Say(text.ContactName)
	case errors.Is(err, contacts.ErrNotFound):
		return text.Say(text.ContactGone)
	case errors.Is(err, contacts.ErrFull):
		return text.Say(text.BookFull)
	}
	return text.Say(text.ContactTooLong)
}

func (b *Books) exportContacts(s screen.Snapshot, csv bool) screen.Snapshot {
	own := b.book.List(func(c contacts.Contact) bool { return !c.ReadOnly() })
	s.Contacts.Tools = false
	if csv {
		data, err := contacts.WriteCSV(own)
		return save(s, "contacts.csv", "text/csv", data, err)
	}
	data, err := contacts.WriteVCards(own)
	return save(s, "contacts.vcf", "text/vcard", data, err)
}
