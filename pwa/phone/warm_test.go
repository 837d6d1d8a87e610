package phone

import (
	"context"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
)

func TestTheFirstRegistrationWarmsUp(t *testing.T) {
	warmed := 0
	warm := func(context.Context) error { warmed++; return nil }
	storyWith(t, Options{Config: oneServerConfig(), WarmUp: warm}, func(h *harness) {
		h.do(typed)
		h.tell(connected())
		if warmed != 0 {
			h.Error("warmed up before the login was done, which it would have slowed")
		}
		h.tell(registration(ua.Registered, ua.CauseNone, 200), registration(ua.Registered, ua.CauseNone, 200))
		h.do(Logout{})
		h.login()
		if warmed != 1 {
			h.Errorf("warmed up %d times, want once for the page", warmed)
		}
	})
}
