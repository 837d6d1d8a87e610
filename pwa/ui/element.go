package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// el is an element with classes. One type for all elements keeps the program small: each type of go-app's own brings
// some sixty methods.
func el(tag, class string, body ...app.UI) app.HTMLElem {
	e := app.Elem(tag)
	if class != "" {
		e = e.Attr("class", class)
	}
	return e.Body(body...)
}

// words is an element with a text.
func words(tag, class, text string) app.HTMLElem { return el(tag, class, app.Text(text)) }

// press is a button that sends an event.
func press(v View, class string, e screen.Event, body ...app.UI) app.HTMLElem {
	return v.sends(el("button", class, body...).Attr("type", "button"), e)
}

// signButton is a button with a sign only.
func signButton(v View, sign, label string, e screen.Event) app.HTMLElem {
	return press(v, "icon-btn", e, icon(sign, iconClasses(sign)...)).Aria("label", label)
}

// wordButton is a button with a text and, unless sign is empty, a sign.
func wordButton(v View, sign, text, class string, e screen.Event) app.HTMLElem {
	if sign == "" {
		return press(v, "btn "+class, e, app.Text(text))
	}
	return press(v, "btn "+class, e, smallIcon(sign), app.Text(text))
}

// hiddenIf hides an element that keeps its place.
func hiddenIf(hidden bool, e app.HTMLElem) app.HTMLElem { return e.Attr("hidden", hidden) }

// searchField tells what stands in it with every letter. The label tells fields apart that stand in the same place of different
// panes.
func searchField(label, id string, tell func(string)) app.UI {
	input := el("input", "input").ID(id).Attr("type", "search").Attr("placeholder", label).Attr("autocomplete", "off").
		Attr("spellcheck", false).Aria("label", label).
		OnInput(quiet(func(ctx app.Context, _ app.Event) { tell(ctx.JSSrc().Get("value").String()) }), app.EventScope(id, label))
	return el("div", "search", icon("search", "icon-sm"), input)
}

// segments is a choice of which one is pressed.
func segments(v View, label string, chosen func(screen.Event) bool, options ...segment) app.HTMLElem {
	var items []app.UI
	for _, o := range options {
		items = append(items, press(v, "segmented-item", o.event, app.Text(v.T(o.text))).Aria("pressed", chosen(o.event)))
	}
	return el("div", "segmented", items...).Role("group").Aria("label", label)
}

type segment struct {
	text  text.Key
	event screen.Event
}

// back is the head of a detail: the way back to the list, a title, and what can be done.
func back(v View, title string, actions ...app.UI) app.UI {
	head := []app.UI{
		signButton(v, "chevron-start", v.T(text.Back), screen.Choose{}).Class("icon-btn-back"),
		cut("h2", "pane-title", title).Attr("tabindex", "-1"),
	}
	return el("header", "pane-head pane-head-back", append(head, actions...)...)
}

// measured is the body of a detail, not wider than can be read well.
func measured(label string, body ...app.UI) app.HTMLElem {
	return el("div", "pane-body pane-pad", el("div", "pane-measure", body...)).Attr("tabindex", "0").Role("group").Aria("label",
		label)
}

// listBody is what a list scrolls in. One handler serves all its rows: they say in data-open and data-call what a press
// on them means, so that scrolling costs no new handlers.
func listBody(v View, id, label string, body ...app.UI) app.HTMLElem {
	return el("div", "pane-body", body...).ID(id).Attr("tabindex", "-1").Role("group").Aria("label", label).OnClick(pressedRow(v))
}

func pressedRow(v View) app.EventHandler {
	return quiet(func(_ app.Context, e app.Event) {
		for _, name := range []string{"open", "call", "dial"} {
			if at := e.Get("target").Call("closest", "[data-"+name+"]"); at.Truthy() {
				text := at.Call("getAttribute", "data-"+name).String()
				switch name {
				case "open":
					v.Do(screen.Choose{ID: text})
				case "call":
					v.Do(screen.MakeCall{Target: text})
				case "dial":
					v.Do(screen.Type{Text: text})
				}
				return
			}
		}
	})
}

// rowMain is the part of a row that opens it.
func rowMain(id string, current bool, sign, title, sub, end app.UI) app.HTMLElem {
	row := el("button", "row-main", sign, el("span", "row-text", title, sub), end).Attr("type", "button").DataSet("open",
		id).DataSet("does", "open:"+id)
	if current {
		row = row.Aria("current", true)
	}
	return row
}

// callButton calls a number, or chooses it for a transfer. Without a number it is hidden.
func callButton(v View, number, name string) app.HTMLElem {
	sign, said := "phone", text.Call1
	if choosing(v.S) {
		sign, said = "transfer", text.TransferTo
	}
	b := el("button", "icon-btn icon-btn-call", smallIcon(sign)).Attr("type", "button").
		Aria("label", v.T(said, "name", name)).Attr("disabled", !v.S.CanDial()).DataSet("call", number).DataSet("does",
		"call:"+number)
	return hiddenIf(number == "", b)
}
