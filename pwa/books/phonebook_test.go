package books

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// countingStore counts what is read and written of the phonebook.
type countingStore struct {
	*store.Memory
	loads, swaps atomic.Int32
}

func (s *countingStore) Load(ctx context.Context, key string) ([]byte, error) {
	if key == phonebookDoc {
		s.loads.Add(1)
	}
	return s.Memory.Load(ctx, key)
}

func (s *countingStore) Swap(ctx context.Context, key string, old, data []byte) error {
	if key == phonebookDoc {
		s.swaps.Add(1)
	}
	return s.Memory.Swap(ctx, key, old, data)
}

func TestSamePhonebookCostsNothing(t *testing.T) {
	cfg := config.Config{}
	cfg.Phonebook = "/phonebook.json"
	var etags []string
	get := func(_ context.Context, _, etag string) (fetch.Document, error) {
		etags = append(etags, etag)
		if etag == "v1" {
			return fetch.Document{ETag: etag, Same: true}, nil
		}
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`), ETag: "v1"}, nil
	}
	medium := &countingStore{Memory: &store.Memory{}}
	atDesk(t, Options{Config: cfg, Store: medium, Fetch: get}, func(d *desk) {
		d.login("1001")
		d.do(screen.Show{Page: screen.PageContacts})
		if got := d.now().Contacts.Total; got != 1 {
			d.Fatalf("%d contacts, want the company's", got)
		}
		loads, swaps, version := medium.loads.Load(), medium.swaps.Load(), d.now().Fits
		for range 5 {
			d.later(phonebookEvery + time.Second)
			d.now()
		}
		if len(etags) != 6 || etags[5] != "v1" {
			d.Fatalf("asked with %q, want five times with the tag", etags)
		}
		if medium.loads.Load() != loads || medium.swaps.Load() != swaps || d.now().Fits != version {
			d.Errorf("%d reads, %d writes, %d changes of the screen for the same phonebook, want none", medium.loads.Load()-loads,
				medium.swaps.Load()-swaps, d.now().Fits-version)
		}
	})
	atDesk(t, Options{Config: cfg, Store: medium, Fetch: get}, func(d *desk) {
		d.login("1001")
		if d.do(screen.Show{Page: screen.PageContacts}); d.now().Contacts.Total != 1 || etags[len(etags)-1] != "v1" ||
			medium.swaps.Load() != 1 {
			d.Errorf("at the next visit: %d contacts, asked with %q, written %d times", d.now().Contacts.Total,
				etags[len(etags)-1], medium.swaps.Load())
		}
	})
}

// TestCallsAndEditsGoOnWhileThePhonebookIsBuilt lets 20,000 rows come in the midst of work, and stops at each pause.
func TestCallsAndEditsGoOnWhileThePhonebookIsBuilt(t *testing.T) {
	cfg := config.Config{}
	cfg.Phonebook = "/phonebook.json"
	list := manyContacts(20000)
	data, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	get := func(context.Context, string, string) (fetch.Document, error) {
		return fetch.Document{Data: data, ETag: "v1"}, nil
	}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		d, end := openDesk(t, Options{Config: cfg, Fetch: get, Store: &store.Memory{}, Pause: func() { <-gate }})
		d.login("1001")
		d.call("1", true, "1007", ua.CallRinging)
		for i := range 100 {
			select {
			case gate <- struct{}{}:
			case <-time.After(time.Second):
				d.Fatalf("nothing works any more after %d pauses", i)
			}
		}
		d.do(screen.Type{Text: "12"}, screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Meanwhile"}})
		if s := d.now(); len(s.Incoming()) != 1 || s.Dial != "12" || s.Contacts.Total != 1 {
			d.Errorf("%d calls, %q dialled, %d contacts while the phonebook is built", len(s.Incoming()), s.Dial,
				s.Contacts.Total)
		}
		close(gate)
		d.do(screen.Show{Page: screen.PageContacts})
		if s := d.now(); s.Contacts.Total != 20001 {
			d.Errorf("%d contacts, want the company's and the one made meanwhile", s.Contacts.Total)
		}
		if c := d.found("1007"); !c.ReadOnly {
			d.Errorf("1007 is %+v", c)
		}
		end()
	})
}

func TestPhonebookIsFetchedAndKept(t *testing.T) {
	cfg := config.Config{}
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
	atWork(t, cfg, get, func(d *desk, store *store.Memory) {
		d.do(screen.Show{Page: screen.PageContacts})
		found := d.now().Contacts.Rows
		if len(found) != 1 || !found[0].ReadOnly {
			d.Fatalf("contacts %+v, want the company's", found)
		}
		d.do(screen.EditContact{ID: found[0].ID})
		if d.now().Contacts.Edit != nil {
			d.Error("a contact of the company can be edited")
		}
		fail = true
		d.do(screen.Logout{})
		d.login("1001")
		if d.do(screen.Show{Page: screen.PageContacts}); d.now().Contacts.Total != 1 {
			d.Error("without network the stored phonebook is not shown")
		}
		fail = false
		d.later(phonebookAge)
		d.do(screen.Show{Page: screen.PageContacts})
		if len(asked) != 2 || asked[1] != "/phonebook.json v1" {
			d.Errorf("asked %q, want once in ten minutes, and with the tag", asked)
		}
		if d.now().Contacts.Total != 1 {
			d.Error("the same phonebook is gone")
		}
	})
}

// TestBrokenPhonebookIsSaidOnceAndTriedAgain follows a phonebook that fails, comes back, and is asked for by the hour.
func TestBrokenPhonebookIsSaidOnceAndTriedAgain(t *testing.T) {
	cfg := config.Config{}
	cfg.Phonebook = "/phonebook.json"
	asked, answer := 0, "<html>not found"
	get := func(context.Context, string, string) (fetch.Document, error) {
		asked++
		return fetch.Document{Data: []byte(answer)}, nil
	}
	atWork(t, cfg, get, func(d *desk, _ *store.Memory) {
		wantAsked := func(why string, want int) {
			d.Helper()
			if d.now(); asked != want {
				d.Errorf("%s: asked %d times, want %d", why, asked, want)
			}
		}
		if got := d.now().Problem; got.Text.Key != text.PhonebookFailed {
			d.Fatalf("problem %v, want the phonebook named", got)
		}
		d.do(screen.Dismiss{}, screen.Show{Page: screen.PageContacts})
		wantAsked("opening Contacts does not shorten the wait", 1)
		d.later(phonebookRetry)
		wantAsked("after half a minute", 2)
		d.later(phonebookRetry)
		wantAsked("the next wait is twice as long", 2)
		d.later(phonebookRetry)
		wantAsked("after the doubled wait", 3)
		if got := d.now().Problem.Text; !got.Empty() {
			d.Errorf("said again: %v", got)
		}
		answer = `[{"name":"Billing","number":"1022"}]`
		d.connects()
		wantAsked("a new connection", 4)
		if got := d.now().Contacts.Total; got != 1 {
			d.Errorf("%d contacts, want the company's", got)
		}
		d.connects()
		wantAsked("it has just come", 4)
		d.later(phonebookEvery)
		wantAsked("an hour later", 5)
		answer = "broken again"
		d.later(phonebookEvery)
		wantAsked("another hour later", 6)
		if got := d.now(); got.Problem.Text.Key != text.PhonebookFailed || got.Contacts.Total != 1 {
			d.Errorf("problem %v, %d contacts; want the new failure said, and what was there before", got.Problem.Text,
				got.Contacts.Total)
		}
	})
}

// TestPhonebookIsFetchedByTheHourAfterLoggingInAgain logs in again while the phonebook has just come.
func TestPhonebookIsFetchedByTheHourAfterLoggingInAgain(t *testing.T) {
	cfg := config.Config{}
	cfg.Phonebook = "/phonebook.json"
	asked := 0
	get := func(context.Context, string, string) (fetch.Document, error) {
		asked++
		return fetch.Document{Data: []byte(`[]`)}, nil
	}
	atWork(t, cfg, get, func(d *desk, _ *store.Memory) {
		wantAsked := func(why string, within time.Duration, want int) {
			d.Helper()
			before := asked
			d.later(within)
			if d.now(); asked-before != want {
				d.Errorf("%s: asked %d times within %v, want %d", why, asked-before, within, want)
			}
		}
		d.do(screen.Logout{})
		wantAsked("nobody is logged in", 3*phonebookEvery, 0)
		d.login("1001")
		d.do(screen.Logout{})
		d.login("1001")
		wantAsked("logged in again at once: ten minutes after the last time, then by the hour",
			phonebookAge+4*phonebookEvery+time.Minute, 5)
		for range 5 {
			d.later(phonebookAge + time.Second)
			d.do(screen.Show{Page: screen.PageContacts})
		}
		wantAsked("opening Contacts five times leaves one clock", 4*phonebookEvery, 4)
	})
}
