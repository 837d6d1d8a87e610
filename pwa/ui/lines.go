package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// otherLines are the calls beside the one on the stage.
func otherLines(v View, lines []screen.Line) app.UI {
	if len(lines) == 1 {
		return otherLine(v, lines[0])
	}
	var list []app.UI
	for _, l := range lines {
		list = append(list, app.Elem("li").Body(otherLine(v, l)))
	}
	if len(list) == 0 {
		return app.Elem("div").Hidden(true)
	}
	return app.Elem("div").Hidden(false).Body(app.Elem("ul").Class("form").Body(list...))
}

func otherLine(v View, line screen.Line) app.UI {
	return app.Elem("div").Hidden(false).Class("line", "line-"+string(line.Glance())).Body(
		app.Elem("span").Class("line-sign").Body(icon(glanceSign(line), "icon-sm")),
		lineText(v, line),
		button(v, "swap", v.T(text.Swap), screen.Swap{ID: line.ID}, "btn-hold").
			Hidden(!line.Established()).Aria("disabled", line.Busy),
	)
}

// lineText is a call in two short lines: who, and what it does.
func lineText(v View, line screen.Line) app.UI {
	return app.Elem("span").Class("line-text").Body(
		app.Elem("span").Class("line-name").Body(number(line.Name())),
		app.Elem("span").Class("line-sub").Text(lineState(v, line)),
	)
}

func lineState(v View, line screen.Line) string {
	switch {
	case line.HeldLocal:
		return v.T(text.OnHoldTime, "time", screen.ShortTime(line.Held(v.S.Now)))
	case line.Established() && !line.HeldRemote:
		return v.T(text.OnCallTime, "time", screen.ClockTime(line.Talking(v.S.Now)))
	}
	return v.T(screen.StateText(line))
}
