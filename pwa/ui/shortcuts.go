package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// shortcuts is the sheet with the keys that work everywhere.
func shortcuts(v View, id string) app.UI {
	var rows []app.UI
	for _, h := range screen.ShortcutHelp() {
		rows = append(rows, words("dt", "", v.T(h.Does)), el("dd", "", words("kbd", "kbd", h.Keys).Attr("dir", "ltr")))
	}
	return el("div", "incoming sheet",
		words("h2", "sheet-title", v.T(text.Shortcuts)).ID(id+"keys-title"),
		el("dl", "keys", rows...),
		press(v, "btn btn-wide", screen.ToggleShortcuts{}, app.Text(v.T(text.Close))),
	).ID(id+"keys").Role("dialog").Aria("modal", true).Aria("labelledby", id+"keys-title")
}
