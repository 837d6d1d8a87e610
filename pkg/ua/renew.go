package ua

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// A call whose audio is lost (media.StateLost) is not: what carried the audio may be a page that is loaded anew, or closed while
// another is there. Losing it and having it renewed are two steps, so that it does not matter which comes first, what else
// happens between them, or whether the audio was lost at all.
//
//	losing    whatever the audio has not finished is put back to where it can begin anew (anew), or is over without it; what it
//	          has told the other side counts for the signalling only (unagreed)
//	renewing  a new audio begins anew, or offers itself in a re-INVITE as soon as nothing else is under way (opRenew), unless
//	          an offer that waited, or one of theirs, brings it in

// vacantLimit is how long a call waits for another audio.
const vacantLimit = 15 * time.Second

// RenewMedia gives every call audio of a new session of Config.MediaEngine: its place is gone (media.StateLost), or another is to
// carry it. Answered calls get a re-INVITE, held ones stay held and muted ones muted; a call of ours that rings gets it once it
// is answered, one that rings here when it is accepted. A call whose audio is lost ends with CauseMedia when this does not come
// within 15 s.
func (a *UserAgent) RenewMedia() { a.post(&act{deed: renewMediaDeed}) }

func (c *core) renewMedia(now time.Time) {
	for _, s := range c.snapshotSessions() {
		if !s.over() {
			s.renewAudio(now)
		}
	}
}

// newAudio begins with an audio whose first description the other side will get from a message that is still to be made.
func (s *session) newAudio() {
	s.audio, s.unagreed, s.anew = s.c.openAudio(s.cfg, s.mediaState), false, nil
}

// audioLost is called when the audio says that it is lost. Now somebody has to renew it.
func (s *session) audioLost(now time.Time) {
	s.dropAudio(now)
	s.c.alarms.start(&s.vacant, now.Add(vacantLimit), s.vacantLong)
}

// dropAudio gives the audio up. What it has not finished learns that it never will.
func (s *session) dropAudio(now time.Time) {
	s.c.alarms.stop(&s.restart)
	s.c.alarms.stop(&s.hearing.alarm)
	s.restarts, s.hearing, s.vigil.heard = 0, hearing{}, 0
	s.ready.close()
	s.ready = nil
	if s.audio == nil {
		return
	}
	s.unagreed = true
	for _, d := range s.early {
		d.dropAudio(now)
	}
	if s.dlg == nil {
		s.earlySDP = nil
		s.unhear()
	}
	s.audio.lose(now)
}

// unhear tells that the other side is no longer heard before it answers.
func (s *session) unhear() {
	if s.info.EarlyMedia {
		s.info.EarlyMedia = false
		s.changed()
	}
}

// dropAudio gives up the audio of an early dialog. What it was told is used up: should it answer, a re-INVITE brings the audio.
func (d *dialog) dropAudio(now time.Time) {
	d.audio.lose(now)
	d.audio, d.answered = nil, false
	if d.sdp != nil {
		d.sdp = []byte{}
	}
}

// renewAudio gives the call another audio.
func (s *session) renewAudio(now time.Time) {
	s.c.alarms.stop(&s.vacant)
	s.dropAudio(now)
	switch {
	case s.audio == nil && s.stx != nil:
		s.rehearseLater(now)
	case s.audio == nil: // Run gives it one
	case s.anew != nil:
		s.anew(now)
	default:
		s.audio = s.c.openAudio(s.cfg, s.mediaState)
		s.hush()
		if s.pending != nil {
			s.answerOffer(s.pending)
		}
		s.tend(now)
	}
}

// offerRenewal offers the new audio. It waits for a transfer, which may end the call, and for a try that was refused for a while.
func (s *session) offerRenewal(now time.Time) {
	if s.transfer == nil && !s.restart.set {
		s.restarts++
		s.startOp(now, &offerOp{kind: opRenew, hold: s.info.HeldLocal})
	}
}

// vacantLong is called when nobody has renewed the audio. A call that rings here rings on.
func (s *session) vacantLong(now time.Time) {
	switch {
	case s.stx == nil:
		s.failMedia(now, mediaCause(media.ErrLost))
	case s.anew != nil && s.preview != previewNone:
		s.previewFailed(now, media.ErrLost)
	case s.anew != nil:
		s.acceptFailed(now, media.ErrLost)
	default: // what it has told may still become the call
		s.c.alarms.start(&s.vacant, now.Add(vacantLimit), s.vacantLong)
	}
}
