package media

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sections makes a description of these m= lines, each of an audio section that can work.
func sections(t *testing.T, lines ...string) description {
	t.Helper()
	text := "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
	for i, line := range lines {
		text += "m=" + line + "\r\na=mid:" + fmt.Sprint(i) + "\r\na=ice-ufrag:abcd\r\na=ice-pwd:" + strings.Repeat("p", 22) +
			"\r\na=fingerprint:sha-256 " + hash("AB") + "\r\n"
	}
	return mustParse(t, text)
}

// TestLayoutOfTheDialog: every section that was ever there has its place, in both directions, and only one is ours.
func TestLayoutOfTheDialog(t *testing.T) {
	const audio, video = "audio 9 UDP/TLS/RTP/SAVPF 0", "video 9 UDP/TLS/RTP/SAVPF 96"
	for _, c := range []struct {
		first, then []string
		audio       int
		want, why   string // m= lines that leave after the second, or the error
	}{
		{[]string{audio}, []string{audio}, 0, audio, "one"},
		{[]string{audio}, []string{audio, video}, 0, audio + "|video 0 UDP/TLS/RTP/SAVPF 96", "video is added"},
		{[]string{video, audio}, []string{video, audio}, 1, "video 0 UDP/TLS/RTP/SAVPF 96|" + audio, "video comes first"},
		{[]string{audio, audio}, []string{audio, audio}, 0, audio + "|audio 0 UDP/TLS/RTP/SAVPF 0", "of two the first"},
		{[]string{"audio 0 UDP/TLS/RTP/SAVPF 0", audio}, []string{"audio 0 UDP/TLS/RTP/SAVPF 0", audio}, 1,
			"audio 0 UDP/TLS/RTP/SAVPF 0|" + audio, "the first is refused"},
		{[]string{video, audio}, []string{audio}, 1, "no audio", "a section is gone"},
		{[]string{audio}, []string{"audio 0 UDP/TLS/RTP/SAVPF 0"}, 0, "it is refused", "it is refused later"},
		{[]string{audio, video}, []string{video, audio}, 0, "it is refused", "the sections changed their places"},
		{[]string{audio}, []string{"audio 9 UDP/TLS/RTP/SAVPF"}, 0, "it is refused", "no format is left"},
		{[]string{audio}, []string{audio, "video 9 UDP/TLS/RTP/SAVPF", "application 9 X webrtc-datachannel"}, 0,
			audio + "|video 0 UDP/TLS/RTP/SAVPF 0|application 0 X webrtc-datachannel", "a refused line gets a format"},
	} {
		var l layout
		if _, err := l.collapse(sections(t, c.first...), true); err != nil || l.audio != c.audio {
			t.Fatalf("%s: the audio is at %d, %v, want %d", c.why, l.audio, err, c.audio)
		}
		d, err := l.collapse(sections(t, c.then...), false)
		got := fmt.Sprint(err)
		if err == nil {
			var lines []string
			for _, s := range l.expand(d).media {
				lines = append(lines, strings.TrimPrefix(s.lines[0], "m="))
			}
			got = strings.Join(lines, "|")
		} else if !errors.Is(err, ErrNoAudio) {
			t.Errorf("%s: %v is not ErrNoAudio", c.why, err)
		}
		if !strings.Contains(got, c.want) || err == nil && got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
	var l layout
	if _, err := l.collapse(sections(t, video), true); !errors.Is(err, ErrNoAudio) || l.audio >= 0 {
		t.Errorf("no audio at all: %d, %v", l.audio, err)
	}
}

// TestDescriptionsThatLeave: their origin counts, trickle is not announced, and no group is named that the other side has not.
func TestDescriptionsThatLeave(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	first, second := mustOffer(t, s, SendRecv), mustOffer(t, s, SendOnly)
	origins := make([]string, 0, 4)
	take := func(text string) {
		d := mustParse(t, text)
		i := slices.IndexFunc(d.session, func(line string) bool { return strings.HasPrefix(line, "o=") })
		origins = append(origins, d.session[i])
		wantNoText(t, "what leaves", text, "trickle")
		wantText(t, "what leaves", text, "m=audio 40000 ", "c=IN IP4 192.0.2.7\r\n", "a=mid:0\r\n")
	}
	take(first)
	take(second)
	if err := s.SetAnswer(t.Context(), theirs{setup: "active"}.bytes()); err != nil {
		t.Fatal(err)
	}
	answer, err := s.Answer(t.Context(), theirs{more: []string{"a=mid:x"}}.bytes(), SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	wantNoText(t, "an answer to an offer without group", string(answer), "a=group")
	for i, line := range origins {
		if want := fmt.Sprintf("o=- %d %d IN IP4 127.0.0.1", s.origin.id, i+1); line != want {
			t.Errorf("origin %s, want %s", line, want)
		}
	}
	if s.origin.id >= 1<<62 || len(hw.peers) != 1 {
		t.Errorf("id %d: some read it as a signed number; %d peers", s.origin.id, len(hw.peers))
	}
	other, _ := newFakeSession(t, Config{})
	if other.origin.id == s.origin.id {
		t.Error("two sessions have one origin")
	}
}
