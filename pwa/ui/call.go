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
	return app.Elem("section").Class("call").ID("call").TabIndex(-1).Aria("label", v.T(label)).Body(
		stage(v, line),
		muteHint(v, line),
		second(v),
		lines(v, line, others),
		facts(v, line),
		app.Elem("div").Class("tools").Body(tools(v, line)...),
		hangup(v, line, "btn-lg", "btn-wide"),
	)
}

func hangup(v View, line screen.Line, classes ...string) app.UI {
	b := app.Elem("button").Attr("type", "button").Class("btn btn-stop").Class(classes...).Hidden(!v.S.Show.Hangup)
	return v.sends(b.Aria("keyshortcuts", screen.KeysHangup), screen.Hangup{ID: line.ID}).
		Body(icon("hangup", "icon-sm"), app.Elem("span").Text(v.T(text.Hangup)))
}

// muteHint says that nobody hears the user, as long as that is so.
func muteHint(v View, line screen.Line) app.UI {
	return app.Elem("p").Class("hint").Hidden(!line.Muted).Body(
		icon("mic-off", "icon-sm"),
		app.Elem("span").Text(v.T(text.Muted)),
		app.Elem("button").Attr("type", "button").Class("btn").OnClick(v.on(screen.ToggleMute{ID: line.ID})).Text(v.T(text.Unmute)),
	)
}
