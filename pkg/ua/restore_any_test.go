package ua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"pgregory.net/rapid"
)

// reopened is the core of the page that opens what this one exports.
func reopened(t *testing.T, c *core, now time.Time) *core {
	t.Helper()
	state, err := c.export(now)
	if err != nil {
		t.Fatal(err)
	}
	cfg := c.cfg
	cfg.Restore, cfg.StateKey = state, stateKey
	a, err := newAgent(cfg)
	if err != nil {
		t.Fatalf("the own state is refused: %v", err)
	}
	return a.core
}

// TestOwnStateIsAlwaysTaken lets calls be answered whose other side writes what it may: a reload keeps every one of them.
func TestOwnStateIsAlwaysTaken(t *testing.T) {
	for name, edit := range map[string]func(p *peer) []string{
		"a long session timer":       func(*peer) []string { return []string{"Supported: timer", "Session-Expires: 86400"} },
		"a session timer of an age":  func(*peer) []string { return []string{"Supported: timer", "Session-Expires: 4294967295"} },
		"an equals sign":             func(p *peer) []string { p.callID = "a=b,c;d#e$f&g@h"; return nil },
		"a long Call-ID":             func(p *peer) []string { p.callID = strings.Repeat("x", 5000); return nil },
		"a Call-ID that is no UTF-8": func(p *peer) []string { p.callID = "a\xffb"; return nil },
		"quotes":                     func(p *peer) []string { p.callID = `"a\b"`; return nil },
		"a high number":              func(p *peer) []string { p.seq = 1<<31 - 3; return nil },
		"no tag": func(p *peer) []string {
			p.local = "<sip:1002@example.com>"
			return []string{"branch=old"}
		},
		"an odd tag": func(p *peer) []string { p.local = "<sip:1002@example.com>;tag=a=b~c"; return nil },
		"a long tag": func(p *peer) []string {
			p.local = "<sip:1002@example.com>;tag=" + strings.Repeat("t", 3000)
			return nil
		},
		"an odd user": func(p *peer) []string { p.local = "<sip:Call Center@192.0.2.1>;tag=far"; return nil },
		"no user":     func(p *peer) []string { p.local = "<sip:@192.0.2.1>;tag=far"; return nil },
		"no address":  func(p *peer) []string { p.local = "anybody at all;tag=far"; return nil },
		"a telephone": func(p *peer) []string { p.local = "<tel:+1-202-555-0191>;tag=far"; return nil },
		"a long name": func(p *peer) []string {
			p.local = `"` + strings.Repeat("n", 4000) + `" <sip:1002@example.com>;tag=far`
			return nil
		},
		"a tab in a name": func(p *peer) []string { p.local = "\"a\tb\" <sip:1002@example.com>;tag=far"; return nil },
		"a name that is no UTF-8": func(p *peer) []string {
			p.local = "\"M\xfcller\" <sip:1002@example.com>;tag=far"
			return nil
		},
		"many routes": func(*peer) []string {
			var list []string
			for i := range 60 {
				list = append(list, fmt.Sprintf("Record-Route: <sip:p%d.example.com;lr>", i))
			}
			return list
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(c *Config) { c.StateKey = stateKey }, func(h *harness) {
				h.start()
				p := h.caller("in")
				extra := edit(p)
				p.send("INVITE", append(extra, sdp("in"))...)
				h.collect()
				calls := h.agent.State().Calls
				if len(calls) != 1 {
					t.Fatalf("such an INVITE does not ring: %v", label(h.sent[len(h.sent)-1]))
				}
				h.wantErr("accepted", h.agent.Call(calls[0].ID).Accept(h.t.Context()), nil)
				h.collect()
				p.remote = h.sent[len(h.sent)-1].To().Value()
				h.recv(p.text("ACK", p.seq))
				h.forget()
				if got := h.agent.State().Calls; len(got) != 1 || got[0].State != CallEstablished {
					t.Fatalf("calls: %+v", got)
				}
				before := look(h, func(c *core) *dialog { return c.sessions[0].dlg })
				after := look(h, func(c *core) *dialog { return reopened(t, c, time.Now()).sessions[0].dlg })
				if after.id != before.id || after.remoteSeq != before.remoteSeq || len(after.routes) != len(before.routes) {
					t.Errorf("the dialog has changed:\n%+v\n%+v", before.id, after.id)
				}
			})
		})
	}
}

// TestAnyStateIsTaken is the same for whatever a core may come to hold, drawn at random.
func TestAnyStateIsTaken(t *testing.T) {
	word := rapid.StringMatching(`[^\r\n\x00]{1,40}`)
	r := newRig(t)
	defer close(r.done)
	c := r.agent.core
	c.cfg.StateKey = stateKey
	r.act(&act{Name: "invite", Target: "1002"})
	r.finish([]byte(sdp("out")))
	r.recv(answer(r.last(), "200 OK", sdp("far")))
	r.finish(nil)
	s := c.sessions[0]
	rapid.Check(t, func(rt *rapid.T) {
		user := sip.Uri{Scheme: "sip", User: word.Draw(rt, "user"), Host: word.Draw(rt, "host"),
			Port:      rapid.IntRange(0, 70000).Draw(rt, "port"),
			UriParams: sip.HeaderParams{{K: word.Draw(rt, "key"), V: word.Draw(rt, "value")}}}
		s.dlg.id = dialogID{word.Draw(rt, "call"), "own", rapid.OneOf(word, rapid.Just("")).Draw(rt, "tag")}
		s.dlg.remoteSeq = rapid.Uint32().Draw(rt, "seq")
		s.timer.interval = time.Duration(rapid.Uint32().Draw(rt, "timer")) * time.Second
		s.dlg.remote = sip.ToHeader{DisplayName: word.Draw(rt, "name"), Address: user}
		s.dlg.target, s.dlg.routes = user, []sip.Uri{user, user}
		got := reopened(t, c, r.now).sessions[0]
		if got.dlg.id != s.dlg.id || got.dlg.remoteSeq != s.dlg.remoteSeq || got.timer.interval != s.timer.interval ||
			len(got.dlg.routes) != 2 {
			rt.Fatalf("%+v has become %+v", s.dlg, got.dlg)
		}
		if read, err := wire.ParseURI(user.String()); err == nil && got.dlg.target.String() != read.String() {
			rt.Fatalf("%v has become %v", &user, &got.dlg.target)
		}
	})
}
