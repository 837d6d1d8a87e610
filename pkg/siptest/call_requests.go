//go:build !js

package siptest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// serve answers a request inside the call's dialog. Called with mu held, as everything below.
func (c *peerCall) serve(t *serverTxn) {
	m := t.req
	t.call = c
	number, _ := m.cseq()
	switch {
	case uriKey(m.uri) != uriKey(c.contact()):
		t.respond(404, "Request-URI Is Not The Contact")
		return
	case m.fromTag() != c.invite.req.fromTag():
		t.respond(481, "")
		return
	case number <= c.lastCSeq:
		t.respond(500, "Out Of Order")
		return
	}
	c.lastCSeq = number
	if contact := parseAddr(m.get("Contact")).uri; contact != "" && (m.method == "INVITE" || m.method == "UPDATE") {
		c.remote = contact
	}
	c.dispatch(t)
}

func (c *peerCall) dispatch(t *serverTxn) {
	switch t.req.method {
	case "INVITE":
		c.reInvite(t)
	case "UPDATE":
		c.update(t)
	case "BYE":
		c.bye(t)
	case "PRACK":
		c.prack(t)
	case "INFO":
		c.takeInfo(t)
	case "OPTIONS":
		t.respond(200, "", allow)
	case "MESSAGE", "NOTIFY":
		t.respond(200, "")
	case "REFER":
		t.respond(603, "")
	default:
		t.respond(405, "", allow)
	}
}

// reInvite answers a new offer, or makes one when there is none (RFC 3261 section 14.2).
func (c *peerCall) reInvite(t *serverTxn) {
	if c.unacked || c.info.State == CallEarly {
		t.respond(500, "", field{"Retry-After", "1"})
		return
	}
	t.respond(100, "")
	c.negotiate(t.req.body, func(sdp []byte, err error) { c.answer(t, sdp, err) })
}

func (c *peerCall) update(t *serverTxn) {
	extra := append(c.dialogFields(), c.sessionTimer(t.req)...)
	if len(t.req.body) == 0 {
		t.respond(200, "", extra...)
		return
	}
	c.negotiate(t.req.body, func(sdp []byte, err error) {
		if err != nil {
			t.respond(488, "")
			return
		}
		t.respondBody(200, "", sdp, append(extra, field{"Content-Type", "application/sdp"})...)
	})
}

func (c *peerCall) bye(t *serverTxn) {
	t.respond(200, "")
	if c.info.State == CallEarly {
		c.invite.respond(487, "")
	}
	c.finish("BYE received")
}

// prack takes the acknowledgement of a reliable provisional response (RFC 3262 section 3).
func (c *peerCall) prack(t *serverTxn) {
	number, method := c.invite.req.cseq()
	if c.rseq == 0 || t.req.get("RAck") != fmt.Sprintf("%d %d %s", c.rseq, number, method) {
		t.respond(481, "")
		return
	}
	c.rseq = 0
	c.resend.Stop()
	t.respond(200, "")
	if c.onPRACK != nil {
		c.onPRACK()
	}
}

// sessionTimer agrees to the session interval that the request asks for (RFC 4028 section 9) and starts it.
func (c *peerCall) sessionTimer(m *message) []field {
	seconds, ok := m.seconds("Session-Expires")
	if !ok || !m.hasToken("Supported", "timer") || seconds == 0 {
		return nil
	}
	refresher := parseAddr(m.get("Session-Expires")).param("refresher")
	if refresher == "" {
		refresher = "uac"
	}
	c.startSession(time.Duration(seconds)*time.Second, refresher == "uas")
	fields := []field{{"Session-Expires", strconv.Itoa(seconds) + ";refresher=" + refresher}}
	if refresher == "uac" {
		fields = append(fields, field{"Require", "timer"})
	}
	return fields
}

// startSession refreshes the session at half time when that is ours to do; otherwise the call ends when nobody does.
func (c *peerCall) startSession(interval time.Duration, ours bool) {
	if c.session != nil {
		c.session.Stop()
	}
	if !ours {
		c.session = c.after(interval, c.hangup)
		return
	}
	c.session = c.after(interval/2, func() {
		c.request("UPDATE")
		c.startSession(interval, true)
	})
}

// takeInfo records DTMF that came as INFO.
func (c *peerCall) takeInfo(t *serverTxn) {
	contentType, _, _ := strings.Cut(t.req.get("Content-Type"), ";")
	digit := infoDigit(strings.ToLower(strings.TrimSpace(contentType)), string(t.req.body))
	if digit == "" && len(t.req.body) > 0 {
		t.respond(415, "", field{"Accept", "application/dtmf-relay, application/dtmf"})
		return
	}
	t.respond(200, "")
	if digit != "" {
		c.addDTMF(digit, "info")
	}
}
