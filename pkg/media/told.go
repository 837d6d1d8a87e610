package media

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// told is what a peer connection was told so far, and must not be told otherwise as long as it lives: a number that changes its
// meaning (forbidden by RFC 3264 section 8.3.2 and RFC 8285 section 5, and done all the same) breaks what runs. Chromium cannot
// answer such an offer nor take it back, and where a header extension moves it ends the whole page.
type told struct {
	theirs     numbers // of their descriptions
	ours       numbers // of ours
	congestion int     // number of the header extension, 0 = none
	role       string  // the other side's DTLS role, once there is an association
	version    uint64  // of the last description
	tones      bool    // telephone-event is in it
}

// numbers is what payload types stand for. The first meaning stays.
type numbers map[string]string

// with returns the numbers with those of more codecs.
func (n numbers) with(codecs []codec) numbers {
	all := maps.Clone(n)
	if all == nil {
		all = numbers{}
	}
	for _, c := range codecs {
		if all[c.payload] == "" {
			all[c.payload] = strings.ToLower(c.meaning())
		}
	}
	return all
}

// keeps reports whether a codec has the number that it had, or one that was free.
func (n numbers) keeps(c codec) bool {
	before := n[c.payload]
	return before == "" || before == strings.ToLower(c.meaning())
}

// learn takes in what a local description says.
func (k *told) learn(local string) {
	if d, err := localAudio(local); err == nil {
		k.ours = k.ours.with(d.media[0].codecs())
	}
}

// write makes of what is known of the other side the description that its audio section, called mid here, gives to a peer
// connection. Nothing in it is the other side's text. setup is its DTLS role.
func (k *told) write(r remoteAudio, mid, setup string) string {
	k.theirs = k.theirs.with(r.codecs)
	k.version++
	k.tones = slices.ContainsFunc(r.codecs, func(c codec) bool { return c.name == telephoneEvent })
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteString("\r\n")
	}
	line("v=0\r\no=- 1 ", strconv.FormatUint(k.version, 10), " IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ", mid)
	if r.lite {
		line("a=ice-lite")
	}
	line("m=audio 9 UDP/TLS/RTP/SAVPF ", strings.Join(payloads(r.codecs), " "))
	line("c=IN IP4 0.0.0.0\r\na=mid:", mid, "\r\na=", string(r.direction), "\r\na=rtcp-mux")
	line("a=ice-ufrag:", r.ufrag, "\r\na=ice-pwd:", r.pwd, "\r\na=fingerprint:", r.fingerprint, "\r\na=setup:", setup)
	if r.congestion > 0 {
		line("a=extmap:", strconv.Itoa(r.congestion), " ", congestionURI)
	}
	for _, c := range r.codecs {
		c.write(line, r.congestion > 0)
	}
	if r.ptime > 0 {
		line("a=ptime:", strconv.Itoa(r.ptime))
	}
	if r.maxPtime > 0 {
		line("a=maxptime:", strconv.Itoa(r.maxPtime))
	}
	for _, c := range r.candidates {
		line(c.line())
	}
	if r.complete {
		line("a=end-of-candidates")
	}
	return b.String()
}

// write writes the attributes of a format.
func (c codec) write(line func(...string), congestion bool) {
	channels := ""
	if c.channels > 1 {
		channels = "/" + strconv.Itoa(c.channels)
	}
	line("a=rtpmap:", c.payload, " ", c.meaning(), channels)
	if c.fmtp != "" {
		line("a=fmtp:", c.payload, " ", c.fmtp)
	}
	if c.congestion && congestion {
		line("a=rtcp-fb:", c.payload, " transport-cc")
	}
}

func payloads(list []codec) []string {
	found := make([]string, len(list))
	for i, c := range list {
		found[i] = c.payload
	}
	return found
}
