//go:build !js

package siptest

import "strings"

// The numbers that the server answers itself.
const (
	echoNumber    = "600"
	busyNumber    = "601"
	earlyNumber   = "602"
	declineNumber = "603"
	ringNumber    = "604"
	hangupNumber  = "605"
	restartNumber = "606"
	strictNumber  = "607"
	halfNumber    = "608"
)

func (s *Server) isNumber(user string) bool {
	if s.opts.NoNumbers || s.known(user) {
		return false
	}
	switch user {
	case echoNumber, busyNumber, earlyNumber, declineNumber, ringNumber, hangupNumber, restartNumber, strictNumber, halfNumber:
		return true
	}
	return false
}

// serveNumber answers a request outside a dialog to a number of the server. Called with mu held, as everything below.
func (s *Server) serveNumber(t *serverTxn, number string) {
	switch t.req.method {
	case "INVITE":
		s.serveInvite(t, number)
	case "MESSAGE":
		t.respond(200, "")
		s.echoMessage(t)
	case "OPTIONS":
		t.respond(200, "", allow, field{"Accept", "application/sdp"}, field{"Supported", "100rel, timer"})
	case "SUBSCRIBE", "PUBLISH":
		t.respond(489, "")
	default:
		t.respond(405, "", allow)
	}
}

var allow = field{"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, NOTIFY, PRACK, UPDATE"}

// serveInvite starts a call with a number.
func (s *Server) serveInvite(t *serverTxn, number string) {
	contentType, _, _ := strings.Cut(t.req.get("Content-Type"), ";")
	switch {
	case unsupported(t.req) != "":
		t.respond(420, "", field{"Unsupported", unsupported(t.req)})
		return
	case len(t.req.body) > 0 && !strings.EqualFold(strings.TrimSpace(contentType), "application/sdp"):
		t.respond(415, "", field{"Accept", "application/sdp"})
		return
	case t.req.get("Contact") == "":
		t.respond(400, "Contact Missing")
		return
	}
	t.respond(100, "")
	c := s.newCall(t, number)
	switch number {
	case echoNumber, hangupNumber, restartNumber, strictNumber, halfNumber:
		c.negotiate(t.req.body, func(sdp []byte, err error) { c.answer(t, sdp, err) })
	case busyNumber:
		c.ring(180, nil)
		c.after(s.opts.RingTime, func() { c.reject(486, field{"Reason", "Q.850;cause=17"}) })
	case earlyNumber:
		c.negotiate(t.req.body, c.playEarly)
	case declineNumber:
		c.reject(603)
	case ringNumber:
		c.ring(180, nil)
	}
}

// unsupported lists what the request requires and no number can do.
func unsupported(m *message) string {
	var list []string
	for _, value := range m.all("Require") {
		for option := range strings.SplitSeq(value, ",") {
			if option = strings.ToLower(strings.TrimSpace(option)); option != "100rel" && option != "timer" {
				list = append(list, option)
			}
		}
	}
	return strings.Join(list, ", ")
}

// playEarly is 602: the tone, and after a while the answer with the same description.
func (c *peerCall) playEarly(sdp []byte, err error) {
	if err != nil || len(c.invite.req.body) == 0 {
		c.reject(488)
		return
	}
	c.ring(183, sdp)
	c.after(c.s.opts.EarlyTime, func() {
		c.whenAcknowledged(func() {
			c.counters.tone.Store(false)
			c.answer(c.invite, sdp, nil)
		})
	})
}

// echoMessage sends a text back to where it came from.
func (s *Server) echoMessage(t *serverTxn) {
	m := &message{method: "MESSAGE", uri: parseAddr(t.req.get("From")).uri, body: t.req.body}
	to := target{t.conn, m.uri}
	for _, b := range s.reachable(t.conn.user) {
		if b.conn == t.conn {
			to.uri = b.Contact
		}
	}
	m.uri = to.uri
	m.add("Via", s.via(newBranch()))
	m.add("Max-Forwards", "70")
	m.add("From", "<"+parseAddr(t.req.get("To")).uri+">;tag="+t.toTag)
	m.add("To", "<"+parseAddr(t.req.get("From")).uri+">")
	m.add("Call-ID", newBranch())
	m.add("CSeq", "1 MESSAGE")
	m.add("Content-Type", t.req.get("Content-Type"))
	s.send(to.conn, m)
}
