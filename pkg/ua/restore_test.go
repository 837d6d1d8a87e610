package ua

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

var stateKey = bytes.Repeat([]byte{7}, 32)

// reload plays a story of two pages: before ends with a call, then the page is loaded anew and after goes on.
func reload(t *testing.T, before func(h *harness) *peer, after func(h *harness, p *peer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		first := newHarness(t, func(c *Config) { c.StateKey = stateKey })
		first.start()
		p := before(first)
		state, err := first.agent.Export()
		if err != nil {
			t.Fatal(err)
		}
		first.agent.Close() // a page that goes away says nothing
		first.finish()
		second := newHarness(t, func(c *Config) { c.StateKey, c.Restore, c.Rand = stateKey, state, newSeeded(2) })
		p.h = second
		after(second, p)
		second.finish()
	})
}

func TestCallGoesOnAfterAReload(t *testing.T) {
	for name, c := range map[string]struct {
		talk func(h *harness) (*peer, *Call)
		kind Direction
	}{
		"outgoing": {(*harness).talkOut, Outgoing},
		"incoming": {(*harness).talkIn, Incoming},
	} {
		t.Run(name, func(t *testing.T) {
			var id string
			var last uint32
			reload(t, func(h *harness) *peer {
				p, call := c.talk(h)
				id = call.ID()
				call.Mute(true)
				p.send("INFO", "Content-Type: application/dtmf", "body=5")
				h.forget()
				last = look(h, func(c *core) uint32 { return c.head.seq })
				return p
			}, func(h *harness, p *peer) {
				if calls := h.agent.State().Calls; len(calls) != 1 || calls[0].ID != id || calls[0].State != CallEstablished ||
					!calls[0].Muted || calls[0].Direction != c.kind {
					t.Fatalf("%+v", calls)
				}
				h.begin()
				req := h.wantRequest("registered first", sip.REGISTER)
				if req.CSeq().SeqNo <= last {
					t.Errorf("CSeq %d of the same registration after %d", req.CSeq().SeqNo, last)
				}
				h.grant(req, 600)
				h.wantEvent("it waits for its repair", "established muted", "connecting", "connected", "registering",
					"registered", "established busy muted")
				again := h.wantRequest("then the call is repaired", sip.INVITE)
				if tagOf(again.To().Params) != "far" || again.CallID().Value() != p.callID ||
					!strings.Contains(string(again.Body()), "a=sendrecv") {
					t.Errorf("%s\n%s", again.To().Value(), again.Body())
				}
				if got := h.media.last().history(); got != "mute, offer sendrecv" {
					t.Errorf("media %q, want a fresh offer of a muted microphone", got)
				}
				h.respond(again, 200, okContact, sdp("back"))
				h.wantSent("ACKed", "ACK")
				h.wantEvent("as before", "established muted")
				p.target = look(h, func(c *core) string { return uriOf(c.lead().contactURI()) })
				p.send("BYE")
				h.wantResponse("numbers of the other side go on", "200 BYE")
				h.wantEvent("over", "ended hung up there")
				if h.agent.Call(id) != nil {
					t.Error("an ended call is still there")
				}
			})
		})
	}
}

// TestWhoTheCallCameFromIsKnownAfterAReload: what the INVITE said of a call is told by nobody a second time.
func TestWhoTheCallCameFromIsKnownAfterAReload(t *testing.T) {
	reception, boss := Address{User: "100", Host: "example.com"}, Address{DisplayName: "M\xfcller", URI: "sip:9@example.com"}
	reload(t, func(h *harness) *peer {
		p, _ := h.talkIn()
		look(h, func(c *core) bool {
			c.sessions[0].info.DivertedFrom, c.sessions[0].info.ReferredBy = reception, boss
			return true
		})
		return p
	}, func(h *harness, p *peer) {
		if c := h.agent.State().Calls[0]; c.DivertedFrom != reception || c.ReferredBy.URI != boss.URI {
			t.Errorf("for %+v, from %+v", c.DivertedFrom, c.ReferredBy)
		}
	})
}

func TestHeldCallIsHeldAfterAReload(t *testing.T) {
	reload(t, func(h *harness) *peer {
		p, call := h.talkOut()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantErr("held", held(), nil)
		h.forget()
		return p
	}, func(h *harness, p *peer) {
		h.begin()
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		again := h.wantRequest("repaired", sip.INVITE)
		if !strings.Contains(string(again.Body()), "a=sendonly") {
			t.Errorf("%s", again.Body())
		}
		h.respond(again, 200, okContact, sdp("back", "a=recvonly"))
		h.forget()
		if info := h.agent.State().Calls[0]; !info.HeldLocal || info.Busy {
			t.Errorf("%+v", info)
		}
		if !strings.HasPrefix(h.media.last().history(), "mute") {
			t.Error("the held side can listen in")
		}
	})
}

func TestCallThatCannotBeReachedIsTakenBackByReplaces(t *testing.T) {
	reload(t, func(h *harness) *peer { p, _ := h.talkOut(); return p }, func(h *harness, p *peer) {
		look(h, func(c *core) bool { c.sessions[0].info.HeldLocal = true; return true })
		h.begin()
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repaired", sip.INVITE), 481)
		msgs := h.wantSent("called anew in its place", "ACK", "INVITE")
		req := msgs[1].(*sip.Request)
		id, err := wire.Replaces(req)
		if err != nil || id.CallID != p.callID || id.ToTag != "far" || req.Recipient.String() != "sip:1002@example.com" {
			t.Errorf("Replaces %+v, %v to %s", id, err, req.Recipient.String())
		}
		if !names(h.readBack(req).Require, "replaces") || tagOf(req.To().Params) != "" {
			t.Error("without Require, or in the dialog")
		}
		h.forget()
		h.respond(req, 200, "tag=new", okContact, sdp("new"))
		hold := h.wantSent("held again", "ACK", "INVITE")[1].(*sip.Request)
		h.respond(hold, 200, okContact, sdp("new", "a=recvonly"))
		h.forget()
		calls := h.agent.State().Calls
		if len(calls) != 1 || calls[0].State != CallEstablished || !calls[0].HeldLocal {
			t.Errorf("%+v", calls)
		}
	})
}

func TestCallThatIsGoneEndsAfterAReload(t *testing.T) {
	reload(t, func(h *harness) *peer { p, _ := h.talkOut(); return p }, func(h *harness, p *peer) {
		h.begin()
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantRequest("repaired", sip.INVITE), 481)
		h.respond(h.wantSent("called anew", "ACK", "INVITE")[1].(*sip.Request), 481)
		h.wantSent("over", "ACK")
		if n := len(h.agent.State().Calls); n != 0 {
			t.Errorf("%d calls left", n)
		}
		h.forget()
	})
}

func TestReloadWithoutNetworkEndsTheCallAfterAMinute(t *testing.T) {
	reload(t, func(h *harness) *peer { p, _ := h.talkOut(); return p }, func(h *harness, p *peer) {
		h.dialWith(func(context.Context, string) error { return errors.New("offline") })
		h.begin()
		h.advance(lostLimit + time.Second)
		if n := len(h.agent.State().Calls); n != 0 {
			t.Errorf("%d calls left", n)
		}
		h.forget()
	})
}

func TestReplayOfAReload(t *testing.T) {
	var recording bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		first := newHarness(t, func(c *Config) { c.StateKey = stateKey })
		first.start()
		first.talkOut()
		state, err := first.agent.Export()
		if err != nil {
			t.Fatal(err)
		}
		first.agent.Close()
		second := newHarness(t, func(c *Config) { c.StateKey, c.Restore, c.Record = stateKey, state, &recording })
		second.begin()
		second.grant(second.wantRequest("registered", sip.REGISTER), 600)
		second.respond(second.wantRequest("repaired", sip.INVITE), 200, okContact, sdp("back"))
		second.agent.Export()
		second.finishCalls()
		second.finish()
	})
	if out := wantSame(t, recording.Bytes()); out.Sent < 4 {
		t.Errorf("%+v", out)
	}
}

func TestStateThatCannotBeUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) { c.StateKey = stateKey })
		h.start()
		h.talkOut()
		state, err := h.agent.Export()
		if err != nil {
			t.Fatal(err)
		}
		again := func(change func(*Config)) error {
			cfg := Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example/ws"},
				MediaEngine: h.media, Restore: bytes.Clone(state), StateKey: stateKey}
			change(&cfg)
			a, err := New(cfg)
			if err == nil {
				a.Close()
			}
			return err
		}
		for name, change := range map[string]func(*Config){
			"changed":             func(c *Config) { c.Restore[len(c.Restore)-1] ^= 1 },
			"nonce":               func(c *Config) { c.Restore[5] ^= 1 },
			"cut":                 func(c *Config) { c.Restore = c.Restore[:10] },
			"empty":               func(c *Config) { c.Restore = []byte{} },
			"another key":         func(c *Config) { c.StateKey = bytes.Repeat([]byte{8}, 32) },
			"no key":              func(c *Config) { c.StateKey = nil },
			"account":             func(c *Config) { c.Account.AOR = "sip:1002@example.com" },
			"instance":            func(c *Config) { c.InstanceID = "urn:uuid:00000000-0000-4000-8000-000000000009" },
			"not sealed":          func(c *Config) { c.Restore = []byte(`{"Version":1}`) },
			"from the day before": func(c *Config) { c.Now = func() time.Time { return time.Now().Add(24 * time.Hour) } },
		} {
			if err := again(change); !errors.Is(err, ErrBadState) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := again(func(c *Config) { c.StateKey = []byte("short") }); !errors.Is(err, ErrBadConfig) {
			t.Errorf("short key: %v", err)
		}
		if err := again(func(*Config) {}); err != nil {
			t.Errorf("what was refused before is spoilt: %v", err)
		}
		h.forget()
		h.finish()
	})
}

func TestExportWithoutAKeyIsRefused(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		if state, err := h.agent.Export(); !errors.Is(err, ErrBadConfig) || state != nil {
			t.Errorf("%q, %v", state, err)
		}
	})
}

func TestExportHoldsNoPassword(t *testing.T) {
	play(t, func(c *Config) { c.StateKey, c.Account.Password = stateKey, "verysecret" }, func(h *harness) {
		h.start()
		h.talkOut()
		state, err := h.agent.Export()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(state, []byte("1002")) {
			t.Error("readable without the key")
		}
		plain, err := unseal(stateKey, h.agent.core.aor.String(), state)
		if err != nil || !bytes.Contains(plain, []byte("1002")) || bytes.Contains(plain, []byte("verysecret")) {
			t.Errorf("%s, %v", plain, err)
		}
	})
}

// FuzzState gives any bytes to the decoder, as if they had been sealed. What it accepts must be usable: a call of it is restored,
// and what leaves for it is a message that can be sent and read.
func FuzzState(f *testing.F) {
	st := savedState{Version: savedVersion, AOR: "sip:1001@example.com", Host: "h.invalid", Instance: "urn:uuid:1", CallID: "c",
		FromTag: "t", Seq: 7, Calls: []savedCall{{ID: "i", Answered: time.Unix(1, 0), CallID: "c1", LocalTag: "l", RemoteTag: "r",
			LocalURI: "sip:1001@example.com", RemoteURI: "sip:1002@example.com", RemoteName: `Demo "1002"`,
			Target: "sip:a@192.0.2.1;transport=ws", Routes: []text{"sip:edge.example.com;lr", "sip:x"}, LocalSeq: 3,
			Timer: 90 * time.Second, Alias: "sip:anonymous@x.invalid"}}}
	seed, err := json.Marshal(st)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("{}"))
	f.Add([]byte(strings.ReplaceAll(string(seed), "sip:a@", `sip:a\r\nX: y@`)))
	f.Fuzz(func(t *testing.T, plain []byte) {
		st, err := decodeState(plain)
		if err != nil {
			if !errors.Is(err, ErrBadState) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		a, err := newAgent(Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example/ws"},
			MediaEngine: &fakeEngine{}, Rand: newSeeded(1)})
		if err != nil {
			t.Fatal(err)
		}
		a.core.restore(st)
		for _, s := range a.core.sessions {
			req := a.core.dialogRequest(s.dlg, sip.INVITE, s.dlg.next())
			req.AppendHeader(s.contact())
			data, err := wire.Serialize(a.core.finish(req, "", nil))
			if err != nil {
				continue // refused rather than sent wrong
			}
			if _, err := wire.Parse(data); err != nil {
				t.Errorf("%v\n%s", err, data)
			}
		}
	})
}

// Requests may have left after the state was saved: the numbers of the dialog go on beyond them (RFC 3261 section 12.2.1.1).
func TestNumbersOfADialogGoOnAfterAReload(t *testing.T) {
	for name, talk := range map[string]func(h *harness) (*peer, *Call){"outgoing": (*harness).talkOut,
		"incoming": (*harness).talkIn} {
		t.Run(name, func(t *testing.T) {
			var saved uint32
			reload(t, func(h *harness) *peer {
				p, call := talk(h)
				held := h.async(func() error { return call.Hold(h.t.Context()) })
				req := h.wantRequest("held", sip.INVITE)
				h.respond(req, 200, okContact, sdp("held", "a=recvonly"))
				h.wantSent("held", "ACK")
				h.wantErr("held", held(), nil)
				h.forget()
				saved = req.CSeq().SeqNo
				return p
			}, func(h *harness, _ *peer) {
				h.begin()
				h.grant(h.wantRequest("registered", sip.REGISTER), 600)
				req := h.wantRequest("the call is repaired", sip.INVITE)
				if got := req.CSeq().SeqNo; got < saved+seqGap {
					t.Errorf("CSeq %d after %d, want room for %d requests that may have left since", got, saved, seqGap)
				}
				h.respond(req, 200, okContact, sdp("back", "a=recvonly"))
				h.forget()
			})
		})
	}
}

// Whoever hangs up while the page still comes up means it: the other side is told over the first connection.
func TestHangupOfARestoredCallBeforeRun(t *testing.T) {
	reload(t, func(h *harness) *peer { p, _ := h.talkOut(); return p }, func(h *harness, p *peer) {
		call := h.agent.Call(h.agent.State().Calls[0].ID)
		if err := call.Hangup(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		h.wantEvent("over here", "ending", "ended hung up here")
		h.begin()
		h.grant(h.wantRequest("registers", sip.REGISTER), 600)
		bye := h.wantRequest("and told there", sip.BYE)
		if bye.CallID().Value() != p.callID || tagOf(bye.To().Params) != "far" {
			t.Errorf("not of the call:\n%s", bye)
		}
		h.respond(bye, 200)
		h.advance(time.Minute)
		h.forget()
	})
}
