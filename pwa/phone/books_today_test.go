package phone

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// todo is what the middle shows to who has chosen nothing.
func todo(s screen.Snapshot) string {
	var list []string
	for _, l := range s.Today.Waiting {
		list = append(list, "call "+strings.TrimSpace(l.Name+" "+l.Newest().Number))
	}
	for _, c := range s.Today.Favourites {
		list = append(list, "favourite "+c.Name)
	}
	return strings.Join(list, "; ")
}

func TestTodayIsWhatIsToBeDone(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		want := func(why, list string) {
			t.Helper()
			if got := todo(h.now()); got != list {
				t.Errorf("%s: %q, want %q", why, got, list)
			}
		}
		want("nothing yet", "")
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab",
			Numbers: []screen.Number{{Number: "3001"}}}})
		h.do(screen.SetFavourite{ID: h.now().Detail, On: true}, screen.Choose{})
		h.missedCall("1", "3001")
		h.missedCall("2", "2001")
		want("two calls missed", "call 2001; call Lab 3001; favourite Lab")
		h.do(screen.OpenCall{ID: h.now().Today.Waiting[0].Newest().ID})
		if s := h.now(); s.Page != screen.PageHistory || s.History.Chosen == nil || s.Missed != 0 {
			t.Errorf("the row opens %+v on page %q, and %d stay unseen", s.History.Chosen, s.Page, s.Missed)
		}
		h.do(screen.MarkDone{ID: h.now().Detail}, screen.Choose{})
		want("one is done", "call Lab 3001; favourite Lab")
		h.call("3", false, "3001", ua.CallEstablished, answeredNow)
		h.call("3", false, "3001", ua.CallEnded, answeredNow)
		h.do(screen.ShowCaller{}) // the pane of the call is closed
		want("the other is called back", "favourite Lab")
		h.do(screen.Logout{})
		want("the next user sees nothing of it", "")
	})
	cfg := oneServerConfig()
	cfg.Flags = []config.Flag{config.NoHistory}
	desk(t, cfg, nil, func(h *harness, _ *store.Memory) {
		h.missedCall("1", "3001")
		if s := h.now(); len(s.Today.Waiting) != 0 || !s.Today.NoCalls {
			t.Errorf("without a history %+v", s.Today)
		}
	})
}
