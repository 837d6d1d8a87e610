package ua

import (
	"context"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

const referTo1003 = "Refer-To: <sip:1003@example.com>"

// referred lets the peer send us to 1003 and returns the new INVITE.
func (h *harness) referred(p *peer, extra ...string) *sip.Request {
	h.t.Helper()
	p.send("REFER", append(extra, referTo1003, "Referred-By: <sip:1002@example.com>")...)
	msgs := h.wantSent("accepted, told, followed", "202 REFER", "NOTIFY", "INVITE")
	wantNews(h.t, msgs[1], "active;expires=212", "SIP/2.0 100 Trying\r\n")
	h.wantEvent("a new call", "preparing", "refer", "calling")
	return msgs[2].(*sip.Request)
}

func wantNews(t *testing.T, m sip.Message, state, body string) {
	t.Helper()
	wantHeader(t, m, "Subscription-State", state)
	wantHeader(t, m, "Content-Type", "message/sipfrag;version=2.0")
	if string(m.Body()) != body {
		t.Fatalf("NOTIFY with %q, want %q", m.Body(), body)
	}
}

func TestReferIsFollowed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		invite := h.referred(p)
		if got := invite.Recipient.String(); got != "sip:1003@example.com" {
			t.Errorf("INVITE to %s", got)
		}
		wantHeader(t, invite, "Referred-By", "<sip:1002@example.com>")
		h.respond(invite, 180, "tag=new", okContact)
		h.respond(invite, 180, "tag=new", okContact)
		wantNews(t, h.wantRequest("once", sip.NOTIFY), "active;expires=212", "SIP/2.0 180 Ringing\r\n")
		h.respond(invite, 200, "tag=new", okContact, sdp("new"))
		msgs := h.wantSent("answered", "ACK", "NOTIFY")
		wantHeader(t, msgs[1], "Event", "refer")
		wantNews(t, msgs[1], "terminated;reason=noresource", "SIP/2.0 200 OK\r\n")
		h.wantEvent("talking", "ringing", "connecting", "established")
		p.send("BYE")
		h.wantSent("the old call is ended by who sent us", "200 BYE")
		h.wantEvent("over", "ended hung up there")
	})
}

func TestReferToATelephoneNumber(t *testing.T) {
	for to, want := range map[string]string{
		"<tel:+1-202-555-0191>":           "sip:+12025550191@example.com;user=phone",
		"tel:112":                         "sip:112@example.com;user=phone",
		"<tel:+12025550191;cpc=ordinary>": "sip:+12025550191;cpc=ordinary@example.com;user=phone",
		"<mailto:a@example.org>":          "",
		"<tel:>":                          "",
		"<tel:x@y>":                       "",
	} {
		var asked Address
		play(t, func(c *Config) {
			c.AcceptRefer = func(_ context.Context, r ReferRequest) bool { asked = r.Target; return true }
		}, func(h *harness) {
			h.start()
			p, _ := h.talkIn()
			p.send("REFER", "Refer-To: "+to)
			h.collect()
			last := h.sent[len(h.sent)-1]
			if invite, ok := last.(*sip.Request); ok != (want != "") || ok && invite.Recipient.String() != want {
				t.Errorf("%s: %s", to, label(last))
			}
			if want != "" && (len(asked.User) < 3 || strings.ContainsAny(asked.User, ":;-")) {
				t.Errorf("%s: the user is asked about %+v", to, asked)
			}
			h.forget()
		})
	}
}

func TestReferTargetIsBusy(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		h.respond(h.referred(p), 486)
		wantNews(t, h.wantSent("refused", "ACK", "NOTIFY")[1], "terminated;reason=noresource", "SIP/2.0 486 Busy Here\r\n")
		h.wantEvent("only the new call ends", "ended busy")
		if call.Info().State != CallEstablished {
			t.Errorf("the first call is %v", call.Info().State)
		}
		p.send("REFER", referTo1003)
		msgs := h.wantSent("another try", "202 REFER", "NOTIFY", "INVITE")
		if got := header(msgs[1], "Event"); !strings.HasPrefix(got, "refer;id=") {
			t.Errorf("Event of the second subscription is %q", got)
		}
		h.forget()
	})
}

func TestReferredCallOutlivesTheFirst(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		invite := h.referred(p)
		p.send("BYE")
		h.wantSent("who sent us leaves at once", "200 BYE")
		h.respond(invite, 200, "tag=new", okContact, sdp("new"))
		notify := h.wantSent("the subscription lives on", "ACK", "NOTIFY")[1].(*sip.Request)
		h.respond(notify, 481)
		h.wantEvent("told", "ended hung up there", "connecting", "established")
	})
}

func TestReferredCallIsHungUp(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("REFER", referTo1003)
		msgs := h.wantSent("followed", "202 REFER", "NOTIFY", "INVITE")
		h.respond(msgs[1].(*sip.Request), 200)
		invite := msgs[2].(*sip.Request)
		events := h.wantEvent("a new call", "preparing", "refer", "calling")
		h.respond(invite, 100)
		events[1].(ReferEvent).New.Hangup(h.t.Context())
		h.wantSent("given up", "CANCEL")
		h.respond(invite, 487, "tag=new")
		wantNews(t, h.wantSent("told", "ACK", "NOTIFY")[1], "terminated;reason=noresource", "SIP/2.0 487 Request Terminated\r\n")
		h.forget()
	})
}

func TestReferWithReplaces(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("REFER", "Refer-To: <sip:1003@example.com?Replaces=a%40b%3Bto-tag%3Dx%3Bfrom-tag%3Dy&Subject=no>")
		invite := h.wantSent("followed", "202 REFER", "NOTIFY", "INVITE")[2]
		wantHeader(t, invite, "Replaces", "a@b;to-tag=x;from-tag=y")
		wantHeader(t, invite, "Subject", "")
		wantHeader(t, invite, "Referred-By", "")
		h.forget()
	})
}

func TestReferWithoutSubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("REFER", referTo1003, "Refer-Sub: false", "Require: norefersub")
		msgs := h.wantSent("nobody wants to know", "202 REFER", "INVITE")
		wantHeader(t, msgs[0], "Refer-Sub", "false")
		h.respond(msgs[1].(*sip.Request), 486)
		h.wantSent("no NOTIFY", "ACK")
		h.forget()
	})
}

func TestReferRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		policy  func(context.Context, ReferRequest) bool
		want    string
	}{
		"no target":        {nil, agree, "400 REFER"},
		"two targets":      {[]string{referTo1003, referTo1003}, agree, "400 REFER"},
		"another method":   {[]string{"Refer-To: <sip:1003@example.com;method=BYE>"}, agree, "403 REFER"},
		"another scheme":   {[]string{"Refer-To: <https://example.com/>"}, agree, "416 REFER"},
		"the application":  {[]string{referTo1003}, func(context.Context, ReferRequest) bool { return false }, "603 REFER"},
		"nobody to decide": {[]string{referTo1003}, nil, "603 REFER"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(c *Config) { c.AcceptRefer = tt.policy }, func(h *harness) {
				h.start()
				p, _ := h.talkIn()
				p.send("REFER", tt.headers...)
				h.wantSent(name, tt.want)
				h.wantEvent("nothing is told")
			})
		})
	}
}

func TestReferOutsideADialog(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.caller("stranger").send("REFER", referTo1003)
		h.wantSent("strangers do not dial here", "403 REFER")
	})
}

func TestReferIsAskedAbout(t *testing.T) {
	asked := make(chan ReferRequest, 1)
	policy := func(_ context.Context, r ReferRequest) bool { asked <- r; return true }
	play(t, func(c *Config) { c.AcceptRefer = policy }, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("REFER", `Refer-To: "Demo 1003" <sip:1003@example.com?Replaces=a%3Bto-tag%3Dx%3Bfrom-tag%3Dy>`,
			`Referred-By: "Demo 1002" <sip:1002@example.com>`)
		h.wantSent("followed", "202 REFER", "NOTIFY", "INVITE")
		r := <-asked
		if r.Call != call || !r.Attended || r.Target.URI != "sip:1003@example.com" || r.Target.DisplayName != "Demo 1003" ||
			r.ReferredBy.User != "1002" {
			t.Errorf("asked about %+v", r)
		}
		h.forget()
	})
}
