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
	if !ok {
		return el("section", "callbar callbar-idle", idleBar(v)...).Aria("label", v.T(text.CurrentCall))
	}
	return el("section", "callbar callbar-"+string(line.Glance()),
		press(v, "callbar-who", screen.ShowCaller{On: true},
			el("span", "line-sign", icon(glanceSign(line), "icon-sm")),
			el("span", "line-text",
				el("span", "line-name callbar-name", number(line.Name())),
				words("span", "line-sub", barState(v, line)),
			),
			words("span", "sr", v.T(text.ShowCall)),
		),
		el("div", "callbar-tools", tools(v, line)...).Role("group").Aria("label", v.T(text.CallControls)),
		hangup(v, line),
	).Aria("label", v.T(text.CurrentCall))
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
		el("div", "callbar-who",
			el("span", "line-sign", icon("phone", "icon-sm")),
			el("span", "line-text",
				hiddenIf(!v.S.Show.Status, words("span", "line-name callbar-name", v.T(ready))),
				words("span", "line-sub", v.T(text.NoCall)),
			),
		),
	}
	if v.S.Last == nil || v.S.Last.Newest().Number == "" {
		return bar
	}
	return append(bar, cut("p", "callbar-fact callbar-push clip", v.T(text.LastCall, "name", callName(v, *v.S.Last))))
}
