package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// host shows one component in go-app's test engine.
type host struct {
	app.Compo
	show     func() app.UI
	update   func()
	dispatch func(func(app.Context))
}

func (h *host) OnPreRender(ctx app.Context) { h.update, h.dispatch = ctx.Update, ctx.Dispatch }
func (h *host) Render() app.UI              { return h.show() }

// load mounts what show makes.
func load(t *testing.T, show func() app.UI) (*host, app.TestEngine) {
	t.Helper()
	engine := app.NewTestEngine()
	h := &host{show: show}
	if err := engine.Load(h); err != nil {
		t.Fatal(err)
	}
	engine.ConsumeAll()
	return h, engine
}

func wantAt(t *testing.T, why string, root, want app.UI, path ...int) {
	t.Helper()
	if err := app.Match(want, root, append([]int{0}, path...)...); err != nil {
		t.Errorf("%s: %v", why, err)
	}
}

func view(change func(*screen.Snapshot)) View {
	s := phone.New(phone.Options{Config: config.Config{Show: config.Defaults().Show}}).Begin()
	change(&s)
	return View{S: s, Do: func(screen.Event) {}}
}

var midday = time.Date(2026, 5, 4, 12, 0, 43, 0, time.UTC)

func line(state screen.CallState) screen.Line {
	l := screen.Line{Call: screen.Call{ID: "1", State: state, Remote: screen.Address{DisplayName: "Front desk", User: "1002"}}}
	if state == screen.CallEstablished {
		l.Answered = midday.Add(-43 * time.Second)
	}
	return l
}

func TestStageSaysWhatTheCallDoes(t *testing.T) {
	v := view(func(s *screen.Snapshot) { s.Now = midday })
	for _, test := range []struct {
		state       screen.CallState
		class, word string
		hidden      bool // of the time
	}{
		{screen.CallCalling, "stage stage-ring", "Calling…", true},
		{screen.CallRinging, "stage stage-ring", "Ringing…", true},
		{screen.CallEstablished, "stage stage-go", "On call", false},
		{screen.CallEnding, "stage stage-idle", "Hanging up…", true},
	} {
		h, _ := load(t, func() app.UI { return stage(v, line(test.state)) })
		wantAt(t, "colour", h, el("div", test.class))
		wantAt(t, "word", h, app.Text(test.word), 0, 1, 0)
		wantAt(t, "who", h, el("bdi", "").Attr("dir", "auto").Attr("title", "Front desk"), 0, 2, 0)
		wantAt(t, "name", h, app.Text("Front desk"), 0, 2, 0, 0)
		wantAt(t, "time", h, hiddenIf(test.hidden, el("p", "stage-time").Role("timer")), 0, 4)
	}
	h, _ := load(t, func() app.UI { return stage(v, line(screen.CallEstablished)) })
	wantAt(t, "the call time", h, app.Text("00:00:43"), 0, 4, 0)
}

func TestHeldCallOffersToResume(t *testing.T) {
	v := view(func(s *screen.Snapshot) { s.Now = midday })
	l := line(screen.CallEstablished)
	l.HeldLocal, l.HeldSince = true, midday.Add(-23*time.Second)
	h, _ := load(t, func() app.UI { return stage(v, l) })
	wantAt(t, "colour", h, el("div", "stage stage-hold"))
	wantAt(t, "how long", h, app.Text("Held for 00:23"), 0, 5, 0, 0)
	wantAt(t, "what next", h, app.Text("Resume"), 0, 6, 1)
}

func TestControlsKeepTheirPlace(t *testing.T) {
	l := line(screen.CallEstablished)
	h, engine := load(t, func() app.UI { return call(view(func(*screen.Snapshot) {}), l) })
	wantAt(t, "nobody is muted", h, hiddenIf(true, el("p", "hint")), 1)
	wantAt(t, "mute is the first tool", h, app.Text("Mute"), 5, 0, 1, 0)
	wantAt(t, "hang up is last", h, app.Text("Hang up"), 6, 1, 0)
	l.Muted = true
	h.update()
	engine.ConsumeAll()
	wantAt(t, "the hint is in its place", h, hiddenIf(false, el("p", "hint")), 1)
	wantAt(t, "mute is still the first tool", h, app.Text("Mute"), 5, 0, 1, 0)
	wantAt(t, "hang up is still last", h, app.Text("Hang up"), 6, 1, 0)
}

func TestRowsWaitWhileFewAreFound(t *testing.T) {
	v := view(func(s *screen.Snapshot) {
		s.List, s.Contacts.Total, s.Contacts.Found, s.Contacts.Rows = screen.PageContacts, 3, 1,
			[]screen.Contact{{Name: "Front desk"}}
	})
	h, engine := load(t, func() app.UI { return el("div", "", contactsList(v)...) })
	wantAt(t, "a hit is shown", h, el("li", "row").Aria("setsize", 1).Aria("posinset", 1), 3, 1, 0)
	wantAt(t, "its name", h, app.Text("Front desk"), 3, 1, 0, 0, 1, 0, 0, 0)
	for _, i := range []int{1, 2} {
		wantAt(t, "a row that waits is there for nobody", h, hiddenIf(true, el("li", "row")), 3, 1, i)
	}
	wantAt(t, "something is found", h, hiddenIf(true, el("div", "empty")), 2)
	v.S.Contacts.Found, v.S.Contacts.Rows = 0, nil
	h.update()
	engine.ConsumeAll()
	wantAt(t, "nothing is found", h, hiddenIf(false, el("div", "empty")), 2)
	wantAt(t, "the list is not seen", h, hiddenIf(true, listBody(v, "people", "Contact list").OnScroll(scrolled(v))), 3)
	wantAt(t, "its rows stay", h, hiddenIf(true, el("li", "row")), 3, 1, 0)
}

func TestFewHeightsOfWindowsAreTold(t *testing.T) {
	for height, want := range map[int]int{0: 0, 640: 0, 1024: 0, 1025: 1280, 1280: 1280, 1281: 1536, 2160: 2304} {
		if got := highWindow(height); got != want {
			t.Errorf("a window of %d pixels counts as %d, want %d", height, got, want)
		}
	}
}

func TestHandlersDoNotDraw(t *testing.T) {
	drawn := 0
	var act app.EventHandler
	v := view(func(*screen.Snapshot) {})
	h, engine := load(t, func() app.UI {
		drawn++
		act, _ = v.on(screen.Woke{})
		return el("p", "")
	})
	before := drawn
	h.dispatch(func(ctx app.Context) { act(ctx, app.Event{}) })
	engine.ConsumeAll()
	if drawn != before {
		t.Errorf("drawn %d times for an event of the browser, want only for the snapshot that follows", drawn-before)
	}
	h.dispatch(func(app.Context) {})
	engine.ConsumeAll()
	if drawn != before+1 {
		t.Errorf("drawn %d times for a snapshot, want once", drawn-before)
	}
}

func TestLoginFieldOrList(t *testing.T) {
	typed := view(func(*screen.Snapshot) {})
	h, _ := load(t, func() app.UI { return serverField(typed) })
	wantAt(t, "the user types the server", h, el("label", "field-label").Attr("for", "server"), 0)
	if err := app.Match(el("select", ""), h, 0, 1); err == nil {
		t.Error("there is a list without servers")
	}
	listed := view(func(s *screen.Snapshot) {
		s.Login.Servers = []screen.Server{{URL: "wss://a.example.com", Label: "a.example.com"},
			{URL: "wss://b.example.com", Label: "b.example.com"}}
		s.Login.Server = "b.example.com"
	})
	h, _ = load(t, func() app.UI { return serverField(listed) })
	wantAt(t, "the list", h, el("select", "input").ID("server"), 1, 0)
	wantAt(t, "the last one used is chosen", h, el("option", "").Attr("value", "b.example.com").Attr("selected", true), 1, 0, 1)
}

// mounting stands around a root: natively go-app never mounts a component, so it does that itself.
type mounting struct{ *Root }

func (m mounting) OnPreRender(ctx app.Context) { m.OnMount(ctx) }

func TestRootShowsWhatThePhonePublishes(t *testing.T) {
	r := New(phone.New(phone.Options{Config: config.Config{Show: config.Defaults().Show, BrandName: "Desk"}}), Options{})
	engine := app.NewTestEngine()
	if err := engine.Load(&mounting{r}); err != nil {
		t.Fatal(err)
	}
	engine.ConsumeNext() // mounting
	if err := app.Match(app.Text("Log in to Desk"), r, 0, 0, 0, 0, 1, 0); err != nil {
		t.Error(err)
	}
	r.do(screen.SetLanguage{Language: text.German})
	for r.snapshot.Language != text.German {
		engine.ConsumeNext() // what the phone publishes, in order
	}
	if err := app.Match(app.Text("Bei Desk anmelden"), r, 0, 0, 0, 0, 1, 0); err != nil {
		t.Error(err)
	}
}

// faulty lets the part in a slot have a fault while a page is drawn.
func faulty(t *testing.T, at ...*slot) {
	for _, s := range at {
		whole := *s
		s.draw = func(View) app.UI { panic("a fault of a part") }
		t.Cleanup(func() { *s = whole })
	}
}

func TestRootSurvivesItsOwnFaults(t *testing.T) {
	r := New(phone.New(phone.Options{Config: config.Defaults()}), Options{})
	r.snapshot.Screen = screen.ScreenPhone
	r.snapshot.Calls.All, r.snapshot.Active = []screen.Line{line(screen.CallEstablished)}, "1"
	said := r.snapshot.Language.Say(text.Fault)
	for _, test := range []struct {
		why         string
		at          []*slot
		want, never string
	}{
		{"no fault", nil, "stage-name", said},
		{"a list leaves the call alone", []*slot{&listSlot}, "stage-name", "Hang up: Front desk"},
		{"a list says so", []*slot{&listSlot}, said, "list-head"},
		{"a call can be ended all the same", []*slot{&bodySlot, &callbarSlot}, "Hang up: Front desk", "stage-name"},
		{"so it can on a page that is nothing but faults", []*slot{&pageSlot}, "Hang up: Front desk", "callbar"},
	} {
		t.Run(test.why, func(t *testing.T) {
			faulty(t, test.at...)
			page := app.HTMLString(r.Render())
			if !strings.Contains(page, test.want) || strings.Contains(page, test.never) {
				t.Errorf("got %s, want %q and no %q", page, test.want, test.never)
			}
		})
	}
	immediate[eventName(breaking{})] = func(*Root) { panic("a fault of an action") }
	defer delete(immediate, eventName(breaking{}))
	r.act(breaking{}) // would end the test
}

// breaking is an event whose action has a fault.
type breaking struct{ screen.Event }

func TestHandlersOfDifferentEventsDiffer(t *testing.T) {
	v := view(func(*screen.Snapshot) {})
	h, engine := load(t, func() app.UI { return wordButton(v, "", "Hang up", "", screen.Hangup{ID: v.S.Active}) })
	var got []screen.Event
	v.Do = func(e screen.Event) { got = append(got, e) }
	v.S.Active = "2"
	h.update()
	engine.ConsumeAll()
	a, _ := v.on(screen.Hangup{ID: "1"})
	b, _ := v.on(screen.Hangup{ID: "2"})
	a(app.Context{}, app.Event{})
	b(app.Context{}, app.Event{})
	if want := []screen.Event{screen.Hangup{ID: "1"}, screen.Hangup{ID: "2"}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if scope(screen.Hangup{ID: "1"}) == scope(screen.Hangup{ID: "2"}) {
		t.Error("go-app cannot tell the handlers of two calls apart, and would keep the old one")
	}
}

func TestProtectedAccountIsNotOnThePage(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		v := view(func(s *screen.Snapshot) {
			s.Screen, s.List, s.Detail = screen.ScreenPhone, screen.PageSettings, screen.SectionAccount
			s.Account.User, s.Account.DisplayName, s.Account.Server = "agent77", "Desk Seven", "sip.example.com"
			s.Account.Hidden = screen.Hidden{User: hidden, DisplayName: hidden, Server: hidden}
		})
		page := app.HTMLString(Page(v))
		for _, text := range []string{"agent77", "Desk Seven", "sip.example.com"} {
			if strings.Contains(page, text) == hidden {
				t.Errorf("hidden %v: %q on the page: %v", hidden, text, !hidden)
			}
		}
	}
}
