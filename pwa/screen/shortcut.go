package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pwa/text"
)

// Key is a key pressed anywhere on the page.
type Key struct {
	Key, Code string // as in KeyboardEvent
	Alt       bool
	Other     bool // Ctrl or Meta is down
	Shift     bool
	Typing    bool // a text field has the focus
	Number    bool // it is the number field
	Unwritten bool // and empty
	Control   bool // a button, a link or a list has the focus
	Writes    bool // with Alt it writes a character, as on macOS
}

// Shortcuts of the keyboard, as in aria-keyshortcuts.
const (
	KeysAnswer   = "Alt+A"
	KeysHangup   = "Alt+X" // declines while a call rings
	KeysMute     = "Alt+M"
	KeysHold     = "Alt+H"
	KeysTransfer = "Alt+T" // completes a transfer
	KeysList     = "?"     // shows all of them
)

// ShortcutHelp lists the keys that work everywhere with what they do, for whom wants to learn them. The dial keys stand
// for all of their kind.
func ShortcutHelp() []struct {
	Keys string
	Does text.Key
} {
	return []struct {
		Keys string
		Does text.Key
	}{
		{KeysAnswer, text.Answer}, {KeysHangup, text.KeysHangup}, {KeysMute, text.KeysMute}, {KeysHold, text.KeysHold},
		{KeysTransfer, text.KeysTransfer},
		{"0–9 * # +", text.KeysDigits}, {"Enter", text.Dial}, {"Backspace", text.DeleteDigit}, {"Esc", text.KeysEscape},
		{KeysList, text.KeysList},
	}
}

// Shortcut is what a key means when no control under it takes it. Digits typed anywhere but in a field are dialled.
func Shortcut(s Snapshot, k Key) (Event, bool) {
	switch {
	case s.Screen != ScreenPhone || k.Other:
		return nil, false
	case k.Alt && k.Writes && k.Typing && !k.Unwritten:
		return nil, false // a letter of the word that is being typed, not the end of the call
	case k.Alt:
		return callShortcut(s, k.Code)
	case k.Key == "Escape":
		return Escape{}, s.Shortcuts || s.Menu || s.Audio || s.Transfer.Step == TransferChoosing || !s.Problem.Text.Empty() ||
			s.Adding || s.Keypad || s.Ended != nil
	case k.Key == KeysList && (!k.Typing || k.Unwritten):
		return ToggleShortcuts{}, true
	case k.Number && k.Key == "ArrowDown" && s.Dial != "":
		return Mark{1}, true
	case k.Number && k.Key == "ArrowUp" && s.Dial != "":
		return Mark{-1}, true
	case k.Typing:
		return nil, false
	case len(k.Key) == 1 && strings.Contains("0123456789*#+", k.Key):
		return digitShortcut(s, k.Key), true
	case isLetter(k.Key) && !k.Control && Pastes(s):
		return Write{s.Unexplained().Dial + k.Key}, true
	case !s.ShowsDialPad() || s.Dial == "":
		return nil, false
	case k.Key == "Backspace":
		return Backspace{}, true
	case k.Key == "Enter" && !k.Control:
		return Dial{s.Dial, s.Fits}, true
	}
	return nil, false
}

// digitShortcut writes a digit into the number field, or sends it where there is none.
func digitShortcut(s Snapshot, digit string) Event {
	if Pastes(s) {
		return Write{s.Unexplained().Dial + digit}
	}
	return Press{digit}
}

// isLetter tells whether a key writes a letter, and is not one of those that have a name.
func isLetter(key string) bool {
	r, size := utf8.DecodeRuneInString(key)
	return size == len(key) && unicode.IsLetter(r)
}

// Pastes tells whether what is pasted or typed anywhere on the page goes into the number field.
func Pastes(s Snapshot) bool { return s.Screen == ScreenPhone && s.ShowsDialPad() && s.Show.Number }

func callShortcut(s Snapshot, code string) (Event, bool) {
	incoming := s.Incoming()
	line, staged := s.Stage()
	switch code {
	case "KeyA":
		if len(incoming) > 0 {
			return Answer{incoming[0].ID}, true
		}
	case "KeyX":
		if len(incoming) > 0 {
			return Decline{incoming[0].ID}, true
		}
		return Hangup{line.ID}, staged
	case "KeyM":
		return ToggleMute{line.ID}, staged
	case "KeyT":
		return transferEvent(s, line), staged && line.Established()
	case "KeyH":
		return ToggleHold{line.ID}, staged && line.Established()
	}
	return nil, false
}

// transferEvent is the next step of handing a call over.
func transferEvent(s Snapshot, line Line) Event {
	if s.Transfer.Step == TransferAsking {
		return CompleteTransfer{}
	}
	return StartTransfer{line.ID}
}
