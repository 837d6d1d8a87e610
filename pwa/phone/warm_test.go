package phone

import (
	"context"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// warmups counts the calls of Options.WarmUp.
type warmups int

func (w *warmups) up(context.Context) error { *w++; return nil }

func TestWarmUpAtTheLoginCard(t *testing.T) {
	var warmed warmups
	storyWith(t, Options{Config: oneServerConfig(), WarmUp: warmed.up}, func(h *harness) {
		h.now()
		if warmed != 0 {
			h.Error("warmed up in a page nobody uses, which delays its first picture")
		}
		h.do(screen.Attended{})
		h.do(screen.Attended{})
		if warmed != 1 {
			h.Errorf("warmed up %d times while somebody types, want once", warmed)
		}
		h.login()
		h.do(screen.Logout{})
		h.login()
		if warmed != 1 {
			h.Errorf("warmed up %d times, want once for the page", warmed)
		}
	})
}

func TestWarmUpWaitsForALoginThatNeedsNobody(t *testing.T) {
	var warmed warmups
	cfg := oneServerConfig()
	cfg.Username, cfg.Password, cfg.AutoRegister = "1001", "secret", true
	storyWith(t, Options{Config: cfg, WarmUp: warmed.up}, func(h *harness) {
		h.do(screen.Attended{})
		h.tell(connected())
		if warmed != 0 {
			h.Error("warmed up while the phone logs in, which it slows")
		}
		h.tell(registration(ua.Registered, ua.CauseNone, 200))
		if warmed != 1 {
			h.Errorf("warmed up %d times once registered, want once", warmed)
		}
	})
}
