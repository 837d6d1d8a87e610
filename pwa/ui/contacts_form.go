package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// contactForm is a contact being edited. Its fields are the browser's own: they are read when the form is sent.
func contactForm(v View, f screen.ContactForm) []app.UI {
	title, remove := text.AddContact, app.UI(nil)
	if f.ID != "" {
		title = text.EditContact
		remove = signButton(v, "trash", v.T(text.DeleteContact), screen.DeleteContact{ID: f.ID})
	}
	head := el("header", "pane-head pane-head-back",
		signButton(v, "chevron-start", v.T(text.Back), screen.CancelEdit{}).Class("icon-btn-back"),
		words("h2", "pane-title", v.T(title)), remove)
	send := func(_ app.Context, e app.Event) {
		e.PreventDefault()
		v.Do(screen.SaveContact{Contact: writtenContact(f.Rows, f.Gone)})
	}
	form := el("form", "form pane-measure",
		hiddenIf(f.Error.Empty(), el("p", "field-error", icon("alert", "icon-xs"),
			app.Text(v.S.Language.Tell(f.Error)))).Role("alert"),
		textField("cn", v.T(text.NameRequired)).required(f.Error.Key == text.ContactName),
		el("div", "form-2",
			textField("cg", v.T(text.GivenName)).ui(), textField("cf", v.T(text.FamilyName)).ui(),
			textField("co", v.T(text.Organisation)).ui(), textField("cc", v.T(text.Customer)).ui(),
			textField("ct", v.T(text.Type)).ui(), textField("ck", v.T(text.Category)).ui()),
		words("h3", "form-head", v.T(text.Numbers)),
		numberFields(v, f),
		el("div", "actions", wordButton(v, "plus", v.T(text.AddNumber), "", screen.AddNumber{})),
	).ID("contact-form").Attr("novalidate", true).OnSubmit(send,
		app.EventScope(strconv.Itoa(f.Rows)+" "+strconv.Itoa(int(f.Gone))))
	return []app.UI{
		head,
		el("div", "pane-body pane-pad", form).Role("group").Aria("label", v.T(text.ContactForm)),
		el("footer", "pane-foot",
			wordButton(v, "", v.T(text.Cancel), "", screen.CancelEdit{}),
			words("button", "btn btn-primary", v.T(text.Save)).Attr("type", "submit").Attr("form", "contact-form")),
	}
}

// formField is a text field of the form with its label.
type formField struct {
	id    string
	label string
	input app.HTMLElem
}

func textField(id, label string) formField {
	return formField{id, label, el("input", "input").ID(id).Attr("autocomplete", "off").Attr("dir", "auto").Attr("maxlength",
		"200")}
}

func (f formField) ui() app.UI {
	return el("div", "field", words("label", "field-label", f.label).Attr("for", f.id), f.input)
}

func (f formField) required(wrong bool) app.UI {
	f.input = f.input.Attr("required", true)
	if wrong {
		f.input = f.input.Aria("invalid", true)
	}
	return f.ui()
}

// number makes it a field for digits.
func (f formField) number(mode string) app.UI {
	f.input = f.input.Class("tnum").Attr("dir", "ltr").Attr("inputmode", mode)
	return f.ui()
}

// numberFields are the rows of the numbers. A removed row is only hidden, so that the others keep what was typed.
func numberFields(v View, f screen.ContactForm) app.UI {
	var rows []app.UI
	for i := range f.Rows {
		n := strconv.Itoa(i)
		rows = append(rows, hiddenIf(f.Gone&(1<<i) != 0, el("div", "number-edit",
			textField("na"+n, v.T(text.NumberName)).ui(),
			textField("nb"+n, v.T(text.Number)).number("tel"),
			textField("nc"+n, v.T(text.Extension)).number("numeric"),
			signButton(v, "trash", v.T(text.RemoveNumber, "number", strconv.Itoa(i+1)), screen.RemoveNumber{Row: i}))))
	}
	return el("div", "form", rows...)
}

// formFields are the fields that are not numbers, by their IDs.
func formFields(c *screen.Contact) map[string]*string {
	return map[string]*string{"cn": &c.Name, "cg": &c.Given, "cf": &c.Family, "co": &c.Organisation, "cc": &c.Customer,
		"ct": &c.Type, "ck": &c.Category}
}

// writtenContact reads the fields.
func writtenContact(rows int, gone uint32) screen.Contact {
	var c screen.Contact
	for id, field := range formFields(&c) {
		*field = fieldText(id)
	}
	for i := range rows {
		n := strconv.Itoa(i)
		if gone&(1<<i) == 0 {
			c.Numbers = append(c.Numbers, screen.Number{Name: fieldText("na" + n), Number: fieldText("nb" + n),
				Extension: fieldText("nc" + n)})
		}
	}
	return c
}

// fillForms writes what the snapshot says into the fields of a form or search that has just been opened.
func fillForms(s screen.Snapshot) {
	query := s.History.Query
	if s.List == screen.PageContacts {
		query = s.Contacts.Query
	}
	setField("search", query)
	if s.List == screen.PageHistory && s.History.Searching && query == "" {
		focus("search")
	}
	if s.List == screen.PageSettings {
		setField("shown-name", s.Account.Shown().DisplayName)
	}
	if s.Contacts.Edit == nil {
		return
	}
	c := s.Contacts.Edit.Contact
	for id, field := range formFields(&c) {
		setField(id, *field)
	}
	for i := range s.Contacts.Edit.Rows {
		var n screen.Number
		if i < len(c.Numbers) {
			n = c.Numbers[i]
		}
		row := strconv.Itoa(i)
		setField("na"+row, n.Name)
		setField("nb"+row, n.Number)
		setField("nc"+row, n.Extension)
	}
	focus("cn")
}
