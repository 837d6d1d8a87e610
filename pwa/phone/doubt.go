package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// doubtTime is how long a call whose transfer failed may be silent before the user is told that nobody is there.
const doubtTime = 5 * time.Second

func doubtOf(t screen.Transfer, line screen.Line, now time.Time) screen.Doubt {
	if !t.Agreed || t.Other != "" || line.HeldLocal || line.HeldRemote {
		return screen.Doubt{} // nothing went wrong there, or no audio is to be expected
	}
	return screen.Doubt{ID: line.ID, Name: line.Name(), Target: t.Name, Since: now}
}

// heard follows the counters of the call.
func heard(d screen.Doubt, m Measured) screen.Doubt {
	switch {
	case d.ID == "" || d.ID != m.ID:
	case !d.Measured:
		d.Packets, d.Measured = m.Stats.PacketsReceived, true
	case m.Stats.PacketsReceived > d.Packets:
		return screen.Doubt{}
	}
	return d
}

// doubted tells the worse once it is time.
func doubted(s screen.Snapshot) screen.Snapshot {
	line, ok := s.Line(s.Doubt.ID)
	switch {
	case s.Doubt.ID == "":
	case !ok || line.HeldLocal || line.HeldRemote:
		s.Doubt = screen.Doubt{}
	case !s.Now.Before(s.Doubt.Since.Add(doubtTime)):
		return lostParty(s, s.Doubt.Measured)
	}
	return s
}

// lostParty ends the doubt; told says that the other side is gone.
func lostParty(s screen.Snapshot, told bool) screen.Snapshot {
	d := s.Doubt
	s.Doubt = screen.Doubt{}
	if !told {
		return s
	}
	return s.WithProblem(text.Say(text.TransferGone, "name", d.Name, "target", d.Target))
}

// endDoubt is the end of a call in doubt: the other side has hung up itself, or the server has let go of it.
func endDoubt(s screen.Snapshot, line screen.Line, why ua.CauseKind) screen.Snapshot {
	if s.Doubt.ID != line.ID {
		return s
	}
	return lostParty(s, why == ua.CauseHangupRemote || why == ua.CauseConnectionLost)
}
