package books

import (
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func TestHistoryIsSearchedFilteredAndDeleted(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, store *store.Memory) {
		d.missedCall("1", "2001")
		d.missedCall("2", "2001")
		d.call("3", false, "600", ua.CallEnded)
		d.do(screen.FilterHistory{Filter: screen.FilterMissed})
		if got := d.now().History.Days[0].Lines; len(got) != 1 || len(got[0].Entries) != 2 {
			d.Errorf("missed calls %+v, want one line of two", got)
		}
		d.do(screen.FilterHistory{}, screen.SearchHistory{Query: "60"})
		if got := lines(d.now()); got != "600" {
			d.Errorf("search finds %q", got)
		}
		d.do(screen.SearchHistory{}, screen.DeleteCalls{ID: d.now().History.Days[0].Lines[0].Newest().ID}, screen.SearchHistory{})
		if got := lines(d.now()); got != "2001" {
			d.Errorf("after deletion %q", got)
		}
		d.do(screen.DeleteCalls{ID: d.now().History.Days[0].Lines[0].Newest().ID})
		if s := d.now(); lines(s) != "" || s.Undo.Text.Empty() {
			d.Errorf("a line is deleted as a whole and offered back: %q, %v", lines(s), s.Undo)
		}
		d.do(screen.TakeBack{})
		if s := d.now(); lines(s) != "2001" || !s.Undo.Text.Empty() {
			d.Errorf("after undo %q, offer %v", lines(s), s.Undo)
		}
		d.do(screen.ExportHistory{})
		if f := d.now().File; f.Count != 1 || !strings.Contains(string(f.Data), "2001") {
			d.Errorf("exported %+v", f)
		}
		d.do(screen.ClearHistory{})
		time.Sleep(undoTime + time.Second)
		if s := d.now(); !s.Undo.Text.Empty() || s.History.Total != 0 {
			d.Error("the offer to undo never goes")
		}
		again, err := history.Load(t.Context(), store, historyDoc("1001@sip.example.com"))
		if err != nil || again.Len() != 0 {
			d.Errorf("stored: %d calls, %v", again.Len(), err)
		}
	})
}

func TestHistoryIsFoundByTheNamesItShows(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.missedCall("1", "2001")
		d.missedCall("2", "2002")
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Laboratory",
			Numbers: []screen.Number{{Number: "2002"}}}}, screen.Show{Page: screen.PageHistory})
		for _, query := range []string{"labor", "labor 2002"} {
			d.do(screen.SearchHistory{Query: query})
			if got := lines(d.now()); got != "Laboratory 2002" {
				d.Errorf("%q finds %q, want the call of the contact that was added after it", query, got)
			}
		}
		d.do(screen.SearchHistory{Query: "reception"})
		if got := lines(d.now()); got != "" {
			d.Errorf("a name that nobody has finds %q", got)
		}
		d.do(screen.SearchHistory{}, screen.Type{Text: "labor"})
		if got := d.now().Suggestions; len(got) != 1 || got[0].Number != "2002" || !got[0].Missed {
			d.Errorf("suggestions %+v, want the missed call of who has that name", got)
		}
	})
}
