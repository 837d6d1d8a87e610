package browser

import "syscall/js"

// Pause lets the browser do what waits, keys and messages of a server too, in the midst of long work. A timer would keep a
// page that is not seen waiting for a second each time.
func Pause() {
	channel := js.Global().Get("MessageChannel").New()
	back := channel.Get("port1")
	done := make(chan struct{})
	came := js.FuncOf(func(js.Value, []js.Value) any { close(done); return nil })
	defer came.Release()
	back.Set("onmessage", came)
	channel.Get("port2").Call("postMessage", js.Null())
	<-done
	back.Call("close")
}
