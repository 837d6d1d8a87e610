package link

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// agent is a user agent that does nothing but tell, and writes down whom it calls.
type agent struct {
	phone.Agent
	events chan ua.Event
	closed chan struct{} // closed by Close
	mu     sync.Mutex    // guards called
	called []string
	close  sync.Once
}

func (a *agent) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (a *agent) Close() error {
	a.close.Do(func() { close(a.closed) })
	return nil
}

func (a *agent) Events(context.Context) iter.Seq[ua.Event] {
	return func(yield func(ua.Event) bool) {
		for {
			select {
			case e := <-a.events:
				if !yield(e) {
					return
				}
			case <-a.closed:
				return
			}
		}
	}
}

func (a *agent) Register(context.Context) error   { return nil }
func (a *agent) Wake()                            {}
func (a *agent) Export() ([]byte, error)          { return nil, nil }
func (a *agent) Farewell() ([]ua.Farewell, error) { return nil, nil }
func (a *agent) Call(string) phone.Call           { return nil }
func (a *agent) calls() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.called
}

func (a *agent) Invite(_ context.Context, to string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.called = append(a.called, to)
	return nil
}

// home is the real phone with windows over pipes.
type home struct {
	*testing.T
	phone *phone.Phone
	hub   *Hub
	ctx   context.Context

	mu     sync.Mutex         // guards the rest
	newest *agent             // another one after each change of the account
	served []*screen.Snapshot // newest of each window that was opened, as the phone has it
}

// pane is a window over a pipe.
type pane struct {
	*Client
	home   *home
	shown  screen.Snapshot
	served *screen.Snapshot
}

func (p *pane) sees() screen.Snapshot {
	p.home.mu.Lock()
	defer p.home.mu.Unlock()
	return p.shown
}

// atHome runs a phone in a bubble of time.
func atHome(t *testing.T, tell func(h *home)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h := &home{T: t, ctx: ctx}
		h.phone = phone.New(phone.Options{Config: config.Config{Show: config.Defaults().Show},
			NewAgent: func(ua.Config) (phone.Agent, error) { return h.signIn(), nil }})
		h.hub = NewHub(HubOptions{Open: h.open})
		done := make(chan struct{})
		go func() {
			h.phone.Serve(ctx)
			close(done)
		}()
		tell(h)
		cancel()
		<-done
		synctest.Wait()
	})
}

func (h *home) open(show func(prev, next screen.Snapshot)) Window {
	served := new(screen.Snapshot)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.served = append(h.served, served)
	return h.phone.Open(func(prev, next screen.Snapshot) {
		h.mu.Lock()
		*served = next
		h.mu.Unlock()
		show(prev, next)
	})
}

// window opens a window.
func (h *home) window() *pane {
	p := &pane{home: h}
	p.Client = NewClient(ClientOptions{ID: fmt.Sprint(h.opened()), Begin: h.phone.Begin(),
		Reduce: func(s screen.Snapshot, e screen.Event) screen.Snapshot { return phone.Reduce(s, e) }})
	ours, theirs := Pipe()
	h.hub.Attach(theirs)
	p.Connect(ours)
	go p.Run(h.ctx, func(_, next screen.Snapshot) {
		h.mu.Lock()
		defer h.mu.Unlock()
		p.shown = next
	})
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	p.served = h.served[len(h.served)-1]
	return p
}

// signIn makes another user agent.
func (h *home) signIn() *agent {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.newest = &agent{events: make(chan ua.Event), closed: make(chan struct{})}
	return h.newest
}

func (h *home) agent() *agent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.newest
}

// opened is how many windows there were.
func (h *home) opened() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.served)
}

// tells lets the user agent tell something.
func (h *home) tells(events ...ua.Event) {
	for _, e := range events {
		h.agent().events <- e
		synctest.Wait()
	}
}

// login registers.
func (h *home) login(p *pane) {
	p.Act(screen.Login{User: "1001", Password: "secret", Server: "sip.example.com"})
	synctest.Wait()
	h.tells(ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: ua.Connected}},
		ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.Registered}})
}

// wantSame fails where a window shows something else than the phone.
func (h *home) wantSame(windows ...*pane) {
	h.Helper()
	synctest.Wait()
	for i, p := range windows {
		sees := p.sees()
		h.mu.Lock()
		want := *p.served
		h.mu.Unlock()
		p.mu.Lock()
		owed := len(p.owed)
		p.mu.Unlock()
		want.Told = 0
		if where := unlike(reflect.ValueOf(want), reflect.ValueOf(sees)); where != "" || owed > 0 {
			h.Errorf("window %d shows another %s, and is owed %d", i, where, owed)
		}
	}
}

// TestThePhoneBehindTheBorder is the real phone with two windows: what one does the other sees, and each has its own view.
func TestThePhoneBehindTheBorder(t *testing.T) {
	atHome(t, func(h *home) {
		a, b := h.window(), h.window()
		if h.wantSame(a, b); a.sees().Screen != screen.ScreenLogin {
			t.Errorf("screen %d", a.sees().Screen)
		}
		h.login(a)
		if h.wantSame(a, b); !a.sees().Registered() || !b.sees().Registered() {
			t.Error("not registered")
		}
		a.Act(screen.Write{Text: "1002"})
		b.Act(screen.Show{Page: screen.PageContacts})
		if h.wantSame(a, b); a.sees().Dial != "1002" || b.sees().Dial != "" || b.sees().List != screen.PageContacts {
			t.Errorf("%q and %q stand in the fields", a.sees().Dial, b.sees().Dial)
		}
		for _, p := range []*pane{a, b} { // the phone listens to one of them
			p.Do(screen.DevicesFound{Devices: []screen.Device{{ID: "1", Kind: screen.Microphone}}})
			h.wantSame(a, b)
		}
		a.Act(screen.Dial{Text: "1002"})
		if h.wantSame(a, b); len(h.agent().calls()) != 1 || b.sees().Placed.Target != "1002" {
			t.Errorf("called %v", h.agent().calls())
		}
		info := ua.CallInfo{ID: "7", Direction: ua.Incoming, State: ua.CallRinging, Started: time.Now(),
			Remote: ua.Address{User: "2001"}}
		h.tells(ua.IncomingCallEvent{Info: info})
		if h.wantSame(a, b); len(a.sees().Incoming()) != 1 || len(b.sees().Incoming()) != 1 {
			t.Error("it does not ring in both windows")
		}
		info.State, info.Cause = ua.CallEnded, ua.Cause{Kind: ua.CauseCancelled}
		h.tells(ua.CallEvent{Info: info})
		a.Act(screen.SearchHistory{Query: "2001"})
		b.Act(screen.Show{Page: screen.PageHistory})
		if h.wantSame(a, b); len(a.sees().History.Days) != 1 || a.sees().History.Query == b.sees().History.Query {
			t.Errorf("%d days found, and %q", len(a.sees().History.Days), b.sees().History.Query)
		}
		a.Act(screen.EditContact{Name: "Berta", Number: "2001"})
		a.Act(screen.SaveContact{Contact: screen.Contact{Name: "Berta", Numbers: []screen.Number{{Number: "2001"}}}})
		b.Act(screen.Write{Text: "200"})
		if h.wantSame(a, b); len(b.sees().Suggestions) == 0 || b.sees().Suggestions[0].Name != "Berta" {
			t.Errorf("suggestions %v", b.sees().Suggestions)
		}
		a.Close()
		if h.wantSame(b); b.sees().Follows {
			t.Error("the window that is left does not lead")
		}
	})
}

// TestUsersAtThePhone has users at three windows, with windows that lose their ports and come back, and news meanwhile.
func TestUsersAtThePhone(t *testing.T) {
	for seed := range uint64(choose(testing.Short(), 3, 10)) {
		atHome(t, func(h *home) {
			r := newMaker(seed)
			windows := []*pane{h.window(), h.window(), h.window()}
			h.login(windows[0])
			for range 150 {
				p := windows[r.IntN(len(windows))]
				switch r.IntN(12) {
				case 0:
					h.wantSame(windows...)
				case 1:
					ours, theirs := Pipe()
					h.hub.Attach(theirs)
					p.Connect(ours)
				case 2:
					time.Sleep(time.Second)
				case 3:
					info := ua.CallInfo{ID: fmt.Sprint(r.IntN(4)), State: ua.CallState(r.IntN(int(ua.CallEnded) + 1)),
						Direction: ua.Direction(r.IntN(2)), Remote: ua.Address{User: "2001"}}
					select {
					case h.agent().events <- ua.CallEvent{Info: info}:
					default: // it listens to the one before
					}
				default:
					synctest.Wait()
					if e := r.event(p.sees()); reflect.TypeOf(e) != reflect.TypeFor[screen.Logout]() {
						choose(r.IntN(4) > 0, p.Act, p.Do)(e)
					}
				}
			}
			if h.wantSame(windows...); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		})
	}
}
