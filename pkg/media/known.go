package media

import (
	"slices"
	"strconv"
	"strings"
)

// known are the formats that a call can use, as the RFCs write them. A browser may lack some.
var known = []codec{
	{name: "opus", clock: 48000, channels: 2},
	{name: "red", clock: 48000, channels: 2},
	{name: "G722", clock: 8000},
	{name: "PCMU", clock: 8000},
	{name: "PCMA", clock: 8000},
	{name: "CN", clock: 8000},
	{name: telephoneEvent, clock: 8000},
	{name: telephoneEvent, clock: 16000},
	{name: telephoneEvent, clock: 32000},
	{name: telephoneEvent, clock: 48000},
}

// knownCodecs are the formats of a list that are known, in their order and canonical spelling. One may have several numbers:
// which of them can be used is known later (see once).
func knownCodecs(list []codec) []codec {
	var found []codec
	for _, c := range list {
		i := slices.IndexFunc(known, c.is)
		if i < 0 || !validPayload(c) {
			continue
		}
		k := known[i]
		k.payload, k.congestion, k.fmtp = c.payload, c.congestion, c.parameters()
		if k.name == "red" && k.fmtp == "" {
			continue // of what, it does not say
		}
		if !slices.ContainsFunc(found, func(f codec) bool { return f.payload == k.payload }) {
			found = append(found, k)
		}
	}
	return dropOrphans(found)
}

// once leaves each codec with the first of its numbers.
func once(list []codec) []codec {
	var found []codec
	for _, c := range list {
		if !slices.ContainsFunc(found, func(f codec) bool { return f.meaning() == c.meaning() }) {
			found = append(found, c)
		}
	}
	return dropOrphans(found)
}

// is reports whether c is known as k. Old phones call G.722 what it is, of 16 kHz; RFC 3551 section 4.5.2 has 8000.
func (c codec) is(k codec) bool {
	return strings.EqualFold(c.name, k.name) && (c.clock == k.clock || k.name == "G722" && c.clock == 16000)
}

// meaning is what a payload number stands for.
func (c codec) meaning() string { return c.name + "/" + strconv.Itoa(c.clock) }

// lastStatic is the end of the payload types that stand for something, or for nothing any more (RFC 3551 section 6). A browser
// refuses the whole description for a codec under the number of another, and for one under some numbers of nobody.
const lastStatic = 34

// validPayload refuses what is no payload type beside RTCP on the same port (RFC 5761 section 4), and one of the static range
// that does not stand for this codec: older telephones have CN at 19.
func validPayload(c codec) bool {
	n, err := strconv.Atoi(c.payload)
	if err != nil || n < 0 || n > 127 || n >= 64 && n <= 95 || strconv.Itoa(n) != c.payload {
		return false
	}
	return n > lastStatic || strings.EqualFold(staticCodecs[c.payload].name, c.name)
}

// opusParameters are those of RFC 7587 section 6.1, and two of Chromium's.
var opusParameters = []string{"maxplaybackrate", "sprop-maxcapturerate", "maxaveragebitrate", "stereo", "sprop-stereo", "cbr",
	"useinbandfec", "usedtx", "minptime", "maxptime", "ptime"}

// parameters are the format parameters that are known, written anew.
func (c codec) parameters() string {
	switch strings.ToLower(c.name) {
	case "opus":
		var kept []string
		for parameter := range strings.SplitSeq(c.fmtp, ";") {
			name, value, _ := strings.Cut(parameter, "=")
			name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
			if slices.Contains(opusParameters, name) && digits(value) {
				kept = append(kept, name+"="+value)
			}
		}
		return strings.Join(kept, ";")
	case telephoneEvent:
		return c.events()
	case "red":
		list := strings.Split(c.fmtp, "/")
		if len(list) > 1 && digits(list[0]) && len(slices.Compact(list)) == 1 {
			return list[0] + "/" + list[0]
		}
	}
	return ""
}

// events is a list of event numbers and ranges (RFC 4733 section 2.4.1), or "".
func (c codec) events() string {
	list := strings.ReplaceAll(c.fmtp, " ", "")
	for part := range strings.SplitSeq(list, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !digits(from) || ranged && !digits(to) {
			return ""
		}
	}
	return list
}

// digits reports whether s is a number as parameters have it.
func digits(s string) bool { return s != "" && len(s) < 8 && strings.Trim(s, "0123456789") == "" }
