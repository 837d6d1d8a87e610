package ui

import (
	"unicode/utf8"

	"github.com/gowebphone/webphone/pwa/screen"
)

// key takes a key that was pressed anywhere on the page, and tells whether it has done something with it.
//
// A number begun outside a field goes on in the number field: the first character takes the focus there, and Enter calls
// what stands in it. So no button that had the focus before can call somebody else.
func (r *Root) key(k screen.Key) (taken bool) {
	if ringing, first := screen.ToCard(r.snapshot, k, r.carded); first {
		r.carded = ringing
		return focusCard()
	}
	if e, ok := r.ahead.key(k, r.snapshot.Fits); ok {
		r.act(e)
		return true
	}
	e, ok := screen.Shortcut(r.snapshot, k)
	switch e := e.(type) {
	case screen.Write:
		if focusNumber(r.snapshot) {
			return false // the browser writes the character there
		}
		r.ahead = ahead{on: true, text: e.Text}
	case screen.Press:
		leaveControl()
	}
	if ok {
		r.act(e)
	}
	return ok
}

// ahead is what has been typed for a number field that is on its way to the screen. All keys are its own until the field is
// there: no digit of a number is lost, and Enter behind it calls that number.
type ahead struct {
	on   bool
	text string
}

func (a *ahead) key(k screen.Key, fits int) (e screen.Event, taken bool) {
	switch {
	case !a.on || k.Alt || k.Other:
		return nil, false
	case k.Key == "Enter":
		a.on = false
		return screen.Dial{Text: a.text, Fits: fits}, true
	case k.Key == "Backspace":
		_, size := utf8.DecodeLastRuneInString(a.text)
		a.text = a.text[:len(a.text)-size]
	case utf8.RuneCountInString(k.Key) == 1 && !k.Typing:
		a.text += k.Key
	case k.Key != "Shift":
		a.on = false
		return nil, false
	}
	return screen.Write{Text: a.text}, true
}

// settles tells whether the field can take over: it shows, and holds all that was typed.
func (a *ahead) settles(s screen.Snapshot) bool {
	if !screen.Pastes(s) {
		a.on = false // a call has come between
	}
	return a.on && s.Dial == a.text
}
