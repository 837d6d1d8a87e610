package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// ends lists the calls that end with an event: the one that it tells of, or all when their session stops, which will tell
// no more.
func ends(s screen.Snapshot, e Event, now time.Time) []screen.Line {
	switch e := e.(type) {
	case Told:
		if call, ok := e.Event.(ua.CallEvent); ok && call.Info.State == ua.CallEnded {
			line, _ := s.Line(call.Info.ID)
			line.CallInfo = call.Info
			return []screen.Line{line}
		}
	case screen.Logout, screen.Left, screen.Erase, unseated:
		var all []screen.Line
		for _, l := range s.Calls.All {
			all = append(all, stopped(l, now))
		}
		return all
	}
	return nil
}

// stopped is a call as its session leaves it: hung up by us, or missed where it still rang.
func stopped(l screen.Line, now time.Time) screen.Line {
	l.State, l.Ended = ua.CallEnded, now
	if l.Cause.Kind == ua.CauseNone {
		l.Cause.Kind = choose(l.Direction == ua.Incoming && l.Answered.IsZero(), ua.CauseCancelled, ua.CauseHangupLocal)
	}
	return l
}
