package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

// menu is the sheet of the account.
func menu(v View, id string) app.UI {
	return app.Div().Class("incoming").ID(id+"menu").Role("dialog").Aria("label", v.T(phone.TextAccountMenu)).Body(
		app.Ul().Class("list").Body(
			app.Li().Class("row").Body(menuRow(v, "bug", v.T(phone.TextDebug), phone.ToggleDebug{}).Aria("pressed", v.S.Debug)),
			app.Li().Class("row").Hidden(!canAskToNotify()).Body(menuRow(v, "bell", v.T(phone.TextNotifyMe), askNotify{})),
			app.Li().Class("row").Hidden(v.S.NoLogout).Body(menuRow(v, "logout", v.T(phone.TextLogout), phone.Logout{})),
		),
		button(v, "", v.T(phone.TextClose), phone.ToggleMenu{}, "btn-wide"),
	)
}

func menuRow(v View, sign, text string, e phone.Event) app.HTMLButton {
	return app.Button().Type("button").Class("row-main").OnClick(v.on(e)).Body(
		app.Span().Class("row-icon").Body(icon(sign, "icon-sm")),
		app.Span().Class("row-text").Body(app.Span().Class("row-title").Text(text)),
	)
}
