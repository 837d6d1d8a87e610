package books

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestBadgeCountsWhatIsOutOfSight: a call that is missed under the eyes of the user is no news.
func TestBadgeCountsWhatIsOutOfSight(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		for i, step := range []struct {
			page screen.Page
			want int
		}{{screen.PagePhone, 1}, {screen.PageHistory, 0}, {screen.PageHistory, 0}, {screen.PageContacts, 1},
			{screen.PageContacts, 2},
			{screen.PageHistory, 0}, {screen.PageSettings, 1}} {
			d.do(screen.Show{Page: step.page})
			d.missedCall(string(rune('a'+i)), "2001")
			if got := d.now().Missed; got != step.want {
				d.Errorf("step %d, page %q: %d missed, want %d", i, step.page, got, step.want)
			}
		}
	})
}

// TestMissedCallsInTheListAreSeen: a wide window shows the history beside the dial pad, without its having been chosen.
func TestMissedCallsInTheListAreSeen(t *testing.T) {
	for why, step := range map[string]struct {
		before []screen.Event
		want   int
	}{
		"the list as it opens":      {nil, 0},
		"another list":              {[]screen.Event{screen.Show{Page: screen.PageContacts}, screen.Show{}}, 1},
		"the missed ones":           {[]screen.Event{screen.FilterHistory{Filter: screen.FilterMissed}}, 0},
		"others":                    {[]screen.Event{screen.FilterHistory{Filter: screen.FilterOutgoing}}, 1},
		"what is searched for":      {[]screen.Event{screen.SearchHistory{Query: "3"}}, 1},
		"a call chosen in the list": {[]screen.Event{screen.Choose{ID: "x"}}, 0},
	} {
		atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
			for _, e := range step.before {
				d.do(e)
			}
			d.missedCall("a", "2001")
			if got := d.now().Missed; got != 1 {
				d.Errorf("%s: %d missed before they are seen, want 1", why, got)
			}
			d.do(screen.SeeHistory{})
			if got := d.now(); got.Missed != step.want || got.ListsMissed() {
				d.Errorf("%s: %d missed, listed %v; want %d", why, got.Missed, got.ListsMissed(), step.want)
			}
		})
	}
}

// TestAKeyLeavesTheListsWhereTheyLie: the page draws a list anew when it lies elsewhere, so one that is the same must be the
// same.
func TestAKeyLeavesTheListsWhereTheyLie(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.missedCall("a", "2001")
		desk := screen.Contact{Name: "Front desk", Numbers: []screen.Number{{Number: "2001"}}}
		d.do(screen.Show{Page: screen.PageContacts}, screen.EditContact{}, screen.SaveContact{Contact: desk})
		for _, page := range []screen.Page{screen.PageHistory, screen.PageContacts} {
			d.do(screen.Show{Page: page}, screen.Choose{})
			before := d.now()
			for _, e := range []screen.Event{screen.Type{Text: "2"}, screen.Type{Text: "20"}, screen.ToggleMenu{}} {
				d.do(e)
				switch after := d.now(); {
				case page == screen.PageHistory && &before.History.Days[0] != &after.History.Days[0]:
					d.Errorf("%T: the calls are made anew", e)
				case page == screen.PageContacts && &before.Contacts.Rows[0] != &after.Contacts.Rows[0]:
					d.Errorf("%T: the contacts are made anew", e)
				}
			}
		}
	})
}

// TestOnePartyIsSpeltAlike: however it was dialled, it is one line in the history and one of those to be called again.
func TestOnePartyIsSpeltAlike(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		for i, dialled := range []string{"600", "sip:600@sip.example.com", "600@sip.example.com",
			"sip:600@sip.example.com;gr=urn:uuid:f81d4fae"} {
			id := string(rune('a' + i))
			d.call(id, false, dialled, ua.CallCalling)
			d.call(id, false, dialled, ua.CallEnded)
		}
		d.do(screen.Show{Page: screen.PageHistory})
		s := d.now()
		if got := lines(s); got != "600" {
			d.Errorf("history %q, want one line", got)
		}
		if len(s.Suggestions) != 1 || s.Suggestions[0].Number != "600" {
			d.Errorf("suggested %+v, want one", s.Suggestions)
		}
	})
}
