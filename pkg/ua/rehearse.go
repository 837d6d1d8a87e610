package ua

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// Audio is made ready before it is wanted, where the engine can: a connection while there is no call, and the answer
// while a call rings. Neither asks the user nor tells the other side anything.

// warmDelay lets the event be shown first that makes a call possible or tells of one: a browser does one thing at a time.
const warmDelay = 50 * time.Millisecond

// warmLater readies the engine for the next call, once there is none.
func (c *core) warmLater(now time.Time) {
	if _, ok := c.cfg.MediaEngine.(media.Preparer); ok && c.running && c.stopped == nil {
		c.alarms.start(&c.warming, now.Add(warmDelay), c.warm)
	}
}

func (c *core) warm(time.Time) {
	if engine, ok := c.cfg.MediaEngine.(media.Preparer); ok && c.liveCalls() == 0 {
		go engine.Warm(context.Background(), c.cfg.Media) // ends by itself
	}
}

// rehearseLater makes the answer to a ringing call as far as it goes without the microphone, once the ringing has been
// told. An offer that nobody could accept is refused then; what else is wrong is told when the call is accepted.
func (s *session) rehearseLater(now time.Time) {
	offer := s.incoming.SDP
	if _, ok := s.c.cfg.MediaEngine.(media.Preparer); ok && len(offer) > 0 {
		s.c.alarms.start(&s.prepare, now.Add(warmDelay), func(time.Time) { s.rehearse(offer) })
	}
}

// rehearse makes an audio beside the call and gives it the offer. Its states count once it has become the call's audio; its
// outcome counts only where the offer is at fault: the answer finds out for itself.
func (s *session) rehearse(offer []byte) {
	var a *audio
	a = s.c.openAudio(s.cfg, func(now time.Time, st media.State) {
		switch {
		case s.audio == a:
			s.mediaState(now, st)
		case s.ready == a && st == media.StateLost:
			s.ready = nil // another one is made by who answers
			a.close()
		}
	})
	s.ready = a
	a.do(func(ctx context.Context, m media.Session) ([]byte, error) {
		if r, ok := m.(media.Rehearser); ok {
			return nil, r.Rehearse(ctx, offer, media.SendRecv)
		}
		return nil, nil
	}, func(now time.Time, _ []byte, err error) {
		if s.ready == a && s.stx != nil && unacceptable(err) {
			s.rejectOffer(now, err)
		}
	})
}

// answerAudio gets the audio our answer will be made with: the rehearsed one, else a new one.
func (s *session) answerAudio() {
	s.c.alarms.stop(&s.prepare)
	if s.ready == nil {
		s.newAudio()
		return
	}
	s.audio, s.ready, s.unagreed, s.anew = s.ready, nil, false, nil
}
