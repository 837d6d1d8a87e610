package ua

import (
	"errors"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// ringAgain is how often the 180 is repeated so that no proxy on the way gives up (RFC 3261 section 13.3.1.1).
const ringAgain = time.Minute

// unacked is a 2xx to an INVITE that goes out again and again until its ACK has come (RFC 3261 section 13.3.1.4).
type unacked struct {
	seq      uint32
	stx      *txn.Server
	res      *sip.Response
	interval time.Duration
	again    alarm
	limit    alarm
	late     bool                    // the offer was ours, so the ACK carries the answer
	whenDone func(now time.Time)     // a BYE that waits for the ACK; may be nil
	acked    func(time.Time, []byte) // the ACK is there, with this SDP
	expired  func(now time.Time)     // no ACK within 64*T1
}

// incoming takes an INVITE that begins a call (RFC 3261 section 13.3).
func (c *core) incoming(now time.Time, stx *txn.Server) {
	req := stx.Request()
	if len(req.Contacts) == 0 && !old(req) {
		c.reply(now, stx, sip.StatusBadRequest)
		return
	}
	if code, headers := c.refusesCall(req); code != 0 {
		c.reply(now, stx, code, headers...)
		return
	}
	old, code := c.replaced(req)
	switch {
	case code != 0:
		c.reply(now, stx, code)
		return
	case old != nil:
		c.askReplace(now, stx, old)
		return
	case c.full():
		c.reply(now, stx, sip.StatusBusyHere)
		return
	}
	s := c.newIncoming(now, stx)
	s.info.State = CallRinging
	s.provide(now, sip.StatusTrying)
	s.provide(now, sip.StatusRinging)
	s.expires(now, req)
	c.callsChanged(now)
	info := s.info
	s.handle.info.Store(&info)
	c.emit(IncomingCallEvent{Call: s.handle, Info: info, Headers: headersOf(req)})
	s.rehearseLater(now)
}

// old reports whether a request is of RFC 2543, whose INVITE may do without Contact: From has to serve.
func old(req *wire.Request) bool {
	branch, _ := wire.Param(req.Via().Params, "branch")
	return !strings.HasPrefix(branch, "z9hG4bK")
}

// refusesCall checks the extensions of an INVITE that begins a call.
func (c *core) refusesCall(req *wire.Request) (int, []sip.Header) {
	if c.cfg.Reliable1xx == ReliableRequired && !knows100rel(req) {
		return 421, []sip.Header{sip.NewHeader("Require", "100rel")}
	}
	return checkTimer(req)
}

// newIncoming makes the call and the dialog of an INVITE.
func (c *core) newIncoming(now time.Time, stx *txn.Server) *session {
	req := stx.Request()
	s := c.newSession(now, Incoming, c.cfg.Media, c.flowOf(req))
	s.stx, s.incoming = stx, req
	s.dlg = c.newDialogUAS(req, c.rnd.token(10))
	s.dlg.session = s
	c.dialogs[s.dlg.id] = s.dlg
	s.info.CallID = req.CallID().Value()
	s.learnCaller(req)
	return s
}

func headersOf(m sip.Message) []Header {
	var list []Header
	for _, f := range wire.Fields(m) {
		list = append(list, Header(f))
	}
	return list
}

// provide sends a provisional response, and the 180 again every minute. Where it has to be acknowledged, and the INVITE
// came without offer, it would have to carry ours (RFC 3262 section 5), for which the microphone is not open yet: then
// nothing says that we ring.
func (s *session) provide(now time.Time, code int) {
	res := s.provisionalResponse(code, nil)
	if code > 100 {
		s.c.alarms.start(&s.refresh, now.Add(ringAgain), func(now time.Time) { s.provide(now, code) })
	}
	switch {
	case code == 100 || !s.reliably():
		s.c.txns.Respond(now, s.stx, res)
	case s.rel == nil && len(s.incoming.SDP) > 0:
		s.provideReliably(now, res, nil)
	}
}

func (s *session) provisionalResponse(code int, sdp []byte) *sip.Response {
	res := s.c.response(s.incoming, code, "", s.dlg.id.local)
	if code > 100 {
		res.AppendHeader(s.contact())
		res.AppendHeader(sip.NewHeader("Allow", s.c.allow))
		s.c.announceControl(res)
	}
	if len(sdp) > 0 {
		ct := sip.ContentTypeHeader(sdpType)
		res.AppendHeader(&ct)
		res.SetBody(sdp)
	}
	return res
}

// ringLimit is how long a call may ring here. Whoever is still there after that is no caller: proxies give up after three minutes
// too (RFC 3261 timer C).
const ringLimit = 3 * time.Minute

// ringingLimit is how long an INVITE may wait for its answer: as the caller has set, and no longer than ringLimit.
func ringingLimit(req *wire.Request) time.Duration {
	if req.ExpiresErr == nil && req.Expires > 0 {
		return min(req.Expires, ringLimit)
	}
	return ringLimit
}

// expires ends the ringing: by 487 when the limit of the caller has passed (RFC 3261 section 13.3.1), by 480 at ours.
func (s *session) expires(now time.Time, req *wire.Request) {
	limit, code := ringingLimit(req), sip.StatusRequestTerminated
	if limit == ringLimit {
		code = sip.StatusTemporarilyUnavailable
	}
	s.c.alarms.start(&s.limit, now.Add(limit), func(now time.Time) { s.reject(now, code, cause(CauseNoAnswer, 0, "")) })
}

// accept gets the microphone, then answers. When the microphone fails the call goes on ringing.
func (s *session) accept(now time.Time, reply func(error)) {
	if s.info.Direction != Incoming || s.stx == nil || s.info.State != CallRinging {
		reply(ErrState)
		return
	}
	if s.accepts = append(s.accepts, reply); len(s.accepts) == 1 {
		s.unaccepted = 0
	}
	switch {
	case len(s.accepts) > 1, s.preview == previewSent: // under way
	case s.preview == previewDone:
		s.sendAnswer(now, nil, false)
	default:
		s.openForAccept(now)
	}
}

// unaccept takes Accept back: the call rings on when nobody is left who wants it answered.
func (s *session) unaccept() {
	if s.unaccepted++; s.stx == nil || len(s.accepts) == 0 || s.unaccepted < len(s.accepts) {
		return
	}
	s.accepts = nil
	if s.preview == previewNone { // else the audio is that of Progress
		s.audio.close()
		s.audio, s.anew = nil, nil
	}
}

// openForAccept gets the microphone and the session description of our 200.
func (s *session) openForAccept(time.Time) {
	s.answerAudio()
	s.hush()
	offer := s.incoming.SDP
	done := func(now time.Time, sdp []byte, err error) { s.acceptReady(now, offer, sdp, err) }
	if len(offer) == 0 {
		s.audio.offer(s.direction(s.info.HeldLocal), done)
		return
	}
	s.audio.answer(offer, s.direction(s.info.HeldLocal), done)
}

func (s *session) acceptReady(now time.Time, offer, sdp []byte, err error) {
	switch {
	case s.stx == nil:
		return
	case errors.Is(err, media.ErrLost):
		s.anew = s.openForAccept
		return
	case err != nil:
		s.acceptFailed(now, err)
		return
	}
	s.remote = mirrored(offer)
	s.sendAnswer(now, sdp, len(offer) == 0)
}

// sendAnswer sends the 200. late means that it carries our offer.
func (s *session) sendAnswer(now time.Time, sdp []byte, late bool) {
	res := s.okResponse(now, s.dlg, s.incoming, sdp)
	s.c.alarms.stop(&s.limit)
	s.c.alarms.stop(&s.refresh)
	s.stopReliable()
	stx, a := s.stx, s.audio
	s.stx = nil
	s.info.EarlyMedia = false
	s.setState(now, CallConnecting)
	s.sendUntilAcked(now, &unacked{stx: stx, res: res, late: late,
		acked: func(now time.Time, answer []byte) { s.inviteAcked(now, a, late, answer) },
		expired: func(now time.Time) {
			s.leave(now, explained(CauseTimeout, 0, "no ACK",
				"The answer did not reach the other side; check the network and call back."))
		}})
	answerAll(&s.accepts, nil)
	s.retire(now)
}

// acceptFailed keeps ringing when the microphone is the trouble, and refuses an offer that cannot be answered.
func (s *session) acceptFailed(now time.Time, err error) {
	s.audio.close()
	s.audio, s.anew = nil, nil
	answerAll(&s.accepts, mediaError(err))
	switch {
	case unacceptable(err):
		s.rejectOffer(now, err)
	case s.predecessor != nil: // nobody will try again
		s.reject(now, sip.StatusTemporarilyUnavailable, mediaCause(err))
	default:
		s.changed()
	}
}

// okResponse makes the 200 to an INVITE, UPDATE or PRACK in a dialog. A session refresh request starts the session timer.
func (s *session) okResponse(now time.Time, d *dialog, req *wire.Request, sdp []byte) *sip.Response {
	res := s.c.response(req, sip.StatusOK, "", d.id.local)
	res.AppendHeader(s.contact())
	res.AppendHeader(sip.NewHeader("Allow", s.c.allow))
	s.c.announceControl(res)
	res.AppendHeader(s.c.supportedHeader())
	if req.Method == sip.INVITE || req.Method == sip.UPDATE && d == s.dlg && s.stx == nil {
		s.acceptTimer(now, req, res)
	}
	if len(sdp) > 0 {
		ct := sip.ContentTypeHeader(sdpType)
		res.AppendHeader(&ct)
		res.SetBody(sdp)
	}
	return res
}

// inviteAcked completes an incoming call, whose description was made by a.
func (s *session) inviteAcked(now time.Time, a *audio, late bool, answer []byte) {
	if s.info.State != CallConnecting {
		return
	}
	if !late {
		s.establish(now)
		return
	}
	if len(answer) == 0 {
		s.leave(now, cause(CauseProtocol, 0, "ACK without SDP"), incompatible("no session description"))
		return
	}
	a.setAnswer(now, answer, func(now time.Time, err error) { s.answerApplied(now, answer, err) })
}

// sendUntilAcked sends a 2xx to an INVITE until the ACK has come: after T1, doubling up to T2, for 64*T1.
func (s *session) sendUntilAcked(now time.Time, u *unacked) {
	s.stopUnacked()
	s.unacked = u
	u.seq, u.interval = u.stx.Request().CSeq().SeqNo, txn.T1
	s.c.txns.Respond(now, u.stx, u.res)
	s.c.alarms.start(&u.again, now.Add(u.interval), s.repeatOK)
	s.c.alarms.start(&u.limit, now.Add(txn.Timeout), func(now time.Time) {
		s.stopUnacked()
		if u.whenDone != nil {
			u.whenDone(now)
			return
		}
		u.expired(now)
	})
}

func (s *session) repeatOK(now time.Time) {
	u := s.unacked
	s.c.txns.Respond(now, u.stx, u.res)
	u.interval = min(2*u.interval, txn.T2)
	s.c.alarms.start(&u.again, now.Add(u.interval), s.repeatOK)
}

func (s *session) stopUnacked() {
	if s.unacked != nil {
		s.c.alarms.stop(&s.unacked.again)
		s.c.alarms.stop(&s.unacked.limit)
		s.unacked = nil
	}
}

// recvAck takes the ACK to a 2xx of ours. A repeated one finds nothing to do.
func (s *session) recvAck(now time.Time, req *wire.Request) {
	u, seq := s.unacked, req.CSeq().SeqNo
	if u == nil || seq != u.seq && seq != 0 && seq == s.acked {
		return
	}
	s.acked = u.seq
	s.stopUnacked()
	if u.whenDone != nil {
		u.whenDone(now)
		return
	}
	u.acked(now, req.SDP)
}

// reject refuses an incoming call with a final response.
func (s *session) reject(now time.Time, code int, why Cause) {
	s.refuse(now, s.c.response(s.incoming, code, "", s.dlg.id.local), why)
}

func (s *session) refuse(now time.Time, res *sip.Response, why Cause) {
	stx := s.stx
	s.stx = nil
	s.c.txns.Respond(now, stx, res)
	s.end(now, why)
}

// recvCancel takes the caller's CANCEL (RFC 3261 section 9.2). It answers with the To tag of the INVITE's responses.
func (c *core) recvCancel(now time.Time, cancel, invite *txn.Server) {
	if invite == nil {
		c.reply(now, cancel, sip.StatusCallTransactionDoesNotExists)
		return
	}
	tag := ""
	s := c.sessionOf(invite)
	if s != nil {
		tag = s.dlg.id.local
	}
	res := c.response(cancel.Request(), sip.StatusOK, "", tag)
	c.txns.Respond(now, cancel, res)
	switch {
	case c.cancelQuestion(now, invite):
	case s == nil:
	case s.stx == invite:
		s.reject(now, sip.StatusRequestTerminated, cancelCause(cancel.Request()))
	case s.pending == invite:
		s.pending = nil
		c.reply(now, invite, sip.StatusRequestTerminated)
	}
}

// sessionOf finds the call whose INVITE or re-INVITE this is.
func (c *core) sessionOf(stx *txn.Server) *session {
	for _, s := range c.sessions {
		if s.stx == stx || s.pending == stx || s.unacked != nil && s.unacked.stx == stx {
			return s
		}
	}
	return nil
}

// cancelCause reads why the caller cancelled: Reason says when another device took the call (RFC 3326).
func cancelCause(req *wire.Request) Cause {
	for _, r := range reasons(req) {
		if takenElsewhere(r) {
			return cause(CauseAnsweredElsewhere, 0, r.Text)
		}
		if r.Protocol == "SIP" && r.Cause == 603 {
			return explained(CauseAnsweredElsewhere, 0, r.Text,
				"Another of your devices declined the call; nothing is left to do.")
		}
	}
	return cause(CauseCancelled, 0, "")
}
