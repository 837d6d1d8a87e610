package phone

import (
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// reduceCall follows what the user does with the calls.
func reduceCall(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Answer:
		return answering(s, e.ID)
	case screen.EndAndAnswer:
		return answering(s, e.ID)
	case screen.Swap:
		if line, _ := s.Line(e.ID); line.Busy {
			return s // it is being held or resumed: it can be swapped when that is done
		}
		s.Active, s.Keypad, s.Adding = e.ID, false, false
	case screen.ToggleKeypad:
		if s.Transfer.Step == screen.TransferChoosing {
			s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		}
		s.Keypad, s.Adding = !s.Keypad, false
		s.Page = screen.PagePhone
	case screen.SendBehind:
		return sentBehind(s, e.ID)
	case screen.AddCall:
		s.Adding, s.Keypad = e.On, false
		if e.On {
			s.Page = screen.PagePhone
		}
		if s.Transfer.Step == screen.TransferChoosing {
			s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		}
	case screen.CloseWhy:
		s = s.Unexplained()
	case screen.AnswerHandover:
		return s.WithoutHandover(func(h screen.Handover) bool { return h.ID == e.ID })
	}
	return s
}

// answering marks a call that the user takes, as long as it still rings.
func answering(s screen.Snapshot, id string) screen.Snapshot {
	s = s.Unexplained()
	s.Problem.Text, s.Page = text.Sentence{}, screen.PagePhone
	return s.WithLine(id, func(l *screen.Line) { l.Answering = l.RingsHere() })
}
