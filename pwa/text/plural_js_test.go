package text

import (
	"syscall/js"
	"testing"
)

func TestPluralFormsAreThoseOfTheBrowser(t *testing.T) {
	for language := range catalogue {
		rules := js.Global().Get("Intl").Get("PluralRules").New(string(language))
		for n := range 1111 {
			for _, n := range []int{n, n * 1000, n * 1_000_000} {
				if got, want := pluralForm(language, n), rules.Call("select", n).String(); got != want {
					t.Fatalf("%s, %d: got %q, want %q as the JavaScript engine says", language, n, got, want)
				}
			}
		}
	}
}
