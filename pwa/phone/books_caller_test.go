package phone

import (
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// knowsLab is a desk that has the number 3001 in its contacts, and two calls with the Lab in its history.
func knowsLab(t *testing.T, tell func(h *harness)) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab", Organisation: "Clinic",
			Numbers: []screen.Number{{Name: "Desk", Number: "3001"}, {Name: "Mobile", Number: "+447700900461"}}}})
		h.missedCall("old1", "3001")
		h.missedCall("old2", "+447700900461")
		h.missedCall("old3", "2001")
		h.do(screen.Show{Page: screen.PageHistory})
		tell(h)
	})
}

func answeredNow(c *ua.CallInfo) { c.Answered = time.Now() }

// shownCaller says whom the middle of a wide window shows.
func shownCaller(s screen.Snapshot) string {
	if !s.ShowsCaller() {
		return ""
	}
	return s.Caller.Line.ID
}

func TestTheMiddleIsTheCaller(t *testing.T) {
	knowsLab(t, func(h *harness) {
		want := func(why, id string) {
			t.Helper()
			if got := shownCaller(h.now()); got != id {
				t.Errorf("%s: the middle shows %q, want %q", why, got, id)
			}
		}
		want("nobody calls", "")
		h.call("1", true, "3001", ua.CallRinging)
		want("it rings", "1")
		if c := h.now().Caller; c.Contact == nil || c.Contact.Name != "Lab" || c.Label != "Desk" || c.Number != "3001" ||
			len(c.Calls) != 2 {
			t.Errorf("the caller is %+v, want the contact, its label and the two calls with any of its numbers", c)
		}
		h.call("1", true, "3001", ua.CallEnded, because(ua.CauseCancelled, 0))
		want("nobody answered: nothing is left to do", "")

		h.call("2", true, "3001", ua.CallRinging)
		h.call("2", true, "3001", ua.CallEstablished, answeredNow)
		want("answered", "2")
		h.call("3", true, "2001", ua.CallRinging)
		want("a second call takes no place", "2")
		h.call("3", true, "2001", ua.CallEnded, because(ua.CauseCancelled, 0))
		h.call("2", true, "3001", ua.CallEnded, answeredNow)
		want("it stays after its end", "2")
		if s := h.now(); !s.CallerOver() || len(s.Caller.Calls) != 4 {
			t.Errorf("over %t with %d calls, want the ended one among four", s.CallerOver(), len(s.Caller.Calls))
		}
		h.do(screen.Show{Page: screen.PageHistory})
		want("the user turns to something else", "")

		h.call("4", false, "2001", ua.CallEstablished, answeredNow)
		want("a call of ours", "4")
		if c := h.now().Caller; c.Contact != nil || c.Number != "2001" || len(c.Calls) != 2 {
			t.Errorf("somebody unknown is %+v, want no contact and two calls", c)
		}
		h.do(screen.Logout{})
		if c := h.now().Caller; c.Known() {
			t.Errorf("after the logout the page still knows %+v", c)
		}
	})
}

// TestChosenStaysBeforeTheCaller looks at who was chosen before the call came: they stay until the user turns to the call.
func TestChosenStaysBeforeTheCaller(t *testing.T) {
	knowsLab(t, func(h *harness) {
		chosen := h.now().History.Days[0].Lines[0].Newest().ID
		h.do(screen.Choose{ID: chosen})
		h.call("1", true, "3001", ua.CallRinging)
		if s := h.now(); s.ShowsCaller() || s.Detail != chosen {
			t.Error("a call that rings takes the place of what the user has chosen")
		}
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		h.do(screen.ShowCaller{On: true})
		if s := h.now(); shownCaller(s) != "1" || s.Page != screen.PagePhone || s.Detail != chosen {
			t.Errorf("asked for the caller, the middle shows %q on page %q", shownCaller(s), s.Page)
		}
		h.do(screen.ShowCaller{})
		if s := h.now(); s.ShowsCaller() || s.History.Chosen == nil {
			t.Error("the way back does not lead to what was chosen")
		}
		h.do(screen.ShowCaller{On: true}, screen.Choose{ID: chosen})
		if h.now().ShowsCaller() {
			t.Error("a row that is pressed does not open")
		}
		h.do(screen.EditContact{Number: "3001"}, screen.ShowCaller{On: true})
		if s := h.now(); s.ShowsCaller() || s.Contacts.Edit == nil {
			t.Error("the caller takes the place of a form that somebody fills in")
		}
	})
}

// TestSelfNamed tells a name that somebody vouches for from one that a caller gives himself.
func TestSelfNamed(t *testing.T) {
	names := func(c *ua.CallInfo) { c.Remote.DisplayName = "Delivery" }
	for _, test := range []struct {
		why    string
		number string
		change []func(*ua.CallInfo)
		want   bool
	}{
		{"a stranger with a name", "2001", []func(*ua.CallInfo){names}, true},
		{"a stranger without one", "2001", nil, false},
		{"a contact", "3001", []func(*ua.CallInfo){names}, false},
		{"the server says the name", "2001", []func(*ua.CallInfo){names, func(c *ua.CallInfo) { c.Asserted = true }}, false},
	} {
		knowsLab(t, func(h *harness) {
			h.call("1", true, test.number, ua.CallRinging, test.change...)
			if got := h.now().Caller.SelfNamed(); got != test.want {
				t.Errorf("%s: self-named %t, want %t", test.why, got, test.want)
			}
		})
	}
	desk(t, config.Config{WSServers: oneServerConfig().WSServers}, nil, func(h *harness, _ *store.Memory) {
		h.call("1", true, "anonymous", ua.CallRinging)
		if c := h.now().Caller; !c.Known() || c.Number != "" || len(c.Calls) != 0 {
			t.Errorf("who hides the number is %+v", c)
		}
	})
}

// TestScreenPopComesInItsTime opens the operator's page when it is wanted, for whom it is known, and keeps it for the call.
func TestScreenPopComesInItsTime(t *testing.T) {
	pop := config.ScreenPop{URL: "https://crm.example.com/?n={number}&a={user}&w={name}", On: "answer", Target: "pane"}
	run := func(change func(*config.Config), tell func(h *harness)) {
		cfg := oneServerConfig()
		cfg.ScreenPop = pop
		change(&cfg)
		desk(t, cfg, nil, func(h *harness, _ *store.Memory) { tell(h) })
	}
	want := func(why string, h *harness, url string) {
		t.Helper()
		if got := h.now().Caller.Pop.URL; got != url {
			t.Errorf("%s: %q, want %q", why, got, url)
		}
	}
	named := func(c *ua.CallInfo) { c.Remote.DisplayName = "a&b" }
	run(func(*config.Config) {}, func(h *harness) {
		h.call("1", true, "3001", ua.CallRinging, named)
		want("before the answer", h, "")
		h.do(screen.ShowPop{On: true})
		if h.now().ShowsPop() {
			t.Error("a page shows that is not there")
		}
		h.call("1", true, "3001", ua.CallEstablished, named, answeredNow)
		want("answered", h, "https://crm.example.com/?n=3001&a=1001&w=a%26b")
		if s := h.now(); !s.ShowsPop() || !s.Caller.Pop.Loaded {
			t.Error("the page does not show to who wants to see it")
		}
		h.do(screen.ShowPop{})
		if s := h.now(); s.ShowsPop() || !s.Caller.Pop.Loaded {
			t.Error("under the caller the page has gone")
		}
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab",
			Numbers: []screen.Number{{Number: "3001"}}}})
		want("a name is known meanwhile", h, "https://crm.example.com/?n=3001&a=1001&w=a%26b")
		h.call("1", true, "3001", ua.CallEnded, answeredNow)
		h.call("2", false, "3002", ua.CallEstablished, answeredNow)
		want("the next one", h, "https://crm.example.com/?n=3002&a=1001&w=")
		if h.now().Caller.Pop.Loaded {
			t.Error("a page is loaded that nobody has asked for")
		}
	})
	run(func(c *config.Config) { c.ScreenPop.On = "ring" }, func(h *harness) {
		h.call("1", true, "3001", ua.CallRinging)
		want("it rings", h, "https://crm.example.com/?n=3001&a=1001&w=")
	})
	run(func(c *config.Config) { c.ScreenPop.On, c.ScreenPop.Target = "ring", "link" }, func(h *harness) {
		h.do(screen.ShowPop{On: true})
		h.call("1", true, "3001", ua.CallRinging)
		if s := h.now(); s.ShowsPop() || s.Caller.Pop.Loaded || s.Caller.Pop.URL == "" {
			t.Errorf("a link is %+v", s.Caller.Pop)
		}
	})
	run(func(c *config.Config) { c.ScreenPop.On = "ring" }, func(h *harness) {
		h.call("1", true, "anonymous", ua.CallRinging)
		want("the number is withheld", h, "")
	})
	run(func(c *config.Config) { c.ScreenPop = config.ScreenPop{} }, func(h *harness) {
		h.call("1", false, "3001", ua.CallEstablished, answeredNow)
		want("the operator has none", h, "")
	})
}
