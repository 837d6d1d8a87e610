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
	class := ""
	if at == overPage {
		class = "only-narrow"
	}
	body := covering(v, at)
	return hiddenIf(body == nil, el("div", class, body...))
}

// covering is a scrim and the sheet that lies on it. A press on the scrim closes what the user has opened.
func covering(v View, at place) []app.UI {
	closes := func(e screen.Event) app.UI { return el("div", "scrim").OnClick(v.on(e)) }
	incoming := v.S.Incoming()
	switch {
	case at == overPage && v.S.Page == screen.PagePhone:
		return nil
	case len(incoming) > 0 && at == overPhone && inColumn(v.S):
		return nil
	case len(incoming) > 0:
		return []app.UI{el("div", "scrim"), incomingCall(v, incoming, string(at))}
	case v.S.Audio:
		return []app.UI{closes(screen.ToggleAudio{}), audioSheet(v, string(at))}
	case v.S.Shortcuts:
		return []app.UI{closes(screen.ToggleShortcuts{}), shortcuts(v, string(at))}
	case v.S.Menu:
		return []app.UI{closes(screen.ToggleMenu{}), menu(v, string(at))}
	}
	return nil
}
