package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// number shows a name or a number; a number runs from left to right in every language.
func number(text string) app.UI {
	if strings.Trim(text, "+0123456789*# -./()") == "" {
		return whole(words("bdi", "", text).Attr("dir", "ltr"), text)
	}
	return whole(words("bdi", "", text).Attr("dir", "auto"), text)
}

// roomy is how many bytes of a name or number have room wherever one is shown.
const roomy = 8

// whole gives an element that may be too narrow for its text a title that says all of it.
func whole(e app.HTMLElem, text string) app.HTMLElem {
	if len(text) <= roomy {
		return e
	}
	return e.Attr("title", text)
}

// cut is a text that is cut where it has too little room.
func cut(tag, class, text string) app.HTMLElem { return words(tag, class, text).Attr("title", text) }
