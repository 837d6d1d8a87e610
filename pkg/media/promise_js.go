package media

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall/js"
)

// exception is a JavaScript error: a DOMException, mostly.
type exception struct {
	name, message string
}

func (e *exception) Error() string { return e.name + ": " + e.message }

// thrown reads what was thrown or what a promise was rejected with.
func thrown(v js.Value) *exception {
	if v.Type() != js.TypeObject {
		return &exception{name: "Error", message: fmt.Sprint(v)}
	}
	return &exception{name: text(v, "name"), message: text(v, "message")}
}

// text reads a string property; "" when there is none.
func text(v js.Value, key string) string {
	if p := v.Get(key); p.Type() == js.TypeString {
		return p.String()
	}
	return ""
}

// isNamed reports whether an error is the exception of that name.
func isNamed(err error, names ...string) bool {
	var e *exception
	if !errors.As(err, &e) {
		return false
	}
	for _, name := range names {
		if e.name == name {
			return true
		}
	}
	return false
}

// catch makes an error of an exception; it must be deferred directly.
func catch(err *error) {
	switch e := recover().(type) {
	case nil:
	case js.Error:
		*err = thrown(e.Value)
	default:
		panic(e)
	}
}

// invoke calls a method that may throw.
func invoke(v js.Value, method string, args ...any) (result js.Value, err error) {
	defer catch(&err)
	return v.Call(method, args...), nil
}

// assign sets a property whose setter may throw, such as the direction of a transceiver whose connection is closed.
// js.Value.Set would end the whole program there.
func assign(v js.Value, name string, value any) error {
	_, err := invoke(js.Global().Get("Reflect"), "set", v, name, value)
	return err
}

// settled is the outcome of a promise.
type settled struct {
	value js.Value
	err   error
}

// await waits for a promise. When the context ends first and the promise is fulfilled nevertheless, late gets the value
// so that it can be freed; late may be nil. Both callbacks are released by the one that is called.
func await(ctx context.Context, promise js.Value, late func(js.Value)) (js.Value, error) {
	outcome := make(chan settled, 1)
	var given atomic.Bool // nobody waits any more
	var fulfilled, rejected js.Func
	settle := func(s settled) any {
		fulfilled.Release()
		rejected.Release()
		if given.Load() && late != nil && s.err == nil {
			late(s.value)
			return nil
		}
		outcome <- s
		return nil
	}
	fulfilled = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(settled{value: first(args)}) })
	rejected = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(settled{err: thrown(first(args))}) })
	promise.Call("then", fulfilled, rejected)
	select {
	case s := <-outcome:
		return s.value, s.err
	case <-ctx.Done():
		given.Store(true)
	}
	select {
	case s := <-outcome: // it crossed the end of the context
		if late != nil && s.err == nil {
			late(s.value)
		}
	default:
	}
	return js.Undefined(), ctx.Err()
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

// request calls a method that returns a promise and waits for it.
func request(ctx context.Context, v js.Value, method string, args ...any) (js.Value, error) {
	promise, err := invoke(v, method, args...)
	if err != nil {
		return js.Undefined(), err
	}
	return await(ctx, promise, nil)
}

// listeners are event handlers that are taken off and released together.
type listeners struct {
	target js.Value
	funcs  map[string]js.Func
}

// listen calls f in a goroutine of its own for each event, so that it may wait; the event itself is passed at once to
// take, where given.
func (l *listeners) listen(event string, take func(event js.Value), f func()) {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if take != nil {
			take(first(args))
		}
		if f != nil {
			go f()
		}
		return nil
	})
	l.funcs[event] = fn
	l.target.Call("addEventListener", event, fn)
}

func listenTo(target js.Value) *listeners {
	return &listeners{target: target, funcs: map[string]js.Func{}}
}

func (l *listeners) release() {
	for event, fn := range l.funcs {
		l.target.Call("removeEventListener", event, fn)
		fn.Release()
	}
	clear(l.funcs)
}
