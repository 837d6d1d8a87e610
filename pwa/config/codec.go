package config

import (
	"errors"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pkg/media/codecs"
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
	remove, err := codecs.Compile(c.Delete)
	if err != nil {
		return nil, err
	}
	first, err := codecs.Compile(c.Priority)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(names), remove.Has)
	if slices.ContainsFunc(names, carriesVoice) && !slices.ContainsFunc(left, carriesVoice) {
		return nil, ErrNoCodec
	}
	slices.SortStableFunc(left, func(a, b string) int { return first.Rank(a) - first.Rank(b) })
	return left, nil
}

func carriesVoice(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "/")
	return !slices.Contains(voiceless, name)
}

func checkPattern(_ *key, s string) (string, error) {
	s = strings.TrimSpace(s)
	if err := oneLine(s, 128); err != nil {
		return "", err
	}
	if s == "" {
		return "", wrong("", "holds an empty expression, which would match every codec")
	}
	if _, err := codecs.Compile([]string{s}); err != nil {
		return s, wrong(s, "is no regular expression")
	}
	return s, nil
}

// leavesVoice refuses a list that deletes everything a browser has.
func leavesVoice(patterns []string) error {
	if _, err := (Codec{Delete: patterns}).Apply(voices); errors.Is(err, ErrNoCodec) {
		return wrong(strings.Join(patterns, " "), "deletes every voice codec: no call could be made; leave at least one of "+
			"opus, G722, PCMU, PCMA")
	}
	return nil
}
