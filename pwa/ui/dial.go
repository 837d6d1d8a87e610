package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const longDial = 14 // characters that fit in large type

// dial is the dial pad with its number field.
func dial(v View) app.UI {
	show := v.S.Show
	return el("form", "dial",
		hiddenIf(!choosing(v.S), words("h2", "stage-state", v.T(text.TransferCall))),
		coveredCall(v),
		connections(v),
		numberField(v),
		why(v),
		suggestions(v),
		chooseKeys(v),
		v.in(&dialPadSlot),
		dialGo(v, show.Dial),
	).Aria("label", v.T(dialText(v.S))).OnSubmit(sendDial(v))
}

// chooseKeys say how one of those who fit is chosen, to whom has a keyboard.
func chooseKeys(v View) app.UI {
	key := func(name string) app.UI { return words("kbd", "kbd", name) }
	shown := v.S.Dial != "" && len(v.S.Suggestions) > 0 && !explains(v.S) && v.S.Show.Number
	return hiddenIf(!shown, el("p", "dial-keys",
		key("↑"), key("↓"), words("span", "", v.T(text.ChooseKeys)),
		key("Enter"), words("span", "", v.T(text.MarkedOne)))).Aria("hidden", true)
}

// choosing tells whether the number field asks whom a call is handed to.
func choosing(s screen.Snapshot) bool { return s.Transfer.Step == screen.TransferChoosing }

func dialText(s screen.Snapshot) text.Key {
	if choosing(s) {
		return text.TransferCall
	}
	return text.Dial
}

func dialGo(v View, shown bool) app.UI {
	if choosing(v.S) {
		return transferGo(v)
	}
	return hiddenIf(!shown, el("div", "dial-go",
		signButton(v, "refresh", v.T(text.RedialLast), screen.Redial{}).Class(redialClasses(v.S)...).
			Attr("disabled", v.S.Placed.Target == ""),
		el("button", "btn btn-primary btn-lg", icon("phone", "icon-sm"), cut("span", "btn-name", dialLabel(v))).
			Attr("type", "submit").Attr("disabled", !v.S.CanDial()).Aria("disabled", v.S.Nameless).DataSet("does", dialDoes(v.S)),
		signButton(v, "backspace", v.T(text.DeleteDigit), screen.Backspace{}).OnMouseDown(v.handle("press", prevent)).
			OnContextMenu(v.handle("clear", clearDial(v))),
	))
}

// redialClasses show the way back to the last number as long as the field is empty. The others keep their place.
func redialClasses(s screen.Snapshot) []string {
	if s.Dial != "" {
		return []string{"is-away"}
	}
	return nil
}

// dialLabel says whom Dial calls, where the phone knows.
func dialLabel(v View) string {
	if g, ok := v.S.Chosen(); ok {
		return v.T(text.Call1, "name", suggestionName(g))
	}
	if explains(v.S) && v.S.Dial == v.S.Ended.Again() {
		return v.T(text.Call1, "name", v.S.Ended.Name())
	}
	return v.T(text.Dial)
}

// dialDoes tells Dial from Dial for somebody else.
func dialDoes(s screen.Snapshot) string {
	g, _ := s.Chosen()
	return "screen.Dial:" + g.Number + ":"
}

// sendDial calls what stands in the field at the moment of the press, or who is marked.
func sendDial(v View) (app.EventHandler, app.EventOption) {
	do, seen := v.Do, v.S.Fits
	return v.handle("dial "+strconv.Itoa(seen), func(_ app.Context, e app.Event) {
		e.PreventDefault()
		do(screen.Dial{Text: fieldText("number"), Fits: seen})
	})
}

// clearDial empties the field on a long press, which browsers tell as the wish for a context menu.
func clearDial(v View) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		e.PreventDefault()
		v.Do(screen.ClearDial{})
	}
}

func numberField(v View) app.UI {
	input := el("input", "number-input").ID("number").Attr("type", "text").Attr("inputmode", numberInputMode()).
		Attr("autocomplete", "off").Attr("autocapitalize", "none").Attr("spellcheck", false).Attr("enterkeyhint", "go").
		Aria("label", v.T(text.NumberField)).Attr("dir", numberDirection(v.S)).Attr("placeholder", v.T(text.NumberField)).
		Attr("value", v.S.Dial).OnInput(v.handle("type", typed(v))).OnClick(v.handle("keyboard", wantKeyboard))
	input = combobox(v.S, input)
	if len([]rune(v.S.Dial)) > longDial {
		input = input.Class("is-long")
	}
	return hiddenIf(!v.S.Show.Number, el("div", "number",
		input, signButton(v, "paste", v.T(text.PasteNumber), askClipboard{}),
	))
}

// combobox says to assistive technology that a list belongs to the field, and who is marked in it.
func combobox(s screen.Snapshot, input app.HTMLElem) app.HTMLElem {
	open := s.Dial != "" && len(s.Suggestions) > 0 && !explains(s)
	input = input.Role("combobox").Aria("autocomplete", "list").Aria("expanded", open).Aria("controls", fitsID)
	if _, ok := s.Chosen(); ok && open {
		return input.Aria("activedescendant", fitID(s.Marked))
	}
	return input
}

// numberDirection lets a typed number run its own way; the words in an empty field run with the page.
func numberDirection(s screen.Snapshot) string {
	if s.Dial == "" {
		return s.Language.Direction()
	}
	return "auto"
}

func typed(v View) app.EventHandler {
	return func(ctx app.Context, _ app.Event) { v.Do(screen.Type{Text: ctx.JSSrc().Get("value").String()}) }
}

// connections offer the other calls as targets, while the number field asks whom a call is handed to.
func connections(v View) app.UI {
	var list []app.UI
	if first, ok := v.S.Transferring(); ok && choosing(v.S) {
		for _, l := range v.S.Lines() {
			if v.S.Connectable(first.ID, l.ID) {
				list = append(list, press(v, "btn btn-line btn-wide", screen.ConnectCalls{ID: first.ID, Other: l.ID},
					smallIcon("merge"),
					cut("span", "btn-name", v.T(text.ConnectTwo, "name", first.Name(), "target", l.Name()))))
			}
		}
	}
	return hiddenIf(len(list) == 0, el("div", "connections", list...))
}

// coveredCall is the way back to a call that the dial pad covers.
func coveredCall(v View) app.UI {
	line, ok := v.S.Stage()
	var back screen.Event = screen.AddCall{On: false}
	if choosing(v.S) {
		line, ok = v.S.Transferring()
		back = screen.CancelTransfer{}
	}
	if !ok {
		return hiddenIf(true, el("div", ""))
	}
	return hiddenIf(false, el("div", "line line-"+string(line.Glance()),
		el("span", "line-sign", icon(glanceSign(line), "icon-sm")),
		lineText(v, line),
		wordButton(v, "", v.T(text.BackToCall), "", back),
	))
}
