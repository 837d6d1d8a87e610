package texttest_test

import (
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

// counter is a test that counts what it is told.
type counter struct {
	testing.TB
	faults int
}

func (c *counter) Errorf(string, ...any) { c.faults++ }
func (c *counter) Helper()               {}

// TestFaultsAreFoundInEachLanguage: nothing at all, a word that is no sentence, and a place that nobody filled.
func TestFaultsAreFoundInEachLanguage(t *testing.T) {
	all := len(text.Languages())
	for _, test := range []struct {
		why  string
		s    text.Sentence
		want int
	}{
		{"a sentence", text.Say(text.ProvisionSlow), 0},
		{"a sentence with its place filled", text.Say(text.ContactDeleted, "name", "Lab"), 0},
		{"nothing", text.Sentence{}, 1},
		{"a word", text.Say(text.Note), all},
		{"a place that nobody filled", text.Say(text.ContactDeleted), all},
	} {
		c := &counter{TB: t}
		if texttest.WantSentence(c, test.why, test.s); c.faults != test.want {
			t.Errorf("%s: %d faults, want %d", test.why, c.faults, test.want)
		}
	}
}
