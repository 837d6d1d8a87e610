package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestBadgeCountsWhatIsOutOfSight: a call that is missed under the eyes of the user is no news.
func TestBadgeCountsWhatIsOutOfSight(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		for i, step := range []struct {
			page screen.Page
			want int
		}{{screen.PagePhone, 1}, {screen.PageHistory, 0}, {screen.PageHistory, 0}, {screen.PageContacts, 1},
			{screen.PageContacts, 2},
			{screen.PageHistory, 0}, {screen.PageSettings, 1}} {
			h.do(screen.Show{Page: step.page})
			h.missedCall(string(rune('a'+i)), "2001")
			if got := h.now().Missed; got != step.want {
				h.Errorf("step %d, page %q: %d missed, want %d", i, step.page, got, step.want)
			}
		}
	})
}

// TestOnePartyIsSpeltAlike: however it was dialled, it is one line in the history and one of those to be called again.
func TestOnePartyIsSpeltAlike(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		for i, dialled := range []string{"600", "sip:600@sip.example.com", "600@sip.example.com",
			"sip:600@sip.example.com;gr=urn:uuid:f81d4fae"} {
			id := string(rune('a' + i))
			h.call(id, false, dialled, ua.CallCalling)
			h.call(id, false, dialled, ua.CallEnded)
		}
		h.do(screen.Show{Page: screen.PageHistory})
		s := h.now()
		if got := lines(s); got != "600" {
			h.Errorf("history %q, want one line", got)
		}
		if len(s.Suggestions) != 1 || s.Suggestions[0].Number != "600" {
			h.Errorf("suggested %+v, want one", s.Suggestions)
		}
	})
}
