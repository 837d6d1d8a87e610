//go:build !js || browser

package media_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

// What cannot work is refused by its name, wherever it comes, and leaves all as it was.

// refusal is a description that cannot work.
type refusal struct {
	name string
	edit func(sdp string) string
	want error
}

// only leaves these formats of the audio.
func only(numbers string, lines ...string) func(string) string {
	return edits(drop(`a=(rtpmap|fmtp|rtcp-fb):`), sub(`(m=audio \S+ \S+ ).*\r\n`, "${1}"+numbers+"\r\n"), more(lines...))
}

func instead(text string) func(string) string { return func(string) string { return text } }

var refusals = []refusal{
	{"nothing", instead(""), media.ErrBadSDP},
	{"no description", instead("hello"), media.ErrBadSDP},
	{"a zero byte", sub(`s=`, "s=\x00"), media.ErrBadSDP},
	{"a bare carriage return", sub(`a=setup:`, "a=setup:\r"), media.ErrBadSDP},
	{"an audio line of one word", sub(`m=audio.*\r\n`, "m=audio\r\n"), media.ErrBadSDP},
	{"no media", sub(`(?s)m=audio.*`, ""), media.ErrNoAudio},
	{"video only", sub(`m=audio`, "m=video"), media.ErrNoAudio},
	{"audio refused", sub(`m=audio \d+`, "m=audio 0"), media.ErrNoAudio},
	{"audio without formats", sub(`(m=audio \S+ \S+) .*\r\n`, "$1\r\n"), media.ErrNoAudio},
	{"no fingerprint", drop(`a=fingerprint`), media.ErrNotSecure},
	{"a fingerprint of MD5", sub(`a=fingerprint:.*\r\n`, "a=fingerprint:md5 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B\r\n"),
		media.ErrNotSecure},
	{"half a fingerprint", sub(`(a=fingerprint:\S+ .{20}).*\r\n`, "$1\r\n"), media.ErrNotSecure},
	{"plain RTP", edits(drop(`a=(fingerprint|setup|ice-|candidate|rtcp-mux|mid|group)`), sub(`UDP/TLS/RTP/SAVPF`, "RTP/AVP")),
		media.ErrNotSecure},
	{"SDES", edits(drop(`a=fingerprint`), more("a=crypto:1 AES_CM_128_HMAC_SHA1_80 "+
		"inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj")), media.ErrNotSecure},
	{"no ICE", drop(`a=(ice-|candidate)`), media.ErrNoICE},
	{"a short name of ICE", sub(`a=ice-ufrag:\S+`, "a=ice-ufrag:abc"), media.ErrBadSDP},
	{"no password of ICE", drop(`a=ice-pwd`), media.ErrBadSDP},
	{"a password of odd characters", sub(`a=ice-pwd:\S+`, "a=ice-pwd:\"äöü\"äöü\"äöü\"äöü\"äöü\""), media.ErrBadSDP},
	{"G.729", only("18 101", "a=rtpmap:18 G729/8000", "a=rtpmap:101 telephone-event/8000"), media.ErrNoCommonCodec},
	{"tones only", only("101", "a=rtpmap:101 telephone-event/8000"), media.ErrNoCommonCodec},
	{"comfort noise only", only("13"), media.ErrNoCommonCodec},
	{"codecs that no browser has", only("3 97 98 99", "a=rtpmap:97 iLBC/8000", "a=rtpmap:98 AMR/8000", "a=rtpmap:99 speex/16000"),
		media.ErrNoCommonCodec},
	{"opus of another clock", only("111", "a=rtpmap:111 opus/8000"), media.ErrNoCommonCodec},
	{"numbers without a meaning", only("96 97"), media.ErrNoCommonCodec},
}

// ofCalls also fails, but not in a call that runs so: there it changes nothing.
var ofCalls = refusal{"no rtcp-mux", drop(`a=rtcp-mux`), media.ErrNoRTCPMux}

func TestRefusalsNameTheirReason(t *testing.T) {
	list := append(refusals, ofCalls)
	together(t, len(list), func(i int) (string, func(*testing.T)) {
		r := list[i]
		return r.name, func(t *testing.T) {
			a, b := open(t, media.Config{}), open(t, media.Config{})
			sdp := offer(t, b, media.SendRecv)
			_, err := a.Answer(t.Context(), []byte(r.edit(string(sdp))), media.SendRecv)
			r.check(t, "first offer", err)
			apply(t, b, answer(t, a, sdp, media.SendRecv))
			hear(t, "a good offer afterwards", a, b)
			if r.want != ofCalls.want {
				r.inCall(t, a, b)
			}
			c, d := open(t, media.Config{}), open(t, media.Config{})
			sdp = answer(t, d, offer(t, c, media.SendRecv), media.SendRecv)
			r.check(t, "first answer", c.SetAnswer(t.Context(), []byte(r.edit(string(sdp)))))
			apply(t, c, sdp)
			hear(t, "a good answer afterwards", c, d)
		}
	})
}

// TestCredentialsBesideTheGrammar: there are telephones whose ICE credentials have other characters than those of RFC 8839
// section 5.4.
func TestCredentialsBesideTheGrammar(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	odd := edits(sub(`a=ice-ufrag:\S+`, "a=ice-ufrag:a-_=#"), sub(`a=ice-pwd:\S+`, "a=ice-pwd:"+strings.Repeat("-_=#", 6)))
	if _, err := a.Answer(t.Context(), []byte(odd(string(offer(t, b, media.SendRecv)))), media.SendRecv); err != nil {
		t.Error(err)
	}
}

func (r refusal) check(t *testing.T, where string, err error) {
	t.Helper()
	if !errors.Is(err, r.want) || !errors.Is(err, media.ErrBadSDP) || browserRefused(err) {
		t.Errorf("%s: %v, want %v", where, err, r.want)
	}
}

// inCall sends it in the call of a and b, and looks whether all is as before.
func (r refusal) inCall(t *testing.T, a, b media.Session) {
	t.Helper()
	_, err := a.Answer(t.Context(), []byte(r.edit(string(offer(t, b, media.SendRecv)))), media.SendRecv)
	r.check(t, "offer in a call", err)
	rollBack(t, b)
	hear(t, "after an offer that was refused", a, b)
	before := offer(t, a, media.SendRecv)
	sdp := answer(t, b, before, media.SendRecv)
	r.check(t, "answer in a call", a.SetAnswer(t.Context(), []byte(r.edit(string(sdp)))))
	rollBack(t, a)
	hear(t, "after an answer that could not be used", a, b)
	after := offer(t, a, media.SendRecv)
	for _, re := range []*regexp.Regexp{credentialLine, candidateLine} {
		if got, want := all(re, after), all(re, before); got != want {
			t.Errorf("the next offer has\n%s\nwant\n%s", got, want)
		}
	}
	apply(t, a, answer(t, b, after, media.SendRecv))
	hear(t, "the next offer", a, b)
}

func rollBack(t *testing.T, s media.Session) {
	t.Helper()
	if err := s.Rollback(t.Context()); err != nil {
		t.Fatalf("rollback: %v", err)
	}
}

// browserRefused reports whether it was the browser that found a fault: it is given nothing that it could find one in.
func browserRefused(err error) bool {
	return err != nil && exceptionName.MatchString(err.Error())
}

var exceptionName = regexp.MustCompile(`\b(Operation|InvalidAccess|InvalidState|InvalidModification|Syntax|Type|RTC)Error: `)

func TestAnswerOfWhatWasNotOffered(t *testing.T) {
	a, b := open(t, media.Config{CodecDelete: []string{"PCMU"}}), open(t, media.Config{})
	sdp := answer(t, b, offer(t, a, media.SendRecv), media.SendRecv)
	err := a.SetAnswer(t.Context(), []byte(only("0", "a=rtpmap:0 PCMU/8000")(string(sdp))))
	if !errors.Is(err, media.ErrNoCommonCodec) {
		t.Errorf("%v, want ErrNoCommonCodec: it would be a call without sound", err)
	}
}

// Re-offers that give numbers another meaning, against RFC 3264 section 8.3.2. FreeSWITCH does so after each change of codec.
var renumbered = []form{
	{"tones by the number of other tones", edits(drop(`a=(rtpmap|fmtp):\d+ telephone`),
		only("0 110", "a=rtpmap:110 telephone-event/8000"))},
	{"tones by the number of opus", only("0 111 109 107", "a=rtpmap:111 telephone-event/8000",
		"a=rtpmap:109 telephone-event/8000")},
	{"G.722 by the number of tones", only("0 101 126", "a=rtpmap:101 G722/8000", "a=rtpmap:126 G722/8000")},
	{"opus by the number of redundancy", only("0 63", "a=rtpmap:63 opus/48000/2")},
	{"redundancy by the number of opus", only("0 111 109", "a=rtpmap:111 red/48000/2", "a=fmtp:111 0/0",
		"a=rtpmap:109 red/48000/2", "a=fmtp:109 0/0")},
	{"opus and tones changed places", only("111 101 126 109 0", "a=rtpmap:101 opus/48000/2", "a=rtpmap:126 opus/48000/2",
		"a=rtpmap:111 telephone-event/8000", "a=rtpmap:109 telephone-event/8000")},
	{"static numbers of something else", only("0 8 9 13", "a=rtpmap:8 opus/48000/2", "a=rtpmap:9 telephone-event/8000",
		"a=rtpmap:13 PCMA/8000")},
	{"new numbers for all", only("0 96 97 98", "a=rtpmap:96 PCMA/8000", "a=rtpmap:97 telephone-event/8000",
		"a=rtpmap:98 opus/48000/2")},
	{"new numbers change again", only("0 97 98 96", "a=rtpmap:97 PCMA/8000", "a=rtpmap:98 telephone-event/8000",
		"a=rtpmap:96 opus/48000/2")},
	{"header extensions by another number", sub(`a=extmap:(\d)`, "a=extmap:1$1")},
	{"header extensions in new places", edits(drop(`a=extmap`), more("a=extmap:1 "+congestion, "a=extmap:2 "+audioLevel,
		"a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid"))},
	{"a header extension moves", edits(drop(`a=extmap`), more("a=extmap:7 "+audioLevel, "a=extmap:9 "+congestion))},
	{"a header extension moves back", edits(drop(`a=extmap`), more("a=extmap:9 "+audioLevel, "a=extmap:7 "+congestion))},
	{"another name", sub(`a=(mid:|group:BUNDLE )\S+`, "a=${1}sound")},
}

const (
	congestion = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
)

// TestNumbersThatChangeTheirMeaning sends all of them in one call, so that what one leaves behind the next one finds.
func TestNumbersThatChangeTheirMeaning(t *testing.T) {
	together(t, 2, func(i int) (string, func(*testing.T)) {
		if i == 0 {
			return "we called", func(t *testing.T) {
				a, b := open(t, media.Config{}), open(t, media.Config{})
				call(t, a, b)
				renumber(t, a, b)
			}
		}
		return "they called", func(t *testing.T) {
			a, b := open(t, media.Config{}), open(t, media.Config{})
			call(t, b, a)
			renumber(t, a, b)
		}
	})
}

// renumber lets b change its numbers in a call.
func renumber(t *testing.T, a, b media.Session) {
	for _, f := range renumbered {
		sdp := f.edit(string(offer(t, b, media.SendRecv)))
		reply := answer(t, a, []byte(sdp), media.SendRecv)
		wantMirrored(t, f.name, sdp, string(reply))
		wantMeanings(t, f.name, sdp, string(reply))
		apply(t, b, reply)
		negotiate(t, a, b, media.SendOnly, media.SendRecv)
		negotiate(t, a, b, media.SendRecv, media.SendRecv)
		f.answered(t, a, b)
		hear(t, f.name, a, b)
	}
	nothing := only("96 97", "a=rtpmap:96 telephone-event/8000", "a=rtpmap:97 PCMU/8000") // other things since
	refusal{"no number is left", nothing, media.ErrNoCommonCodec}.inCall(t, a, b)
}

var meaningLine = regexp.MustCompile(`(?m)^a=rtpmap: *(\d+) +([^/\s]+)/(\d+)`)

// wantMeanings looks whether the answer means by its numbers what the offer means.
func wantMeanings(t *testing.T, why, offer, answer string) {
	t.Helper()
	for _, m := range meaningLine.FindAllStringSubmatch(answer, -1) {
		line := regexp.MustCompile(`(?mi)^a=rtpmap: *` + m[1] + ` +` + regexp.QuoteMeta(m[2]) + `/` + m[3])
		if !line.MatchString(offer) && strings.Contains(offer, "a=rtpmap:"+m[1]+" ") {
			t.Errorf("%s: the answer has %s, the offer\n%s", why, m[0], offer)
		}
	}
}

// TestGarbledOffersInACall breaks re-offers at random. Each is answered or refused by a reason of ours, never by the browser, and
// the call goes on.
func TestGarbledOffersInACall(t *testing.T) {
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	rnd := rand.New(rand.NewPCG(1, 2))
	answered := 0
	for range 150 {
		good := string(offer(t, b, media.SendRecv))
		bad := garble(rnd, good)
		_, err := a.Answer(t.Context(), []byte(bad), media.SendRecv)
		if err == nil {
			answered++
		}
		wantOurReason(t, bad, err)
		apply(t, b, answer(t, a, []byte(good), media.SendRecv))
	}
	if answered < 30 {
		t.Errorf("only %d of 150 were answered", answered)
	}
	hear(t, "after all of them", a, b)
	negotiate(t, a, b, media.SendOnly, media.SendRecv)
	negotiate(t, b, a, media.SendRecv, media.SendRecv)
	hear(t, "after all of them", a, b)
}

// TestGarbledFirstOffersAndAnswers does the same with sessions that know nothing.
func TestGarbledFirstOffersAndAnswers(t *testing.T) {
	b := open(t, media.Config{})
	good := string(offer(t, b, media.SendRecv))
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		a := prepare(t)
		bad := garble(rnd, good)
		_, err := a.Answer(t.Context(), []byte(bad), media.SendRecv)
		wantOurReason(t, bad, err)
		a.Close()
		c := prepare(t)
		offer(t, c, media.SendRecv)
		bad = garble(rnd, strings.Replace(good, "setup:actpass", "setup:active", 1))
		wantOurReason(t, bad, c.SetAnswer(t.Context(), []byte(bad)))
		c.Close()
	}
}

func wantOurReason(t *testing.T, sdp string, err error) {
	t.Helper()
	if err != nil && (browserRefused(err) || !errors.Is(err, media.ErrBadSDP)) {
		t.Errorf("%v, for\n%q", err, sdp)
	}
}

// garble breaks a description in one to three places.
func garble(rnd *rand.Rand, sdp string) string {
	for range 1 + rnd.IntN(3) {
		lines := strings.SplitAfter(sdp, "\n")
		i, j := rnd.IntN(len(lines)), rnd.IntN(len(lines))
		switch rnd.IntN(8) {
		case 0:
			lines[i] = ""
		case 1:
			lines[i] += lines[j]
		case 2:
			lines[i], lines[j] = lines[j], lines[i]
		case 3:
			lines[i] = lines[i][:len(lines[i])/2] + "\r\n"
		case 4:
			lines[i] += pieces[rnd.IntN(len(pieces))] + "\r\n"
		case 5:
			lines[i] = strings.ReplaceAll(lines[i], " ", "  \t")
		case 6:
			lines[i] = digit.ReplaceAllStringFunc(lines[i], func(string) string { return pieces[rnd.IntN(len(pieces))] })
		case 7:
			if n := len(lines[i]); n > 0 {
				k := rnd.IntN(n)
				lines[i] = lines[i][:k] + string(rune(rnd.IntN(256))) + lines[i][k+1:]
			}
		}
		sdp = strings.Join(lines, "")
	}
	return sdp
}

var (
	digit  = regexp.MustCompile(`\d$|\b\d+\b`)
	pieces = []string{"0", "-1", "4294967296", "65536", "x", "", " ", "a=", "m=audio 9 RTP/AVP", "a=inactive", "a=rtcp-mux",
		"a=ice-lite", "a=mid:1", "a=group:BUNDLE a b", "a=rtpmap:0 opus/48000/2", "a=fmtp:0 x", "a=setup:holdconn",
		"a=candidate:1 1 udp 1 ::1 1 typ host", "a=extmap:1 " + audioLevel, "a=ptime:60", "a=maxptime:20", "b=AS:1",
		"c=IN IP4 0.0.0.0", "a=sendonly", "127", "96", "a=fingerprint:sha-256"}
)
