package phone

import (
	"slices"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// answeredFor dials a text as it stands in the field, and has the other side answer.
func (h *harness) answeredFor(text, target string) {
	h.Helper()
	h.do(screen.MakeCall{Target: text})
	h.agent().has("1")
	h.wantDone(text, "invite "+target)
	for _, state := range []ua.CallState{ua.CallCalling, ua.CallRinging} {
		h.call("1", false, target, state)
		if line, _ := h.now().Line("1"); h.offered() != "" {
			h.Errorf("%q: %q is offered in state %v", text, line.Behind, state)
		}
	}
	h.call("1", false, target, ua.CallEstablished, answered)
}

func (h *harness) offered() string {
	line, _ := h.now().Stage()
	_, shown, _ := line.Next()
	return shown
}

// TestWhatStandsBehindANumberIsOffered dials extensions and codes: they are sent when the user says so, after the answer.
func TestWhatStandsBehindANumberIsOffered(t *testing.T) {
	for _, test := range []struct{ text, target, offered, digits string }{
		{"020 7946 0000 ext. 12", "02079460000", "12", "12"},
		{"+1 202 555 0191,,123#", "+12025550191", "123#", "123#"},
		{"+12025550191;123", "+12025550191", "123", "123"},
		{"+12025550191p99", "+12025550191", "99", "99"},
		{"tel:+12025550191;ext=12", "+12025550191", "12", "12"},
		{"1002", "1002", "", ""},
		{"+12025550191,", "+12025550191", "", ""},
		{"sip:+12025550191;ext=12@sip.example.com", "sip:+12025550191;ext=12@sip.example.com", "", ""}, // the server has it
	} {
		story(t, oneServerConfig(), func(h *harness) {
			h.login()
			h.answeredFor(test.text, test.target)
			if got := h.offered(); got != test.offered {
				h.Errorf("%q: %q is offered, want %q", test.text, got, test.offered)
			}
			h.wantDone(test.text+": nothing is sent by itself", nil...)
			h.do(screen.SendBehind{ID: "1"})
			h.later(time.Minute)
			var want []string
			for _, key := range test.digits {
				want = append(want, "dtmf 1 "+string(key))
			}
			h.wantDone(test.text, want...)
			s := h.now()
			if line, _ := s.Stage(); line.Digits != test.digits || h.offered() != "" || s.Keypad != (test.digits != "") {
				h.Errorf("%q: %q written down, keypad %v, %q still offered", test.text, line.Digits, s.Keypad, h.offered())
			}
			h.do(screen.SendBehind{ID: "1"}, screen.SendBehind{ID: "9"})
			h.wantDone(test.text+": not twice", nil...)
		})
	}
}

func TestCommaPausesAndSemicolonWaits(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.answeredFor("+12025550191,,1,2;#3", "+12025550191")
		h.do(screen.SendBehind{ID: "1"})
		for i, want := range [][]string{nil, nil, {"dtmf 1 1"}, {"dtmf 1 2"}, nil} { // two commas, a key, one comma, a key
			if got := h.agent().did(); !slices.Equal(got, want) {
				h.Errorf("after %v: %q, want %q", time.Duration(i)*tonePause, got, want)
			}
			h.later(tonePause)
		}
		if s := h.now(); h.offered() != "#3" || s.Keypad {
			h.Errorf("%q is offered behind the wait, keypad %v", h.offered(), s.Keypad)
		}
		h.do(screen.SendBehind{ID: "1"})
		h.wantDone("the rest", "dtmf 1 #", "dtmf 1 3")
	})
}

func TestKeysBehindANumberStayWithTheirCall(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.call("7", true, "2001", ua.CallRinging)
		h.call("7", true, "2001", ua.CallEnded)
		h.answeredFor("1002 ext. 12", "1002")
		h.call("8", true, "1002", ua.CallRinging)
		h.call("9", false, "1003", ua.CallCalling) // by the page around the phone
		for _, id := range []string{"8", "9"} {
			if line, _ := h.now().Line(id); line.Behind != "" {
				h.Errorf("%q is offered in a call that nobody dialled with it", line.Behind)
			}
		}
		h.call("1", false, "1002", ua.CallEstablished, answered, held)
		h.do(screen.SendBehind{ID: "1"})
		h.wantDone("nobody hears keys in a held call", nil...)
		h.call("1", false, "1002", ua.CallEstablished, answered)
		h.do(screen.SendBehind{ID: "1"})
		h.wantDone("resumed", "dtmf 1 1", "dtmf 1 2")
	})
}

// TestLoggingOutEndsAPause leaves in the midst of keys: the story is stuck if they go on.
func TestLoggingOutEndsAPause(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.answeredFor("1002,,,,1", "1002")
		h.do(screen.SendBehind{ID: "1"}, screen.Logout{})
		h.later(time.Minute)
		h.wantDone("no key to nobody", "goodbye")
	})
}

func TestExtensionOfAContactIsOffered(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		number := screen.Number{Name: "Desk", Number: "+44 20 7946 0000", Extension: "12"}
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab", Numbers: []screen.Number{number}}})
		h.answeredFor(h.now().Contacts.Chosen.Numbers[0].Dial, "+442079460000")
		if got := h.offered(); got != "12" {
			h.Errorf("%q is offered, want the extension", got)
		}
	})
}
