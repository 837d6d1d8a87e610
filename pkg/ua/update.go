package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
)

// recvTargetRefresh takes a re-INVITE or UPDATE (RFC 3261 section 14.2, RFC 3311 section 5.2, RFC 4028 section 9).
func (s *session) recvTargetRefresh(now time.Time, d *dialog, stx *txn.Server) {
	req := stx.Request()
	if code, headers := checkTimer(req); code != 0 {
		s.c.reply(now, stx, code, headers...)
		return
	}
	s.learnMethods(&req.Head)
	if s.dlg == nil || d == s.dlg { // and not of a fork that lost
		s.followIdentity(req)
	}
	update := req.Method == sip.UPDATE
	switch {
	case update && len(req.SDP) == 0:
		d.refreshTarget(&req.Head)
		s.c.txns.Respond(now, stx, s.okResponse(now, d, req, nil))
	case update && d != s.dlg:
		s.recvEarlyOffer(now, d, stx)
	case d != s.dlg || !update && s.stx != nil:
		s.replyLater(now, stx)
	default:
		s.recvOffer(now, stx)
	}
}

// replyLater refuses an offer that came while another one of theirs is being answered (RFC 3261 section 14.2).
func (s *session) replyLater(now time.Time, stx *txn.Server) {
	s.c.reply(now, stx, sip.StatusInternalServerError, retryAfter(s.c.rnd.between(0, 10*time.Second)))
}

// recvEarlyOffer takes an UPDATE with SDP in an early dialog of our INVITE. It may come once our offer was answered in a
// reliable provisional response (RFC 3311 section 5.1); before that it meets our own offer.
func (s *session) recvEarlyOffer(now time.Time, d *dialog, stx *txn.Server) {
	switch {
	case s.pending != nil:
		s.replyLater(now, stx)
		return
	case !d.answered || d.audio == nil || s.over():
		s.c.reply(now, stx, sip.StatusRequestPending)
		return
	}
	s.pending = stx
	offer := stx.Request().SDP
	d.audio.answer(offer, media.SendRecv, func(now time.Time, sdp []byte, err error) {
		if s.pending != stx || s.over() {
			return
		}
		s.pending = nil
		switch {
		case errors.Is(err, media.ErrLost): // an answer has to come before the next one is offered
			s.c.reply(now, stx, sip.StatusRequestPending)
			return
		case err != nil:
			s.c.fault(now, fmt.Errorf("ua: offer of the other side: %w", err))
			s.c.reply(now, stx, sip.StatusNotAcceptableHere, s.c.warning(err))
			return
		}
		d.refreshTarget(&stx.Request().Head)
		d.sdp = offer
		s.c.txns.Respond(now, stx, s.okResponse(now, d, stx.Request(), sdp))
		if s.dlg == d {
			s.heldRemotely(offer) // answered meanwhile
		}
	})
}

// rejectPending answers an offer of theirs that nobody will answer any more.
func (s *session) rejectPending(now time.Time) {
	if s.pending != nil && !s.pending.Final() {
		s.c.reply(now, s.pending, sip.StatusRequestTerminated)
	}
	s.pending = nil
}
