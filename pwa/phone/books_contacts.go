package phone

import (
	"errors"

	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *books) actContacts(s Snapshot, e Event) Snapshot {
	switch e := e.(type) {
	case SearchContacts:
		s.Contacts.Query, s.Contacts.First = e.Query, 0
	case ShowFavourites:
		s.Contacts.Favourites, s.Contacts.First = e.On, 0
	case ScrollContacts:
		s.Contacts.First, s.Contacts.Row = e.First, e.Row
	case EditContact:
		return b.edit(s, e)
	case AddNumber, RemoveNumber:
		return changeRows(s, e)
	case SaveContact:
		return b.saveContact(s, e.Contact)
	case CancelEdit:
		if p := s.Contacts.Import; p != nil {
			delete(b.running, p.number)
		}
		s.Contacts.Edit, s.Contacts.Import = nil, nil
		if s.Detail == DetailNew || s.Detail == DetailImport {
			s.Detail = ""
		}
	case DeleteContact:
		c, _ := b.book.Contact(e.ID)
		change, err := b.book.Delete(e.ID)
		if err != nil {
			return withProblem(s, text.Say(text.CommandFailed))
		}
		s.Detail, s.Contacts.Edit = "", nil
		return b.changed(s, change, text.ContactDeleted, "name", c.Name)
	case SetFavourite:
		if _, err := b.book.SetFavourite(e.ID, e.On); err == nil {
			b.bookChanged()
		}
	case ExportContacts:
		return b.exportContacts(s, e.CSV)
	default:
		return b.actImport(s, e)
	}
	return s
}

func (b *books) bookChanged() {
	b.version++
	if b.loading {
		return
	}
	b.keep(b.book.Save(background, b.store, contactsDoc(b.account)))
}

// changed keeps a change and offers to take it back.
func (b *books) changed(s Snapshot, change contacts.Change, done text.Key, args ...string) Snapshot {
	b.bookChanged()
	undo := func() {
		b.book.Undo(change)
		b.bookChanged()
	}
	return b.offer(s, undo, done, args...)
}

func (b *books) edit(s Snapshot, e EditContact) Snapshot {
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
	s = shown(s, PageContacts)
	s.Detail = choose(known, c.ID, DetailNew)
	b.undos++
	s.Contacts.Edit = &ContactForm{Contact: c, Rows: max(1, len(c.Numbers)), Count: b.undos}
	s.Contacts.Import = nil
	return s
}

func changeRows(s Snapshot, e Event) Snapshot {
	if s.Contacts.Edit == nil {
		return s
	}
	form := *s.Contacts.Edit
	switch e := e.(type) {
	case AddNumber:
		form.Rows = min(form.Rows+1, contacts.MaxNumbers)
	case RemoveNumber:
		form.Gone |= 1 << e.Row
	}
	s.Contacts.Edit = &form
	return s
}

func (b *books) saveContact(s Snapshot, c contacts.Contact) Snapshot {
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

func (b *books) exportContacts(s Snapshot, csv bool) Snapshot {
	own := b.book.List(func(c contacts.Contact) bool { return !c.ReadOnly() })
	s.Contacts.Tools = false
	if csv {
		data, err := contacts.WriteCSV(own)
		return save(s, "contacts.csv", "text/csv", data, err)
	}
	data, err := contacts.WriteVCards(own)
	return save(s, "contacts.vcf", "text/vcard", data, err)
}

// contactsPane makes the list and the chosen contact.
func (b *books) contactsPane(s Snapshot) ContactsPane {
	p := s.Contacts
	p.Total, p.Chosen, p.Height = b.book.Len(), nil, b.height
	if s.List != PageContacts {
		return p
	}
	p.Found = b.book.Find(p.Query, 0)
	if p.Favourites {
		p.Found = p.Found.Only(func(c contacts.Contact) bool { return c.Favourite })
	}
	if c, ok := b.book.Contact(s.Detail); ok {
		numbers := make([]string, len(c.Numbers))
		for i, n := range c.Numbers {
			numbers[i] = n.Number
		}
		p.Chosen = &ContactDetail{Contact: c, Calls: b.callsWith(numbers...)}
	}
	return p
}
