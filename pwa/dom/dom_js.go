package dom

import (
	"context"
	"fmt"
	"runtime/debug"
	"syscall/js"
)

// Listen adds a listener that lasts as long as the page: its function is never released. A panic in it is reported and
// goes no further, since it would end the program and the calls with it.
func Listen(target js.Value, event string, options any, f func(e js.Value)) {
	target.Call("addEventListener", event, js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer Survive(event)
		f(args[0])
		return nil
	}), options)
}

// Survive reports a panic that it ends, when it is deferred.
func Survive(where string) {
	if p := recover(); p != nil {
		Report(fmt.Errorf("%s: %v", where, p), debug.Stack())
	}
}

// Attempt turns what a call throws into an error.
func Attempt(call func() js.Value) (value js.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return call(), nil
}

// Await waits for a promise. Its functions are released when it is settled, so that a late one finds them.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	var then, catch js.Func
	settle := func(o outcome) any {
		then.Release()
		catch.Release()
		done <- o
		return nil
	}
	then = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{value: args[0]}) })
	catch = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{err: js.Error{Value: args[0]}}) })
	promise.Call("then", then, catch)
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	}
}

// Bytes are those of a Uint8Array.
func Bytes(array js.Value) []byte {
	data := make([]byte, array.Length())
	js.CopyBytesToGo(data, array)
	return data
}

// Array is a Uint8Array of bytes.
func Array(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}

// Report writes an error of this program to the console.
func Report(err error, stack []byte) {
	js.Global().Get("console").Call("error", err.Error()+"\n"+string(stack))
}
