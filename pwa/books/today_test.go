package books

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
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		want := func(why, list string) {
			t.Helper()
			if got := todo(d.now()); got != list {
				t.Errorf("%s: %q, want %q", why, got, list)
			}
		}
		want("nothing yet", "")
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab",
			Numbers: []screen.Number{{Number: "3001"}}}})
		d.do(screen.SetFavourite{ID: d.now().Detail, On: true}, screen.Choose{})
		d.missedCall("1", "3001")
		d.missedCall("2", "2001")
		want("two calls missed", "call 2001; call Lab 3001; favourite Lab")
		d.do(screen.OpenCall{ID: d.now().Today.Waiting[0].Newest().ID})
		if s := d.now(); s.Page != screen.PageHistory || s.History.Chosen == nil || s.Missed != 0 {
			t.Errorf("the row opens %+v on page %q, and %d stay unseen", s.History.Chosen, s.Page, s.Missed)
		}
		d.do(screen.MarkDone{ID: d.now().Detail}, screen.Choose{})
		want("one is done", "call Lab 3001; favourite Lab")
		d.call("3", false, "3001", ua.CallEstablished, answeredNow)
		d.call("3", false, "3001", ua.CallEnded, answeredNow)
		d.do(screen.ShowCaller{}) // the pane of the call is closed
		want("the other is called back", "favourite Lab")
		d.do(screen.Logout{})
		want("the next user sees nothing of it", "")
	})
	cfg := config.Config{}
	cfg.Flags = []config.Flag{config.NoHistory}
	atWork(t, cfg, nil, func(d *desk, _ *store.Memory) {
		d.missedCall("1", "3001")
		if s := d.now(); len(s.Today.Waiting) != 0 || !s.Today.NoCalls {
			t.Errorf("without a history %+v", s.Today)
		}
	})
}
