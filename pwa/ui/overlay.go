package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// place is where an overlay lies. Over the phone pane it is seen in wide windows and on the phone page of narrow ones;
// on the other pages of a narrow window, where the phone pane is hidden, it lies over the page.
type place string

const (
	overPhone place = ""
	overPage  place = "page-"
)

// overlay is what covers the phone: an incoming call, else the choice of devices, else the list of keys,
// else the menu.
func overlay(v View, at place) app.UI {
	wrap := app.Elem("div")
	if at == overPage {
		wrap = wrap.Class("only-narrow")
	}
	if at == overPage && v.S.Page == screen.PagePhone {
		return wrap.Hidden(true)
	}
	incoming := v.S.Incoming()
	switch {
	case len(incoming) > 0 && at == overPhone && inColumn(v.S):
		return wrap.Hidden(true)
	case len(incoming) > 0:
		return wrap.Hidden(false).Body(app.Elem("div").Class("scrim"), incomingCall(v, incoming, string(at)))
	case v.S.Audio:
		return wrap.Hidden(false).Body(el("div", "scrim").OnClick(v.on(screen.ToggleAudio{})), audioSheet(v, string(at)))
	case v.S.Shortcuts:
		return wrap.Hidden(false).Body(el("div", "scrim").OnClick(v.on(screen.ToggleShortcuts{})), shortcuts(v, string(at)))
	case v.S.Menu:
		return wrap.Hidden(false).Body(app.Elem("div").Class("scrim").OnClick(v.on(screen.ToggleMenu{})), menu(v, string(at)))
	}
	return wrap.Hidden(true)
}
