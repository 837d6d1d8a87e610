package ui

import (
	"strconv"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

// listSheet holds the width of the list. No element has a style of its own, which is how injected markup is told.
var listSheet js.Value

// setListWidth gives the list of a wide window its width.
func setListWidth(width int) {
	if !listSheet.Truthy() {
		listSheet = js.Global().Get("CSSStyleSheet").New()
		document().Get("adoptedStyleSheets").Call("push", listSheet)
	}
	listSheet.Call("replaceSync", ":root{--list:"+strconv.Itoa(screen.ListWidth(width))+"px}")
}
