package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
)

// liveCalls are what the user agent has told last of the calls there are, by ID: a session that stops tells no more of them.
type liveCalls map[string]ua.CallInfo

// ends lists the calls that end with an event: the one that it tells of, or all when their session stops.
func (c liveCalls) ends(s screen.Snapshot, e Event, now time.Time) []books.Ended {
	switch e := e.(type) {
	case Told:
		if over, ok := c.hear(e); ok {
			line, _ := s.Line(over.ID)
			line.ID = over.ID
			return []books.Ended{{Line: line, Call: over}}
		}
	case succeeds:
		c[e.Info.ID] = e.Info
	case screen.Logout, screen.Left, screen.Erase, unseated:
		var all []books.Ended
		for _, l := range s.Calls.All {
			all = append(all, books.Ended{Line: l, Call: cutOff(c[l.ID], now)})
			delete(c, l.ID)
		}
		return all
	}
	return nil
}

// hear takes the news of a call, and is ok when that is its end.
func (c liveCalls) hear(e Told) (over ua.CallInfo, ok bool) {
	switch e := e.Event.(type) {
	case ua.IncomingCallEvent:
		c[e.Info.ID] = e.Info
	case ua.CallEvent:
		if e.Info.State == ua.CallEnded {
			delete(c, e.Info.ID)
			return e.Info, true
		}
		c[e.Info.ID] = e.Info
	}
	return ua.CallInfo{}, false
}

// cutOff is a call as its session leaves it: hung up by us, or missed where it still rang.
func cutOff(c ua.CallInfo, now time.Time) ua.CallInfo {
	c.State, c.Ended = ua.CallEnded, now
	if c.Cause.Kind == ua.CauseNone {
		c.Cause.Kind = choose(c.Direction == ua.Incoming && c.Answered.IsZero(), ua.CauseCancelled, ua.CauseHangupLocal)
	}
	return c
}
