package screen

import "testing"

// TestFirstTabComesToTheCard of each call that rings, once, and no other key does.
func TestFirstTabComesToTheCard(t *testing.T) {
	s := phone()
	want := func(why string, k Key, last, id string, first bool) {
		t.Helper()
		if got, led := ToCard(s, k, last); got != id || led != first {
			t.Errorf("%s: led %v to the card of %q, want %v to %q", why, led, got, first, id)
		}
	}
	tab := Key{Key: "Tab"}
	want("nobody rings", tab, "", "", false)
	s.Calls.All = []Line{line("1", Outgoing, CallRinging), line("2", Incoming, CallEstablished)}
	want("nobody rings, with two calls", tab, "", "", false)
	s.Calls.All = append(s.Calls.All, line("3", Incoming, CallRinging), line("4", Incoming, CallRinging))
	for _, k := range []Key{tab, {Key: "Tab", Typing: true, Number: true}, {Key: "Tab", Control: true}} {
		want("a call rings", k, "", "3", true)
		want("another one rang before", k, "2", "3", true)
		want("the second time", k, "3", "3", false)
	}
	for _, k := range []Key{{Key: "Tab", Shift: true}, {Key: "Tab", Alt: true}, {Key: "Tab", Other: true}, {Key: "Enter"},
		{Key: "a", Typing: true}, {}} {
		want("another key", k, "", "", false)
	}
	s.Calls.All = s.Calls.All[3:]
	want("the next one, when the first has gone", tab, "3", "4", true)
	s.Screen = ScreenLogin
	want("nobody is logged in", tab, "3", "3", false)
}
