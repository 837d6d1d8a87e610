package phone

import (
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// behind are the keys that stand behind the number of a new call, where it is the one that was asked for. In a URI they are the
// server's.
func behind(target string, call ua.CallInfo) string {
	number, keys, err := number.Dial(target)
	if err != nil || call.Direction != ua.Outgoing || call.Dialled != number || strings.Contains(number, ":") {
		return ""
	}
	return keys
}

// sentBehind writes down the keys behind the number that Plan sends. They show among those pressed, as long as none waits.
func sentBehind(s screen.Snapshot, id string) screen.Snapshot {
	line, _ := s.Line(id)
	_, shown, later := line.Next()
	if shown == "" {
		return s
	}
	if s.Active == id {
		s.Keypad = later == ""
	}
	return s.WithLine(id, func(l *screen.Line) { l.Digits, l.Behind = number.Typed(l.Digits+shown), later })
}

// planBehindNumber sends the keys behind the number of a call one by one, with their pauses.
func planBehindNumber(prev screen.Snapshot, id string) []Command {
	line, _ := prev.Line(id)
	keys, _, _ := line.Next()
	var plan []Command
	for _, key := range keys {
		plan = append(plan, Tone{id, string(key)})
	}
	return plan
}
