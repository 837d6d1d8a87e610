package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// menu is the sheet of the account.
func menu(v View, id string) app.UI {
	return el("div", "incoming sheet",
		el("ul", "list",
			el("li", "row", menuRow(v, "keyboard", v.T(text.Shortcuts), screen.ToggleShortcuts{}).Aria("keyshortcuts",
				screen.KeysList)),
			el("li", "row", menuRow(v, "bug", v.T(text.Debug), screen.ToggleDebug{}).Aria("pressed", v.S.Debug)),
			hiddenIf(!canAskToNotify(), el("li", "row", menuRow(v, "bell", v.T(text.NotifyMe), askNotify{}))),
			hiddenIf(v.S.NoLogout, el("li", "row", menuRow(v, "logout", v.T(text.Logout), screen.Logout{}))),
		),
		wordButton(v, "", v.T(text.Close), "btn-wide", screen.ToggleMenu{}),
	).ID(id+"menu").Role("dialog").Aria("label", v.T(text.AccountMenu))
}

func menuRow(v View, sign, text string, e screen.Event) app.HTMLElem {
	return press(v, "row-main", e,
		el("span", "row-icon", icon(sign, "icon-sm")),
		el("span", "row-text", words("span", "row-title", text)),
	)
}
