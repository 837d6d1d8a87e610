package ua

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// What holds in every schedule, and the look at two servers.

// view is what is open at one of two servers.
type view struct {
	out  []*sip.Request
	conn transport.Conn
}

// check looks at one message: an INVITE gets a final response, and nothing but what ends it leaves in a dialog after a BYE. The
// NOTIFY of a REFER may outlive its call (RFC 5057).
func (c *chaos) check(m sip.Message) {
	from, to := tagOf(m.From().Params), tagOf(m.To().Params)
	switch m := m.(type) {
	case *sip.Response:
		branch, _ := m.Via().Params.Get("branch")
		if m.StatusCode >= 200 && m.CSeq().MethodName == sip.INVITE {
			delete(c.open, branch)
		}
		dialog := m.CallID().Value() + " " + to + " " + from
		if m.StatusCode == 200 && m.CSeq().MethodName == sip.INVITE {
			c.confirmed[dialog] = true
		}
		// who ends an early dialog may still answer in it
		if m.StatusCode == 200 && m.CSeq().MethodName == sip.BYE && c.confirmed[dialog] {
			c.dead[dialog] = true
		}
	case *sip.Request:
		c.checkCredentials(m)
		dialog := m.CallID().Value() + " " + from + " " + to
		switch m.Method {
		case sip.BYE:
			c.dead[dialog] = true
			c.checkBye(dialog, m)
		case sip.ACK: // that of another final response has the branch of its INVITE (RFC 3261 section 17.1.1.3)
			if branch, _ := m.Via().Params.Get("branch"); !c.asked[branch] {
				c.confirmed[dialog] = true
			}
		case sip.CANCEL, sip.NOTIFY:
		default:
			if m.Method == sip.INVITE {
				branch, _ := m.Via().Params.Get("branch")
				c.asked[branch] = true
			}
			if c.dead[dialog] {
				c.blame("%s in a dialog that is over: %s", m.Method, dialog)
			}
		}
	}
}

// checkOffers wants no offer of ours, and no repair, to wait for something that will not happen: whatever could leave has left.
func (c *chaos) checkOffers() {
	for _, what := range look(c.harness, func(c *core) (waiting []string) {
		for _, s := range c.sessions {
			if s.info.State != CallEstablished || !s.idle() || !s.reachable() {
				continue
			}
			if op := s.op; op != nil && !op.started && !op.wait.set {
				waiting = append(waiting, fmt.Sprintf("an offer (%d) of %s", op.kind, s.info.CallID))
			}
			if s.broken && s.op == nil && !s.repair.set {
				waiting = append(waiting, "the repair of "+s.info.CallID)
			}
			if s.unagreed && s.op == nil && !s.broken && !s.restart.set && s.transfer == nil {
				waiting = append(waiting, "the audio of "+s.info.CallID)
			}
		}
		return waiting
	}) {
		c.blame("%s waits for nothing", what)
	}
}

// checkBye wants one BYE in a dialog: that the other side is asked again, with the same request after the loss of a connection,
// or with credentials.
func (c *chaos) checkBye(dialog string, bye *sip.Request) {
	before, now := c.byes[dialog], branchOf(bye)
	if before != "" && before != now && !c.tried[before] {
		c.blame("another BYE in %s", dialog)
	}
	c.byes[dialog] = now
}

func branchOf(m sip.Message) string {
	branch, _ := m.Via().Params.Get("branch")
	return branch
}

// challenges is what our server asks, or in everything but REGISTER a stranger, who may use the name of our realm or one like it.
func (c *chaos) challenges(req *sip.Request, code int) string {
	realm := c.pick("example.com", "example.com", "example.com ", "evil.example", "EXAMPLE.COM.", "")
	if req.Method == sip.REGISTER {
		realm = "example.com"
	}
	field := "WWW-Authenticate"
	if code == 407 {
		field = "Proxy-Authenticate"
	}
	c.note("    in the name of %q", realm)
	return fmt.Sprintf(`%s: Digest realm="%s", nonce="n%d", qop="auth", algorithm=%s`, field, realm, c.rnd.IntN(3),
		c.pick("SHA-256", "SHA-256", "MD5"))
}

// checkCredentials wants none for a realm that is not ours.
func (c *chaos) checkCredentials(req *sip.Request) {
	for _, field := range []string{"Authorization", "Proxy-Authorization"} {
		for _, h := range req.GetHeaders(field) {
			got := h.Value()
			if !strings.Contains(got, `realm="example.com"`) {
				c.blame("%s with %s", req.Method, got)
			}
		}
	}
}

// forgetOpen drops the INVITEs whose connection is gone: nobody can answer them.
func (c *chaos) forgetOpen() {
	for branch, server := range c.open {
		if server == c.here {
			delete(c.open, branch)
		}
	}
}

// lookAway turns to the other server, where there are two.
func (c *chaos) lookAway() {
	if c.here == "" {
		return
	}
	c.watch()
	to := serverA
	if c.here == serverA {
		to = serverB
	}
	c.at(to)
	c.known = len(c.sent)
	c.checked[to] = 0
	now := c.beside
	c.beside = view{c.out, c.conn}
	c.out, c.conn = now.out, now.conn
	c.note("at %s", to)
}

// connected reports whether something can arrive from the server that is looked at.
func (c *chaos) connected() bool {
	for _, f := range c.agent.State().Flows {
		if f.Connection.State == Connected && (c.here == "" || c.here == f.Connection.Server) {
			return true
		}
	}
	return false
}
