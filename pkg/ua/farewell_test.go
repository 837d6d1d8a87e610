package ua

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// farewellRequest reads one message of a farewell.
func farewellRequest(t *testing.T, data []byte) *wire.Request {
	t.Helper()
	m, err := wire.Parse(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return m.(*wire.Request)
}

// theFarewell is that of a user agent with one connection.
func (h *harness) theFarewell() Farewell {
	h.t.Helper()
	list, err := h.agent.Farewell()
	if err != nil || len(list) != 1 {
		h.t.Fatalf("%d farewells, %v, want that to the one server", len(list), err)
	}
	return list[0]
}

// TestFarewellEndsWhatAClosedPageLeaves: the BYE fits into the dialog as its next request would, and comes neither before one
// that was sent nor after one of a restored user agent.
func TestFarewellEndsWhatAClosedPageLeaves(t *testing.T) {
	for name, talk := range map[string]func(h *harness) (*peer, *Call){"outgoing": (*harness).talkOut,
		"incoming": (*harness).talkIn} {
		t.Run(name, func(t *testing.T) {
			play(t, func(c *Config) { c.StateKey = stateKey }, func(h *harness) {
				h.start()
				p, _ := talk(h)
				h.forget()
				last := look(h, func(c *core) uint32 { return c.sessions[0].dlg.localSeq })
				bye := h.theFarewell()
				if bye.Server != "wss://a.example/ws" || len(bye.Calls) != 1 {
					t.Fatalf("%d calls to %q", len(bye.Calls), bye.Server)
				}
				req := farewellRequest(t, bye.Calls[0])
				if req.Method != sip.BYE || req.CallID().Value() != p.callID || req.ToTag != "far" ||
					req.CSeq().SeqNo <= last || req.CSeq().SeqNo >= last+seqGap {
					t.Errorf("after CSeq %d:\n%s", last, bye.Calls[0])
				}
				if !strings.Contains(string(bye.Calls[0]), "Reason: Q.850;cause=16;") {
					t.Errorf("it gives no reason:\n%s", bye.Calls[0])
				}
				if len(h.sent) != 0 || len(h.agent.State().Calls) != 1 {
					t.Error("asking for it has done something")
				}
				h.finishCalls()
			})
		})
	}
}

func TestFarewellTakesTheBindingAway(t *testing.T) {
	play(t, nil, func(h *harness) {
		if list, err := h.agent.Farewell(); err != nil || len(list) != 0 {
			t.Errorf("before Run: %d, %v", len(list), err)
		}
		h.begin()
		first := h.wantRequest("registers", sip.REGISTER)
		h.grant(first, 600)
		bye := h.theFarewell()
		if len(bye.Calls) != 0 {
			t.Errorf("%d calls", len(bye.Calls))
		}
		req := farewellRequest(t, bye.Binding)
		contact := req.GetHeader("Contact").Value()
		uri, _, _ := strings.Cut(first.GetHeader("Contact").Value(), ";+")
		if req.Method != sip.REGISTER || req.CallID().Value() != first.CallID().Value() ||
			req.CSeq().SeqNo <= first.CSeq().SeqNo || !strings.HasPrefix(contact, uri) ||
			!strings.HasSuffix(contact, ";expires=0") {
			t.Errorf("it does not remove %s:\n%s", uri, bye.Binding)
		}
		if got := look(h, func(c *core) uint32 { return c.head.seq }); got != first.CSeq().SeqNo {
			t.Errorf("the number of the registration went on to %d by itself", got)
		}
	})
}

// TestFarewellAnswersTheChallengeThatIsKnown: whoever says it has no password.
func TestFarewellAnswersTheChallengeThatIsKnown(t *testing.T) {
	play(t, func(c *Config) { c.Account.Password = "verysecret" }, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("registers", sip.REGISTER), 401, `WWW-Authenticate: Digest realm="example.com", nonce="n1", qop="auth"`)
		again := h.wantRequest("with credentials", sip.REGISTER)
		h.grant(again, 600)
		for range 2 { // the second is no further than the first
			text := string(h.theFarewell().Binding)
			if !strings.Contains(text, "nc=00000002") || !strings.Contains(text, `uri="sip:example.com"`) ||
				strings.Contains(text, "verysecret") {
				t.Errorf("credentials:\n%s", text)
			}
		}
	})
}
