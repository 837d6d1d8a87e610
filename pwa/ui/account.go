package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// account is the head of the phone pane: who is logged in, whether calls come in, and what can be switched at once.
func account(v View) app.UI {
	return app.Elem("header").Class("me").Body(
		app.Elem("div").Class("me-text").Body(accountName(v.S), registration(v)),
		autoChip(v),
		debugChip(v),
		iconButton(v, bell(v.S), v.T(text.DoNotDisturb), screen.ToggleDoNotDisturb{}, "icon-btn-attention").
			Aria("pressed", v.S.DoNotDisturb),
		iconButton(v, "more", v.T(text.AccountMenu), screen.ToggleMenu{}).ID("menu-button").
			Aria("haspopup", "dialog").Aria("expanded", v.S.Menu),
	)
}

func accountName(s screen.Snapshot) app.UI {
	who := s.Account.Shown()
	user := app.Elem("span").Class("tnum").Text(who.User)
	if who.DisplayName == "" {
		return whole(app.Elem("p").Class("me-name").Body(app.Text(""), user), who.User)
	}
	name := who.DisplayName
	if who.User != "" {
		name += " · "
	}
	return whole(app.Elem("p").Class("me-name").Attr("dir", "auto").Body(app.Text(name), user), name+who.User)
}

func registration(v View) app.UI {
	text, bad := screen.RegistrationText(v.S)
	server := v.S.ServerInUse()
	line := app.Elem("p").Class("reg").Hidden(!v.S.Show.Status)
	lamp := "lamp-on"
	if bad {
		line = line.Class("reg-bad")
		lamp = "lamp-wait"
	}
	return line.Body(
		app.Elem("span").Class("lamp", lamp),
		cut("span", "", v.T(text)).Role("status"),
		cut("span", "reg-server", "· "+server).Hidden(bad || server == ""),
	)
}

// autoChip is the lamp of a phone that answers by itself. A press leads to where that is switched.
func autoChip(v View) app.UI {
	open := func(app.Context, app.Event) {
		v.Do(screen.Show{Page: screen.PageSettings})
		v.Do(screen.Choose{ID: screen.SectionCalls})
	}
	return el("button", "chip chip-auto", icon("phone", "icon-xs"), app.Text(v.T(text.AutoAnswerChip))).Attr("type", "button").
		Attr("title", v.T(text.AutoAnswerOn)).DataSet("does", "auto-answer").OnClick(v.handle("auto-answer", open)).
		Hidden(!v.S.AutoAnswer)
}

// debugChip is the visible sign that SIP messages go to the console. A press switches that off.
func debugChip(v View) app.UI {
	return app.Elem("button").Attr("type", "button").Class("chip chip-debug").Hidden(!v.S.Debug).Title("%s", v.T(text.DebugOn)).
		OnClick(v.on(screen.ToggleDebug{})).Body(icon("bug", "icon-xs"), app.Text(v.T(text.DebugChip)))
}

func bell(s screen.Snapshot) string {
	if s.DoNotDisturb {
		return "bell-off"
	}
	return "bell"
}
