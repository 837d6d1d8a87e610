package main

import (
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// book is some contacts of the user and of the company.
func book() *contacts.Book {
	b := contacts.NewBook(numbering)
	for _, c := range []contacts.Contact{
		{Name: "Pharmacy", Organisation: "Example Clinic", Customer: "EC-20418", Type: "Supplier", Category: "Health care",
			Numbers: []contacts.Number{
				{Name: "Desk", Number: "+44 20 7946 0347", Extension: "12"}, {Name: "Mobile", Number: "+44 7700 900461"}}},
		{Name: "Warehouse", Numbers: []contacts.Number{{Number: "1004"}}},
		{Name: "مكتب الاستقبال", Numbers: []contacts.Number{{Number: "+44 20 7946 0518"}}},
	} {
		b.Add(c)
	}
	b.SetPhonebook([]contacts.Contact{{Name: "Support queue", Organisation: "Tier 2",
		Numbers: []contacts.Number{{Number: "1014"}}}, {Name: "Billing", Numbers: []contacts.Number{{Number: "1022"}}}}, nil)
	b.SetFavourite(b.Search("warehouse", 1)[0].ID, true)
	return b
}

// calls is a history of two days.
func calls() *history.History {
	h := history.New()
	for i, e := range []history.Entry{
		{Direction: ua.Outgoing, Number: "1004", Duration: 51 * time.Second, Note: "The pallets come on Friday."},
		{Direction: ua.Incoming, Number: "+442079460347", Name: "Pharmacy", Missed: true, Cause: ua.CauseCancelled, Note: long},
		{Direction: ua.Incoming, Number: "+442079460347", Name: "Pharmacy", Missed: true, Cause: ua.CauseCancelled},
		{Direction: ua.Outgoing, Number: "+442079460518", Cause: ua.CauseBusy, Code: 486},
		{Direction: ua.Incoming, Duration: 3*time.Minute + 12*time.Second},
		{Direction: ua.Outgoing, Number: "sip:front.desk@example.com", Cause: ua.CauseNotFound, Code: 404},
	} {
		e.Start = began.Add(-time.Duration(i*i) * time.Hour)
		if e.Duration > 0 {
			e.Answered = e.Start
		}
		e.ID = "call" + strconv.Itoa(i)
		h.Add(e)
	}
	return h
}

func withBooks(s screen.Snapshot) screen.Snapshot { return books.Fill(s, book(), calls()) }

func pane(page screen.Page, detail string) screen.Snapshot {
	return withBooks(then(idle(), screen.Show{Page: page}, screen.Choose{ID: detail}))
}

func contactOpen() screen.Snapshot {
	b := book()
	s := then(idle(), screen.Show{Page: screen.PageContacts}, screen.Choose{ID: b.Search("pharmacy", 1)[0].ID})
	return books.Fill(s, b, calls())
}

func contactEdited() screen.Snapshot {
	s := contactOpen()
	s.Contacts.Edit = &screen.ContactForm{Contact: s.Contacts.Chosen.Contact, Rows: 3, Gone: 1 << 1, Count: 1}
	return s
}

func contactTools() screen.Snapshot {
	s := pane(screen.PageContacts, "")
	s.Contacts.Tools = true
	return s
}

func importing() screen.Snapshot {
	s := pane(screen.PageContacts, screen.DetailImport)
	s.Contacts.Import = &screen.ImportPreview{File: "contacts.csv", Header: true, Columns: []screen.ImportColumn{
		{Title: "Full name", Holds: screen.ColumnName}, {Title: "Company", Holds: screen.ColumnOrganisation},
		{Title: "Phone", Holds: screen.ColumnNumber}},
		Found: 2, Duplicates: 1, Faults: 2, Rows: []screen.Contact{
			{Name: "Pharmacy", Organisation: "Example Clinic",
				Numbers: []screen.Number{{Name: "Phone", Number: "+442079460347"}}},
			{Name: "Laboratory", Organisation: "Example Clinic", Numbers: []screen.Number{{Name: "Phone", Number: "3001"}}}}}
	return s
}

func historyTools() screen.Snapshot {
	s := pane(screen.PageHistory, "")
	s.History.Tools, s.History.Searching = true, true
	return s
}

func nothingFound() screen.Snapshot {
	return withBooks(func() screen.Snapshot {
		s := then(idle(), screen.Show{Page: screen.PageHistory})
		s.History.Query, s.History.Searching = "zzz", true
		return s
	}())
}

func settings(section string) func() screen.Snapshot {
	return func() screen.Snapshot {
		s := then(idle(), screen.Show{Page: screen.PageSettings}, screen.Choose{ID: section},
			screen.DevicesFound{Devices: []screen.Device{
				{ID: "a", Label: "USB headset microphone", Kind: screen.Microphone},
				{ID: "b", Label: "USB headset", Kind: screen.Speaker}, {ID: "c", Kind: screen.Speaker}}})
		s.Settings.Microphone, s.Settings.Ringer = "a", "gone"
		return s
	}
}

func undoing() screen.Snapshot {
	s := pane(screen.PageHistory, "")
	s.Undo = screen.UndoOffer{Text: text.Sentence{Key: text.CallsDeleted, Args: []string{"count", "3"}}, Count: 1}
	s.NotKept = true
	return s
}
