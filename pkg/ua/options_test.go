package ua

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func TestOptionsTellsWhatTheOtherSideCan(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		var can Capabilities
		outcome := h.async(func() (err error) { can, err = h.agent.Capabilities(h.t.Context(), "1002"); return err })
		req := h.wantRequest("asked", sip.OPTIONS)
		if req.Contact() == nil || req.GetHeader("Accept") == nil || req.GetHeader("Allow") == nil ||
			req.GetHeader("Supported") == nil {
			t.Error("we do not say what we can ourselves")
		}
		h.respond(req, 200, "Allow: INVITE, ACK", "Allow: BYE", "Accept: application/sdp;q=0.5, Text/Plain", "Supported: timer",
			"Allow-Events: dialog", "Accept-Language: en;q=0.8, de", "Server: demo/1")
		want := Capabilities{200, []string{"INVITE", "ACK", "BYE"}, []string{"application/sdp", "text/plain"}, []string{"timer"},
			[]string{"dialog"}, []string{"en", "de"}, "demo/1"}
		if err := outcome(); err != nil || !reflect.DeepEqual(can, want) {
			t.Errorf("%+v, %v", can, err)
		}
	})
}

func TestOptionsInADialog(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		var can Capabilities
		outcome := h.async(func() (err error) { can, err = call.Capabilities(h.t.Context()); return err })
		req := h.wantRequest("asked", sip.OPTIONS)
		if tagOf(req.To().Params) != "far" || req.Recipient.Host != "192.0.2.9" {
			t.Error("not in the dialog")
		}
		h.respond(req, 486)
		if err := outcome(); err != nil || can.Code != 486 {
			t.Errorf("%+v, %v", can, err)
		}
		p.send("OPTIONS")
		res := h.wantResponse("asked by the other side", "200 OPTIONS")
		for _, name := range []string{"Allow", "Accept", "Accept-Encoding", "Accept-Language", "Supported", "Allow-Events",
			"Contact"} {
			if res.GetHeader(name) == nil {
				t.Errorf("no %s (RFC 3261 section 11.2)", name)
			}
		}
		if events := res.GetHeader("Allow-Events").Value(); !strings.Contains(events, "dialog") ||
			!strings.Contains(events, "presence") {
			t.Errorf("Allow-Events: %s", events)
		}
	})
}

func TestOptionsOfABusyPhone(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		for range maxRinging {
			h.ringIn()
		}
		h.caller("options").send("OPTIONS")
		h.wantResponse("as an INVITE would be answered (RFC 3261 section 11.2)", "486 OPTIONS")
	})
}

func TestOptionsOfACallThatRings(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn()
		if _, err := call.Capabilities(h.t.Context()); !errors.Is(err, ErrState) {
			t.Errorf("%v", err)
		}
	})
}
