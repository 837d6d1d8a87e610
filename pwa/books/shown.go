package books

import (
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// A Snapshot is plain data, which knows neither the contacts nor the history. What comes of them is put into its words here.

func shownContact(c contacts.Contact) screen.Contact {
	numbers := make([]screen.Number, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = screen.Number{Name: n.Name, Number: n.Number, Extension: n.Extension, Dial: n.Dial()}
	}
	return screen.Contact{
		ID: c.ID, Name: c.Name, Customer: c.Customer, Given: c.Given, Family: c.Family, Organisation: c.Organisation,
		Type:     c.Type,
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
		ID: c.ID, Name: c.Name, Customer: c.Customer, Given: c.Given, Family: c.Family, Organisation: c.Organisation,
		Type:     c.Type,
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

// onTheLine is the number of who is on the line of a call that is shown; see history.OnTheLine.
func onTheLine(c screen.Call) string {
	return history.OnTheLine(ua.CallInfo{
		Direction: ua.Direction(c.Direction), Remote: ua.Address(c.Remote), Asserted: c.Asserted, Dialled: c.Dialled})
}

// pastCalls are entries as a window shows them.
func pastCalls(entries []history.Entry) []screen.PastCall {
	calls := make([]screen.PastCall, len(entries))
	for i, e := range entries {
		calls[i] = pastCall(e)
	}
	return calls
}

func pastCall(e history.Entry) screen.PastCall {
	return screen.PastCall{
		ID: e.ID, Direction: screen.Direction(e.Direction), Name: e.Name, Number: e.Number, URI: e.URI, Start: e.Start,
		Answered: e.Answered,
		Duration: e.Duration, End: endText(e), Code: e.Code, Connected: e.Connected, Missed: e.Missed, Seen: e.Seen, Done: e.Done,
		Note: e.Note,
	}
}

// endText is a word for how a call ended, "" when there is nothing to say: it was talked, or simply missed.
func endText(e history.Entry) text.Key {
	if !e.Answered.IsZero() {
		return ""
	}
	switch e.Cause {
	case ua.CauseAnsweredElsewhere:
		return text.EndElsewhere
	case ua.CauseBusy:
		return text.EndBusy
	case ua.CauseRejectedLocal:
		return choose(e.Missed, "", text.EndDeclined)
	case ua.CauseRejected:
		return choose(e.Missed, "", choose(e.Code == 403, text.EndFailed, text.EndNotTaken))
	case ua.CauseNoAnswer, ua.CauseTimeout:
		return choose(e.Missed, "", text.EndNoAnswer)
	case ua.CauseCancelled, ua.CauseHangupLocal, ua.CauseHangupRemote, ua.CauseNone:
		return choose(e.Direction == ua.Outgoing, text.EndCancelled, "")
	}
	return text.EndFailed
}
