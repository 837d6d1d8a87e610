package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// stage answers what a call is doing: by sign, word and colour.
func stage(v View, line screen.Line) app.UI {
	talking := !line.Answered.IsZero()
	return stageOf(string(line.Glance()), noteButton(v, line),
		el("span", "stage-sign", icon(glanceSign(line), "icon-lg")),
		hiddenIf(!v.S.Show.Status, words("p", "stage-state", v.T(stageText(v.S, line)))),
		el("h2", "stage-name", number(line.Name())),
		stageSub(v, line),
		hiddenIf(!talking, words("p", "stage-time", screen.ClockTime(line.Talking(v.S.Now))).Role("timer")),
		hiddenIf(!talking, el("p", "stage-facts", stageFacts(v, line)...)),
		hiddenIf(!line.HeldLocal, wordButton(v, "play", v.T(text.Resume), "btn-hold",
			screen.ToggleHold{ID: line.ID}).Aria("disabled", line.Busy)),
		sendBehind(v, line),
	)
}

// sendBehind offers the keys that stood behind the number: an extension, or the code of a conference.
func sendBehind(v View, line screen.Line) app.UI {
	_, shown, _ := line.Next()
	return hiddenIf(shown == "", wordButton(v, "keypad", v.T(text.SendKeys, "keys", shown), "", screen.SendBehind{ID: line.ID}))
}

// noteButton leads to who is on the line, with the note about the call, where a narrow window shows the call alone.
func noteButton(v View, line screen.Line) app.UI {
	c := v.S.Caller
	return hiddenIf(line.Answered.IsZero() || c.NoteID == "" || c.Line.ID != line.ID,
		signButton(v, "edit", v.T(text.Note), screen.ShowCaller{On: true, Aside: true}).Class("stage-note only-narrow"))
}

// stageOf is a stage with words that arrange themselves in the room it has: it stands around them. In its corner is what leads
// elsewhere.
func stageOf(glance string, corner app.UI, words ...app.UI) app.UI {
	return el("div", "stage stage-"+glance, el("div", "stage-body", words...), corner)
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
	sub := hiddenIf(!named && from == "", el("p", "stage-sub", body...))
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
		return words("span", "stage-fact", text)
	}
	return el("span", "stage-fact", icon(sign, "icon-xs"), app.Text(text))
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
