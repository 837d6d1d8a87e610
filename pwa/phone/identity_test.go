package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func TestServerIsTrustedWhereTheOperatorSaysSo(t *testing.T) {
	for _, trust := range []bool{false, true} {
		cfg := oneServerConfig()
		cfg.TrustIdentity = trust
		story(t, cfg, func(h *harness) {
			h.login()
			if got := h.agent().cfg.TrustAssertedIdentity; got != trust {
				h.Errorf("trust %v, want %v", got, trust)
			}
		})
	}
}

// nowWith is a call that the server has connected to somebody else.
func nowWith(number, name string) func(*ua.CallInfo) {
	return func(c *ua.CallInfo) {
		c.Asserted, c.Remote = true, ua.Address{User: number, DisplayName: name, Host: "sip.example.com"}
	}
}

func TestSomebodyElseOnTheLine(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Reception",
			Numbers: []screen.Number{{Number: "600"}}}})
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Anna",
			Numbers: []screen.Number{{Number: "1005"}}}})
		for _, c := range []struct {
			incoming       bool
			number, before string // the one called, or who called
			name, then     string // of 1005 as the server says, and as it is shown
			line           string // of the history
			connected      string
		}{
			{false, "600", "Reception", "", "Anna", "Reception 600", "Anna 1005"},
			{true, "600", "Reception", "Demo", "Anna", "Anna 1005", ""},
			{false, "601", "601", "Demo", "Anna", "601", "Anna 1005"},
		} {
			h.call("1", c.incoming, c.number, ua.CallRinging)
			h.call("1", c.incoming, c.number, ua.CallEstablished, answered)
			if got := h.now().Calls.All[0].Name(); got != c.before {
				h.Errorf("%+v: %q is on the line at first", c, got)
			}
			h.call("1", c.incoming, c.number, ua.CallEstablished, answered, nowWith("1005", c.name))
			s := h.now()
			if got := s.Calls.All[0]; got.Name() != c.then || got.Number() != "1005" {
				h.Errorf("%+v: %q, %q is on the line", c, got.Name(), got.Number())
			}
			if got := s.Language.Tell(s.Live); got != "The call is now with "+c.then {
				h.Errorf("%+v: told is %q", c, got)
			}
			h.call("1", c.incoming, c.number, ua.CallEnded, answered, nowWith("1005", c.name), because(ua.CauseHangupRemote, 0))
			h.do(screen.Show{Page: screen.PageHistory})
			day := h.now().History.Days[0].Lines
			if got := day[0].Newest(); lines(h.now()) != c.line || got.Connected != c.connected {
				h.Errorf("%+v: history %q, connected to %q", c, lines(h.now()), got.Connected)
			}
			h.do(screen.DeleteCalls{ID: day[0].Newest().ID})
		}
	})
}

func TestCallTellsHowItCameHere(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Sales",
			Numbers: []screen.Number{{Number: "600"}}}})
		for _, c := range []struct {
			forWhom, by ua.Address
			want        string
		}{
			{},
			{forWhom: ua.Address{User: "600", DisplayName: "Queue 600", URI: "sip:600@h"}, want: "Incoming call · For Sales"},
			{by: ua.Address{User: "1002", URI: "sip:1002@h"}, want: "Incoming call · Handed over by 1002"},
			{by: ua.Address{URI: "sip:h", Host: "h"}, want: "Incoming call · Handed over by sip:h"},
			{ua.Address{User: "601", URI: "sip:601@h"}, ua.Address{User: "1002", DisplayName: "Anna", URI: "sip:1002@h"},
				"Incoming call · For 601 · Handed over by Anna"},
		} {
			before := h.now()
			h.call("1", true, "2001", ua.CallRinging, func(i *ua.CallInfo) { i.DivertedFrom, i.ReferredBy = c.forWhom, c.by })
			if c.want == "" {
				c.want = "Incoming call"
			}
			if got := noticeOf(screen.Effects(before, h.now())); got != c.want {
				h.Errorf("told is %q, want %q", got, c.want)
			}
			h.call("1", true, "2001", ua.CallEnded, because(ua.CauseCancelled, 0))
		}
	})
}

func noticeOf(effects []screen.Effect) string {
	for _, e := range effects {
		if n, ok := e.(screen.Notify); ok {
			return n.Body
		}
	}
	return ""
}
