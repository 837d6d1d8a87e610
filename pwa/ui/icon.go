package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

const svg = "http://www.w3.org/2000/svg"

// icon is a sign of icons.svg beside a text, or in a control with a label. Classes: icon-sm, icon-xs, icon-lg, icon-dir.
func icon(name string, classes ...string) app.UI {
	return app.Elem("svg").XMLNS(svg).Class("icon").Class(classes...).Aria("hidden", true).Body(
		app.Elem("use").XMLNS(svg).Attr("href", "icons.svg#i-"+name),
	)
}
