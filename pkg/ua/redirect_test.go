package ua

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func follow(to []Address) (Address, bool) { return to[0], true }

func TestRedirectIsNotFollowedUnasked(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 302, "Contact: <sip:1003@example.org>")
		h.wantSent("refused", "ACK")
		end := h.wantEvent("ended", "preparing", "calling", "ended other")[2].(CallEvent)
		if !strings.Contains(end.Info.Cause.Explanation, "sip:1003@example.org") {
			t.Errorf("the new address is not told: %+v", end.Info.Cause)
		}
	})
}

// TestMovedTo: where a call was sent that did not follow is there to be offered.
func TestMovedTo(t *testing.T) {
	for contact, want := range map[string]string{
		"<sip:1003@example.org>;q=0.1, <sip:1004@example.org;method=BYE?Subject=x>;q=0.9": "sip:1004@example.org",
		`"Mobile" <tel:+1-202-555-0191>`:                 "tel:+1-202-555-0191",
		"<mailto:a@example.org>, <sip:1003@example.org>": "sip:1003@example.org",
		"<mailto:a@example.org>":                         "",
		"*":                                              "",
		"<>":                                             "",
	} {
		for _, policy := range []func([]Address) (Address, bool){nil, func([]Address) (Address, bool) {
			return Address{}, false
		}} {
			play(t, func(c *Config) { c.Redirect = policy }, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				h.respond(h.wantRequest("calling", sip.INVITE), 302, "Contact: "+contact)
				h.wantSent("refused", "ACK")
				h.wantEvent("ended", "preparing", "calling", "ended other")
				info := call.Info()
				if info.MovedTo.URI != want || info.Code != 302 || info.Cause.Reason != "Moved Temporarily" ||
					info.Cause.Explanation == "" {
					t.Errorf("%s: moved to %+v, %d, %+v", contact, info.MovedTo, info.Code, info.Cause)
				}
			})
		}
	}
}

func TestRedirectToATelephoneNumber(t *testing.T) {
	play(t, func(c *Config) { c.Redirect = follow }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 302, "Contact: <tel:+1-202-555-0191>")
		again := h.wantSent("in our own domain", "ACK", "INVITE")[1].(*sip.Request)
		if got := again.Recipient.String(); got != "sip:+12025550191@example.com;user=phone" {
			t.Errorf("INVITE to %s", got)
		}
		h.forget()
	})
}

func TestRedirectIsFollowed(t *testing.T) {
	play(t, func(c *Config) { c.Redirect = follow }, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=far", okContact)
		h.respond(invite, 302, "tag=far", "Contact: <sip:1003@example.org>;q=0.1, <sip:1004@example.org?Subject=x>;q=0.9")
		again := h.wantSent("the best first", "ACK", "INVITE")[1].(*sip.Request)
		if got := again.Recipient.String(); got != "sip:1004@example.org" {
			t.Errorf("INVITE to %s", got)
		}
		if *again.CallID() != *invite.CallID() || again.From().Value() != invite.From().Value() ||
			again.To().Value() != invite.To().Value() ||
			again.CSeq().SeqNo != 2 || again.Via().Value() == invite.Via().Value() {
			t.Errorf("not the same call:\n%s\n%s", invite, again)
		}
		h.respond(again, 200, "tag=new", okContact, sdp("new"))
		h.wantSent("answered there", "ACK")
		h.wantEvent("one call", "preparing", "calling", "ringing", "connecting", "established")
		if !call.Info().Answered.After(call.Info().Started) && call.Info().State != CallEstablished {
			t.Error("not established")
		}
	})
}

func TestRedirectAfterEarlyMedia(t *testing.T) {
	play(t, func(c *Config) { c.Redirect = follow }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=far", okContact, sdp("early"))
		h.respond(invite, 302, "tag=far", "Contact: <sip:1003@example.org>")
		again := h.wantSent("with a new offer", "ACK", "INVITE")[1].(*sip.Request)
		if string(again.Body()) == string(invite.Body()) {
			t.Error("the offer was answered already")
		}
		if !h.media.sessions[0].closed() || h.media.sessions[1].closed() {
			t.Error("the audio of the early dialog goes, the new one stays")
		}
		h.forget()
	})
}

func TestRedirectRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		target  string
		code    int
		contact string
		policy  func([]Address) (Address, bool)
	}{
		"back to where it came from": {"1002", 302, "<sip:1002@example.com>", follow},
		"from sips to sip":           {"sips:1002@example.com", 302, "<sip:1003@example.com>", follow},
		"not a SIP address":          {"1002", 302, "<mailto:1003@example.com>", follow},
		"use proxy":                  {"1002", 305, "<sip:proxy.example.com>", follow},
		"alternative service":        {"1002", 380, "<sip:1003@example.com>", follow},
		"the application says no": {"1002", 302, "<sip:1003@example.com>", func([]Address) (Address, bool) {
			return Address{}, false
		}},
		"the application makes up": {"1002", 302, "<sip:1003@example.com>", func([]Address) (Address, bool) {
			return Address{URI: "sip:x@y"}, true
		}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				if _, err := h.agent.Invite(h.t.Context(), tt.target, InviteOptions{Redirect: tt.policy}); err != nil {
					t.Fatal(err)
				}
				h.respond(h.wantRequest("calling", sip.INVITE), tt.code, "Contact: "+tt.contact)
				h.wantSent("not followed", "ACK")
				h.wantEvent("ended", "preparing", "calling", "ended other")
			})
		})
	}
}

func TestRedirectPanicIsANo(t *testing.T) {
	play(t, func(c *Config) { c.Redirect = func([]Address) (Address, bool) { panic("made up by the test") } }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 302, "Contact: <sip:1003@example.com>")
		h.wantSent("not followed", "ACK")
		h.wantEvent("ended", "preparing", "calling", "fault", "ended other")
	})
}

func TestRedirectsEnd(t *testing.T) {
	play(t, func(c *Config) { c.Redirect = follow }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		for i := range maxRedirects {
			h.respond(invite, 302, fmt.Sprintf("Contact: <sip:next%d@example.com>", i))
			invite = h.wantSent("followed", "ACK", "INVITE")[1].(*sip.Request)
		}
		h.respond(invite, 302, "Contact: <sip:last@example.com>")
		h.wantSent("five are enough", "ACK")
		h.wantEvent("ended", "preparing", "calling", "ended other")
	})
}

func TestHangupWhileTheApplicationThinks(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		gate := make(chan struct{})
		call, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{Redirect: func(to []Address) (Address, bool) {
			<-gate
			return to[0], true
		}})
		if err != nil {
			t.Fatal(err)
		}
		h.respond(h.wantRequest("calling", sip.INVITE), 302, "Contact: <sip:1003@example.com>")
		h.wantSent("the application is asked", "ACK")
		call.Hangup(h.t.Context())
		h.wantEvent("nothing to cancel", "preparing", "calling", "ending", "ended cancelled")
		close(gate)
		h.wantIdle("the answer comes too late")
	})
}
