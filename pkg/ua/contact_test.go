package ua

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestContactIsTheAccount(t *testing.T) {
	for aor, user := range map[string]string{
		"sip:1001@example.com":             "1001",
		"sip:anna.b@example.com":           "anna.b",
		"sip:+12025550191@example.com":     "+12025550191",
		"sip:m%C3%BCller@example.com":      "m%C3%BCller",
		"sip:with space@example.com":       "with%20space",
		"sip:1001;ext=5@example.com;a=b":   "1001;ext=5",
		"sips:front-desk@example.com:5061": "front-desk",
	} {
		t.Run(aor, func(t *testing.T) {
			play(t, func(c *Config) { c.Account.AOR = aor; c.Account.CLI = "2002" }, func(h *harness) {
				h.begin()
				req := h.wantRequest("registers", sip.REGISTER)
				host := look(h, func(c *core) string { return c.flows[0].host })
				if got, want := header(req, "Contact"),
					"<sip:"+user+"@"+host+";transport=ws>;+sip.instance="; !strings.HasPrefix(got, want) {
					t.Errorf("Contact %s, want %s", got, want)
				}
				h.grant(req, 600)
				if st := h.agent.State().Registration.State; st != Registered {
					t.Errorf("registration %v: the own binding is not found", st)
				}
				h.forget()
				h.dialTo("1002")
				invite := h.wantRequest("calls", sip.INVITE)
				if got, want := header(invite, "Contact"), "<sip:"+user+"@"+host+";transport=ws>"; got != want {
					t.Errorf("Contact %s, want %s", got, want)
				}
				h.forget()
			})
		})
	}
}

// Two devices of one account have the same user part. One binding that the registrar lists is not that of the other, and the end
// of one is not the end of the other.
func TestBindingOfAnotherDeviceOfTheAccount(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		req := h.wantRequest("registers", sip.REGISTER)
		own, _, _ := strings.Cut(header(req, "Contact"), ";expires=")
		other := `Contact: <sip:1001@k3x9m2p5q7w1.invalid;transport=ws>;+sip.instance="<urn:uuid:other>";expires=3000`
		h.respond(req, 200, other, "Contact: "+own+";expires=100")
		h.wantEvent("registered", "connecting", "connected", "registering", "registered")
		if left := time.Until(h.agent.State().Registration.Expires); left != 100*time.Second {
			t.Errorf("expires in %v, want 100 s: ours, not the other's", left)
		}
		h.forget()
		h.advance(76 * time.Second)
		again := h.wantRequest("refreshed in the time of ours", sip.REGISTER)
		h.grant(again, 600)
		p, news := h.watchSelf()
		doc := news("rejected", "")
		doc = strings.ReplaceAll(doc, look(h, func(c *core) string { return c.flows[0].host }), "k3x9m2p5q7w1.invalid")
		p.notify("active;expires=3000", regType, doc)
		h.wantSent("taken", "200 NOTIFY")
		if st := h.agent.State().Registration.State; st != Registered {
			t.Errorf("registration %v after the end of another device's binding", st)
		}
		h.forget()
	})
}

// TestAnonymousCallNeverNamesUs looks at everything that leaves in an anonymous call.
func TestAnonymousCallNeverNamesUs(t *testing.T) {
	play(t, func(c *Config) { c.AcceptRefer = func(context.Context, ReferRequest) bool { return true } }, func(h *harness) {
		h.start()
		call, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{Privacy: true})
		if err != nil {
			t.Fatal(err)
		}
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		p := h.called(invite, "far")
		h.async(func() error { _, err := call.Capabilities(h.t.Context()); return err })
		h.async(func() error { return call.SendInfoDTMF(h.t.Context(), "5") })
		h.async(func() error { return call.Transfer(h.t.Context(), "1009") })
		p.send("OPTIONS")
		p.send("UPDATE")
		p.send("INVITE", sdp("again"))
		p.send("REFER", referTo1003)
		h.collect()
		var calls int
		for _, m := range h.sent {
			text := m.String()
			if req, ok := m.(*sip.Request); ok && req.Method == sip.INVITE {
				calls++
				wantHeader(t, req, "Privacy", "id") // the call we were sent to is as anonymous as the one before
				text = strings.Replace(text, "P-Preferred-Identity: <sip:1001@example.com>", "", 1)
			}
			if strings.Contains(text, "1001") || strings.Contains(text, "Demo") {
				t.Errorf("%s names us:\n%s", label(m), text)
			}
		}
		if len(h.sent) < 8 || calls != 1 {
			t.Errorf("%d messages and %d calls looked at", len(h.sent), calls)
		}
		h.forget()
	})
}

// A call that cannot be reached after a reload is made anew, as anonymous as it was.
func TestAnonymousCallStaysSoAfterAReload(t *testing.T) {
	reload(t, func(h *harness) *peer {
		if _, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{Privacy: true}); err != nil {
			t.Fatal(err)
		}
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.forget()
		return h.called(invite, "far")
	}, func(h *harness, _ *peer) {
		h.begin()
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repaired", sip.INVITE), 481)
		invite := h.wantSent("called anew", "ACK", "INVITE")[1].(*sip.Request)
		wantHeader(t, invite, "Privacy", "id")
		if text := strings.Replace(invite.String(), "P-Preferred-Identity: <sip:1001@example.com>", "", 1); strings.Contains(text,
			"1001") {
			t.Errorf("names us:\n%s", text)
		}
		h.forget()
	})
}
