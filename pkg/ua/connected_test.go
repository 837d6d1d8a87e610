package ua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func trusting(c *Config) { c.TrustAssertedIdentity = true }

// identities are what servers write about the other side in an INVITE from 1002, and who that is then.
var identities = map[string]struct {
	headers    []string
	user, name string // "" and "Demo 1002" where From stands
}{
	"asserted": {[]string{`P-Asserted-Identity: "Demo 1005" <sip:1005@example.com>`}, "1005", "Demo 1005"},
	"two": {[]string{`P-Asserted-Identity: <tel:+15550100>, "Demo 1005" <sip:1005@example.com>`},
		"1005", "Demo 1005"},
	"two fields": {[]string{`P-Asserted-Identity: <tel:+15550100>`,
		`P-Asserted-Identity: <sip:1005@example.com>`}, "1005", ""},
	"tel": {[]string{`P-Asserted-Identity: tel:+1-555-0100;cpc=ordinary`}, "+15550100", ""},
	"a number with " +
		"parameters": {[]string{`P-Asserted-Identity: <sip:+12025550191;npdi;rn=+12025550100@192.0.2.1;user=phone>`},
		"+12025550191", ""},
	"no name from From":    {[]string{`P-Asserted-Identity: <sip:1002@example.com>`}, "1002", ""},
	"the number as a name": {[]string{`P-Asserted-Identity: "1005" <sip:1005@example.com>`}, "1005", ""},
	"no URI":               {[]string{`P-Asserted-Identity: "Demo 1005" <1005>`}, "1005", "Demo 1005"},
	"one that is broken": {[]string{`P-Asserted-Identity: <sip:@>, "Demo 1005" <sip:1005@example.com>`}, "1005",
		"Demo 1005"},
	"all broken":  {[]string{`P-Asserted-Identity: <<`, `P-Asserted-Identity: `}, "", "Demo 1002"},
	"web address": {[]string{`P-Asserted-Identity: <http://192.0.2.1/1005>`}, "", "Demo 1002"},
	"old": {[]string{`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=calling;privacy=off;screen=yes`}, "1005",
		"Demo 1005"},
	"old, not " +
		"screened": {[]string{`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=calling;privacy=off;screen=no`},
		"1005", "Demo 1005"},
	"old, no party": {[]string{`Remote-Party-ID: <sip:1005@192.0.2.1>`}, "1005", ""},
	"old, about us": {[]string{`Remote-Party-ID: <sip:1001@192.0.2.1>;party=called`}, "", "Demo 1002"},
	"old, about both": {[]string{`Remote-Party-ID: <sip:1001@192.0.2.1>;party=called`,
		`Remote-Party-ID: <sip:1005@192.0.2.1>;party=CALLING`}, "1005", ""},
	"old, of somebody else": {[]string{`Remote-Party-ID: <sip:1005@192.0.2.1>;party=redirecting`}, "", "Demo 1002"},
	"old, hidden": {[]string{`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=calling;privacy=full`},
		"", "Demo 1002"},
	"old, hidden in quotes": {[]string{`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;privacy="uri,name"`}, "",
		"Demo 1002"},
	"old, name hidden": {[]string{`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=calling;privacy=name`},
		"1005", ""},
	"new before old": {[]string{`Remote-Party-ID: <sip:1006@192.0.2.1>`,
		`P-Asserted-Identity: <sip:1005@example.com>`}, "1005", ""},
	"hidden": {[]string{`P-Asserted-Identity: "Demo 1005" <sip:1005@example.com>`, `Privacy: id`},
		"", "Demo 1002"},
	"hidden among others": {[]string{`Privacy: header;ID;critical`, `P-Asserted-Identity: <sip:1005@example.com>`},
		"", "Demo 1002"},
	"hidden, old":                  {[]string{`Privacy: id`, `Remote-Party-ID: <sip:1005@192.0.2.1>`}, "", "Demo 1002"},
	"nothing to hide":              {[]string{`P-Asserted-Identity: <sip:1005@example.com>`, `Privacy: none`}, "1005", ""},
	"an address of a web phone":    {[]string{`P-Asserted-Identity: <sip:1005@df7jal23ls0d.invalid>`}, "", "Demo 1002"},
	"preferred is not asserted":    {[]string{`P-Preferred-Identity: <sip:1005@example.com>`}, "", "Demo 1002"},
	"a name that is no user's own": {[]string{`P-Asserted-Identity: "Outbound Call" <sip:1005@example.com>`}, "1005", ""},
}

func TestIdentityOfACaller(t *testing.T) {
	for name, tt := range identities {
		t.Run(name, func(t *testing.T) {
			for _, trust := range []bool{true, false} {
				play(t, func(c *Config) { c.TrustAssertedIdentity = trust }, func(h *harness) {
					h.start()
					_, call := h.ringIn(append(tt.headers, sdp("in"))...)
					user, shown := tt.user, tt.name
					if user == "" || !trust {
						user, shown = "1002", "Demo 1002"
					}
					if got := call.Info().Remote; got.User != user || got.DisplayName != shown {
						t.Errorf("trust %v: caller %+v, want %s %q", trust, got, user, shown)
					}
				})
			}
		})
	}
}

// TestIdentityInEveryMessage plays a PBX that has put somebody else on the line, in each message that can say so.
func TestIdentityInEveryMessage(t *testing.T) {
	const pai, rpid = `P-Asserted-Identity: "Demo 1005" <sip:1005@192.0.2.1>`,
		`Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=calling`
	const called = `Remote-Party-ID: "Demo 1005" <sip:1005@192.0.2.1>;party=called`
	type story struct {
		tell func(h *harness, header string) *Call
		by   []string
	}
	for name, st := range map[string]story{
		"UPDATE of a called": {func(h *harness, header string) *Call {
			p, call := h.talkOut()
			p.send("UPDATE", header)
			h.wantSent("taken", "200 UPDATE")
			h.wantEvent("told once", "established")
			p.send("UPDATE", header)
			h.wantSent("taken", "200 UPDATE")
			h.wantEvent("nothing new")
			return call
		}, []string{pai, rpid, called}},
		"UPDATE of a caller": {func(h *harness, header string) *Call {
			p, call := h.talkIn()
			p.send("UPDATE", header)
			h.wantSent("taken", "200 UPDATE")
			h.wantEvent("told", "established")
			return call
		}, []string{pai, rpid}},
		"UPDATE while it rings here": {func(h *harness, header string) *Call {
			p, call := h.ringIn(sdp("in"))
			p.send("UPDATE", header)
			h.wantSent("taken", "200 UPDATE")
			h.wantEvent("told", "ringing")
			return call
		}, []string{pai, rpid}},
		"re-INVITE": {func(h *harness, header string) *Call {
			p, call := h.talkOut()
			p.send("INVITE", header, sdp("again"))
			h.wantSent("taken", "200 INVITE")
			h.recv(p.text("ACK", p.seq))
			h.wantEvent("told", "established")
			return call
		}, []string{pai, rpid, called}},
		"180": {func(h *harness, header string) *Call {
			call := h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.respond(invite, 180, "tag=far", okContact)
			h.respond(invite, 180, "tag=far", okContact, header)
			h.wantEvent("told", "preparing", "calling", "ringing", "ringing")
			return call
		}, []string{pai, called}},
		"first 180": {func(h *harness, header string) *Call {
			call := h.dialTo("1002")
			h.respond(h.wantRequest("calling", sip.INVITE), 180, "tag=far", okContact, header)
			h.wantEvent("told with the ringing", "preparing", "calling", "ringing")
			return call
		}, []string{pai, called}},
		"200": {func(h *harness, header string) *Call {
			call := h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.respond(invite, 200, "tag=far", okContact, header, sdp("far"))
			h.wantSent("answered", "ACK")
			h.wantEvent("told with the answer", "preparing", "calling", "connecting", "established")
			return call
		}, []string{pai, called}},
		"200 to our re-INVITE": {func(h *harness, header string) *Call {
			_, call := h.talkOut()
			h.async(func() error { return call.Hold(h.t.Context()) })
			h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, header, sdp("held", "a=recvonly"))
			h.wantSent("ACKed", "ACK")
			h.wantEvent("told", "established busy", "established busy", "established held")
			return call
		}, []string{pai, called}},
		"200 to our UPDATE": {func(h *harness, header string) *Call {
			call := h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.respond(invite, 200, "tag=far", okContact, "Allow: INVITE, UPDATE", "Session-Expires: 90;refresher=uac", sdp("far"))
			h.wantSent("answered", "ACK")
			h.forget()
			h.advance(46 * time.Second)
			h.respond(h.wantRequest("the session timer", sip.UPDATE), 200, okContact, header)
			h.wantEvent("told", "established")
			return call
		}, []string{pai, called}},
	} {
		for _, header := range st.by {
			t.Run(name+" "+header[:3], func(t *testing.T) {
				play(t, trusting, func(h *harness) {
					h.start()
					if got := st.tell(h, header).Info().Remote; got.User != "1005" || got.DisplayName != "Demo 1005" {
						t.Errorf("shown is %+v", got)
					}
					h.forget()
				})
			})
		}
	}
}

func TestTransferToSomebodyWhoHides(t *testing.T) {
	for name, headers := range map[string][]string{
		"asserted":  {`P-Asserted-Identity: "Demo 1005" <sip:1005@example.com>`, `Privacy: id`},
		"old":       {`Remote-Party-ID: "Demo 1005" <sip:1005@example.com>;party=calling;privacy=full`},
		"anonymous": {`P-Asserted-Identity: "Anonymous" <sip:anonymous@anonymous.invalid>`},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, trusting, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				p.send("UPDATE", append(headers, `X-Who: 1005`)...)
				h.wantSent("taken", "200 UPDATE")
				h.wantEvent("the one before is not on the line any more", "established")
				if got := call.Info().Remote; got != withheld {
					t.Errorf("shown is %+v", got)
				}
				p.send("UPDATE", headers...)
				h.wantSent("taken", "200 UPDATE")
				h.wantEvent("nothing new")
			})
		})
	}
	play(t, trusting, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("UPDATE", `P-Asserted-Identity: <sip:1002@example.com>`, "Privacy: id")
		h.wantSent("taken", "200 UPDATE")
		h.wantEvent("known already")
		if got := call.Info().Remote; got.User != "1002" || got.DisplayName != "Demo 1002" {
			t.Errorf("shown is %+v", got)
		}
	})
}

// TestIdentityThatIsOnlyAContact: a server that knows nothing better shows the user part of a Contact.
func TestIdentityThatIsOnlyAContact(t *testing.T) {
	for identity, followed := range map[string]bool{
		`"Outbound Call" <sip:k3x9m2p5@192.0.2.1>`: false, // FreeSWITCH of a telephone whose Contact is random
		`"Outbound Call" <k3x9m2p5>`:               false,
		`<sip:peer@192.0.2.9>`:                     false, // the Contact of the message
		`"peer" <sip:peer@192.0.2.9>`:              false,
		`<peer>`:                                   false,
		`<sip:1001@example.com>`:                   false, // that is us
		`"Demo" <sip:1005@k3x9m2p5.invalid>`:       false,
		`<sip:peer@example.com>`:                   true, // a name of the domain, whatever the Contact
		`"Demo 1005" <sip:peer@192.0.2.9>`:         true,
		`"Outbound Call" <sip:1005@192.0.2.1>`:     true,
		`<1005>`:                                   true,
		`<sip:anna1985@example.com>`:               true,
		`<sip:reception@example.com>`:              true,
		`<sip:+12025550191@192.0.2.1>`:             true,
	} {
		t.Run(identity, func(t *testing.T) {
			play(t, trusting, func(h *harness) {
				h.start()
				p, call := h.talkOut()
				p.send("UPDATE", "P-Asserted-Identity: "+identity)
				h.wantSent("taken", "200 UPDATE")
				if got := call.Info().Remote; (got.User != "1002") != followed {
					t.Errorf("shown is %+v", got)
				}
				h.forget()
			})
		})
	}
}

// TestIdentityOfAForkThatLost: what it says does not concern the call.
func TestIdentityOfAForkThatLost(t *testing.T) {
	play(t, trusting, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=lost", okContact)
		h.respond(invite, 180, "tag=far", okContact)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		h.forget()
		h.called(invite, "lost").send("UPDATE", `P-Asserted-Identity: <sip:1005@example.com>`)
		h.respond(invite, 180, "tag=lost", okContact, `P-Asserted-Identity: <sip:1006@example.com>`)
		h.wantEvent("nothing has changed")
		if got := call.Info().Remote.User; got != "1002" {
			t.Errorf("shown is %s", got)
		}
		h.forget()
	})
}

// TestIdentityIsSafe: whatever a server or caller writes there, the call goes on and nothing that could harm is shown.
func TestIdentityIsSafe(t *testing.T) {
	for _, value := range []string{
		strings.Repeat("<sip:1005@example.com>,", 500), `"` + strings.Repeat("A", 20000) + `" <sip:1005@example.com>`,
		`"Bank%0d%0aX: y" <sip:10%0d%0a05@h>`, "<tel:>", "<sip:>", ";;;", "\"", "<sip:1005@[::1>", "\"\x1b[2J\" <sip:1005@h>",
		"\xff\xfe",
		"<sip:1005@example.com>;party=\"\\\"",
	} {
		for _, name := range []string{"P-Asserted-Identity", "Remote-Party-ID", "Diversion", "History-Info", "Referred-By"} {
			play(t, trusting, func(h *harness) {
				h.start()
				p := h.caller("safe")
				p.send("INVITE", name+": "+value, sdp("in"))
				events := h.wantEvent("rings", "incoming")
				info := events[0].(IncomingCallEvent).Info
				for _, a := range []Address{info.Remote, info.DivertedFrom, info.ReferredBy} {
					if strings.ContainsAny(a.DisplayName+a.User+a.URI+a.Host, "\r\n\x00\x1b") {
						t.Errorf("%s %.40q is shown as %+v", name, value, a)
					}
				}
				h.forget()
			})
		}
	}
}
