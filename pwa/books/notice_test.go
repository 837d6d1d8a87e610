package books

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestWhatIsLookedAtIsSeen: a missed call is news until the user has turned to the history, and not by what he does elsewhere.
func TestWhatIsLookedAtIsSeen(t *testing.T) {
	const itsCall = "the ID of the call"
	for why, test := range map[string]struct {
		page screen.Page // before it
		e    screen.Event
		seen bool
	}{
		"the history":                       {screen.PageContacts, screen.Show{Page: screen.PageHistory}, true},
		"another list":                      {screen.PagePhone, screen.Show{Page: screen.PageContacts}, false},
		"the call":                          {screen.PageContacts, screen.OpenCall{ID: itsCall}, true},
		"the call in its list":              {screen.PagePhone, screen.Choose{ID: itsCall}, true},
		"nothing chosen there":              {screen.PagePhone, screen.Choose{}, false},
		"something chosen in another list":  {screen.PageContacts, screen.Choose{ID: "x"}, false},
		"a contact":                         {screen.PagePhone, screen.OpenContact{ID: "x"}, false},
		"a key":                             {screen.PagePhone, screen.Type{Text: "2"}, false},
		"the list, where it lists the call": {screen.PagePhone, screen.SeeHistory{}, true},
	} {
		atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
			d.do(screen.Show{Page: test.page})
			d.missedCall("1", "2001")
			switch id := d.history.Entries()[0].ID; test.e {
			case screen.OpenCall{ID: itsCall}:
				d.do(screen.OpenCall{ID: id})
			case screen.Choose{ID: itsCall}:
				d.do(screen.Choose{ID: id})
			default:
				d.do(test.e)
			}
			if got := d.now().Missed == 0; got != test.seen || d.history.Entries()[0].Seen != test.seen {
				d.Errorf("%s: seen %v, kept as seen %v", why, got, d.history.Entries()[0].Seen)
			}
		})
	}
}

// TestToolsOpenInTheListThatShows and close with it.
func TestToolsOpenInTheListThatShows(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.has("Lab", "2001")
		for _, page := range []screen.Page{screen.PageHistory, screen.PageContacts, screen.PageHistory} {
			d.do(screen.Show{Page: page}, screen.ToggleTools{})
			history := page == screen.PageHistory
			if s := d.now(); s.History.Tools != history || s.Contacts.Tools == history {
				d.Errorf("at %q: tools of the history %v, of the contacts %v", page, s.History.Tools, s.Contacts.Tools)
			}
			if d.do(screen.ToggleTools{}); d.now().History.Tools || d.now().Contacts.Tools {
				d.Errorf("at %q the tools stay", page)
			}
			d.do(screen.ToggleTools{})
		}
		d.do(screen.ClearHistory{})
		if d.now().History.Tools {
			d.Error("the tools stay when the history has been cleared")
		}
	})
}

// TestPageThatComesBackHasItsCalls: what was kept when it was left is in its history, which may have been written.
func TestPageThatComesBackHasItsCalls(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, medium *store.Memory) {
		others := leftCalls{"1002@sip.example.com": history.New()}
		others["1002@sip.example.com"].Add(history.Entry{Number: "3001"})
		d.saveLeft(others)
		d.call("1", false, "2001", ua.CallEstablished)
		d.do(screen.Left{})
		if left := d.leftCalls(); left[account] == nil || left[account].Len() != 1 {
			d.Fatalf("left behind: %v", left)
		}
		d.do(screen.Returned{})
		if left := d.leftCalls(); left[account] != nil || left["1002@sip.example.com"] == nil || d.stored(medium).Len() != 1 {
			d.Errorf("left behind %v, %d stored; want the call in the history, and that of another account still to come", left,
				d.stored(medium).Len())
		}
	})
}

// TestDamagedKeepsakeOfAPageIsNone: neither it nor what follows it stands in the way.
func TestDamagedKeepsakeOfAPageIsNone(t *testing.T) {
	for _, damaged := range []string{"{", "7", `{"1001@sip.example.com":7}`, `{"1001@sip.example.com":null}`, "[]"} {
		keep := &store.MemoryValues{}
		keep.Save(LeftKey, damaged)
		atDesk(t, Options{Keep: keep}, func(d *desk) {
			d.login("1001")
			d.call("1", false, "2001", ua.CallEstablished)
			d.do(screen.Left{})
			if left := d.leftCalls(); left[account] == nil || left[account].Len() != 1 {
				d.Errorf("after %s: left behind %v", damaged, left)
			}
		})
	}
}

// newer is a document of a version of the phone that is still to come.
func newer(t *testing.T, kind string) []byte {
	t.Helper()
	doc, err := json.Marshal(map[string]any{"kind": kind, "version": 99, "data": []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestWhatANewerVersionWroteIsNotOverwritten lets another page, which has been updated, write: this one goes on with what it has,
// says that it keeps nothing more, and leaves the other's alone.
func TestWhatANewerVersionWroteIsNotOverwritten(t *testing.T) {
	for kind, key := range map[string]string{"history": historyDoc(account), "contacts": contactsDoc(account)} {
		atWork(t, config.Config{}, nil, func(d *desk, medium *store.Memory) {
			d.missedCall("1", "2001")
			d.has("Lab", "2001")
			theirs := newer(t, kind)
			if err := medium.Swap(t.Context(), key, medium.Data[key], theirs); err != nil {
				t.Fatal(err)
			}
			if !d.now().NotKept {
				d.Errorf("%s: nobody hears that it cannot be read", kind)
			}
			d.do(screen.DismissNotKept{})
			d.missedCall("2", "2002")
			d.has("Day", "2003")
			if s := d.now(); !s.NotKept || s.History.Total != 2 || s.Contacts.Total != 2 {
				d.Errorf("%s: said %v, %d calls, %d contacts; want all of them as long as the page, and to be told", kind,
					s.NotKept, s.History.Total, s.Contacts.Total)
			}
			if string(medium.Data[key]) != string(theirs) {
				d.Errorf("%s is overwritten: %s", kind, medium.Data[key])
			}
		})
	}
}

// TestStoredPhonebookOfAnotherAddressIsNotShown, nor one that is not configured any more.
func TestStoredPhonebookOfAnotherAddressIsNotShown(t *testing.T) {
	medium := &store.Memory{}
	book := contacts.Phonebook{URL: "/a.json", ETag: "v1", Contacts: []contacts.Contact{{ID: "1", Name: "Billing"}}}
	doc, err := book.Document(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := medium.Save(t.Context(), phonebookDoc, doc); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{"/a.json": "Billing", "/b.json": "", "": ""} {
		var asked []string
		get := func(_ context.Context, url, etag string) (fetch.Document, error) {
			asked = append(asked, url+" "+etag)
			return fetch.Document{}, errors.New("offline")
		}
		atDesk(t, Options{Config: config.Config{Phonebook: url}, Store: medium, Fetch: get}, func(d *desk) {
			d.login("1001")
			d.want(url, "", want)
			tag := choose(want != "", "v1", "")
			if all := strings.Join(asked, ", "); url != "" && all != url+" "+tag || url == "" && all != "" {
				d.Errorf("%q: asked for %q", url, all)
			}
		})
	}
}
