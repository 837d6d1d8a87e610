package ua

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// watchSelf subscribes to what the registrar knows of our own address, and returns its end and a document that ends our binding.
func (h *harness) watchSelf() (*notifier, func(event, more string) string) {
	h.t.Helper()
	done := h.async(func() error {
		_, err := h.agent.Subscribe(h.t.Context(), "1001", SubscribeOptions{Event: "reg"})
		return err
	})
	req := h.wantRequest("asked", sip.SUBSCRIBE)
	h.respond(req, 200, "tag=far", "Expires: 3600", okContact)
	h.wantErr("subscribed", done(), nil)
	p := h.notifier(req, "far")
	p.notify("active;expires=3600")
	h.forget()
	ours := look(h, func(c *core) string { return "sip:" + c.local.user + "@" + c.flows[0].host + ";transport=ws" })
	version := 0
	return p, func(event, more string) string {
		version++
		return fmt.Sprintf(`body=<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="%d" state="full"><registration `+
			`aor="sip:1001@example.com" id="a" state="active">`+
			`<contact id="x%d" state="active" event="registered"><uri>sip:other@192.0.2.7</uri></contact>`+
			`<contact id="b%d" state="terminated" event="%s"%s><uri>%s</uri></contact></registration></reginfo>`, version,
			version, version, event, more, ours)
	}
}

const regType = "Content-Type: application/reginfo+xml"

func TestEndOfTheBindingIsNoticed(t *testing.T) {
	for event, c := range map[string]struct {
		more  string
		after time.Duration // until the next REGISTER; negative: never
	}{
		"deactivated":  {"", 0},
		"unregistered": {"", 0},
		"probation":    {` retry-after="30"`, 30 * time.Second},
		"rejected":     {"", -1},
	} {
		t.Run(event, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, news := h.watchSelf()
				h.advance(2 * time.Minute)
				h.forget()
				p.notify("active;expires=3000", regType, news(event, c.more))
				h.collect()
				if got := label(h.sent[0]); got != "200 NOTIFY" {
					t.Fatalf("sent %s", got)
				}
				h.sent = h.sent[1:]
				if !slices.ContainsFunc(h.seen, func(ev Event) bool {
					told, ok := ev.(RegistrationEvent)
					return ok && told.State != Registered && told.Cause.Reason == event && told.Cause.Explanation != ""
				}) {
					t.Errorf("%v: want the user to be told why", h.seen)
				}
				if c.after > 0 {
					h.wantSent("not before its time")
					h.advance(c.after)
				}
				if c.after < 0 {
					h.advance(5 * time.Minute)
					h.wantSent("a registrar that rejects wants no other registration")
					h.forget()
					return
				}
				h.grant(h.wantRequest("registered anew", sip.REGISTER), 600)
				if st := h.agent.State().Registration.State; st != Registered {
					t.Errorf("registration %v", st)
				}
				h.forget()
			})
		})
	}
}

func TestRegistrarThatAlwaysDeactivatesIsNotStormed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, news := h.watchSelf()
		registers := 0
		for range 60 {
			if st := h.agent.State().Registration.State; st == Registered {
				p.notify("active;expires=3000", regType, news("deactivated", ""))
			}
			h.collect()
			for _, m := range h.sent {
				if req, ok := m.(*sip.Request); ok && req.Method == sip.REGISTER {
					registers++
					h.grant(req, 600)
				}
			}
			h.sent = nil
			h.advance(time.Second)
		}
		if registers < 3 || registers > 10 {
			t.Errorf("%d registrations in a minute, want a few that wait longer and longer", registers)
		}
		h.forget()
	})
}

func TestEndOfAnotherBindingIsNoNews(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, news := h.watchSelf()
		doc := news("rejected", "")
		p.notify("active;expires=3000", regType, doc[:strings.Index(doc, "<contact id=\"b")]+
			`<contact id="c" state="terminated" `+
			`event="rejected"><uri>sip:stranger@192.0.2.8</uri></contact></registration></reginfo>`)
		h.wantSent("taken", "200 NOTIFY")
		if st := h.agent.State().Registration.State; st != Registered {
			t.Errorf("registration %v", st)
		}
		h.forget()
	})
}
