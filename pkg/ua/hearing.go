package ua

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// hearing looks at a path that ICE calls disconnected: its checks get no answer. Such a path may come back by itself, and does
// so as long as packets come; where none do it will be called failed, but not before 10 to 20 s more. So it is renewed earlier,
// once, and that is only a try: what comes of it ends no call, and the path that fails in the end is renewed like any other.
//
//	connected --disconnected--> listening --no packet for 3 s--> renewed once
//	    ^------- connected --------'  '--packets: listens on
type hearing struct {
	alarm alarm
	heard uint64 // packets at the last look
	found bool   // none have come since
	tried bool   // since the path was last connected
}

const (
	hearingLimit = 3 * time.Second
	// wakeHearing is that limit after a hint that the network has changed.
	wakeHearing = time.Second
)

// listen begins, goes on or ends with what ICE says of the path.
func (s *session) listen(now time.Time, st media.State) {
	s.hearing.found = false
	s.c.alarms.stop(&s.hearing.alarm)
	if st == media.StateConnected {
		s.hearing.tried = false
	}
	if st != media.StateDisconnected || s.over() || s.hearing.tried || !s.audio.restarts() {
		return
	}
	s.c.alarms.start(&s.hearing.alarm, now.Add(hearingLimit), s.hearken)
	s.audio.heard(func(_ time.Time, packets uint64) { s.hearing.heard = packets })
}

// hearken reads whether packets have come since the last look.
func (s *session) hearken(time.Time) {
	s.audio.heard(func(now time.Time, packets uint64) {
		switch {
		case s.over() || s.audio.state != media.StateDisconnected || s.hearing.tried:
			return
		case packets == s.hearing.heard:
			s.hearing.found = true
			s.tend(now)
		default:
			s.hearing.heard = packets
			s.c.alarms.start(&s.hearing.alarm, now.Add(hearingLimit), s.hearken)
		}
	})
}

// hurryHearing is called when the network may have changed.
func (s *session) hurryHearing(now time.Time) {
	if soon := now.Add(wakeHearing); s.hearing.alarm.set && s.hearing.alarm.at.After(soon) {
		s.c.alarms.start(&s.hearing.alarm, soon, s.hearken)
	}
}
