package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func TestShortcuts(t *testing.T) {
	rings := then(onCall(), comes("9"))
	for _, test := range []struct {
		why  string
		from screen.Snapshot
		key  screen.Key
		want Event
	}{
		{"a digit anywhere", idle(), screen.Key{Key: "5"}, screen.Write{Text: "5"}},
		{"a digit on a button", idle(), screen.Key{Key: "5", Control: true}, screen.Write{Text: "5"}},
		{"a digit after others", then(idle(), screen.Type{Text: "60"}), screen.Key{Key: "5"}, screen.Write{Text: "605"}},
		{"a digit after a call that failed", failed(), screen.Key{Key: "5"}, screen.Write{Text: "5"}},
		{"a digit during a call", onCall(), screen.Key{Key: "5"}, screen.Press{Digit: "5"}},
		{"a digit while another call is being made", then(onCall(), screen.AddCall{On: true}), screen.Key{Key: "5"},
			screen.Write{Text: "5"}},
		{"a digit in a field", idle(), screen.Key{Key: "5", Typing: true}, nil},
		{"a digit with Ctrl zooms the page", idle(), screen.Key{Key: "0", Other: true}, nil},
		{"a digit at the login", card(""), screen.Key{Key: "5"}, nil},
		{"a letter anywhere", idle(), screen.Key{Key: "ä"}, screen.Write{Text: "ä"}},
		{"a letter on a button", idle(), screen.Key{Key: "a", Control: true}, nil},
		{"a letter during a call", onCall(), screen.Key{Key: "a"}, nil},
		{"a letter at the login", card(""), screen.Key{Key: "a"}, nil},
		{"a key with a name", idle(), screen.Key{Key: "Tab"}, nil},
		{"Enter dials what was typed", then(idle(), screen.Press{Digit: "5"}), screen.Key{Key: "Enter"}, screen.Dial{Text: "5"}},
		{"Enter on a button presses it", then(idle(), screen.Press{Digit: "5"}), screen.Key{Key: "Enter", Control: true}, nil},
		{"Enter with an empty field", idle(), screen.Key{Key: "Enter"}, nil},
		{"Enter never answers", then(idle(), comes("9")), screen.Key{Key: "Enter"}, nil},
		{"Backspace", then(idle(), screen.Press{Digit: "5"}), screen.Key{Key: "Backspace"}, screen.Backspace{}},
		{"Escape with nothing open", idle(), screen.Key{Key: "Escape"}, nil},
		{"Escape closes the menu, also from a field", then(idle(), screen.ToggleMenu{}), screen.Key{Key: "Escape", Typing: true},
			screen.Escape{}},
		{"answer, also while typing", rings, screen.Key{Key: "a", Code: "KeyA", Alt: true, Typing: true}, screen.Answer{ID: "9"}},
		{"a letter that is typed with Alt", rings, screen.Key{Key: "ź", Code: "KeyX", Alt: true, Typing: true, Writes: true},
			nil},
		{"answer from the number field, in which nothing is being typed", rings,
			screen.Key{Key: "å", Code: "KeyA", Alt: true, Typing: true, Unwritten: true, Writes: true}, screen.Answer{ID: "9"}},
		{"answer from anywhere but a field", rings, screen.Key{Key: "å", Code: "KeyA", Alt: true, Writes: true},
			screen.Answer{ID: "9"}},
		{"answer without a call", onCall(), screen.Key{Code: "KeyA", Alt: true}, nil},
		{"decline comes before hanging up", rings, screen.Key{Code: "KeyX", Alt: true}, screen.Decline{ID: "9"}},
		{"hang up", onCall(), screen.Key{Code: "KeyX", Alt: true}, screen.Hangup{ID: "1"}},
		{"mute", onCall(), screen.Key{Code: "KeyM", Alt: true}, screen.ToggleMute{ID: "1"}},
		{"hold", onCall(), screen.Key{Code: "KeyH", Alt: true}, screen.ToggleHold{ID: "1"}},
		{"hold before the answer", then(idle(), out("1", ua.CallRinging)), screen.Key{Code: "KeyH", Alt: true}, nil},
		{"the list of keys", onCall(), screen.Key{Key: "?", Code: "Minus"}, screen.ToggleShortcuts{}},
		{"the list of keys, from the number field as long as nothing stands in it", idle(),
			screen.Key{Key: "?", Typing: true, Unwritten: true}, screen.ToggleShortcuts{}},
		{"a question mark in a field", idle(), screen.Key{Key: "?", Typing: true}, nil},
		{"the list of keys at the login", card(""), screen.Key{Key: "?"}, nil},
		{"Escape closes the list of keys", then(idle(), screen.ToggleShortcuts{}), screen.Key{Key: "Escape"}, screen.Escape{}},
		{"another letter with Alt", onCall(), screen.Key{Code: "KeyQ", Alt: true}, nil},
	} {
		got, ok := screen.Shortcut(test.from, test.key)
		if ok != (test.want != nil) || ok && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v (%v), want %#v", test.why, got, ok, test.want)
		}
	}
}

func TestTheListOfKeysTakesThePlaceOfOtherSheets(t *testing.T) {
	s := then(idle(), screen.ToggleMenu{}, screen.ToggleShortcuts{})
	if s.Menu || !s.Shortcuts {
		t.Errorf("menu %v, keys %v, want the keys alone", s.Menu, s.Shortcuts)
	}
	if s = then(s, screen.ToggleMenu{}); !s.Menu || s.Shortcuts {
		t.Errorf("menu %v, keys %v, want the menu alone", s.Menu, s.Shortcuts)
	}
	if s = then(s, screen.ToggleShortcuts{}, screen.Escape{}); s.Menu || s.Shortcuts {
		t.Errorf("menu %v, keys %v, want neither after Escape", s.Menu, s.Shortcuts)
	}
}

func TestEveryShortcutOfACallIsInTheList(t *testing.T) {
	listed := map[string]bool{}
	for _, h := range screen.ShortcutHelp() {
		listed[h.Keys] = true
		if text.English.Say(h.Does) == "" {
			t.Errorf("%s has no text", h.Keys)
		}
	}
	for _, keys := range []string{screen.KeysAnswer, screen.KeysHangup, screen.KeysMute, screen.KeysHold, screen.KeysTransfer,
		screen.KeysList} {
		if !listed[keys] {
			t.Errorf("%s is not in the list", keys)
		}
	}
}

// failed is a phone whose last call has not worked out.
func failed() screen.Snapshot {
	return then(idle(), screen.Type{Text: "101"}, screen.Dial{Text: "101"}, out("1", ua.CallRinging),
		out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
}
