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

// settleFocus gives the focus a place when what had it is gone: the call, the menu or, without a touch screen, the
// number field. It never takes the focus from an element that has it.
func settleFocus(s phone.Snapshot) {
	if s.Menu && elementByID("menu").Truthy() && !elementByID("menu").Call("contains", document().Get("activeElement")).Bool() {
		if first := elementByID("menu").Call("querySelector", "button"); first.Truthy() {
			first.Call("focus")
		}
		return
	}
	active := document().Get("activeElement")
	if active.Truthy() && !active.Equal(document().Get("body")) || s.Screen != phone.ScreenPhone {
		return
	}
	if s.ShowsDialPad() {
		if !touch() {
			focus("number")
		}
		return
	}
	focus("call")
}

// touch tells whether fingers are the main pointer, so that a field with the focus would bring up a keyboard.
func touch() bool {
	return js.Global().Call("matchMedia", "(pointer: coarse)").Get("matches").Bool()
}
