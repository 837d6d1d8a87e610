//go:build !js

package siptest

import (
	"crypto/rand"
	"strings"
	"time"
)

// completedElsewhere tells the other contacts of a user that one of them has answered (RFC 3326).
const completedElsewhere = `SIP;cause=200;text="Call completed elsewhere"`

// fork is the response context of a forwarded request (RFC 3261 section 16.7).
type fork struct {
	t        *serverTxn
	branches []*branch
	answered bool // a 2xx went back
}

// branch is the client side of a request at one target.
//
//	calling -> proceeding (1xx) -> final
//	A cancel that is wanted waits for the first 1xx (RFC 3261 section 9.1).
type branch struct {
	f          *fork
	id         string
	conn       *conn
	req        *message
	proceeding bool
	final      *message
	canceled   bool   // the CANCEL was sent
	cancelFor  string // Reason of a CANCEL that is wanted
	wanted     bool
	timer      *time.Timer // B or F, then C, then the end of the transaction
}

func newBranch() string { return "z9hG4bK" + rand.Text() }

func (s *Server) startFork(t *serverTxn, targets []target) {
	f := &fork{t: t}
	t.fork = f
	for _, to := range targets {
		b := &branch{f: f, id: newBranch(), conn: to.conn}
		b.req = s.forwarded(t.req, to, b.id)
		b.timer = s.after(s.lifetime(), b.timeout)
		f.branches = append(f.branches, b)
		s.branches[b.id] = b
	}
	for _, b := range f.branches {
		s.send(b.conn, b.req)
	}
}

// receiveResponse takes a response from a client. Called with mu held, as everything below.
func (s *Server) receiveResponse(c *conn, m *message) {
	b := s.branches[parseAddr(m.get("Via")).param("branch")]
	if b == nil {
		return
	}
	if _, method := m.cseq(); method != b.req.method {
		return // to our CANCEL
	}
	s.learn(c, m)
	b.receive(m)
}

func (b *branch) receive(m *message) {
	switch {
	case b.final != nil:
		b.receiveAgain(m)
	case m.code < 200:
		b.provisional(m)
	default:
		b.finish(m)
	}
}

// receiveAgain takes a response after the final one: a 2xx is forwarded each time, another is acknowledged again.
func (b *branch) receiveAgain(m *message) {
	switch {
	case b.req.method != "INVITE" || m.code < 200:
	case m.code < 300:
		b.f.forward(m)
	default:
		b.acknowledge(m)
	}
}

func (b *branch) provisional(m *message) {
	b.proceeding = true
	if m.code > 100 {
		if b.req.method == "INVITE" {
			b.timer.Reset(b.f.t.s.opts.TimerC)
		}
		b.f.forward(m)
	}
	if b.wanted {
		b.sendCancel()
	}
}

// finish takes the final response of the branch; after it the branch only absorbs.
func (b *branch) finish(m *message) {
	s := b.f.t.s
	b.final = m
	b.timer.Stop()
	b.timer = s.after(s.lifetime(), func() { delete(s.branches, b.id) })
	if m.code >= 300 && b.req.method == "INVITE" {
		b.acknowledge(m)
	}
	b.f.finished(b)
}

// timeout is timer B, F or C.
func (b *branch) timeout() {
	switch {
	case b.final != nil:
	case b.proceeding && b.req.method == "INVITE" && !b.canceled:
		b.sendCancel()
	case b.req.method == "INVITE":
		b.finish(b.f.t.req.response(408, "", b.f.t.toTag))
	default:
		b.f.t.forget() // a 408 to another request would come too late for its sender (RFC 4320)
		delete(b.f.t.s.branches, b.id)
	}
}

// acknowledge ends the branch's INVITE transaction (RFC 3261 section 17.1.1.3).
func (b *branch) acknowledge(m *message) {
	if m.get("Via") == b.f.t.req.get("Via") {
		return // our own 408, nobody waits for an ACK
	}
	ack := b.sibling("ACK")
	ack.set("To", m.get("To"))
	b.f.t.s.send(b.conn, ack)
}

// sibling is the ACK or CANCEL of the branch's INVITE.
func (b *branch) sibling(method string) *message {
	m := &message{method: method, uri: b.req.uri}
	m.add("Via", b.req.get("Via"))
	m.add("Max-Forwards", "70")
	for _, name := range []string{"From", "To", "Call-ID"} {
		m.add(name, b.req.get(name))
	}
	number, _, _ := strings.Cut(b.req.get("CSeq"), " ")
	m.add("CSeq", number+" "+method)
	for _, route := range b.req.all("Route") {
		m.add("Route", route)
	}
	return m
}

func (b *branch) wantCancel(reason string) {
	if b.final != nil || b.canceled || b.wanted {
		return
	}
	b.wanted, b.cancelFor = true, reason
	if b.proceeding {
		b.sendCancel()
	}
}

func (b *branch) sendCancel() {
	if b.canceled {
		return
	}
	b.canceled = true
	cancel := b.sibling("CANCEL")
	if b.cancelFor != "" {
		cancel.add("Reason", b.cancelFor)
	}
	b.f.t.s.send(b.conn, cancel)
	b.timer.Reset(b.f.t.s.lifetime())
}

// forward sends a target's response back to the caller.
func (f *fork) forward(m *message) {
	back := m.clone()
	back.removeFirst("Via")
	f.t.send(back)
}

// cancel passes the caller's CANCEL on.
func (f *fork) cancel(reason string) {
	for _, b := range f.branches {
		b.wantCancel(reason)
	}
}

// finished takes the final response of one branch (RFC 3261 section 16.7, steps 5 to 10).
func (f *fork) finished(b *branch) {
	switch {
	case b.final.code < 300:
		if f.t.req.method == "INVITE" || !f.answered {
			f.forward(b.final)
		}
		f.answered = true
		f.cancelOthers(b, completedElsewhere)
	case f.answered:
	case b.final.code >= 600:
		f.cancelOthers(b, "")
		f.conclude()
	default:
		f.conclude()
	}
}

func (f *fork) cancelOthers(winner *branch, reason string) {
	if f.t.req.method != "INVITE" {
		return
	}
	for _, b := range f.branches {
		if b != winner {
			b.wantCancel(reason)
		}
	}
}

// conclude sends the best response back once every branch has one.
func (f *fork) conclude() {
	for _, b := range f.branches {
		if b.final == nil {
			return
		}
	}
	best := f.branches[0].final
	for _, b := range f.branches[1:] {
		if rank(b.final.code) < rank(best.code) {
			best = b.final
		}
	}
	if best.get("Via") == f.t.req.get("Via") {
		f.t.send(best) // our own 408
		return
	}
	f.forward(f.withChallenges(best))
}

// rank orders final responses: 6xx first, then the lowest class, and in 4xx those a caller can act on.
func rank(code int) int {
	switch {
	case code >= 600:
		return 0
	case code == 401, code == 407, code == 415, code == 420, code == 484:
		return 390
	case code == 408:
		return 499
	}
	return code / 100 * 100
}

// withChallenges adds the challenges of every branch to a 401 or 407, and turns 503, which says nothing about
// this server, into 500 (RFC 3261 section 16.7, steps 6 and 7).
func (f *fork) withChallenges(best *message) *message {
	m := best.clone()
	switch m.code {
	case 503:
		m.code, m.reason = 500, reasonPhrase(500)
	case 401, 407:
		for _, b := range f.branches {
			if b.final != best && (b.final.code == 401 || b.final.code == 407) {
				m.addAll("WWW-Authenticate", b.final)
				m.addAll("Proxy-Authenticate", b.final)
			}
		}
	}
	return m
}

func (m *message) addAll(name string, from *message) {
	for _, value := range from.all(name) {
		m.add(name, value)
	}
}
