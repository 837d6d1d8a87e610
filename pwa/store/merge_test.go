package store

import (
	"slices"
	"strings"
	"testing"
)

func TestMerged(t *testing.T) {
	id := func(s string) string { return s[:1] }
	same := func(a, b string) bool { return a == b }
	for _, test := range []struct{ why, base, mine, theirs, want string }{
		{"nothing happened", "a b", "a b", "a b", "a b"},
		{"both added", "a", "a b", "a c", "a c b"},
		{"I deleted", "a b", "a", "a b c", "a c"},
		{"they deleted", "a b", "a b c", "a", "a c"},
		{"I changed", "a b", "a b2", "a b c", "a b2 c"},
		{"they changed", "a b", "a b", "a b2", "a b2"},
		{"both changed: mine counts", "a", "a1", "a2", "a1"},
		{"they deleted what I changed", "a b", "a b1", "a", "a b1"},
		{"they erased everything", "a b", "a b c", "", "c"},
		{"I had not read anything yet", "", "c", "a b", "a b c"},
	} {
		got := Merge(strings.Fields(test.base), strings.Fields(test.mine), strings.Fields(test.theirs), id, same)
		if !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%s: got %q, want %q", test.why, got, test.want)
		}
	}
}
