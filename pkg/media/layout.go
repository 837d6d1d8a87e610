package media

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// layout remembers the m= lines of a dialog. A peer connection sees the one audio section; offers and answers name all
// sections that were ever there, the others rejected (RFC 3264 sections 6 and 8).
type layout struct {
	audio    int      // index of the audio section
	rejected []string // m= lines of the others, in their order
	noMID    bool     // the other side does not know a=mid (RFC 5888)
}

// audioIndex finds the audio section of a first description: the first that is not rejected.
func audioIndex(d description) (int, error) {
	for i, s := range d.media {
		if s.kind() == "audio" && !s.rejected() {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w: no audio in it", ErrBadSDP)
}

// collapse leaves only the audio section of a remote description and remembers the others.
func (l *layout) collapse(d description, first bool) (description, error) {
	if first {
		i, err := audioIndex(d)
		if err != nil {
			return d, err
		}
		l.audio = i
	}
	if l.audio >= len(d.media) || d.media[l.audio].kind() != "audio" || d.media[l.audio].rejected() {
		return d, fmt.Errorf("%w: audio was refused", ErrBadSDP)
	}
	l.rejected = nil
	for i, s := range d.media {
		if i != l.audio {
			l.rejected = append(l.rejected, "m="+strings.Join(append([]string{s.kind(), "0"}, s.fields()[2:]...), " "))
		}
	}
	audio := section{lines: without(d.media[l.audio].lines, "bundle-only")}
	if audio.port() == 0 {
		audio.setFields(9, audio.formats())
	}
	return description{session: d.session, media: []section{audio}}, nil
}

// expand puts the rejected sections back around the audio section of a local description.
func (l *layout) expand(d description) description {
	var media []section
	for i := 0; i <= len(l.rejected); i++ {
		switch {
		case i == l.audio:
			media = append(media, d.media[0])
		case i < l.audio:
			media = append(media, section{lines: []string{l.rejected[i]}})
		default:
			media = append(media, section{lines: []string{l.rejected[i-1]}})
		}
	}
	d.media = media
	return d
}

// checkSecure refuses an audio section that is not ICE with DTLS-SRTP (RFC 8827): there is no other in a browser.
func checkSecure(d description) error {
	e := d.endpoint(d.media[0])
	switch {
	case e.fingerprint == "":
		return fmt.Errorf("%w: no DTLS fingerprint, so the audio would not be encrypted as WebRTC demands", ErrBadSDP)
	case e.ufrag == "":
		return fmt.Errorf("%w: no ICE credentials", ErrBadSDP)
	}
	return nil
}

// mid is the media identification of the audio section, or "".
func (d description) mid() string {
	mid, _ := attribute(d.media[0].lines, "mid")
	return mid
}

// setMID renames the audio section: the dialog keeps one name for it, whatever a peer connection calls it.
func (d *description) setMID(mid string) {
	audio := &d.media[0]
	old := d.mid()
	audio.lines = append(without(audio.lines, "mid"), "a=mid:"+mid)
	regroup(d, old, mid)
}

// regroup limits the BUNDLE group to the audio section, if it was in one.
func regroup(d *description, old, mid string) {
	grouped := false
	d.session = slices.DeleteFunc(slices.Clone(d.session), func(line string) bool {
		name, value := splitAttribute(line)
		if name != "group" {
			return false
		}
		f := strings.Fields(value)
		grouped = grouped || len(f) > 1 && f[0] == "BUNDLE" && slices.Contains(f[1:], old)
		return true
	})
	if grouped {
		d.session = append(d.session, "a=group:BUNDLE "+mid)
	}
}

// dropMID takes away what a peer without a=mid does not understand.
func dropMID(d *description) {
	d.session = without(d.session, "group")
	d.media[0].lines = without(d.media[0].lines, "mid")
}

// origin is the o= line of all descriptions of a dialog, whichever peer connection made them (RFC 3264 section 8).
type origin struct {
	id      uint64
	version uint64
}

// stamp writes the o= line with the next version.
func (o *origin) stamp(d *description) {
	o.version++
	line := "o=- " + strconv.FormatUint(o.id, 10) + " " + strconv.FormatUint(o.version, 10) + " IN IP4 127.0.0.1"
	for i := range d.session {
		if strings.HasPrefix(d.session[i], "o=") {
			d.session[i] = line
		}
	}
}

// dropTrickle stops announcing trickle ICE: no candidate follows the description that leaves.
func dropTrickle(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if name, value := splitAttribute(line); name == "ice-options" {
			options := slices.DeleteFunc(strings.Fields(value), func(o string) bool { return o == "trickle" })
			if len(options) == 0 {
				continue
			}
			line = "a=ice-options:" + strings.Join(options, " ")
		}
		kept = append(kept, line)
	}
	return kept
}
