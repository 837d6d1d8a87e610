package media

import (
	"slices"
	"strings"
	"testing"
)

// FuzzDescription makes every edit there is to any session description: nothing panics, no section is lost or added, an edit says
// no more than it should, and what comes out is a description again.
func FuzzDescription(f *testing.F) {
	f.Add([]byte(chromiumAudio), "opus", "PCM.*", 0)
	f.Add([]byte("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=video 0 X 1\nm=audio 9 UDP/TLS/RTP/SAVPF 0 8 101\na=rtpmap:101 "+
		"telephone-event/8000\na=sendonly\n"),
		"telephone.*", "", 1)
	f.Add([]byte("v=0\r\na=group:BUNDLE 0 1\r\nm=audio 1 RTP/SAVPF 0\r\na=mid:0\r\nm=audio 2 RTP/SAVPF 0\r\na=mid:1\r\n"),
		"", "", 2)
	dirs := []Direction{SendRecv, SendOnly, RecvOnly, Inactive}
	f.Fuzz(func(t *testing.T, text []byte, del, first string, dir int) {
		d, err := parseDescription(text)
		if err != nil {
			return
		}
		if again, err := parseDescription([]byte(d.String())); err != nil || again.String() != d.String() {
			t.Fatalf("written and read again: %v\n%q\n%q", err, again.String(), d.String())
		}
		want := dirs[(dir%4+4)%4]
		var l layout
		one, err := l.collapse(d, true)
		if err != nil {
			return
		}
		audio := &one.media[0]
		audio.setDirection(want)
		if got := one.direction(*audio); got != want {
			t.Errorf("direction %s, want %s", got, want)
		}
		audio.setDefaultAddress()
		if rules, err := newCodecRules(Config{CodecDelete: []string{del}, CodecPriority: []string{first}}); err == nil {
			before := audio.formats()
			if rules.apply(audio) == nil && slices.ContainsFunc(audio.formats(), func(p string) bool {
				return !slices.Contains(before, p)
			}) {
				t.Errorf("codecs %q, which were not among %q", audio.formats(), before)
			}
		}
		one.session, audio.lines = dropTrickle(one.session), dropTrickle(audio.lines)
		one.setMID("x")
		out := l.expand(one)
		if len(out.media) != len(d.media) {
			t.Errorf("%d sections, want %d", len(out.media), len(d.media))
		}
		if text := out.String(); strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") ||
			strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
			t.Errorf("a bare line break in %q", text)
		} else if _, err := parseDescription([]byte(text)); err != nil {
			t.Errorf("what came out is no description: %v\n%q", err, text)
		}
	})
}
