package ui

import (
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

// session is the call that the system's keys act on; the user interface's goroutine owns it.
var session screen.Session

// systemKeys are what the system may ask for during a call.
var systemKeys = map[string]func(id string) screen.Event{
	"hangup":           func(id string) screen.Event { return screen.Hangup{ID: id} },
	"togglemicrophone": func(id string) screen.Event { return screen.ToggleMute{ID: id} },
}

var systemHandlers = map[string]js.Func{} // made once

// watchSystem lets the keys of the system act on the call, where the browser passes them on.
func watchSystem(do func(screen.Event)) {
	for name, event := range systemKeys {
		systemHandlers[name] = js.FuncOf(func(js.Value, []js.Value) any {
			defer survive(name)
			if session.ID != "" {
				do(event(session.ID))
			}
			return nil
		})
	}
}

// tellSystem says who is on the line, or that nobody is.
func tellSystem(s screen.Session) {
	began := session.ID == "" && s.ID != ""
	session = s
	media := js.Global().Get("navigator").Get("mediaSession")
	if !media.Truthy() {
		return
	}
	if s.ID == "" {
		media.Set("metadata", js.Null())
		media.Set("playbackState", "none")
	} else {
		media.Set("metadata", js.Global().Get("MediaMetadata").New(map[string]any{"title": s.Name}))
		media.Set("playbackState", "playing")
	}
	if media.Get("setMicrophoneActive").Type() == js.TypeFunction {
		if promise := media.Call("setMicrophoneActive", s.ID != "" && !s.Muted); promise.Truthy() {
			go await(background, promise) // refused in a hidden page
		}
	}
	if began || s.ID == "" {
		for name, handler := range systemHandlers {
			// A browser throws for a key it does not know.
			attempt(func() js.Value {
				if began {
					return media.Call("setActionHandler", name, handler)
				}
				return media.Call("setActionHandler", name, js.Null())
			})
		}
	}
}

// setBadge puts a number on the sign of the installed phone, where there is one.
func setBadge(count int) {
	navigator := js.Global().Get("navigator")
	if navigator.Get("setAppBadge").Type() == js.TypeFunction {
		promise := navigator.Call("setAppBadge", count)
		go await(background, promise) // not installed: there is no sign
	}
}
