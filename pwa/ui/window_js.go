package ui

import (
	"context"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

// The user interface's goroutine owns these.
var (
	awake     bool     // the screen shall stay on
	wakeLock  js.Value // while it does
	leaveStop js.Func  // asks before the page is left
	leaveAsks bool
)

// keepAwake keeps the screen from going dark during a call.
func keepAwake(on bool) {
	awake = on
	if !on {
		if wakeLock.Truthy() {
			wakeLock.Call("release")
		}
		wakeLock = js.Undefined()
		return
	}
	keepAwakeAgain()
}

// keepAwakeAgain asks anew: the browser takes the lock back whenever the page is hidden.
func keepAwakeAgain() {
	locks := js.Global().Get("navigator").Get("wakeLock")
	if !awake || !locks.Truthy() || document().Get("visibilityState").String() != "visible" {
		return
	}
	go func() {
		lock, err := await(context.Background(), locks.Call("request", "screen"))
		if err != nil {
			return // low battery, or not allowed: the screen goes dark as usual
		}
		if !awake {
			lock.Call("release")
			return
		}
		wakeLock = lock
	}()
}

// guardLeaving asks before the page is left, while a call would end with it.
func guardLeaving(on bool) {
	if on == leaveAsks {
		return
	}
	leaveAsks = on
	if call := js.Global().Get("webphoneOnCall"); call.Truthy() {
		call.Invoke(on) // other windows wait with an update
	}
	if on {
		leaveStop = js.FuncOf(func(_ js.Value, args []js.Value) any {
			args[0].Call("preventDefault")
			args[0].Set("returnValue", true) // older browsers
			return nil
		})
		js.Global().Call("addEventListener", "beforeunload", leaveStop)
		return
	}
	js.Global().Call("removeEventListener", "beforeunload", leaveStop)
	leaveStop.Release()
}

// readClipboard needs the click that it is called from.
func readClipboard(do func(screen.Event)) {
	clipboard := js.Global().Get("navigator").Get("clipboard")
	if !clipboard.Truthy() || !clipboard.Get("readText").Truthy() {
		do(screen.PasteFailed{})
		return
	}
	promise := clipboard.Call("readText")
	go func() {
		text, err := await(context.Background(), promise)
		if err != nil {
			do(screen.PasteFailed{})
			return
		}
		do(screen.Paste{Text: text.String()})
	}()
}

// inNextFrame calls f when the browser draws the next time, in a task of its own; while nobody sees the page, not before it is
// seen.
func inNextFrame(f func()) {
	var frame js.Func
	frame = js.FuncOf(func(js.Value, []js.Value) any {
		frame.Release()
		f()
		return nil
	})
	js.Global().Call("requestAnimationFrame", frame)
}
