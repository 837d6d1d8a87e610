package browser

import (
	"strings"
	"syscall/js"

	"github.com/gowebphone/webphone/pkg/ua"
)

// Warn writes something that matters to whoever has put the phone into a page to the console.
func Warn(text string) { js.Global().Get("console").Call("warn", "webphone: "+text) }

// Trace writes a SIP message to the console, with direction and time.
func Trace(m ua.TraceEvent) {
	arrow := "⇐ received"
	if m.Sent {
		arrow = "⇒ sent"
	}
	js.Global().Get("console").Call("log", m.At.Format("15:04:05.000")+" "+arrow+" "+m.Server+"\n"+
		strings.TrimRight(string(m.Data), "\r\n"))
}
