package media

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// remoteAudio is what a call needs of the other side's description, in the spelling of the RFCs. What is not here is not used,
// and no byte of the other side's text goes further.
type remoteAudio struct {
	direction   Direction
	ufrag, pwd  string
	lite        bool   // a=ice-lite
	fingerprint string // "sha-256 AB:CD:..." or ""
	setup       string // "active", "passive", or "actpass" where nothing is said
	rtcpMux     bool
	codecs      []codec // those known here, each once
	ptime       int     // ms, 0 = not said
	maxPtime    int
	congestion  int // number of the header extension of transport-wide congestion control, 0 = none
	candidates  []candidate
	complete    bool // a=end-of-candidates
}

// audioOf reads a section of a description.
func (d description) audioOf(s section) remoteAudio {
	r := remoteAudio{
		direction: d.direction(s),
		ufrag:     d.token(s, "ice-ufrag"), pwd: d.token(s, "ice-pwd"),
		fingerprint: d.fingerprint(s),
		setup:       d.setup(s),
		codecs:      knownCodecs(s.codecs()),
		ptime:       milliseconds(s, "ptime"), maxPtime: milliseconds(s, "maxptime"),
		congestion: d.congestion(s),
		candidates: slices.DeleteFunc(s.candidates(), func(c candidate) bool { return !c.usable() }),
	}
	_, r.lite = attribute(slices.Concat(d.session, s.lines), "ice-lite")
	_, r.rtcpMux = attribute(s.lines, "rtcp-mux")
	_, r.complete = attribute(s.lines, "end-of-candidates")
	return r
}

// endpoint tells the peer connection of the other side from another one.
func (r remoteAudio) endpoint() endpoint { return endpoint{ufrag: r.ufrag, fingerprint: r.fingerprint} }

// secure reports the first thing that is missing for ICE with DTLS-SRTP (RFC 8827): there is no other in a browser.
func (r remoteAudio) secure() error {
	switch {
	case r.fingerprint == "":
		return ErrNotSecure
	case r.ufrag == "" && r.pwd == "":
		return ErrNoICE
	case !iceChars(r.ufrag, 4) || !iceChars(r.pwd, 22):
		return fmt.Errorf("%w: ICE credentials too short, or of characters that are not allowed", ErrBadSDP)
	}
	return nil
}

// iceChars reports whether an ICE credential has at least so many characters and only allowed ones (RFC 8839 section 5.4), or
// those that are in use beside them and taken by the browsers.
func iceChars(s string, least int) bool {
	return len(s) >= least && len(s) <= 256 && strings.Trim(s, iceAlphabet+"-_=#") == ""
}

const iceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// speaks reports whether one of its codecs carries voice.
func (r remoteAudio) speaks() bool { return slices.ContainsFunc(r.codecs, codec.speech) }

// token is the first word of an attribute of a section, or of the session for all of them.
func (d description) token(s section, name string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(d.lookup(s, name)), " ")
	return word
}

// setup is the other side's DTLS role (RFC 8842 section 5.1). Those that say nothing can do either.
func (d description) setup(s section) string {
	switch role := strings.ToLower(d.token(s, "setup")); role {
	case "active", "passive":
		return role
	}
	return "actpass"
}

// oppositeSetup is the DTLS role that is left for us (RFC 8842 section 5.2).
func oppositeSetup(theirs string) string {
	if theirs == "active" {
		return "passive"
	}
	return "active"
}

// hashes are the functions of fingerprints (RFC 8122 section 5) by preference, with their lengths. One is enough for a browser.
var hashes = []struct {
	name  string
	bytes int
}{{"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}, {"sha-224", 28}, {"sha-1", 20}}

// fingerprint is the best fingerprint of a section or, where it has none, of the session.
func (d description) fingerprint(s section) string {
	for _, lines := range [][]string{s.lines, d.session} {
		for _, hash := range hashes {
			for _, value := range attributeValues(lines, "fingerprint") {
				f := strings.Fields(strings.ToUpper(value))
				if len(f) == 2 && strings.EqualFold(f[0], hash.name) && hexPairs(f[1], hash.bytes) {
					return hash.name + " " + f[1]
				}
			}
		}
	}
	return ""
}

// hexPairs reports whether s is so many bytes as "AB:CD".
func hexPairs(s string, bytes int) bool {
	pairs := strings.Split(s, ":")
	return len(pairs) == bytes && !slices.ContainsFunc(pairs, func(p string) bool {
		return len(p) != 2 || strings.Trim(p, "0123456789ABCDEF") != ""
	})
}

// milliseconds reads a=ptime or a=maxptime; 0 for what no audio packet has.
func milliseconds(s section, name string) int {
	value, _ := attribute(s.lines, name)
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 10 || n > 240 {
		return 0
	}
	return n
}

const congestionURI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// congestion is the number of the only header extension that a call has a use for.
func (d description) congestion(s section) int {
	for _, value := range attributeValues(slices.Concat(s.lines, d.session), "extmap") {
		f := strings.Fields(value)
		if len(f) < 2 || f[1] != congestionURI {
			continue
		}
		number, _, _ := strings.Cut(f[0], "/")
		if n, err := strconv.Atoi(number); err == nil && n > 0 && n < 15 {
			return n
		}
	}
	return 0
}

// RemoteDirection reads what the other side does with the audio stream from its session description: the attribute of the
// audio section that a call would take, else that of the session, else sendrecv. Without ICE an unspecified connection address
// means that it does not listen, the hold of RFC 2543 (RFC 3264 section 8.4; RFC 6157 has a name in ".invalid" for it); with ICE
// it only means that there are no candidates yet.
func RemoteDirection(sdp []byte) Direction {
	d, err := parseDescription(sdp)
	if err != nil {
		return SendRecv
	}
	i := d.audioIndex()
	if i < 0 {
		return SendRecv
	}
	return d.direction(d.media[i])
}

// direction of a section of the other side's description.
func (d description) direction(s section) Direction {
	dir := SendRecv
	for _, line := range slices.Concat(d.session, s.lines) {
		name, _ := splitAttribute(line)
		if i := slices.Index(directions, Direction(strings.ToLower(name))); i >= 0 {
			dir = directions[i]
		}
	}
	if dir.receives() && d.lookup(s, "ice-ufrag") == "" && d.nowhere(s) {
		return directionOf(dir.sends(), false)
	}
	return dir
}

// nowhere reports whether the connection address is none.
func (d description) nowhere(s section) bool {
	address := ""
	for _, line := range slices.Concat(d.session, s.lines) {
		if f := strings.Fields(line); strings.HasPrefix(line, "c=") && len(f) > 2 {
			address, _, _ = strings.Cut(f[2], "/")
		}
	}
	ip, err := netip.ParseAddr(address)
	return err == nil && ip.IsUnspecified() || strings.HasSuffix(strings.ToLower(address), ".invalid")
}

// audioIndex finds the audio section for a call: the first that can work, else the first that is not refused; -1 without one.
func (d description) audioIndex() int {
	found, best := -1, 0
	for i, s := range d.media {
		if s.kind() != "audio" {
			continue
		}
		if n := d.chance(s); n > best || found < 0 {
			found, best = i, n
		}
	}
	return found
}

// chance says how much of what a call needs is in an audio section.
func (d description) chance(s section) int {
	if s.rejected() {
		return 0
	}
	n := 1
	r := d.audioOf(s)
	if r.secure() == nil {
		n += 4
		if strings.Contains(strings.ToUpper(s.protocol()), "SAVP") {
			n += 2
		}
	}
	if r.speaks() {
		n++
	}
	return n
}
