package ua

import (
	"cmp"
	"fmt"
	"time"
)

// lostLimit is how long a call lives without its connection.
const lostLimit = 60 * time.Second

// callsUnreachable is called when the connection is lost. Calls that are not answered yet cannot be saved: their
// responses would look for a connection that is gone. Answered ones wait: their audio takes another way.
func (c *core) callsUnreachable(now time.Time, f *flow) {
	for _, s := range c.snapshotSessions() {
		s.cutQuestions()
		switch {
		case s.info.State == CallEnded || s.flow != f:
		case s.info.State == CallEnding && s.dlg != nil:
			c.byeLater(now, s.dlg)
			s.end(now, s.why)
		case s.info.State == CallEnding:
			s.end(now, s.why)
		case s.info.State == CallEstablished, s.info.State == CallConnecting:
			s.unreachable(now)
		default:
			s.cutOff(now)
		}
	}
}

func (c *core) snapshotSessions() []*session { return append([]*session(nil), c.sessions...) }

// unreachable is called when the call has lost its connection. Whatever waited for a message over it is put back to where it can
// begin anew, and the call has lostLimit to be repaired.
func (s *session) unreachable(now time.Time) {
	s.pending = nil
	u := s.unacked
	s.stopUnacked()
	s.broken, s.repairs, s.unbound = true, 0, false
	s.c.alarms.stop(&s.repair)
	s.c.alarms.stop(&s.restart)
	if !s.lost.set {
		s.c.alarms.start(&s.lost, now.Add(lostLimit), s.lostLong)
	}
	switch {
	case u == nil:
	case !u.late:
		s.establish(now) // the ACK may have been on its way; the re-INVITE will tell
	default: // our offer in the 200 will not be answered
		s.audio.rollback()
		if s.info.State == CallConnecting {
			s.establishWith(now, &offerOp{kind: opFresh, hold: s.info.HeldLocal})
		}
	}
}

// callsReachable is called when the registrar knows our new connection, or the other flow has to take over: one re-INVITE for
// each dialog tells the proxy and the other side the new way (RFC 3261 section 12.2.1 target refresh), with new ICE credentials
// where the path of the audio is lost too. An offer that waits or is being made does that as well.
func (c *core) callsReachable(now time.Time, f *flow) {
	for _, s := range c.snapshotSessions() {
		if !s.broken || s.over() || s.dlg == nil || s.flow != f && s.flow.usable() {
			continue
		}
		s.repairOver(now, f)
	}
}

func (s *session) repairOver(now time.Time, f *flow) {
	s.c.alarms.stop(&s.lost)
	s.move(f)
	s.ackAgain(now)
	s.tend(now)
}

// lostLong is called when the registrar has not known our new connection for lostLimit. Where there is one, the repair leaves
// without it: the audio runs, and the way to the other side may be there although the registrar is out of order.
func (s *session) lostLong(now time.Time) {
	f := s.flow
	if !f.up() {
		f = s.c.lead()
	}
	switch why := f.reg.info.Cause; {
	case f.up():
		s.unbound = true
		s.repairOver(now, f)
	case why.Code != 0:
		s.leave(now, explained(CauseServer, why.Code, why.Reason, fmt.Sprintf(
			"The server has refused for more than a minute to register this phone again (%d); call again later.", why.Code)))
	default:
		s.leave(now, explained(CauseConnectionLost, 0, "",
			"The connection to the server was lost for more than a minute; call again when the network is back."))
	}
}

// ackAgain repeats an ACK that may have been lost with the connection: without it the other side takes no new offer, and ends the
// call after 64*T1 (RFC 3261 section 13.3.1.4). One that has come twice does no harm.
func (s *session) ackAgain(now time.Time) {
	ack := cmp.Or(s.dlg.reack, s.dlg.ack)
	if ack != nil && now.Before(s.ackUntil) {
		ack.SetSource(s.flow.host)
		s.c.send(ack)
	}
}

func (s *session) repairKind() opKind {
	switch {
	case s.restored:
		return opRestore
	case s.unagreed:
		return opRenew
	}
	return opRecover
}

// maxRepairs is how often a repair is sent anew, after 1, 2, 4 and 8 s.
const maxRepairs = 4

// repairAgainLater is called when our re-INVITE was refused. A server that has crashed cannot find the other side before that has
// registered too, so the repair comes again, unless theirs comes first. In the end the audio goes on without it.
func (s *session) repairAgainLater(now time.Time, why Cause) {
	switch {
	case s.repairs < maxRepairs:
		s.c.alarms.start(&s.repair, now.Add(s.c.jitter(time.Second<<s.repairs)), s.tend)
		s.repairs++
	case s.restored || s.unagreed:
		s.failMedia(now, why)
	default:
		s.repaired(now)
		why.Kind = CauseConnectionLost // what came of it: no change that somebody wanted has failed
		s.trouble(why)
	}
}

// answeredOver is called when the other side has answered an offer, or has made one: over the present connection, because what
// went over a lost one gets no answer.
func (s *session) answeredOver(now time.Time) {
	if s.broken && s.reachable() {
		s.repaired(now)
	}
}

// repaired ends the wait for the other side to learn of the new connection.
func (s *session) repaired(now time.Time) {
	s.broken, s.restored, s.repairs, s.unbound = false, false, 0, false
	s.c.alarms.stop(&s.lost)
	s.c.alarms.stop(&s.repair)
	s.keepVigil(now)
}
