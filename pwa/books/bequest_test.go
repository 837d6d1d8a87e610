package books

import (
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func callTo(id, number string) ua.CallInfo {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	return ua.CallInfo{ID: id, CallID: "c" + id, Dialled: number, State: ua.CallEnded, Started: at, Answered: at,
		Ended: at.Add(time.Minute), Cause: ua.Cause{Kind: ua.CauseHangupLocal}}
}

// TestBequestsAreSettled: of two calls that a page has left one goes on, one has ended as that page has written, and one that it
// did not write has ended as it is told.
func TestBequestsAreSettled(t *testing.T) {
	keep := &store.MemoryValues{}
	opts := Options{Keep: keep, Now: time.Now}
	b := New(opts)
	b.account = "1001@example.com"
	b.notes.calls["2"] = "call back"
	b.Bequeath([]Ended{{Call: callTo("1", "600"), Line: screen.Line{Call: screen.Call{ID: "1"}}},
		{Call: callTo("2", "601"), Line: screen.Line{Call: screen.Call{ID: "2"}}}})
	if keep.Load(LeftKey) != "" || b.history.Len() != 0 {
		t.Error("a call that may go on is in the history")
	}

	lost := callTo("2", "601")
	lost.Cause.Kind = ua.CauseConnectionLost
	more := callTo("3", "602")
	more.Cause.Kind = ua.CauseConnectionLost
	next := New(opts)
	next.Inherit([]ua.CallInfo{{ID: "1", CallID: "c1"}}, "1001@example.com", []Ended{{Call: lost}, {Call: more, Note: "noted"}})
	got := next.leftCalls()["1001@example.com"].Entries()
	if len(got) != 2 || len(next.leftCalls()) != 1 || keep.Load(BequestKey) != "" {
		t.Fatalf("%d calls are left: %+v", len(got), got)
	}
	for _, e := range got {
		switch {
		case e.Number == "601" && e.Cause == ua.CauseHangupLocal && e.Note == "call back":
		case e.Number == "602" && e.Cause == ua.CauseConnectionLost && e.Note == "noted":
		default:
			t.Errorf("%+v", e)
		}
	}
	next.Inherit(nil, "", nil)
	if n := next.leftCalls()["1001@example.com"].Len(); n != 2 {
		t.Errorf("%d calls are left after a second time", n)
	}
}

// TestBequestsOfOpenBooksAreInTheHistoryAtOnce: a page that comes back has its books open.
func TestBequestsOfOpenBooksAreInTheHistoryAtOnce(t *testing.T) {
	for _, opened := range []bool{true, false} {
		keep := &store.MemoryValues{}
		b := New(Options{Keep: keep, Now: time.Now})
		b.account, b.opened = "1001@example.com", opened
		b.Bequeath([]Ended{{Call: callTo("1", "600")}})
		b.Inherit(nil, "", nil)
		if got := b.history.Len() == 1; got != opened || (keep.Load(LeftKey) == "") != opened {
			t.Errorf("open %t: in the history %t, waiting %q", opened, got, keep.Load(LeftKey))
		}
	}
}

func TestNothingIsBequeathedWithoutAHistory(t *testing.T) {
	keep := &store.MemoryValues{}
	b := New(Options{Config: config.Config{Flags: []config.Flag{config.NoHistory}}, Keep: keep, Now: time.Now})
	b.Bequeath([]Ended{{Call: callTo("1", "600")}})
	b.Inherit(nil, "a", []Ended{{Call: callTo("2", "601")}})
	if keep.Load(BequestKey)+keep.Load(LeftKey) != "" {
		t.Errorf("%s %s", keep.Load(BequestKey), keep.Load(LeftKey))
	}
}
