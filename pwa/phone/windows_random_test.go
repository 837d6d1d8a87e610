package phone

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// party is a phone with windows that come and go, and calls that do.
type party struct {
	*harness
	rnd     *rand.Rand
	windows []*glass
	calls   map[string]ua.CallInfo
	last    int // call made
	over    int // calls that have ended
}

// TestAnythingInAnyWindow lets users do anything in two to five windows that are opened and closed, while calls come and go.
func TestAnythingInAnyWindow(t *testing.T) {
	steps := 10_000
	if testing.Short() {
		steps = 2_000
	}
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		p := &party{harness: h, rnd: rand.New(rand.NewPCG(11, 4)), calls: map[string]ua.CallInfo{}}
		for range 2 {
			p.windows = append(p.windows, h.open())
		}
		for range steps {
			p.step()
			p.holds()
			if t.Failed() {
				return
			}
		}
		if p.last < steps/20 || p.over < steps/40 {
			t.Errorf("%d calls, %d ended: too little has happened", p.last, p.over)
		}
	})
}

func (p *party) step() {
	g := p.windows[p.rnd.IntN(len(p.windows))]
	if g.asleep {
		g.tells(screen.Returned{}) // before anybody can do anything there
	}
	switch p.rnd.IntN(12) {
	case 0:
		if len(p.windows) < 5 {
			p.windows = append(p.windows, p.open())
		}
	case 1:
		if len(p.windows) > 2 {
			g.close()
			p.windows = slices.DeleteFunc(p.windows, func(w *glass) bool { return w == g })
		}
	case 2:
		g.tells([]screen.Event{screen.Visible{}, screen.Visible{On: true}, screen.Attended{}, screen.Woke{}, screen.Left{},
			screen.Returned{}}[p.rnd.IntN(choose(len(p.windows) > 2, 6, 4))])
	case 3, 4, 5, 6:
		p.happens()
	case 7, 8:
		p.dials(g)
	default:
		p.does(g, p.any(g))
	}
}

// happens lets a call come, go on, or end.
func (p *party) happens() {
	ids := make([]string, 0, len(p.calls))
	for id := range p.calls {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if len(ids) < 3 && p.rnd.IntN(3) == 0 {
		p.begins(ua.Incoming, "")
		return
	}
	if len(ids) == 0 {
		return
	}
	c := p.calls[ids[p.rnd.IntN(len(ids))]]
	switch p.rnd.IntN(4) {
	case 0:
		c.State, c.Cause = ua.CallEnded, anyCause(p.rnd)
		delete(p.calls, c.ID)
		p.over++
	case 1:
		c.HeldLocal = c.State == ua.CallEstablished && !c.HeldLocal
		p.calls[c.ID] = c
	default:
		if c.State = min(c.State+1, ua.CallEstablished); c.State == ua.CallEstablished && c.Answered.IsZero() {
			c.Answered = midday
		}
		p.calls[c.ID] = c
	}
	p.tell(told(ua.CallEvent{Info: c}))
}

func (p *party) begins(direction ua.Direction, dialled string) {
	p.last++
	id := fmt.Sprint("c", p.last)
	c := ua.CallInfo{ID: id, CallID: id, Direction: direction, State: ua.CallRinging, Started: midday, Dialled: dialled,
		Remote: ua.Address{User: fmt.Sprint(200 + p.last), Host: "sip.example.com"}}
	p.calls[id] = c
	p.agent().has(id)
	if direction == ua.Incoming {
		p.tell(told(ua.IncomingCallEvent{Info: c}))
		return
	}
	c.Remote.User, c.State = dialled, ua.CallCalling
	p.calls[id] = c
	p.tell(told(ua.CallEvent{Info: c}))
}

// dials presses the key that calls, as the window is, or as it was when somebody pressed it.
func (p *party) dials(g *glass) {
	e := screen.Dial{Text: g.s.Dial, Fits: g.s.Fits}
	if p.rnd.IntN(3) == 0 {
		e = screen.Dial{Text: p.windows[p.rnd.IntN(len(p.windows))].s.Dial, Fits: p.rnd.IntN(9)}
	}
	p.does(g, []screen.Event{e, e, screen.TransferNow(e), screen.AskFirst(e)}[p.rnd.IntN(4)])
}

// does does something in a window, and holds who is called then against what stood there.
func (p *party) does(g *glass, e screen.Event) {
	seen := g.s
	p.agent().did()
	g.does(e)
	for _, did := range p.agent().did() {
		target, calls := strings.CutPrefix(did, "invite ")
		if to, hands := strings.CutPrefix(did, "transfer "); hands {
			_, target, calls = cutAt(to)
		}
		if !calls {
			continue
		}
		shown, _ := number.Dialable(seen.Dial)
		if g, ok := seen.Chosen(); ok {
			shown, _ = number.Dialable(g.Number)
		}
		if shown == "" || target != shown {
			p.Errorf("%#v: %q, while the window shows %q", e, did, seen.Dial)
		}
		if strings.HasPrefix(did, "invite ") {
			p.begins(ua.Outgoing, target)
		}
	}
}

func cutAt(s string) (id, target string, ok bool) {
	id, target, ok = strings.Cut(s, " ")
	return id, target, ok
}

// any is something that a user does in a window.
func (p *party) any(g *glass) screen.Event {
	id := "none"
	if lines := g.s.Calls.All; len(lines) > 0 {
		id = lines[p.rnd.IntN(len(lines))].ID
	}
	digit := string("0123456789"[p.rnd.IntN(10)])
	list := []screen.Event{screen.Press{Digit: digit}, screen.Press{Digit: digit}, screen.Type{Text: g.s.Dial + digit},
		screen.Type{Text: digit + digit}, screen.Backspace{}, screen.ClearDial{}, screen.Redial{}, screen.Mark{By: 1},
		screen.Answer{ID: id}, screen.EndAndAnswer{ID: id}, screen.Decline{ID: id}, screen.Hangup{ID: id},
		screen.ToggleMute{ID: id}, screen.ToggleHold{ID: id}, screen.Swap{ID: id}, screen.ToggleKeypad{},
		screen.AddCall{On: true}, screen.AddCall{}, screen.CloseWhy{}, screen.Dismiss{}, screen.ToggleAudio{}, screen.Escape{},
		screen.StartTransfer{ID: id}, screen.CancelTransfer{}, screen.CompleteTransfer{}, screen.ToggleMenu{},
		screen.ToggleDoNotDisturb{}, screen.Show{Page: screen.Pages()[p.rnd.IntN(4)]}, screen.SearchHistory{Query: digit},
		screen.SearchContacts{Query: digit}, screen.MoreHistory{}, screen.EditContact{Name: digit, Number: "20" + digit},
		screen.SaveContact{Contact: screen.Contact{Name: "Person " + digit, Numbers: []screen.Number{{Number: "20" + digit}}}},
		screen.SetTheme{Theme: screen.ThemeDark}, screen.ToggleMeter{}, screen.WriteNote{ID: id, Text: digit}}
	return list[p.rnd.IntN(len(list))]
}

// holds holds all windows to each other and to the phone.
func (p *party) holds() {
	p.Helper()
	now, leads, loud := p.snapshot, 0, 0
	for i, g := range p.windows {
		if !g.view.Follows {
			leads++
		}
		if g.loop != screen.Silence && !g.asleep {
			loud++
		}
		if g.asleep {
			continue
		}
		if !reflect.DeepEqual(g.s.Shared, now.Shared) {
			p.Fatalf("window %d shows other things than the phone:\n%+v\n%+v", i, g.s.Shared, now.Shared)
		}
		_, staged := g.s.Stage()
		if g.s.Keypad && !staged || (g.s.Adding || g.s.Audio) && !g.s.InCall() {
			p.Fatalf("window %d has keypad %v, dial pad %v, audio %v open without a call", i, g.s.Keypad, g.s.Adding, g.s.Audio)
		}
		if !g.view.Follows && (g.loop != g.s.Loop() || len(g.notices) != len(g.s.Incoming())) {
			p.Fatalf("window %d leads, and plays %q with %d notices while %d calls ring", i, g.loop, len(g.notices),
				len(g.s.Incoming()))
		}
	}
	if first := p.Phone.windows[0]; !first.view.Follows {
		leads++
	}
	if leads != 1 || loud > 1 || len(p.Phone.windows) != len(p.windows)+1 {
		p.Fatalf("%d windows lead, %d are heard, of %d", leads, loud, len(p.windows))
	}
	ended := map[string]int{}
	for _, c := range p.ended {
		if ended[c.ID]++; ended[c.ID] > 1 {
			p.Fatalf("the end of %s is told twice", c.ID)
		}
	}
	if total := now.History.Total; len(p.ended) != p.over || total != min(p.over, total) || total < min(p.over, 100) {
		p.Fatalf("%d calls have ended, %d ends are told, %d lines are in the history", p.over, len(p.ended), total)
	}
}
