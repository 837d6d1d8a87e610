package phone

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// house is a browser whose pages come and go: what they keep, who has which seat, and who speaks for them.
type house struct {
	*testing.T
	cfg   config.Config
	keep  store.MemoryValues
	store store.Memory
	full  bool     // nothing can be kept
	mute  bool     // nobody says farewell
	said  []string // by the one who does

	complaints []string

	mu    sync.Mutex // guards the rest
	seats map[string]chan struct{}
	token string // of what lies in the safe
	data  []byte
	taken []string
	over  string // farewell was said for that one
}

// inBrowser tells what happens in a browser.
func inBrowser(t *testing.T, cfg config.Config, tell func(b *house)) {
	synctest.Test(t, func(t *testing.T) {
		tell(&house{T: t, cfg: cfg, seats: map[string]chan struct{}{}})
		time.Sleep(2 * returnTime) // until farewell was said, or not
	})
}

// page opens a page; end takes it away, whatever state it is in.
func (b *house) page() (h *harness, end func()) {
	h, end = openPage(b.T, Options{Config: b.cfg, Keep: &b.keep, Store: &b.store, Safe: b, Seats: b, Outlive: b.outlive,
		Complain: func(why string) { b.complaints = append(b.complaints, why) }})
	synctest.Wait()
	return h, end
}

// call opens a page that is logged in and has an answered call.
func (b *house) call(change ...func(*ua.CallInfo)) (h *harness, end func()) {
	h, end = b.page()
	h.login()
	h.agent().has("1")
	h.call("1", false, "600", ua.CallEstablished, append(change, answeredNow)...)
	return h, end
}

// leavePage leaves a page as the browser does, and takes it away.
func (h *harness) leavePage(end func()) {
	h.do(screen.Left{})
	end()
}

func (b *house) Keep(_ context.Context, token string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.full {
		return errors.New("no room")
	}
	b.token, b.data = token, slices.Clone(data)
	return nil
}

func (b *house) Look(context.Context) (string, []byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == "" {
		return "", nil, store.ErrNotStored
	}
	return b.token, b.data, nil
}

func (b *house) Take(_ context.Context, token string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if token != b.token || token == "" {
		return false, nil
	}
	b.token, b.data, b.taken = "", nil, append(b.taken, token)
	return b.over != token, nil
}

func (b *house) Drop(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token, b.data = "", nil
	return nil
}

// outlive says farewell after the wait, as a service worker does.
func (b *house) outlive(token string, words []ua.Farewell, wait time.Duration) bool {
	if b.mute {
		return false
	}
	go func() {
		time.Sleep(wait)
		b.mu.Lock()
		defer b.mu.Unlock()
		if token != "" && slices.Contains(b.taken, token) {
			return
		}
		b.over = token
		for _, w := range words {
			for _, message := range append(w.Calls, w.Binding) {
				if len(message) > 0 {
					b.said = append(b.said, string(message))
				}
			}
		}
	}()
	return true
}

func (b *house) Claim(ctx context.Context, name string, taken func(), _ func(string)) (Seat, error) {
	b.mu.Lock()
	free := b.seats[name]
	if free == nil {
		free = make(chan struct{}, 1)
		free <- struct{}{}
		b.seats[name] = free
	}
	b.mu.Unlock()
	select {
	case <-free:
	default:
		taken()
		select {
		case <-free:
		case <-ctx.Done():
			return Seat{}, ctx.Err()
		}
	}
	return Seat{Wanted: make(chan struct{}), Release: sync.OnceFunc(func() { free <- struct{}{} })}, nil
}

func (b *house) Ask(string)  {}
func (b *house) Give(string) {}

// wantSaid checks what was said for pages that are gone.
func (b *house) wantSaid(why string, want ...string) {
	b.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.said, want) {
		b.Errorf("%s: %q was said, want %q", why, b.said, want)
	}
}

// pastCalls is what the history of the account has.
func (h *harness) pastCalls() []history.Entry {
	h.do(screen.Show{Page: screen.PageHistory})
	return h.stored(h.opts.Store).Entries()
}

// left is what a page shows of its calls, without what is measured anew.
func left(s screen.Snapshot) (lines []screen.Line, view [5]any) {
	for _, l := range s.Calls.All {
		l.Stats, l.Quality, l.Measured = screen.Stats{}, screen.Quality{}, false
		lines = append(lines, l)
	}
	return lines, [5]any{s.Active, s.Dial, s.Adding, s.Keypad, s.Transfer.Step}
}

// TestCallsGoOnInTheNextPage leaves a page in each state that calls can be in, and wants the next one to log in by itself and
// show the same.
func TestCallsGoOnInTheNextPage(t *testing.T) {
	second := func(h *harness, number string) {
		h.agent().has("2")
		h.call("2", false, number, ua.CallEstablished, answeredNow)
	}
	for name, talk := range map[string]func(h *harness){
		"talking": func(*harness) {},
		"muted":   func(h *harness) { h.call("1", false, "600", ua.CallEstablished, mutedNow) },
		"held":    func(h *harness) { h.call("1", false, "600", ua.CallEstablished, heldNow) },
		"held by the other side": func(h *harness) {
			h.call("1", false, "600", ua.CallEstablished, func(c *ua.CallInfo) { c.HeldRemote = true })
		},
		"two calls": func(h *harness) {
			h.call("1", false, "600", ua.CallEstablished, heldNow)
			second(h, "601")
		},
		"the other of two on the stage": func(h *harness) {
			second(h, "601")
			h.do(screen.Swap{ID: "1"})
		},
		"for somebody else": func(h *harness) {
			h.call("1", true, "600", ua.CallEstablished, func(c *ua.CallInfo) {
				c.DivertedFrom, c.ReferredBy = ua.Address{User: "100"}, ua.Address{User: "9"}
			})
		},
		"digits": func(h *harness) { h.do(screen.ToggleKeypad{}, screen.Press{Digit: "4"}, screen.Press{Digit: "2"}) },
		"a number is typed": func(h *harness) {
			h.do(screen.AddCall{On: true}, screen.Press{Digit: "7"}, screen.Press{Digit: "8"})
		},
		"somebody is asked first": func(h *harness) {
			h.do(screen.StartTransfer{ID: "1"}, screen.Type{Text: "601"}, screen.AskFirst{Text: "601"})
			h.call("1", false, "600", ua.CallEstablished, heldNow)
			second(h, "601")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBrowser(t, oneServerConfig(), func(b *house) {
				h, end := b.call()
				talk(h)
				lines, view := left(h.now())
				h.agent().did()
				h.leavePage(end)
				h.wantDone("the page says nothing")
				if got := b.keep.Load(KeyCalls); got == "" || strings.Contains(got, "1001") {
					t.Errorf("the next page knows by %q", got)
				}
				next, end := b.page()
				cfg := next.agent().cfg
				if cfg.Account.Password != "secret" || cfg.Account.AOR != "sip:1001@sip.example.com" ||
					!slices.Equal(cfg.StateKey, h.agent().cfg.StateKey) || len(cfg.Restore) == 0 {
					t.Fatalf("it is restored from %q", cfg.Restore)
				}
				s := next.now()
				if s.Screen != screen.ScreenPhone || s.Login.Opening || s.Login.Busy || s.Login.Kept {
					t.Errorf("screen %v, form %+v, want the phone at once, logged in for this time", s.Screen, s.Login)
				}
				gotLines, gotView := left(s)
				if !equalLines(gotLines, lines) || gotView != view {
					t.Errorf("it shows\n%+v %v, want\n%+v %v", gotLines, gotView, lines, view)
				}
				if b.keep.Load(KeyCalls) == "" {
					t.Error("the next page leaves nothing")
				}
				next.later(returnTime + time.Second)
				b.wantSaid("the calls go on")
				if got := next.pastCalls(); len(got) != 0 {
					t.Errorf("the history has calls that go on: %+v", got)
				}
				end()
			})
		})
	}
}

func mutedNow(c *ua.CallInfo) { answeredNow(c); c.Muted = true }
func heldNow(c *ua.CallInfo)  { answeredNow(c); c.HeldLocal = true }

// equalLines compares by what a browser keeps, which knows no monotonic clock.
func equalLines(a, b []screen.Line) bool {
	one, _ := json.Marshal(a)
	other, _ := json.Marshal(b)
	return string(one) == string(other)
}

// TestPageThatDoesNotComeBackSaysFarewell has the history, too, say how the call ended.
func TestPageThatDoesNotComeBackSaysFarewell(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		h.later(30 * time.Second)
		h.do(screen.WriteNote{ID: "1", Text: "call back"})
		h.leavePage(end)
		time.Sleep(returnTime - time.Second)
		b.wantSaid("it may come back")
		time.Sleep(2 * time.Second)
		b.wantSaid("it has not", "BYE 1", "REGISTER")
		next, end := b.page()
		if s := next.now(); s.Screen != screen.ScreenLogin || s.Login.Opening || len(next.agents) != 0 {
			t.Fatalf("screen %v, opening %t, want the card", s.Screen, s.Login.Opening)
		}
		next.login()
		got := next.pastCalls()
		if len(got) != 1 || got[0].Cause != ua.CauseHangupLocal || got[0].Duration.Round(time.Second) != 30*time.Second ||
			got[0].Note != "call back" {
			t.Errorf("the history has %+v, want the call until the page was left", got)
		}
		end()
	})
}

// TestCrashedPage is gone without a word. What it has kept serves for a minute.
func TestCrashedPage(t *testing.T) {
	for _, late := range []time.Duration{time.Second, 2 * time.Minute} {
		inBrowser(t, oneServerConfig(), func(b *house) {
			h, end := b.call()
			h.later(90 * time.Second) // its state is kept anew all the time
			end()                     // what it says then is not heard: a fake has no network
			time.Sleep(late)
			next, end := b.page()
			s := next.now()
			if goesOn := late < time.Minute; goesOn != (len(s.Lines()) == 1 && len(next.agents) == 1) {
				t.Errorf("after %v: %d calls with %d user agents", late, len(s.Lines()), len(next.agents))
			}
			if late > time.Minute {
				b.wantSaid("those who still listen are told, and no binding of now is taken away", "BYE 1")
				if s.Screen != screen.ScreenLogin || s.Login.Error.Key != text.CallLost {
					t.Errorf("screen %v says %v", s.Screen, s.Login.Error)
				}
				next.login()
				if s := next.now(); s.Problem.Text.Key != text.CallLost {
					t.Errorf("the phone says %v", s.Problem.Text)
				}
				if got := next.pastCalls(); len(got) != 1 || got[0].Cause != ua.CauseConnectionLost ||
					got[0].Duration < 80*time.Second || got[0].Duration > 90*time.Second {
					t.Errorf("the history has %+v, want a lost call that lasted 90 s", got)
				}
			}
			end()
		})
	}
}
