package ua

import (
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
)

// answer responds somehow to one of the open requests.
func (c *chaos) answer() {
	if len(c.out) == 0 {
		return
	}
	i := c.rnd.IntN(len(c.out))
	req := c.out[i]
	code := []int{100, 180, 183, 200, 200, 200, 202, 302, 401, 407, 422, 481, 486, 487, 488, 491, 500, 503, 603}[c.rnd.IntN(19)]
	if req.Method == sip.REGISTER {
		code = []int{200, 200, 200, 401, 500}[c.rnd.IntN(5)]
	}
	if at, ok := c.accepted[req]; ok {
		code = 200
		if time.Since(at) > 31*time.Second {
			return // no server repeats a 200 that long
		}
	}
	c.note("<-- %d %s %s", code, req.Method, req.CallID().Value())
	extra := []string{"tag=" + c.pick("a", "b", "c"), okContact}
	if req.Method == sip.INVITE && c.rnd.IntN(4) > 0 {
		extra = append(extra, sdp(c.pick("a", "b"), c.pick("a=sendrecv", "a=recvonly", "a=inactive")))
	}
	switch {
	case code < 200 && c.rnd.IntN(2) == 0:
		extra = append(extra, "Require: 100rel", "RSeq: "+c.pick("1", "2", "3"))
	case code == 302:
		extra[1] = "Contact: <sip:" + c.pick("x", "y", "z") + "@example.com>"
	case code == 422:
		extra = append(extra, "Min-SE: "+c.pick("90", "2000", "3000"))
	case code < 300:
		extra = append(extra, c.pick("X-None: 1", "Session-Expires: 100;refresher=uac", "Session-Expires: 90;refresher=uas"),
			c.pick("Allow: UPDATE", "Allow: INVITE"))
	}
	if code == 401 || code == 407 {
		extra = append(extra, c.challenges(req, code))
	}
	if req.Method == sip.REGISTER && code == 200 {
		c.grant(req, 600)
	} else {
		c.respond(req, code, extra...)
	}
	if req.Method == sip.INVITE && code > 100 && code < 200 && tagOf(req.To().Params) == "" && c.rnd.IntN(3) == 0 {
		c.peers = append(c.peers, c.called(req, extra[0][4:])) // may act in the early dialog
	}
	c.answered(req, code, i)
}

func (c *chaos) answered(req *sip.Request, code, i int) {
	if req.Method == sip.BYE && (code == 401 || code == 407) {
		c.tried[branchOf(req)] = true
	}
	if code < 200 {
		return
	}
	if req.Method != sip.INVITE || code >= 300 {
		c.out = append(c.out[:i:i], c.out[i+1:]...)
	}
	if req.Method != sip.INVITE {
		return
	}
	if _, ok := c.accepted[req]; !ok && code < 300 {
		c.accepted[req] = time.Now()
	}
	c.collect()
	for _, m := range append(slices.Clone(c.sent), append(c.parked[serverA], c.parked[serverB]...)...) {
		if ack, ok := m.(*sip.Request); ok && ack.Method == sip.ACK && ack.CSeq().SeqNo == req.CSeq().SeqNo &&
			*ack.CallID() == *req.CallID() {
			c.become(req, ack)
			return
		}
	}
	if code >= 300 {
		return // its transaction may have timed out
	}
	c.blame("no ACK to %d for %s CSeq %d", code, req.CallID().Value(), req.CSeq().SeqNo)
}

// become makes the peer of a call that was answered.
func (c *chaos) become(invite, ack *sip.Request) {
	if tagOf(invite.To().Params) == "" {
		c.peers = append(c.peers, c.called(invite, tagOf(ack.To().Params)))
	}
}

// peerActs lets the far end of a dialog do something.
func (c *chaos) peerActs() {
	if len(c.peers) == 0 {
		return
	}
	p := c.peers[c.rnd.IntN(len(c.peers))]
	act := c.pick("ACK", "ACK", "ACK", "CANCEL", "BYE", "INFO", "UPDATE", "INVITE", "OPTIONS", "old", "PRACK", "REFER", "NOTIFY")
	c.note("<-- %s %s", act, p.callID)
	switch act {
	case "ACK":
		c.recv(p.text("ACK", p.seq, c.pick("X-None: 1", sdp("ack"))))
	case "CANCEL":
		c.recv(p.text("CANCEL", p.seq, "branch="+c.invites[p]))
	case "INVITE":
		c.peerInvite(p)
	case "UPDATE":
		p.send("UPDATE", c.pick("X-None: 1", sdp("update", "a=sendonly")))
	case "PRACK":
		p.send("PRACK", "RAck: "+c.pick(c.rseq, c.rseq, "1")+" 1 INVITE", c.pick("X-None: 1", sdp("prack")))
	case "REFER":
		p.send("REFER", "Refer-To: <sip:1004@example.com>", c.pick("X-None: 1", "Refer-Sub: false"))
	case "NOTIFY":
		p.news(c.pick("active", "terminated"), c.pick("", "100 Trying", "180 Ringing", "200 OK", "486 Busy Here"))
	case "INFO":
		p.send("INFO", "Content-Type: application/dtmf", "body=5")
	case "old":
		c.recv(p.text("INFO", max(1, p.seq-3)))
	default:
		p.send(act)
	}
}
