package phone

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

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
		desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
			h.do(screen.ReadImport{Name: "file", Data: []byte(test.data)})
			p := h.now().Contacts.Import
			if p.Error.Key != test.want || p.Found != 0 || p.Busy {
				h.Fatalf("%s: %v, %d contacts, busy %v; want %q", test.name, p.Error, p.Found, p.Busy, test.want)
			}
			if test.line != "" && !strings.Contains(text.English.Tell(p.Error), "Line "+test.line+" ") {
				h.Errorf("%s: %q, want line %s", test.name, text.English.Tell(p.Error), test.line)
			}
			h.do(screen.Import{})
			if s := h.now(); s.Contacts.Total != 0 {
				h.Errorf("%s: %d contacts", test.name, s.Contacts.Total)
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
		h, end := openPage(t, Options{Config: oneServerConfig(), Pause: func() {
			if pauses.Add(1); slow.Load() {
				<-gate
			}
		}})
		h.login()
		h.do(screen.ReadImport{Name: "a.csv", Data: []byte("Name,Firm,Phone\n" + strings.Repeat("Lab,Example,3001\n", 5000))})
		slow.Store(true)
		h.do(screen.SetColumn{Index: 1, Column: screen.ColumnCustomer}, screen.Import{}, screen.SetHeader{},
			screen.SetHeader{On: true},
			screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation}, screen.SetPolicy{Policy: screen.KeepBoth},
			screen.Type{Text: "12"})
		if s := h.now(); s.Dial != "12" || !s.Contacts.Import.Busy || s.Contacts.Total != 0 {
			h.Errorf("%q dialled, busy %v, %d contacts while the columns are read anew", s.Dial, s.Contacts.Import.Busy,
				s.Contacts.Total)
		}
		close(gate)
		h.do(screen.Type{Text: "123"})
		if h.now().Contacts.Import == nil {
			h.Fatal("it was imported while it was read")
		}
		p := h.now().Contacts.Import
		if p.Busy || p.Found != 5000 || p.Rows[0].Organisation != "Example" || p.Rows[0].Customer != "" ||
			p.Policy != screen.KeepBoth {
			h.Errorf("then busy %v, %d contacts, the first %+v, policy %v", p.Busy, p.Found, p.Rows[0], p.Policy)
		}
		h.do(screen.Import{})
		if got := h.now().Contacts.Total; got != 5000 {
			h.Errorf("%d contacts imported", got)
		}
		end()
	})
}

// TestFileThatCameLastIsShown reads a short file while a long one is still being read.
func TestFileThatCameLastIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		h, end := openPage(t, Options{Config: oneServerConfig(), Pause: func() { <-gate }})
		h.login()
		h.do(screen.ReadImport{Name: "long.csv", Data: []byte("Name,Phone\n" + strings.Repeat("Lab,3001\n", 5000))},
			screen.ReadImport{Name: "short.csv", Data: []byte("Name,Phone\nDay,3002\n")})
		if p := h.now().Contacts.Import; p.Busy || p.File != "short.csv" || p.Found != 1 {
			h.Fatalf("busy %v, %d contacts of %s", p.Busy, p.Found, p.File)
		}
		close(gate)
		if p := h.now().Contacts.Import; p.File != "short.csv" || p.Found != 1 {
			h.Errorf("%d contacts of %s, want the file that was chosen last", p.Found, p.File)
		}
		end()
	})
}
