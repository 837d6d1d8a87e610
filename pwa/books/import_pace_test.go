package books

import (
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// pass lets long work that waits at a gate come to its end.
func (d *desk) pass(gate chan struct{}) {
	d.rest()
	for range 2000 { // more often than anything here pauses
		select {
		case gate <- struct{}{}:
			d.rest()
		default:
		}
	}
}

// TestCallsAndEditsGoOnWhileContactsAreImported stops the reading of a file, and then the import, in the midst.
func TestCallsAndEditsGoOnWhileContactsAreImported(t *testing.T) {
	cards, err := contacts.WriteVCards(manyContacts(1000))
	if err != nil {
		t.Fatal(err)
	}
	store := &store.Memory{}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		d, end := openDesk(t, Options{Store: store, Pause: func() { <-gate }})
		goOn := func() { d.pass(gate) }
		d.login("1001")
		d.do(screen.ReadImport{Name: "many.vcf", Data: cards})
		d.call("1", true, "2001", ua.CallRinging)
		if s := d.now(); len(s.Incoming()) != 1 || s.Contacts.Import == nil || !s.Contacts.Import.Busy {
			t.Errorf("while the file is read: %d calls, preview %+v, want it to wait", len(s.Incoming()), s.Contacts.Import)
		}
		goOn()
		if p := d.now().Contacts.Import; p == nil || p.Found != 1000 {
			t.Fatalf("read: %+v", p)
		}
		d.do(screen.Import{}, screen.Import{}, screen.SetPolicy{Policy: screen.KeepBoth})
		if p := d.now().Contacts.Import; p == nil || !p.Busy || p.Policy != screen.Skip {
			t.Errorf("while contacts are taken over the preview is %+v, want it to wait for them", p)
		}
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Meanwhile"}})
		if got := d.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts, want the one of the form", got)
		}
		goOn()
		if s := d.now(); s.Contacts.Total != 1001 || s.Contacts.Import != nil || s.Undo.Text.Empty() {
			t.Errorf("%d contacts, preview %+v, undo %v; want all of them once, and the one that came meanwhile",
				s.Contacts.Total, s.Contacts.Import, s.Undo)
		}
		if again := bookFrom(t, store.Data[contactsDoc(account)]); again.Len() != 1001 {
			t.Errorf("%d contacts are stored", again.Len())
		}
		d.do(screen.TakeBack{})
		if got := d.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts after the import was taken back", got)
		}
		d.do(screen.ReadImport{Name: "many.vcf", Data: cards})
		goOn()
		d.do(screen.Import{})
		d.do(screen.CancelEdit{})
		goOn()
		if s := d.now(); s.Contacts.Total != 1 || s.Contacts.Import != nil {
			t.Errorf("%d contacts after the import was cancelled in the midst, preview %v", s.Contacts.Total, s.Contacts.Import)
		}
		d.do(screen.ReadImport{Name: "many.vcf", Data: cards})
		d.do(screen.Logout{})
		close(gate)
		if s := d.now(); s.Contacts.Import != nil {
			t.Error("what a file held is shown after logging out")
		}
		end()
	})
}

// slowImport opens a page that has read a file of 1000 contacts, and stops all long work after that.
func slowImport(t *testing.T, tell func(d *desk, cards []byte, goOn func())) {
	cards, err := contacts.WriteVCards(manyContacts(1000))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		d, end := openDesk(t, Options{Pause: func() { <-gate }})
		d.login("1001")
		d.do(screen.Show{Page: screen.PageContacts}, screen.ReadImport{Name: "many.vcf", Data: cards})
		d.pass(gate)
		tell(d, cards, func() { d.pass(gate) })
		close(gate)
		end()
	})
}

func TestRunningImportOutlivesTheFormOfAnotherContact(t *testing.T) {
	slowImport(t, func(d *desk, _ []byte, goOn func()) {
		d.do(screen.Import{}, screen.EditContact{}, screen.CancelEdit{})
		goOn()
		if s := d.now(); s.Contacts.Total != 1000 || s.Undo.Text.Key != text.Imported {
			t.Errorf("%d contacts and undo %v after the form of another contact was cancelled, want 1000 and what was imported",
				s.Contacts.Total, s.Undo)
		}
	})
}

func TestRunningImportOutlivesAnotherFile(t *testing.T) {
	other := screen.ReadImport{Name: "two.vcf", Data: []byte("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Front Desk\r\nEND:VCARD\r\n")}
	for why, test := range map[string]struct {
		then screen.Event
		want int
	}{"imported as well": {screen.Import{}, 1001}, "cancelled": {screen.CancelEdit{}, 1000}} {
		t.Run(why, func(t *testing.T) {
			slowImport(t, func(d *desk, _ []byte, goOn func()) {
				d.do(screen.Import{}, other)
				goOn()
				if s := d.now(); s.Contacts.Total != 1000 || s.Contacts.Import == nil || s.Contacts.Import.Found != 1 {
					t.Errorf("%d contacts, want the 1000 of the first file; the preview is %+v, want that of the other",
						s.Contacts.Total, s.Contacts.Import)
				}
				d.do(test.then)
				goOn()
				if got := d.now().Contacts.Total; got != test.want {
					t.Errorf("%d contacts, want %d", got, test.want)
				}
			})
		})
	}
}

func TestImportOvertakesOneThatRuns(t *testing.T) {
	slowImport(t, func(d *desk, _ []byte, goOn func()) {
		d.do(screen.Import{}, screen.ReadImport{Name: "one.csv", Data: []byte("Name;Phone\nFront Desk;4711\n")}, screen.Import{})
		if got := d.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts while the first file is taken over, want the one of the second, which is short", got)
		}
		goOn()
		if got := d.now().Contacts.Total; got != 1001 {
			t.Errorf("%d contacts, want those of both files", got)
		}
	})
}

// TestFileThatIsReadLeavesThePageWhereItIs takes a call, or opens a form, while a file is read.
func TestFileThatIsReadLeavesThePageWhereItIs(t *testing.T) {
	slowImport(t, func(d *desk, cards []byte, goOn func()) {
		d.do(screen.CancelEdit{}, screen.ReadImport{Name: "many.vcf", Data: cards}, screen.Show{Page: screen.PagePhone})
		d.call("1", true, "2001", ua.CallRinging)
		d.call("1", true, "2001", ua.CallEstablished)
		goOn()
		if s := d.now(); s.Page != screen.PagePhone || s.Contacts.Import == nil || s.Contacts.Import.Found != 1000 {
			t.Errorf("page %q, want the call, and the preview ready for later (there is one: %v)", s.Page,
				s.Contacts.Import != nil)
		}
		d.do(screen.Show{Page: screen.PageContacts}, screen.ReadImport{Name: "many.vcf", Data: cards}, screen.EditContact{})
		goOn()
		if s := d.now(); s.Contacts.Edit == nil || s.Contacts.Import != nil {
			t.Error("a file that has been read closes the form that was opened meanwhile")
		}
	})
}
