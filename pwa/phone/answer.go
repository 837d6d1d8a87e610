package phone

import (
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

const busyHere = 486 // how a call is refused: this device says no, others may go on ringing

// planIncoming refuses a call where the user wants that, or answers it.
func planIncoming(prev, next screen.Snapshot, id string) []Command {
	if next.DoNotDisturb {
		return []Command{Reject{id, busyHere}}
	}
	return planAnswer(prev, next)
}

// planAnswer answers the call that has been marked for it without the user.
func planAnswer(prev, next screen.Snapshot) []Command {
	for _, l := range next.Incoming() {
		if old, _ := prev.Line(l.ID); l.Answering && !old.Answering {
			return []Command{Accept{ID: l.ID}}
		}
	}
	return nil
}

// answersItself tells whether the next call is answered without the user. One during another always waits.
func answersItself(s screen.Snapshot) bool { return s.AutoAnswer && !s.DoNotDisturb && s.Free() }

// answeredLater marks a call whose server has asked to let it ring for a while, when its time has come.
func answeredLater(s screen.Snapshot, before time.Time) screen.Snapshot {
	for _, l := range s.Incoming() {
		if answersItself(s) && before.Before(l.AnswersAt) && !s.Now.Before(l.AnswersAt) {
			s = s.WithLine(l.ID, func(l *screen.Line) { l.Answering = true })
		}
	}
	return s
}
