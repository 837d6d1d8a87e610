package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// succeeds tells that a call goes on as another one: the other side transferred us (the user agent called somebody else
// for it) or was transferred itself (somebody else took its place).
type succeeds struct {
	Old  string
	Info ua.CallInfo // of the new call
	At   time.Time
}

// succession makes the event of the user agent one that names calls by their IDs.
func succession(e ua.Event, at time.Time) (news, bool) {
	switch e := e.(type) {
	case ua.ReplacedEvent:
		return succeeds{Old: e.Old.ID(), Info: presentableCall(e.Info), At: at}, true
	case ua.ReferEvent:
		return succeeds{Old: e.Info.ID, Info: presentableCall(e.New.Info()), At: at}, true
	}
	return nil, false
}

// bothFor is how long the old call may outlast the answer of the new one before it is shown again.
const bothFor = 3 * time.Second

// reduce puts the new call in the place of the old one.
func (e succeeds) reduce(s screen.Snapshot) screen.Snapshot {
	s = s.AsOf(e.At)
	old, ok := s.Line(e.Old)
	line, known := s.Line(e.Info.ID)
	if !known {
		line.Call = shownCall(e.Info)
		s.Calls.All = append(s.Calls.All[:len(s.Calls.All):len(s.Calls.All)], line)
	}
	s = s.WithLine(e.Info.ID, func(l *screen.Line) { l.Continues, l.Since = e.Old, old.TalksSince() })
	if !ok {
		return s
	}
	s = s.WithLine(e.Old, func(l *screen.Line) { l.Successor = e.Info.ID })
	if s.Active == e.Old || s.Active == "" {
		s.Active = e.Info.ID
	}
	line, _ = s.Line(e.Info.ID)
	s.Live = text.Say(text.LiveTransferred, "name", line.Name())
	return s
}

// unsucceeded shows the old call again when the new one has ended before it.
func unsucceeded(s screen.Snapshot, id string) screen.Snapshot {
	for _, l := range s.Calls.All {
		if l.Successor == id {
			s = s.WithLine(l.ID, func(l *screen.Line) { l.Successor = "" })
		}
	}
	return s
}

// outlasted shows old calls again whose other side does not end them, so that the user can.
func outlasted(s screen.Snapshot) screen.Snapshot {
	for _, l := range s.Calls.All {
		if l.Continues != "" && l.Established() && s.Now.Sub(l.Answered) >= bothFor {
			s = unsucceeded(s, l.ID)
		}
	}
	return s
}

// planSuccession keeps a user muted who was.
func planSuccession(prev screen.Snapshot, event Event) []Command {
	e, ok := event.(succeeds)
	if !ok {
		return nil
	}
	if old, ok := prev.Line(e.Old); ok && old.Muted && !e.Info.Muted {
		return []Command{Mute{e.Info.ID, true}}
	}
	return nil
}
