package books

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// desk has books on it, and does what a phone does with them: it follows the events of a window, tells of calls, and gives the
// books their own news.
type desk struct {
	*testing.T
	*Books
	s      screen.Snapshot
	keep   *store.MemoryValues
	online bool
	beside *desk // another page over the same store

	mu    sync.Mutex // guards inbox
	inbox []any
	came  chan struct{} // holds one when there is something in it
}

// atDesk runs a test of books. They are at rest after every method of the desk.
func atDesk(t *testing.T, opts Options, tell func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d, end := openDesk(t, opts)
		tell(d)
		end()
	})
}

// openDesk lays books on a desk in the bubble of a test, until end.
func openDesk(t *testing.T, opts Options) (d *desk, end func()) {
	d = newDesk(t, opts)
	return d, func() {
		d.logout()
		synctest.Wait()
	}
}

// atWork is atDesk for who is logged in and connected.
func atWork(t *testing.T, cfg config.Config, get fetch.Func, tell func(d *desk, medium *store.Memory)) {
	t.Helper()
	medium := &store.Memory{}
	atDesk(t, Options{Config: cfg, Store: medium, Fetch: get}, func(d *desk) {
		d.online = true
		d.login("1001")
		tell(d, medium)
	})
}

func newDesk(t *testing.T, opts Options) *desk {
	d := &desk{T: t, keep: &store.MemoryValues{}, came: make(chan struct{}, 1)}
	put := func(e any) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.inbox = append(d.inbox, e)
		select {
		case d.came <- struct{}{}:
		default:
		}
	}
	opts.Now, opts.Post, opts.Tell = time.Now, func(n News) { put(n) }, func(e screen.Event) { put(e) }
	if keep, ok := opts.Keep.(*store.MemoryValues); ok {
		d.keep = keep
	}
	opts.Keep = d.keep
	d.Books = New(opts)
	t.Cleanup(d.Watch())
	d.s.List = screen.PageHistory
	return d
}

// follow gives the books an event that makes another snapshot.
func (d *desk) follow(event any, change func(*screen.Snapshot)) {
	next := d.s
	next.Now = time.Now()
	change(&next)
	next.Connection.State = choose(d.online, screen.Connected, screen.Disconnected)
	d.s = d.Follow(d.s, next, event)
	d.rest()
}

// rest gives the books what has come for them, and those beside them too, until nothing more does.
func (d *desk) rest() {
	for {
		synctest.Wait()
		if came := d.read(); !came && (d.beside == nil || !d.beside.read()) {
			return
		}
	}
}

// read follows what has come.
func (d *desk) read() bool {
	d.mu.Lock()
	came := d.inbox
	d.inbox = nil
	d.mu.Unlock()
	for _, e := range came {
		d.s = d.Follow(d.s, d.s, e)
	}
	return len(came) > 0
}

// now is the snapshot when nothing more comes.
func (d *desk) now() screen.Snapshot {
	d.rest()
	return d.s
}

// later is what the time brings.
func (d *desk) later(t time.Duration) {
	for over := time.After(t); ; d.rest() {
		select {
		case <-d.came:
			continue
		case <-over:
		}
		d.follow(nothing{}, func(*screen.Snapshot) {})
		return
	}
}

// do lets a window tell events. What they move on the screen beside the books' panes is done here, as far as the tests need it.
func (d *desk) do(events ...any) {
	for _, e := range events {
		switch e.(type) {
		case screen.Logout:
			d.logout()
		case screen.Left:
			d.leave(e, func(s *screen.Snapshot) { s.Calls.All, s.Active = nil, "" })
		case screen.Erase:
			d.leave(e, nobody)
			if err := d.Erase(d.Context()); err != nil {
				d.Error(err)
			}
		default:
			d.follow(e, func(s *screen.Snapshot) { moves(s, e) })
		}
	}
}

func moves(s *screen.Snapshot, event any) {
	switch e := event.(type) {
	case screen.Show:
		*s = turnedTo(s.At(e.Page))
	case screen.Choose:
		s.Detail = e.ID
		*s = turnedTo(*s)
	case screen.OpenContact:
		*s = turnedTo(s.At(screen.PageContacts))
		s.Detail = e.ID
	case screen.OpenCall:
		*s = turnedTo(s.At(screen.PageHistory))
		s.Detail = e.ID
	case screen.ShowCaller:
		*s = turnedTo(*s)
	case screen.ShowPop:
		s.PopOpen = e.On
	case screen.Swap:
		s.Active = e.ID
	case screen.Type:
		s.Dial = e.Text
	case screen.Dismiss:
		s.Problem.Text = text.Sentence{}
	}
}

// turnedTo is the screen when the user turns to something else: who was on the line goes with the call.
func turnedTo(s screen.Snapshot) screen.Snapshot {
	if s.Caller.Open = false; s.CallerOver() {
		s.Caller = screen.CallerPane{}
	}
	return s
}

func (d *desk) login(user string) {
	d.follow(screen.Login{}, func(s *screen.Snapshot) {
		s.Screen, s.Account.User, s.Account.Server = screen.ScreenPhone, user, "sip.example.com"
	})
}

func (d *desk) logout() {
	d.leave(screen.Logout{}, nobody)
}

// nobody is logged in.
func nobody(s *screen.Snapshot) {
	placed := s.Placed
	*s = screen.Snapshot{}
	s.List, s.Placed = screen.PageHistory, placed
}

// connects is the news of another connection.
func (d *desk) connects() {
	d.online = true
	d.do(Connected{})
}

// leave is an event that ends the calls.
func (d *desk) leave(event any, change func(*screen.Snapshot)) {
	var over []Ended
	for _, l := range d.s.Calls.All {
		call := ua.CallInfo{ID: l.ID, CallID: l.CallID, State: ua.CallEnded, Direction: ua.Direction(l.Direction),
			Remote: ua.Address(l.Remote), Dialled: l.Dialled, Started: l.Started, Answered: l.Answered, Ended: time.Now()}
		over = append(over, Ended{Call: call, Line: l})
	}
	d.Record(over, event)
	d.follow(event, change)
}

// call tells of a call, as a user agent does.
func (d *desk) call(id string, incoming bool, number string, state ua.CallState, change ...func(*ua.CallInfo)) {
	call := ua.CallInfo{ID: id, CallID: id, State: state, Started: time.Now(),
		Remote: ua.Address{User: number, Host: "sip.example.com"}}
	if call.Dialled = number; incoming {
		call.Direction, call.Dialled = ua.Incoming, ""
	}
	for _, f := range change {
		f(&call)
	}
	call = d.Named(call)
	line, known := d.s.Line(id)
	line.Call = shownCall(call)
	if state == ua.CallEnded {
		d.Record([]Ended{{Call: call, Line: line}}, nothing{})
	}
	d.follow(nothing{}, func(s *screen.Snapshot) {
		others := slices.DeleteFunc(slices.Clone(s.Calls.All), func(l screen.Line) bool { return l.ID == id })
		switch {
		case state == ua.CallEnded && s.Active == id:
			s.Active = ""
		case state == ua.CallEstablished, s.Active == "" && !line.RingsHere():
			s.Active = cmp.Or(choose(known && !line.RingsHere(), s.Active, ""), id)
		}
		if s.Calls.All = others; state != ua.CallEnded {
			s.Calls.All = append(others, line)
		}
		if lines := s.Lines(); s.Active == "" && len(lines) > 0 {
			s.Active = lines[0].ID
		}
	})
}

func shownCall(c ua.CallInfo) screen.Call {
	return screen.Call{ID: c.ID, CallID: c.CallID, State: screen.CallState(c.State), Direction: screen.Direction(c.Direction),
		Remote: screen.Address(c.Remote), Asserted: c.Asserted, Dialled: c.Dialled, Started: c.Started, Answered: c.Answered}
}

func answeredNow(c *ua.CallInfo) { c.Answered = time.Now() }

func because(kind ua.CauseKind, code int) func(*ua.CallInfo) {
	return func(c *ua.CallInfo) { c.Cause = ua.Cause{Kind: kind, Code: code} }
}

// missedCall rings and ends unanswered.
func (d *desk) missedCall(id, number string) {
	d.call(id, true, number, ua.CallRinging)
	d.call(id, true, number, ua.CallEnded, because(ua.CauseCancelled, 0))
}

// called records a call with a number, that nobody answered when it came in.
func (d *desk) called(id string, direction ua.Direction, number string, event any) {
	call := ua.CallInfo{ID: id, CallID: id, Direction: direction, State: ua.CallEnded, Started: time.Now(), Dialled: number,
		Remote: ua.Address{User: number, Host: "sip.example.com"}, Cause: ua.Cause{Kind: ua.CauseCancelled}}
	d.Record([]Ended{{Line: screen.Line{Call: screen.Call{ID: id}}, Call: call}}, event)
	d.follow(event, func(*screen.Snapshot) {})
}

// has adds a contact.
func (d *desk) has(name, number string) {
	d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: name,
		Numbers: []screen.Number{{Number: number}}}})
}

// found is the first contact that fits, where the contacts are listed.
func (d *desk) found(query string) screen.Contact {
	d.Helper()
	d.do(screen.SearchContacts{Query: query})
	rows := d.now().Contacts.Rows
	d.do(screen.SearchContacts{})
	if len(rows) == 0 {
		d.Fatalf("nobody fits %q", query)
	}
	return rows[0]
}

// stored is the history as it lies there.
func (d *desk) stored(medium store.Store) *history.History {
	d.Helper()
	d.rest()
	kept, err := history.Load(d.Context(), medium, historyDoc(account))
	if err != nil {
		d.Fatal(err)
	}
	return kept
}

const account = "1001@sip.example.com"

// lines is what the list of calls shows.
func lines(s screen.Snapshot) string {
	var all []string
	for _, day := range s.History.Days {
		for _, l := range day.Lines {
			all = append(all, strings.TrimSpace(l.Name+" "+l.Newest().Number))
		}
	}
	return strings.Join(all, "; ")
}

// want compares what the lists show.
func (d *desk) want(why, calls, people string) {
	d.Helper()
	d.do(screen.Show{Page: screen.PageHistory})
	if all := strings.ReplaceAll(lines(d.s), "; ", ", "); all != calls {
		d.Errorf("%s: calls %q, want %q", why, all, calls)
	}
	var got []string
	d.do(screen.Show{Page: screen.PageContacts})
	for _, c := range d.s.Contacts.Rows {
		got = append(got, c.Name)
	}
	if all := strings.Join(got, ", "); all != people {
		d.Errorf("%s: contacts %q, want %q", why, all, people)
	}
}

type nothing struct{}
