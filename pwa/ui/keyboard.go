package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// numberInputMode keeps the keyboard of a touch screen away while the keys of the pad show.
func numberInputMode() string {
	if touch() {
		return "none"
	}
	return "tel"
}

// wantKeyboard brings the keyboard after all, for names and addresses, when the field is tapped a second time.
func wantKeyboard(ctx app.Context, _ app.Event) {
	field := ctx.JSSrc()
	if !touch() || field.Call("getAttribute", "inputmode").String() != "none" {
		return
	}
	if field.Get("dataset").Get("tapped").Truthy() {
		field.Set("inputMode", "text")
		field.Call("blur")
		field.Call("focus")
	}
	field.Get("dataset").Set("tapped", "yes")
}
