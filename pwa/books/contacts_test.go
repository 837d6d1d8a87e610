package books

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// knowsTwo is a desk with a contact of the user, "lab", and one of the company, "billing".
func knowsTwo(t *testing.T, tell func(d *desk)) {
	t.Helper()
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.book.Import([]contacts.Contact{{ID: "lab", Name: "Lab", Favourite: true,
			Numbers: []contacts.Number{{Name: "Desk", Number: "2001"}, {Number: "2002"}}}}, contacts.KeepBoth, nil)
		d.book.SetPhonebook([]contacts.Contact{{ID: "billing", Name: "Billing",
			Numbers: []contacts.Number{{Number: "1022"}}}}, nil)
		d.bookChanged()
		d.do(screen.Show{Page: screen.PageContacts})
		tell(d)
	})
}

// id is that of the contact with a name.
func (d *desk) id(name string) string {
	d.Helper()
	return d.found(name).ID
}

// TestFormOfAContact opens it for whom it is asked: it holds what is known of them, and nothing else is open beside it.
func TestFormOfAContact(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		lab, count := d.id("lab"), 0
		for _, test := range []struct {
			why          string
			e            screen.EditContact
			name, number string
			rows         int
			detail       string
		}{
			{"one that is known", screen.EditContact{ID: lab}, "Lab", "2001", 2, lab},
			{"nobody", screen.EditContact{}, "", "", 1, screen.DetailNew},
			{"one that has gone", screen.EditContact{ID: "gone"}, "", "", 1, screen.DetailNew},
			{"a caller", screen.EditContact{Name: "Delivery", Number: "2009"}, "Delivery", "2009", 1, screen.DetailNew},
			{"a number", screen.EditContact{Number: "2009"}, "", "2009", 1, screen.DetailNew},
			{"a known one", screen.EditContact{ID: lab, Name: "X", Number: "2009"}, "Lab", "2001", 2, lab},
		} {
			file := screen.ReadImport{Name: "a.csv", Data: []byte("Name,Phone\nDay,1\n")}
			d.do(screen.Show{Page: screen.PageHistory}, file, test.e)
			s, number := d.now(), ""
			form := s.Contacts.Edit
			if form == nil || s.Contacts.Import != nil || s.List != screen.PageContacts || s.Detail != test.detail {
				d.Fatalf("%s: form %+v, import %v, list %q, detail %q", test.why, form, s.Contacts.Import, s.List, s.Detail)
			}
			if len(form.Numbers) > 0 {
				number = form.Numbers[0].Number
			}
			if form.Name != test.name || number != test.number || form.Rows != test.rows || form.Count <= count {
				d.Errorf("%s: %q at %q in %d rows, the %dth form after the %dth", test.why, form.Name, number, form.Rows,
					form.Count, count)
			}
			count = form.Count
		}
		d.do(screen.CancelEdit{}, screen.Choose{ID: d.id("billing")}, screen.EditContact{ID: d.id("billing")})
		if d.now().Contacts.Edit != nil {
			d.Error("a contact of the company can be edited")
		}
	})
}

// TestRowsOfAForm adds and takes away numbers, each in a form of its own: what a window has drawn does not change under it.
func TestRowsOfAForm(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		d.do(screen.AddNumber{}, screen.RemoveNumber{Row: 1}, screen.SaveContact{Contact: screen.Contact{Name: "Nobody"}})
		if s := d.now(); s.Contacts.Edit != nil || s.Contacts.Total != 2 {
			d.Errorf("without a form %+v, %d contacts", s.Contacts.Edit, s.Contacts.Total)
		}
		d.do(screen.EditContact{ID: d.id("lab")})
		before := d.now().Contacts.Edit
		for range contacts.MaxNumbers {
			d.do(screen.AddNumber{})
		}
		d.do(screen.RemoveNumber{Row: 0}, screen.RemoveNumber{Row: 3})
		form := d.now().Contacts.Edit
		if form.Rows != contacts.MaxNumbers || form.Gone != 1|1<<3 || form.Count != before.Count {
			d.Errorf("%d rows, gone %b, form %d; want no more than a contact can have, and the two that were taken away",
				form.Rows, form.Gone, form.Count)
		}
		if before.Rows != 2 || before.Gone != 0 {
			d.Error("the form that was drawn has changed")
		}
	})
}

// TestSavingSaysWhatIsWrong leaves the form open with the reason, and else shows who was saved.
func TestSavingSaysWhatIsWrong(t *testing.T) {
	long, numbers := strings.Repeat("a", 5000), make([]screen.Number, contacts.MaxNumbers+1)
	for i := range numbers {
		numbers[i].Number = fmt.Sprint(3000 + i)
	}
	for _, known := range []bool{false, true} {
		for why, test := range map[string]struct {
			c    screen.Contact
			want text.Key
		}{
			"no name":              {screen.Contact{}, text.ContactName},
			"blanks":               {screen.Contact{Name: " \t"}, text.ContactName},
			"a name without end":   {screen.Contact{Name: long}, text.ContactTooLong},
			"a number without end": {screen.Contact{Name: "x", Numbers: []screen.Number{{Number: long}}}, text.ContactTooLong},
			"too many numbers":     {screen.Contact{Name: "x", Numbers: numbers}, text.ContactTooLong},
			"somebody":             {screen.Contact{Name: "Reception"}, ""},
		} {
			knowsTwo(t, func(d *desk) {
				id := choose(known, d.id("lab"), "")
				d.do(screen.EditContact{ID: id}, screen.SaveContact{Contact: test.c})
				s, version := d.now(), d.version
				if form := s.Contacts.Edit; (form != nil) != (test.want != "") || form != nil && form.Error.Key != test.want {
					d.Fatalf("%s, known %v: form %+v, want %q", why, known, form, test.want)
				}
				if test.want != "" {
					if d.do(screen.SaveContact{Contact: test.c}); d.version != version {
						d.Errorf("%s, known %v: something is changed by what cannot be saved", why, known)
					}
					return
				}
				saved := s.Contacts.Chosen
				if saved == nil || saved.Name != "Reception" || saved.Favourite != known || s.Live.Key != text.ContactSaved ||
					s.Contacts.Total != choose(known, 2, 3) || known && saved.ID != id {
					d.Errorf("known %v: saved %+v of %d, said %v", known, saved, s.Contacts.Total, s.Live)
				}
			})
		}
	}
}

// TestContactSentences: each fault of a contact has its own.
func TestContactSentences(t *testing.T) {
	for err, want := range map[error]text.Key{contacts.ErrName: text.ContactName, contacts.ErrNotFound: text.ContactGone,
		contacts.ErrFull: text.BookFull, &contacts.FieldError{}: text.ContactTooLong} {
		if got := contactSentence(fmt.Errorf("save: %w", err)); got.Key != want {
			t.Errorf("%v is said as %s, want %s", err, got.Key, want)
		}
	}
}

// TestCancellingClosesWhatIsOpen and shows again who was chosen before.
func TestCancellingClosesWhatIsOpen(t *testing.T) {
	file := screen.ReadImport{Name: "a.csv", Data: []byte("Name,Phone\nDay,1\n")}
	knowsTwo(t, func(d *desk) {
		lab := d.id("lab")
		for why, test := range map[string]struct {
			e    screen.Event
			want string
		}{"a new contact": {screen.EditContact{}, ""}, "a known one": {screen.EditContact{ID: lab}, lab}, "a file": {file, ""}} {
			d.do(test.e)
			if s := d.now(); s.Contacts.Edit == nil && s.Contacts.Import == nil || s.Detail == "" {
				d.Fatalf("%s is not open", why)
			}
			d.do(screen.CancelEdit{})
			if s := d.now(); s.Contacts.Edit != nil || s.Contacts.Import != nil || s.Detail != test.want {
				d.Errorf("%s cancelled: form %v, import %v, detail %q", why, s.Contacts.Edit, s.Contacts.Import, s.Detail)
			}
		}
	})
}

// TestDeletedContactComesBack as often as that is offered, and not when the offer is an old one.
func TestDeletedContactComesBack(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		lab := d.id("lab")
		for _, id := range []string{"gone", d.id("billing")} {
			before := d.now()
			d.do(screen.DeleteContact{ID: id})
			if s := d.now(); s.Problem.Count != before.Problem.Count+1 || s.Contacts.Total != 2 {
				d.Errorf("%s: problem %v, %d contacts; want to hear that it cannot be deleted", id, s.Problem, s.Contacts.Total)
			}
		}
		d.do(screen.OpenContact{ID: lab}, screen.EditContact{ID: lab}, screen.DeleteContact{ID: lab})
		s := d.now()
		if s.Contacts.Total != 1 || s.Detail != "" || s.Contacts.Edit != nil || s.Undo.Text.Key != text.ContactDeleted ||
			s.Live.Key != text.ContactDeleted || !strings.Contains(text.English.Tell(s.Undo.Text), "Lab") {
			d.Errorf("%d contacts, detail %q, form %v, offered %v, said %v", s.Contacts.Total, s.Detail, s.Contacts.Edit,
				s.Undo, s.Live)
		}
		d.do(screen.DropUndo{Count: s.Undo.Count - 1}, screen.TakeBack{})
		if s := d.now(); s.Contacts.Total != 2 || !s.Undo.Text.Empty() || !d.found("lab").Favourite {
			d.Errorf("%d contacts, still offered %v; want her back as she was", s.Contacts.Total, s.Undo)
		}
		d.do(screen.TakeBack{}, screen.DeleteContact{ID: lab})
		d.do(screen.DropUndo{Count: d.now().Undo.Count}, screen.TakeBack{})
		if s := d.now(); s.Contacts.Total != 1 || !s.Undo.Text.Empty() {
			d.Errorf("%d contacts after the offer was over", s.Contacts.Total)
		}
	})
}

// TestEachOfferHasItsTime: the time of one that was followed by another takes nothing from that.
func TestEachOfferHasItsTime(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		d.has("Day", "2003")
		lab, day := d.id("lab"), d.id("day")
		d.do(screen.DeleteContact{ID: lab})
		d.later(undoTime / 2)
		d.do(screen.DeleteContact{ID: day})
		if d.later(undoTime - 1); d.now().Undo.Text.Empty() {
			d.Error("the time of the first offer has ended the second")
		}
		d.do(screen.TakeBack{})
		if d.now().Contacts.Total != 2 {
			d.Errorf("%d contacts, want the second back", d.now().Contacts.Total)
		}
	})
}

// TestFavouritesAreListedFromTheirBeginning: a list that changes begins at its first row, and one that is scrolled stays.
func TestFavouritesAreListedFromTheirBeginning(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		for range 2 {
			d.do(screen.ScrollContacts{First: 1, Row: 48})
			if p := d.now().Contacts; p.First != 1 || p.Row != 48 {
				d.Errorf("scrolled to %d in rows of %d", p.First, p.Row)
			}
			d.do(screen.ShowFavourites{On: true})
			if p := d.now().Contacts; p.First != 0 || p.Found != 1 || p.Rows[0].Name != "Lab" {
				d.Errorf("favourites from %d: %+v", p.First, p.Rows)
			}
			d.do(screen.ShowFavourites{}, screen.ScrollContacts{First: 1}, screen.SearchContacts{Query: "b"})
			if p := d.now().Contacts; p.First != 0 || p.Found != 2 {
				d.Errorf("found %d from %d", p.Found, p.First)
			}
			d.do(screen.SearchContacts{})
		}
		version := d.version
		if d.do(screen.SetFavourite{ID: "gone", On: true}); d.version != version {
			d.Error("nobody's star changes the book")
		}
		if d.do(screen.SetFavourite{ID: d.id("lab")}, screen.ShowFavourites{On: true}); d.now().Contacts.Found != 0 {
			d.Error("the star stays")
		}
	})
}

// TestExportsHoldTheUsersOwn in the form that is asked for.
func TestExportsHoldTheUsersOwn(t *testing.T) {
	knowsTwo(t, func(d *desk) {
		for _, test := range []struct {
			e          screen.Event
			name, kind string
		}{
			{screen.ExportContacts{}, "contacts.vcf", "text/vcard"},
			{screen.ExportContacts{CSV: true}, "contacts.csv", "text/csv"},
		} {
			d.do(screen.ToggleTools{})
			if !d.now().Contacts.Tools {
				d.Error("the tools do not open")
			}
			before := d.now().File.Count
			d.do(test.e)
			f, data := d.now().File, string(d.now().File.Data)
			if f.Name != test.name || f.Type != test.kind || f.Count != before+1 || d.now().Contacts.Tools {
				d.Errorf("%T: %s as %s, file %d, tools open %v", test.e, f.Name, f.Type, f.Count, d.now().Contacts.Tools)
			}
			if !strings.Contains(data, "Lab") || !strings.Contains(data, "2002") || strings.Contains(data, "Billing") {
				d.Errorf("%s holds %s", f.Name, data)
			}
		}
	})
}
