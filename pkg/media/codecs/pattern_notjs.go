//go:build !js

package codecs

import "regexp"

type pattern struct{ expression *regexp.Regexp }

func compile(text string) (pattern, error) {
	expression, err := regexp.Compile("(?i)" + text)
	return pattern{expression}, err
}

func (p pattern) fits(name string) bool { return p.expression.MatchString(name) }
