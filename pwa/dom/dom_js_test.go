package dom

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
)

func run(script string) js.Value { return js.Global().Call("eval", script) }

// TestAwait waits for promises of all ends, and no longer than it is told.
func TestAwait(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		why, script string
		ctx         context.Context
		want, fault string
	}{
		{"kept", `Promise.resolve('yes')`, t.Context(), "yes", ""},
		{"kept later", `new Promise(done => setTimeout(() => done('yes'), 5))`, t.Context(), "yes", ""},
		{"broken", `Promise.reject(new Error('no'))`, t.Context(), "", "no"},
		{"broken later", `new Promise((_, fail) => setTimeout(() => fail(new Error('no')), 5))`, t.Context(), "", "no"},
		{"never kept", `new Promise(() => {})`, over, "", context.Canceled.Error()},
		{"kept when nobody waits any more", `new Promise(done => setTimeout(() => done('late'), 5))`, over, "",
			context.Canceled.Error()},
	} {
		value, err := Await(test.ctx, run(test.script))
		if test.fault == "" && (err != nil || value.String() != test.want) {
			t.Errorf("%s: %v, %v; want %q", test.why, value, err, test.want)
		}
		if test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)) {
			t.Errorf("%s: %v, want %q", test.why, err, test.fault)
		}
	}
	if _, err := Await(over, run(`new Promise(() => {})`)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the end of the context", err)
	}
	// what came late has found its function, or the program would have ended here
	if _, err := Await(t.Context(), run(`new Promise(done => setTimeout(done, 20))`)); err != nil {
		t.Error(err)
	}
}

// TestAttempt: what is thrown is an error, and what is not is a value.
func TestAttempt(t *testing.T) {
	if value, err := Attempt(func() js.Value { return run(`7`) }); err != nil || value.Int() != 7 {
		t.Errorf("%v, %v", value, err)
	}
	if _, err := Attempt(func() js.Value { return run(`(() => { throw new Error('full') })()`) }); err == nil ||
		!strings.Contains(err.Error(), "full") {
		t.Errorf("%v, want what was thrown", err)
	}
}

// TestListenerOutlivesItsFault: a panic is reported, and the next event comes all the same.
func TestListenerOutlivesItsFault(t *testing.T) {
	target, console := run(`new EventTarget()`), js.Global().Get("console")
	error := console.Get("error")
	defer console.Set("error", error)
	run(`globalThis.reported = []; console.error = text => reported.push(text)`)
	heard := 0
	Listen(target, "told", map[string]any{"passive": true}, func(e js.Value) {
		if heard++; heard == 1 {
			panic("a fault of ours in " + e.Get("type").String())
		}
	})
	for range 3 {
		target.Call("dispatchEvent", run(`new Event('told')`))
	}
	reported := js.Global().Get("reported")
	if heard != 3 || reported.Length() != 1 || !strings.HasPrefix(reported.Index(0).String(), "told: a fault of ours in told\n") {
		t.Errorf("heard %d times, reported %d: %v", heard, reported.Length(), reported.Index(0))
	}
}

func TestBytesComeBack(t *testing.T) {
	for _, data := range [][]byte{{}, {0}, []byte("webphone"), bytes.Repeat([]byte{255, 0, 128}, 5000)} {
		array := Array(data)
		if got := Bytes(array); !bytes.Equal(got, data) || array.Get("constructor").Get("name").String() != "Uint8Array" {
			t.Errorf("%d bytes come back as %d", len(data), len(got))
		}
	}
}
