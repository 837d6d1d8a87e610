package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

// callbar is the call on every page, in the same place.
func callbar(v View) app.UI {
	line, ok := v.S.Stage()
	bar := app.Elem("section").Aria("label", v.T(phone.TextCurrentCall))
	if !ok {
		return bar.Class("callbar callbar-idle").Body(idleBar(v)...)
	}
	return bar.Class("callbar", "callbar-"+string(line.Glance())).Body(
		app.Elem("button").Attr("type", "button").Class("callbar-who").OnClick(v.on(phone.Show{Page: phone.PagePhone})).Body(
			app.Elem("span").Class("line-sign").Body(icon(glanceSign(line), "icon-sm")),
			app.Elem("span").Class("line-text").Body(
				app.Elem("span").Class("line-name callbar-name").Body(number(line.Name())),
				app.Elem("span").Class("line-sub").Text(barState(v, line)),
			),
			app.Elem("span").Class("sr").Text(v.T(phone.TextShowCall)),
		),
		app.Elem("div").Class("callbar-tools").Role("group").Aria("label", v.T(phone.TextCallControls)).Body(tools(v, line)...),
		hangup(v, line),
	)
}

func barState(v View, line phone.Line) string {
	text := lineState(v, line)
	if v.S.Transfer.Step > phone.TransferChoosing {
		return v.T(phone.TextTransferBar, "text", text)
	}
	held := 0
	for _, l := range v.S.Others() {
		if l.HeldLocal {
			held++
		}
	}
	if held == 0 {
		return text
	}
	return v.T(phone.TextMoreHeld, "text", text, "count", strconv.Itoa(held))
}

func idleBar(v View) []app.UI {
	ready := phone.TextReady
	if text, bad := phone.RegistrationText(v.S); bad {
		ready = text
	}
	bar := []app.UI{
		app.Elem("div").Class("callbar-who").Body(
			app.Elem("span").Class("line-sign").Body(icon("phone", "icon-sm")),
			app.Elem("span").Class("line-text").Body(
				app.Elem("span").Class("line-name callbar-name").Hidden(!v.S.Show.Status).Text(v.T(ready)),
				app.Elem("span").Class("line-sub").Text(v.T(phone.TextNoCall)),
			),
		),
	}
	if v.S.Last == nil || v.S.Last.Newest().Number == "" {
		return bar
	}
	name := callName(v, *v.S.Last)
	return append(bar,
		app.Elem("p").Class("callbar-fact callbar-push").Text(v.T(phone.TextLastCall, "name", name)),
		button(v, "refresh", v.T(phone.TextRedial), phone.MakeCall{Target: v.S.Last.Newest().Number}, "btn-line").Attr("disabled", !v.S.CanDial()),
	)
}
