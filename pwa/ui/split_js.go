package ui

import (
	"strconv"

	"github.com/gowebphone/webphone/pwa/screen"
)

// setListWidth gives the list of a wide window its width. A style set by a script is none that the policy of the page refuses.
func setListWidth(width int) {
	document().Get("documentElement").Get("style").Call("setProperty", "--list", strconv.Itoa(screen.ListWidth(width))+"px")
}
