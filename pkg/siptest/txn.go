//go:build !js

package siptest

import (
	"crypto/rand"
	"strings"
	"time"
)

// serverTxn is the server side of a request (RFC 3261 section 17.2, RFC 6026). It is guarded by the server's lock.
//
//	            1xx               2xx to INVITE: accepted, absorbs retransmissions for 64*T1
//	request -> proceeding -+---> 300-699 to INVITE: completed, until the ACK or 64*T1
//	                       +---> any other final response: gone, the transport is reliable
type serverTxn struct {
	s     *Server
	key   string
	conn  *conn
	req   *message
	toTag string   // of the responses that the server makes itself
	last  *message // what a retransmission is answered with
	final bool
	fork  *fork     // where an INVITE or another request was forwarded
	call  *peerCall // or which call of a number of our own it belongs to
	timer *time.Timer
}

// txnKey identifies a server transaction: branch, sent-by and method, an ACK or CANCEL has its INVITE's
// (RFC 3261 section 17.2.3).
func txnKey(m *message) string {
	via := parseAddr(m.get("Via"))
	method := m.method
	if method == "ACK" || method == "CANCEL" {
		method = "INVITE"
	}
	_, sentBy, _ := strings.Cut(strings.TrimSpace(via.uri), " ")
	return via.param("branch") + "|" + strings.ToLower(strings.TrimSpace(sentBy)) + "|" + method
}

func (s *Server) newServerTxn(c *conn, m *message) *serverTxn {
	t := &serverTxn{s: s, key: txnKey(m), conn: c, req: m, toTag: rand.Text()[:10]}
	if m.method == "CANCEL" {
		return t // has its INVITE's key and is never retransmitted
	}
	s.txns[t.key] = t
	return t
}

// respond answers with a response of the server's own.
func (t *serverTxn) respond(code int, reason string, extra ...field) {
	t.respondBody(code, reason, nil, extra...)
}

func (t *serverTxn) respondBody(code int, reason string, body []byte, extra ...field) {
	m := t.req.response(code, reason, t.toTag)
	m.fields = append(m.fields, extra...)
	m.add("Server", "siptest")
	m.body = body
	t.send(m)
}

// send sends a response and moves the transaction on.
func (t *serverTxn) send(m *message) {
	if t.final && (m.code < 200 || m.code >= 300) {
		return
	}
	t.last = m
	t.s.send(t.conn, m)
	if m.code < 200 || t.final {
		return
	}
	t.final = true
	if t.req.method != "INVITE" {
		t.forget()
		return
	}
	t.timer = t.s.after(t.s.lifetime(), t.forget)
}

func (t *serverTxn) forget() {
	if t.s.txns[t.key] == t {
		delete(t.s.txns, t.key)
	}
	if t.timer != nil {
		t.timer.Stop()
	}
}

// acknowledged takes the ACK of a final response above 299.
func (t *serverTxn) acknowledged() {
	if t.final && t.last.code >= 300 {
		t.forget()
	}
}
