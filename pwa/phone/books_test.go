package phone

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// desk is a logged-in phone with a store, whose fetcher the test may set.
func desk(t *testing.T, cfg config.Config, get fetch.Func, tell func(h *harness, store *store.Memory)) {
	store := &store.Memory{}
	storyWith(t, Options{Config: cfg, Store: store, Fetch: get}, func(h *harness) {
		h.login()
		tell(h, store)
	})
}

func (h *harness) call(id string, incoming bool, number string, state ua.CallState, change ...func(*ua.CallInfo)) {
	h.Helper()
	info := ua.CallInfo{ID: id, CallID: id, State: state, Started: time.Now(),
		Remote: ua.Address{User: number, Host: "sip.example.com"}}
	if incoming {
		info.Direction = ua.Incoming
	} else {
		info.Dialled = number
	}
	for _, f := range change {
		f(&info)
	}
	if incoming && state == ua.CallRinging {
		h.tell(told(ua.IncomingCallEvent{Info: info}))
		return
	}
	h.tell(told(ua.CallEvent{Info: info}))
}

// missedCall rings and ends unanswered.
func (h *harness) missedCall(id, number string) {
	h.Helper()
	h.call(id, true, number, ua.CallRinging)
	h.call(id, true, number, ua.CallEnded, because(ua.CauseCancelled, 0))
}

func lines(s screen.Snapshot) string {
	var text []string
	for _, day := range s.History.Days {
		for _, l := range day.Lines {
			text = append(text, strings.TrimSpace(l.Name+" "+l.Newest().Number))
		}
	}
	return strings.Join(text, "; ")
}

func TestEndedCallsAreKeptForTheirAccount(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.call("1", false, "600", ua.CallCalling)
		h.call("1", false, "600", ua.CallEnded)
		h.missedCall("2", "2001")
		s := h.now()
		if got, want := lines(s), "2001; 600"; got != want || s.Missed != 1 || s.Last == nil || s.Last.Newest().Number != "2001" {
			h.Errorf("history %q, %d missed, last %+v; want %q, 1 and 2001", got, s.Missed, s.Last, want)
		}
		if h.do(screen.Show{Page: screen.PageHistory}); h.now().Missed != 0 {
			h.Error("the badge stays although the history was looked at")
		}
		h.do(screen.Logout{}, screen.Login{User: "1002", Password: "secret", Server: "sip.example.com"})
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if s := h.now(); lines(s) != "" || s.Placed.Target != "" || s.Last != nil {
			h.Errorf("another account sees %q and would redial %q", lines(s), s.Placed.Target)
		}
		h.do(screen.Logout{}, typed)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if s := h.now(); lines(s) != "2001; 600" || s.Placed.Target != "600" {
			h.Errorf("after logging in again: history %q, redial %q", lines(s), s.Placed.Target)
		}
		h.do(screen.Dial{})
		if h.now().Dial != "600" {
			h.Errorf("an empty Dial brings %q, want the number of the last visit", h.now().Dial)
		}
	})
}

func TestHistoryIsSearchedFilteredAndDeleted(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.missedCall("1", "2001")
		h.missedCall("2", "2001")
		h.call("3", false, "600", ua.CallEnded)
		h.do(screen.FilterHistory{Filter: screen.FilterMissed})
		if got := h.now().History.Days[0].Lines; len(got) != 1 || len(got[0].Entries) != 2 {
			h.Errorf("missed calls %+v, want one line of two", got)
		}
		h.do(screen.FilterHistory{}, screen.SearchHistory{Query: "60"})
		if got := lines(h.now()); got != "600" {
			h.Errorf("search finds %q", got)
		}
		h.do(screen.SearchHistory{}, screen.DeleteCalls{ID: h.now().History.Days[0].Lines[0].Newest().ID}, screen.SearchHistory{})
		if got := lines(h.now()); got != "2001" {
			h.Errorf("after deletion %q", got)
		}
		h.do(screen.DeleteCalls{ID: h.now().History.Days[0].Lines[0].Newest().ID})
		if s := h.now(); lines(s) != "" || s.Undo.Text.Empty() {
			h.Errorf("a line is deleted as a whole and offered back: %q, %v", lines(s), s.Undo)
		}
		h.do(screen.TakeBack{})
		if s := h.now(); lines(s) != "2001" || !s.Undo.Text.Empty() {
			h.Errorf("after undo %q, offer %v", lines(s), s.Undo)
		}
		h.do(screen.ExportHistory{})
		if f := h.now().File; f.Count != 1 || !strings.Contains(string(f.Data), "2001") {
			h.Errorf("exported %+v", f)
		}
		h.do(screen.ClearHistory{})
		time.Sleep(undoTime + time.Second)
		if s := h.now(); !s.Undo.Text.Empty() || s.History.Total != 0 {
			h.Error("the offer to undo never goes")
		}
		again, err := history.Load(t.Context(), store, historyDoc("1001@sip.example.com"))
		if err != nil || again.Len() != 0 {
			h.Errorf("stored: %d calls, %v", again.Len(), err)
		}
	})
}

func TestRefusedCallsAreMissedOnes(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.ToggleDoNotDisturb{})
		h.call("1", true, "2001", ua.CallRinging)
		h.call("1", true, "2001", ua.CallEnded, because(ua.CauseRejectedLocal, 486))
		if h.now().Missed != 1 {
			h.Error("a call refused by do not disturb leaves no mark")
		}
	})
	cfg := oneServerConfig()
	cfg.Flags = []config.Flag{config.NoHistory}
	desk(t, cfg, nil, func(h *harness, store *store.Memory) {
		h.missedCall("1", "2001")
		if s := h.now(); lines(s) != "" || len(store.Data) != 0 {
			h.Errorf("history %q, %d documents although calls are not to be remembered", lines(s), len(store.Data))
		}
	})
}

func TestContactsNameCallers(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{Name: "x"}, screen.SaveContact{Contact: screen.Contact{Name: " "}})
		if form := h.now().Contacts.Edit; form == nil || form.Error.Key != text.ContactName {
			h.Fatalf("form %+v, want it open with the reason", form)
		}
		h.do(screen.SaveContact{Contact: screen.Contact{Name: "Front Desk", Numbers: []screen.Number{{Number: "2001"}}}})
		s := h.now()
		if s.Contacts.Edit != nil || s.Contacts.Chosen == nil || s.Contacts.Chosen.Name != "Front Desk" {
			h.Fatalf("after saving: %+v", s.Contacts)
		}
		id := s.Detail
		h.call("1", true, "2001", ua.CallRinging)
		if got := h.now().Incoming()[0].Name(); got != "Front Desk" {
			h.Errorf("%q calls, want the name from the contacts", got)
		}
		h.call("1", true, "2001", ua.CallEnded, because(ua.CauseCancelled, 0))
		h.do(screen.Show{Page: screen.PageHistory})
		if l := h.now().History.Days[0].Lines[0]; l.Name != "Front Desk" || l.ContactID != id {
			h.Errorf("line %+v", l)
		}
		h.do(screen.Type{Text: "fro"})
		if got := h.now().Suggestions; len(got) != 1 || got[0].Number != "2001" {
			h.Errorf("suggestions %+v", got)
		}
		h.do(screen.OpenContact{ID: id}, screen.SetFavourite{ID: id, On: true}, screen.ShowFavourites{On: true})
		if got := h.now().Contacts; got.Found != 1 || !got.Rows[0].Favourite {
			h.Errorf("favourites %+v", got)
		}
		h.do(screen.DeleteContact{ID: id})
		if s := h.now(); s.Contacts.Total != 0 || s.Detail != "" {
			h.Errorf("after deletion: %d contacts, detail %q", s.Contacts.Total, s.Detail)
		}
		h.do(screen.TakeBack{})
		if h.now().Contacts.Total != 1 {
			h.Error("a deleted contact does not come back")
		}
	})
}

func TestHistoryIsFoundByTheNamesItShows(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.missedCall("1", "2001")
		h.missedCall("2", "2002")
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Laboratory",
			Numbers: []screen.Number{{Number: "2002"}}}}, screen.Show{Page: screen.PageHistory})
		for _, query := range []string{"labor", "labor 2002"} {
			h.do(screen.SearchHistory{Query: query})
			if got := lines(h.now()); got != "Laboratory 2002" {
				h.Errorf("%q finds %q, want the call of the contact that was added after it", query, got)
			}
		}
		h.do(screen.SearchHistory{Query: "reception"})
		if got := lines(h.now()); got != "" {
			h.Errorf("a name that nobody has finds %q", got)
		}
		h.do(screen.SearchHistory{}, screen.Type{Text: "labor"})
		if got := h.now().Suggestions; len(got) != 1 || got[0].Number != "2002" || !got[0].Missed {
			h.Errorf("suggestions %+v, want the missed call of who has that name", got)
		}
	})
}

func TestContactDeletedByAnotherPageIsNotLost(t *testing.T) {
	twoPages(t, oneServerConfig(), func(h, other *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk"}})
		h.do(screen.EditContact{ID: h.now().Detail})
		other.do(screen.DeleteContact{ID: h.now().Detail})
		h.do(screen.SaveContact{Contact: screen.Contact{Name: "Reception"}})
		if form := h.now().Contacts.Edit; form == nil || form.Error.Key != text.ContactGone {
			h.Fatalf("form %+v, want it open with the reason", form)
		}
		h.do(screen.SaveContact{Contact: screen.Contact{Name: "Reception"}})
		if s := h.now(); s.Contacts.Edit != nil || s.Contacts.Total != 1 || s.Contacts.Chosen.Name != "Reception" {
			h.Errorf("after saving again: %+v", s.Contacts)
		}
	})
}

func TestImportShowsWhatComes(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk",
			Numbers: []screen.Number{{Number: "2001"}}}})
		h.do(screen.ReadImport{Name: "a.csv", Data: []byte("Name,Firm,Phone\nFront Desk,Example,2001\nLab,Example,3001\n")})
		p := h.now().Contacts.Import
		if p == nil || p.Found != 2 || p.Duplicates != 1 {
			h.Fatalf("preview %+v", p)
		}
		h.do(screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation}, screen.SetPolicy{Policy: screen.Merge})
		if got := h.now().Contacts.Import.Rows[1].Organisation; got != "Example" {
			h.Errorf("organisation %q after naming the column", got)
		}
		h.do(screen.SetHeader{})
		if p := h.now().Contacts.Import; p.Columns[0].Title != "" || p.Found != 3 || p.Rows[0].Name != "Name" ||
			p.Policy != screen.Merge {
			h.Errorf("with the first line as a contact: %+v, policy %v", p.Rows, p.Policy)
		}
		h.do(screen.SetHeader{On: true}, screen.SetColumn{Index: 1, Column: screen.ColumnOrganisation},
			screen.SetColumn{Index: 7})
		if p := h.now().Contacts.Import; p.Columns[1].Title != "Firm" || p.Found != 2 {
			h.Errorf("with the header again: column %q, %+v", p.Columns[1].Title, p.Rows)
		}
		h.do(screen.Import{})
		s := h.now()
		if s.Contacts.Total != 2 || s.Contacts.Import != nil || s.Contacts.Rows[0].Organisation != "Example" {
			h.Errorf("imported: %+v", s.Contacts)
		}
		h.do(screen.TakeBack{})
		if h.now().Contacts.Total != 1 {
			h.Error("an import does not go away again")
		}
		h.do(screen.ReadImport{Name: "b.vcf", Data: []byte("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Lab\r\nTEL:3001\r\nEND:VCARD\r\n")})
		h.do(screen.Import{})
		h.do(screen.ExportContacts{})
		if f := h.now().File; !strings.Contains(string(f.Data), "FN:Lab") {
			h.Errorf("exported %q", f.Data)
		}
		h.do(screen.ReadImport{Name: "long.csv", Data: []byte("Name,Phone\n" + strings.Repeat("Day,3002\n", contacts.Max+1))})
		if p := h.now().Contacts.Import; p.Faults != 1 {
			h.Errorf("%d faults in a file that has more rows than a book can hold, want that one", p.Faults)
		}
		h.do(screen.ReadImport{Name: "large.csv", Data: make([]byte, contacts.MaxFile+1)})
		if p := h.now().Contacts.Import; p == nil || p.Error.Key != text.ImportTooLarge {
			h.Errorf("a file that is too large: %+v, want to be told so", p)
		}
		h.do(screen.ReadImport{Name: "empty"})
		if p := h.now().Contacts.Import; p == nil || p.Error.Empty() {
			h.Error("an empty file has no error")
		}
	})
}

func TestPhonebookIsFetchedAndKept(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Phonebook = "/phonebook.json"
	var asked []string
	fail := false
	get := func(_ context.Context, url, etag string) (fetch.Document, error) {
		asked = append(asked, url+" "+etag)
		switch {
		case fail:
			return fetch.Document{}, errors.New("offline")
		case etag == "v1":
			return fetch.Document{ETag: etag, Same: true}, nil
		}
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`), ETag: "v1"}, nil
	}
	desk(t, cfg, get, func(h *harness, store *store.Memory) {
		h.do(screen.Show{Page: screen.PageContacts})
		found := h.now().Contacts.Rows
		if len(found) != 1 || !found[0].ReadOnly {
			h.Fatalf("contacts %+v, want the company's", found)
		}
		h.do(screen.EditContact{ID: found[0].ID})
		if h.now().Contacts.Edit != nil {
			h.Error("a contact of the company can be edited")
		}
		fail = true
		h.do(screen.Logout{}, typed)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if h.do(screen.Show{Page: screen.PageContacts}); h.now().Contacts.Total != 1 {
			h.Error("without network the stored phonebook is not shown")
		}
		fail = false
		h.later(phonebookAge)
		h.do(screen.Show{Page: screen.PageContacts})
		if len(asked) != 2 || asked[1] != "/phonebook.json v1" {
			h.Errorf("asked %q, want once in ten minutes, and with the tag", asked)
		}
		if h.now().Contacts.Total != 1 {
			h.Error("the same phonebook is gone")
		}
	})
}

// TestBrokenPhonebookIsSaidOnceAndTriedAgain follows a phonebook that fails, comes back, and is asked for by the hour.
func TestBrokenPhonebookIsSaidOnceAndTriedAgain(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Phonebook = "/phonebook.json"
	asked, answer := 0, "<html>not found"
	get := func(context.Context, string, string) (fetch.Document, error) {
		asked++
		return fetch.Document{Data: []byte(answer)}, nil
	}
	desk(t, cfg, get, func(h *harness, _ *store.Memory) {
		wantAsked := func(why string, want int) {
			h.Helper()
			if h.now(); asked != want {
				h.Errorf("%s: asked %d times, want %d", why, asked, want)
			}
		}
		if got := h.now().Problem; got.Text.Key != text.PhonebookFailed {
			h.Fatalf("problem %v, want the phonebook named", got)
		}
		h.do(screen.Dismiss{}, screen.Show{Page: screen.PageContacts})
		wantAsked("opening Contacts does not shorten the wait", 1)
		h.later(phonebookRetry)
		wantAsked("after half a minute", 2)
		h.later(phonebookRetry)
		wantAsked("the next wait is twice as long", 2)
		h.later(phonebookRetry)
		wantAsked("after the doubled wait", 3)
		if got := h.now().Problem.Text; !got.Empty() {
			h.Errorf("said again: %v", got)
		}
		answer = `[{"name":"Billing","number":"1022"}]`
		h.tell(connection(ua.Disconnected, ua.CauseConnectionLost), connected())
		wantAsked("a new connection", 4)
		if got := h.now().Contacts.Total; got != 1 {
			h.Errorf("%d contacts, want the company's", got)
		}
		h.tell(connection(ua.Disconnected, ua.CauseConnectionLost), connected())
		wantAsked("it has just come", 4)
		h.later(phonebookEvery)
		wantAsked("an hour later", 5)
		answer = "broken again"
		h.later(phonebookEvery)
		wantAsked("another hour later", 6)
		if got := h.now(); got.Problem.Text.Key != text.PhonebookFailed || got.Contacts.Total != 1 {
			h.Errorf("problem %v, %d contacts; want the new failure said, and what was there before", got.Problem.Text,
				got.Contacts.Total)
		}
	})
}

// TestPhonebookIsFetchedByTheHourAfterLoggingInAgain logs in again while the phonebook has just come.
func TestPhonebookIsFetchedByTheHourAfterLoggingInAgain(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Phonebook = "/phonebook.json"
	asked := 0
	get := func(context.Context, string, string) (fetch.Document, error) {
		asked++
		return fetch.Document{Data: []byte(`[]`)}, nil
	}
	desk(t, cfg, get, func(h *harness, _ *store.Memory) {
		wantAsked := func(why string, within time.Duration, want int) {
			h.Helper()
			before := asked
			h.later(within)
			if h.now(); asked-before != want {
				h.Errorf("%s: asked %d times within %v, want %d", why, asked-before, within, want)
			}
		}
		h.do(screen.Logout{})
		wantAsked("nobody is logged in", 3*phonebookEvery, 0)
		h.login()
		h.do(screen.Logout{})
		h.login()
		wantAsked("logged in again at once: ten minutes after the last time, then by the hour",
			phonebookAge+4*phonebookEvery+time.Minute, 5)
		for range 5 {
			h.later(phonebookAge + time.Second)
			h.do(screen.Show{Page: screen.PageContacts})
		}
		wantAsked("opening Contacts five times leaves one clock", 4*phonebookEvery, 4)
	})
}

// fullStore keeps nothing.
type fullStore struct{ store.Memory }

func (*fullStore) Swap(context.Context, string, []byte, []byte) error { return errors.New("full") }

func TestFullStorageIsSaidOnce(t *testing.T) {
	storyWith(t, Options{Config: oneServerConfig(), Store: &fullStore{}}, func(h *harness) {
		h.login()
		h.missedCall("1", "2001")
		if s := h.now(); !s.NotKept || lines(s) != "2001" {
			h.Errorf("said: %v, history %q; want the notice, and the call as long as the page", s.NotKept, lines(s))
		}
		if h.do(screen.DismissNotKept{}); h.now().NotKept {
			h.Error("the notice stays")
		}
	})
}

func TestHeightOfTheWindowReachesTheList(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.do(screen.WindowHigh{Height: 1536}) // at the login card
		h.login()
		h.do(screen.Show{Page: screen.PageContacts})
		if got := h.now().Contacts.Height; got != 1536 {
			h.Errorf("the list is made for %d pixels, want those told before the login", got)
		}
		h.do(screen.WindowHigh{Height: 2304})
		if got := h.now().Contacts.Height; got != 2304 {
			h.Errorf("the list is made for %d pixels after the window has grown", got)
		}
	})
}
