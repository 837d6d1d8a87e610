package ui

import (
	"slices"
	"strings"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

// watchKeys asks about every key press; one that is taken does nothing else. Chromium writes its character all the same where the
// focus comes to a field before the keypress that follows.
func watchKeys(take func(screen.Key) bool) {
	taken := false
	listen(document(), "keypress", map[string]any{"capture": true}, func(e js.Value) {
		if taken {
			e.Call("preventDefault")
		}
	})
	listen(document(), "keydown", nil, func(e js.Value) {
		taken = false
		if e.Get("defaultPrevented").Bool() || e.Get("isComposing").Bool() || e.Get("repeat").Bool() {
			return
		}
		target := e.Get("target")
		k := screen.Key{
			Key: e.Get("key").String(), Code: e.Get("code").String(),
			Alt: e.Get("altKey").Bool(), Other: e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool(),
			Shift:  e.Get("shiftKey").Bool(),
			Typing: typing(target), Control: control(target),
			Writes: altWrites(),
			Number: target.Get("id").String() == "number",
		}
		k.Unwritten = k.Number && target.Get("value").String() == ""
		if taken = take(k); taken {
			e.Call("preventDefault")
		}
	})
}

// watchPaste takes what is pasted anywhere but into a field, while the number field wants it.
func watchPaste(wanted func() bool, do func(screen.Event)) {
	listen(document(), "paste", nil, func(e js.Value) {
		if typing(e.Get("target")) || !wanted() {
			return
		}
		if text := e.Get("clipboardData").Call("getData", "text/plain").String(); text != "" {
			e.Call("preventDefault")
			do(screen.Paste{Text: text})
		}
	})
}

// altWrites tells whether the system writes another character with Alt: Apple's do, with nearly every key.
func altWrites() bool {
	platform := js.Global().Get("navigator").Get("platform")
	return platform.Type() == js.TypeString && (strings.HasPrefix(platform.String(), "Mac") ||
		strings.HasPrefix(platform.String(), "iP"))
}

func typing(target js.Value) bool {
	name := target.Get("tagName")
	if name.Type() != js.TypeString || target.Get("readOnly").Truthy() {
		return false
	}
	if name.String() == "INPUT" && slices.Contains([]string{"checkbox", "radio", "range", "button"},
		target.Get("type").String()) {
		return false // nothing can be written there
	}
	return slices.Contains([]string{"INPUT", "TEXTAREA", "SELECT"}, name.String()) || target.Get("isContentEditable").Truthy()
}

func control(target js.Value) bool {
	name := target.Get("tagName")
	return name.Type() == js.TypeString && slices.Contains([]string{"BUTTON", "A", "SUMMARY", "SELECT"}, name.String())
}

func elementByID(id string) js.Value { return document().Call("getElementById", id) }

// fieldText is what a field holds now.
func fieldText(id string) string {
	if field := elementByID(id); field.Truthy() {
		return field.Get("value").String()
	}
	return ""
}

// fillDial puts text into the number field, and leaves the caret alone where it is there already.
func fillDial(text string) {
	if field := elementByID("number"); field.Truthy() && field.Get("value").String() != text {
		field.Set("value", text)
	}
}

// focusNumber gives the focus to the number field, so that the browser writes there what is typed. The number of an explained
// call is chosen: the next one takes its place. It is false where the field cannot be seen, and where a sheet covers it.
func focusNumber(s screen.Snapshot) bool {
	field := elementByID("number")
	if !field.Truthy() || !field.Call("checkVisibility").Bool() || field.Call("closest", "[inert]").Truthy() {
		return false
	}
	field.Call("focus")
	if explains(s) {
		field.Call("select")
		return true
	}
	const end = 1 << 20 // or the length, if that is less
	field.Call("setSelectionRange", end, end)
	return true
}

// leaveControl takes the focus from a button, so that Enter after digits that go elsewhere presses nothing.
func leaveControl() {
	if active := document().Get("activeElement"); control(active) {
		active.Call("blur")
		focus("call")
	}
}

func focus(id string) {
	if element := elementByID(id); element.Truthy() {
		element.Call("focus")
	}
}

// focusCard gives the focus to the first control of the card of a call that rings. It is false where that has it already.
func focusCard() bool {
	for _, card := range all(".incoming:not(.sheet), .second") {
		if card.Call("checkVisibility").Bool() {
			held := card.Call("contains", document().Get("activeElement")).Bool()
			return !held && focusIfSeen(card.Call("querySelector", "button"))
		}
	}
	return false
}

// settleFocus gives the focus a place when what had it is gone: the menu that opened, what opened the menu, the call,
// or the number field where it brings no keyboard up. It never takes the focus from an element that has it otherwise.
func settleFocus(prev, next screen.Snapshot) {
	active := document().Get("activeElement")
	lost := !active.Truthy() || active.Equal(document().Get("body")) || !active.Call("checkVisibility").Bool()
	if sheetOpen(next) && !sheetOpen(prev) {
		openedFrom = active
	}
	switch {
	case next.Menu && !prev.Menu:
		focusFirst("menu", "button")
	case next.Audio && !prev.Audio:
		focusFirst("audio", "select")
	case next.Shortcuts && !prev.Shortcuts:
		focusFirst("keys", "button")
	case choosing(next) && !choosing(prev) && !touch():
		focusNumber(next)
	case turned(prev, next) && (lost || next.List == screen.PageSettings) && focusDetail(prev, next):
	case !lost:
	case next.Screen == screen.ScreenLogin:
		focusLogin(next.Login)
	case next.Caller.Open && !prev.Caller.Open && focusIfSeen(document().Call("querySelector", ".pane-detail .icon-btn-back")):
	case sheetOpen(prev) && !sheetOpen(next) && focusIfSeen(openedFrom):
	case prev.Menu && !next.Menu || prev.Shortcuts && !next.Shortcuts:
		focus("menu-button")
	case !next.ShowsDialPad():
		focus("call")
	case !touch():
		focusNumber(next)
	}
}

// turned tells whether something else of the same list is chosen, or nothing any more.
func turned(prev, next screen.Snapshot) bool {
	return prev.Screen == next.Screen && prev.List == next.List && prev.Page == next.Page && prev.Detail != next.Detail
}

// focusDetail gives the focus to the head of what has been chosen, and back to its row when that is closed.
func focusDetail(prev, next screen.Snapshot) bool {
	if next.Detail != "" {
		return focusIfSeen(document().Call("querySelector", ".pane-detail .pane-title"))
	}
	for _, row := range all("[data-open]") {
		if row.Get("dataset").Get("open").String() == prev.Detail {
			return focusIfSeen(row)
		}
	}
	return false
}

// all lists the elements that a selector finds.
func all(selector string) []js.Value {
	found := document().Call("querySelectorAll", selector)
	list := make([]js.Value, found.Length())
	for i := range list {
		list[i] = found.Index(i)
	}
	return list
}

// openedFrom had the focus when a sheet opened; the user interface's goroutine owns it.
var openedFrom js.Value

func sheetOpen(s screen.Snapshot) bool { return s.Menu || s.Audio || s.Shortcuts }

// focusIfSeen gives the focus to an element, unless it has gone.
func focusIfSeen(element js.Value) bool {
	seen := element.Truthy() && element.Get("isConnected").Bool() && !element.Equal(document().Get("body")) &&
		element.Call("checkVisibility").Bool()
	if seen {
		element.Call("focus")
	}
	return seen
}

// focusFirst gives the focus to the first control of a kind in a sheet, which lies over the phone or over the page.
func focusFirst(sheet, kind string) {
	for _, at := range []place{overPhone, overPage} {
		first := document().Call("querySelector", "#"+string(at)+sheet+" "+kind)
		if focusIfSeen(first) {
			return
		}
	}
}

// focusLogin gives the focus to the field that is wrong, else to the first empty one.
func focusLogin(form screen.LoginForm) {
	switch {
	case touch(), form.Busy, form.Opening: // no keyboard over a card that has not been read yet
	case form.Field != screen.FieldNone:
		focus(loginFields[form.Field])
	case fieldText("user") == "":
		focus("user")
	default:
		focus("pass")
	}
}

var loginFields = map[screen.Field]string{screen.FieldUser: "user", screen.FieldPassword: "pass", screen.FieldServer: "server"}

// touch tells whether fingers are the main pointer, so that a field with the focus would bring up a keyboard.
func touch() bool {
	return js.Global().Call("matchMedia", "(pointer: coarse)").Get("matches").Bool()
}
