package books

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// twoPages runs two pages of one account over one store.
func twoPages(t *testing.T, cfg config.Config, tell func(a, b *desk, store *store.Memory)) {
	store := &store.Memory{}
	opts := Options{Config: cfg, Store: store, Fetch: func(context.Context, string, string) (fetch.Document, error) {
		return fetch.Document{Data: []byte(`[{"id":"7","name":"Billing","number":"1022"}]`)}, nil
	}}
	atDesk(t, opts, func(a *desk) {
		b, end := openDesk(a.T, opts)
		a.beside, b.beside = b, a
		a.login("1001")
		b.login("1001")
		tell(a, b, store)
		end()
	})
}

func listed(d *desk) []string {
	d.do(screen.Show{Page: screen.PageHistory})
	all := strings.Split(lines(d.now()), "; ")
	slices.Sort(all)
	return all
}

func TestTwoPagesKeepOneHistory(t *testing.T) {
	twoPages(t, config.Config{}, func(a, b *desk, store *store.Memory) {
		a.missedCall("1", "2001")
		b.missedCall("2", "2002")
		a.missedCall("3", "2003")
		for name, d := range map[string]*desk{"first": a, "second": b} {
			if got := listed(d); !slices.Equal(got, []string{"2001", "2002", "2003"}) {
				t.Errorf("the %s page shows %q, want the calls of both", name, got)
			}
		}
		id := a.now().History.Days[0].Lines[0].Newest().ID
		a.do(screen.DeleteCalls{ID: id})
		if got := listed(b); len(got) != 2 {
			t.Errorf("a call deleted on one page stays on the other: %q", got)
		}
		a.do(screen.TakeBack{})
		b.missedCall("4", "2004")
		if got := listed(a); len(got) != 4 {
			t.Errorf("after taking it back and a call of the other page: %q", got)
		}
		again, err := history.Load(t.Context(), store, historyDoc("1001@sip.example.com"))
		if err != nil || again.Len() != 4 {
			t.Errorf("stored: %d calls, %v; want all four", again.Len(), err)
		}
	})
}

func TestTwoPagesKeepOneBook(t *testing.T) {
	cfg := config.Config{}
	cfg.Phonebook = "/phonebook.json"
	twoPages(t, cfg, func(a, b *desk, _ *store.Memory) {
		a.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab",
			Numbers: []screen.Number{{Number: "3001"}}}})
		b.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Pharmacy",
			Numbers: []screen.Number{{Number: "3002"}}}})
		a.do(screen.Show{Page: screen.PageContacts})
		lab := a.found("lab")
		b.do(screen.SetFavourite{ID: lab.ID, On: true}, screen.EditContact{ID: lab.ID},
			screen.SaveContact{Contact: screen.Contact{Name: "Laboratory", Numbers: lab.Numbers}})
		var names []string
		for _, c := range a.now().Contacts.Rows {
			names = append(names, strings.TrimSpace(c.Name+" "+strings.Repeat("*", choose(c.Favourite, 1, 0))+choose(c.ReadOnly,
				"phonebook", "")))
		}
		if !slices.Equal(names, []string{"Billing phonebook", "Laboratory *", "Pharmacy"}) {
			t.Errorf("the first page shows %q, want what both have made of it", names)
		}
		company := a.found("billing").ID
		a.do(screen.SetFavourite{ID: company, On: true}, screen.DeleteContact{ID: lab.ID})
		b.do(screen.Show{Page: screen.PageContacts})
		if got := b.found("billing"); b.now().Contacts.Total != 2 || !got.Favourite {
			t.Errorf("the second page has %d contacts and the favourite %v", b.now().Contacts.Total, got.Favourite)
		}
	})
}

// slowStore reads nothing before its gate is open.
type slowStore struct {
	*store.Memory
	gate chan struct{}
}

func (s slowStore) Load(ctx context.Context, key string) ([]byte, error) {
	<-s.gate
	return s.Memory.Load(ctx, key)
}

func TestCallBeforeTheHistoryIsReadIsAdded(t *testing.T) {
	store := &store.Memory{}
	atDesk(t, Options{Store: store}, func(d *desk) {
		d.login("1001")
		d.missedCall("1", "2001")
	})
	synctest.Test(t, func(t *testing.T) {
		slow := slowStore{store, make(chan struct{})}
		d, end := openDesk(t, Options{Store: slow})
		d.login("1001")
		d.missedCall("2", "2002")
		close(slow.gate)
		if got := listed(d); !slices.Equal(got, []string{"2001", "2002"}) {
			t.Errorf("shown: %q, want the stored call and the early one", got)
		}
		end()
		again, err := history.Load(t.Context(), store, historyDoc("1001@sip.example.com"))
		if err != nil || again.Len() != 2 {
			t.Errorf("stored: %d calls, %v; want both", again.Len(), err)
		}
	})
}

func TestContactDeletedByAnotherPageIsNotLost(t *testing.T) {
	twoPages(t, config.Config{}, func(d, other *desk, _ *store.Memory) {
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk"}})
		d.do(screen.EditContact{ID: d.now().Detail})
		other.do(screen.DeleteContact{ID: d.now().Detail})
		d.do(screen.SaveContact{Contact: screen.Contact{Name: "Reception"}})
		if form := d.now().Contacts.Edit; form == nil || form.Error.Key != text.ContactGone {
			d.Fatalf("form %+v, want it open with the reason", form)
		}
		d.do(screen.SaveContact{Contact: screen.Contact{Name: "Reception"}})
		if s := d.now(); s.Contacts.Edit != nil || s.Contacts.Total != 1 || s.Contacts.Chosen.Name != "Reception" {
			d.Errorf("after saving again: %+v", s.Contacts)
		}
	})
}
