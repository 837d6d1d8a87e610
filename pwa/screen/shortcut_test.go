package screen

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// TestShortcutsOfCalls presses the keys of calls in each state of one call, alone and with another that rings.
func TestShortcutsOfCalls(t *testing.T) {
	for state := CallPreparing; state <= CallEnded; state++ {
		for _, direction := range []Direction{Outgoing, Incoming} {
			for _, rings := range []bool{false, true} {
				calls := []Line{line("1", direction, state)}
				if rings {
					calls = append(calls, line("2", Incoming, CallRinging))
				}
				s := phone(calls...)
				one := direction == Incoming && state <= CallRinging && state != CallCalling // the first itself rings here
				first := choose(one, "1", "2")
				want := map[string]Event{"KeyB": nil, "": nil}
				if one || rings {
					want["KeyA"], want["KeyX"] = Answer{first}, Decline{first}
				}
				if !one {
					want["KeyM"] = ToggleMute{"1"}
					if !rings {
						want["KeyX"] = Hangup{"1"}
					}
				}
				if state == CallEstablished {
					want["KeyH"], want["KeyT"] = ToggleHold{"1"}, StartTransfer{"1"}
				}
				for _, code := range []string{"KeyA", "KeyX", "KeyM", "KeyH", "KeyT", "KeyB", ""} {
					got, ok := Shortcut(s, Key{Alt: true, Code: code})
					if ok != (want[code] != nil) || ok && got != want[code] {
						t.Errorf("state %d, direction %d, another rings %t, %s: %#v, %t; want %#v", state, direction, rings, code,
							got, ok,
							want[code])
					}
				}
			}
		}
	}
	asking := phone(line("1", Outgoing, CallEstablished), line("2", Outgoing, CallEstablished))
	asking.Transfer = Transfer{Step: TransferAsking, ID: "1", Other: "2"}
	if got, ok := Shortcut(asking, Key{Alt: true, Code: "KeyT"}); got != (CompleteTransfer{}) || !ok {
		t.Errorf("the second step of a transfer: %#v, %t", got, ok)
	}
}

// TestKeysOfCallsWriteWhereTheyAreLetters lets the keyboards of macOS type.
func TestKeysOfCallsWriteWhereTheyAreLetters(t *testing.T) {
	every(3, func(is func(int) bool) {
		k := Key{Alt: true, Code: "KeyX", Writes: is(0), Typing: is(1), Unwritten: is(2)}
		letter := k.Writes && k.Typing && !k.Unwritten
		if _, ok := Shortcut(phone(line("1", Outgoing, CallEstablished)), k); ok == letter {
			t.Errorf("%+v ends the call: %t", k, ok)
		}
	})
}

// TestEscapeClosesWhatIsOpen opens one thing at a time.
func TestEscapeClosesWhatIsOpen(t *testing.T) {
	for name, open := range map[string]func(s *Snapshot){
		"nothing": func(s *Snapshot) {}, "shortcuts": func(s *Snapshot) { s.Shortcuts = true },
		"menu":  func(s *Snapshot) { s.Menu = true },
		"audio": func(s *Snapshot) { s.Audio = true }, "transfer": func(s *Snapshot) { s.Transfer.Step = TransferChoosing },
		"a problem": func(s *Snapshot) { s.Problem.Text = text.Say(text.Answer) },
		"adding":    func(s *Snapshot) { s.Adding = true },
		"key pad":   func(s *Snapshot) { s.Keypad = true }, "an explanation": func(s *Snapshot) { s.Ended = &Ended{} },
	} {
		s := phone(line("1", Outgoing, CallEstablished))
		open(&s)
		if _, ok := Shortcut(s, Key{Key: "Escape"}); ok != (name != "nothing") {
			t.Errorf("%s: Escape means something: %t", name, ok)
		}
		if _, ok := Shortcut(s, Key{Key: "Escape", Other: true}); ok {
			t.Errorf("%s: with Ctrl it does too", name)
		}
	}
	later := phone(line("1", Outgoing, CallEstablished))
	for later.Transfer.Step = range TransferSending + 1 {
		if _, ok := Shortcut(later, Key{Key: "Escape"}); ok != (later.Transfer.Step == TransferChoosing) {
			t.Errorf("in step %d of a transfer Escape means something: %t", later.Transfer.Step, ok)
		}
	}
}

// TestTypedAnywhere types each kind of key in each place: into a field, on a control, on the page, beside a call.
func TestTypedAnywhere(t *testing.T) {
	every(5, func(is func(int) bool) {
		typing, control, staged, dialled, field := is(0), is(1), is(2), is(3), is(4)
		s := phone()
		if staged {
			s = phone(line("1", Outgoing, CallEstablished))
		}
		if s.Show.Number = field; dialled {
			s.Dial = "60"
		}
		for key, want := range map[string]Event{
			"5": Write{s.Dial + "5"}, "*": Write{s.Dial + "*"}, "#": Write{s.Dial + "#"}, "+": Write{s.Dial + "+"},
			"0": Write{s.Dial + "0"},
			"a": Write{s.Dial + "a"}, "ü": Write{s.Dial + "ü"}, "я": Write{s.Dial + "я"}, "Backspace": Backspace{},
			"Enter": Dial{s.Dial, s.Fits},
			"Tab":   nil, "F5": nil, " ": nil, ";": nil, "": nil, "ArrowDown": nil, "Dead": nil, "\xff": nil,
		} {
			digit := len(key) == 1 && strings.Contains("0123456789*#+", key)
			switch {
			case want == nil, typing:
				want = nil
			case digit && (staged || !field):
				want = Press{key}
			case digit:
			case key == "Backspace":
				want = choose[Event](!staged && dialled, want, nil)
			case key == "Enter":
				want = choose[Event](!staged && dialled && !control, want, nil)
			default:
				want = choose[Event](!staged && field && !control, want, nil)
			}
			got, ok := Shortcut(s, Key{Key: key, Typing: typing, Control: control})
			if ok != (want != nil) || ok && !reflect.DeepEqual(got, want) {
				t.Errorf("%q, in a field %t, on a control %t, a call %t, a number %t, its field %t: %#v, %t; want %#v", key,
					typing, control,
					staged, dialled, field, got, ok, want)
			}
		}
	})
}

// TestMarkMovesInTheNumberField walks the suggestions only from there, and only where there is something to suggest for.
func TestMarkMovesInTheNumberField(t *testing.T) {
	every(2, func(is func(int) bool) {
		s := phone()
		if is(1) {
			s.Dial = "60"
		}
		for key, by := range map[string]int{"ArrowDown": 1, "ArrowUp": -1} {
			got, ok := Shortcut(s, Key{Key: key, Typing: true, Number: is(0)})
			if want := is(0) && is(1); ok != want || ok && got != (Mark{by}) {
				t.Errorf("%s in the number field %t with a number %t: %#v, %t", key, is(0), is(1), got, ok)
			}
		}
	})
	s := Snapshot{View: View{Suggestions: []Suggestion{{Number: "1"}, {Number: "2"}}}}
	for s.Marked = -1; s.Marked < 4; s.Marked++ {
		got, chosen := s.Chosen()
		if want := s.Marked == 1 || s.Marked == 2; chosen != want || chosen && got.Number != string(rune('0'+s.Marked)) {
			t.Errorf("mark %d is on %+v, %t", s.Marked, got, chosen)
		}
	}
}

// TestListOfKeysOpens by its key anywhere but where a question mark is written.
func TestListOfKeysOpens(t *testing.T) {
	every(2, func(is func(int) bool) {
		k := Key{Key: KeysList, Typing: is(0), Unwritten: is(1)}
		if _, ok := Shortcut(phone(), k); ok != (!is(0) || is(1)) {
			t.Errorf("%+v: %t", k, ok)
		}
	})
	help := ShortcutHelp()
	seen := map[string]bool{}
	for _, h := range help {
		if h.Keys == "" || h.Does == "" || seen[h.Keys] {
			t.Errorf("%+v is no help, or there twice", h)
		}
		seen[h.Keys] = true
	}
	for _, keys := range []string{KeysAnswer, KeysHangup, KeysMute, KeysHold, KeysTransfer, KeysList} {
		if !seen[keys] {
			t.Errorf("the list leaves %s out", keys)
		}
	}
}

// TestKeysMeanNothingBeforeTheLogin presses everything on the login card of any phone.
func TestKeysMeanNothingBeforeTheLogin(t *testing.T) {
	for seed := range uint64(500) {
		s := anyPhone(rand.New(rand.NewPCG(seed, 137)))
		s.Screen = ScreenLogin
		for _, key := range []string{"5", "a", "Enter", "Escape", "?", "Backspace", "ArrowDown"} {
			for _, alt := range []bool{false, true} {
				if got, ok := Shortcut(s, Key{Key: key, Code: "KeyX", Alt: alt, Number: true}); ok {
					t.Fatalf("seed %d: %s means %#v", seed, key, got)
				}
			}
		}
	}
}

// TestPasteGoesWhereAFieldIs holds pasting to the number field that can be seen.
func TestPasteGoesWhereAFieldIs(t *testing.T) {
	every(4, func(is func(int) bool) {
		s := phone()
		if is(0) {
			s = phone(line("1", Outgoing, CallEstablished))
		}
		s.Adding, s.Show.Number = is(1), is(2)
		if is(3) {
			s.Screen = ScreenLogin
		}
		if want := (!is(0) || is(1)) && is(2) && !is(3); Pastes(s) != want {
			t.Errorf("a call %t, adding %t, a field %t, login %t: pastes %t", is(0), is(1), is(2), is(3), Pastes(s))
		}
	})
}
