package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// elsewhere stands in the place of the dial pad while another window is the phone.
func elsewhere(v View) app.UI {
	return el("section", "elsewhere", icon("window"),
		words("h2", "empty-title", v.T(text.Elsewhere)),
		words("p", "", v.T(text.ElsewhereText)),
		press(v, "btn btn-primary btn-lg", screen.TakeOver{}, app.Text(v.T(text.TakeOver))),
	).ID("call").Attr("tabindex", "-1").Aria("label", v.T(text.Phone))
}
