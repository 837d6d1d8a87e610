package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// What may go wrong with the audio of a call. A call that is up stays up as long as its audio can flow: what cannot be
// changed goes on as before, and the user is told (CallInfo.Trouble).

// maxRestarts is how many offers in a row may be refused that would renew a path that has failed. One that was taken is the last:
// a path that fails again without having connected has no way.
const maxRestarts = 3

// restartAgain is the wait before another one, when the other side could not take it just then.
const restartAgain = 2 * time.Second

var errNoSDP = fmt.Errorf("%w: there is none in the answer", media.ErrBadSDP)

// mediaState follows the peer connection.
func (s *session) mediaState(now time.Time, st media.State) {
	if st == media.StateLost {
		s.audioLost(now)
		return
	}
	if st == media.StateConnected {
		s.restarts = 0
		s.c.alarms.stop(&s.restart)
	}
	s.listen(now, st)
	s.tend(now)
}

// tend starts what an answered call needs and nobody has asked for, as soon as nothing else is under way: the repair of its
// dialog after the loss of the connection, the first offer of an audio that has taken the place of a lost one, and an ICE restart
// where the path of the audio has failed, or is about to.
func (s *session) tend(now time.Time) {
	if s.info.State != CallEstablished || s.op != nil || !s.reachable() || s.audio.closed {
		return
	}
	switch {
	case s.broken && !s.repair.set:
		s.startOp(now, &offerOp{kind: s.repairKind(), hold: s.info.HeldLocal})
	case !s.broken && s.unagreed:
		s.offerRenewal(now)
	case !s.broken && s.hearing.found:
		s.hearing.found, s.hearing.tried = false, true
		s.startOp(now, &offerOp{kind: opRestart, early: true, hold: s.info.HeldLocal})
	case s.broken || s.audio.state != media.StateFailed || s.restart.set:
	case s.restarts >= maxRestarts || !s.audio.restarts():
		s.failMedia(now, cause(CauseMedia, 0, ""))
	default:
		s.restarts++
		s.startOp(now, &offerOp{kind: opRestart, hold: s.info.HeldLocal})
	}
}

// pathAgreed is called when the answer to an offer is applied. What was told of a path that is being made anew no longer counts.
func (s *session) pathAgreed(op *offerOp) {
	switch op.kind {
	case opRestart:
		if !op.early {
			s.restarts = maxRestarts
		}
		s.audio.renewing()
	case opRecover, opFresh, opRestore, opRenew:
		s.audio.renewing()
	}
}

// decides reports whether there is no audio without what op offers: a restart of a path that has failed, and has not come back
// meanwhile. One of a path that may still come back decides nothing.
func (s *session) decides(op *offerOp) bool {
	return op.kind == opRestart && !op.early && s.audio.state != media.StateConnected
}

// offerFailed is called when our offer could not be made. What is in use goes on, where there is something in use.
func (s *session) offerFailed(now time.Time, op *offerOp, err error) {
	switch {
	case s.over():
	case op.needed() || s.decides(op):
		s.failMedia(now, mediaCause(err))
	case s.broken:
		s.repairAgainLater(now, explained(CauseMedia, 0, err.Error(),
			"The connection came back, but the call could not be renewed; talk on, and call again if nothing is heard."))
	case op.kind == opRefresh:
		s.refreshFailed(now)
	}
}

// opRefused is called when the other side has refused our offer, which has been taken back. A refused hold changes nothing.
// Where new ICE credentials were refused, an offer of those in use follows at once: there are peers that have put them aside
// before they refused, and are deaf and mute from then on.
func (s *session) opRefused(now time.Time, op *offerOp, code int, reason string) {
	why := explained(CauseMedia, code, reason,
		fmt.Sprintf("The audio broke off and the other side refused to renew it (%d); call again.", code))
	switch {
	case s.over() || op.audio != s.audio: // what is asked of an audio that is gone decides nothing
	case s.broken && (temporary(code) || code == 491):
		s.repairAgainLater(now, explained(CauseServer, code, reason, fmt.Sprintf(
			"The connection came back, but not the way to the other side (%d); talk on, and call again if nothing is heard.",
			code)))
	case op.kind == opRenew, s.decides(op):
		s.restartRefused(now, code, why)
	case op.needed():
		s.failMedia(now, why)
	case op.kind == opRefresh:
		s.refreshFailed(now)
	case s.broken:
		s.repaired(now) // what is refused for good changes nothing: the audio goes on
	}
	if op.renewed && !s.over() {
		s.mend(now)
	}
}

// restartRefused ends a call whose path has failed and cannot be renewed, unless another try may do it.
func (s *session) restartRefused(now time.Time, code int, why Cause) {
	if temporary(code) && s.restarts < maxRestarts {
		s.c.alarms.start(&s.restart, now.Add(restartAgain), s.tend)
		return
	}
	s.failMedia(now, why)
}

// answerUnusable is called when the answer to our offer cannot be applied. Both sides go back to what was in use before; the
// other one learns it from another offer.
func (s *session) answerUnusable(now time.Time, op *offerOp, err error) {
	switch {
	case s.over():
	case op.needed() || s.decides(op):
		s.failMedia(now, mediaCause(err))
	case op.kind == opMend:
		s.warn(err)
	default:
		if !op.told {
			s.warn(err)
		}
		s.mend(now)
	}
}

// lateUnusable is the same for an offer that left in a 200, whose answer came in the ACK.
func (s *session) lateUnusable(now time.Time, err error) {
	s.audio.rollback()
	s.warn(err)
	s.mend(now)
}

// mend offers once more what is in use.
func (s *session) mend(now time.Time) {
	s.afterOp(now, &offerOp{kind: opMend, hold: s.info.HeldLocal})
}

// warn tells once what is wrong with a call that goes on.
func (s *session) warn(err error) {
	why, what := mediaCause(err), "A change of the call did not work on this device"
	if errors.Is(err, media.ErrBadSDP) {
		what = flawIn(err).change
	}
	if errors.Is(err, errNoSDP) {
		why.Kind = CauseProtocol
	}
	why.Reason = err.Error()
	why.Explanation = what + ", so the audio goes on as before; call again if you no longer hear each other."
	s.trouble(why)
}

func (s *session) trouble(why Cause) {
	if s.info.Trouble.Explanation != why.Explanation {
		s.info.Trouble = why
		s.changed()
	}
}

// failMedia ends a call whose audio cannot be had, and tells the other side why.
func (s *session) failMedia(now time.Time, why Cause) {
	s.terminate(now, why, mediaReason(why))
}
