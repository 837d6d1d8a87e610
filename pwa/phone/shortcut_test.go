package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
)

func TestShortcuts(t *testing.T) {
	rings := then(onCall(), comes("9"))
	for _, test := range []struct {
		why  string
		from Snapshot
		key  Key
		want Event
	}{
		{"a digit anywhere", idle(), Key{Key: "5"}, Press{"5"}},
		{"a digit on a button", idle(), Key{Key: "5", Control: true}, Press{"5"}},
		{"a digit in a field", idle(), Key{Key: "5", Typing: true}, nil},
		{"a digit with Ctrl zooms the page", idle(), Key{Key: "0", Other: true}, nil},
		{"a digit at the login", card(""), Key{Key: "5"}, nil},
		{"a letter anywhere", idle(), Key{Key: "ä"}, Paste{"ä"}},
		{"a letter on a button", idle(), Key{Key: "a", Control: true}, nil},
		{"a letter during a call", onCall(), Key{Key: "a"}, nil},
		{"a letter at the login", card(""), Key{Key: "a"}, nil},
		{"a key with a name", idle(), Key{Key: "Tab"}, nil},
		{"Enter dials what was typed", then(idle(), Press{"5"}), Key{Key: "Enter"}, Dial{}},
		{"Enter on a button presses it", then(idle(), Press{"5"}), Key{Key: "Enter", Control: true}, nil},
		{"Enter with an empty field", idle(), Key{Key: "Enter"}, nil},
		{"Enter never answers", then(idle(), comes("9")), Key{Key: "Enter"}, nil},
		{"Backspace", then(idle(), Press{"5"}), Key{Key: "Backspace"}, Backspace{}},
		{"Escape with nothing open", idle(), Key{Key: "Escape"}, nil},
		{"Escape closes the menu, also from a field", then(idle(), ToggleMenu{}), Key{Key: "Escape", Typing: true}, Escape{}},
		{"answer, also while typing", rings, Key{Key: "å", Code: "KeyA", Alt: true, Typing: true}, Answer{"9"}},
		{"answer without a call", onCall(), Key{Code: "KeyA", Alt: true}, nil},
		{"decline comes before hanging up", rings, Key{Code: "KeyX", Alt: true}, Decline{"9"}},
		{"hang up", onCall(), Key{Code: "KeyX", Alt: true}, Hangup{"1"}},
		{"mute", onCall(), Key{Code: "KeyM", Alt: true}, ToggleMute{"1"}},
		{"hold", onCall(), Key{Code: "KeyH", Alt: true}, ToggleHold{"1"}},
		{"hold before the answer", then(idle(), out("1", ua.CallRinging)), Key{Code: "KeyH", Alt: true}, nil},
		{"another letter with Alt", onCall(), Key{Code: "KeyQ", Alt: true}, nil},
	} {
		got, ok := Shortcut(test.from, test.key)
		if ok != (test.want != nil) || ok && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v (%v), want %#v", test.why, got, ok, test.want)
		}
	}
}
