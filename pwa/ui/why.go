package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/text"
)

// why explains the end of a call in one sentence with the next step, then the code.
func why(v View, ended phone.Ended) app.UI {
	state := text.CallNotConnected
	if !ended.Answered.IsZero() {
		state = text.CallEnded
	}
	return app.Elem("section").Class("call").ID("call").TabIndex(-1).Aria("label", v.T(text.CallEnded)).Body(
		stageOf(string(phone.GlanceIdle),
			app.Elem("span").Class("stage-sign").Body(icon("hangup", "icon-lg")),
			app.Elem("p").Class("stage-state").Text(v.T(state)),
			app.Elem("h2").Class("stage-name").Body(number(ended.Name())),
			stageSub(v, ended.Line),
		),
		app.Elem("section").Class("why").Role("alert").Aria("labelledby", "why-title").Body(
			app.Elem("h3").Class("why-head").ID("why-title").Body(icon("info", "icon-sm"), app.Text(v.T(text.Why))),
			app.Elem("p").Text(v.S.Language.Tell(ended.Why)),
			app.Elem("p").Class("why-code").Hidden(ended.Cause.Code == 0).Body(app.Elem("bdi").Attr("dir", "ltr").Text(code(ended))),
		),
		app.Elem("div").Class("actions actions-fill").Body(
			again(v, ended).Attr("disabled", !v.S.CanDial()),
		),
		app.Elem("div").Class("actions actions-fill").Body(button(v, "", v.T(text.Close), phone.CloseWhy{})),
	)
}

// again calls the same number, or where the server has sent the call: that is asked, because it may be anywhere.
func again(v View, e phone.Ended) app.HTMLElem {
	if e.MovedTo.URI == "" {
		return button(v, "phone", v.T(text.CallAgain), phone.MakeCall{Target: callBack(e)}, "btn-primary btn-lg")
	}
	target, _ := e.Moved()
	return button(v, "phone", v.T(text.CallThere), phone.MakeCall{Target: target}, "btn-primary btn-lg")
}

func code(e phone.Ended) string {
	return strings.TrimSpace(strconv.Itoa(e.Cause.Code) + " " + e.Cause.Reason)
}

func callBack(e phone.Ended) string {
	if e.Dialled != "" {
		return e.Dialled
	}
	return e.Number()
}
