package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// pane fills the places beside the phone for one page. Detail may be nil: nothing is chosen there.
type pane struct {
	list, detail func(View) []app.UI
}

// panes are the pages with a list. A page is added by its files and a row here.
var panes = map[screen.Page]pane{
	screen.PageContacts: {list: contactsList, detail: contactDetail},
	screen.PageHistory:  {list: historyList, detail: historyDetail},
	screen.PageSettings: {list: settingsList, detail: settingsDetail},
}

func listPane(v View) []app.UI {
	if p, ok := panes[v.S.List]; ok {
		return p.list(v)
	}
	return nil
}

func detailPane(v View) []app.UI {
	if own, ok := v.S.OwnPage(); ok {
		return ownPage(v, own)
	}
	if v.S.ShowsCaller() {
		return callerPane(v)
	}
	if p := panes[v.S.List]; p.detail != nil && v.S.Detail != "" {
		return p.detail(v)
	}
	return today(v)
}

// paneHead is the head of a list: its title and, in a narrow window, whether calls come in.
func paneHead(v View, title text.Key, actions ...app.UI) app.UI {
	said, bad := screen.RegistrationText(v.S)
	lamp := "lamp-on"
	if bad {
		lamp = "lamp-wait"
	}
	chip := el("span", "chip me-chip",
		hiddenIf(!v.S.Show.Status, el("span", "lamp "+lamp).Role("img").Aria("label", v.T(said))),
		cut("span", "tnum", v.S.Account.Shown().User),
	)
	return el("header", "pane-head",
		append([]app.UI{words("h2", "pane-title", v.T(title)), chip}, actions...)...)
}

// empty says that there is nothing, and what to do about it.
func empty(sign, title, text string, action app.UI) app.HTMLElem {
	return el("div", "empty",
		icon(sign), words("h3", "empty-title", title), words("p", "empty-text", text), action,
	)
}
