package books

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// gatedStore reads nothing until the gate is opened.
type gatedStore struct {
	store.Memory
	gate chan struct{}
}

func (s *gatedStore) Load(ctx context.Context, key string) ([]byte, error) {
	<-s.gate
	return s.Memory.Load(ctx, key)
}

// visitUnread opens a page with a call and 300 contacts stored, and makes a call and a contact before they are here.
func visitUnread(t *testing.T, tell func(d *desk, store *gatedStore, end func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		before := history.New()
		before.Add(history.Entry{ID: "before", Number: "700", Start: time.Now()})
		store := &gatedStore{gate: make(chan struct{})}
		if err := before.Save(t.Context(), &store.Memory, historyDoc(account)); err != nil {
			t.Fatal(err)
		}
		store.Data[contactsDoc(account)] = docOf(t, bookOfMany(300))
		d, end := openDesk(t, Options{Store: store})
		d.login("1001")
		d.call("1", false, "600", ua.CallEstablished)
		d.call("1", false, "600", ua.CallEnded)
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk"}})
		tell(d, store, end)
	})
}

func (d *desk) wantStored(why string, store *gatedStore, calls, contacts int) {
	d.Helper()
	if got := d.stored(&store.Memory).Len(); got != calls {
		d.Errorf("%s: %d calls are stored, want %d", why, got, calls)
	}
	if got := bookFrom(d.T, store.Data[contactsDoc(account)]).Len(); got != contacts {
		d.Errorf("%s: %d contacts are stored, want %d", why, got, contacts)
	}
}

func TestWhatIsMadeBeforeTheStoreIsReadOutlivesLoggingOut(t *testing.T) {
	visitUnread(t, func(d *desk, store *gatedStore, end func()) {
		d.call("2", false, "601", ua.CallRinging)
		d.do(screen.Logout{})
		d.wantStored("before they are read", store, 1, 300)
		close(store.gate)
		d.wantStored("logged out", store, 3, 301)
		if s := d.now(); s.Screen != screen.ScreenLogin || s.History.Total != 0 || s.Contacts.Total != 0 {
			d.Errorf("logged out, the snapshot has %d calls and %d contacts", s.History.Total, s.Contacts.Total)
		}
		d.login("1001")
		if s := d.now(); s.History.Total != 3 || s.Contacts.Total != 301 {
			d.Errorf("logged in again: %d calls and %d contacts, want 3 and 301", s.History.Total, s.Contacts.Total)
		}
		end()
	})
}

func TestWhatIsMadeBeforeTheStoreIsReadWaitsForTheNextLogin(t *testing.T) {
	visitUnread(t, func(d *desk, store *gatedStore, end func()) {
		d.do(screen.Logout{})
		d.login("1001")
		if s := d.now(); s.History.Total != 1 || s.Contacts.Total != 1 {
			d.Errorf("logged in again at once: %d calls and %d contacts, want the early ones", s.History.Total, s.Contacts.Total)
		}
		close(store.gate)
		d.wantStored("both loads are done", store, 2, 301)
		if s := d.now(); s.History.Total != 2 || s.Contacts.Total != 301 {
			d.Errorf("then %d calls and %d contacts, want 2 and 301", s.History.Total, s.Contacts.Total)
		}
		end()
	})
}

func TestWhatIsMadeBeforeTheStoreIsReadStaysWithItsAccount(t *testing.T) {
	visitUnread(t, func(d *desk, store *gatedStore, end func()) {
		d.do(screen.Logout{})
		d.login("1002")
		close(store.gate)
		d.wantStored("somebody else is logged in", store, 2, 301)
		if s := d.now(); s.History.Total != 0 || s.Contacts.Total != 0 {
			d.Errorf("another account sees %d calls and %d contacts", s.History.Total, s.Contacts.Total)
		}
		end()
	})
}

func TestErasingTakesWhatWaitsForTheStore(t *testing.T) {
	visitUnread(t, func(d *desk, store *gatedStore, end func()) {
		d.do(screen.Erase{})
		close(store.gate)
		d.rest()
		if len(store.Data) != 0 {
			d.Errorf("%d documents are stored after everything was erased", len(store.Data))
		}
		end()
	})
}

// TestPageLeftBeforeTheStoreIsReadLosesNoCall leaves the page with a call, without one, and after logging out.
func TestPageLeftBeforeTheStoreIsReadLosesNoCall(t *testing.T) {
	for why, leave := range map[string]func(d *desk){
		"in a call":  func(d *desk) { d.call("2", false, "601", ua.CallRinging) },
		"idle":       func(*desk) {},
		"logged out": func(d *desk) { d.do(screen.Logout{}) },
	} {
		t.Run(why, func(t *testing.T) {
			visitUnread(t, func(d *desk, gated *gatedStore, end func()) {
				leave(d)
				want := 2 + len(d.now().Calls.All)
				d.do(screen.Left{})
				keep := &store.MemoryValues{}
				keep.Save(LeftKey, d.keep.Load(LeftKey)) // before anything is read
				close(gated.gate)
				end()

				next := &store.Memory{Data: map[string][]byte{}}
				before := history.New()
				before.Add(history.Entry{ID: "before", Number: "700", Start: time.Now()})
				if err := before.Save(d.Context(), next, historyDoc(account)); err != nil {
					d.Fatal(err)
				}
				d, end = openDesk(d.T, Options{Keep: keep, Store: next})
				d.login("1001")
				if got := d.stored(next).Len(); got != want {
					d.Errorf("%d calls are stored at the next visit, want %d", got, want)
				}
				end()
			})
		})
	}
}

// TestAnswerOfAnEarlierOpeningCountsForNothing logs in again while the first reading is on its way. Another page has
// deleted a contact and a call in between: what was read first must not bring them back.
func TestAnswerOfAnEarlierOpeningCountsForNothing(t *testing.T) {
	for _, newestFirst := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			store, readings := &store.Memory{Data: map[string][]byte{}}, &readings{}
			before := history.New()
			before.Add(history.Entry{ID: "kept", Number: "700", Start: time.Now()})
			before.Add(history.Entry{ID: "deleted", Number: "701", Start: time.Now()})
			book := bookOfMany(2)
			d, end := openDesk(t, Options{Store: readings.of(store)})
			lie := func() {
				if err := before.Save(t.Context(), store, historyDoc(account)); err != nil {
					t.Fatal(err)
				}
				store.Data[contactsDoc(account)] = docOf(t, book)
			}
			lie()
			d.login("1001")
			d.do(screen.Logout{})
			before.Delete("deleted")
			if _, err := book.Delete(book.All()[0].ID); err != nil {
				t.Fatal(err)
			}
			lie()
			d.login("1001")
			synctest.Wait()
			readings.finish(newestFirst)
			if s := d.now(); s.History.Total != 1 || s.Contacts.Total != 1 {
				t.Errorf("newest answer first %v: %d calls and %d contacts, want those that were not deleted", newestFirst,
					s.History.Total, s.Contacts.Total)
			}
			if calls, people := d.stored(store).Len(), bookFrom(t, store.Data[contactsDoc(account)]).Len(); calls != 1 ||
				people != 1 {
				t.Errorf("newest answer first %v: %d calls and %d contacts are stored", newestFirst, calls, people)
			}
			end()
		})
	}
}

// readings are a store's answers on their way: what was read already has not arrived yet.
type readings struct {
	store.Store
	arrive []chan struct{}
}

func (r *readings) of(s store.Store) *readings {
	r.Store = s
	return r
}

func (r *readings) Load(ctx context.Context, key string) ([]byte, error) {
	data, err := r.Store.Load(ctx, key)
	arrives := make(chan struct{})
	r.arrive = append(r.arrive, arrives)
	<-arrives
	return data, err
}

// finish lets all arrive, one after another: those on their way now in their order or from behind, then what they bring about.
func (r *readings) finish(newestFirst bool) {
	for len(r.arrive) > 0 {
		i := 0
		if newestFirst {
			i = len(r.arrive) - 1
		}
		arrives := r.arrive[i]
		r.arrive = append(r.arrive[:i], r.arrive[i+1:]...)
		close(arrives)
		synctest.Wait()
	}
}
