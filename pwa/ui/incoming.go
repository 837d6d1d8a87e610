package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

// incomingCall covers the phone while a call rings. It takes no focus: the user may be typing.
func incomingCall(v View, line phone.Line, id string) app.UI {
	state := phone.TextIncomingCall
	stage, second := v.S.Stage()
	if second {
		state = phone.TextSecondCall
	}
	return app.Elem("div").Class("incoming").Role("alertdialog").Aria("labelledby", id+"in-name").Aria("describedby", id+"in-sub").Body(
		app.Elem("div").Class("incoming-head").Body(
			app.Elem("span").Class("incoming-sign").Body(icon("bell", "icon-lg")),
			app.Elem("p").Class("incoming-state").Text(v.T(state)),
			app.Elem("h2").Class("incoming-name").ID(id+"in-name").Body(number(line.Name())),
			app.Elem("p").Class("incoming-sub").ID(id+"in-sub").Hidden(line.Number() == line.Name()).Body(number(line.Number())),
		),
		runningCall(v, stage, second),
		incomingActions(v, line, second),
	)
}

// runningCall is the call that a second one interrupts.
func runningCall(v View, line phone.Line, second bool) app.UI {
	if !second {
		return app.Elem("div").Hidden(true)
	}
	return app.Elem("div").Hidden(false).Class("line", "line-"+string(line.Glance())).Body(
		app.Elem("span").Class("line-sign").Body(icon(glanceSign(line), "icon-sm")),
		lineText(v, line),
	)
}

func incomingActions(v View, line phone.Line, second bool) app.UI {
	decline := button(v, "hangup", v.T(phone.TextDecline), phone.Decline{ID: line.ID}, "btn-stop btn-lg").
		Aria("keyshortcuts", phone.KeysHangup)
	answer := button(v, "phone", v.T(phone.TextAnswer), phone.Answer{ID: line.ID}, "btn-go btn-lg").
		Aria("keyshortcuts", phone.KeysAnswer).Hidden(!v.S.Show.Answer)
	if !second {
		return app.Elem("div").Class("incoming-actions").Body(decline, answer)
	}
	return app.Elem("div").Class("incoming-actions").Body(
		button(v, "pause", v.T(phone.TextHoldAndAnswer), phone.Answer{ID: line.ID}, "btn-go btn-lg btn-span").
			Aria("keyshortcuts", phone.KeysAnswer).Hidden(!v.S.Show.Answer),
		decline,
		button(v, "", v.T(phone.TextEndAndAnswer), phone.EndAndAnswer{ID: line.ID}, "btn-line btn-lg").Hidden(!v.S.Show.Answer),
	)
}
