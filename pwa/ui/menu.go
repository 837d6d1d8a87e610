package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// menu is the sheet of the account.
func menu(v View, id string) app.UI {
	return app.Elem("div").Class("incoming sheet").ID(id+"menu").Role("dialog").Aria("label", v.T(text.AccountMenu)).Body(
		app.Elem("ul").Class("list").Body(
			app.Elem("li").Class("row").Body(menuRow(v, "keyboard", v.T(text.Shortcuts), screen.ToggleShortcuts{}).Aria("keyshortcuts", screen.KeysList)),
			app.Elem("li").Class("row").Body(menuRow(v, "bug", v.T(text.Debug), screen.ToggleDebug{}).Aria("pressed", v.S.Debug)),
			app.Elem("li").Class("row").Hidden(!canAskToNotify()).Body(menuRow(v, "bell", v.T(text.NotifyMe), askNotify{})),
			app.Elem("li").Class("row").Hidden(v.S.NoLogout).Body(menuRow(v, "logout", v.T(text.Logout), screen.Logout{})),
		),
		button(v, "", v.T(text.Close), screen.ToggleMenu{}, "btn-wide"),
	)
}

func menuRow(v View, sign, text string, e screen.Event) app.HTMLElem {
	return v.sends(app.Elem("button").Attr("type", "button").Class("row-main"), e).Body(
		app.Elem("span").Class("row-icon").Body(icon(sign, "icon-sm")),
		app.Elem("span").Class("row-text").Body(app.Elem("span").Class("row-title").Text(text)),
	)
}
