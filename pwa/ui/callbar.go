package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// callbar is the call on every page, in the same place.
func callbar(v View) app.UI {
	line, ok := v.S.Stage()
	bar := app.Elem("section").Aria("label", v.T(text.CurrentCall))
	if !ok {
		return bar.Class("callbar callbar-idle").Body(idleBar(v)...)
	}
	return bar.Class("callbar", "callbar-"+string(line.Glance())).Body(
		v.sends(app.Elem("button").Attr("type", "button").Class("callbar-who"), screen.ShowCaller{On: true}).Body(
			app.Elem("span").Class("line-sign").Body(icon(glanceSign(line), "icon-sm")),
			app.Elem("span").Class("line-text").Body(
				app.Elem("span").Class("line-name callbar-name").Body(number(line.Name())),
				app.Elem("span").Class("line-sub").Text(barState(v, line)),
			),
			app.Elem("span").Class("sr").Text(v.T(text.ShowCall)),
		),
		app.Elem("div").Class("callbar-tools").Role("group").Aria("label", v.T(text.CallControls)).Body(tools(v, line)...),
		hangup(v, line),
	)
}

func barState(v View, line screen.Line) string {
	said := lineState(v, line)
	if v.S.Transfer.Step > screen.TransferChoosing {
		return v.T(text.TransferBar, "text", said)
	}
	held := 0
	for _, l := range v.S.Others() {
		if l.HeldLocal {
			held++
		}
	}
	if held == 0 {
		return said
	}
	return v.T(text.MoreHeld, "text", said, "count", strconv.Itoa(held))
}

// idleBar says that the phone is ready. Nothing in it calls: Hang up has stood here a moment ago.
func idleBar(v View) []app.UI {
	ready := text.Ready
	if said, bad := screen.RegistrationText(v.S); bad {
		ready = said
	}
	bar := []app.UI{
		app.Elem("div").Class("callbar-who").Body(
			app.Elem("span").Class("line-sign").Body(icon("phone", "icon-sm")),
			app.Elem("span").Class("line-text").Body(
				app.Elem("span").Class("line-name callbar-name").Hidden(!v.S.Show.Status).Text(v.T(ready)),
				app.Elem("span").Class("line-sub").Text(v.T(text.NoCall)),
			),
		),
	}
	if v.S.Last == nil || v.S.Last.Newest().Number == "" {
		return bar
	}
	return append(bar, cut("p", "callbar-fact callbar-push clip", v.T(text.LastCall, "name", callName(v, *v.S.Last))))
}
