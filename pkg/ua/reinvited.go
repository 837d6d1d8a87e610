package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
)

// recvOffer takes a re-INVITE, or an UPDATE with SDP.
func (s *session) recvOffer(now time.Time, stx *txn.Server) {
	c := s.c
	switch {
	case s.over():
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	case s.pending != nil || s.stx != nil && s.preview != previewDone:
		s.replyLater(now, stx)
		return
	case s.op != nil && s.op.started, s.unacked != nil && s.unacked.late,
		s.info.State == CallConnecting && s.info.Direction == Outgoing,
		s.info.State != CallEstablished && s.info.State != CallConnecting && s.stx == nil:
		c.reply(now, stx, sip.StatusRequestPending)
		return
	}
	s.pending = stx
	s.answerOffer(stx)
}

// answerOffer makes the answer to a pending offer of theirs, or the offer that their INVITE without one wants. Where the audio is
// lost, it waits for the next one.
func (s *session) answerOffer(stx *txn.Server) {
	offer := stx.Request().SDP
	done := func(now time.Time, sdp []byte, err error) { s.offerAnswered(now, stx, offer, sdp, err) }
	if len(offer) == 0 {
		s.audio.offer(s.direction(s.info.HeldLocal), done)
		return
	}
	wish := media.SendRecv // what the offer leaves of it the engine knows
	if s.info.HeldLocal {
		wish = media.SendOnly
	}
	s.audio.answer(offer, wish, done)
}

func retryAfter(d time.Duration) sip.Header {
	return sip.NewHeader("Retry-After", fmt.Sprint(int(d/time.Second)))
}

// offerAnswered answers their re-INVITE or UPDATE. What we cannot do is 488, and the call goes on as before.
func (s *session) offerAnswered(now time.Time, stx *txn.Server, offer, sdp []byte, err error) {
	late := len(offer) == 0
	if s.pending != stx || s.over() {
		s.answerUnwanted(now, late, err)
		return
	}
	if errors.Is(err, media.ErrLost) {
		return // answerOffer comes again
	}
	s.pending = nil
	if err != nil {
		s.c.fault(now, fmt.Errorf("ua: offer of the other side: %w", err))
		s.c.reply(now, stx, sip.StatusNotAcceptableHere, s.c.warning(err))
		return
	}
	s.dlg.refreshTarget(&stx.Request().Head)
	s.answeredOver(now)
	res := s.okResponse(now, s.dlg, stx.Request(), sdp)
	a := s.audio
	if !late {
		s.unagreed = false
		s.heldRemotely(offer)
	}
	if stx.Request().Method != sip.INVITE {
		s.c.txns.Respond(now, stx, res)
		return
	}
	establishing := s.unacked // the ACK of the first INVITE may be lost; this one will do
	s.sendUntilAcked(now, &unacked{stx: stx, res: res, late: late,
		acked: func(now time.Time, answer []byte) { s.offerAcked(now, a, late, answer) },
		expired: func(now time.Time) {
			s.leave(now, explained(CauseTimeout, 0, "no ACK", "The other side no longer answers; call again."))
		}})
	if establishing != nil {
		establishing.acked(now, nil)
	}
}

// answerUnwanted is called when a description is made for an offer that has been taken back meanwhile (CANCEL). What the offer
// brought is in use here and only here: the other side is offered that. A repair, which comes anyhow, does the same.
func (s *session) answerUnwanted(now time.Time, late bool, err error) {
	switch {
	case err != nil || s.over():
	case late:
		s.audio.rollback()
	case s.info.State == CallEstablished && !s.broken:
		s.mend(now)
	}
}

func (s *session) heldRemotely(sdp []byte) {
	s.remote = mirrored(sdp)
	if held := heldBy(s.remote); held != s.info.HeldRemote {
		s.info.HeldRemote = held
		s.changed()
	}
}

// offerAcked takes the answer to an offer of ours that a has made and that left in a 200.
func (s *session) offerAcked(now time.Time, a *audio, late bool, answer []byte) {
	if !late || s.over() {
		return
	}
	if len(answer) == 0 {
		s.lateUnusable(now, errNoSDP)
		return
	}
	a.setAnswer(now, answer, func(now time.Time, err error) {
		switch {
		case s.over():
			return
		case err == nil:
			s.unagreed = false
		case !errors.Is(err, media.ErrLost):
			s.lateUnusable(now, err)
			return
		}
		s.remote = mirrored(answer)
		if held := heldAfter(s.remote, s.info.HeldLocal, s.info.HeldRemote); held != s.info.HeldRemote {
			s.info.HeldRemote = held
			s.changed()
		}
	})
}
