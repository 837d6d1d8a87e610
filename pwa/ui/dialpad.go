package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
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
		key := app.Elem("button").Class("key").Attr("type", "button").OnMouseDown(v.handle("press", prevent)).Body(
			app.Elem("span").Class("key-digit").Text(k.digit),
			app.Elem("span").Class("key-letters").Aria("hidden", true).Text(k.letters),
		)
		if k.digit == "0" {
			key = zeroKey(v, key)
		} else {
			key = key.OnClick(v.on(phone.Press{Digit: k.digit}))
		}
		keys = append(keys, key)
	}
	return app.Elem("div").Class("dialpad").Role("group").Aria("label", v.T(phone.TextDialPad)).Hidden(!shown).Body(keys...)
}

// zeroKey makes a key that is a plus when it is held.
func zeroKey(v View, key app.HTMLElem) app.HTMLElem {
	down, downScope := v.handle("hold", holdBegins)
	return key.On("pointerdown", down, downScope).OnClick(v.handle("zero", zero(v))).OnContextMenu(v.handle("held", prevent))
}

// holdAt is when the zero was pressed down, by the clock of the browser's events; the user interface's goroutine owns it.
var holdAt float64

func holdBegins(_ app.Context, e app.Event) { holdAt = e.Get("timeStamp").Float() }

// zero is a plus when it was held.
func zero(v View) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		held := time.Duration((e.Get("timeStamp").Float() - holdAt) * float64(time.Millisecond))
		digit := "0"
		if holdAt > 0 && held > longPress {
			digit = "+"
		}
		holdAt = 0
		v.Do(phone.Press{Digit: digit})
	}
}
