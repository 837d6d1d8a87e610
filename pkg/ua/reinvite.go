package ua

import (
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// offerOp is an offer of ours inside a dialog: made, sent in a re-INVITE, answered or refused, and sent again after a
// collision with one of theirs (491).
type offerOp struct {
	kind    opKind
	hold    bool // HeldLocal afterwards
	replies []func(error)
	told    bool // somebody waited for the outcome
	started bool // the offer is being made or is out
	glares  int
	wait    alarm
	limit   alarm       // of an answer that does not come
	tx      *txn.Client // of the last try
	audio   *audio      // that makes the offer, or has made it
	early   bool        // a restart of a path that has not failed yet
	renewed bool        // it offers other ICE credentials than those in use
	ack     *sip.Request
	next    *offerOp // waits for the end of this one
}

type opKind int

const (
	opHold    opKind = iota // Hold and Resume
	opRestart               // a failed audio path: new ICE credentials
	opRecover               // the connection was lost: a new path for the signalling, and for the audio where that is lost too
	opRestore               // the page was loaded anew: the same from a new peer connection
	opRefresh               // the session timer wants a sign of life
	opFresh                 // the 200 came from another fork than the early media: a new peer connection
	opMend                  // an offer was refused or its answer is of no use: says once more what is in use
	opRenew                 // the audio is another one: the first offer of it
)

// quiet reports whether the offer is no business of the user.
func (op *offerOp) quiet() bool {
	return op.kind == opRefresh || op.kind == opMend || op.kind == opRenew
}

// needed reports whether there is no audio without it: nothing to go back to.
func (op *offerOp) needed() bool {
	return op.kind == opFresh || op.kind == opRestore || op.kind == opRenew
}

// reinviteLimit is how long a re-INVITE may go without final response, provisional ones or not, before it is cancelled.
const reinviteLimit = 40 * time.Second

// maxGlares is how many collisions in a row are taken before the caller is told.
const maxGlares = 5

// hold puts the call on hold or takes it back, by re-INVITE.
func (s *session) hold(now time.Time, held bool, reply func(error)) {
	switch {
	case s.info.State != CallEstablished || s.op != nil && (!s.op.quiet() || s.op.next != nil):
		reply(ErrState)
	case !s.flow.up():
		reply(ErrNotConnected)
	case s.info.HeldLocal == held:
		reply(nil)
	case s.op != nil:
		s.op.next = &offerOp{kind: opHold, hold: held, replies: []func(error){reply}}
	default:
		s.startOp(now, &offerOp{kind: opHold, hold: held, replies: []func(error){reply}})
	}
}

// hush stops the microphone while the user is muted or holds the call: sendonly would let the held side listen in. A hold
// begins before the other side agrees, and ends after it.
func (s *session) hush() {
	holding := s.info.HeldLocal || s.op != nil && s.op.kind == opHold && s.op.hold
	if s.audio != nil {
		s.audio.setMuted(s.info.Muted || holding)
	}
}

func (s *session) startOp(now time.Time, op *offerOp) {
	s.op = op
	s.hush()
	if !op.quiet() {
		s.info.Busy = true
		s.changed()
	}
}

// afterOp starts op, or leaves it to the end of the offers that are there.
func (s *session) afterOp(now time.Time, op *offerOp) {
	if s.op == nil {
		s.startOp(now, op)
		return
	}
	last := s.op
	for last.next != nil {
		last = last.next
	}
	last.next = op
}

// idle reports whether a new offer may leave: no offer under way on either side (RFC 3264 section 4), and an audio to make it.
func (s *session) idle() bool {
	return s.info.State == CallEstablished && s.pending == nil && (s.unacked == nil || !s.unacked.late) &&
		s.audio != nil && !s.audio.closed
}

// reachable reports whether an offer would find its way, and its answer too: a lost connection is back with its binding.
func (s *session) reachable() bool { return s.flow.up() && (!s.broken || s.unbound || s.flow.usable()) }

// nextOps lets the offers go that waited for something, at the end of every turn: whatever has ended in it, an answer of ours,
// the wait for an ACK or for the connection, need not think of them.
func (c *core) nextOps(now time.Time) {
	for _, s := range c.sessions {
		s.nextOp(now)
	}
}

// nextOp starts the waiting offer as soon as nothing else is under way. Another audio is not offered where an offer of theirs has
// brought it in meanwhile.
func (s *session) nextOp(now time.Time) {
	op := s.op
	if op == nil || op.started || op.wait.set || !s.idle() || !s.reachable() {
		return
	}
	if op.kind == opRenew && !s.unagreed {
		s.finishOp(now, op, nil)
		s.proceed(now, op)
		return
	}
	op.started, op.audio = true, s.audio
	made := func(now time.Time, sdp []byte, err error) {
		if s.op == op {
			s.offerMade(now, op, sdp, err)
		}
	}
	dir := s.direction(op.hold)
	switch op.kind {
	case opRestart, opRecover:
		s.audio.offerRestart(dir, made)
	case opFresh:
		s.audio.offerFresh(dir, made)
	default:
		s.audio.offer(dir, made)
	}
}

// direction is what we offer: hold is sendonly, or inactive when the other side holds us too.
func (s *session) direction(hold bool) media.Direction {
	switch {
	case hold && s.info.HeldRemote:
		return media.Inactive
	case hold:
		return media.SendOnly
	}
	return media.SendRecv
}

// offerMade sends the re-INVITE with the offer the media engine has made. That may have taken a while: where the other side's
// offer came in meanwhile, or the connection went, ours is taken back and made anew later.
func (s *session) offerMade(now time.Time, op *offerOp, sdp []byte, err error) {
	switch {
	case errors.Is(err, media.ErrLost): // the next audio makes another one
		op.started = false
		return
	case err != nil:
		s.finishOp(now, op, mediaError(err))
		s.offerFailed(now, op, err)
		s.proceed(now, op)
		return
	case !s.idle() || !s.reachable(): // theirs came in while ours was being made
		op.started = false
		op.audio.rollback()
		return
	}
	op.renewed = s.audio.renewed()
	c, d := s.c, s.dlg
	req := c.dialogRequest(d, sip.INVITE, d.next())
	req.AppendHeader(s.contact())
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	req.AppendHeader(c.supportedHeader())
	s.askTimer(req)
	c.finish(req, sdpType, sdp)
	c.alarms.start(&op.limit, now.Add(reinviteLimit), func(now time.Time) { c.txns.Cancel(now, op.tx) })
	var invite *sip.Request
	c.transact(now, req, &exchange{
		seq:     d.next,
		auth:    d.credentials(),
		started: func(tx *txn.Client) { op.tx, invite = tx, tx.Request() },
		alive:   func() bool { return s.op == op && !s.over() },
		done:    func(now time.Time, res *wire.Response, err error) { s.reinviteResponse(now, op, invite, res, err) },
	})
}

// reinviteResponse follows our re-INVITE (RFC 3261 section 14.1). A 2xx is ACKed whatever has become of the call.
func (s *session) reinviteResponse(now time.Time, op *offerOp, invite *sip.Request, res *wire.Response, err error) {
	switch {
	case err != nil:
		s.reinviteFailed(now, op, err)
	case res.StatusCode < 200:
	case res.StatusCode < 300 && op.ack != nil:
		s.c.send(op.ack)
	case res.StatusCode < 300:
		s.reinviteAnswered(now, op, invite, res)
	case s.op != op || s.over():
	case res.StatusCode == sip.StatusRequestPending:
		s.glare(now, op)
	case res.StatusCode == 422 && s.raiseTimer(res):
		op.audio.rollback()
		op.started = false
		s.c.alarms.stop(&op.limit)
	case gone(res.StatusCode):
		s.finishOp(now, op, s.c.refusedBy(sip.INVITE, res))
		if op.kind == opRestore {
			s.takeBack(now)
		} else {
			s.leave(now, s.goneCause(op.kind, res.StatusCode))
		}
		s.proceed(now, op)
	default:
		op.audio.rollback()
		s.finishOp(now, op, s.c.refusedBy(sip.INVITE, res))
		s.opRefused(now, op, res.StatusCode, res.Reason)
		s.proceed(now, op)
	}
}

// gone reports whether a response says that its dialog is over (RFC 3261 section 12.2.1.2).
func gone(code int) bool {
	return code == sip.StatusRequestTimeout || code == sip.StatusCallTransactionDoesNotExists
}

// goneCause says why a call ended whose dialog the other side no longer knows. A path that is silent after a repair may be
// renewed before the vigil asks: the answer means the same.
func (s *session) goneCause(kind opKind, code int) Cause {
	switch {
	case kind == opRestart && s.vigil.kept && gone(code):
		return leftUnheard(code)
	case kind == opRecover || kind == opRestore:
		return explained(CauseConnectionLost, code, "", "The call did not survive the loss of the connection; call again.")
	}
	return explained(CauseConnectionLost, code, "", "The other side no longer knows this call; call again.")
}

func (s *session) reinviteFailed(now time.Time, op *offerOp, err error) {
	if s.op != op || s.over() {
		return
	}
	op.audio.rollback()
	s.finishOp(now, op, txnError(err))
	switch {
	case errors.Is(err, txn.ErrTimeout):
		s.leave(now, s.goneCause(op.kind, 0))
	case s.flow.up(): // it cannot be written, nor could another one at once; that counts as 503 (RFC 3261 section 8.1.3.1)
		s.opRefused(now, op, sip.StatusServiceUnavailable, phrase(sip.StatusServiceUnavailable))
	}
	s.proceed(now, op)
}

// reinviteAnswered takes the 2xx to our re-INVITE. It is acknowledged in any case (RFC 3261 section 13.2.2.4), also when the call
// is over or the operation is; what it brings counts only while the call goes on.
func (s *session) reinviteAnswered(now time.Time, op *offerOp, invite *sip.Request, res *wire.Response) {
	d := s.dlg
	d.refreshTarget(&res.Head)
	if !s.over() {
		s.learnMethods(&res.Head)
		s.followIdentity(res)
		s.timerAgreed(now, res)
	}
	d.reack = s.c.ackDialog(d, invite, nil)
	op.ack, s.ackUntil = d.reack, now.Add(txn.Timeout)
	if s.op != op || s.over() {
		return
	}
	s.info.Code = res.StatusCode
	s.answeredOver(now)
	sdp := res.SDP
	if len(sdp) == 0 {
		s.answerApplies(now, op, nil, errNoSDP)
		return
	}
	op.audio.setAnswer(now, sdp, func(now time.Time, err error) {
		if s.op == op && !s.over() {
			s.answerApplies(now, op, sdp, err)
		}
	})
}

// answerApplies ends our offer with the answer of the other side. One that cannot be used leaves the audio as it was.
func (s *session) answerApplies(now time.Time, op *offerOp, sdp []byte, err error) {
	lost := errors.Is(err, media.ErrLost)
	if err != nil && !lost {
		op.audio.rollback()
		s.finishOp(now, op, mediaError(err))
		s.answerUnusable(now, op, err)
		s.proceed(now, op)
		return
	}
	before := s.info
	s.info.HeldLocal = op.hold
	s.remote = mirrored(sdp)
	s.info.HeldRemote = heldAfter(s.remote, op.hold, s.info.HeldRemote)
	if op.kind != opMend {
		s.info.Trouble = Cause{}
	}
	if !lost {
		s.unagreed = false
		s.pathAgreed(op)
	}
	s.finishOp(now, op, nil)
	if op.quiet() && (before.HeldLocal != s.info.HeldLocal || before.HeldRemote != s.info.HeldRemote ||
		before.Trouble.Explanation != s.info.Trouble.Explanation) {
		s.changed()
	}
	s.proceed(now, op)
}

// glare takes our offer back and tries again later; the side that owns the Call-ID waits longer (RFC 3261 section 14.1).
func (s *session) glare(now time.Time, op *offerOp) {
	op.audio.rollback()
	op.started = false
	s.c.alarms.stop(&op.limit)
	op.glares++
	if op.glares >= maxGlares {
		s.finishOp(now, op, ErrGlare)
		s.opRefused(now, op, sip.StatusRequestPending, phrase(sip.StatusRequestPending))
		s.proceed(now, op)
		return
	}
	wait := s.c.rnd.between(0, 2*time.Second)
	if s.dlg.caller {
		wait = s.c.rnd.between(2100*time.Millisecond, 4*time.Second)
	}
	s.c.alarms.start(&op.wait, now.Add(wait.Truncate(10*time.Millisecond)), func(time.Time) {}) // nextOps is all
}

// finishOp ends our offer and tells who waits for it. What has to follow comes next, and then proceed.
func (s *session) finishOp(now time.Time, op *offerOp, err error) {
	s.stopOp(now, op)
	op.told = len(op.replies) > 0
	s.info.Busy = s.transfer != nil
	if !s.over() {
		s.hush()
		if !op.quiet() {
			s.changed()
		}
	}
	answerAll(&op.replies, err)
}

// proceed goes on with what waited for the end of an offer, and then with what the call needs.
func (s *session) proceed(now time.Time, op *offerOp) {
	next := op.next
	op.next = nil
	switch {
	case next == nil:
		s.tend(now)
	case s.over():
		next.refuse(ErrState)
	default:
		s.afterOp(now, next)
	}
}

// refuse answers who waits for an offer that is not made, and for those behind it.
func (op *offerOp) refuse(err error) {
	for ; op != nil; op = op.next {
		answerAll(&op.replies, err)
	}
}

// failOp is finishOp for a call that has ended.
func (s *session) failOp(now time.Time, err error) {
	if op := s.op; op != nil {
		s.stopOp(now, op)
		op.refuse(err)
	}
}

// stopOp leaves nothing of an offer behind: a re-INVITE that is still out is cancelled.
func (s *session) stopOp(now time.Time, op *offerOp) {
	s.c.alarms.stop(&op.wait)
	s.c.alarms.stop(&op.limit)
	s.op = nil
	if op.tx != nil {
		s.c.txns.Cancel(now, op.tx)
	}
}
