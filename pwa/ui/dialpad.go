package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

var padKeys = []struct{ digit, letters string }{
	{"1", ""}, {"2", "ABC"}, {"3", "DEF"}, {"4", "GHI"}, {"5", "JKL"}, {"6", "MNO"},
	{"7", "PQRS"}, {"8", "TUV"}, {"9", "WXYZ"}, {"*", ""}, {"0", "+"}, {"#", ""},
}

const longPress = 450 * time.Millisecond

// dialpad is the twelve keys. They leave the focus where it is, so that one can type and press in turn.
func dialpad(v View, shown bool) app.UI {
	var keys []app.UI
	for _, k := range padKeys {
		key := el("button", "key",
			words("span", "key-digit", k.digit),
			words("span", "key-letters", k.letters).Aria("hidden", true),
		).Attr("type", "button").OnMouseDown(v.handle("press", prevent))
		if k.digit == "0" {
			key = zeroKey(v, key)
		} else {
			key = v.sends(key, screen.Press{Digit: k.digit})
		}
		keys = append(keys, key)
	}
	return hiddenIf(!shown, el("div", "dialpad", keys...).Role("group").Aria("label", v.T(text.DialPad)))
}

// zeroKey makes a key that is a plus when it is held. A mouse that lets it go clicks. After a finger there may be no click:
// some browsers ask for a context menu while it is held, others tell only that it is lifted.
func zeroKey(v View, key app.HTMLElem) app.HTMLElem {
	down, downScope := v.handle("hold", holdBegins)
	up, upScope := v.handle("lift", lifted(v))
	return key.On("pointerdown", down, downScope).On("pointerup", up, upScope).
		OnClick(v.handle("zero", zero(v))).OnContextMenu(v.handle("held", menuAsked(v)))
}

// hold is how the zero was pressed down last; the user interface's goroutine owns it.
var hold struct {
	at             float64 // by the clock of the browser's events; 0 once it has become a sign
	touched, ended bool    // by a finger, and the plus is there already
}

func holdBegins(_ app.Context, e app.Event) {
	hold.at, hold.touched, hold.ended = e.Get("timeStamp").Float(), e.Get("pointerType").String() == "touch", false
}

// heldFor tells whether the key has been held long enough for a plus.
func heldFor(e app.Event) bool {
	held := time.Duration((e.Get("timeStamp").Float() - hold.at) * float64(time.Millisecond))
	return hold.at > 0 && held > longPress
}

// plus is what a finger makes of the key, once.
func plus(v View) {
	if hold.touched && !hold.ended {
		hold.at, hold.ended = 0, true
		v.Do(screen.Press{Digit: "+"})
	}
}

func lifted(v View) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		if heldFor(e) {
			plus(v)
		}
	}
}

func menuAsked(v View) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		e.PreventDefault()
		plus(v)
	}
}

// zero is a plus when it was held.
func zero(v View) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		byKeyboard := e.Get("detail").Int() == 0
		if hold.ended && !byKeyboard {
			return // of the finger that has made a plus
		}
		digit := "0"
		if heldFor(e) && !byKeyboard { // which tells no time, and a press before it may have ended elsewhere
			digit = "+"
		}
		hold.at = 0
		v.Do(screen.Press{Digit: digit})
	}
}
