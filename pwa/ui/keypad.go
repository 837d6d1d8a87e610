package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// callKeypad shows the keys of a call, for DTMF, under the calls there are.
func callKeypad(v View, line screen.Line) app.UI {
	return el("section", "call call-keypad",
		slimLines(v, line),
		el("div", "number",
			el("input", "number-input").Attr("type", "text").Attr("dir", "ltr").Attr("readonly", true).
				Aria("label", v.T(text.DigitsSent)).Attr("value", spaced(line.Digits)),
			signButton(v, "close", v.T(text.CloseKeypad), screen.ToggleKeypad{}),
		),
		v.in(&tonePadSlot),
		hangup(v, line, "btn-lg", "btn-wide"),
	).ID("call").Attr("tabindex", "-1").Aria("label", v.T(text.Call))
}

// slimLines are the call the keys go to and those beside it, each with its time; the way to them stays while the keys show.
func slimLines(v View, stage screen.Line) app.UI {
	slim := func(l screen.Line, more ...app.UI) app.UI {
		body := []app.UI{el("span", "line-sign", icon(glanceSign(l), "icon-sm")),
			lineText(v, l).Attr("title", l.Name()+", "+lineState(v, l))}
		return el("li", "line line-slim line-"+string(l.Glance()), append(body, more...)...)
	}
	list := []app.UI{slim(stage)}
	for _, l := range v.S.Others() {
		list = append(list, slim(l, press(v, "btn btn-hold btn-sm", screen.Swap{ID: l.ID}, smallIcon("swap"),
			words("span", "", v.T(text.Swap))).
			Aria("label", v.T(text.SwapTo, "name", l.Name())).Attr("disabled", !l.Established()).Aria("disabled", l.Busy)))
	}
	return el("ul", "lines", list...).Aria("label", v.T(text.Calls))
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
