package ui

import (
	"slices"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/phone"
)

// watchKeys asks about every key press; one that is taken does nothing else.
func watchKeys(take func(phone.Key) bool) {
	listen(document(), "keydown", nil, func(e js.Value) {
		if e.Get("defaultPrevented").Bool() || e.Get("isComposing").Bool() || e.Get("repeat").Bool() {
			return
		}
		target := e.Get("target")
		k := phone.Key{
			Key: e.Get("key").String(), Code: e.Get("code").String(),
			Alt: e.Get("altKey").Bool(), Other: e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool(),
			Typing: typing(target), Control: control(target),
		}
		if take(k) {
			e.Call("preventDefault")
		}
	})
}

// watchPaste takes what is pasted anywhere but into a field, while the number field wants it.
func watchPaste(wanted func() bool, do func(phone.Event)) {
	listen(document(), "paste", nil, func(e js.Value) {
		if typing(e.Get("target")) || !wanted() {
			return
		}
		if text := e.Get("clipboardData").Call("getData", "text/plain").String(); text != "" {
			e.Call("preventDefault")
			do(phone.Paste{Text: text})
		}
	})
}

func typing(target js.Value) bool {
	name := target.Get("tagName")
	if name.Type() != js.TypeString || target.Get("readOnly").Truthy() {
		return false
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

func focus(id string) {
	if element := elementByID(id); element.Truthy() {
		element.Call("focus")
	}
}

// settleFocus gives the focus a place when what had it is gone: the menu that opened, what opened the menu, the call,
// or the number field where it brings no keyboard up. It never takes the focus from an element that has it otherwise.
func settleFocus(prev, next phone.Snapshot) {
	active := document().Get("activeElement")
	lost := !active.Truthy() || active.Equal(document().Get("body"))
	switch {
	case next.Menu && !prev.Menu:
		if first := document().Call("querySelector", "#menu button"); first.Truthy() {
			first.Call("focus")
		}
	case next.Audio && !prev.Audio:
		if first := document().Call("querySelector", "#audio select"); first.Truthy() {
			first.Call("focus")
		}
	case choosing(next) && !choosing(prev) && !touch():
		focus("number")
	case !lost || next.Screen != phone.ScreenPhone:
	case prev.Menu && !next.Menu:
		focus("menu-button")
	case !next.ShowsDialPad():
		focus("call")
	case !touch():
		focus("number")
	}
}

// touch tells whether fingers are the main pointer, so that a field with the focus would bring up a keyboard.
func touch() bool {
	return js.Global().Call("matchMedia", "(pointer: coarse)").Get("matches").Bool()
}
