package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/text"
)

func TestShortcuts(t *testing.T) {
	rings := then(onCall(), comes("9"))
	for _, test := range []struct {
		why  string
		from Snapshot
		key  Key
		want Event
	}{
		{"a digit anywhere", idle(), Key{Key: "5"}, Write{"5"}},
		{"a digit on a button", idle(), Key{Key: "5", Control: true}, Write{"5"}},
		{"a digit after others", then(idle(), Type{"60"}), Key{Key: "5"}, Write{"605"}},
		{"a digit after a call that failed", failed(), Key{Key: "5"}, Write{"5"}},
		{"a digit during a call", onCall(), Key{Key: "5"}, Press{"5"}},
		{"a digit while another call is being made", then(onCall(), AddCall{On: true}), Key{Key: "5"}, Write{"5"}},
		{"a digit in a field", idle(), Key{Key: "5", Typing: true}, nil},
		{"a digit with Ctrl zooms the page", idle(), Key{Key: "0", Other: true}, nil},
		{"a digit at the login", card(""), Key{Key: "5"}, nil},
		{"a letter anywhere", idle(), Key{Key: "ä"}, Write{"ä"}},
		{"a letter on a button", idle(), Key{Key: "a", Control: true}, nil},
		{"a letter during a call", onCall(), Key{Key: "a"}, nil},
		{"a letter at the login", card(""), Key{Key: "a"}, nil},
		{"a key with a name", idle(), Key{Key: "Tab"}, nil},
		{"Enter dials what was typed", then(idle(), Press{"5"}), Key{Key: "Enter"}, Dial{"5"}},
		{"Enter on a button presses it", then(idle(), Press{"5"}), Key{Key: "Enter", Control: true}, nil},
		{"Enter with an empty field", idle(), Key{Key: "Enter"}, nil},
		{"Enter never answers", then(idle(), comes("9")), Key{Key: "Enter"}, nil},
		{"Backspace", then(idle(), Press{"5"}), Key{Key: "Backspace"}, Backspace{}},
		{"Escape with nothing open", idle(), Key{Key: "Escape"}, nil},
		{"Escape closes the menu, also from a field", then(idle(), ToggleMenu{}), Key{Key: "Escape", Typing: true}, Escape{}},
		{"answer, also while typing", rings, Key{Key: "a", Code: "KeyA", Alt: true, Typing: true}, Answer{"9"}},
		{"a letter that is typed with Alt", rings, Key{Key: "ź", Code: "KeyX", Alt: true, Typing: true, Writes: true}, nil},
		{"answer from the number field, in which nothing is being typed", rings, Key{Key: "å", Code: "KeyA", Alt: true, Typing: true, Unwritten: true, Writes: true}, Answer{"9"}},
		{"answer from anywhere but a field", rings, Key{Key: "å", Code: "KeyA", Alt: true, Writes: true}, Answer{"9"}},
		{"answer without a call", onCall(), Key{Code: "KeyA", Alt: true}, nil},
		{"decline comes before hanging up", rings, Key{Code: "KeyX", Alt: true}, Decline{"9"}},
		{"hang up", onCall(), Key{Code: "KeyX", Alt: true}, Hangup{"1"}},
		{"mute", onCall(), Key{Code: "KeyM", Alt: true}, ToggleMute{"1"}},
		{"hold", onCall(), Key{Code: "KeyH", Alt: true}, ToggleHold{"1"}},
		{"hold before the answer", then(idle(), out("1", ua.CallRinging)), Key{Code: "KeyH", Alt: true}, nil},
		{"the list of keys", onCall(), Key{Key: "?", Code: "Minus"}, ToggleShortcuts{}},
		{"the list of keys, from the number field as long as nothing stands in it", idle(), Key{Key: "?", Typing: true, Unwritten: true}, ToggleShortcuts{}},
		{"a question mark in a field", idle(), Key{Key: "?", Typing: true}, nil},
		{"the list of keys at the login", card(""), Key{Key: "?"}, nil},
		{"Escape closes the list of keys", then(idle(), ToggleShortcuts{}), Key{Key: "Escape"}, Escape{}},
		{"another letter with Alt", onCall(), Key{Code: "KeyQ", Alt: true}, nil},
	} {
		got, ok := Shortcut(test.from, test.key)
		if ok != (test.want != nil) || ok && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v (%v), want %#v", test.why, got, ok, test.want)
		}
	}
}

func TestTheListOfKeysTakesThePlaceOfOtherSheets(t *testing.T) {
	s := then(idle(), ToggleMenu{}, ToggleShortcuts{})
	if s.Menu || !s.Shortcuts {
		t.Errorf("menu %v, keys %v, want the keys alone", s.Menu, s.Shortcuts)
	}
	if s = then(s, ToggleMenu{}); !s.Menu || s.Shortcuts {
		t.Errorf("menu %v, keys %v, want the menu alone", s.Menu, s.Shortcuts)
	}
	if s = then(s, ToggleShortcuts{}, Escape{}); s.Menu || s.Shortcuts {
		t.Errorf("menu %v, keys %v, want neither after Escape", s.Menu, s.Shortcuts)
	}
}

func TestEveryShortcutOfACallIsInTheList(t *testing.T) {
	listed := map[string]bool{}
	for _, h := range ShortcutHelp() {
		listed[h.Keys] = true
		if text.English.Say(h.Does) == "" {
			t.Errorf("%s has no text", h.Keys)
		}
	}
	for _, keys := range []string{KeysAnswer, KeysHangup, KeysMute, KeysHold, KeysTransfer, KeysList} {
		if !listed[keys] {
			t.Errorf("%s is not in the list", keys)
		}
	}
}

// failed is a phone whose last call has not worked out.
func failed() Snapshot {
	return then(idle(), Type{"101"}, Dial{"101"}, out("1", ua.CallRinging), out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
}
