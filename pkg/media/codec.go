package media

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebphone/webphone/pkg/media/codecs"
)

const telephoneEvent = "telephone-event"

// codec is one format of an m= line.
type codec struct {
	payload string
	name    string // as in a=rtpmap, or of the static payload types of RFC 3551
	clock   int
	fmtp    string

	channels   int  // 0 = one
	congestion bool // a=rtcp-fb says transport-cc
}

// speech is false for formats that carry no voice of their own.
func (c codec) speech() bool {
	switch strings.ToLower(c.name) {
	case telephoneEvent, "cn", "red", "ulpfec", "rtx", "":
		return false
	}
	return true
}

var staticCodecs = map[string]codec{
	"0": {name: "PCMU", clock: 8000}, "3": {name: "GSM", clock: 8000}, "4": {name: "G723", clock: 8000},
	"8": {name: "PCMA", clock: 8000}, "9": {name: "G722", clock: 8000}, "13": {name: "CN", clock: 8000},
	"15": {name: "G728", clock: 8000}, "18": {name: "G729", clock: 8000},
}

// codecs lists the formats of a section in its order.
func (s section) codecs() []codec {
	list := make([]codec, len(s.formats()))
	for i, payload := range s.formats() {
		list[i] = staticCodecs[payload]
		list[i].payload = payload
	}
	for _, line := range s.lines {
		name, value := splitAttribute(line)
		payload, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
		for i := range list {
			if list[i].payload == payload || payload == "*" {
				list[i].describe(name, strings.TrimSpace(rest))
			}
		}
	}
	return list
}

// describe takes what an attribute says about a format.
func (c *codec) describe(attribute, value string) {
	switch attribute {
	case "rtpmap":
		c.name, c.clock = splitRTPMap(value)
	case "fmtp":
		c.fmtp = value
	case "rtcp-fb":
		c.congestion = c.congestion || value == "transport-cc"
	}
}

func splitRTPMap(value string) (name string, clock int) {
	name, rest, _ := strings.Cut(value, "/")
	rate, _, _ := strings.Cut(rest, "/")
	clock, _ = strconv.Atoi(strings.TrimSpace(rate))
	return strings.TrimSpace(name), clock
}

func (s section) hasCodec(name string) bool {
	return slices.ContainsFunc(s.codecs(), func(c codec) bool { return strings.EqualFold(c.name, name) })
}

// codecRules are Config.CodecDelete and Config.CodecPriority, compiled.
type codecRules struct{ remove, first codecs.Patterns }

func newCodecRules(cfg Config) (r codecRules, err error) {
	if r.remove, err = codecs.Compile(cfg.CodecDelete); err == nil {
		r.first, err = codecs.Compile(cfg.CodecPriority)
	}
	if err != nil {
		return codecRules{}, fmt.Errorf("media: %w", err)
	}
	return r, nil
}

// apply removes and orders the formats of a section.
func (r codecRules) apply(s *section) error {
	kept, err := r.choose(s.codecs())
	if err != nil {
		return err
	}
	payloads := make([]string, len(kept))
	for i, c := range kept {
		payloads[i] = c.payload
	}
	s.keepFormats(payloads)
	return nil
}

// choose removes and orders codecs. It fails with ErrNoCodec when no voice is left.
func (r codecRules) choose(list []codec) ([]codec, error) {
	kept := slices.DeleteFunc(list, func(c codec) bool { return r.remove.Has(c.name) })
	kept = dropOrphans(kept)
	if !slices.ContainsFunc(kept, codec.speech) {
		return nil, ErrNoCodec
	}
	slices.SortStableFunc(kept, func(a, b codec) int { return r.first.Rank(a.name) - r.first.Rank(b.name) })
	return kept, nil
}

// dropOrphans removes redundancy whose primary codec is gone (RFC 2198: "a=fmtp:63 111/111").
func dropOrphans(list []codec) []codec {
	alive := func(payload string) bool {
		return slices.ContainsFunc(list, func(c codec) bool { return c.payload == payload })
	}
	return slices.DeleteFunc(slices.Clone(list), func(c codec) bool {
		if !strings.EqualFold(c.name, "red") {
			return false
		}
		primary, _, _ := strings.Cut(c.fmtp, "/")
		return primary != "" && !alive(primary)
	})
}

// keepFormats leaves the m= line with these payload types, in this order, and drops what describes others.
func (s *section) keepFormats(payloads []string) {
	s.lines = slices.DeleteFunc(slices.Clone(s.lines), func(line string) bool {
		name, value := splitAttribute(line)
		switch name {
		case "rtpmap", "fmtp", "rtcp-fb":
			of, _, _ := strings.Cut(value, " ")
			return of != "*" && !slices.Contains(payloads, of)
		}
		return false
	})
	s.setFields(s.port(), payloads)
}
