package ua

import (
	"bytes"

	"github.com/gowebphone/webphone/pkg/media"
)

// mirrored is what the other side does with the audio stream.
func mirrored(sdp []byte) media.Direction { return media.RemoteDirection(sdp) }

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
