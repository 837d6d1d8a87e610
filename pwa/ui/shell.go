package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// shell is the page of a logged-in phone: notices, navigation, panes, call bar.
func shell(v View) app.UI {
	return el("div", "app",
		words("a", "btn btn-primary skip", v.T(text.SkipToPhone)).Attr("href", "#phone").OnClick(v.handle("skip", skipToPhone)),
		v.in(&noticesSlot),
		v.in(&navigationSlot),
		el("main", "panes",
			words("h1", "sr", v.S.Heading()),
			news(v),
			v.in(&listSlot),
			v.in(&splitterSlot),
			v.in(&detailSlot),
			phonePane(v),
		),
		v.in(&callbarSlot),
		toast(v),
		v.in(&overPageSlot),
	).Class(appClasses(v.S)...)
}

// appClasses say what the page shows, and on which side its menu stands.
func appClasses(s screen.Snapshot) []string {
	classes := []string{paneClass(s)}
	if s.List.Own() {
		classes = append(classes, "is-own")
	}
	if s.Caller.Open {
		classes = append(classes, "is-caller")
	}
	if s.MenuRight {
		classes = append(classes, "menu-right")
	}
	return classes
}

// paneClass is the pane that a narrow window shows.
func paneClass(s screen.Snapshot) string {
	switch {
	case s.Page == screen.PagePhone:
		return "is-phone"
	case s.Detail != "" || s.Page.Own() || s.Caller.Open:
		return "is-detail"
	}
	return "is-list"
}

// headless is the page of a phone whose operator shows no part of it: it says what happens to who cannot see it.
func headless(v View) app.UI {
	return el("main", "sr",
		words("h1", "", v.S.Heading()),
		words("p", "", v.S.Language.Tell(v.S.Live)).Role("status"),
	)
}

// news is what who does not see the page hears: a call that rings at once, since it takes no focus, all else when nothing
// is being said. Both regions are always there, so that a change in them is noticed.
func news(v View) app.UI {
	ringing, state := "", v.S.Language.Tell(v.S.Live)
	if incoming := v.S.Incoming(); len(incoming) > 0 {
		ringing = v.T(text.LiveIncoming, "name", incoming[0].Name()) + "."
		if from := routeText(v, incoming[0]); from != "" {
			ringing += " " + from + "."
		}
		if v.S.Show.Answer {
			ringing += " " + v.T(text.Answer) + ": " + screen.KeysAnswer + "."
		}
		ringing += " " + v.T(text.Decline) + ": " + screen.KeysHangup + "."
		for _, l := range incoming[1:] {
			ringing += " " + v.T(text.AlsoRinging) + ": " + l.Name() + "."
		}
	}
	if v.S.Live.Key == text.LiveIncoming {
		state = ""
	}
	return el("div", "sr", words("p", "", ringing).Role("alert"), words("p", "", state).Role("status"))
}

// phonePane is the pane that is always there: who is logged in, then the dial pad, a call, or why one ended.
func phonePane(v View) app.UI {
	return el("section", "pane pane-phone", v.in(&accountSlot), v.in(&bodySlot), v.in(&overPhoneSlot)).
		ID("phone").Attr("tabindex", "-1").Aria("label", v.T(text.Phone))
}

func phoneBody(v View) app.UI {
	line, _ := v.S.Stage()
	switch {
	case v.S.Elsewhere:
		return elsewhere(v)
	case v.S.ShowsDialPad():
		return dial(v)
	case v.S.Keypad:
		return callKeypad(v, line)
	}
	if first, ok := v.S.Transferring(); ok {
		return transfer(v, first)
	}
	return call(v, line)
}

func skipToPhone(_ app.Context, e app.Event) {
	e.PreventDefault()
	e.Call("stopPropagation") // go-app would take it for navigation
	focus("phone")
	focus("in") // the card of a call that rings, where there is one
}
