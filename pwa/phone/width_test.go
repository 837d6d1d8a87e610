package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestListWidthIsKept moves the edge of the list, and begins anew.
func TestListWidthIsKept(t *testing.T) {
	kept := &store.MemoryValues{}
	storyWith(t, Options{Config: oneServerConfig(), Keep: kept}, func(h *harness) {
		h.do(screen.WidenList{Width: 9000})
		if got := h.now().ListWidth(); got != screen.MostListWidth {
			t.Errorf("the list is %d wide, want the most", got)
		}
		h.do(screen.WidenList{Width: 420})
		h.now()
		if got := New(Options{Keep: kept}).Begin().ListWidth(); got != 420 {
			t.Errorf("after a reload the list is %d wide", got)
		}
		h.do(screen.WidenList{})
		h.now()
		if got := kept.Load(KeyListWidth); got != "" {
			t.Errorf("put back, %q is kept", got)
		}
	})
	kept.Save(KeyListWidth, "-1e9")
	if got := New(Options{Keep: kept}).Begin().ListWidth(); got != 340 {
		t.Errorf("a damaged width makes %d", got)
	}
}

// TestAWindowStaysAsWide when its user logs out, and is the usual one once everything is erased.
func TestAWindowStaysAsWide(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.do(screen.WidenList{Width: 400}, screen.Sound{Blocked: true}, screen.Logout{})
		if s := h.now(); s.Widened != 400 || h.keep.Load(KeyListWidth) != "400" || !s.SoundBlocked {
			h.Errorf("width %d, kept %q, sound blocked %v after logging out", s.Widened, h.keep.Load(KeyListWidth),
				s.SoundBlocked)
		}
		h.login()
		h.do(screen.Erase{})
		if s := h.now(); s.Widened != 0 || h.keep.Load(KeyListWidth) != "" {
			h.Errorf("width %d, kept %q after everything was erased", s.Widened, h.keep.Load(KeyListWidth))
		}
	})
}
