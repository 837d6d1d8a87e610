package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// Broken stands in for a page that could not be drawn. The calls go on, and can be ended.
func Broken(v View) app.UI {
	card := append([]app.UI{words("h1", "login-title", v.S.Brand)}, fault(v)...)
	return el("main", "login", el("div", "login-card", card...))
}

// fault says that something could not be drawn. The calls that would have been shown there can be ended.
func fault(v View) []app.UI {
	card := []app.UI{words("p", "", v.T(text.Fault)).Role("alert")}
	for _, l := range v.S.Calls.All {
		card = append(card, press(v, "btn btn-stop btn-lg btn-wide", screen.Hangup{ID: l.ID}, smallIcon("hangup"),
			cut("span", "btn-name", v.T(text.Hangup)+": "+l.Name())))
	}
	return card
}
