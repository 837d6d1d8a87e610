package phone

import (
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// prefilled puts a number that a link names into the number field.
func prefilled(s screen.Snapshot, linked string) screen.Snapshot {
	s = written(s.At(screen.PagePhone), number.Linked(strings.TrimSpace(linked)))
	if _, ok := s.Stage(); ok {
		s.Adding = true
	}
	return s
}

// written puts what the user writes into the number field. What is said about the last call goes: another has begun.
func written(s screen.Snapshot, typed string) screen.Snapshot {
	s.Dial, s.Ended, s.Marked = number.Typed(typed), nil, 0
	s.Menu, s.Shortcuts = false, false
	return s
}

// explained says why a call has ended. The number stays in the field as long as nobody writes another one, to be called again.
func explained(s screen.Snapshot, e screen.Ended) screen.Snapshot {
	s = s.Unexplained()
	e.Typed = number.Typed(e.Again())
	if _, err := number.Dialable(e.Again()); err == nil && s.Dial == "" && len(s.Lines()) == 0 {
		s.Dial = e.Typed
	}
	s.Ended = &e
	return s
}

// called is the screen when target is going to be called; see Plan, which calls it.
func called(s screen.Snapshot, target string) screen.Snapshot {
	if !s.CanDial() {
		return s.WithProblem(text.Say(text.NotConnected))
	}
	if _, err := number.Dialable(target); err != nil {
		if strings.TrimSpace(target) == "" {
			return s
		}
		return s.WithProblem(text.Say(text.BadTarget))
	}
	s.Dial, s.Placed = "", screen.Placed{Target: strings.TrimSpace(target), Count: s.Placed.Count + 1}
	s.Problem.Text, s.Transfer.Done = text.Sentence{}, text.Sentence{}
	s.Adding, s.Keypad, s.Ended, s.Page = false, false, nil, screen.PagePhone
	if s.Transfer.Step == screen.TransferChoosing {
		s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
	}
	return s
}

// dialled is what a press calls, "" for nothing yet. It is not ok when the screen has shown something else, or nobody can be
// meant.
func dialled(s screen.Snapshot, e screen.Dial) (target string, ok bool) {
	g, chosen := s.Chosen()
	switch {
	case number.Typed(e.Text) != s.Dial || chosen && e.Fits != s.Fits:
		return "", false
	case chosen:
		return g.Number, true
	}
	return e.Text, !number.IsName(e.Text)
}
