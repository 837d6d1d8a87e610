package phone

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// glass is a window of a test, which sounds and looks as its snapshots say.
type glass struct {
	*Window
	s       screen.Snapshot
	loop    screen.Loop
	notices map[string]bool
	guard   bool
}

// open opens another window.
func (h *harness) open() *glass {
	g := &glass{notices: map[string]bool{}}
	g.Window = h.Open(func(prev, next screen.Snapshot) {
		if !reflect.DeepEqual(prev, g.s) {
			h.Errorf("shown after another snapshot than the last one")
		}
		g.takes(prev, next)
	})
	synctest.Wait()
	return g
}

// first is the window that Run has opened.
func (h *harness) first() *glass { return &glass{Window: h.windows[0]} }

func (g *glass) takes(prev, next screen.Snapshot) {
	for _, e := range screen.Effects(prev, next) {
		switch e := e.(type) {
		case screen.Play:
			g.loop = e.Loop
		case screen.Notify:
			g.notices[e.ID] = true
		case screen.Retract:
			delete(g.notices, e.ID)
		case screen.Guard:
			g.guard = e.On
		}
	}
	g.s = next
}

func (g *glass) does(events ...screen.Event) {
	for _, e := range events {
		g.Act(e)
		synctest.Wait()
	}
}

func (g *glass) tells(events ...screen.Event) {
	for _, e := range events {
		g.Window.Do(e)
		synctest.Wait()
	}
}

func (g *glass) close() {
	g.Close()
	synctest.Wait()
}

// TestWindowsOfOnePhone: each shows and controls the calls, and what somebody types and opens in one is its own.
func TestWindowsOfOnePhone(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a, b := h.open(), h.open()
		if a.s.Screen != screen.ScreenPhone || a.s.List != screen.PageHistory {
			t.Fatalf("another window opens with %v", a.s.Screen)
		}
		a.does(screen.Type{Text: "60"}, screen.Show{Page: screen.PageContacts})
		b.does(screen.Press{Digit: "7"})
		if a.s.Dial != "60" || b.s.Dial != "7" || h.now().Dial != "" || b.s.Page != screen.PagePhone {
			h.Errorf("the fields have %q, %q and %q", a.s.Dial, b.s.Dial, h.now().Dial)
		}
		b.does(screen.Type{Text: "601"}, screen.Dial{Text: "601"})
		h.wantDone("one window calls", "invite 601")
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		for i, s := range []screen.Snapshot{a.s, b.s, h.now()} {
			if line, ok := s.Stage(); !ok || !line.Established() || s.Page != screen.PagePhone {
				h.Errorf("window %d shows no call", i)
			}
		}
		a.does(screen.ToggleMute{ID: "1"})
		h.wantDone("another one mutes", "mute 1 true")
		a.does(screen.ToggleKeypad{}, screen.Press{Digit: "5"})
		h.wantDone("and sends a tone", "dtmf 1 5")
		if line, _ := b.s.Stage(); line.Digits != "5" || b.s.Keypad || b.s.Pressed.Digit == "5" {
			h.Errorf("the other window shows %q, keypad %v", line.Digits, b.s.Keypad)
		}
		h.tell(out("1", ua.CallEnded))
		if a.s.Keypad || len(h.ended) != 1 || a.s.History.Total != 1 || b.s.History.Total != 1 {
			h.Errorf("after the call: keypad %v, %d ends told, %d and %d lines", a.s.Keypad, len(h.ended), a.s.History.Total,
				b.s.History.Total)
		}
		a.does(screen.Logout{})
		if b.s.Screen != screen.ScreenLogin || b.s.Dial != "" || h.now().Screen != screen.ScreenLogin {
			h.Error("who logs out in one window stays in another")
		}
	})
}

// TestWhatGoesWrongIsToldWhereItWasAsked, and in all windows where nobody has.
func TestWhatGoesWrongIsToldWhereItWasAsked(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a, b := h.open(), h.open()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.agent().failing("hold 1", fmt.Errorf("no answer"))
		a.does(screen.ToggleHold{ID: "1"})
		if a.s.Problem.Text.Empty() || !b.s.Problem.Text.Empty() || !h.now().Problem.Text.Empty() {
			h.Errorf("the window that asked says %v, others %v and %v", a.s.Problem.Text, b.s.Problem.Text, h.now().Problem.Text)
		}
		h.agent().failing("dtmf 1 5", fmt.Errorf("no answer"))
		b.does(screen.Press{Digit: "5"})
		if b.s.Problem.Text.Key != text.ToneFailed || a.s.Problem.Text.Key == text.ToneFailed {
			h.Errorf("the key fails with %v, elsewhere %v", b.s.Problem.Text, a.s.Problem.Text)
		}
		if line, _ := a.s.Line("1"); line.Digits != "" {
			h.Errorf("%q stands in another window, which nobody has heard", line.Digits)
		}
		h.do(screen.NotKept{})
		h.tell(registration(ua.RegistrationFailed, ua.CauseAuth, 403))
		for i, s := range []screen.Snapshot{a.s, b.s, h.now()} {
			if s.Problem.Text.Empty() || s.Problem.Text.Key == text.ToneFailed || !s.NotKept {
				h.Errorf("window %d says %v of a registration that is refused", i, s.Problem.Text)
			}
		}
		a.does(screen.ToggleHold{ID: "1"})
		a.close()
		h.agent().failing("mute 1 true", fmt.Errorf("too late"))
		if n := len(h.shown); len(h.agents) != 1 || n == 0 {
			h.Error("the phone goes with the window")
		}
	})
}

// TestWhichWindowRings follows windows that are seen, used, left and closed while a call rings: it rings in one at any time,
// where the user is, and goes on in the next when that one is gone.
func TestWhichWindowRings(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a, b, c := h.open(), h.open(), h.open()
		windows := map[string]*glass{"a": a, "b": b, "c": c}
		h.first().tells(screen.Visible{})
		want := func(why, who string) {
			h.Helper()
			var rings []string
			for _, name := range []string{"a", "b", "c"} {
				if g := windows[name]; g != nil && g.loop != screen.Silence {
					rings = append(rings, name)
					if !g.notices["9"] {
						h.Errorf("%s: %s rings, and tells nobody", why, name)
					}
				}
			}
			if got := strings.Join(rings, " "); got != who {
				h.Errorf("%s: rings in %q, want %q", why, got, who)
			}
		}
		h.agent().has("9")
		h.tell(in("9", ua.CallRinging))
		want("the newest", "c")
		a.tells(screen.Attended{})
		want("used, so that it is heard", "a")
		a.tells(screen.Visible{})
		want("out of sight", "c")
		b.does(screen.ToggleMenu{})
		want("in use", "b")
		a.tells(screen.Visible{On: true})
		want("in sight again, and used earlier", "b")
		a.does(screen.Escape{})
		want("in use again", "a")
		a.tells(screen.Left{})
		want("its page is left, and may come back", "b")
		b.close()
		delete(windows, "b")
		want("closed", "c")
		delete(windows, "a") // asleep: what it plays stands still
		a.tells(screen.Returned{}, screen.Attended{})
		windows["a"] = a
		want("back", "a")
		c.does(screen.Answer{ID: "9"})
		h.wantDone("answered", "accept 9")
		h.tell(in("9", ua.CallEstablished))
		want("answered", "")
		a.does(screen.ToggleMenu{})
		if c.s.Follows || !a.s.Follows {
			h.Error("the audio of a call goes with every click")
		}
		c.close()
		if a.s.Follows {
			h.Error("nobody leads when the window with the audio has closed")
		}
	})
}

// TestTheLastWindowEndsTheCall when it is left, after a question, and no other does.
func TestTheLastWindowEndsTheCall(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a, b := h.open(), h.open()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.first().tells(screen.Left{})
		if a.guard || b.guard {
			h.Error("who leaves one of two windows is asked")
		}
		h.wantDone("one of three is left")
		a.tells(screen.Left{})
		h.wantDone("two of three are left")
		if !b.guard || b.s.Follows {
			h.Errorf("the last window asks %v, follows %v", b.guard, b.s.Follows)
		}
		b.tells(screen.Left{})
		h.wantDone("all are left", "goodbye")
		if len(h.ended) != 1 {
			h.Errorf("%d calls have ended, want one", len(h.ended))
		}
		a.tells(screen.Returned{})
		if len(h.agents) != 2 {
			h.Errorf("%d sessions, want a new one when a window comes back", len(h.agents))
		}
	})
}

// TestAPhoneNeedsNoWindow to be logged in, called, and looked at again.
func TestAPhoneNeedsNoWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &harness{T: t}
		p := New(Options{Config: oneServerConfig(), NewAgent: func(cfg ua.Config) (Agent, error) {
			h.agents = append(h.agents, newFakeAgent(cfg))
			return h.agent(), nil
		}})
		h.Phone = p
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { p.Serve(ctx); close(done) }()
		a := h.open()
		a.does(typed)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		a.does(screen.Type{Text: "60"})
		a.close()
		a.does(screen.Logout{})
		h.agent().did()
		h.agent().has("9")
		h.tell(in("9", ua.CallRinging))
		b := h.open()
		if b.loop != screen.Ringtone || !b.notices["9"] || b.s.Dial != "" || len(a.s.Calls.All) > 0 {
			t.Errorf("the next window plays %q with %q in its field; the one that was closed has %d calls", b.loop, b.s.Dial,
				len(a.s.Calls.All))
		}
		b.does(screen.Answer{ID: "9"})
		h.wantDone("answered", "accept 9")
		cancel()
		<-done
		synctest.Wait()
	})
}

// TestNewsIsTheSameForEveryWindow holds all news against windows that show anything at all: what they share becomes the same.
func TestNewsIsTheSameForEveryWindow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 3))
	kinds := map[string]bool{}
	s := idle()
	for range 6000 {
		came := anyNews(rnd, s)
		kinds[fmt.Sprintf("%T", came)] = true
		want := Reduce(s, came)
		for range 4 {
			other := screen.Snapshot{Shared: s.Shared}
			fillAny(rnd, reflect.ValueOf(&other.View).Elem(), 0)
			if got := Reduce(other, came); !reflect.DeepEqual(got.Shared, want.Shared) {
				t.Fatalf("%T %+v: what is shared depends on the window\n%+v\n%+v\nin %+v", came, came, want.Shared, got.Shared,
					other.View)
			}
		}
		if s = want; rnd.IntN(12) == 0 || s.Screen == screen.ScreenLogin {
			s = []screen.Snapshot{idle(), onCall(), card("sip.example.com")}[rnd.IntN(3)]
		}
		s = then(s, []Event{screen.Answer{ID: "2"}, screen.StartTransfer{ID: "1"}, screen.Type{Text: "3"},
			screen.AddCall{On: true}, screen.CompleteTransfer{}, typed, screen.TransferNow{Text: "3"},
			screen.AskFirst{Text: "3"}}[rnd.IntN(8)])
	}
	if len(kinds) < 24 {
		t.Errorf("%d kinds of news have come: %v", len(kinds), kinds)
	}
}
