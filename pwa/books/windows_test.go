package books

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
)

// pane is a window at a desk with several.
type pane struct {
	panes *Panes
	s     screen.Snapshot
}

// office is a desk whose books are looked at in several windows.
type office struct {
	*desk
	windows []*pane
}

func atOffice(t *testing.T, n int, opts Options, tell func(o *office)) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{desk: newDesk(t, opts)}
		for range n {
			w := &pane{panes: NewPanes()}
			w.s.List = screen.PageHistory
			o.windows = append(o.windows, w)
		}
		o.all(screen.Login{}, func(s *screen.Snapshot) {
			s.Screen, s.Account.User, s.Account.Server = screen.ScreenPhone, "1001", "sip.example.com"
			s.Connection.State = screen.Connected
		})
		tell(o)
		o.all(screen.Logout{}, func(s *screen.Snapshot) { *s = screen.Snapshot{View: screen.View{List: screen.PageHistory}} })
	})
}

// step gives the books an event of a window that moves all of them.
func (o *office) step(by int, event any, change func(*screen.Snapshot)) {
	steps := make([]*Step, len(o.windows))
	for i, w := range o.windows {
		steps[i] = &Step{w.panes, w.s, w.s}
		change(&steps[i].Next)
	}
	first := steps[by]
	o.FollowAll(event, first, slices.Delete(slices.Clone(steps), by, by+1)...)
	for i, w := range o.windows {
		if w.s = steps[i].Next; !reflect.DeepEqual(w.s.Shared, first.Next.Shared) {
			o.Errorf("%T: window %d shares other things:\n%+v\n%+v", event, i, w.s.Shared, first.Next.Shared)
		}
	}
}

func (o *office) all(event any, change func(*screen.Snapshot)) {
	o.step(0, event, func(s *screen.Snapshot) { s.Now = time.Now(); change(s) })
	o.news()
}

// news gives the books what has come for them; any window may be the first.
func (o *office) news() {
	for turn := 0; ; turn++ {
		synctest.Wait()
		o.mu.Lock()
		came := o.inbox
		o.inbox = nil
		o.mu.Unlock()
		if len(came) == 0 {
			return
		}
		for _, e := range came {
			o.step(turn%len(o.windows), e, func(*screen.Snapshot) {})
		}
	}
}

// does lets the user do something in one window.
func (o *office) does(by int, events ...screen.Event) {
	for _, e := range events {
		o.step(by, e, func(s *screen.Snapshot) { s.Now = time.Now() })
		o.news()
	}
}

// opens moves one window to an entry of a list.
func (o *office) opens(by int, page screen.Page, detail string) {
	prev := o.windows[by].s
	steps := []*Step{}
	for i, w := range o.windows {
		if i != by {
			steps = append(steps, &Step{w.panes, w.s, w.s})
		}
	}
	next := prev.At(page)
	next.Detail = detail
	first := &Step{o.windows[by].panes, prev, next}
	o.FollowAll(screen.Choose{ID: detail}, first, steps...)
	o.windows[by].s = first.Next
	for i, w := range slices.Delete(slices.Clone(o.windows), by, by+1) {
		w.s = steps[i].Next
	}
	o.news()
}

func (o *office) calls(n int) {
	for i := range n {
		id := fmt.Sprint("call ", i)
		call := ua.CallInfo{ID: id, CallID: id, State: ua.CallEnded, Started: time.Now(), Dialled: fmt.Sprint(2000 + i),
			Remote: ua.Address{User: fmt.Sprint(2000 + i), Host: "sip.example.com"}}
		o.Record([]Ended{{Line: screen.Line{Call: screen.Call{ID: id}}, Call: call}}, nothing{})
	}
	o.all(nothing{}, func(*screen.Snapshot) {})
}

func (o *office) keeps(name string) (id string) {
	o.does(0, screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: name,
		Numbers: []screen.Number{{Number: "2001"}}}})
	return o.windows[0].s.Detail
}

func (o *office) lines(by int) (n int) {
	for _, d := range o.windows[by].s.History.Days {
		n += len(d.Lines)
	}
	return n
}

// TestEachWindowLooksForItsOwn in books that change for all: what one searches, how far it has gone, and how high it is, is none
// of another's.
func TestEachWindowLooksForItsOwn(t *testing.T) {
	atOffice(t, 3, Options{}, func(o *office) {
		o.calls(120)
		o.does(1, screen.SearchHistory{Query: "2005"})
		o.does(2, screen.MoreHistory{})
		if a, b, c := o.lines(0), o.lines(1), o.lines(2); a != 50 || b != 1 || c != 100 {
			o.Errorf("%d, %d and %d lines, want 50, the one that fits and 100", a, b, c)
		}
		o.opens(1, screen.PageContacts, "")
		id := o.keeps("Lab")
		o.does(1, screen.WindowHigh{Height: 2000}, screen.SearchContacts{Query: "nobody"})
		o.opens(2, screen.PageContacts, "")
		one, two := o.windows[1].s.Contacts, o.windows[2].s.Contacts
		if one.Found != 0 || one.Height != 2000 || two.Found != 1 || two.Height != 0 || two.Query != "" {
			o.Errorf("one window finds %d at %d, the other %d at %d", one.Found, one.Height, two.Found, two.Height)
		}
		o.does(2, screen.SetFavourite{ID: id, On: true})
		if rows := o.windows[0].s.Contacts.Rows; len(rows) != 1 || !rows[0].Favourite {
			o.Errorf("%+v in the first window, want the mark that the third has made", rows)
		}
	})
}

// TestNoWindowShowsWhatIsErased elsewhere: a contact or a call that is open in another window closes there, and what somebody is
// writing about it stays.
func TestNoWindowShowsWhatIsErased(t *testing.T) {
	atOffice(t, 3, Options{}, func(o *office) {
		id := o.keeps("Lab")
		o.opens(1, screen.PageContacts, id)
		if o.windows[1].s.Contacts.Chosen == nil {
			o.Fatal("the contact does not show")
		}
		o.does(2, screen.EditContact{ID: id})
		o.does(0, screen.DeleteContact{ID: id})
		if s := o.windows[1].s; s.Detail != "" || s.Contacts.Chosen != nil {
			o.Errorf("%q is open, which was deleted in another window", s.Detail)
		}
		if s := o.windows[2].s; s.Contacts.Edit == nil || s.Detail != id {
			o.Errorf("detail %q with form %v, want what is typed there left", s.Detail, s.Contacts.Edit)
		}
		o.does(2, screen.SaveContact{Contact: screen.Contact{Name: "Lab 2"}})
		if form := o.windows[2].s.Contacts.Edit; form == nil || form.ID != "" || form.Error.Empty() {
			o.Errorf("form %+v, want it told that the contact is gone, and to be saved as another", form)
		}
		o.calls(1)
		entry := o.windows[1].s.Last.Newest().ID
		o.opens(1, screen.PageHistory, entry)
		o.does(0, screen.ClearHistory{})
		if s := o.windows[1].s; s.Detail != "" || s.History.Chosen != nil || s.Last != nil {
			o.Errorf("%q is open, which was cleared in another window", s.Detail)
		}
		if undo := o.windows[1].s.Undo; undo.Text.Empty() {
			o.Error("what one window has cleared cannot be taken back in another")
		}
		o.does(1, screen.TakeBack{})
		if a, b := o.windows[0].s.History.Total, o.windows[2].s.History.Total; a != 1 || b != 1 {
			o.Errorf("%d and %d calls, want them back in all windows", a, b)
		}
	})
}

// TestAFileIsReadForOneWindow: its preview stands there alone, whoever is told of it first, and its contacts are all windows'.
func TestAFileIsReadForOneWindow(t *testing.T) {
	atOffice(t, 3, Options{}, func(o *office) {
		for by := range o.windows {
			name := fmt.Sprint("people ", by)
			o.does(by, screen.ReadImport{Name: name, Data: []byte(fmt.Sprintf("Name,Phone\nPerson %d,200%d\n", by, by))})
		}
		for by, w := range o.windows {
			p := w.s.Contacts.Import
			if p == nil || p.Busy || p.Found != 1 || p.File != fmt.Sprint("people ", by) {
				o.Fatalf("window %d: preview %+v", by, p)
			}
		}
		o.does(1, screen.Import{})
		for by, w := range o.windows {
			if open := w.s.Contacts.Import != nil; open == (by == 1) || w.s.Contacts.Total != 1 {
				o.Errorf("window %d: preview %t with %d contacts, want the imported one closed", by, open, w.s.Contacts.Total)
			}
		}
		o.does(2, screen.ExportContacts{})
		if o.windows[2].s.File.Count != 1 || o.windows[0].s.File.Count != 0 {
			o.Error("a file is saved by a window that has not asked for it")
		}
	})
}

// TestWhatIsWrongWithThePhonebookIsSaidInAllWindows, since none of them has asked.
func TestWhatIsWrongWithThePhonebookIsSaidInAllWindows(t *testing.T) {
	opts := Options{Config: config.Config{Phonebook: "/phonebook.json"},
		Fetch: func(context.Context, string, string) (fetch.Document, error) {
			return fetch.Document{}, errors.New("none")
		}}
	atOffice(t, 2, opts, func(o *office) {
		for by, w := range o.windows {
			if w.s.Problem.Count == 0 || w.s.Problem.Text.Empty() {
				o.Errorf("window %d says nothing", by)
			}
		}
	})
}

// TestANoteIsOneInAllWindows: what is written in one is what another shows, until somebody writes there.
func TestANoteIsOneInAllWindows(t *testing.T) {
	atOffice(t, 2, Options{}, func(o *office) {
		call := screen.Line{Call: screen.Call{ID: "1", CallID: "1", State: screen.CallEstablished, Answered: time.Now(),
			Dialled: "2001", Remote: screen.Address{User: "2001"}}}
		o.all(nothing{}, func(s *screen.Snapshot) { s.Calls.All, s.Active = []screen.Line{call}, "1" })
		o.does(0, screen.WriteNote{ID: "1", Text: "asks for Ann"})
		if got := o.windows[1].s.Caller; got.NoteID != "1" || got.Note != "asks for Ann" {
			o.Errorf("the other window shows %q, want what was written", got.Note)
		}
		o.does(1, screen.WriteNote{ID: "1", Text: "asks for Ann, urgent"})
		if got := o.windows[0].s.Caller.Note; !strings.HasSuffix(got, "urgent") && o.windows[0].panes.writing == "" {
			o.Errorf("the first window shows %q", got)
		}
		o.Record([]Ended{{Line: call, Call: ua.CallInfo{ID: "1", CallID: "1", State: ua.CallEnded, Started: time.Now(),
			Answered: time.Now(), Dialled: "2001", Remote: ua.Address{User: "2001"}}}}, nothing{})
		o.all(nothing{}, func(s *screen.Snapshot) { s.Calls.All, s.Active = nil, "" })
		o.does(0, screen.WriteNote{ID: "1", Text: "called back"})
		o.Leave(o.windows[0].panes)
		o.all(nothing{}, func(*screen.Snapshot) {})
		if got := o.history.Entries()[0].Note; got != "called back" {
			o.Errorf("the history has %q, want what stood in the window that closed", got)
		}
	})
}

// TestAMissedCallIsSeenInAnyWindow that shows the history, and not before.
func TestAMissedCallIsSeenInAnyWindow(t *testing.T) {
	atOffice(t, 3, Options{}, func(o *office) {
		missed := ua.CallInfo{ID: "1", CallID: "1", Direction: ua.Incoming, State: ua.CallEnded, Started: time.Now(),
			Remote: ua.Address{User: "2001"}, Cause: ua.Cause{Kind: ua.CauseCancelled}}
		o.Record([]Ended{{Line: screen.Line{Call: screen.Call{ID: "1"}}, Call: missed}}, nothing{})
		o.all(nothing{}, func(*screen.Snapshot) {})
		if got := o.windows[2].s.Missed; got != 1 {
			o.Errorf("%d missed calls, want one", got)
		}
		o.windows[1].s.Page = screen.PageHistory
		o.all(nothing{}, func(*screen.Snapshot) {})
		for by, w := range o.windows {
			if w.s.Missed != 0 {
				o.Errorf("window %d counts %d missed calls, which another window shows", by, w.s.Missed)
			}
		}
	})
}

// TestNothingOfAnotherAccountStays in any window, where the phone turns out to be somebody else's.
func TestNothingOfAnotherAccountStays(t *testing.T) {
	atOffice(t, 3, Options{}, func(o *office) {
		id := o.keeps("Lab")
		o.opens(1, screen.PageContacts, id)
		o.does(2, screen.EditContact{ID: id})
		o.calls(1)
		o.all(Renewed{}, func(s *screen.Snapshot) { s.Account.User = "1002" })
		for by, w := range o.windows {
			s := w.s
			if s.Detail != "" || s.Contacts.Chosen != nil || s.Contacts.Edit != nil || s.Contacts.Total != 0 || s.Last != nil ||
				s.History.Total != 0 {
				o.Errorf("window %d shows %q, form %v, %d contacts and %d calls of who was here before", by, s.Detail,
					s.Contacts.Edit, s.Contacts.Total, s.History.Total)
			}
		}
	})
}

// TestWindowsAgree does anything in any window, and holds all of them to what the books are: what they share is the same, each
// shows its own search, and none more rows than it has asked for.
func TestWindowsAgree(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 2))
	atOffice(t, 4, Options{}, func(o *office) {
		o.calls(70)
		for i := range 30 {
			o.keeps(fmt.Sprint("Person ", i))
		}
		for range 1500 {
			by := rnd.IntN(4)
			w := o.windows[by]
			switch rnd.IntN(9) {
			case 0:
				o.opens(by, []screen.Page{screen.PageHistory, screen.PageContacts, screen.PageSettings}[rnd.IntN(3)], o.any(rnd))
			case 1:
				o.does(by, screen.SearchHistory{Query: []string{"", "20", "2001", "x"}[rnd.IntN(4)]})
			case 2:
				o.does(by, screen.SearchContacts{Query: []string{"", "1", "person 2", "x"}[rnd.IntN(4)]})
			case 3:
				o.does(by, screen.DeleteContact{ID: o.any(rnd)}, screen.TakeBack{})
			case 4:
				o.does(by, screen.DeleteCalls{ID: o.any(rnd)})
			case 5:
				o.does(by, screen.MoreHistory{}, screen.ScrollContacts{First: rnd.IntN(30), Row: 64})
			case 6:
				o.does(by, screen.EditContact{ID: o.any(rnd)}, screen.CancelEdit{})
			case 7:
				o.does(by, screen.TakeBack{})
			case 8:
				o.does(by, screen.SetFavourite{ID: o.any(rnd), On: rnd.IntN(2) == 0})
			}
			o.agree(w, by)
		}
	})
}

// any is an entry of a list, or nothing.
func (o *office) any(rnd *rand.Rand) string {
	people, calls := o.book.All(), o.history.Entries()
	switch n := rnd.IntN(3); {
	case n == 0 && len(people) > 0:
		return people[rnd.IntN(len(people))].ID
	case n == 1 && len(calls) > 0:
		return calls[rnd.IntN(len(calls))].ID
	}
	return ""
}

func (o *office) agree(acted *pane, by int) {
	o.Helper()
	for i, w := range o.windows {
		s := w.s
		if s.List == screen.PageHistory && (s.History.Total != o.history.Len() || o.lines(i) > w.panes.limit) {
			o.Fatalf("window %d: %d of %d calls shown", i, o.lines(i), s.History.Total)
		}
		if s.List != screen.PageContacts {
			continue
		}
		found := o.book.Find(s.Contacts.Query, 0)
		from, to := s.Contacts.Window()
		if s.Contacts.Found != found.Len() || len(s.Contacts.Rows) != to-from || s.Contacts.From != from {
			o.Fatalf("window %d after an event in %d: %d of %d found for %q, %d rows", i, by, s.Contacts.Found, found.Len(),
				s.Contacts.Query, len(s.Contacts.Rows))
		}
		for n, c := range s.Contacts.Rows {
			if want := found.At(from + n); c.ID != want.ID || c.Favourite != want.Favourite {
				o.Fatalf("window %d: row %d is %s, want %s", i, n, c.Name, want.Name)
			}
		}
		if _, known := o.book.Contact(s.Detail); s.Detail != "" && !known && s.Contacts.Edit == nil && w != acted {
			o.Fatalf("window %d shows %q, which is gone", i, s.Detail)
		}
	}
}
