package phone

import (
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

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
