package ua

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

const serverA, serverB = "wss://a.example/ws", "wss://b.example/ws"

// twoFlows asks for a flow to each of two servers.
func twoFlows(c *Config) {
	c.Servers, c.Flows = []string{serverA, serverB}, 2
}

// startBoth registers over both flows, and looks at a.
func (h *harness) startBoth() {
	h.t.Helper()
	h.begin()
	for _, url := range []string{serverA, serverB} {
		h.at(url)
		h.grant(h.wantRequest("each flow registers", sip.REGISTER), 600)
		h.sent = nil
	}
	h.at(serverA)
	h.forget()
}

// cut ends the connection to the server that is looked at, and lets no new one come up.
func (h *harness) cut() {
	h.t.Helper()
	gone := h.here
	h.dialWith(func(_ context.Context, url string) error {
		if url == gone {
			return &transport.DialError{Kind: transport.DialUnreachable}
		}
		return nil
	})
	h.lose()
}

// wantFlowEvents checks that each flow told its way to being registered, and that the user was told once that we are.
func (h *harness) wantFlowEvents() {
	h.t.Helper()
	h.collect()
	told := map[int]string{}
	registered := 0
	for _, ev := range h.seen {
		switch ev := ev.(type) {
		case FlowEvent:
			told[ev.RegID] += fmt.Sprintf("%v %v, ", ev.Connection.State, ev.Registration.State)
		case RegistrationEvent:
			if ev.State == Registered {
				registered++
			}
		}
	}
	for id, way := range told {
		if way != "connecting unregistered, connected unregistered, connected registering, connected registered, " {
			h.t.Errorf("flow %d told %s", id, way)
		}
	}
	if len(told) != 2 || registered != 1 {
		h.t.Errorf("told of %d flows, and registered %d times", len(told), registered)
	}
	h.seen = nil
}

// withoutFlows keeps the events that tell of what the user sees, without those of single flows.
func (h *harness) withoutFlows() {
	h.collect()
	h.seen = slices.DeleteFunc(h.seen, func(ev Event) bool { _, ok := ev.(FlowEvent); return ok })
}

func TestTwoFlowsRegisterUnderTheirNumbers(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.begin()
		var contacts []wire.Contact
		var ids, seqs []string
		for _, url := range []string{serverA, serverB} {
			h.at(url)
			req := h.wantRequest("each flow registers", sip.REGISTER)
			contacts = append(contacts, h.readBack(req).Contacts...)
			ids, seqs = append(ids, req.CallID().Value()), append(seqs, req.CSeq().Value())
			h.grant(req, 600)
		}
		a, b := contacts[0], contacts[1]
		if a.RegID != 1 || b.RegID != 2 || a.Instance != b.Instance || a.URI.Host == b.URI.Host {
			t.Errorf("contacts %+v and %+v, want one instance, reg-id 1 and 2, and another host each (RFC 5626 section 4.2)",
				a, b)
		}
		if ids[0] != ids[1] || seqs[0] == seqs[1] {
			t.Errorf("Call-IDs %v, CSeq %v: want one Call-ID whose number counts on (RFC 3261 section 10.2)", ids, seqs)
		}
		h.wantFlowEvents()
		st := h.agent.State()
		if len(st.Flows) != 2 || st.Flows[1].RegID != 2 || st.Flows[1].Connection.Server != serverB ||
			st.Flows[1].Registration.State != Registered {
			t.Errorf("State %+v", st.Flows)
		}
		if st.Connection.Server != serverA {
			t.Errorf("leading server %s, want the first", st.Connection.Server)
		}
	})
}

func TestSameInviteOverBothFlowsIsOneCall(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		p, call := h.ringIn(sdp("in"))
		h.at(serverB)
		other := *p
		other.remote = "<sip:1001@example.com>"
		h.recv(other.text("INVITE", p.seq, sdp("in")))
		h.wantResponse("the other branch of the same INVITE (RFC 3261 section 8.2.2.2)", "482 INVITE")
		h.wantEvent("it rings once")
		h.at(serverA)
		if err := call.Accept(h.t.Context()); err != nil {
			t.Fatal(err)
		}
		h.wantSent("answered on the flow it came by", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("confirmed", "connecting", "established")
	})
}

func TestCallLivesOnTheFlowItCameBy(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		h.at(serverB)
		p := h.caller("second@example.com")
		p.send("INVITE", sdp("in"))
		msgs := h.wantSent("rings on the second flow", "100 INVITE", "180 INVITE")
		p.remote = msgs[1].To().Value()
		second := look(h, func(c *core) string { return c.flows[1].host })
		if got := msgs[1].(*sip.Response).Contact().Address.Host; got != second {
			t.Errorf("Contact %s, want that of the second flow, %s", got, second)
		}
		call := h.wantEvent("rings", "incoming")[0].(IncomingCallEvent).Call
		call.Accept(h.t.Context())
		h.wantSent("accepted", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.forget()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		req := h.wantRequest("held on the second flow", sip.INVITE)
		if req.Via().Host != second || req.Contact().Address.Host != second {
			t.Errorf("Via %s, Contact %s, want %s", req.Via().Host, req.Contact().Address.Host, second)
		}
		h.respond(req, 200, okContact, sdp("in", "a=recvonly"))
		h.wantErr("held", held(), nil)
		h.wantSent("ACK on the second flow", "ACK")
		p.send("BYE")
		h.wantSent("ended on the second flow", "200 BYE")
		h.at(serverA)
		h.wantSent("nothing of it on the first")
		h.forget()
	})
}

func TestCallMovesWhenItsFlowIsLost(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.media.restarts = true
		h.startBoth()
		p, call := h.talkOut()
		h.cut()
		h.withoutFlows()
		h.wantEvent("the second flow leads now, and the call is being repaired", "connected", "established busy")
		h.at(serverB)
		req := h.wantRequest("the call is repaired over the other flow, at once", sip.INVITE)
		second := look(h, func(c *core) string { return c.flows[1].host })
		if req.Via().Host != second || req.Contact().Address.Host != second || req.CallID().Value() != p.callID {
			t.Errorf("Via %s, Contact %s, want %s", req.Via().Host, req.Contact().Address.Host, second)
		}
		h.respond(req, 200, "tag=far", okContact, sdp("moved"))
		h.wantSent("confirmed", "ACK")
		h.wantEvent("repaired", "established")
		p.send("BYE")
		h.wantSent("the far end reaches us by the other flow", "200 BYE")
		if why := call.Info().Cause.Kind; why != CauseHangupRemote {
			t.Errorf("ended by %v", why)
		}
		h.forget()
	})
}

func TestNewCallsTakeTheFlowThatIsLeft(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		h.cut()
		h.at(serverB)
		h.dialTo("1002")
		h.wantRequest("called over the second flow", sip.INVITE)
		if st := h.agent.State(); st.Registration.State != Registered || st.Connection.Server != serverB {
			t.Errorf("%+v, want registered over the second server", st)
		}
		h.forget()
	})
}

func TestCallMovesToTheFlowThatComesBackFirst(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		_, call := h.talkOut()
		h.dialWith(func(context.Context, string) error { return &transport.DialError{Kind: transport.DialUnreachable} })
		h.at(serverB)
		h.lose()
		h.at(serverA)
		h.lose()
		h.advance(5 * time.Second)
		if info := call.Info(); info.State != CallEstablished {
			t.Fatalf("the call is %v, want it to wait for a flow", info.State)
		}
		h.forget()
		h.dialWith(func(_ context.Context, url string) error {
			if url == serverA {
				return &transport.DialError{Kind: transport.DialUnreachable}
			}
			return nil
		})
		h.advance(5 * time.Second)
		h.at(serverB)
		h.grant(h.wantRequest("the second server is back", sip.REGISTER), 600)
		req := h.wantRequest("the call, which was on the first, is repaired", sip.INVITE)
		h.respond(req, 200, "tag=far", okContact, sdp("back"))
		h.wantSent("confirmed", "ACK")
		h.forget()
	})
}

func TestSubscriptionMovesWhenItsFlowIsLost(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		subscribed := h.async(func() error {
			_, err := h.agent.Subscribe(h.t.Context(), "1002", SubscribeOptions{Event: "presence"})
			return err
		})
		h.respond(h.wantRequest("on the first flow", sip.SUBSCRIBE), 200, "tag=far", "Expires: 3600", okContact)
		h.wantErr("subscribed", subscribed(), nil)
		h.cut()
		h.at(serverB)
		h.respond(h.wantRequest("asked anew over the other flow", sip.SUBSCRIBE), 200, "tag=far", "Expires: 3600", okContact)
		h.forget()
	})
}

func TestPublicationUnderWayGoesOnOverTheOtherFlow(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		published := h.async(func() error {
			_, err := h.agent.Publish(h.t.Context(), PublishOptions{Body: []byte(open)})
			return err
		})
		h.respond(h.wantRequest("on the first flow", sip.PUBLISH), 200, "SIP-ETag: e1", "Expires: 600")
		h.wantErr("published", published(), nil)
		pub := look(h, func(c *core) *Publication { return c.pubs[0].handle })
		updated := h.async(func() error { return pub.Update(h.t.Context(), []byte(closed)) })
		h.wantRequest("an update on the first flow", sip.PUBLISH)
		h.cut()
		h.wantErr("nobody knows whether it arrived", updated(), ErrTransport)
		h.at(serverB)
		req := h.wantRequest("sent again over the other flow", sip.PUBLISH)
		if string(req.Body()) != closed || header(req, "SIP-If-Match") != "e1" {
			t.Errorf("body %q, SIP-If-Match %q", req.Body(), header(req, "SIP-If-Match"))
		}
		h.respond(req, 200, "SIP-ETag: e2", "Expires: 600")
		h.forget()
	})
}

func TestFlowsTurnToServersOfTheirOwn(t *testing.T) {
	play(t, func(c *Config) {
		twoFlows(c)
		c.Servers = append(c.Servers, "wss://c.example/ws")
	}, func(h *harness) {
		h.startBoth()
		h.cut()
		h.advance(2 * time.Second)
		h.at("wss://c.example/ws")
		req := h.wantRequest("the first flow turns to the server that the other does not use", sip.REGISTER)
		contacts := h.readBack(req).Contacts
		if contacts[0].RegID != 1 {
			t.Errorf("reg-id %d, want that of the flow it replaces (RFC 5626 section 4.2)", contacts[0].RegID)
		}
		if n := strings.Count(strings.Join(h.dials, " "), serverB); n != 1 {
			t.Errorf("dialled %v: the server of the other flow is taken", h.dials)
		}
		h.grant(req, 600)
		h.forget()
	})
}

func TestRegisterAndUnregisterBothFlows(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.startBoth()
		left := h.async(func() error { return h.agent.Unregister(h.t.Context()) })
		h.respond(h.wantRequest("the first binding is removed", sip.REGISTER), 200)
		h.wantErr("the second is not", left(), errStillWaiting)
		h.at(serverB)
		h.respond(h.wantRequest("the second is removed", sip.REGISTER), 200)
		h.collect()
		h.withoutFlows()
		if st := h.agent.State(); st.Registration.State != Unregistered {
			t.Errorf("registration %v", st.Registration.State)
		}
		h.forget()
		back := h.async(func() error { return h.agent.Register(h.t.Context()) })
		h.grant(h.wantRequest("registered on demand", sip.REGISTER), 600)
		h.wantErr("one flow is enough", back(), nil)
		h.forget()
	})
}

func TestOneRefusedFlowLeavesTheOther(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.begin()
		asked := h.async(func() error { return h.agent.Register(h.t.Context()) })
		h.at(serverA)
		h.respond(h.wantRequest("first", sip.REGISTER), 403)
		h.wantErr("the other may still succeed", asked(), errStillWaiting)
		h.at(serverB)
		h.grant(h.wantRequest("second", sip.REGISTER), 600)
		if st := h.agent.State(); st.Registration.State != Registered || st.Connection.Server != serverB {
			t.Errorf("%+v, want registered over the second server", st)
		}
		h.forget()
		again := h.async(func() error { return h.agent.Register(h.t.Context()) })
		h.respond(h.wantRequest("a refresh of the second", sip.REGISTER), 403)
		h.at(serverA)
		h.respond(h.wantRequest("the first once more", sip.REGISTER), 403)
		var refused *ResponseError
		if err := again(); !errors.As(err, &refused) || refused.Code != 403 {
			t.Errorf("error %v, want the refusal of both", err)
		}
		h.forget()
	})
}

func TestNoncesAreThoseOfEachServer(t *testing.T) {
	play(t, twoFlows, func(h *harness) {
		h.begin()
		for _, url := range []string{serverA, serverB} {
			h.at(url)
			h.respond(h.wantRequest("challenged", sip.REGISTER), 401, challenge("nonce-of-"+url[6:7]))
			req := h.wantRequest("answered", sip.REGISTER)
			if got := header(req, "Authorization"); !strings.Contains(got, "nonce-of-"+url[6:7]) {
				t.Errorf("Authorization %s at %s", got, url)
			}
			h.grant(req, 600)
		}
		h.at(serverA)
		h.forget()
		again := h.async(func() error { return h.agent.Register(h.t.Context()) })
		req := h.wantRequest("refreshed", sip.REGISTER)
		if got := header(req, "Authorization"); !strings.Contains(got, "nonce-of-a") || !strings.Contains(got, "nc=00000002") {
			t.Errorf("Authorization %s, want the second use of the nonce of this server", got)
		}
		h.grant(req, 600)
		h.wantErr("registered", again(), nil)
		h.forget()
	})
}

func TestFlowsNeedServers(t *testing.T) {
	for _, cfg := range []Config{{Servers: []string{serverA}, Flows: 2}, {Servers: []string{serverA, serverB, "wss://c"},
		Flows: 3}, {Servers: []string{serverA}, Flows: -1}} {
		cfg.Account.AOR, cfg.MediaEngine = "sip:1001@example.com", &fakeEngine{}
		if _, err := New(cfg); !errors.Is(err, ErrBadConfig) {
			t.Errorf("%d flows to %d servers: %v", cfg.Flows, len(cfg.Servers), err)
		}
	}
}

func TestFlowsAreTheSameAfterAReload(t *testing.T) {
	var state []byte
	var hosts []string
	both := func(c *Config) { twoFlows(c); c.StateKey = stateKey }
	hostsOf := func(c *core) []string { return []string{c.flows[0].host, c.flows[1].host} }
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, both)
		h.startBoth()
		h.at(serverB)
		h.recv(h.caller("before@example.com").text("INVITE", 1, sdp("in")))
		call := h.agent.Call(h.agent.State().Calls[0].ID)
		call.Accept(h.t.Context())
		h.recv(h.replyTo("before@example.com"))
		hosts = look(h, hostsOf)
		var err error
		if state, err = h.agent.Export(); err != nil {
			t.Fatal(err)
		}
		h.finish()
	})
	play(t, func(c *Config) { both(c); c.Restore, c.Rand = state, newSeeded(2) }, func(h *harness) {
		if got := look(h, hostsOf); !slices.Equal(got, hosts) {
			t.Errorf("hosts %v, want those before, %v: the bindings are the same", got, hosts)
		}
		if id := look(h, func(c *core) int { return c.sessions[0].flow.id }); id != 2 {
			t.Errorf("the call is on flow %d, want the one it came by", id)
		}
		h.begin()
		h.at(serverB)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("the call is repaired", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("confirmed", "ACK")
		h.forget()
	})
}

// replyTo makes the ACK of the far end of a call that came in, to the 200 that was sent last.
func (h *harness) replyTo(callID string) string {
	h.t.Helper()
	h.collect()
	p := h.caller(callID)
	p.remote = h.sent[len(h.sent)-1].(*sip.Response).To().Value()
	return p.text("ACK", 1)
}

// A question lives as long as the flow of its request, which may be another one than that of the call it is about.
func TestQuestionLivesOnTheFlowOfItsRequest(t *testing.T) {
	d := &doubt{}
	for _, lost := range []string{serverA, serverB} {
		for _, end := range []string{"yes", "no", "CANCEL", "too late"} {
			t.Run(lost+" "+end, func(t *testing.T) {
				*d = doubt{}
				play(t, func(c *Config) { twoFlows(c); c.AcceptReplaces = d.decide }, func(h *harness) {
					d.say = make(chan bool)
					h.startBoth()
					h.dialTo("1002")
					invite := h.wantRequest("calling", sip.INVITE)
					h.respond(invite, 200, "tag=far", okContact, sdp("far"))
					h.wantSent("answered", "ACK")
					h.at(serverB)
					q := h.caller("new-b")
					q.send("INVITE", h.called(invite, "far").replaces(""), sdp("new"), q.branch())
					h.wantSent("thinks", "100 INVITE")
					h.at(lost)
					h.cut()
					h.at(serverB)
					if lost == serverB {
						d.want(h, "nobody can be answered", 1, 0, 1)
						h.forget()
						return
					}
					d.want(h, "goes on", 1, 1, 0)
					h.wantRequest("the call is repaired meanwhile", sip.INVITE)
					switch end {
					case "yes":
						d.say <- true
						h.wantSent("replaced", "200 INVITE", "BYE")
					case "no":
						d.say <- false
						h.wantSent("declined", "603 INVITE")
					case "CANCEL":
						h.recv(q.text("CANCEL", q.seq, q.branch()))
						h.wantSent("taken back", "200 CANCEL", "487 INVITE")
					default:
						h.advance(ringLimit)
						if n := look(h, func(c *core) int { return c.txns.Len() }); n > 0 {
							t.Errorf("%d transactions left", n)
						}
						d.want(h, "not answered", 1, 0, 1)
					}
					h.forget()
				})
			})
		}
	}
}
