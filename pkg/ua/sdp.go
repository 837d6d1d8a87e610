package ua

import (
	"bytes"
	"strings"

	"github.com/gowebphone/webphone/pkg/media"
)

// mirrored reads what the other side does with the audio stream, from its session description: the attribute of the
// first audio section, else that of the session, else sendrecv. A connection address of zeros is the hold of RFC 2543,
// but only without ICE: a browser that has no candidates yet writes the same.
func mirrored(sdp []byte) media.Direction {
	session, audio := split(string(sdp))
	dir, zero := media.SendRecv, false
	for line := range strings.Lines(session + audio) {
		line = strings.TrimRight(line, "\r\n")
		if d, ok := directionOf(line); ok {
			dir = d
		}
		if strings.HasPrefix(line, "c=") {
			zero = line == "c=IN IP4 0.0.0.0"
		}
	}
	if zero && dir == media.SendRecv && !strings.Contains(string(sdp), "a=ice-ufrag") {
		return media.SendOnly
	}
	return dir
}

// split returns the session part and the first audio section of a session description.
func split(sdp string) (session, audio string) {
	parts := strings.Split("\n"+sdp, "\nm=")
	for _, p := range parts[1:] {
		if strings.HasPrefix(p, "audio ") {
			return parts[0] + "\n", p
		}
	}
	return parts[0], ""
}

func directionOf(line string) (media.Direction, bool) {
	name, found := strings.CutPrefix(line, "a=")
	switch dir := media.Direction(name); dir {
	case media.SendRecv, media.SendOnly, media.RecvOnly, media.Inactive:
		return dir, found
	}
	return "", false
}

// heldBy reports whether a side that does this holds us: it no longer listens.
func heldBy(remote media.Direction) bool { return remote == media.SendOnly || remote == media.Inactive }

// heldAfter is heldBy for an answer. Our own hold leaves the other side only recvonly or inactive: recvonly says that it
// would listen, inactive says nothing new.
func heldAfter(remote media.Direction, heldLocal, before bool) bool {
	if heldLocal && remote == media.Inactive {
		return before
	}
	return heldBy(remote)
}

// userFragment is the ICE user name of a description (RFC 8839 section 5.4), that of its first section.
func userFragment(sdp []byte) string {
	for line := range bytes.Lines(sdp) {
		if name, ok := bytes.CutPrefix(line, []byte("a=ice-ufrag:")); ok {
			return string(bytes.TrimSpace(name))
		}
	}
	return ""
}

// sameMedia compares two session descriptions by what they say about the media: o=, s= and t= lines may differ.
func sameMedia(a, b []byte) bool { return bytes.Equal(mediaLines(a), mediaLines(b)) }

func mediaLines(sdp []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(sdp) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 1 && line[1] == '=' && bytes.IndexByte([]byte("ost"), line[0]) >= 0 {
			continue
		}
		kept = append(append(kept, line...), '\n')
	}
	return kept
}
