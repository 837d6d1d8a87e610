package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

// appearance is the list of settings: how the phone looks and speaks.
func appearance(v View) []app.UI {
	return []app.UI{
		paneHead(v, phone.TextSettings),
		app.Div().Class("pane-body pane-pad").Body(
			app.Div().Class("group").Role("group").Aria("labelledby", "appearance").Body(
				app.H3().Class("group-head").ID("appearance").Text(v.T(phone.TextAppearance)),
				themes(v),
				languages(v),
			),
		),
	}
}

func themes(v View) app.UI {
	choice := func(theme phone.Theme, text phone.TextKey) app.UI {
		return app.Button().Type("button").Class("segmented-item").Aria("pressed", v.S.Theme == theme).
			OnClick(v.on(phone.SetTheme{Theme: theme})).Text(v.T(text))
	}
	return app.Div().Class("segmented").Role("group").Aria("label", v.T(phone.TextTheme)).Body(
		choice(phone.ThemeSystem, phone.TextThemeSystem),
		choice(phone.ThemeLight, phone.TextThemeLight),
		choice(phone.ThemeDark, phone.TextThemeDark),
	)
}

func languages(v View) app.UI {
	var options []app.UI
	for _, l := range phone.Languages() {
		options = append(options, app.Option().Value(string(l.Language)).Lang("%s", string(l.Language)).
			Selected(l.Language == v.S.Language).Text(l.Name))
	}
	change := func(ctx app.Context, _ app.Event) {
		v.Do(phone.SetLanguage{Language: phone.Language(ctx.JSSrc().Get("value").String())})
	}
	return field("language", v.T(phone.TextLanguage), app.Div().Class("with-end").Body(
		app.Select().Class("input").ID("language").OnChange(v.handle("language", change)).Body(options...), icon("chevron-down", "icon-sm")))
}
