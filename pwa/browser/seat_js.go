package browser

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
)

// Seats are Web Locks, which the browser gives to one window at a time and takes back when that is gone. Without them each
// window is a phone. The one that is gets the numbers that are linked to in the others.
func Seats() phone.Seats {
	for _, needed := range []js.Value{js.Global().Get("navigator").Get("locks"), js.Global().Get("BroadcastChannel"),
		js.Global().Get("Promise").Get("withResolvers")} {
		if !needed.Truthy() {
			return nil
		}
	}
	return locks{}
}

type locks struct{}

// Ask implements phone.Seats.
func (locks) Ask(name string) {
	channel := js.Global().Get("BroadcastChannel").New(name)
	channel.Call("postMessage", "wanted")
	channel.Call("close")
}

// Claim implements phone.Seats.
func (locks) Claim(ctx context.Context, name string, taken func(), given func(string)) (phone.Seat, error) {
	if release, ok := lock(ctx, name, true); ok {
		return seatOf(name, release, given), nil
	}
	taken()
	release, ok := lock(ctx, name, false)
	if !ok {
		return phone.Seat{}, context.Cause(ctx)
	}
	return seatOf(name, release, given), nil
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
		await(context.Background(), js.Global().Get("navigator").Get("locks").Call("request", name,
			map[string]any{"ifAvailable": atOnce}, hold))
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
func seatOf(name string, unlock func(), given func(string)) phone.Seat {
	wanted := make(chan struct{})
	channel := js.Global().Get("BroadcastChannel").New(name)
	asked := sync.OnceFunc(func() { close(wanted) })
	hear := js.FuncOf(func(js.Value, []js.Value) any { asked(); return nil })
	channel.Set("onmessage", hear)
	deafen := takeNumbers(given)
	// A page that is left may be kept for the way back, and its lock with it: nobody else would be the phone.
	left := js.FuncOf(func(js.Value, []js.Value) any { unlock(); return nil })
	js.Global().Call("addEventListener", "pagehide", left)
	return phone.Seat{Wanted: wanted, Release: func() {
		js.Global().Call("removeEventListener", "pagehide", left)
		channel.Call("close")
		hear.Release()
		deafen()
		left.Release()
		unlock()
	}}
}

// numbersChannel brings the numbers of links to the phone. The loader of a window that such a link has opened knows it too.
func numbersChannel() js.Value {
	return js.Global().Get("BroadcastChannel").New("webphone numbers " + js.Global().Call("webphoneAddress", "").String())
}

// takeNumbers tells each number that a link in another window names, until stop.
func takeNumbers(given func(string)) (stop func()) {
	channel := numbersChannel()
	hear := js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer survive("number")
		data := args[0].Get("data")
		if data.Type() != js.TypeObject {
			return nil
		}
		if linked := data.Get("link"); linked.Type() == js.TypeString {
			if link, _ := config.FromFragment(linked.String()); link.Number != "" {
				given(link.Number)
				channel.Call("postMessage", map[string]any{"taken": data.Get("id")})
			}
		}
		return nil
	})
	channel.Set("onmessage", hear)
	return func() {
		channel.Call("close")
		hear.Release()
	}
}

// Give implements phone.Seats.
func (locks) Give(number string) {
	channel := numbersChannel()
	channel.Call("postMessage", map[string]any{"link": "number=" + js.Global().Call("encodeURIComponent", number).String(),
		"id": ""})
	channel.Call("close")
}
