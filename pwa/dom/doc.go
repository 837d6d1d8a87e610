// Package dom is what every part of the phone in a page needs of JavaScript, beside syscall/js.
//
//	dom.Listen(js.Global(), "focus", nil, func(e js.Value) { ... }) // as long as the page lives
//	value, err := dom.Await(ctx, promise)
//	value, err := dom.Attempt(func() js.Value { return object.Call("mayThrow") })
//	data := dom.Bytes(array)
//
// It has no functions without a browser. Await must not be called in a handler of an event, which the browser waits for.
package dom
