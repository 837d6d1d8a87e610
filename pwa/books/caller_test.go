package books

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// knowsLab is a desk that has the number 3001 in its contacts, and two calls with the Lab in its history.
func knowsLab(t *testing.T, tell func(d *desk)) {
	atWork(t, config.Config{}, nil, func(d *desk, _ *store.Memory) {
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab", Organisation: "Clinic",
			Numbers: []screen.Number{{Name: "Desk", Number: "3001"}, {Name: "Mobile", Number: "+447700900461"}}}})
		d.missedCall("old1", "3001")
		d.missedCall("old2", "+447700900461")
		d.missedCall("old3", "2001")
		d.do(screen.Show{Page: screen.PageHistory})
		tell(d)
	})
}

// shownCaller says whom the middle of a wide window shows.
func shownCaller(s screen.Snapshot) string {
	if !s.ShowsCaller() {
		return ""
	}
	return s.Caller.Line.ID
}

func TestTheMiddleIsTheCaller(t *testing.T) {
	knowsLab(t, func(d *desk) {
		want := func(why, id string) {
			t.Helper()
			if got := shownCaller(d.now()); got != id {
				t.Errorf("%s: the middle shows %q, want %q", why, got, id)
			}
		}
		want("nobody calls", "")
		d.call("1", true, "3001", ua.CallRinging)
		want("it rings", "1")
		if c := d.now().Caller; c.Contact == nil || c.Contact.Name != "Lab" || c.Label != "Desk" || c.Number != "3001" ||
			len(c.Calls) != 2 {
			t.Errorf("the caller is %+v, want the contact, its label and the two calls with any of its numbers", c)
		}
		d.call("1", true, "3001", ua.CallEnded, because(ua.CauseCancelled, 0))
		want("nobody answered: nothing is left to do", "")

		d.call("2", true, "3001", ua.CallRinging)
		d.call("2", true, "3001", ua.CallEstablished, answeredNow)
		want("answered", "2")
		d.call("3", true, "2001", ua.CallRinging)
		want("a second call takes no place", "2")
		d.call("3", true, "2001", ua.CallEnded, because(ua.CauseCancelled, 0))
		d.call("2", true, "3001", ua.CallEnded, answeredNow)
		want("it stays after its end", "2")
		if s := d.now(); !s.CallerOver() || len(s.Caller.Calls) != 4 {
			t.Errorf("over %t with %d calls, want the ended one among four", s.CallerOver(), len(s.Caller.Calls))
		}
		d.do(screen.Show{Page: screen.PageHistory})
		want("the user turns to something else", "")

		d.call("4", false, "2001", ua.CallEstablished, answeredNow)
		want("a call of ours", "4")
		if c := d.now().Caller; c.Contact != nil || c.Number != "2001" || len(c.Calls) != 2 {
			t.Errorf("somebody unknown is %+v, want no contact and two calls", c)
		}
		d.do(screen.Logout{})
		if c := d.now().Caller; c.Known() {
			t.Errorf("after the logout the page still knows %+v", c)
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
		knowsLab(t, func(d *desk) {
			d.call("1", true, test.number, ua.CallRinging, test.change...)
			if got := d.now().Caller.SelfNamed(); got != test.want {
				t.Errorf("%s: self-named %t, want %t", test.why, got, test.want)
			}
		})
	}
	atWork(t, config.Config{WSServers: config.Config{}.WSServers}, nil, func(d *desk, _ *store.Memory) {
		d.call("1", true, "anonymous", ua.CallRinging)
		if c := d.now().Caller; !c.Known() || c.Number != "" || len(c.Calls) != 0 {
			t.Errorf("who hides the number is %+v", c)
		}
	})
}

// TestScreenPopComesInItsTime opens the operator's page when it is wanted, for whom it is known, and keeps it for the call.
func TestScreenPopComesInItsTime(t *testing.T) {
	pop := config.ScreenPop{URL: "https://crm.example.com/?n={number}&a={user}&w={name}", On: "answer", Target: "pane"}
	run := func(change func(*config.Config), tell func(d *desk)) {
		cfg := config.Config{}
		cfg.ScreenPop = pop
		change(&cfg)
		atWork(t, cfg, nil, func(d *desk, _ *store.Memory) { tell(d) })
	}
	want := func(why string, d *desk, url string) {
		t.Helper()
		if got := d.now().Caller.Pop.URL; got != url {
			t.Errorf("%s: %q, want %q", why, got, url)
		}
	}
	named := func(c *ua.CallInfo) { c.Remote.DisplayName = "a&b" }
	run(func(*config.Config) {}, func(d *desk) {
		d.call("1", true, "3001", ua.CallRinging, named)
		want("before the answer", d, "")
		d.do(screen.ShowPop{On: true})
		if d.now().ShowsPop() {
			t.Error("a page shows that is not there")
		}
		d.call("1", true, "3001", ua.CallEstablished, named, answeredNow)
		want("answered", d, "https://crm.example.com/?n=3001&a=1001&w=a%26b")
		if s := d.now(); !s.ShowsPop() || !s.Caller.Pop.Loaded {
			t.Error("the page does not show to who wants to see it")
		}
		d.do(screen.ShowPop{})
		if s := d.now(); s.ShowsPop() || !s.Caller.Pop.Loaded {
			t.Error("under the caller the page has gone")
		}
		d.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab",
			Numbers: []screen.Number{{Number: "3001"}}}})
		want("a name is known meanwhile", d, "https://crm.example.com/?n=3001&a=1001&w=a%26b")
		d.call("1", true, "3001", ua.CallEnded, answeredNow)
		d.call("2", false, "3002", ua.CallEstablished, answeredNow)
		want("the next one", d, "https://crm.example.com/?n=3002&a=1001&w=")
		if d.now().Caller.Pop.Loaded {
			t.Error("a page is loaded that nobody has asked for")
		}
	})
	run(func(c *config.Config) { c.ScreenPop.On = "ring" }, func(d *desk) {
		d.call("1", true, "3001", ua.CallRinging)
		want("it rings", d, "https://crm.example.com/?n=3001&a=1001&w=")
	})
	run(func(c *config.Config) { c.ScreenPop.On, c.ScreenPop.Target = "ring", "link" }, func(d *desk) {
		d.do(screen.ShowPop{On: true})
		d.call("1", true, "3001", ua.CallRinging)
		if s := d.now(); s.ShowsPop() || s.Caller.Pop.Loaded || s.Caller.Pop.URL == "" {
			t.Errorf("a link is %+v", s.Caller.Pop)
		}
	})
	run(func(c *config.Config) { c.ScreenPop.On = "ring" }, func(d *desk) {
		d.call("1", true, "anonymous", ua.CallRinging)
		want("the number is withheld", d, "")
	})
	run(func(c *config.Config) { c.ScreenPop = config.ScreenPop{} }, func(d *desk) {
		d.call("1", false, "3001", ua.CallEstablished, answeredNow)
		want("the operator has none", d, "")
	})
}
