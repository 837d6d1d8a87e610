package phone

import (
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
)

// TestCallsAndEditsGoOnWhileContactsAreImported stops the reading of a file, and then the import, in the midst.
func TestCallsAndEditsGoOnWhileContactsAreImported(t *testing.T) {
	cards, err := VCards(bigBook(1000).All())
	if err != nil {
		t.Fatal(err)
	}
	store := &MemoryStore{}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		h, end := openPage(t, Options{Config: oneServerConfig(), Store: store, Pause: func() { <-gate }})
		goOn := func() {
			h.now()
			for range 1000 { // more often than anything here pauses
				select {
				case gate <- struct{}{}:
					synctest.Wait()
				default:
				}
			}
		}
		h.login()
		h.do(ReadImport{Name: "many.vcf", Data: cards})
		h.call("1", true, "2001", ua.CallRinging)
		if s := h.now(); len(s.Incoming()) != 1 || s.Contacts.Import != nil {
			t.Errorf("while the file is read: %d calls, preview %+v", len(s.Incoming()), s.Contacts.Import)
		}
		goOn()
		if p := h.now().Contacts.Import; p == nil || len(p.Contacts) != 1000 {
			t.Fatalf("read: %+v", p)
		}
		h.do(Import{}, Import{}, SetPolicy{ImportBoth})
		if p := h.now().Contacts.Import; p == nil || !p.Busy || p.Policy != ImportSkip {
			t.Errorf("while contacts are taken over the preview is %+v, want it to wait for them", p)
		}
		h.do(EditContact{}, SaveContact{Contact{Name: "Meanwhile"}})
		if got := h.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts, want the one of the form", got)
		}
		goOn()
		if s := h.now(); s.Contacts.Total != 1001 || s.Contacts.Import != nil || s.Undo.Text.Empty() {
			t.Errorf("%d contacts, preview %+v, undo %v; want all of them once, and the one that came meanwhile", s.Contacts.Total, s.Contacts.Import, s.Undo)
		}
		if again := loadedBook(t, store.data[contactsDoc(account)]); again.Len() != 1001 {
			t.Errorf("%d contacts are stored", again.Len())
		}
		h.do(TakeBack{})
		if got := h.now().Contacts.Total; got != 1 {
			t.Errorf("%d contacts after the import was taken back", got)
		}
		h.do(ReadImport{Name: "many.vcf", Data: cards})
		goOn()
		h.do(Import{})
		h.do(CancelEdit{})
		goOn()
		if s := h.now(); s.Contacts.Total != 1 || s.Contacts.Import != nil {
			t.Errorf("%d contacts after the import was cancelled in the midst, preview %v", s.Contacts.Total, s.Contacts.Import)
		}
		h.do(ReadImport{Name: "many.vcf", Data: cards})
		h.do(Logout{})
		close(gate)
		if s := h.now(); s.Contacts.Import != nil {
			t.Error("what a file held is shown after logging out")
		}
		end()
	})
}
