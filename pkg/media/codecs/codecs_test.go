package codecs

import (
	"strings"
	"testing"
)

func TestRank(t *testing.T) {
	for _, test := range []struct {
		patterns []string
		name     string
		want     int
		why      string
	}{
		{[]string{"PC.*"}, "PCMU", 0, "a pattern of the operator's manual"},
		{[]string{"pc.*"}, "PCMA/8000", 0, "whatever the case, and whatever stands behind the name"},
		{[]string{"MU"}, "PCMU", 1, "from the start"},
		{[]string{"opus|PCMU"}, "PCMU", 0, "the start of each alternative"},
		{[]string{"telephone.*", "red.*"}, "red", 1, "the second"},
		{[]string{" opus ", "", "  "}, "opus", 0, "white space around a pattern, and empty ones"},
		{[]string{"opus", "o.*"}, "opus", 0, "the first of two that fit"},
		{[]string{"G\\.?7[12]2?"}, "G722", 0, "classes and escapes"},
		{[]string{"^opus$"}, "opus", 0, "anchors"},
		{[]string{"opus$"}, "opus/48000", 1, "anchored at the end"},
		{nil, "opus", 0, "no pattern"},
		{[]string{""}, "opus", 0, "no pattern but an empty one, which fits nothing"},
		{[]string{"opus"}, "", 1, "no name"},
	} {
		p, err := Compile(test.patterns)
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		if got := p.Rank(test.name); got != test.want || p.Has(test.name) != (test.want < len(p)) {
			t.Errorf("%s: rank %d of %q among %q, want %d", test.why, got, test.name, test.patterns, test.want)
		}
	}
}

func TestBrokenPatternsAreNamed(t *testing.T) {
	for _, bad := range []string{"(", "[", "*", "a{2,1}", `\`, "(?"} {
		if _, err := Compile([]string{"opus", bad}); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v, want an error that names it", bad, err)
		}
	}
}
