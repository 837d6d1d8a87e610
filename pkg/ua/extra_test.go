package ua

import (
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// TestNoHeaderOfOursMayBeAdded looks at what the user agent sends by itself: none of its headers may be added by the
// application, nor may those that change what a message means, however they are written.
func TestNoHeaderOfOursMayBeAdded(t *testing.T) {
	names := map[string]bool{}
	play(t, func(c *Config) { c.SessionExpires = 1800e9 }, func(h *harness) {
		note := func(msgs []sip.Message) {
			for _, m := range msgs {
				for _, header := range headersOf(m) {
					names[header.Name] = true
				}
			}
		}
		h.begin()
		register := h.wantRequest("registering", sip.REGISTER)
		note([]sip.Message{register})
		h.grant(register, 600)
		h.forget()
		p, _ := h.talkOut()
		p.send("REFER", referTo1003, "Referred-By: <sip:1002@example.com>")
		h.agent.Invite(h.t.Context(), "1004", InviteOptions{Privacy: true})
		h.subscribe(SubscribeOptions{Event: "dialog"})
		h.publish(open)
		h.text("1002", MessageOptions{Body: []byte("hello")})
		h.collect()
		note(h.sent)
		h.forget()
	})
	for _, name := range []string{"Session-Expires", "x", "Min-SE", "P-Preferred-Identity", "P-Asserted-Identity",
		"Content-Encoding", "e", "Content-Language", "Content-Disposition", "Content-ID", "Replaces", "Refer-To", "r", "RAck",
		"RSeq", "Event", "o", "Expires", "Join", "Path", "Identity", "y", "Privacy"} {
		names[name] = true
	}
	if len(names) < 35 {
		t.Errorf("only %d headers are tried", len(names))
	}
	for name := range names {
		for _, written := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
			if err := checkHeaders([]Header{{written, "1"}}); !errors.Is(err, ErrBadConfig) {
				t.Errorf("%s may be added: %v", written, err)
			}
		}
	}
	for _, free := range []string{"X-Queue", "Subject", "s", "Priority", "Alert-Info", "Call-Info", "Organization", "Reply-To",
		"In-Reply-To", "Diversion", "History-Info", "Reason", "Accept-Contact", "Answer-Mode", "Date"} {
		if err := checkHeaders([]Header{{free, "1"}}); err != nil {
			t.Errorf("%s: %v", free, err)
		}
	}
	for _, bad := range []Header{{"", "1"}, {"A B", "1"}, {"A:", "1"}, {"Ä", "1"}, {"X", "a\r\nVia: b"}, {"X", "a\x00"},
		{"X", "\xff"}, {"X\r\nVia", "b"}} {
		if err := checkHeaders([]Header{bad}); !errors.Is(err, ErrBadConfig) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
