package ua

import (
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// What the loss of the connection has kept us from saying is said over the next one, or at once over the other flow: BYE for an
// answered call, CANCEL for one of ours that rings, 480 for one that rings here. Each has the Via of the exchange it belongs to,
// because that is what a server finds it by (RFC 3261 sections 9.1 and 17.1.3), whatever connection it takes.
type late struct {
	until time.Time // the zero time: whenever it can be said
	say   func(now time.Time, f *flow)
}

const (
	// ringLate is how long it is worth while to say that nobody waits any more: then proxies have given up too (RFC 3261 timer C
	// is three minutes, most ring for less).
	ringLate = 2 * time.Minute
	maxLate  = 2 * maxCalls
)

// sayLater keeps what is to be said, before Run too: a restored call may be hung up while there was no connection yet. When there
// is too much the oldest is left out.
func (c *core) sayLater(l late) {
	if !c.closed {
		c.late = append(c.late[max(0, len(c.late)-maxLate+1):], l)
	}
}

// sayLate is called when a flow can be used.
func (c *core) sayLate(now time.Time, f *flow) {
	list := c.late
	c.late = nil
	for _, l := range list {
		if l.until.IsZero() || now.Before(l.until) {
			l.say(now, f)
		}
	}
}

// byeLater ends a dialog that cannot be reached. A BYE that has left already is the same one again, which the other side
// takes only once.
func (c *core) byeLater(now time.Time, d *dialog, headers ...sip.Header) {
	d.session = nil
	c.sayLater(late{say: func(now time.Time, f *flow) {
		d.flow = f
		if d.bye == nil {
			c.byeDialog(now, d, headers...)
			return
		}
		again := d.bye.Clone()
		again.RemoveHeader("Authorization")
		again.RemoveHeader("Proxy-Authorization")
		again.SetSource(f.host)
		c.exchangeBye(now, d, again, func(time.Time, *wire.Response, error) {})
	}})
}

// cancelLater gives up an INVITE of ours whose connection is lost: whoever rings is told when there is another one. Its
// responses are taken all the time: a 200 that crosses is acknowledged and ended.
func (s *session) cancelLater(now time.Time) {
	if s.ringsUntil.IsZero() {
		s.ringsUntil = now.Add(ringLate)
	}
	c, tx := s.c, s.tx
	if c.closed {
		return
	}
	c.txns.Resume(tx, s.ringsUntil)
	c.sayLater(late{until: s.ringsUntil, say: func(now time.Time, f *flow) {
		tx.Request().SetSource(f.host)
		c.txns.Cancel(now, tx)
	}})
}

// cutOff ends a call that is not answered, whose connection is lost.
func (s *session) cutOff(now time.Time) {
	if s.stx != nil {
		c, invite, tag := s.c, s.incoming, s.dlg.id.local
		c.sayLater(late{until: now.Add(ringLate), say: func(_ time.Time, f *flow) {
			res := c.response(invite, sip.StatusTemporarilyUnavailable, "", tag)
			res.SetSource(f.host)
			c.send(res)
		}})
		s.stx = nil
	}
	s.end(now, cutOffCause(s.info.Direction))
}

func cutOffCause(dir Direction) Cause {
	text := "The connection to the server was lost before the call was answered; call again when it is back."
	if dir == Incoming {
		text = "The connection to the server was lost while the call came in; the caller is told, and may call again."
	}
	return explained(CauseConnectionLost, 0, "", text)
}

// inviteCut is called when the connection of our INVITE is lost.
func (s *session) inviteCut(now time.Time) {
	s.cancelLater(now)
	why := s.why
	if why.Kind == CauseNone {
		why = cutOffCause(Outgoing)
	}
	s.end(now, why)
}
