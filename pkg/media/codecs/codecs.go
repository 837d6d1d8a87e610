// Package codecs picks codecs by their names: Compile takes the regular expressions of a configuration, and Patterns say which of
// them fits a name first.
//
//	remove, err := codecs.Compile([]string{"PC.*", "telephone.*"})
//	remove.Has("PCMU") // true
//
// A pattern is matched from the start of the name, whatever the case. Natively it is one of package regexp, in the browser one of
// the browser's own, which spares a twentieth of the download.
//
// Limits: what only one of the two dialects knows ((?i) and [[:alpha:]] there, look-ahead and back-references here) is not
// translated; a pattern that a browser cannot read fails there with its reason.
package codecs

import (
	"fmt"
	"slices"
	"strings"
)

// Patterns are regular expressions of names, the first the most wanted.
type Patterns []pattern

// Compile reads patterns. Empty ones are left out; the error names the first that is none.
func Compile(list []string) (Patterns, error) {
	var patterns Patterns
	for _, text := range list {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := compile("^(?:" + text + ")")
		if err != nil {
			return nil, fmt.Errorf("codec pattern %q: %w", text, err)
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}

// Rank is the place of the first pattern that fits the name, or their number.
func (p Patterns) Rank(name string) int {
	if i := slices.IndexFunc(p, func(one pattern) bool { return one.fits(name) }); i >= 0 {
		return i
	}
	return len(p)
}

// Has reports whether one of the patterns fits the name.
func (p Patterns) Has(name string) bool { return p.Rank(name) < len(p) }
