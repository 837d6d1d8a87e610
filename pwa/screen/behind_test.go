package screen

import (
	"strings"
	"testing"
)

// TestKeysBehindANumberAreSentInTurn presses again and again: each press sends up to the next wait, until nothing is left, and
// together they are all there was.
func TestKeysBehindANumberAreSentInTurn(t *testing.T) {
	for _, c := range []struct{ behind, shown string }{
		{"", ""}, {"12", "12"}, {",,123#", "123#"}, {";123", "123"}, {"1;2;3", "1 2 3"}, {",,1,2;#3", "12 #3"}, {";;1;;2", "1 2"},
		{"*,,0", "*0"},
	} {
		line := Line{Call: Call{State: CallEstablished}, Behind: c.behind}
		var shown []string
		var sent string
		for range 10 {
			keys, see, later := line.Next()
			if see == "" {
				break
			}
			if strings.ContainsAny(see, ",;") || strings.Contains(keys, ";") || len(later) >= len(line.Behind) {
				t.Fatalf("%q: %q is sent and shown as %q, %q stays", c.behind, keys, see, later)
			}
			shown, sent, line.Behind = append(shown, see), sent+keys, later
		}
		if got := strings.Join(shown, " "); got != c.shown || sent != strings.ReplaceAll(c.behind, ";", "") {
			t.Errorf("%q: shown %q, sent %q; want %q", c.behind, got, sent, c.shown)
		}
	}
	for _, state := range []CallState{CallCalling, CallRinging, CallConnecting, CallEnding, CallEnded} {
		line := Line{Call: Call{State: state}, Behind: "12"}
		if keys, shown, later := line.Next(); keys != "" || shown != "" || later != "12" {
			t.Errorf("%v: %q is offered as %q, %q stays", state, keys, shown, later)
		}
	}
	held := Line{Call: Call{State: CallEstablished, HeldLocal: true}, Behind: "12"}
	if _, shown, later := held.Next(); shown != "" || later != "12" {
		t.Errorf("held: %q is offered, %q stays", shown, later)
	}
}
