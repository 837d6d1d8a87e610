package ui

import (
	"strings"
	"syscall/js"
	"time"
)

// controls are what can be pressed, covers what lies over others.
const (
	controls = "button, a[href], summary, select, input, [role=option]"
	covers   = ".incoming, .second, .notice, .line"
)

// clock is the browser's, as its events have it.
func clock() float64 { return js.Global().Get("performance").Call("now").Float() }

// spots are the controls that can be seen now. Those of lists outside the window are left out.
func spots() []spot {
	width, height := js.Global().Get("innerWidth").Int(), js.Global().Get("innerHeight").Int()
	found := document().Call("querySelectorAll", controls+", "+covers)
	var list []spot
	for i := range found.Length() {
		element := found.Index(i)
		if b := boxOf(element); b.w > 0 && b.h > 0 && b.x < width && b.y < height && b.x+b.w > 0 && b.y+b.h > 0 {
			list = append(list, spot{doesOf(element), b})
		}
	}
	return list
}

func boxOf(element js.Value) box {
	r := element.Call("getBoundingClientRect")
	return box{r.Get("x").Int(), r.Get("y").Int(), r.Get("width").Int(), r.Get("height").Int()}
}

// doesOf is what a press on an element means: what the component says, else what stands on it.
func doesOf(element js.Value) string {
	does := element.Get("dataset").Get("does")
	name := element.Get("className").String()
	switch {
	case does.Truthy():
		name = does.String()
		if begins(name, "screen.Dial", "screen.TransferNow", "screen.AskFirst") {
			name += fieldText("number")
		}
	case element.Call("matches", controls).Bool():
		name = strings.TrimSpace(element.Get("ariaLabel").String() + element.Get("id").String() +
			element.Get("textContent").String())
	}
	if element.Get("disabled").Truthy() {
		name += " off"
	}
	return name
}

// pressed is what the last press met, until its release.
type pressed struct {
	at   js.Value // what was under the pointer
	on   js.Value // the control there; not truthy: none
	does string
	deaf bool
	keys bool
}

// watchHands judges every press before anything else hears of it. While busy, what is typed goes elsewhere.
func watchHands(h *hands, busy func() bool) {
	w := &watcher{hands: h, busy: busy}
	window, early := js.Global(), map[string]any{"capture": true}
	for name, judge := range map[string]func(js.Value) bool{
		"pointerdown": w.down, "mousedown": w.follows, "pointerup": w.follows, "contextmenu": w.follows,
		"keydown": w.keyDown, "click": w.release,
	} {
		listen(window, name, early, func(e js.Value) {
			if !judge(e) {
				e.Call("preventDefault")
				e.Call("stopImmediatePropagation")
			}
		})
	}
}

type watcher struct {
	hands *hands
	busy  func() bool
	press pressed
}

// controlAt is the control that an event is for. A field is one only for Enter, which presses the button of its form.
func controlAt(e js.Value) js.Value {
	target := e.Get("target")
	if target.Get("closest").IsUndefined() {
		return js.Undefined()
	}
	at := target.Call("closest", controls)
	if at.Truthy() && typing(at) && at.Get("tagName").String() != "SELECT" {
		return js.Undefined()
	}
	return at
}

func (w *watcher) down(e js.Value) bool {
	w.press = pressed{at: e.Get("target"), on: controlAt(e)}
	if !w.press.on.Truthy() {
		return true
	}
	w.press.does = doesOf(w.press.on)
	w.press.deaf = !w.hands.hears(hitOf(e, w.press.on, false))
	return !w.press.deaf
}

func hitOf(e, on js.Value, byKeys bool) hit {
	p := hit{does: doesOf(on), box: boxOf(on), at: clock(), byKeys: byKeys}
	if !byKeys {
		p.x, p.y = e.Get("clientX").Int(), e.Get("clientY").Int()
	}
	return p
}

// follows keeps from everybody what belongs to a press that does not count.
func (w *watcher) follows(js.Value) bool { return !w.press.deaf || w.press.keys }

// keyDown judges Enter and the space bar on what has the focus. Enter that is held down presses nothing again.
func (w *watcher) keyDown(e js.Value) bool {
	key := e.Get("key").String()
	if key != "Enter" && key != " " || w.busy() || e.Get("isComposing").Bool() {
		w.hands.moved = clock()
		return true
	}
	on := controlAt(e)
	if !on.Truthy() && key == "Enter" {
		on = submitOf(e.Get("target"))
	}
	if !on.Truthy() {
		return true
	}
	again := e.Get("repeat").Bool() && !strings.HasPrefix(doesOf(on), "screen.Backspace")
	w.press = pressed{on: on, does: doesOf(on), keys: true, deaf: again || !w.hands.hears(hitOf(e, on, true))}
	return !w.press.deaf
}

// submitOf is the button that Enter presses in a field, and Dial outside of all fields.
func submitOf(target js.Value) js.Value {
	if form := target.Get("form"); form.Truthy() {
		return form.Call("querySelector", "[type=submit]")
	}
	return document().Call("querySelector", ".dial [type=submit]")
}

// release judges a click: it counts where the press was, as long as it means what the press meant.
func (w *watcher) release(e js.Value) bool {
	on := controlAt(e)
	if !on.Truthy() || !e.Get("isTrusted").Bool() {
		return true // nothing to press, or a press of our own
	}
	byKeys := e.Get("detail").Int() == 0
	if byKeys && !w.press.keys { // of a program, or of assistive technology
		w.press = pressed{on: on, does: doesOf(on), keys: true, deaf: !w.hands.hears(hitOf(e, on, true))}
	}
	if w.press.deaf || !labels(w.press.at, on) && (!w.press.on.Equal(on) || w.press.does != doesOf(on)) {
		return false
	}
	w.hands.last = hitOf(e, on, byKeys)
	w.press.keys = false
	return true
}

// labels tells whether a press on an element is one on a field that it names.
func labels(at, field js.Value) bool {
	label := js.Undefined()
	if at.Truthy() {
		label = at.Call("closest", "label")
	}
	return label.Truthy() && field.Equal(label.Get("control"))
}

// expectChange says that something is about to change.
func expectChange() { document().Get("documentElement").Get("dataset").Set("deaf", "all") }

// tellDeaf says on the page for whom it is deaf, as long as it is.
func tellDeaf(h *hands) {
	calls, others := h.deafFor(clock())
	root := document().Get("documentElement").Get("dataset")
	switch {
	case others > 0:
		root.Set("deaf", "all")
	case calls > 0:
		root.Set("deaf", "calls")
	default:
		root.Delete("deaf")
		return
	}
	wait := others
	if wait <= 0 {
		wait = calls
	}
	time.AfterFunc(time.Duration(wait*float64(time.Millisecond))+time.Millisecond, func() { tellDeaf(h) })
}
