package phone

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// threeCalls are one the user talks in, one that rings at the other side, and one that rings here.
func (h *harness) threeCalls() {
	h.Helper()
	h.call("1", false, "600", ua.CallEstablished, func(c *ua.CallInfo) { c.Answered = time.Now() })
	time.Sleep(65 * time.Second) // of the bubble: takes no time
	h.call("2", false, "601", ua.CallRinging)
	time.Sleep(time.Second)
	h.call("3", true, "2001", ua.CallRinging)
}

func (h *harness) wantThreeCalls(why string, history *history.History) {
	h.Helper()
	e := history.Entries()
	if len(e) != 3 {
		h.Fatalf("%s: %d calls in the history, want 3", why, len(e))
	}
	if e[0].Number != "2001" || !e[0].Missed || e[0].Cause != ua.CauseCancelled {
		h.Errorf("%s: the call that rang here is %+v, want it missed", why, e[0])
	}
	if e[1].Number != "601" || e[1].Cause != ua.CauseHangupLocal || e[1].Duration != 0 || endOf(e[1]) != text.EndCancelled {
		h.Errorf("%s: the call that was being made is %+v, want it cancelled", why, e[1])
	}
	if e[2].Number != "600" || e[2].Cause != ua.CauseHangupLocal || e[2].Duration != 66*time.Second {
		h.Errorf("%s: the call that was talked in is %+v, want its 66 s and our hanging up", why, e[2])
	}
}

func (h *harness) stored(store store.Store) *history.History {
	h.Helper()
	synctest.Wait()
	history, err := history.Load(h.Context(), store, historyDoc("1001@sip.example.com"))
	if err != nil {
		h.Fatal(err)
	}
	return history
}

func TestCallsThatEndWithTheSessionAreKept(t *testing.T) {
	for _, end := range []Event{screen.Logout{}, screen.Left{}} {
		desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
			h.threeCalls()
			h.do(end)
			h.wantThreeCalls("stored", h.stored(store))
			if len(h.ended) != 3 || h.ended[0].State != ua.CallEnded || h.ended[0].Ended.IsZero() {
				h.Errorf("after %T %d ends are told, want 3 that have ended", end, len(h.ended))
			}
			h.do(toldBy{&session{agent: h.agent()}, out("1", ua.CallEnded).(news)})
			if got := h.stored(store).Len(); got != 3 {
				h.Errorf("what the session still tells makes %d calls of 3", got)
			}
		})
	}
}

func TestErasedCallsAreToldAndNotKept(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.threeCalls()
		h.do(screen.Erase{})
		if got := h.stored(store).Len(); got != 0 || len(h.ended) != 3 {
			h.Errorf("%d calls kept and %d told, want none and 3", got, len(h.ended))
		}
	})
}

// dyingStore belongs to a page that is gone before anything is written.
type dyingStore struct{ store.Memory }

func (*dyingStore) Swap(ctx context.Context, _ string, _, _ []byte) error { return nil }

func TestPageThatIsGoneAtOnceLosesNoCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keep := &store.MemoryValues{}
		h, end := openPage(t, Options{Config: oneServerConfig(), Keep: keep, Store: &dyingStore{}})
		h.login()
		h.threeCalls()
		h.do(screen.Left{})
		end()

		other := typed
		other.User = "1002"
		store := &store.Memory{}
		h, end = openPage(t, Options{Config: oneServerConfig(), Keep: keep, Store: store})
		h.do(other)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if got := h.now().History.Total; got != 0 {
			h.Errorf("another account sees %d calls", got)
		}
		h.do(screen.Logout{})
		h.login()
		h.wantThreeCalls("at the next visit", h.stored(store))
		h.do(screen.Show{Page: screen.PageHistory}, screen.ClearHistory{}, screen.Logout{})
		h.login()
		if got := h.now().History.Total; got != 0 {
			h.Errorf("%d calls come back after they were deleted", got)
		}
		end()
	})
}

func TestPageThatComesBackHasItsCalls(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.threeCalls()
		h.do(screen.Left{}, screen.Returned{}, screen.Show{Page: screen.PageHistory})
		if s := h.now(); s.History.Total != 3 || len(s.Calls.All) != 0 {
			h.Errorf("%d calls in the history and %d on the screen, want 3 and none", s.History.Total, len(s.Calls.All))
		}
		if left := h.keep.Load(books.LeftKey); left != "" {
			h.Errorf("kept for the next visit although the history has it: %s", left)
		}
	})
}

// brokenStore cannot read some documents, until it can.
type brokenStore struct {
	store.Memory
	broken map[string]bool
}

func (s *brokenStore) Load(ctx context.Context, key string) ([]byte, error) {
	if s.broken[key] {
		return nil, context.DeadlineExceeded
	}
	return s.Memory.Load(ctx, key)
}

// TestCallsOfTheLastPageWaitForAHistoryThatCanBeSaved leaves a page, and opens the next one while the history cannot be read:
// nothing is stored over it then, so the calls must stay where they are.
func TestCallsOfTheLastPageWaitForAHistoryThatCanBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keep, store := &store.MemoryValues{}, &brokenStore{broken: map[string]bool{}}
		opts := Options{Config: oneServerConfig(), Keep: keep, Store: store}
		h, end := openPage(t, Options{Config: oneServerConfig(), Keep: keep, Store: &dyingStore{}})
		h.login()
		h.threeCalls()
		h.do(screen.Left{})
		end()

		store.broken[historyDoc(account)] = true
		h, end = openPage(t, opts)
		h.login()
		if s := h.now(); !s.NotKept {
			t.Error("nobody says that nothing is kept")
		}
		end()
		if keep.Load(books.LeftKey) == "" || len(store.Data[historyDoc(account)]) > 0 {
			t.Error("the calls are taken into a history that is not saved")
		}

		store.broken = nil
		h, end = openPage(t, opts)
		h.login()
		h.wantThreeCalls("when the history can be read again", h.stored(store))
		end()
	})
}

// endOf is the word for the end of a call in the history.
func endOf(e history.Entry) text.Key {
	var s screen.Snapshot
	s.List = screen.PageHistory
	calls := history.New()
	calls.Add(e)
	return books.Fill(s, contacts.NewBook(config.Numbering{}), calls).History.Days[0].Lines[0].Newest().End
}
