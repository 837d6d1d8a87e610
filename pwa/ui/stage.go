package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// stage answers what a call is doing: by sign, word and colour.
func stage(v View, line screen.Line) app.UI {
	talking := !line.Answered.IsZero()
	return stageOf(string(line.Glance()),
		app.Elem("span").Class("stage-sign").Body(icon(glanceSign(line), "icon-lg")),
		app.Elem("p").Class("stage-state").Hidden(!v.S.Show.Status).Text(v.T(stageText(v.S, line))),
		app.Elem("h2").Class("stage-name").Body(number(line.Name())),
		stageSub(v, line),
		app.Elem("p").Class("stage-time").Role("timer").Hidden(!talking).Text(screen.ClockTime(line.Talking(v.S.Now))),
		app.Elem("p").Class("stage-facts").Hidden(!talking).Body(stageFacts(v, line)...),
		button(v, "play", v.T(text.Resume), screen.ToggleHold{ID: line.ID}, "btn-hold").
			Hidden(!line.HeldLocal).Aria("disabled", line.Busy),
		sendBehind(v, line),
	)
}

// sendBehind offers the keys that stood behind the number: an extension, or the code of a conference.
func sendBehind(v View, line screen.Line) app.UI {
	_, shown, _ := line.Next()
	return button(v, "keypad", v.T(text.SendKeys, "keys", shown), screen.SendBehind{ID: line.ID}).Hidden(shown == "")
}

// stageOf is a stage with words that arrange themselves in the room it has: it stands around them.
func stageOf(glance string, words ...app.UI) app.UI {
	return el("div", "stage stage-"+glance, el("div", "stage-body", words...))
}

func stageText(s screen.Snapshot, line screen.Line) text.Key {
	if s.Transfer.Step == screen.TransferAsking && line.Established() && line.Glance() == screen.GlanceGo {
		return text.TalkingTo
	}
	return screen.StateText(line)
}

// stageSub is the number under a name, and how the call came here; without a name the number stands there already.
func stageSub(v View, line screen.Line) app.UI {
	named, from := line.Number() != line.Name(), routeText(v, line)
	var body []app.UI
	switch {
	case named && from != "":
		body = []app.UI{number(line.Number()), app.Text(" · " + from)}
	case from != "":
		body = []app.UI{app.Text(from)}
	default:
		body = []app.UI{number(line.Number())}
	}
	sub := app.Elem("p").Class("stage-sub").Hidden(!named && from == "").Body(body...)
	if from == "" {
		return sub
	}
	return sub.Attr("title", line.Number()+" · "+from)
}

func stageFacts(v View, line screen.Line) []app.UI {
	switch {
	case v.S.Offline():
		return []app.UI{fact("offline", v.T(text.StateReconnecting))}
	case line.HeldLocal:
		return []app.UI{fact("", v.T(text.HeldFor, "time", screen.ShortTime(line.Held(v.S.Now))))}
	case line.Quality.Known():
		return []app.UI{quality(v, line.Quality), fact("lock", v.T(text.Encrypted))}
	}
	return []app.UI{fact("lock", v.T(text.Encrypted))}
}

func fact(sign, text string) app.UI {
	if sign == "" {
		return app.Elem("span").Class("stage-fact").Text(text)
	}
	return app.Elem("span").Class("stage-fact").Body(icon(sign, "icon-xs"), app.Text(text))
}

func glanceSign(line screen.Line) string {
	switch line.Glance() {
	case screen.GlanceHold:
		return "pause"
	case screen.GlanceIdle:
		return "hangup"
	}
	return "phone"
}
