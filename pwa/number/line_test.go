package number

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestOneLineOfASCIIHasSingleSpaces makes lines of texts in which nothing but spaces and controls has to go.
func TestOneLineOfASCIIHasSingleSpaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[ab ]{0,8}`), rapid.StringMatching(`[ab \t\n]{0,8}`)).Draw(t, "text")
		want := strings.Join(strings.Fields(text), " ")
		if got := OneLine(text, 20); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	})
}
