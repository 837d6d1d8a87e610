package ua

import (
	"cmp"
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

// TestReferToATelephoneNumber: a number is followed as an address is, over our own domain, and the user reads the number.
func TestReferToATelephoneNumber(t *testing.T) {
	const phone = "@example.com;user=phone"
	const replaces = "?Replaces=a%40b%3Bto-tag%3Dx%3Bfrom-tag%3Dy"
	const local = ";phone-context=example.com"
	for to, want := range map[string]struct{ invite, asked, refused string }{
		"<tel:+49305550101>":                            {"sip:+49305550101" + phone, "+49305550101", ""},
		"tel:+49305550101":                              {"sip:+49305550101" + phone, "+49305550101", ""},
		"<TEL:+1-202-555-0191>":                         {"sip:+12025550191" + phone, "+12025550191", ""},
		"<tel:+49 (0)30 555 0101>":                      {"sip:+49305550101" + phone, "+49305550101", ""},
		"<tel:%2B49305550101>":                          {"sip:+49305550101" + phone, "+49305550101", ""},
		"tel:112":                                       {"sip:112" + phone, "112", ""},
		`"Sales" <tel:+49305550101>;x=y`:                {"sip:+49305550101" + phone, "+49305550101", ""},
		"<tel:+12025550191;cpc=ordinary>":               {"sip:+12025550191;cpc=ordinary" + phone, "+12025550191", ""},
		"<tel:+1202;npdi;rn=+1203>":                     {"sip:+1202;npdi;rn=+1203" + phone, "+1202", ""},
		"<tel:+49305550101;ext=12>":                     {"sip:+49305550101;ext=12" + phone, "+49305550101", ""},
		"<tel:0101;phone-context=+4930555>":             {"sip:0101;phone-context=+4930555" + phone, "0101", ""},
		"<tel:*97" + local + ">":                        {"sip:*97" + local + phone, "*97", ""},
		"tel:0101;phone-context=+4930555":               {"sip:0101;phone-context=+4930555" + phone, "0101", ""},
		"tel:0101" + local + ";x=y;npdi":                {"sip:0101" + local + ";npdi" + phone, "0101", ""},
		"<tel:+49305550101" + replaces + ">":            {"sip:+49305550101" + phone, "+49305550101", ""},
		"<tel:0101" + local + replaces + "&Subject=no>": {"sip:0101" + local + phone, "0101", ""},
		"<mailto:a@example.org>":                        {"", "", "416"},
		"<tel:>":                                        {"", "", "400"},
		"<tel:x@y>":                                     {"", "", "400"},
		"<tel:+>":                                       {"", "", "400"},
		"<tel:+49305550101?Replaces=x>":                 {"", "", "400"},
		"<tel:+49305550101>, <tel:112>":                 {"", "", "400"},
	} {
		t.Run(to, func(t *testing.T) {
			var asked ReferRequest
			policy := func(_ context.Context, r ReferRequest) bool { asked = r; return true }
			referTo(t, to, policy, func(h *harness) {
				if want.refused != "" {
					h.wantSent("not to be called", want.refused+" REFER")
					return
				}
				invite := h.wantSent("followed", "202 REFER", "NOTIFY", "INVITE")[2].(*sip.Request)
				if got := invite.Recipient.String(); got != want.invite {
					t.Errorf("INVITE to %s, want %s", got, want.invite)
				}
				attended := strings.Contains(to, "Replaces")
				if asked.Target.User != want.asked || asked.Attended != attended {
					t.Errorf("the user is asked about %+v", asked)
				}
				if (header(invite, "Replaces") == "a@b;to-tag=x;from-tag=y") != attended || header(invite, "Subject") != "" {
					t.Errorf("headers of the INVITE: %s", invite)
				}
			})
			refused := func(context.Context, ReferRequest) bool { return false }
			for _, policy := range []func(context.Context, ReferRequest) bool{nil, refused} {
				referTo(t, to, policy, func(h *harness) {
					h.wantSent("not without consent", cmp.Or(want.refused, "603")+" REFER")
				})
			}
		})
	}
}

// referTo lets the other side of a call send us to somebody.
func referTo(t *testing.T, to string, policy func(context.Context, ReferRequest) bool, then func(h *harness)) {
	play(t, func(c *Config) { c.AcceptRefer = policy }, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("REFER", "Refer-To: "+to)
		then(h)
		h.forget()
	})
}

// TestReferAsksAboutWhatIsCalled: the number in a context is not the number of the own domain, however alike they look.
func TestReferAsksAboutWhatIsCalled(t *testing.T) {
	for _, target := range []string{
		"sip:555;phone-context=+1900@example.com", "sip:1003@example.com;user=phone", "sip:%2B1@example.com",
	} {
		var asked ReferRequest
		policy := func(_ context.Context, r ReferRequest) bool { asked = r; return true }
		referTo(t, "<"+target+">", policy, func(h *harness) {
			invite := h.wantSent("followed", "202 REFER", "NOTIFY", "INVITE")[2].(*sip.Request)
			if got := invite.Recipient.String(); asked.Target.URI != got {
				t.Errorf("%s: asked about %+v, calls %s", target, asked.Target, got)
			}
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
