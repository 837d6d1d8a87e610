package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// incomingCall is there while calls ring, the oldest before the others. It takes the focus where it covers what has it; else the
// user may go on typing. Who calls is said by the region of the news, and once: an alertdialog would be a second alert.
func incomingCall(v View, ringing []screen.Line, id string) app.UI {
	line := ringing[0]
	state := text.IncomingCall
	stage, second := v.S.Stage()
	if second {
		state = text.SecondCall
	}
	return el("div", "incoming",
		el("div", "incoming-head",
			el("span", "incoming-sign", icon("bell", "icon-lg")),
			words("p", "incoming-state", v.T(state)).ID(id+"in-state"),
			el("h2", "incoming-name", number(line.Name())).ID(id+"in-name"),
			hiddenIf(line.Number() == line.Name(), el("p", "incoming-sub", number(line.Number())).ID(id+"in-sub")),
			route(v, line).ID(id+"in-route"),
		),
		runningCall(v, stage, second),
		alsoRinging(v, ringing[1:]),
		incomingActions(v, line, second),
	).ID(id+"in").Attr("tabindex", "-1").Role("dialog").Aria("labelledby", id+"in-state")
}

// inColumn tells whether a second call stands under the first, where it covers nothing.
func inColumn(s screen.Snapshot) bool {
	_, staged := s.Stage()
	_, transferring := s.Transferring()
	return staged && !s.ShowsDialPad() && !s.Keypad && !transferring
}

// second is the call that comes in during another, in the column of the phone.
func second(v View) app.UI {
	ringing := v.S.Incoming()
	if len(ringing) == 0 {
		return hiddenIf(true, el("section", ""))
	}
	line := ringing[0]
	return hiddenIf(false, el("section", "second",
		el("span", "incoming-sign", icon("bell")),
		el("div", "",
			cut("p", "incoming-state", v.T(text.SecondCall)).ID("second-state"),
			el("h2", "incoming-name", number(line.Name())).ID("second-name"),
			hiddenIf(line.Number() == line.Name(), el("p", "incoming-sub", number(line.Number()))).ID("second-sub"),
			route(v, line).ID("second-route")),
		alsoRinging(v, ringing[1:]),
		incomingActions(v, line, true),
	)).Role("group").Aria("labelledby", "second-state")
}

// route tells how a call came here, where the caller's side says so.
func route(v View, line screen.Line) app.HTMLElem {
	text := routeText(v, line)
	return hiddenIf(text == "", cut("p", "incoming-sub", text))
}

func routeText(v View, line screen.Line) string {
	var steps []string
	for _, step := range line.Route() {
		steps = append(steps, v.S.Language.Tell(step))
	}
	return strings.Join(steps, " · ")
}

// runningCall is the call that a second one interrupts.
func runningCall(v View, line screen.Line, second bool) app.UI {
	if !second {
		return hiddenIf(true, el("div", ""))
	}
	return hiddenIf(false, el("div", "line line-"+string(line.Glance()),
		el("span", "line-sign", icon(glanceSign(line), "icon-sm")),
		lineText(v, line),
	))
}

// alsoRinging is the next of the calls that ring beside the first, and how many more there are: it can be taken or refused
// before the first.
func alsoRinging(v View, lines []screen.Line) app.UI {
	if len(lines) == 0 {
		return hiddenIf(true, el("div", ""))
	}
	next, sub := lines[0], v.T(text.AlsoRinging)
	if more := len(lines) - 1; more > 0 {
		sub += " +" + strconv.Itoa(more)
	}
	if from := routeText(v, next); from != "" {
		sub += " · " + from
	}
	return hiddenIf(false, el("div", "line incoming-next",
		el("span", "line-sign", icon("bell", "icon-sm")),
		el("span", "line-text", el("span", "line-name", number(next.Name())), cut("span", "line-sub", sub)),
		el("span", "line-tools",
			signButton(v, "hangup", v.T(text.DeclineFrom, "name", next.Name()), screen.Decline{ID: next.ID}),
			hiddenIf(!v.S.Show.Answer, signButton(v, "phone", v.T(text.AnswerFrom, "name", next.Name()),
				screen.Answer{ID: next.ID})))))
}

func incomingActions(v View, line screen.Line, second bool) app.UI {
	look := "btn-stop btn-lg"
	if second {
		look = "btn-line btn-refuse" // holding and answering is the choice that loses nobody
	}
	decline := wordButton(v, "hangup", v.T(text.Decline), look, screen.Decline{ID: line.ID}).
		Aria("keyshortcuts", screen.KeysHangup)
	answer := hiddenIf(!v.S.Show.Answer, wordButton(v, "phone", v.T(text.Answer), "btn-go btn-lg", screen.Answer{ID: line.ID}).
		Aria("keyshortcuts", screen.KeysAnswer))
	if !second {
		return el("div", "incoming-actions", decline, answer)
	}
	return el("div", "incoming-actions",
		hiddenIf(!v.S.Show.Answer, wordButton(v, "pause", v.T(text.HoldAndAnswer), "btn-go btn-lg btn-span",
			screen.Answer{ID: line.ID}).
			Aria("keyshortcuts", screen.KeysAnswer)),
		decline,
		hiddenIf(!v.S.Show.Answer, wordButton(v, "", v.T(text.EndAndAnswer), "btn-line", screen.EndAndAnswer{ID: line.ID})),
	)
}
