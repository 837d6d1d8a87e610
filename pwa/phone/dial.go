package phone

import (
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// reduceDial follows what is written into the number field, and called from it.
func reduceDial(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Press:
		return press(s, e.Digit)
	case screen.Type:
		return written(s, e.Text)
	case screen.Write:
		return written(s.At(screen.PagePhone), e.Text)
	case screen.Prefill:
		if s.Elsewhere {
			return s.WithProblem(text.Say(text.NumberGiven))
		}
		return prefilled(s, e.Text)
	case screen.Paste:
		return written(s, s.Unexplained().Dial+strings.TrimSpace(e.Text))
	case screen.Backspace:
		runes := []rune(s.Dial)
		return written(s, string(runes[:max(0, len(runes)-1)]))
	case screen.ClearDial:
		return written(s, "")
	case screen.Dial:
		return dial(s, e)
	case screen.Mark:
		return marked(s, e.By)
	case screen.Redial:
		return written(s, s.Placed.Target)
	case screen.MakeCall:
		if s.Transfer.Step == screen.TransferChoosing {
			return written(s.At(screen.PagePhone), e.Target)
		}
		return called(s, e.Target)
	}
	return s
}

func press(s screen.Snapshot, digit string) screen.Snapshot {
	line, inCall := s.ToneLine()
	if inCall && digit == "+" || !inCall && !s.ShowsDialPad() {
		return s // there is no such tone, or nobody who could hear it
	}
	s.Pressed = screen.KeyPress{Digit: digit, Count: s.Pressed.Count + 1}
	if inCall {
		s.Keypad = true // what is sent has to be seen
		return s.WithLine(line.ID, func(l *screen.Line) { l.Digits = number.Typed(l.Digits + digit) })
	}
	return written(s, s.Unexplained().Dial+digit)
}

// debugCode, dialled, switches the SIP trace on and off and calls nobody.
const debugCode = "*#0*#"

// dial calls what the user has seen in the field or marked under it, as long as that stands there still: a second press for
// one call is none.
func dial(s screen.Snapshot, e screen.Dial) screen.Snapshot {
	chosen, ok := dialled(s, e)
	switch {
	case s.Transfer.Step == screen.TransferChoosing:
		return transferNow(s, e)
	case !ok:
		return s
	case strings.TrimSpace(chosen) == debugCode:
		s.Dial = ""
		return debugged(s)
	case strings.TrimSpace(chosen) == "":
		return reduceDial(s, screen.Redial{})
	}
	return called(s, chosen)
}

// marked moves the mark, which goes round.
func marked(s screen.Snapshot, by int) screen.Snapshot {
	n := len(s.Suggestions)
	if n == 0 || s.Dial == "" {
		return s
	}
	at := s.Marked - 1 + by // the first when none is marked
	if s.Marked == 0 && by < 0 {
		at = n - 1 // the last
	}
	s.Marked = (at+n)%n + 1
	return s
}
