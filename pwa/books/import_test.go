package books

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// TestFileThatIsNotReadSaysWhy imports what is no list of contacts. Nothing of it is taken, and nobody is left to wait.
func TestFileThatIsNotReadSaysWhy(t *testing.T) {
	for _, test := range []struct {
		name, data, line string
		want             text.Key
	}{
		{"a quotation that does not end", "Name,Phone\nLab,3001\n\"Front Desk,2001\nDay,3002\n", "3", text.ImportBroken},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", text.ImportEmpty},
		{"zero bytes in the midst", "Name,Phone\nLab,3001\nD\x00y,3002\n", "3", text.ImportBroken},
		{"nothing", "", "", text.ImportEmpty},
		{"blank lines", "\n\n\n", "", text.ImportEmpty},
		{"a header alone", "Name,Phone\n", "", text.ImportEmpty},
		{"cards without people", "BEGIN:VCARD\nEND:VCARD\n", "", text.ImportEmpty},
		{"32 MB of commas", strings.Repeat(",", contacts.MaxFile), "1", text.ImportBroken},
		{"more than 32 MB", strings.Repeat("a", contacts.MaxFile+1), "", text.ImportTooLarge},
	} {
		atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
			d.do(screen.ReadImport{Name: "file", Data: []byte(test.data)})
			p := d.now().Contacts.Import
			if p.Error.Key != test.want || p.Found != 0 || p.Busy {
				d.Fatalf("%s: %v, %d contacts, busy %v; want %q", test.name, p.Error, p.Found, p.Busy, test.want)
			}
			if test.line != "" && !strings.Contains(text.English.Tell(p.Error), "Line "+test.line+" ") {
				d.Errorf("%s: %q, want line %s", test.name, text.English.Tell(p.Error), test.line)
			}
			d.do(screen.Import{})
			if s := d.now(); s.Contacts.Total != 0 {
				d.Errorf("%s: %d contacts", test.name, s.Contacts.Total)
			}
		})
	}
}

// TestCallsGoOnWhileAColumnIsRenamed names the columns of a long file anew, again and again before the first answer is there: the
// last word counts, and nothing is imported meanwhile.
func TestCallsGoOnWhileAColumnIsRenamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, pauses := make(chan struct{}), new(atomic.Int32)
		var slow atomic.Bool
		d, end := openDesk(t, Options{Pause: func() {
			if pauses.Add(1); slow.Load() {
				<-gate
			}
		}})
		d.login("1001")
		d.do(screen.ReadImport{Name: "a.csv", Data: []byte("Name,Firm,Phone\n" + strings.Repeat("Lab,Example,3001\n", 5000))})
		slow.Store(true)
		d.do(screen.SetColumn{Index: 1, Column: screen.ColumnCustomer}, screen.Import{}, screen.SetHeader{},
			screen.SetHeader{On: true},
			screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation}, screen.SetPolicy{Policy: screen.KeepBoth},
			screen.Type{Text: "12"})
		if s := d.now(); s.Dial != "12" || !s.Contacts.Import.Busy || s.Contacts.Total != 0 {
			d.Errorf("%q dialled, busy %v, %d contacts while the columns are read anew", s.Dial, s.Contacts.Import.Busy,
				s.Contacts.Total)
		}
		close(gate)
		d.do(screen.Type{Text: "123"})
		if d.now().Contacts.Import == nil {
			d.Fatal("it was imported while it was read")
		}
		p := d.now().Contacts.Import
		if p.Busy || p.Found != 5000 || p.Rows[0].Organisation != "Example" || p.Rows[0].Customer != "" ||
			p.Policy != screen.KeepBoth {
			d.Errorf("then busy %v, %d contacts, the first %+v, policy %v", p.Busy, p.Found, p.Rows[0], p.Policy)
		}
		d.do(screen.Import{})
		if got := d.now().Contacts.Total; got != 5000 {
			d.Errorf("%d contacts imported", got)
		}
		end()
	})
}

// TestFileThatCameLastIsShown reads a short file while a long one is still being read.
func TestFileThatCameLastIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		d, end := openDesk(t, Options{Pause: func() { <-gate }})
		d.login("1001")
		d.do(screen.ReadImport{Name: "long.csv", Data: []byte("Name,Phone\n" + strings.Repeat("Lab,3001\n", 5000))},
			screen.ReadImport{Name: "short.csv", Data: []byte("Name,Phone\nDay,3002\n")})
		if p := d.now().Contacts.Import; p.Busy || p.File != "short.csv" || p.Found != 1 {
			d.Fatalf("busy %v, %d contacts of %s", p.Busy, p.Found, p.File)
		}
		close(gate)
		if p := d.now().Contacts.Import; p.File != "short.csv" || p.Found != 1 {
			d.Errorf("%d contacts of %s, want the file that was chosen last", p.Found, p.File)
		}
		end()
	})
}

func TestImportShowsWhatComes(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk",
			Numbers: []screen.Number{{Number: "2001"}}}})
		d.do(screen.ReadImport{Name: "a.csv", Data: []byte("Name,Firm,Phone\nFront Desk,Example,2001\nLab,Example,3001\n")})
		p := d.now().Contacts.Import
		if p == nil || p.Found != 2 || p.Duplicates != 1 {
			d.Fatalf("preview %+v", p)
		}
		d.do(screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation}, screen.SetPolicy{Policy: screen.Merge})
		if got := d.now().Contacts.Import.Rows[1].Organisation; got != "Example" {
			d.Errorf("organisation %q after naming the column", got)
		}
		d.do(screen.SetHeader{})
		if p := d.now().Contacts.Import; p.Columns[0].Title != "" || p.Found != 3 || p.Rows[0].Name != "Name" ||
			p.Policy != screen.Merge {
			d.Errorf("with the first line as a contact: %+v, policy %v", p.Rows, p.Policy)
		}
		d.do(screen.SetHeader{On: true}, screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation},
			screen.SetColumn{Index: 7})
		if p := d.now().Contacts.Import; p.Columns[1].Title != "Firm" || p.Found != 2 {
			d.Errorf("with the header again: column %q, %+v", p.Columns[1].Title, p.Rows)
		}
		d.do(screen.Import{})
		s := d.now()
		if s.Contacts.Total != 2 || s.Contacts.Import != nil || s.Contacts.Rows[0].Organisation != "Example" {
			d.Errorf("imported: %+v", s.Contacts)
		}
		d.do(screen.TakeBack{})
		if d.now().Contacts.Total != 1 {
			d.Error("an import does not go away again")
		}
		d.do(screen.ReadImport{Name: "b.vcf", Data: []byte("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Lab\r\nTEL:3001\r\nEND:VCARD\r\n")})
		d.do(screen.Import{})
		d.do(screen.ExportContacts{})
		if f := d.now().File; !strings.Contains(string(f.Data), "FN:Lab") {
			d.Errorf("exported %q", f.Data)
		}
		d.do(screen.ReadImport{Name: "long.csv", Data: []byte("Name,Phone\n" + strings.Repeat("Day,3002\n", contacts.Max+1))})
		if p := d.now().Contacts.Import; p.Faults != 1 {
			d.Errorf("%d faults in a file that has more rows than a book can hold, want that one", p.Faults)
		}
		d.do(screen.ReadImport{Name: "large.csv", Data: make([]byte, contacts.MaxFile+1)})
		if p := d.now().Contacts.Import; p == nil || p.Error.Key != text.ImportTooLarge {
			d.Errorf("a file that is too large: %+v, want to be told so", p)
		}
		d.do(screen.ReadImport{Name: "empty"})
		if p := d.now().Contacts.Import; p == nil || p.Error.Empty() {
			d.Error("an empty file has no error")
		}
	})
}
