package books

import (
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

// A Snapshot is plain data, which knows neither the contacts nor the history. What comes of them is put into its words here.

func shownContact(c contacts.Contact) screen.Contact {
	numbers := make([]screen.Number, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = screen.Number{Name: n.Name, Number: n.Number, Extension: n.Extension, Dial: n.Dial()}
	}
	return screen.Contact{
		ID: c.ID, Name: c.Name, Customer: c.Customer, Given: c.Given, Family: c.Family, Organisation: c.Organisation, Type: c.Type,
		Category: c.Category, Numbers: numbers, Favourite: c.Favourite, ReadOnly: c.ReadOnly(),
	}
}

func shownContacts(list []contacts.Contact) []screen.Contact {
	shown := make([]screen.Contact, len(list))
	for i, c := range list {
		shown[i] = shownContact(c)
	}
	return shown
}

// writtenContact is one that a window has sent. Whose it is, the book knows.
func writtenContact(c screen.Contact) contacts.Contact {
	numbers := make([]contacts.Number, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = contacts.Number{Name: n.Name, Number: n.Number, Extension: n.Extension}
	}
	return contacts.Contact{
		ID: c.ID, Name: c.Name, Customer: c.Customer, Given: c.Given, Family: c.Family, Organisation: c.Organisation, Type: c.Type,
		Category: c.Category, Numbers: numbers, Favourite: c.Favourite,
	}
}

const previewRows = 20 // contacts of a file that are shown before they are imported

// shownFile fills the preview of a file with what stands in it.
func shownFile(f importFile) *screen.ImportPreview {
	p := f.ImportPreview
	p.Columns, p.Header = nil, false
	if f.table != nil {
		p.Header = f.table.Header
		for i, c := range f.table.Columns {
			p.Columns = append(p.Columns, screen.ImportColumn{Title: f.table.Title(i), Holds: screen.Column(c)})
		}
	}
	p.Found, p.Rows = len(f.contacts), shownContacts(f.contacts[:min(previewRows, len(f.contacts))])
	return &p
}

// pastCalls are entries as a window shows them.
func pastCalls(entries []history.Entry) []screen.PastCall {
	calls := make([]screen.PastCall, len(entries))
	for i, e := range entries {
		calls[i] = screen.PastCall(e)
	}
	return calls
}
