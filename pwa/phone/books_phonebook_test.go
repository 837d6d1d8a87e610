package phone

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
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
	cfg := oneServerConfig()
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
	storyWith(t, Options{Config: cfg, Store: medium, Fetch: get}, func(h *harness) {
		h.login()
		h.do(screen.Show{Page: screen.PageContacts})
		if got := h.now().Contacts.Total; got != 1 {
			h.Fatalf("%d contacts, want the company's", got)
		}
		loads, swaps, version := medium.loads.Load(), medium.swaps.Load(), h.now().Fits
		for range 5 {
			h.later(phonebookEvery + time.Second)
			h.now()
		}
		if len(etags) != 6 || etags[5] != "v1" {
			h.Fatalf("asked with %q, want five times with the tag", etags)
		}
		if medium.loads.Load() != loads || medium.swaps.Load() != swaps || h.now().Fits != version {
			h.Errorf("%d reads, %d writes, %d changes of the screen for the same phonebook, want none", medium.loads.Load()-loads,
				medium.swaps.Load()-swaps, h.now().Fits-version)
		}
	})
	storyWith(t, Options{Config: cfg, Store: medium, Fetch: get}, func(h *harness) {
		h.login()
		if h.do(screen.Show{Page: screen.PageContacts}); h.now().Contacts.Total != 1 || etags[len(etags)-1] != "v1" ||
			medium.swaps.Load() != 1 {
			h.Errorf("at the next visit: %d contacts, asked with %q, written %d times", h.now().Contacts.Total,
				etags[len(etags)-1], medium.swaps.Load())
		}
	})
}

// TestCallsAndEditsGoOnWhileThePhonebookIsBuilt lets 20,000 rows come in the midst of work, and stops at each pause.
func TestCallsAndEditsGoOnWhileThePhonebookIsBuilt(t *testing.T) {
	cfg := oneServerConfig()
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
		h, end := openPage(t, Options{Config: cfg, Fetch: get, Store: &store.Memory{}, Pause: func() { <-gate }})
		h.login()
		h.call("1", true, "1007", ua.CallRinging)
		for i := range 100 {
			select {
			case gate <- struct{}{}:
			case <-time.After(time.Second):
				h.Fatalf("nothing works any more after %d pauses", i)
			}
		}
		h.do(screen.Type{Text: "12"}, screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Meanwhile"}})
		if s := h.now(); len(s.Incoming()) != 1 || s.Dial != "12" || s.Contacts.Total != 1 {
			h.Errorf("%d calls, %q dialled, %d contacts while the phonebook is built", len(s.Incoming()), s.Dial,
				s.Contacts.Total)
		}
		close(gate)
		h.do(screen.Show{Page: screen.PageContacts})
		if s := h.now(); s.Contacts.Total != 20001 {
			h.Errorf("%d contacts, want the company's and the one made meanwhile", s.Contacts.Total)
		}
		if c := h.found("1007"); !c.ReadOnly {
			h.Errorf("1007 is %+v", c)
		}
		end()
	})
}
