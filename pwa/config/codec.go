package config

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Codec selects and orders codecs. Both lists hold regular expressions, matched case-insensitively from the start of a
// codec's name: "PC.*" takes PCMU and PCMA, "telephone.*" the key tones of RFC 4733.
type Codec struct {
	Delete   []string // left out of offers and answers
	Priority []string // first, in this order
}

// ErrNoCodec is returned when nothing is left that carries a voice.
var ErrNoCodec = errors.New("config: every voice codec is deleted; leave at least one of opus, G722, PCMU, PCMA")

// voices are the codecs that browsers have (RFC 7874 section 3, and G.722). The other names in an offer, telephone-event,
// CN and red, carry no voice by themselves.
var voices = []string{"opus", "G722", "PCMU", "PCMA"}

var voiceless = []string{"telephone-event", "cn", "red", "rtx", "ulpfec"}

// Apply deletes and orders codec names such as "opus" or "PCMU/8000". It fails with ErrNoCodec when names held a voice
// codec and none is left.
func (c Codec) Apply(names []string) ([]string, error) {
	remove, err := compile(c.Delete)
	if err != nil {
		return nil, err
	}
	first, err := compile(c.Priority)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return rank(remove, name) < len(remove) })
	if slices.ContainsFunc(names, carriesVoice) && !slices.ContainsFunc(left, carriesVoice) {
		return nil, ErrNoCodec
	}
	ordered := make([]string, 0, len(left))
	for r := 0; r <= len(first); r++ {
		for _, name := range left {
			if rank(first, name) == r {
				ordered = append(ordered, name)
			}
		}
	}
	return ordered, nil
}

// rank is the index of the first pattern that matches, or their number.
func rank(patterns []*regexp.Regexp, name string) int {
	i := slices.IndexFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(name) })
	if i < 0 {
		return len(patterns)
	}
	return i
}

func carriesVoice(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "/")
	return !slices.Contains(voiceless, name)
}

func compile(patterns []string) ([]*regexp.Regexp, error) {
	var list []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile("(?i)^(?:" + p + ")")
		if err != nil {
			return nil, wrong(p, "is no regular expression")
		}
		list = append(list, re)
	}
	return list, nil
}

func checkPattern(_ *key, s string) (string, error) {
	s = strings.TrimSpace(s)
	if err := oneLine(s, 128); err != nil {
		return "", err
	}
	if s == "" {
		return "", wrong("", "holds an empty expression, which would match every codec")
	}
	_, err := compile([]string{s})
	return s, err
}

// leavesVoice refuses a list that deletes everything a browser has.
func leavesVoice(patterns []string) error {
	if _, err := (Codec{Delete: patterns}).Apply(voices); errors.Is(err, ErrNoCodec) {
		return wrong(strings.Join(patterns, " "), "deletes every voice codec: no call could be made; leave at least one of opus, G722, PCMU, PCMA")
	}
	return nil
}
