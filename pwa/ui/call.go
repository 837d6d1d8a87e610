package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// call is the stage with what can be done with the call on it. Hang up stands alone and last.
func call(v View, line screen.Line) app.UI {
	others := v.S.Others()
	label := text.Call
	if len(others) > 0 {
		label = text.Calls
	}
	return el("section", "call",
		stage(v, line),
		muteHint(v, line),
		second(v),
		lines(v, line, others),
		facts(v, line),
		el("div", "tools", tools(v, line)...),
		hangup(v, line, "btn-lg", "btn-wide"),
	).ID("call").Attr("tabindex", "-1").Aria("label", v.T(label))
}

func hangup(v View, line screen.Line, classes ...string) app.UI {
	b := press(v, "btn btn-stop", screen.Hangup{ID: line.ID}, smallIcon("hangup"), words("span", "", v.T(text.Hangup)))
	return hiddenIf(!v.S.Show.Hangup, b.Class(classes...).Aria("keyshortcuts", screen.KeysHangup))
}

// muteHint says that nobody hears the user, as long as that is so.
func muteHint(v View, line screen.Line) app.UI {
	return hiddenIf(!line.Muted, el("p", "hint",
		icon("mic-off", "icon-sm"),
		words("span", "", v.T(text.Muted)),
		words("button", "btn", v.T(text.Unmute)).Attr("type", "button").OnClick(v.on(screen.ToggleMute{ID: line.ID})),
	))
}
