package ui

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/phone"
)

// seats are Web Locks, which the browser gives to one window at a time and takes back when that is gone. Without them each
// window is a phone.
func seats() phone.Seats {
	for _, needed := range []js.Value{js.Global().Get("navigator").Get("locks"), js.Global().Get("BroadcastChannel"),
		js.Global().Get("Promise").Get("withResolvers")} {
		if !needed.Truthy() {
			return nil
		}
	}
	return locks{}
}

type locks struct{}

func (locks) Ask(name string) {
	channel := js.Global().Get("BroadcastChannel").New(name)
	channel.Call("postMessage", "wanted")
	channel.Call("close")
}

func (locks) Claim(ctx context.Context, name string, taken func()) (phone.Seat, error) {
	if release, ok := lock(ctx, name, true); ok {
		return seatOf(name, release), nil
	}
	taken()
	release, ok := lock(ctx, name, false)
	if !ok {
		return phone.Seat{}, context.Cause(ctx)
	}
	return seatOf(name, release), nil
}

// lock asks for a lock, and is false when it is not to be had at once, or before ctx ends.
func lock(ctx context.Context, name string, atOnce bool) (release func(), ok bool) {
	granted := make(chan js.Value, 1) // what ends the lock; undefined: somebody else has it
	hold := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if !args[0].Truthy() || ctx.Err() != nil {
			granted <- js.Undefined()
			return nil
		}
		both := js.Global().Get("Promise").Call("withResolvers")
		granted <- both.Get("resolve")
		return both.Get("promise")
	})
	go func() {
		await(background, js.Global().Get("navigator").Get("locks").Call("request", name, map[string]any{"ifAvailable": atOnce}, hold))
		hold.Release() // the lock has ended
	}()
	select {
	case resolve := <-granted:
		return func() { resolve.Invoke() }, resolve.Truthy()
	case <-ctx.Done(): // hold gives it back at once when its turn comes
		return nil, false
	}
}

// seatOf is a seat whose lock is held: it hears who asks for it.
func seatOf(name string, unlock func()) phone.Seat {
	wanted := make(chan struct{})
	channel := js.Global().Get("BroadcastChannel").New(name)
	asked := sync.OnceFunc(func() { close(wanted) })
	hear := js.FuncOf(func(js.Value, []js.Value) any { asked(); return nil })
	channel.Set("onmessage", hear)
	// A page that is left may be kept for the way back, and its lock with it: nobody else would be the phone.
	left := js.FuncOf(func(js.Value, []js.Value) any { unlock(); return nil })
	js.Global().Call("addEventListener", "pagehide", left)
	return phone.Seat{Wanted: wanted, Release: func() {
		js.Global().Call("removeEventListener", "pagehide", left)
		channel.Call("close")
		hear.Release()
		left.Release()
		unlock()
	}}
}
