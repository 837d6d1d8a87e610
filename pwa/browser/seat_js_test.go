package browser

import (
	"context"
	_ "embed"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/phone"
)

//go:embed testdata/locks.js
var webLocks string

const patience = 10 * time.Second

// windows gives the browser locks, and a page that can be left.
func windows(t *testing.T) (leave func()) {
	t.Helper()
	give(t, "navigator", map[string]any{"locks": script(webLocks)})
	page := script(`new EventTarget()`)
	for _, name := range []string{"addEventListener", "removeEventListener"} {
		give(t, name, page.Get(name).Call("bind", page))
	}
	give(t, "webphoneAddress", script(`relative => new URL(relative, 'https://example.com/phone/').href`))
	if promise := js.Global().Get("Promise"); !promise.Get("withResolvers").Truthy() {
		promise.Set("withResolvers", script(`function () { const r = {}; r.promise = new this((resolve, reject) => {
			r.resolve = resolve; r.reject = reject; }); return r; }`))
		t.Cleanup(func() { promise.Delete("withResolvers") })
	}
	return func() { page.Call("dispatchEvent", js.Global().Get("Event").New("pagehide")) }
}

// claim is a claim under way.
type claim struct {
	taken chan struct{}
	given chan string
	seat  chan phone.Seat
	err   chan error
}

func claims(ctx context.Context, name string) *claim {
	c := &claim{taken: make(chan struct{}, 1), given: make(chan string, 16), seat: make(chan phone.Seat, 1),
		err: make(chan error, 1)}
	go func() {
		seat, err := Seats().Claim(ctx, name, func() { c.taken <- struct{}{} }, func(number string) { c.given <- number })
		if err != nil {
			c.err <- err
			return
		}
		c.seat <- seat
	}()
	return c
}

func arrives[T any](t *testing.T, why string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal(why)
		panic("not reached")
	}
}

// TestOneWindowHasTheSeat lets a second window wait, ask, and have it; a third one gives up in between.
func TestOneWindowHasTheSeat(t *testing.T) {
	windows(t)
	first := arrives(t, "nobody had the seat", claims(t.Context(), "webphone a").seat)
	other := arrives(t, "the seat of another account", claims(t.Context(), "webphone b").seat)
	ctx, giveUp := context.WithCancel(t.Context())
	third := claims(ctx, "webphone a")
	arrives(t, "the third window is told who has it", third.taken)
	second := claims(t.Context(), "webphone a")
	arrives(t, "the second window is told who has it", second.taken)
	giveUp()
	if err := arrives(t, "the third window waits on", third.err); !errors.Is(err, context.Canceled) {
		t.Errorf("the third window: %v", err)
	}
	select {
	case <-first.Wanted:
		t.Error("nobody has asked for the seat")
	default:
	}
	Seats().Ask("webphone a")
	Seats().Ask("webphone a") // asking twice is no fault
	arrives(t, "the first window hears that it is wanted", first.Wanted)
	first.Release()
	seat := arrives(t, "the second window has the seat now", second.seat)
	select {
	case <-other.Wanted:
		t.Error("nobody has asked for the seat of the other account")
	default:
	}
	seat.Release()
	other.Release()
}

// TestPageThatIsLeftGivesUpTheSeat is for one that the browser keeps for the way back.
func TestPageThatIsLeftGivesUpTheSeat(t *testing.T) {
	leave := windows(t)
	first := arrives(t, "nobody had the seat", claims(t.Context(), "webphone a").seat)
	second := claims(t.Context(), "webphone a")
	arrives(t, "the first window has it", second.taken)
	leave()
	seat := arrives(t, "the page that was left holds the seat", second.seat)
	first.Release() // twice is no fault
	seat.Release()
}

// TestNumbersGoToTheSeat gives numbers as another window and as the loader does, and what is none.
func TestNumbersGoToTheSeat(t *testing.T) {
	windows(t)
	c := claims(t.Context(), "webphone a")
	seat := arrives(t, "nobody had the seat", c.seat)
	Seats().Give("+49 30 5550101&username=x#%")
	if got := arrives(t, "a number from a window", c.given); got != "+49 30 5550101&username=x#%" {
		t.Errorf("given %q", got)
	}
	loader := js.Global().Get("BroadcastChannel").New("webphone numbers https://example.com/phone/")
	defer loader.Call("close")
	answers := make(chan string, 16)
	loader.Set("onmessage", function(t, func(args []js.Value) any {
		if id := args[0].Get("data").Get("taken"); id.Type() == js.TypeString {
			answers <- id.String()
		}
		return nil
	}))
	for _, none := range []any{nil, 7, "number=605", map[string]any{}, map[string]any{"link": 7},
		map[string]any{"link": "username=1001"}, map[string]any{"link": "number=", "id": "empty"},
		map[string]any{"taken": "another"}} {
		loader.Call("postMessage", none)
	}
	loader.Call("postMessage", map[string]any{"link": "number=605", "id": "7,8"})
	if got := arrives(t, "a number from a link", c.given); got != "605" {
		t.Errorf("given %q, want what names a number alone", got)
	}
	if id := arrives(t, "the loader hears that it is taken", answers); id != "7,8" {
		t.Errorf("taken %q", id)
	}
	seat.Release()
}

func TestWithoutLocksEachWindowIsAPhone(t *testing.T) {
	windows(t)
	if Seats() == nil {
		t.Fatal("no seats in a browser that has all")
	}
	give(t, "BroadcastChannel", js.Undefined())
	if Seats() != nil {
		t.Error("seats without a way to ask for them")
	}
}
