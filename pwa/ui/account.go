package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// account is the head of the phone pane: who is logged in, whether calls come in, and what can be switched at once.
func account(v View) app.UI {
	return el("header", "me",
		el("div", "me-text", accountName(v.S), registration(v)),
		autoChip(v),
		debugChip(v),
		signButton(v, bell(v.S), v.T(text.DoNotDisturb), screen.ToggleDoNotDisturb{}).Class("icon-btn-attention").
			Aria("pressed", v.S.DoNotDisturb),
		signButton(v, "more", v.T(text.AccountMenu), screen.ToggleMenu{}).ID("menu-button").
			Aria("haspopup", "dialog").Aria("expanded", v.S.Menu),
	)
}

func accountName(s screen.Snapshot) app.UI {
	who := s.Account.Shown()
	user := words("span", "tnum", who.User)
	if who.DisplayName == "" {
		return whole(el("p", "me-name", app.Text(""), user), who.User)
	}
	name := who.DisplayName
	if who.User != "" {
		name += " · "
	}
	return whole(el("p", "me-name", app.Text(name), user).Attr("dir", "auto"), name+who.User)
}

func registration(v View) app.UI {
	text, bad := screen.RegistrationText(v.S)
	server := v.S.ServerInUse()
	class, lamp := "reg", "lamp lamp-on"
	if bad {
		class, lamp = "reg reg-bad", "lamp lamp-wait"
	}
	return hiddenIf(!v.S.Show.Status, el("p", class,
		el("span", lamp),
		cut("span", "", v.T(text)).Role("status"),
		hiddenIf(bad || server == "", cut("span", "reg-server", "· "+server)),
	))
}

// autoChip is the lamp of a phone that answers by itself. A press leads to where that is switched.
func autoChip(v View) app.UI {
	open := func(app.Context, app.Event) {
		v.Do(screen.Show{Page: screen.PageSettings})
		v.Do(screen.Choose{ID: screen.SectionCalls})
	}
	chip := el("button", "chip chip-auto", icon("phone", "icon-xs"), app.Text(v.T(text.AutoAnswerChip))).Attr("type", "button").
		Attr("title", v.T(text.AutoAnswerOn)).DataSet("does", "auto-answer").OnClick(v.handle("auto-answer", open))
	return hiddenIf(!v.S.AutoAnswer, chip)
}

// debugChip is the visible sign that SIP messages go to the console. A press switches that off.
func debugChip(v View) app.UI {
	chip := el("button", "chip chip-debug", icon("bug", "icon-xs"), app.Text(v.T(text.DebugChip))).Attr("type", "button").
		Attr("title", v.T(text.DebugOn)).OnClick(v.on(screen.ToggleDebug{}))
	return hiddenIf(!v.S.Debug, chip)
}

func bell(s screen.Snapshot) string {
	if s.DoNotDisturb {
		return "bell-off"
	}
	return "bell"
}
