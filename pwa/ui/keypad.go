package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// callKeypad shows the keys of a call, for DTMF.
func callKeypad(v View, line screen.Line) app.UI {
	return app.Elem("section").Class("call call-keypad").ID("call").TabIndex(-1).Aria("label", v.T(text.Call)).Body(
		app.Elem("div").Class("line", "line-"+string(line.Glance())).Body(
			app.Elem("span").Class("line-sign").Body(icon(glanceSign(line), "icon-sm")),
			lineText(v, line),
		),
		app.Elem("div").Class("number").Body(
			app.Elem("input").Class("number-input").Attr("type", "text").Attr("dir", "ltr").Attr("readonly", true).
				Aria("label", v.T(text.DigitsSent)).Attr("value", spaced(line.Digits)),
			iconButton(v, "close", v.T(text.CloseKeypad), screen.ToggleKeypad{}),
		),
		dialpad(v, true),
		hangup(v, line, "btn-lg", "btn-wide"),
	)
}

// spaced shows the newest digits with room between them, so that they can be read back.
func spaced(digits string) string {
	const fits = 9
	runes := []rune(digits)
	if len(runes) > fits {
		runes = runes[len(runes)-fits:]
	}
	return strings.Join(strings.Split(string(runes), ""), " ")
}
