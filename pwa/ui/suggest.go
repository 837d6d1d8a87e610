package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// fitsID names the list under the number field, to which the field belongs as a combobox (WAI-ARIA 1.2).
const fitsID = "fits"

// suggestions are whom one may wish to call: the last calls under an empty field, else what fits what stands in it.
func suggestions(v View) app.UI {
	box := hiddenIf(!v.S.Show.Number || explains(v.S), el("div", "matches").ID(fitsID))
	switch {
	case v.S.Nameless:
		return box.Body(nobodyFits(v))
	case len(v.S.Suggestions) == 0:
		return box
	case v.S.Dial != "":
		return fits(v)
	}
	var rows []app.UI
	for _, g := range v.S.Suggestions {
		row, name := suggestionRow(v, g)
		number := g.Number
		if choosing(v.S) {
			number = "" // a press fills the field
		}
		rows = append(rows, row.Body(
			el("button", "row-main", suggestionText(v, g)...).Attr("type", "button").DataSet("dial", g.Number).DataSet("does",
				"dial:"+g.Number),
			callButton(v, number, name)))
	}
	return box.OnClick(pressedRow(v)).Attr("tabindex", "0").Role("group").Aria("label", v.T(text.Suggestions)).
		Body(words("h2", "list-head", v.T(text.Recent)), el("ul", "list", rows...))
}

// fits is the list of those who fit what is being typed. The arrow keys move the mark, a press puts the number into the field.
// What scrolls is the list itself, the popup of the combobox: the keys of the field reach all of it, and Tab passes it by.
func fits(v View) app.HTMLElem {
	var rows []app.UI
	for i, g := range v.S.Suggestions {
		row, _ := suggestionRow(v, g)
		rows = append(rows, row.ID(fitID(i+1)).Role("option").Aria("selected", i+1 == v.S.Marked).
			DataSet("dial", g.Number).DataSet("does", "dial:"+g.Number).Body(el("span", "row-main", suggestionText(v, g)...)))
	}
	list := el("ul", "matches list", rows...).ID(fitsID).Role("listbox").Aria("label",
		v.T(text.Suggestions)).OnClick(pressedRow(v))
	return hiddenIf(!v.S.Show.Number || explains(v.S), list)
}

func fitID(n int) string { return "fit-" + strconv.Itoa(n) }

// nobodyFits asks what is meant by a name that fits nobody: it is not dialled.
func nobodyFits(v View) app.UI {
	name := strings.TrimSpace(v.S.Dial)
	return el("div", "matches-empty",
		el("div", "", el("p", "", words("strong", "", v.T(text.NobodyCalled, "name", name))),
			words("p", "muted", v.T(text.NameNotDialled, "name", addressOf(name)))).Role("status"),
		el("div", "actions",
			press(v, "btn btn-line", screen.MakeCall{Target: name}, smallIcon("phone"),
				cut("span", "btn-name", v.T(text.CallAddress, "name", name))).Attr("disabled", !v.S.CanDial()),
			wordButton(v, "plus", v.T(text.AddContact), "btn-line", screen.EditContact{Name: name})))
}

// addressOf is a name as it could stand in an address.
func addressOf(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), ".")) }

// suggestionRow is an empty row for a suggestion, and what it is called.
func suggestionRow(v View, g screen.Suggestion) (row app.HTMLElem, name string) {
	if g.Missed && !g.Called.IsZero() {
		return el("li", "row row-missed"), suggestionName(g)
	}
	return el("li", "row"), suggestionName(g)
}

func suggestionName(g screen.Suggestion) string {
	if g.Name == "" {
		return g.Number
	}
	return g.Name
}

// suggestionText is a sign, a name, and under it the number or when the call was.
func suggestionText(v View, g screen.Suggestion) []app.UI {
	name := suggestionName(g)
	sign, sub := app.UI(avatar(name, "avatar")),
		whole(el("span", "", number(g.Number), app.Text(labelText(g))), g.Number+labelText(g))
	if !g.Called.IsZero() {
		key, arrow := text.OutgoingAt, "arrow-out"
		switch {
		case g.Missed:
			key, arrow = text.MissedAt, "missed"
		case g.Direction == screen.Incoming:
			key, arrow = text.IncomingAt, "arrow-in"
		}
		sign = el("span", "row-icon", icon(arrow, "icon-sm"))
		if v.S.Dial == "" {
			sub = cut("span", "", v.T(key, "time", v.clock(g.Called)))
		}
	}
	if v.S.Dial != "" {
		sub = whole(el("span", "", marked(g.Number, v.S.Dial), app.Text(labelText(g))), g.Number+labelText(g))
	}
	return []app.UI{sign, el("span", "row-text", el("span", "row-title", number(name)), el("span", "row-sub", sub))}
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
	return whole(el("bdi", "", app.Text(text[:at]), words("mark", "", text[at:end]), app.Text(text[end:])).Attr("dir", "ltr"),
		text)
}
