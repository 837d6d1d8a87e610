package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// suggestions are whom one may wish to call: the last calls under an empty field, else what fits what stands in it.
func suggestions(v View) app.UI {
	box := el("div", "matches").TabIndex(0).Role("group").Aria("label", v.T(text.Suggestions)).OnClick(pressedRow(v)).
		Hidden(!v.S.Show.Number || explains(v.S))
	if len(v.S.Suggestions) == 0 {
		return box
	}
	var rows []app.UI
	for _, g := range v.S.Suggestions {
		rows = append(rows, suggestionRow(v, g))
	}
	return box.Body(hiddenIf(v.S.Dial != "", words("h2", "list-head", v.T(text.Recent))), el("ul", "list", rows...))
}

func suggestionRow(v View, g screen.Suggestion) app.UI {
	name := g.Name
	if name == "" {
		name = g.Number
	}
	class, sign := "row", app.UI(avatar(name, "avatar"))
	sub := el("span", "", number(g.Number), app.Text(labelText(g)))
	if !g.Called.IsZero() {
		said, arrow := text.OutgoingAt, "arrow-out"
		switch {
		case g.Missed:
			said, arrow, class = text.MissedAt, "missed", "row row-missed"
		case g.Direction == ua.Incoming:
			said, arrow = text.IncomingAt, "arrow-in"
		}
		sign = el("span", "row-icon", icon(arrow, "icon-sm"))
		if v.S.Dial == "" {
			sub = words("span", "", v.T(said, "time", v.clock(g.Called)))
		}
	}
	if v.S.Dial != "" {
		sub = el("span", "", marked(g.Number, v.S.Dial), app.Text(labelText(g)))
	}
	main := el("button", "row-main", sign, el("span", "row-text", el("span", "row-title", number(name)), el("span", "row-sub", sub))).
		Attr("type", "button").DataSet("dial", g.Number).DataSet("does", "dial:"+g.Number)
	call := g.Number
	if choosing(v.S) {
		call = "" // a press fills the field
	}
	return el("li", class, main, callButton(v, call, name))
}

func labelText(g screen.Suggestion) string {
	if g.Label == "" {
		return ""
	}
	return " · " + g.Label
}

// marked shows a number with what was typed of it standing out.
func marked(text, typed string) app.UI {
	at := strings.Index(text, typed)
	if at < 0 {
		return number(text)
	}
	end := at + len(typed)
	return el("bdi", "", app.Text(text[:at]), words("mark", "", text[at:end]), app.Text(text[end:])).Attr("dir", "ltr")
}
