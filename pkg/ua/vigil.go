package ua

import (
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// vigil looks after a call that has lost its connection and got it back. The other side's BYE may have gone to the connection
// that was lost, or still go there, because a server may send it where the dialog began. So where no packet of the other side
// comes it is asked whether it still knows the call.
//
//	silent --packets--> talking --none for 5 s--> silent, asked every 5 s for a minute, then every minute
type vigil struct {
	alarm alarm
	heard uint64 // packets at the last look
	asked int    // since the last packet
	open  bool   // an answer is awaited
	kept  bool   // the connection was lost in this call, and is back
}

const (
	vigilStep  = 5 * time.Second
	vigilSlow  = time.Minute
	vigilQuick = 12 // questions at vigilStep
)

// keepVigil begins with a call that has its connection back.
func (s *session) keepVigil(now time.Time) {
	s.vigil.asked, s.vigil.kept = 0, true
	if s.over() {
		return
	}
	s.audio.heard(func(_ time.Time, packets uint64) { s.vigil.heard = packets })
	s.c.alarms.start(&s.vigil.alarm, now.Add(vigilStep), s.lookAfter)
}

// lookAfter reads whether packets have come since the last look.
func (s *session) lookAfter(now time.Time) {
	if s.over() || s.broken {
		return
	}
	s.audio.heard(func(now time.Time, packets uint64) {
		if s.over() || s.broken {
			return
		}
		if packets > s.vigil.heard {
			s.vigil.asked = 0
		} else {
			s.askWhetherThere(now)
		}
		s.vigil.heard = packets
	})
	step := vigilStep
	if s.vigil.asked >= vigilQuick {
		step = vigilSlow
	}
	s.c.alarms.start(&s.vigil.alarm, now.Add(step), s.lookAfter)
}

// askWhetherThere sends OPTIONS in the dialog, unless the answer to something else will tell as well.
func (s *session) askWhetherThere(now time.Time) {
	if s.vigil.open || s.op != nil || s.pending != nil || !s.flow.up() {
		return
	}
	s.vigil.asked++
	s.vigil.open = true
	req := s.c.dialogRequest(s.dlg, sip.OPTIONS, s.dlg.next())
	s.c.describeQuery(req, s.contact())
	s.c.inDialog(now, s.dlg, req, func(now time.Time, res *wire.Response, err error) {
		s.vigil.open = false
		if err == nil && gone(res.StatusCode) && !s.over() {
			s.leave(now, leftUnheard(res.StatusCode))
		}
	})
}

// leftUnheard is why a call ended whose BYE went to a connection that was lost.
func leftUnheard(code int) Cause {
	return explained(CauseHangupRemote, code, "", "The other side is no longer in this call, "+
		"and could not say so while the connection was lost; call again if the talk was not over.")
}
