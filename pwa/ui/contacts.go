package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// contactsList is the list of contacts. Only the rows around what is seen are drawn: two empty boxes stand for the others.
func contactsList(v View) []app.UI {
	p := v.S.Contacts
	head := paneHead(v, text.Contacts,
		signButton(v, "plus", v.T(text.AddContact), screen.EditContact{}),
		signButton(v, "more", v.T(text.ContactTools), screen.ToggleTools{}).Aria("expanded", p.Tools))
	if p.Total == 0 {
		return []app.UI{head, contactTools(v), empty("contacts", v.T(text.NoContactsYet), v.T(text.NoContactsYetText),
			wordButton(v, "plus", v.T(text.AddContact), "btn-primary", screen.EditContact{}))}
	}
	nothing := empty("search", v.T(text.NothingFound), v.T(text.NothingFoundText), nil)
	if p.Favourites && p.Query == "" {
		nothing = empty("star", v.T(text.NoFavouritesYet), v.T(text.NoFavourites), nil)
	}
	return []app.UI{head, contactTools(v), hiddenIf(p.Found > 0, nothing), hiddenIf(p.Found == 0, contactsBody(v))}
}

func contactTools(v View) app.UI {
	p := v.S.Contacts
	search := searchField(v.T(text.SearchContacts), "search", func(query string) { v.Do(screen.SearchContacts{Query: query}) })
	return el("div", "pane-tools",
		hiddenIf(p.Total == 0, el("div", "", search)),
		hiddenIf(!p.Tools, el("div", "actions", importButton(v),
			wordButton(v, "download", v.T(text.ExportVCard), "", screen.ExportContacts{}).Attr("disabled", p.Total == 0),
			wordButton(v, "download", v.T(text.ExportCSV), "", screen.ExportContacts{CSV: true}).Attr("disabled", p.Total == 0))),
		hiddenIf(p.Total == 0, segments(v, v.T(text.Show),
			func(e screen.Event) bool { return e == screen.Event(screen.ShowFavourites{On: p.Favourites}) },
			segment{text.All, screen.ShowFavourites{}}, segment{text.Favourites, screen.ShowFavourites{On: true}})))
}

// importButton is the browser's own field for a file, dressed as a button.
func importButton(v View) app.UI {
	take := func(app.Context, app.Event) { readFile("import-file", v.Do) }
	input := el("input", "sr").ID("import-file").Attr("type", "file").Aria("label", v.T(text.ImportFile)).Attr("accept",
		".vcf,.csv,.txt,text/vcard,text/csv").
		OnChange(take, app.EventScope("import"))
	return el("label", "btn btn-file", icon("contacts", "icon-sm"), app.Text(v.T(text.ImportFile)), input)
}

// nobody fills the rows that wait hidden.
var nobody = screen.Contact{ID: "-", Name: "…"}

func contactsBody(v View) app.HTMLElem {
	p := v.S.Contacts
	shown, spare := p.Rows, p.Spare()
	if p.Drawn > 0 {
		shown = shown[:min(len(shown), p.Drawn)]
		spare = min(spare, p.Drawn-len(shown))
	}
	var rows []app.UI
	for i, c := range shown {
		rows = append(rows, contactRow(v, c).Aria("setsize", p.Found).Aria("posinset", p.From+i+1))
	}
	for range spare {
		rows = append(rows, hiddenIf(true, contactRow(v, nobody)))
	}
	height := p.RowHeight()
	return listBody(v, "people", v.T(text.ContactList),
		gap(p.From*height), el("ul", "list", rows...), gap((p.Found-p.From-len(shown))*height)).OnScroll(scrolled(v))
}

// highWindow is a height that windows of about this one share, so that few are told; 0 for a window that needs no more rows
// than are drawn for any.
func highWindow(height int) int {
	const step = 256
	if height <= 4*step {
		return 0
	}
	return (height + step - 1) / step * step
}

// gap is empty height: an attribute of a drawing, since the page allows no inline style.
func gap(height int) app.UI {
	return el("svg", "gap").XMLNS(svg).Attr("width", "1").Attr("height", strconv.Itoa(height)).Aria("hidden", true)
}

// scrolled tells where the list stands, once it has moved by some rows.
func scrolled(v View) (app.EventHandler, app.EventOption) {
	p := v.S.Contacts
	return quiet(func(ctx app.Context, _ app.Event) {
		box, height := ctx.JSSrc(), p.RowHeight()
		if row := box.Call("querySelector", "li"); row.Truthy() {
			height = max(1, row.Get("offsetHeight").Int())
		}
		if first := box.Get("scrollTop").Int() / height; !p.Near(first) {
			v.Do(screen.ScrollContacts{First: first, Row: height})
		}
	}), app.EventScope(strconv.Itoa(p.First))
}

func contactRow(v View, c screen.Contact) app.HTMLElem {
	first := ""
	if len(c.Numbers) > 0 {
		first = c.Numbers[0].Dial
	}
	sub := c.Organisation
	if sub == "" {
		sub = c.Customer
	}
	var sign, said app.UI
	if c.ReadOnly {
		sign, said = icon("building", "icon-xs"), words("span", "sr", v.T(text.CompanyPhonebook)+".")
	} else if c.Favourite {
		sign, said = icon("star", "icon-xs"), words("span", "sr", v.T(text.Favourite)+".")
	}
	var second app.UI = cut("span", "", sub)
	if sub == "" {
		second = el("span", "", number(first))
	}
	return el("li", "row",
		rowMain(c.ID, v.S.Detail == c.ID, avatar(c.Name, "avatar"),
			el("span", "row-title", number(c.Name)),
			el("span", "row-sub", sign, said, second),
			el("span", "row-end", shortNumber(first, sub != ""))),
		callButton(v, first, c.Name))
}

// shortNumber is an extension at the end of a row, where there is room for one.
func shortNumber(text string, show bool) app.UI {
	if !show || len(text) > 6 {
		return app.Text("")
	}
	return number(text)
}

// contactDetail is what is open beside the list: the form, an import, or a contact.
func contactDetail(v View) []app.UI {
	p := v.S.Contacts
	switch {
	case p.Edit != nil:
		return contactForm(v, *p.Edit)
	case p.Import != nil:
		return importPreview(v, *p.Import)
	case p.Chosen == nil:
		return []app.UI{empty("contacts", v.T(text.NothingChosen), v.T(text.NothingChosenText), nil)}
	}
	c := p.Chosen
	return []app.UI{
		back(v, v.T(text.Contact),
			signButton(v, "star", v.T(text.Favourite),
				screen.SetFavourite{ID: c.ID, On: !c.Favourite}).Class("icon-btn-fill").Aria("pressed", c.Favourite),
			hiddenIf(c.ReadOnly, signButton(v, "edit", v.T(text.EditContact), screen.EditContact{ID: c.ID}))),
		measured(v.T(text.Contact),
			person(c.Name, cut("p", "muted", c.Organisation), companyChip(v, c.Contact)),
			numberRows(v, c.Contact),
			contactFacts(v, c.Contact),
			hiddenIf(len(c.Calls) == 0, words("h3", "section-head", v.T(text.RecentCalls))),
			pastCalls(v, c.Calls)).OnClick(pressedRow(v)),
	}
}

func companyChip(v View, c screen.Contact) app.UI {
	return hiddenIf(!c.ReadOnly, el("span", "chip", icon("building", "icon-xs"), app.Text(v.T(text.CompanyPhonebook))))
}

func numberRows(v View, c screen.Contact) app.UI {
	var rows []app.UI
	for _, n := range c.Numbers {
		label := n.Name
		if n.Extension != "" {
			label += " " + v.T(text.Extension) + " " + n.Extension
		}
		name := c.Name
		if n.Name != "" {
			name += ", " + n.Name
		}
		main := el("button", "row-main", el("span", "row-icon", icon("phone", "icon-sm")),
			el("span", "row-text", el("span", "row-title", number(n.Number)), el("span", "row-sub", cut("span", "", label)))).
			Attr("type", "button").DataSet("call", n.Dial).Attr("disabled", !v.S.CanDial())
		rows = append(rows, el("li", "row", main, callButton(v, n.Dial, name)))
	}
	return hiddenIf(len(rows) == 0, el("ul", "number-rows list", rows...))
}

func contactFacts(v View, c screen.Contact) app.UI {
	var facts []app.UI
	for _, f := range []struct {
		term  text.Key
		value string
	}{{text.GivenName, c.Given}, {text.FamilyName, c.Family}, {text.Customer, c.Customer}, {text.Type, c.Type},
		{text.Category, c.Category}} {
		if f.value != "" {
			facts = append(facts, words("dt", "", v.T(f.term)), el("dd", "", el("bdi", "", app.Text(f.value))))
		}
	}
	return hiddenIf(len(facts) == 0, el("dl", "pairs", facts...))
}
