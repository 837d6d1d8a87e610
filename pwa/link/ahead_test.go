package link

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// event makes what a user may do with what is shown.
func (m maker) event(s screen.Snapshot) screen.Event {
	line := func() string {
		if n := len(s.Calls.All); n > 0 {
			return s.Calls.All[m.IntN(n)].ID
		}
		return "9"
	}
	digit := "0123456789*#+"[m.IntN(13):][:1]
	return []screen.Event{screen.Press{Digit: digit}, screen.Press{Digit: digit}, screen.Press{Digit: digit},
		screen.Type{Text: s.Dial + digit}, screen.Type{Text: digit}, screen.Write{Text: digit}, screen.Backspace{},
		screen.ClearDial{}, screen.Dial{Text: s.Dial, Fits: s.Fits}, screen.Redial{}, screen.Mark{By: 1},
		screen.MakeCall{Target: "1002"}, screen.Paste{Text: " 10 "}, screen.Show{Page: screen.PageHistory},
		screen.Show{Page: screen.PagePhone}, screen.Choose{ID: line()}, screen.ToggleMenu{}, screen.ToggleShortcuts{},
		screen.Escape{}, screen.AddCall{On: m.IntN(2) == 0}, screen.ToggleKeypad{}, screen.Answer{ID: line()},
		screen.Swap{ID: line()}, screen.Hangup{ID: line()}, screen.ToggleDoNotDisturb{}, screen.StartTransfer{ID: line()},
		screen.CancelTransfer{}, screen.SetTheme{Theme: screen.ThemeDark}, screen.SetTheme{}, screen.CloseWhy{},
		screen.SetLanguage{Language: text.German}, screen.SetLanguage{Language: text.English}, screen.PasteFailed{},
		screen.Dismiss{}, screen.ToggleAudio{}, screen.WidenList{Width: 300 + m.IntN(100)}, screen.SetName{Name: digit},
		screen.SearchHistory{Query: digit}, screen.Attended{}, screen.Fault{}, screen.Logout{},
	}[m.skewed(41)]
}

// skewed is a number below n; the last one, which ends everything, is rare.
func (m maker) skewed(n int) int {
	if i := m.IntN(n); i < n-1 || m.IntN(5) == 0 {
		return i
	}
	return 0
}

// news makes what a phone may get to know.
func (m maker) news() phone.Event {
	id := fmt.Sprint(m.IntN(4))
	direction := ua.Direction(m.IntN(2))
	switch m.IntN(8) {
	case 0:
		return phone.Tick{At: midday.Add(time.Duration(m.IntN(1e6)) * time.Millisecond)}
	case 1:
		return phone.Told{Event: ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: ua.ConnectionState(m.IntN(3))}},
			At: midday}
	case 2:
		return phone.Told{Event: ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.Registered}}, At: midday}
	}
	return call(id, direction, ua.CallState(m.IntN(int(ua.CallEnded)+1)))
}

// TestWindowsAndMindAgree has users at several windows, news, and messages that take their time. A window never shows a state
// twice, makes no tone twice, and in the end shows what the mind has.
func TestWindowsAndMindAgree(t *testing.T) {
	for seed := range uint64(choose(testing.Short(), 8, 12)) {
		r, m := newMaker(seed), newMind()
		hub := NewHub(HubOptions{Open: m.open})
		var windows []*glass
		pressed := map[*glass]int{}
		for i := range 1 + r.IntN(4) {
			g := newGlass(t, fmt.Sprint(i))
			g.connect(hub)
			windows = append(windows, g)
		}
		for range 500 {
			g := windows[r.IntN(len(windows))]
			switch r.IntN(9) {
			case 0, 1:
				e := r.event(g.shown)
				if _, press := e.(screen.Press); press {
					pressed[g]++
				}
				choose(r.IntN(4) > 0, g.Act, g.Do)(e)
			case 2:
				news := r.news()
				m.put(func(m *mind) { m.hear(news) })
			case 3:
				m.step()
			case 4:
				g.ours.step()
			case 5:
				g.theirs.step()
			default:
				g.look()
			}
		}
		settled(m, windows...)
		for i, g := range windows {
			if len(g.over) > 0 {
				t.Fatalf("seed %d: window %d is sent away: %v", seed, i, g.over)
			}
			at := slices.IndexFunc(m.windows, func(w *mindWindow) bool { return hub.seats[fmt.Sprint(i)].window == Window(w) })
			g.wantSame(m.windows[at])
			if g.tones > pressed[g] {
				t.Fatalf("seed %d: %d tones of %d keys", seed, g.tones, pressed[g])
			}
		}
	}
}

// TestNothingThatIsTypedIsUndone types into a field while answers come as late as they like.
func TestNothingThatIsTypedIsUndone(t *testing.T) {
	for seed := range uint64(50) {
		r, m := newMaker(seed), newMind()
		hub, g := NewHub(HubOptions{Open: m.open}), newGlass(t, "1")
		g.connect(hub)
		typed, shown := "", g.show
		g.show = func(prev, next screen.Snapshot) {
			shown(prev, next)
			if len(next.Dial) < len(prev.Dial) {
				t.Fatalf("seed %d: %q stands in the field after %q", seed, next.Dial, prev.Dial)
			}
		}
		for range 300 {
			switch r.IntN(6) {
			case 0:
				typed += "1234567890"[r.IntN(10):][:1]
				g.Act(screen.Type{Text: typed})
				for g.look() {
				}
				if g.shown.Dial != typed {
					t.Fatalf("seed %d: %q shows and %q was typed", seed, g.shown.Dial, typed)
				}
			case 1:
				at := midday.Add(time.Duration(r.IntN(1e6)) * time.Millisecond)
				m.put(func(m *mind) { m.hear(phone.Tick{At: at}) })
			case 2:
				m.step()
			case 3:
				g.ours.step()
			case 4:
				g.theirs.step()
			default:
				g.look()
			}
		}
		settled(m, g)
		g.wantSame(m.windows[0])
	}
}

// TestATypedNumberShowsBeforeTheMindIsThere has a window that is quicker than its mind.
func TestATypedNumberShowsBeforeTheMindIsThere(t *testing.T) {
	m, g := newMind(), newGlass(t, "1")
	g.Act(screen.Press{Digit: "1"})
	g.Act(screen.Press{Digit: "2"})
	for g.look() {
	}
	if g.shown.Dial != "12" || g.tones != 2 {
		t.Errorf("%q shows with %d tones", g.shown.Dial, g.tones)
	}
	g.connect(NewHub(HubOptions{Open: m.open}))
	settled(m, g)
	if g.wantSame(m.windows[0]); g.shown.Dial != "12" || g.tones != 2 {
		t.Errorf("%q shows with %d tones when the mind is there", g.shown.Dial, g.tones)
	}
}

// TestWhatIsUnaskedCounts has a change by the user's own hand and others.
func TestWhatIsUnaskedCounts(t *testing.T) {
	m, g := newMind(), newGlass(t, "1")
	g.connect(NewHub(HubOptions{Open: m.open}))
	settled(m, g)
	before := g.shown.Unasked
	g.Act(screen.ToggleMenu{})
	if settled(m, g); g.shown.Unasked != before {
		t.Error("the user's own hand is unasked")
	}
	g.Do(screen.Sound{Blocked: true})
	if settled(m, g); g.shown.Unasked != before+1 {
		t.Errorf("%d changes are unasked, want the one", g.shown.Unasked-before)
	}
	m.hear(call("1", ua.Incoming, ua.CallRinging))
	if settled(m, g); g.shown.Unasked != before+2 {
		t.Errorf("%d changes are unasked, want both", g.shown.Unasked-before)
	}
}

// TestAFaultOfTheReducerIsSurvived shows what there was, and says so.
func TestAFaultOfTheReducerIsSurvived(t *testing.T) {
	m, g := newMind(), newGlass(t, "1")
	g.connect(NewHub(HubOptions{Open: m.open}))
	settled(m, g)
	reduce := g.opts.Reduce
	g.opts.Reduce = func(s screen.Snapshot, e screen.Event) screen.Snapshot {
		if _, ok := e.(screen.ToggleMenu); ok {
			panic("a fault")
		}
		return reduce(s, e)
	}
	g.Act(screen.ToggleMenu{})
	if settled(m, g); !g.shown.Menu || len(g.lines) != 1 {
		t.Errorf("menu %v, told %q", g.shown.Menu, g.lines)
	}
}
