package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// importPreview shows what a file would bring, before it does.
func importPreview(v View, p screen.ImportPreview) []app.UI {
	count := func(key text.Key, n int) app.UI {
		return hiddenIf(n == 0, words("p", "", v.T(key, "count", strconv.Itoa(n), "file", p.File)))
	}
	policy := segments(v, v.T(text.Duplicates),
		func(e screen.Event) bool { return e == screen.Event(screen.SetPolicy{Policy: p.Policy}) },
		segment{text.ImportSkip, screen.SetPolicy{Policy: screen.Skip}},
		segment{text.ImportMerge, screen.SetPolicy{Policy: screen.Merge}},
		segment{text.ImportBoth, screen.SetPolicy{Policy: screen.KeepBoth}})
	return []app.UI{
		el("header", "pane-head pane-head-back",
			signButton(v, "chevron-start", v.T(text.Back), screen.CancelEdit{}).Class("icon-btn-back"),
			words("h2", "pane-title", v.T(text.ImportTitle))),
		measured(v.T(text.ImportTitle), el("div", "form",
			hiddenIf(p.Error.Empty(), el("p", "field-error", icon("alert", "icon-xs"),
				app.Text(v.S.Language.Tell(p.Error)))).Role("alert"),
			el("div", "", count(text.ImportFound, p.Found), count(text.ImportDuplicates, p.Duplicates),
				count(text.ImportFaults, p.Faults)).Role("status"),
			hiddenIf(p.Duplicates == 0, el("div", "field", words("span", "field-label", v.T(text.Duplicates)), policy)),
			importColumns(v, p),
			hiddenIf(p.Found == 0, words("h3", "form-head", v.T(text.Preview))),
			importRows(p))),
		el("footer", "pane-foot",
			wordButton(v, "", v.T(text.Cancel), "", screen.CancelEdit{}),
			wordButton(v, "", v.T(text.ImportTitle), "btn-primary", screen.Import{}).Attr("disabled", p.Found == 0 || p.Busy)),
	}
}

var columnTexts = map[screen.Column]text.Key{
	screen.ColumnIgnored: text.ColumnIgnored, screen.ColumnName: text.Name, screen.ColumnGiven: text.GivenName,
	screen.ColumnFamily: text.FamilyName, screen.ColumnOrganisation: text.Organisation, screen.ColumnCustomer: text.Customer,
	screen.ColumnType: text.Type, screen.ColumnCategory: text.Category, screen.ColumnNumber: text.Number,
	screen.ColumnExtension: text.Extension, screen.ColumnNumberName: text.NumberName,
}

// importColumns lets the user say what the columns of a CSV file hold.
func importColumns(v View, p screen.ImportPreview) app.UI {
	if len(p.Columns) == 0 {
		return hiddenIf(true, el("div", ""))
	}
	var fields []app.UI
	for i, c := range p.Columns {
		label := v.T(text.ColumnN, "number", strconv.Itoa(i+1))
		if c.Title != "" {
			label = c.Title
		}
		var options []choice
		for _, known := range screen.Columns() {
			options = append(options, choice{string(known), v.T(columnTexts[known])})
		}
		fields = append(fields, chooser("column"+strconv.Itoa(i), label, string(c.Holds), options, false, func(value string) {
			v.Do(screen.SetColumn{Index: i, Column: screen.Column(value)})
		}))
	}
	return hiddenIf(false, el("div", "form", words("h3", "form-head", v.T(text.Columns)),
		setting(v, "import-header", v.T(text.HeaderLine), "", p.Header, p.Number > 0,
			screen.SetHeader{On: !p.Header}), el("div", "form-2", fields...)))
}

func importRows(p screen.ImportPreview) app.UI {
	var rows []app.UI
	for _, c := range p.Rows {
		numbers := ""
		for i, n := range c.Numbers {
			if i > 0 {
				numbers += ", "
			}
			numbers += n.Number
		}
		rows = append(rows, el("li", "row-still", avatar(c.Name, "avatar"),
			el("span", "row-text", el("span", "row-title", number(c.Name)),
				el("span", "row-sub", el("span", "", number(numbers)))),
			cut("span", "row-end", c.Organisation)))
	}
	return el("ul", "list", rows...)
}

// choice is an option of a chooser.
type choice struct{ value, text string }

// chooser is a list to choose one from.
func chooser(id, label, chosen string, options []choice, disabled bool, tell func(string)) app.UI {
	var items []app.UI
	for _, o := range options {
		items = append(items, words("option", "", o.text).Attr("value", o.value).Attr("selected", o.value == chosen))
	}
	change := func(ctx app.Context, _ app.Event) { tell(ctx.JSSrc().Get("value").String()) }
	list := el("select", "input", items...).ID(id).Attr("disabled", disabled).OnChange(change, app.EventScope(id, chosen))
	return el("div", "field", words("label", "field-label", label).Attr("for", id),
		el("div", "with-end", list, icon("chevron-down", "icon-sm")))
}
