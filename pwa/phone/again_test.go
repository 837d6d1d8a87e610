package phone

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func TestInstanceIsKept(t *testing.T) {
	keep := &store.MemoryValues{}
	first := instance(keep)
	if again := instance(keep); again != first {
		t.Errorf("got %q, then %q, want one for each device", first, again)
	}
	if len(first) != len("urn:uuid:00000000-0000-4000-8000-000000000000") || first[23] != '4' {
		t.Errorf("got %q, want a random UUID", first)
	}
	if other := instance(&store.MemoryValues{}); other == first {
		t.Error("two devices have the same identity")
	}
}

// TestLoggingInWhileLoggedInEndsTheFirstSession logs somebody else in where nobody has logged out.
func TestLoggingInWhileLoggedInEndsTheFirstSession(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		first := h.agent()
		h.call("1", false, "600", ua.CallEstablished)
		other := typed
		other.User = "1002"
		h.do(other)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		synctest.Wait()
		if got := first.did(); !slices.Contains(got, "goodbye") {
			h.Errorf("the first session did %q, want it to say goodbye", got)
		}
		if s := h.now(); s.Screen != screen.ScreenPhone || s.Account.User != "1002" || len(s.Calls.All) != 0 ||
			len(h.agents) != 2 {
			h.Errorf("screen %v of %q with %d calls and %d sessions, want the second alone", s.Screen, s.Account.User,
				len(s.Calls.All), len(h.agents))
		}
		if got := h.agent().did(); !slices.Contains(got, "run") {
			h.Errorf("the second session did %q, want it to run", got)
		}
	})
}
