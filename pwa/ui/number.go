package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// number shows a name or a number; a number runs from left to right in every language.
func number(text string) app.UI {
	if strings.Trim(text, "+0123456789*# -./()") == "" {
		return app.Elem("bdi").Attr("dir", "ltr").Text(text)
	}
	return app.Elem("bdi").Attr("dir", "auto").Text(text)
}
