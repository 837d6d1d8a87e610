package books

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func drawnLines(s screen.Snapshot) (n int) {
	for _, day := range s.History.Days {
		n += len(day.Lines)
	}
	return n
}

// TestMoreOfTheHistoryIsDrawnAtItsEnd, step by step, and another list begins with one step again.
func TestMoreOfTheHistoryIsDrawnAtItsEnd(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		const all = 2*historyStep + 20
		for i := range all {
			d.missedCall(fmt.Sprint(i), fmt.Sprint(2000+i))
		}
		want := func(why string, lines int, more bool) {
			t.Helper()
			if s := d.now(); drawnLines(s) != lines || s.History.More != more {
				t.Errorf("%s: %d lines, more %v; want %d, %v", why, drawnLines(s), s.History.More, lines, more)
			}
		}
		for range 2 {
			want("the list as it opens", historyStep, true)
			d.do(screen.MoreHistory{})
			want("one step on", 2*historyStep, true)
			d.do(screen.MoreHistory{}, screen.MoreHistory{}, screen.MoreHistory{})
			want("to the end", all, false)
			d.do(screen.SearchHistory{Query: "2"})
			want("a search", historyStep, true)
			d.do(screen.MoreHistory{}, screen.FilterHistory{Filter: screen.FilterMissed})
			want("another filter", historyStep, true)
			d.do(screen.FilterHistory{Filter: screen.FilterOutgoing}, screen.MoreHistory{})
			want("nothing", 0, false)
			d.do(screen.SearchHistory{}, screen.FilterHistory{})
		}
	})
}

// TestSearchOfTheHistoryOpensEmpty, and closes with what was looked for.
func TestSearchOfTheHistoryOpensEmpty(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.missedCall("1", "2001")
		for _, open := range []bool{true, false, true} {
			d.do(screen.ToggleSearch{})
			if s := d.now(); s.History.Searching != open || s.History.Query != "" || drawnLines(s) != 1 {
				t.Errorf("open %v, want %v: %q finds %d", s.History.Searching, open, s.History.Query, drawnLines(s))
			}
			if d.do(screen.SearchHistory{Query: "9"}); drawnLines(d.now()) != 0 {
				t.Error("what is looked for is not")
			}
		}
	})
}

// TestCallIsDoneOnce: a second time changes nothing, and neither does a call that is not there.
func TestCallIsDoneOnce(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, medium *store.Memory) {
		d.missedCall("1", "2001")
		id := d.history.Entries()[0].ID
		for i, step := range []struct {
			id      string
			changes bool
		}{{"gone", false}, {id, true}, {id, false}} {
			version := d.version
			if d.do(screen.MarkDone{ID: step.id}); (d.version != version) != step.changes {
				t.Errorf("step %d: changed %v, want %v", i, d.version != version, step.changes)
			}
		}
		if !d.stored(medium).Entries()[0].Done {
			t.Error("that it is done is not kept")
		}
	})
}

// TestWhatIsDeletedCloses, and what else is chosen stays open.
func TestWhatIsDeletedCloses(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.has("Lab", "2002")
		lab := d.now().Detail
		for _, number := range []string{"2001", "2002", "2002"} {
			d.missedCall(number+fmt.Sprint(d.version), number)
		}
		entries := d.history.Entries() // newest first: two calls with 2002 in one line, then 2001
		for _, test := range []struct {
			why, chosen, deleted string
			page                 screen.Page
			open                 bool
		}{
			{"itself", entries[2].ID, entries[2].ID, screen.PageHistory, false},
			{"another line", entries[2].ID, entries[0].ID, screen.PageHistory, true},
			{"the other call of its line", entries[1].ID, entries[0].ID, screen.PageHistory, false},
			{"a contact beside it", lab, entries[0].ID, screen.PageContacts, true},
			{"one that is gone", entries[2].ID, "gone", screen.PageHistory, true},
		} {
			d.do(screen.Show{Page: screen.PageHistory}, screen.Show{Page: test.page}, screen.Choose{ID: test.chosen})
			before := d.now().Undo.Count
			d.do(screen.DeleteCalls{ID: test.deleted})
			if s := d.now(); (s.Detail == test.chosen) != test.open || (s.Undo.Count != before) != (test.deleted != "gone") {
				t.Errorf("%s: %q is open, offers %d after %d", test.why, s.Detail, s.Undo.Count, before)
			}
			d.do(screen.TakeBack{})
		}
	})
}

// TestOldCallsGo by the rules of the operator: when a call is added, and when they are read.
func TestOldCallsGo(t *testing.T) {
	medium := &store.Memory{}
	rules := func(days, entries int) Options {
		return Options{Store: medium, Config: config.Config{Retention: config.Retention{Days: days, Entries: entries}}}
	}
	atDesk(t, rules(0, 2), func(d *desk) {
		d.login("1001")
		for _, number := range []string{"2001", "2002", "2003"} {
			d.called(number, ua.Incoming, number, nothing{})
		}
		d.want("two are kept", "2003, 2002", "")
		d.later(3 * 24 * time.Hour)
	})
	atDesk(t, rules(0, 1), func(d *desk) {
		d.login("1001")
		d.want("one is kept now", "2003", "")
	})
}

// TestRefusedCallIsOneMissed: nobody was disturbed by it, and somebody may wish to know.
func TestRefusedCallIsOneMissed(t *testing.T) {
	for _, refused := range []bool{false, true} {
		atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
			call := ua.CallInfo{ID: "1", CallID: "1", Direction: ua.Incoming, State: ua.CallEnded, Started: time.Now(),
				Remote: ua.Address{User: "2001"}, Cause: ua.Cause{Kind: ua.CauseRejectedLocal, Code: 486}}
			line := screen.Line{Call: screen.Call{ID: "1"}, Refused: refused}
			d.Record([]Ended{{Call: call, Line: line}}, nothing{})
			if got := d.now(); d.history.Entries()[0].Missed != refused {
				t.Errorf("refused by do not disturb %v: missed %v, %d to be seen", refused, !refused, got.Missed)
			}
		})
	}
}

// TestPageAboutTheCallerIsOfWhoIsOnTheLine: it names the contact where there is one, and is another when the call goes over to
// somebody else, or another call comes; what becomes of contacts and history leaves it alone.
func TestPageAboutTheCallerIsOfWhoIsOnTheLine(t *testing.T) {
	pop := config.ScreenPop{URL: "https://crm.example.com/?n={number}&w={name}&c={callId}", On: "ring"}
	atWork(t, config.Config{ScreenPop: pop}, nil, func(d *desk, _ *store.Memory) {
		want := func(why, query string) {
			t.Helper()
			if got := d.now().Caller.Pop.URL; got != "https://crm.example.com/?"+query {
				t.Errorf("%s: %q, want %q", why, got, query)
			}
		}
		named := func(c *ua.CallInfo) { c.Remote.DisplayName = "Your bank" }
		d.has("Lab", "3001")
		d.call("1", true, "3001", ua.CallRinging, named)
		want("a contact", "n=3001&w=Lab&c=1")
		d.call("1", true, "3001", ua.CallEstablished, named, answeredNow)
		d.do(screen.ShowPop{On: true})
		d.missedCall("9", "2009")
		want("while something else is written down", "n=3001&w=Lab&c=1")
		if !d.now().Caller.Pop.Loaded {
			t.Error("the page is loaded anew")
		}
		d.do(screen.ShowPop{})
		d.call("1", true, "3002", ua.CallEstablished, named, answeredNow)
		want("transferred to a stranger", "n=3002&w=Your%20bank&c=1")
		if d.now().Caller.Pop.Loaded {
			t.Error("the page of the next one is loaded before anybody looks at it")
		}
		d.call("1", true, "3002", ua.CallEnded, answeredNow)
		d.call("2", true, "3002", ua.CallRinging, named)
		want("the same one calls again", "n=3002&w=Your%20bank&c=2")
	})
}

// TestNoteOfAnEndedCallKeepsItsPane while others ring and are talked to, until the user leaves the field.
func TestNoteOfAnEndedCallKeepsItsPane(t *testing.T) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.call("1", true, "3001", ua.CallEstablished, answeredNow)
		d.call("1", true, "3001", ua.CallEnded, answeredNow)
		id := d.now().Caller.NoteID
		d.do(screen.WriteNote{ID: id, Text: "In"})
		d.call("2", true, "3002", ua.CallRinging)
		d.call("2", true, "3002", ua.CallEstablished, answeredNow)
		if c := d.now().Caller; c.Number != "3001" || c.NoteID != id || c.Note != "In" {
			t.Errorf("the pane is of %q with the note %q", c.Number, c.Note)
		}
		d.do(screen.WriteNote{ID: id, Text: "Invoice", Done: true})
		if c := d.now().Caller; c.Number != "3002" || c.Note != "" || d.history.Entries()[0].Note != "Invoice" {
			t.Errorf("then of %q with the note %q; kept is %q", c.Number, c.Note, d.history.Entries()[0].Note)
		}
	})
}

// TestAnotherPhonebookIsAskedForAtOnce when the operator names one, however lately the last one came.
func TestAnotherPhonebookIsAskedForAtOnce(t *testing.T) {
	var asked []string
	get := func(_ context.Context, url, etag string) (fetch.Document, error) {
		asked = append(asked, url+etag)
		return fetch.Document{Data: []byte(`[{"name":"Of ` + url + `","number":"1"}]`), ETag: "v1"}, nil
	}
	atWork(t, config.Config{Phonebook: "/a"}, get, func(d *desk, _ *store.Memory) {
		d.do(screen.Show{Page: screen.PageContacts})
		d.Configure(config.Config{Phonebook: "/b"})
		d.do(screen.Show{Page: screen.PageContacts})
		if got := strings.Join(asked, " "); got != "/a /b" || d.now().Contacts.Rows[0].Name != "Of /b" {
			t.Errorf("asked for %q, shown %+v; want the other one, without the tag of the first", got, d.now().Contacts.Rows)
		}
	})
}

// TestBooksNeedAClockAlone: without anybody to tell, a store, or a network they keep what they get as long as they live.
func TestBooksNeedAClockAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Now: time.Now, Store: &fullStore{}, Config: config.Config{Phonebook: "/a"},
			Fetch: func(context.Context, string, string) (fetch.Document, error) {
				return fetch.Document{}, errors.New("offline")
			}})
		var s screen.Snapshot
		next := s
		next.Screen, next.Account.User = screen.ScreenPhone, "1001"
		s = b.Follow(s, next, screen.Login{})
		b.Record([]Ended{{Call: ua.CallInfo{ID: "1", Remote: ua.Address{User: "2001"}}}}, nothing{})
		synctest.Wait()
		if s = b.Follow(s, s, nothing{}); s.History.Total != 1 {
			t.Errorf("%d calls", s.History.Total)
		}
		b.Follow(s, screen.Snapshot{}, screen.Logout{})
		time.Sleep(time.Hour)
	})
}
