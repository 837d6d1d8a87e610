// Package texttest is for tests of whoever says something to the user.
//
//	texttest.WantSentence(t, "a refused login", why) // in every language
//
// It looks at the form of a sentence. Whether it is true and helps is for the test that wants it.
package texttest

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// WantSentence checks that a sentence is one a person can read in every language.
func WantSentence(t testing.TB, what string, s text.Sentence) {
	t.Helper()
	if s.Empty() {
		t.Errorf("%s: there is no sentence", what)
		return
	}
	for _, language := range text.Languages() {
		said := language.Tell(s)
		if strings.ContainsAny(said, "{}") {
			t.Errorf("%s, %s: %q has a brace that nobody filled", what, language, said)
		}
		if !strings.HasSuffix(said, ".") {
			t.Errorf("%s, %s: %q is not a whole sentence", what, language, said)
		}
	}
}
