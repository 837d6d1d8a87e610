package ua

import (
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// illegalMove is a fault of ours: a state machine was asked for a move it does not have.
type illegalMove struct{ from, to CallState }

func (e illegalMove) Error() string {
	return fmt.Sprintf("ua: illegal move of a call from %v to %v", e.from, e.to)
}

// session is one call in the core.
//
//	out: Preparing --INVITE--> Calling --180--> Ringing --2xx, ACK--> Connecting --answer applied--> Established
//	in:                                         Ringing --200-------> Connecting --ACK------------> Established
//	any of them --CANCEL or BYE sent--> Ending --final response--> Ended
//	any of them --refused, BYE received, failed-----------------> Ended
type session struct {
	c      *core
	flow   *flow // it lives on
	handle *Call
	info   CallInfo
	audio  *audio
	cfg    media.Config

	// The audio is gone with its place, or was: see renew.go.
	unagreed bool                // no description of the present audio has been agreed with the other side
	anew     func(now time.Time) // makes the first description once more, with an audio of its own; nil when that has left
	vacant   alarm               // of a call without audio

	// The answer that is made while the call rings.
	ready   *audio // nil before, and once it is answered
	prepare alarm

	// The INVITE that makes the call.
	invite     *sip.Request       // ours
	incoming   *wire.Request      // theirs
	tx         *txn.Client        // ours, of the last try
	stx        *txn.Server        // theirs, until its final response
	early      map[string]*dialog // by To tag, of our INVITE
	earlySDP   *dialog            // the early dialog whose SDP is applied to audio
	forks      int                // early dialogs so far
	clones     int                // of the audio, made for them
	why        Cause              // of an Ending we have begun
	limit      alarm              // no answer, or Expires of their INVITE
	refresh    alarm              // 180 once a minute (RFC 3261 section 13.3.1.1)
	accepts    []func(error)      // waiting in Accept
	unaccepted int                // of those, that wait no longer
	// Our INVITE lost its connection: how long it is taken back by a later one.
	ringsUntil time.Time

	// The dialog once it is answered.
	dlg      *dialog
	ackUntil time.Time   // the other side may still wait for our newest ACK
	unacked  *unacked    // a 2xx of ours that waits for its ACK
	acked    uint32      // number of the INVITE of theirs whose ACK came last
	pending  *txn.Server // an offer of theirs that we are answering
	op       *offerOp    // an offer of ours
	bye      alarm       // limit for the ACK before our BYE
	remote   media.Direction
	restarts int   // ICE restarts since the audio was last connected
	restart  alarm // of another one, when the one before was refused for a while
	broken   bool  // the connection was lost; a re-INVITE has to repair the dialog
	restored bool  // and the page too: there is no peer connection the offer could build on
	unbound  bool  // and the repair does not wait for the registrar
	lost     alarm
	repair   alarm   // of the next try, when the one before was refused
	repairs  int     // tries refused so far
	vigil    vigil   // after a repair
	hearing  hearing // of a path that may be lost
	tones    []*toneJob

	out         *outgoing // what our INVITE is made of
	alias       *sip.Uri  // Contact of an anonymous call
	timer       sessionTimer
	peerUpdates bool // the other side knows UPDATE

	// Reliable provisional responses of ours, and the audio before the answer.
	rel      *reliable
	relSeq   uint32
	relNext  []func(now time.Time) // those that wait for the PRACK of rel
	preview  preview
	previews []func(error) // waiting in Progress

	// Transfers.
	transfer    *transfer // of ours
	refers      int       // accepted from the other side
	referred    *session  // the newest call we have placed for it
	asks        [subjects]asking
	referral    *referral // who wants to know how this call goes on
	predecessor *session  // the call this one takes the place of
	successor   *session  // the call that takes the place of this one
	away        alarm     // limit for the far end to leave a call that was handed over
}

// moves are the legal moves of a call. Ended may be reached from everywhere.
var moves = map[CallState][]CallState{
	CallPreparing:   {CallCalling},
	CallCalling:     {CallRinging, CallConnecting, CallEnding},
	CallRinging:     {CallConnecting, CallEnding},
	CallConnecting:  {CallEstablished, CallEnding},
	CallEstablished: {CallEnding},
}

// How many calls there may be at a time. What others send us has to leave room for calls of ours: whoever rings, one can call for
// help.
const (
	maxCalls   = 16 // of both directions
	maxTheirs  = 12 // calls that let another one in: one that rings here, or one we are sent to
	maxRinging = 4  // that wait for an answer here
)

// full reports whether another call of somebody else finds us busy.
func (c *core) full() bool {
	ringing := 0
	for _, s := range c.sessions {
		if s.info.State == CallRinging && s.info.Direction == Incoming {
			ringing++
		}
	}
	return ringing >= maxRinging || c.liveCalls() >= maxTheirs || c.stopped != nil
}

// newSession adds a call. The caller sets what it knows and then emits the first event.
func (c *core) newSession(now time.Time, dir Direction, cfg media.Config, f *flow) *session {
	s := &session{c: c, flow: f, cfg: cfg, remote: media.SendRecv}
	s.info = CallInfo{ID: c.rnd.token(12), Direction: dir, Started: now}
	s.handle = &Call{agent: c.agent, id: s.info.ID, s: s, settled: make(chan struct{}), ended: make(chan struct{})}
	c.sessions = append(c.sessions, s)
	c.agent.calls.Store(s.info.ID, s.handle)
	return s
}

// setState moves the call and emits exactly one event. An illegal move is our own bug: it is reported and not made.
func (s *session) setState(now time.Time, to CallState) {
	if to != CallEnded && !slices.Contains(moves[s.info.State], to) {
		if to != s.info.State {
			s.c.fault(now, illegalMove{s.info.State, to})
		}
		return
	}
	s.info.State = to
	if s.over() {
		s.overQuestions(now)
	}
	s.changed()
	if to == CallEstablished {
		close(s.handle.settled)
	}
}

// changed emits the call as it is now.
func (s *session) changed() {
	info := s.info
	s.handle.info.Store(&info)
	s.c.emit(CallEvent{Call: s.handle, Info: info})
}

// over reports whether nothing more is wanted of the call.
func (s *session) over() bool { return s.info.State == CallEnding || s.info.State == CallEnded }

// end finishes the call: audio off, timers off, everybody who waits is told.
func (s *session) end(now time.Time, why Cause) {
	if s.info.State == CallEnded {
		return
	}
	s.info.Ended, s.info.Cause, s.info.Busy = now, why, false
	s.setState(now, CallEnded)
	s.release()
	s.forget()
	close(s.handle.ended)
	err := callError(why)
	answerAll(&s.accepts, err)
	answerAll(&s.previews, err)
	s.failOp(now, err)
	s.failTransfer(now)
	s.reportEnd(now, why)
	s.failTones(err)
	s.c.callsChanged(now)
	s.c.warmLater(now)
}

// release frees microphone and connection; the signalling may go on.
func (s *session) release() {
	s.audio.close()
	s.ready.close()
	for _, d := range s.early {
		d.audio.close()
	}
}

// forget stops the timers and takes the dialogs out of the table.
func (s *session) forget() {
	for _, a := range []*alarm{&s.limit, &s.vacant, &s.prepare, &s.refresh, &s.bye, &s.lost, &s.repair, &s.restart,
		&s.vigil.alarm, &s.hearing.alarm, &s.away, &s.timer.refresh, &s.timer.expiry} {
		s.c.alarms.stop(a)
	}
	s.stopUnacked()
	s.stopReliable()
	s.rejectPending(s.info.Ended)
	for _, d := range s.early {
		delete(s.c.dialogs, d.id)
	}
	if s.dlg != nil {
		delete(s.c.dialogs, s.dlg.id)
		s.c.remember(s.dlg.id)
	}
	if s.predecessor != nil {
		s.predecessor.successor = nil // it goes on
		s.predecessor = nil
	}
}

// hangup ends the call in whatever state it is.
func (s *session) hangup(now time.Time) { s.terminate(now, cause(s.hangupKind(), 0, "")) }

func (s *session) hangupKind() CauseKind {
	if s.dlg == nil && s.info.Direction == Outgoing {
		return CauseCancelled
	}
	return CauseHangupLocal
}

// terminate ends the call for a reason of ours, with headers for the CANCEL or BYE.
func (s *session) terminate(now time.Time, why Cause, headers ...sip.Header) {
	switch {
	case s.over():
	case s.info.State == CallPreparing:
		s.end(now, why)
	case s.stx != nil:
		s.reject(now, sip.StatusGlobalDecline, cause(CauseRejectedLocal, 0, ""))
	case s.dlg == nil:
		s.cancel(now, why, headers...)
	default:
		s.leave(now, why, headers...)
	}
}

// leave ends an answered call by BYE. The called side has to wait for the ACK first (RFC 3261 section 15).
func (s *session) leave(now time.Time, why Cause, headers ...sip.Header) {
	if s.over() {
		return
	}
	s.why = why
	s.setState(now, CallEnding)
	s.release()
	switch {
	case !s.flow.up():
		s.c.byeLater(now, s.dlg, headers...)
		s.end(now, why)
	case s.unacked != nil && s.info.Direction == Incoming && s.info.Answered.IsZero():
		s.unacked.whenDone = func(now time.Time) { s.sendBye(now, why, headers...) }
	default:
		s.sendBye(now, why, headers...)
	}
}

func (s *session) sendBye(now time.Time, why Cause, headers ...sip.Header) {
	if s.pending != nil && !s.pending.Final() {
		s.c.reply(now, s.pending, sip.StatusRequestTerminated)
		s.pending = nil
	}
	s.c.sendBye(now, s.dlg, func(now time.Time, _ *wire.Response, _ error) { s.end(now, why) }, headers...)
}

// The causes of ITU-T Q.850 that we give as a Reason.
const (
	q850NoUser       = 18 // no user responding
	q850NoAnswer     = 19 // no answer from user (user alerted)
	q850Failure      = 41 // temporary failure: the same call may work later
	q850Incompatible = 88 // incompatible destination: it will not
)

// byeReason makes the Reason header of a BYE or CANCEL (RFC 3326): a cause of the telephone network and, where it says more,
// the status of SIP that a response would have had.
func byeReason(q850, status int, text string) sip.Header {
	value := fmt.Sprintf("Q.850;cause=%d;text=%q", q850, text)
	if status > 0 {
		value += fmt.Sprintf(", SIP;cause=%d;text=%q", status, phrase(status))
	}
	return sip.NewHeader("Reason", value)
}

// incompatible says what a response could not say any more.
func incompatible(text string) sip.Header {
	return byeReason(q850Incompatible, sip.StatusNotAcceptableHere, text)
}

// mediaReason says why a call without audio ends. What the two sides can never agree on is another thing than a path that failed.
func mediaReason(why Cause) sip.Header {
	switch why.Kind {
	case CauseNotAcceptable:
		return incompatible("no usable audio in the description")
	case CauseMicPermission, CauseNoMic:
		return byeReason(q850Failure, 0, "no microphone")
	}
	return byeReason(q850Failure, 0, "media failed")
}
