package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// ownPage is a page of the operator's own, in the place of list and detail. It may run and open windows, and may not
// lead this page away, which would end the calls.
func ownPage(v View, m screen.MenuItem) []app.UI {
	title := m.Title
	if title == "" {
		title = m.URL
	}
	box := "pane-body pane-pad own-page"
	if v.S.Filled(m.Page) {
		box = "pane-body own-page is-filled"
	}
	frame := el("iframe", "own-frame").Attr("src", m.URL).Attr("title", title).Attr("referrerpolicy", "no-referrer").
		Attr("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads")
	page := []app.UI{
		hiddenIf(v.S.Filled(m.Page) || v.S.Caller.Open, el("header", "pane-head", cut("h2", "pane-title", title))),
		hiddenIf(v.S.Caller.Open, el("div", box, frame)), // it goes on under the caller: what is typed there stays
	}
	if v.S.Caller.Open {
		page = append(page, callerPane(v)...)
	}
	return page
}
