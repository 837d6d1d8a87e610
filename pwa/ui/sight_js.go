package ui

import "syscall/js"

// watchReturn tells when the user turns to the window.
func watchReturn(look func()) { listen(js.Global(), "focus", nil, func(js.Value) { look() }) }

// inSight tells whether an element shows, in a window that the user has turned to.
func inSight(id string) bool {
	e := elementByID(id)
	return e.Truthy() && e.Call("checkVisibility").Bool() && document().Call("hasFocus").Bool()
}
