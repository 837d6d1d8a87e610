package ua

import "time"

// lostLimit is how long a call lives without its connection.
const lostLimit = 60 * time.Second

// callsUnreachable is called when the connection is lost. Calls that are not answered yet cannot be saved: their
// responses would look for a connection that is gone. Answered ones wait: their audio takes another way.
func (c *core) callsUnreachable(now time.Time, f *flow) {
	for _, s := range c.snapshotSessions() {
		switch {
		case s.info.State == CallEnded || s.flow != f:
		case s.info.State == CallEnding && s.dlg != nil:
			c.lateByes = append(c.lateByes, s.dlg)
			s.end(now, s.why)
		case s.info.State == CallEnding:
			s.end(now, s.why)
		case s.info.State == CallEstablished, s.info.State == CallConnecting:
			s.unreachable(now)
		default:
			s.stx = nil
			s.end(now, cause(CauseConnectionLost, 0, ""))
		}
	}
}

func (c *core) snapshotSessions() []*session { return append([]*session(nil), c.sessions...) }

func (s *session) unreachable(now time.Time) {
	s.pending = nil
	s.dropQuestion(now, 0)
	u := s.unacked
	s.stopUnacked()
	if s.info.State == CallConnecting && u != nil && !u.late {
		s.establish(now) // the ACK may have been on its way; the re-INVITE will tell
	}
	s.broken, s.repairs = true, 0
	s.c.alarms.stop(&s.repair)
	if !s.lost.set {
		s.c.alarms.start(&s.lost, now.Add(lostLimit), func(now time.Time) {
			s.leave(now, explained(CauseConnectionLost, 0, "",
				"The connection to the server was lost for more than a minute; call again when the network is back."))
		})
	}
}

// callsReachable is called when the registrar knows our new connection, or the other flow has to take over: one re-INVITE for
// each dialog tells the proxy and the other side the new way (RFC 3261 section 12.2.1 target refresh), with new ICE credentials.
func (c *core) callsReachable(now time.Time, f *flow) {
	for _, s := range c.snapshotSessions() {
		if !s.broken || s.over() || s.dlg == nil || s.flow != f && s.flow.usable() {
			continue
		}
		s.move(f)
		kind := opRecover
		if s.restored {
			kind = opRestore
		}
		if s.op != nil {
			s.op.kind = kind // an offer being made goes out as it is
			s.nextOp(now)
			continue
		}
		s.startOp(now, &offerOp{kind: kind, hold: s.info.HeldLocal})
	}
}

// maxRepairs is how often a repair is sent anew, after 1, 2, 4 and 8 s.
const maxRepairs = 4

// repairRefused is called when our re-INVITE was refused. A server that has crashed cannot find the other side before that has
// registered too, so the repair comes again, unless theirs comes first. What is refused for good changes nothing: the
// audio goes on.
func (s *session) repairRefused(now time.Time, code int) {
	if !temporary(code) || s.repairs >= maxRepairs {
		s.repaired(now)
		return
	}
	s.c.alarms.start(&s.repair, now.Add(s.c.jitter(time.Second<<s.repairs)), s.repairAgain)
	s.repairs++
}

func (s *session) repairAgain(now time.Time) {
	switch {
	case s.over() || !s.broken:
	case s.op != nil: // its answer will tell as well
		s.c.alarms.start(&s.repair, now.Add(time.Second), s.repairAgain)
	default:
		s.startOp(now, &offerOp{kind: opRecover, hold: s.info.HeldLocal})
	}
}

// repaired is called when the other side has answered over the new connection.
func (s *session) repaired(now time.Time) {
	s.broken, s.restored, s.repairs = false, false, 0
	s.c.alarms.stop(&s.lost)
	s.c.alarms.stop(&s.repair)
}
