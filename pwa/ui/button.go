package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// iconButton is a button with a sign only; the label is what it is called.
func iconButton(v View, name, label string, e screen.Event, classes ...string) app.HTMLElem {
	return v.sends(app.Elem("button").Attr("type", "button").Class("icon-btn").Class(classes...).Aria("label", label), e).
		Body(icon(name, iconClasses(name)...))
}

// iconClasses: signs that mean a reading direction turn around where text runs from right to left.
func iconClasses(name string) []string {
	if name == "backspace" || name == "chevron-start" || name == "transfer" {
		return []string{"icon-dir"}
	}
	return nil
}

func smallIcon(name string) app.UI { return icon(name, append(iconClasses(name), "icon-sm")...) }

// button is a button with a text and, unless name is empty, a sign.
func button(v View, name, text string, e screen.Event, classes ...string) app.HTMLElem {
	b := v.sends(app.Elem("button").Attr("type", "button").Class("btn").Class(classes...), e)
	if name == "" {
		return b.Text(text)
	}
	return b.Body(icon(name, "icon-sm"), app.Text(text))
}
