//go:build !js

package siptest

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// CallState is how far a call with a number of the server is.
type CallState string

// The states of a call, in their order.
const (
	CallEarly     CallState = "early"     // the INVITE came
	CallAnswered  CallState = "answered"  // the 200 was sent
	CallConfirmed CallState = "confirmed" // its ACK came
	CallEnded     CallState = "ended"
)

// Call is what is known of a call with a number of the server.
type Call struct {
	CallID          string
	Number          string // "600" and so on
	User            string // who called
	State           CallState
	Cause           string // of the end: a status code such as "486", "CANCEL", "BYE received", "BYE sent" or "closed"
	Codec           string // "opus", "G722", "PCMU" or "PCMA"; "" before the offer was answered
	Direction       string // of the server's last answer, as "sendrecv"
	PacketsReceived uint64 // of audio, without DTMF
	PacketsSent     uint64
}

// counters are shared with the goroutines of the media.
type counters struct {
	received, sent atomic.Uint64
	sending        atomic.Bool // the direction lets us send
	tone           atomic.Bool // the tone plays in place of the echo
}

// peerCall is one call with a number of the server. The server's lock guards it, but for media.
//
//	early -> answered -> confirmed -> ended; any state may go to ended
type peerCall struct {
	s         *Server
	info      Call
	counters  *counters
	conn      *conn // the call came over it
	invite    *serverTxn
	localTag  string
	remote    string // URI of the other side's Contact
	localCSeq uint32
	lastCSeq  uint32 // of the other side
	timers    []*time.Timer
	session   *time.Timer // of RFC 4028
	resend    *time.Timer // of the 200 that has no ACK yet, or of a reliable 1xx
	unacked   bool        // a 200 to an INVITE has no ACK yet
	offered   bool        // that 200 had our offer: the ACK has the answer
	rseq      uint32      // of the reliable 1xx that has no PRACK yet, else 0
	onPRACK   func()

	jobs   chan func() // run by the worker in order
	ctx    context.Context
	cancel context.CancelFunc
	media  *echo // owned by the worker
	inUse  inUse // owned by the worker, deaf aside
}

// Calls are the calls with the server's numbers so far, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Call, len(s.records))
	for i, c := range s.records {
		list[i] = c.snapshot()
	}
	return list
}

// WaitCall waits until a call with one of the server's numbers, old or new, is as match wants.
func (s *Server) WaitCall(ctx context.Context, match func(Call) bool) (found Call, err error) {
	err = s.wait(ctx, func() bool {
		for _, c := range s.records {
			if found = c.snapshot(); match(found) {
				return true
			}
		}
		return false
	})
	return found, err
}

func (c *peerCall) snapshot() Call {
	info := c.info
	info.PacketsReceived, info.PacketsSent = c.counters.received.Load(), c.counters.sent.Load()
	return info
}

// maxCalls bounds what Calls remembers.
const maxCalls = 1000

func (s *Server) newCall(t *serverTxn, number string) *peerCall {
	m := t.req
	c := &peerCall{
		s: s, conn: t.conn, invite: t, localTag: t.toTag, remote: parseAddr(m.get("Contact")).uri, counters: &counters{},
		jobs: make(chan func(), 32),
		info: Call{CallID: m.callID(), Number: number, User: t.conn.user, State: CallEarly},
	}
	c.lastCSeq, _ = m.cseq()
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	c.counters.tone.Store(number == earlyNumber)
	t.call = c
	s.calls[c.info.CallID+"|"+c.localTag] = c
	if len(s.records) >= maxCalls {
		s.records = s.records[maxCalls/2:]
	}
	s.records = append(s.records, c)
	s.wg.Go(c.work)
	s.notify()
	return c
}

// callOf is the call a request belongs to.
func (s *Server) callOf(m *message) *peerCall { return s.calls[m.callID()+"|"+m.toTag()] }

// work runs the jobs of the call's media until the call has ended.
func (c *peerCall) work() {
	defer func() {
		if c.media != nil {
			c.media.close()
		}
	}()
	for {
		select {
		case job := <-c.jobs:
			job()
		case <-c.ctx.Done():
			return
		}
	}
}

// queue gives the worker a job; false when there are too many.
func (c *peerCall) queue(job func()) bool {
	select {
	case c.jobs <- job:
		return true
	default:
		return false
	}
}

// negotiate answers an offer, or makes one when there is none, and calls then under the lock.
func (c *peerCall) negotiate(offer []byte, then func(sdp []byte, err error)) {
	queued := c.queue(func() {
		sdp, err := c.describe(offer)
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		if c.info.State == CallEnded {
			return
		}
		if err == nil {
			c.info.Codec, c.info.Direction = c.media.codec.name, string(c.media.direction)
		}
		then(sdp, err)
	})
	if !queued {
		then(nil, errBusy)
	}
}

// after runs f later unless the call has ended.
func (c *peerCall) after(d time.Duration, f func()) *time.Timer {
	timer := c.s.after(d, func() {
		if c.info.State != CallEnded {
			f()
		}
	})
	c.timers = append(c.timers, timer)
	return timer
}

// contact is the server's own Contact in the call. Its host is no domain of the server, so that a request to the
// number in place of the Contact is noticed.
func (c *peerCall) contact() string {
	return fmt.Sprintf("sip:%s@%s%s;transport=ws", c.info.Number, numbersHost, c.s.Domain)
}

const numbersHost = "numbers."

// dialogFields go into every response that makes or confirms the dialog.
func (c *peerCall) dialogFields() []field {
	fields := []field{{"Contact", "<" + c.contact() + ">"}, allow, {"Supported", "100rel, timer"}}
	if !c.s.opts.NoRecordRoute {
		fields = append(fields, field{"Record-Route", c.s.routeURI()})
	}
	return fields
}

// answer sends the 200 with a description, or 488 when there is none, and repeats it until the ACK comes
// (RFC 3261 section 13.3.1.4).
func (c *peerCall) answer(t *serverTxn, sdp []byte, err error) {
	if err != nil {
		c.refuse(t, 488)
		return
	}
	c.offered = len(t.req.body) == 0
	c.unacked = true
	extra := append(c.dialogFields(), c.sessionTimer(t.req)...)
	t.respondBody(200, "", sdp, append(extra, field{"Content-Type", "application/sdp"})...)
	if c.info.State == CallEarly {
		c.setState(CallAnswered)
	}
	c.repeat(t, c.s.opts.T1, c.s.lifetime(), func() { c.hangup() })
}

// refuse answers an INVITE in vain: the first one ends the call, another leaves it as it was.
func (c *peerCall) refuse(t *serverTxn, code int) {
	if t == c.invite {
		c.reject(code)
		return
	}
	t.respond(code, "")
}

// repeat sends the transaction's last response again and again, at growing intervals, until resend is stopped.
func (c *peerCall) repeat(t *serverTxn, interval, left time.Duration, giveUp func()) {
	c.resend = c.after(interval, func() {
		if left <= 0 {
			giveUp()
			return
		}
		c.s.send(t.conn, t.last)
		c.repeat(t, min(2*interval, 8*c.s.opts.T1), left-interval, giveUp)
	})
}

// ring sends a provisional response, reliably when the caller wants it (RFC 3262).
func (c *peerCall) ring(code int, sdp []byte) {
	t, extra := c.invite, c.dialogFields()
	if len(sdp) > 0 {
		extra = append(extra, field{"Content-Type", "application/sdp"})
	}
	reliable := t.req.hasToken("Require", "100rel") || (c.s.opts.Reliable1xx && t.req.hasToken("Supported", "100rel"))
	if !reliable {
		t.respondBody(code, "", sdp, extra...)
		return
	}
	c.rseq = 1
	extra = append(extra, field{"Require", "100rel"}, field{"RSeq", "1"})
	t.respondBody(code, "", sdp, extra...)
	c.repeat(t, c.s.opts.T1, c.s.lifetime(), func() { c.reject(504) })
}

// whenAcknowledged runs f once no reliable provisional response waits for its PRACK.
func (c *peerCall) whenAcknowledged(f func()) {
	if c.rseq != 0 {
		c.onPRACK = f
		return
	}
	f()
}

func (c *peerCall) reject(code int, more ...field) {
	c.invite.respond(code, "", more...)
	c.finish(fmt.Sprint(code))
}

// canceled takes the caller's CANCEL.
func (c *peerCall) canceled() {
	if c.info.State != CallEarly {
		return
	}
	c.invite.respond(487, "")
	c.finish("CANCEL")
}

// acknowledge takes the ACK of a 200.
func (c *peerCall) acknowledge(m *message) {
	if !c.unacked || uriKey(m.uri) != uriKey(c.contact()) {
		return
	}
	c.unacked = false
	c.resend.Stop()
	if c.offered {
		c.offered = false
		c.queue(func() { c.takeAnswer(m.body) })
	}
	if c.info.State != CallAnswered {
		return
	}
	c.setState(CallConfirmed)
	if c.info.Number == hangupNumber {
		c.after(c.s.opts.TalkTime, c.hangup)
	}
}

// HangUp ends a call with one of the server's numbers from the server's side. It reports whether there was one.
func (s *Server) HangUp(callID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.info.CallID == callID {
			c.hangup()
			return true
		}
	}
	return false
}

// hangup ends the call from the server's side.
func (c *peerCall) hangup() {
	c.request("BYE")
	c.finish("BYE sent")
}

// request sends a request inside the dialog; its response is not waited for.
func (c *peerCall) request(method string) {
	first := c.invite.req
	c.localCSeq++
	m := &message{method: method, uri: c.remote}
	m.add("Via", c.s.via(newBranch()))
	m.add("Max-Forwards", "70")
	m.add("From", first.get("To")+";tag="+c.localTag)
	m.add("To", first.get("From"))
	m.add("Call-ID", c.info.CallID)
	m.add("CSeq", fmt.Sprintf("%d %s", c.localCSeq, method))
	if method != "BYE" {
		m.add("Contact", "<"+c.contact()+">")
	}
	m.add("User-Agent", "siptest")
	if mannersOf[c.info.Number].firstConnection {
		c.s.send(c.conn, m)
		return
	}
	for _, to := range c.s.inDialogTarget(m, c.remote) {
		c.s.send(to.conn, m)
	}
}

// end frees the call when the server closes.
func (c *peerCall) end() { c.finish("closed") }

func (c *peerCall) finish(cause string) {
	if c.info.State == CallEnded {
		return
	}
	c.info.Cause = cause
	delete(c.s.calls, c.info.CallID+"|"+c.localTag)
	for _, timer := range c.timers {
		timer.Stop()
	}
	c.cancel()
	c.setState(CallEnded)
}

func (c *peerCall) setState(state CallState) {
	c.info.State = state
	c.s.notify()
}
