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
	mid      string   // the other side's name of the audio section
	noMID    bool     // the other side does not know a=mid (RFC 5888)
	noGroup  bool     // its last description has no BUNDLE group
	protocol string   // of its audio section
}

// collapse leaves only the audio section of a remote description and remembers the others.
func (l *layout) collapse(d description, first bool) (description, error) {
	if first {
		l.audio = d.audioIndex()
	}
	switch {
	case l.audio < 0:
		return d, ErrNoAudio
	case l.audio >= len(d.media) || d.media[l.audio].kind() != "audio" || d.media[l.audio].rejected():
		return d, fmt.Errorf("%w: it is refused", ErrNoAudio)
	}
	l.rejected = nil
	for i, s := range d.media {
		if i != l.audio {
			l.rejected = append(l.rejected, s.refusal())
		}
	}
	audio := d.media[l.audio]
	one := description{session: d.session, media: []section{audio}}
	l.protocol, l.mid = audio.protocol(), one.mid()
	l.noMID, l.noGroup = l.mid == "", !one.grouped(l.mid)
	return one, nil
}

// refusal is the m= line that refuses a section. A line without format is none, so it gets one.
func (s section) refusal() string {
	f := append(s.fields(), "0")
	f[1] = "0"
	if len(f) > 4 {
		f = f[:len(f)-1]
	}
	return "m=" + strings.Join(f, " ")
}

// mirror gives an answer the protocol of the offer (RFC 3264 section 6.1), and a group only where the offer has one.
func (l *layout) mirror(d *description) {
	f := d.media[0].fields()
	f[2] = l.protocol
	d.media[0].lines[0] = "m=" + strings.Join(f, " ")
	if l.noGroup {
		d.session = without(d.session, "group")
	}
}

// grouped reports whether a section is in a BUNDLE group.
func (d description) grouped(mid string) bool {
	return slices.ContainsFunc(attributeValues(d.session, "group"), func(value string) bool {
		f := strings.Fields(value)
		return len(f) > 1 && f[0] == "BUNDLE" && slices.Contains(f[1:], mid)
	})
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
	grouped := d.grouped(old)
	d.session = without(d.session, "group")
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
