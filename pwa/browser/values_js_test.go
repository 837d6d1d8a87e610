package browser

import (
	"testing"

	"github.com/gowebphone/webphone/pwa/store"
)

// localStorage holds two values at most.
const local = `(() => { const held = new Map(); return {
	getItem: key => held.get(key) ?? null,
	removeItem: key => { held.delete(key); },
	setItem: (key, value) => {
		if (held.size > 1 && !held.has(key)) throw new DOMException('full', 'QuotaExceededError');
		held.set(key, value);
	},
}; })()`

func TestValuesLieInTheLocalStorage(t *testing.T) {
	give(t, "localStorage", script(local))
	for _, c := range []struct {
		key, value string
		full       bool
	}{{"a", "1", false}, {"a", "2", false}, {"b", "ü", false}, {"c", "1", true}, {"a", "", false}, {"never", "", false},
		{"c", "1", false}} {
		before := Values().Load(c.key)
		err := Values().Save(c.key, c.value)
		want := c.value
		if c.full {
			want = before
		}
		if got := Values().Load(c.key); got != want || (err != nil) != c.full {
			t.Errorf("%s = %q: %q, %v, want %q", c.key, c.value, got, err, want)
		}
	}
}

// TestValuesLastAsLongAsThePage is for who has switched the storage off: it is not there, or reading it throws.
func TestValuesLastAsLongAsThePage(t *testing.T) {
	for _, off := range []string{`({ value: undefined, configurable: true })`, `({ value: null, configurable: true })`,
		`({ get() { throw new DOMException('denied', 'SecurityError'); }, configurable: true })`} {
		give(t, "localStorage", nil)
		script(`Object.defineProperty(globalThis, 'localStorage', ` + off + `)`)
		v := Values()
		if _, ok := v.(*store.MemoryValues); !ok {
			t.Errorf("%T for %s", v, off)
		}
		if err := v.Save("a", "1"); err != nil || v.Load("a") != "1" {
			t.Errorf("%q, %v", v.Load("a"), err)
		}
	}
}
