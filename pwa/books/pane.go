package books

import (
	"slices"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

const maxDetailCalls = 20

// historyPane makes the list and the chosen call.
func (b *Books) historyPane(s screen.Snapshot) screen.HistoryPane {
	p := s.History
	p.Total, p.Chosen = b.history.Len(), nil
	if s.List != screen.PageHistory {
		return p
	}
	p.Days, p.More = b.days(b.filtered(p))
	if e, ok := b.history.Entry(s.Detail); ok {
		p.Chosen = b.callDetail(p, e)
	}
	return p
}

func (b *Books) filtered(p screen.HistoryPane) []history.Entry {
	found := b.history.Search(strings.TrimSpace(p.Query), 0, b.book.CallerName)
	if p.Filter == screen.FilterAll {
		return found
	}
	return slices.DeleteFunc(found, func(e history.Entry) bool { return !takes(p.Filter, e) })
}

func takes(f screen.HistoryFilter, e history.Entry) bool {
	switch f {
	case screen.FilterMissed:
		return e.Missed
	case screen.FilterIncoming:
		return e.Direction == ua.Incoming && !e.Missed
	case screen.FilterOutgoing:
		return e.Direction == ua.Outgoing
	}
	return true
}

func (b *Books) days(entries []history.Entry) (days []screen.CallDay, more bool) {
	left := b.at.limit
	for _, d := range history.Days(entries, time.Local, b.cfg.Numbering) {
		day := screen.CallDay{Date: d.Date}
		for _, g := range d.Groups {
			if left == 0 {
				more = true
				break
			}
			left--
			day.Lines = append(day.Lines, b.line(g))
		}
		if len(day.Lines) > 0 {
			days = append(days, day)
		}
	}
	return days, more
}

func (b *Books) line(g history.Group) screen.CallLine {
	l := screen.CallLine{CallGroup: screen.CallGroup{Entries: pastCalls(g.Entries), Missed: g.Missed, Unseen: g.Unseen},
		Name: g.Newest().Name}
	if c, _, ok := b.book.Caller(g.Newest().Number); ok {
		l.Name, l.ContactID = c.Name, c.ID
	}
	return l
}

func (b *Books) callDetail(p screen.HistoryPane, e history.Entry) *screen.CallDetail {
	d := &screen.CallDetail{CallLine: b.line(history.Group{Entries: []history.Entry{e}, Missed: e.Missed})}
	for _, day := range p.Days {
		for _, l := range day.Lines {
			if slices.ContainsFunc(l.Entries, func(x screen.PastCall) bool { return x.ID == e.ID }) {
				d.CallLine = l
			}
		}
	}
	if c, ok := b.book.Contact(d.ContactID); ok {
		d.Organisation = c.Organisation
	}
	d.Calls = b.callsWith(e.Number)
	if e.Number == "" {
		d.Calls = d.Entries
	}
	return d
}

// callsWith lists the last calls with a number.
func (b *Books) callsWith(numbers ...string) []screen.PastCall {
	return pastCalls(b.history.With(maxDetailCalls, b.cfg.Numbering, numbers...))
}

// contactsPane makes the list and the chosen contact.
func (b *Books) contactsPane(s screen.Snapshot) screen.ContactsPane {
	p := s.Contacts
	p.Total, p.Chosen, p.Height = b.book.Len(), nil, b.at.height
	if s.List != screen.PageContacts {
		return p
	}
	b.at.found = b.book.Find(p.Query, 0)
	if p.Favourites {
		b.at.found = b.at.found.Only(func(c contacts.Contact) bool { return c.Favourite })
	}
	p.Found, p.Rows = b.at.found.Len(), nil
	if c, ok := b.book.Contact(s.Detail); ok {
		p.Chosen = &screen.ContactDetail{Contact: shownContact(c), Calls: b.callsWith(numbersOf(c)...)}
	}
	return p
}

// drawn is the pane with the rows to draw of what was found: some dozens, however long the list is, and the same ones as long as
// it stands still.
func (b *Books) drawn(p screen.ContactsPane) screen.ContactsPane {
	from, to := p.Window()
	if p.From == from && len(p.Rows) == to-from {
		return p
	}
	p.From, p.Rows = from, make([]screen.Contact, to-from)
	for i := range p.Rows {
		p.Rows[i] = shownContact(b.at.found.At(from + i))
	}
	return p
}

// numbersOf lists the numbers of a contact.
func numbersOf(c contacts.Contact) []string {
	numbers := make([]string, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = n.Number
	}
	return numbers
}
