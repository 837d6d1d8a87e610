package browser

import (
	_ "embed"
	"syscall/js"
	"testing"
)

//go:embed testdata/indexeddb.js
var indexedDB string

// give puts a value in the place of a global one until the test ends; js.Undefined takes that away.
func give(t *testing.T, name string, value any) {
	t.Helper()
	define := func(value any) {
		js.Global().Get("Object").Call("defineProperty", js.Global(), name,
			map[string]any{"value": value, "configurable": true, "writable": true})
	}
	before := js.Global().Get("Object").Call("getOwnPropertyDescriptor", js.Global(), name)
	define(value)
	t.Cleanup(func() {
		if before.Truthy() {
			js.Global().Get("Object").Call("defineProperty", js.Global(), name, before)
			return
		}
		define(js.Undefined())
	})
}

// script is the value of an expression in JavaScript.
func script(source string) js.Value { return js.Global().Call("eval", "("+source+"\n)") }

// function is a Go function for JavaScript until the test ends.
func function(t *testing.T, f func(args []js.Value) any) js.Value {
	t.Helper()
	made := js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
	t.Cleanup(made.Release)
	return made.Value
}

// medium gives the browser an empty database.
func medium(t *testing.T) js.Value {
	t.Helper()
	fake := script(indexedDB)
	give(t, "indexedDB", fake)
	return fake
}

// aPage is a page that has yet to open the database.
func aPage() *database { return &database{} }
