package books

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestBooksOpenForWhoIsLoggedIn and show nobody else's.
func TestBooksOpenForWhoIsLoggedIn(t *testing.T) {
	medium := &store.Memory{}
	atDesk(t, Options{Store: medium}, func(d *desk) {
		d.login("1001")
		d.called("1", ua.Outgoing, "2001", nothing{})
		d.has("Lab", "2001")
		d.want("at work", "Lab 2001", "Lab")
		d.logout()
		if s := d.s; s.History.Total != 0 || s.Contacts.Total != 0 || s.Caller.Known() {
			t.Errorf("at the card the snapshot has %d calls and %d contacts", s.History.Total, s.Contacts.Total)
		}
		d.login("1001")
		d.want("the first again", "Lab 2001", "Lab")
		if got := d.s.Placed.Target; got != "2001" {
			t.Errorf("an empty field calls %q again, want the last number", got)
		}
		d.logout()
		d.login("1002")
		d.want("another one", "", "")
		if got := d.s.Placed.Target; got != "" {
			t.Errorf("an empty field calls %q again, which another user has called", got)
		}
	})
	atDesk(t, Options{Store: medium}, func(d *desk) {
		d.login("1001")
		d.want("the next day", "Lab 2001", "Lab")
		if err := d.Erase(t.Context()); err != nil || len(medium.Data) != 0 {
			t.Errorf("%d documents after everything was erased, %v", len(medium.Data), err)
		}
	})
}

// TestRecordKeepsWhatEnds with an event: not while everything is erased, and at once where the page goes.
func TestRecordKeepsWhatEnds(t *testing.T) {
	keep := &store.MemoryValues{}
	medium := &store.Memory{}
	atDesk(t, Options{Keep: keep, Store: medium}, func(d *desk) {
		d.login("1001")
		d.called("1", ua.Incoming, "2001", nothing{})
		d.called("2", ua.Incoming, "2002", screen.Erase{})
		d.want("one was erased", "2001", "")
		if keep.Load(LeftKey) != "" {
			t.Errorf("%s is left behind by a page that stays", keep.Load(LeftKey))
		}
		d.called("3", ua.Incoming, "2003", screen.Left{})
		if left := keep.Load(LeftKey); !strings.Contains(left, "2003") || strings.Contains(left, "2001") {
			t.Errorf("left behind: %s, want the call that ended with the page", left)
		}
	})
	other := &store.Memory{} // the page did not live to write
	atDesk(t, Options{Keep: keep, Store: other}, func(d *desk) {
		d.login("1001")
		d.want("at the next visit", "2003", "")
		if keep.Load(LeftKey) != "" {
			t.Error("the history has it, and it is kept still")
		}
	})
	atDesk(t, Options{Config: config.Config{Flags: []config.Flag{config.NoHistory}}}, func(d *desk) {
		d.login("1001")
		d.called("1", ua.Incoming, "2001", nothing{})
		d.want("the operator wants no history", "", "")
	})
}

func TestNamedByTheContacts(t *testing.T) {
	atDesk(t, Options{}, func(d *desk) {
		d.login("1001")
		d.has("Lab", "2001")
		stranger := ua.Address{DisplayName: "Your bank", User: "2009"}
		call := d.Named(ua.CallInfo{Direction: ua.Incoming, Remote: ua.Address{DisplayName: "Your bank", User: "2001"},
			DivertedFrom: ua.Address{User: "2001"}, ReferredBy: stranger})
		if call.Remote.DisplayName != "Lab" || call.DivertedFrom.DisplayName != "Lab" || call.ReferredBy != stranger {
			t.Errorf("%+v, want the contact's name in both places, and nothing about a stranger", call)
		}
		if nobody := d.Named(ua.CallInfo{}); nobody.DivertedFrom.DisplayName != "" {
			t.Errorf("nobody is called %q", nobody.DivertedFrom.DisplayName)
		}
	})
}

// TestRenewedAccountHasItsOwnBooks while the phone stays open.
func TestRenewedAccountHasItsOwnBooks(t *testing.T) {
	atDesk(t, Options{}, func(d *desk) {
		d.login("1001")
		d.has("Lab", "2001")
		d.follow(Renewed{}, func(*screen.Snapshot) {})
		if d.s.Detail == "" {
			t.Error("the same account, and what was chosen is closed")
		}
		d.follow(Renewed{}, func(s *screen.Snapshot) { s.Account.User = "1002" })
		if d.s.Detail != "" {
			t.Error("a contact of the last account is open")
		}
		d.want("another account", "", "")
		d.follow(Renewed{}, func(s *screen.Snapshot) { s.Account.User = "1001" })
		d.want("the first account", "", "Lab")
	})
}

// TestPhonebookComesWithTheConnection and is asked for again after a failure.
func TestPhonebookComesWithTheConnection(t *testing.T) {
	asked, fails := 0, true
	get := func(_ context.Context, url, _ string) (fetch.Document, error) {
		if asked++; url != "/book.json" || fails {
			return fetch.Document{}, errors.New("offline")
		}
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`), ETag: "v1"}, nil
	}
	atDesk(t, Options{Config: config.Config{Phonebook: "/book.json"}, Fetch: get}, func(d *desk) {
		d.login("1001")
		if d.want("offline", "", ""); asked != 1 {
			t.Fatalf("asked %d times, want once, whatever is opened", asked)
		}
		if d.s.Problem.Count != 0 {
			t.Error("a phonebook is missed where nothing can be had")
		}
		fails = false
		d.do(Connected{})
		d.want("connected", "", "Billing")
		d.do(Connected{})
		if asked != 2 {
			t.Errorf("asked %d times, want no more: it has just come", asked)
		}
		d.Configure(config.Config{})
		d.do(Connected{})
		if asked != 2 {
			t.Error("asked for a phonebook that the operator has taken away")
		}
	})
}

// TestTwoPagesJoinTheirBooks writes on both in turn.
func TestTwoPagesJoinTheirBooks(t *testing.T) {
	medium := &store.Memory{}
	atDesk(t, Options{Store: medium}, func(a *desk) {
		b := newDesk(t, Options{Store: medium})
		a.login("1001")
		b.login("1001")
		a.has("Lab", "2001")
		b.rest()
		b.has("Pharmacy", "2002")
		a.called("1", ua.Incoming, "2001", nothing{})
		b.rest()
		b.called("2", ua.Incoming, "2002", nothing{})
		a.rest()
		a.want("the first page", "Pharmacy 2002, Lab 2001", "Lab, Pharmacy")
		b.want("the second page", "Pharmacy 2002, Lab 2001", "Lab, Pharmacy")
		b.logout()
	})
}

func TestKeyHidesAProtectedAccount(t *testing.T) {
	plain := screen.Account{User: "1001", Server: "sip.example.com"}
	hidden := plain
	hidden.Hidden.User = true
	server := plain
	server.Hidden.Server = true
	if got := Key(server); strings.Contains(got, "sip.example.com") || got == "" {
		t.Errorf("%q tells a server that is protected", got)
	}
	given := hidden
	given.Key = "of the last time"
	if got := Key(plain); got != "1001@sip.example.com" {
		t.Errorf("%q", got)
	}
	if got := Key(hidden); strings.Contains(got, "1001") || got != Key(hidden) || got == "" {
		t.Errorf("%q tells a name that is protected", got)
	}
	if got := Key(given); got != "of the last time" {
		t.Errorf("%q, want the key that was kept", got)
	}
}

// TestEverythingInOneFile has what was made, and no phonebook of the company.
func TestEverythingInOneFile(t *testing.T) {
	get := func(context.Context, string, string) (fetch.Document, error) {
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`)}, nil
	}
	atDesk(t, Options{Config: config.Config{Phonebook: "/book.json"}, Fetch: get}, func(d *desk) {
		d.login("1001")
		d.called("1", ua.Incoming, "2001", nothing{})
		d.has("Lab", "2001")
		d.do(screen.ExportAll{})
		file := d.s.File
		if file.Name != "webphone.json" || !bytes.Contains(file.Data, []byte(`"Lab"`)) ||
			!bytes.Contains(file.Data, []byte("2001")) ||
			bytes.Contains(file.Data, []byte("Billing")) {
			t.Errorf("%s: %s", file.Name, file.Data)
		}
	})
}

// TestSuggestionsFollowWhatIsTyped and the mark begins anew.
func TestSuggestionsFollowWhatIsTyped(t *testing.T) {
	atDesk(t, Options{}, func(d *desk) {
		d.login("1001")
		d.has("Lab", "2001")
		d.has("Laundry", "2002")
		d.do(screen.Type{Text: "la"})
		if got := d.s; len(got.Suggestions) != 2 || got.Marked != 1 || got.Nameless {
			t.Errorf("%d suggestions, the mark on %d, want both and the first contact marked", len(got.Suggestions), got.Marked)
		}
		d.do(screen.Type{Text: "lax"})
		if got := d.s; len(got.Suggestions) != 0 || !got.Nameless {
			t.Errorf("%d suggestions, nameless %v, want to be told that nobody has the name", len(got.Suggestions), got.Nameless)
		}
		d.do(screen.Type{Text: "2002"})
		if got := d.s; len(got.Suggestions) != 1 || got.Marked != 0 {
			t.Errorf("%d suggestions, the mark on %d, want a number called as it stands", len(got.Suggestions), got.Marked)
		}
	})
}

// fullStore keeps nothing.
type fullStore struct{ store.Memory }

func (*fullStore) Swap(context.Context, string, []byte, []byte) error { return errors.New("full") }

func TestFullStorageIsSaidOnce(t *testing.T) {
	atDesk(t, Options{Store: &fullStore{}}, func(d *desk) {
		d.login("1001")
		d.missedCall("1", "2001")
		if s := d.now(); !s.NotKept || lines(s) != "2001" {
			d.Errorf("said: %v, history %q; want the notice, and the call as long as the page", s.NotKept, lines(s))
		}
		if d.do(screen.DismissNotKept{}); d.now().NotKept {
			d.Error("the notice stays")
		}
	})
}
