package ui

import (
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

// settleCover keeps the focus out of what lies under a sheet or a ringing call (WCAG 2.2, 2.4.11): all of it as long as its scrim
// is seen, else what it hides. The list of keys is modal, so there all else is inert. What is said to a screen reader goes on.
func settleCover(s screen.Snapshot) {
	for _, scrim := range all(".scrim") {
		sheet := scrim.Get("parentElement")
		switch {
		case !sheet.Call("checkVisibility").Bool():
		case scrim.Call("checkVisibility").Bool():
			cover(sheet, s.Shortcuts && len(s.Incoming()) == 0)
		case s.Shortcuts && len(s.Incoming()) == 0:
			cover(sheet, true)
		default:
			coverUnder(sheet)
		}
	}
}

// uncover lets the focus go everywhere again.
func uncover() {
	for _, e := range all("[data-covered]") {
		e.Call("removeAttribute", "inert")
		e.Call("removeAttribute", "data-covered")
	}
}

// watchSize tells when the window has another size: what covers the page in a narrow one stands beside it in a wide one.
func watchSize(settle func()) { listen(js.Global(), "resize", nil, func(js.Value) { settle() }) }

// cover makes inert what stands beside a sheet: in its pane, or on the whole page.
func cover(sheet js.Value, page bool) {
	held := document().Get("activeElement")
	for e := sheet; !e.Get("classList").Call("contains", "app").Bool(); e = e.Get("parentElement") {
		if e.Get("classList").Call("contains", "pane-phone").Bool() && !page {
			break
		}
		beside := e.Get("parentElement").Get("children")
		for i := range beside.Length() {
			if other := beside.Index(i); !other.Equal(e) {
				coverOne(other)
			}
		}
	}
	uncoverFocus(sheet, held)
}

// uncoverFocus gives the focus to a sheet that covers what had it.
func uncoverFocus(sheet, held js.Value) {
	if held.Truthy() && held.Call("closest", "[inert]").Truthy() {
		focusIfSeen(sheet.Call("querySelector", "[tabindex], button"))
	}
}

// coverUnder makes inert what a sheet hides of its pane, where the rest can be used: the keys of the pad, and not the field
// above.
func coverUnder(sheet js.Value) {
	held, card := document().Get("activeElement"), sheet.Call("querySelector", ".incoming")
	under := sheet.Get("parentElement").Call("querySelectorAll", "a, button, input, select, textarea")
	for i := range under.Length() {
		control := under.Index(i)
		at := control.Call("getBoundingClientRect")
		x, y := at.Get("x").Float()+at.Get("width").Float()/2, at.Get("y").Float()+at.Get("height").Float()/2
		if top := document().Call("elementFromPoint", x, y); !card.Call("contains", control).Bool() &&
			card.Call("contains", top).Bool() {
			coverOne(control)
		}
	}
	uncoverFocus(sheet, held)
}

// coverOne leaves the regions of a screen reader as they are: what is inert says nothing.
func coverOne(e js.Value) {
	has := func(class string) bool { return e.Get("classList").Call("contains", class).Bool() }
	switch {
	case has("sr") || has("notices") || e.Call("matches", "h1, .only-narrow").Bool():
	case has("panes"):
		children := e.Get("children")
		for i := range children.Length() {
			coverOne(children.Index(i))
		}
	default:
		e.Call("setAttribute", "inert", "")
		e.Call("setAttribute", "data-covered", "")
	}
}
