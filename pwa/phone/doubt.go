package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/text"
)

// doubtTime is how long a call whose transfer failed may be silent before the user is told that nobody is there.
const doubtTime = 5 * time.Second

// doubt is about a call whose blind transfer was agreed to and failed: some servers have let go of the other side by then, and leave
// a call that nobody is in. Audio that arrives ends it, for the better; silence, or the end of the call, for the worse. The zero
// value is none.
type doubt struct {
	id           string
	name, target string
	since        time.Time
	packets      uint64
	measured     bool
}

func doubtOf(t Transfer, line Line, now time.Time) doubt {
	if !t.Agreed || t.Other != "" || line.HeldLocal || line.HeldRemote {
		return doubt{} // nothing went wrong there, or no audio is to be expected
	}
	return doubt{id: line.ID, name: line.Name(), target: t.Name, since: now}
}

// heard follows the counters of the call.
func (d doubt) heard(m Measured) doubt {
	switch {
	case d.id == "" || d.id != m.ID:
	case !d.measured:
		d.packets, d.measured = m.Stats.PacketsReceived, true
	case m.Stats.PacketsReceived > d.packets:
		return doubt{}
	}
	return d
}

// doubted tells the worse once it is time.
func doubted(s Snapshot) Snapshot {
	line, ok := s.Line(s.doubt.id)
	switch {
	case s.doubt.id == "":
	case !ok || line.HeldLocal || line.HeldRemote:
		s.doubt = doubt{}
	case !s.Now.Before(s.doubt.since.Add(doubtTime)):
		return lostParty(s, s.doubt.measured)
	}
	return s
}

// lostParty ends the doubt; told says that the other side is gone.
func lostParty(s Snapshot, told bool) Snapshot {
	d := s.doubt
	s.doubt = doubt{}
	if !told {
		return s
	}
	return withProblem(s, text.Say(text.TransferGone, "name", d.name, "target", d.target))
}

// endDoubt is the end of a call in doubt: the other side has hung up itself, or the server has let go of it.
func endDoubt(s Snapshot, line Line) Snapshot {
	if s.doubt.id != line.ID {
		return s
	}
	return lostParty(s, line.Cause.Kind == ua.CauseHangupRemote || line.Cause.Kind == ua.CauseConnectionLost)
}
