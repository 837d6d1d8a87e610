package media

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// whiteList is all that a peer may be given, line by line.
var whiteList = regexp.MustCompile(`^(v=0|o=- 1 [0-9]+ IN IP4 127\.0\.0\.1|s=-|t=0 0|a=group:BUNDLE 0|a=ice-lite|` +
	`m=audio 9 UDP/TLS/RTP/SAVPF( [0-9]{1,3})+|c=IN IP4 0\.0\.0\.0|a=mid:0|a=(sendrecv|sendonly|recvonly|inactive)|a=rtcp-mux|` +
	`a=ice-ufrag:[A-Za-z0-9+/]{4,256}|a=ice-pwd:[A-Za-z0-9+/]{22,256}|a=fingerprint:sha-[0-9]+ ([0-9A-F]{2}:){19,63}[0-9A-F]{2}|` +
	`a=setup:(active|passive|actpass)|` +
	`a=extmap:[0-9]{1,2} http://www\.ietf\.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01|` +
	`a=rtpmap:[0-9]{1,3} (opus/48000/2|red/48000/2|G722/8000|PCMU/8000|PCMA/8000|CN/8000|telephone-event/(8|16|32|48)000)|` +
	`a=fmtp:[0-9]{1,3} ([0-9]+/[0-9]+|[0-9,-]+|[a-z-]+=[0-9]+(;[a-z-]+=[0-9]+)*)|` +
	`a=rtcp-fb:[0-9]{1,3} transport-cc|a=(max)?ptime:[0-9]{2,3}|` +
	`a=candidate:[A-Za-z0-9+/]{0,32} 1 (udp|tcp) [0-9]{1,10} [0-9A-Za-z.:-]+ [0-9]{1,5} typ ` +
	`(host|srflx|prflx|relay)( raddr [0-9A-Fa-f.:]+ rport [0-9]{1,5})?` +
	`( tcptype (active|passive|so))?|a=end-of-candidates)$`)

// FuzzRemote gives any bytes to a session as a first offer, an offer in a call and an answer. Each is refused with a reason, or
// the peer gets a description of lines from the white list, with a voice codec that is spoken here, each number once.
func FuzzRemote(f *testing.F) {
	f.Add([]byte(theirs{}.String()))
	f.Add([]byte(chromiumAudio))
	f.Add([]byte(theirs{formats: "111 63 0", more: []string{"a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1; x",
		"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=extmap:3 " + congestionURI, "a=rtcp-fb:* transport-cc", "a=ptime:20",
		"a=end-of-candidates",
		"a=candidate:1 1 tcp 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 9 tcptype so"}}.String()))
	f.Fuzz(func(t *testing.T, sdp []byte) {
		s, hw := newFakeSession(t, Config{})
		_, err := s.Answer(t.Context(), sdp, SendRecv)
		wantWhite(t, hw.last(), err)
		s, hw = calling(t)
		before := len(hw.last().given)
		_, err = s.Answer(t.Context(), sdp, SendRecv)
		if len(hw.peers) > 1 || len(hw.last().given) > before {
			wantWhite(t, hw.last(), err)
		}
		mustOffer(t, s, SendRecv)
		wantWhite(t, hw.last(), s.SetAnswer(t.Context(), sdp))
		if RemoteDirection(sdp) == "" {
			t.Error("no direction")
		}
	})
}

func wantWhite(t *testing.T, p *fakePeer, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, ErrBadSDP) {
		t.Errorf("%v, want a reason", err)
	}
	told := p.told()
	if told == "" {
		return
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(told, "\r\n"), "\r\n") {
		if !whiteList.MatchString(line) {
			t.Errorf("the peer is told %q", line)
		}
	}
	d := mustParse(t, told)
	formats := d.media[0].formats()
	slices.Sort(formats)
	if len(d.media) != 1 || len(slices.Compact(slices.Clone(formats))) != len(formats) ||
		!slices.ContainsFunc(d.media[0].codecs(), codec.speech) {
		t.Errorf("the peer is told\n%s", told)
	}
}

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
