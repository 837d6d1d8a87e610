//go:build !js || browser

package media_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

// The forms that descriptions take. Each is an edit of a description that works: it has to work in every place where the other
// side may send it, in a first offer and answer and in those of a running call, natively and in every browser.

// form is one way to write a description.
type form struct {
	name string
	edit func(sdp string) string
}

// forms of lines and sections that are legal, or that somebody sends.
var forms = []form{
	{"nothing changed", sub(`^`, "")},
	// The session (RFC 8866 section 5).
	{"a session name of one space", sub(`(?m)^s=.*\r$`, "s= \r")},
	{"no session name", drop(`s=`)},
	{"a session name with accents", sub(`(?m)^s=.*\r$`, "s=Zentrale Köln \"A\"\r")},
	{"an empty session name", sub(`(?m)^s=.*\r$`, "s=\r")},
	{"no time", drop(`t=`)},
	{"a time with an end", sub(`(?m)^t=.*\r$`, "t=3900000000 3900003600\r\nr=604800 3600 0 90000\r")},
	{"an origin with a name", sub(`(?m)^o=.*\r$`, "o=Cisco-SIPUA 9007199254740993 18446744073709551615 IN IP6 2001:db8::1\r")},
	{"an origin that is none", sub(`(?m)^o=.*\r$`, "o=- - - - - - -\r")},
	{"no origin", drop(`o=`)},
	{"information, address, bandwidth", sub(`(?m)^s=.*\r$`,
		"s=-\r\ni=Talk\r\nu=http://example.com/\r\ne=a@example.com\r\np=+1 202 555 0191\r\nc=IN IP4 192.0.2.1\r\nb=CT:1000\r\n"+
			"b=X-YZ:128\r")},
	{"letters that nobody knows", sub(`\r\nm=audio`, "\r\ny=0100000001\r\nf=v/2/5/25/1/4000a///\r\nX=1\r\nm=audio")},
	{"attributes without their values", edits(more("a=candidate", "a=ptime", "a=rtpmap", "a=fmtp", "a=rtcp-fb", "a=ssrc"),
		sub(`\r\nm=audio`, "\r\na=group\r\na=extmap\r\na=fingerprint\r\na=setup\r\na=ice-options\r\nm=audio"))},
	{"lines that are none", sub(`\r\nm=audio`, "\r\nnonsense\r\n=\r\na\r\na=\r\na=:\r\nm=audio")},
	{"line feeds", sub(`\r\n`, "\n")},
	{"empty lines", sub(`\r\n`, "\r\n\r\n")},
	{"spaces and tabs at the end of lines", sub(`\r\n`, " \t\r\n")},
	{"a space before all", sub(`^`, "\r\n \ufeff")},
	{"a line of 6 kB", more("a=x-long:" + strings.Repeat("long ", 1200))},
	{"bytes that are no UTF-8", more("a=x-odd:\xff\xfe\x80")},

	// What may stand in the section or in the session.
	{"ICE, DTLS and direction of the session", lift(`a=(ice-ufrag|ice-pwd|ice-options|fingerprint|setup|sendrecv)`)},
	{"direction of the session", lift(`a=sendrecv`)},
	{"connection of the session", lift(`c=`)},
	{"a space after the direction", sub(`a=sendrecv`, "a=sendrecv ")},
	{"no direction", drop(`a=sendrecv`)},
	{"a direction in capitals", sub(`a=sendrecv`, "a=SENDRECV")},
	{"no connection", drop(`c=`)},
	{"no address yet", sub(`(?m)^c=.*\r$`, "c=IN IP4 0.0.0.0\r")},
	{"no address yet, IPv6", sub(`(?m)^c=.*\r$`, "c=IN IP6 ::\r")},
	{"a name as address", sub(`(?m)^c=.*\r$`, "c=IN IP4 media.example.com\r")},
	{"a multicast address", sub(`(?m)^c=.*\r$`, "c=IN IP4 233.252.0.1/127\r")},

	// The line of the audio (RFC 8866 section 5.14; RFC 5764 section 8).
	{"RTP/SAVPF", sub(`UDP/TLS/RTP/SAVPF`, "RTP/SAVPF")},
	{"UDP/TLS/RTP/SAVP", sub(`UDP/TLS/RTP/SAVPF`, "UDP/TLS/RTP/SAVP")},
	{"RTP/SAVP", sub(`UDP/TLS/RTP/SAVPF`, "RTP/SAVP")},
	{"TCP/DTLS/RTP/SAVPF", sub(`UDP/TLS/RTP/SAVPF`, "TCP/DTLS/RTP/SAVPF")},
	{"RTP/AVP with all that DTLS needs", sub(`UDP/TLS/RTP/SAVPF`, "RTP/AVP")},
	{"a protocol in small letters", sub(`UDP/TLS/RTP/SAVPF`, "udp/tls/rtp/savpf")},
	{"two ports", sub(`m=audio (\d+) `, "m=audio $1/2 ")},
	{"the discard port", sub(`m=audio \d+ `, "m=audio 9 ")},
	{"bundle-only", edits(sub(`m=audio \d+ `, "m=audio 0 "), more("a=bundle-only"))},
	{"spaces in the line", sub(`m=audio (\d+) (\S+) `, "m=audio  $1  $2  ")},
	{"a bandwidth, information and a key", sub(`(m=audio.*\r\n)`,
		"${1}i=mic\r\nb=AS:80\r\nb=TIAS:64000\r\nb=RR:0\r\nk=clear:x\r\n")},

	// Other media.
	{"video refused without formats", then("m=video 0 RTP/SAVPF\r\n")},
	{"video refused", then("m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=inactive\r\n")},
	{"video", then("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:v\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n" +
		"a=fmtp:97 apt=96\r\na=sendrecv\r\n")},
	{"fax", then("m=image 4000 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\n")},
	{"data", then("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\na=sctp-port:5000\r\n")},
	{"text and messages", then("m=text 4002 RTP/AVP 98 99\r\na=rtpmap:98 t140/1000\r\nm=message 7394 TCP/MSRP *\r\n")},
	{"a second audio", then("m=audio 4004 RTP/AVP 0 8\r\na=recvonly\r\n")},
	{"a second audio refused", then("m=audio 0 RTP/AVP 0\r\n")},

	// Names and groups (RFC 5888, RFC 8843).
	{"no group", drop(`a=group:`)},
	{"no name", drop(`a=mid:`)},
	{"neither name nor group", drop(`a=(group|mid):`)},
	{"groups of other kinds", sub(`\r\nm=audio`, "\r\na=group:LS 0 1\r\na=group:FID 0 1\r\na=group:BUNDLE\r\nm=audio")},
	{"a group with more names", sub(`a=group:BUNDLE (\S+)`, "a=group:BUNDLE $1 video data")},

	// ICE (RFC 8839).
	{"all the ICE options", edits(drop(`a=ice-options`), more("a=ice-options:trickle renomination ice2 rtp+ecn google-ice"))},
	{"pacing and mismatch", more("a=ice-pacing:50", "a=ice-mismatch", "a=remote-candidates:1 192.0.2.1 4000")},
	{"no candidate", drop(`a=(candidate|end-of-candidates)`)},
	{"candidates with extensions", sub(`(?m)^(a=candidate:.* typ host).*\r$`,
		"$1 generation 0 ufrag abcd network-id 3 network-cost 10 x y\r")},
	{"UDP in capitals", sub(`(?m)^(a=candidate:\S+ 1) [uU][dD][pP] `, "$1 UDP ")},
	{"small letters of UDP", sub(`(?m)^(a=candidate:\S+ 1) [uU][dD][pP] `, "$1 udp ")},
	{"long foundations", sub(`(?m)^a=candidate:\S+ `, "a=candidate:Hc0a80101.-_long-long-long-long-long-long ")},
	{"candidates of RTCP", more("a=candidate:9 2 UDP 2130706430 192.0.2.9 40001 typ host", "a=rtcp:40001 IN IP4 192.0.2.9")},
	{"candidates of all kinds", more(
		"a=candidate:20 1 UDP 1694498815 198.51.100.9 40002 typ srflx raddr 192.0.2.9 rport 40002",
		"a=candidate:21 1 UDP 16777215 203.0.113.9 40004 typ relay raddr 0.0.0.0 rport 0",
		"a=candidate:22 1 UDP 16777215 203.0.113.9 40006 typ relay",
		"a=candidate:23 1 UDP 1862270975 198.51.100.9 40008 typ prflx raddr 192.0.2.9 rport 40002",
		"a=candidate:24 1 TCP 1518214911 192.0.2.9 9 typ host tcptype active",
		"a=candidate:25 1 tcp 1518214911 192.0.2.9 40010 typ host tcptype passive",
		"a=candidate:26 1 UDP 2130706431 2001:db8::9 40012 typ host",
		"a=candidate:27 1 UDP 2113937151 4f3e5a1c-0d0c-4c6e-9b8e-0a1b2c3d4e5f.local 40014 typ host")},
	{"candidates that are none", more("a=candidate:", "a=candidate:1 1 UDP 1 192.0.2.9",
		"a=candidate:1 1 TLS 1 192.0.2.9 443 typ host", "a=candidate:1 1 UDP x 192.0.2.9 4000 typ host",
		"a=candidate:1 1 UDP 1 media.example.com 4000 typ host",
		"a=candidate:1 1 UDP 1 fe80::1%eth0 4000 typ host", "a=candidate:1 1 UDP 1 [2001:db8::1] 4000 typ host",
		"a=candidate:1 1 UDP 1 192.0.2.9 99999 typ host", "a=candidate:1 1 UDP 1 192.0.2.9 4000 typ local",
		"a=candidate:1 1 TCP 1 192.0.2.9 9 typ host", "a=candidate:1 1 UDP 99999999999 192.0.2.9 4000 typ host",
		"a=candidate:1 1 UDP 1 0.0.0.0 4000 typ host", "a=candidate:1 1 UDP 1 192.0.2.9 0 typ host")},
	{"the end of the candidates", edits(drop(`a=end-of-candidates`), more("a=end-of-candidates"))},

	// DTLS (RFC 8122, RFC 8842).
	{"no DTLS role", drop(`a=setup`)},
	{"any DTLS role", sub(`a=setup:\w+`, "a=setup:actpass")},
	{"a DTLS role in capitals", sub(`a=setup:\w+`, "a=setup:ACTPASS")},
	{"a fingerprint in small letters", lower(`(?m)^a=fingerprint:.*\r$`)},
	{"the hash in capitals", sub(`a=fingerprint:sha-256`, "a=fingerprint:SHA-256")},
	{"two fingerprints", sub(`(?m)^(a=fingerprint:)`,
		"a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n$1")},
	{"fingerprints of other hashes", sub(`(?m)^(a=fingerprint:)`,
		"a=fingerprint:md5 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B\r\n"+
			"a=fingerprint:sha3-256 00\r\na=fingerprint:sha-256 12:34\r\n$1")},
	{"names of the association", more("a=tls-id:91bbf309c0990a6bec11e38ba2933cee", "a=dtls-id:1", "a=connection:existing",
		"a=identity:eyJpZHAi")},
	{"keys of SDES beside DTLS", more("a=crypto:1 AES_CM_128_HMAC_SHA1_80 " +
		"inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:32")},

	// RTP and RTCP (RFC 5761, RFC 4585, RFC 5506, RFC 8285).
	{"RTCP on its own port too", more("a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp-mux-only", "a=rtcp-rsize", "a=rtcp-xr:voip-metrics")},
	{"feedback", more("a=rtcp-fb:* nack", "a=rtcp-fb:* transport-cc", "a=rtcp-fb:* ccm fir", "a=rtcp-fb:0 nack pli",
		"a=rtcp-fb:")},
	{"header extensions", more("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
		"a=extmap:14/sendonly urn:ietf:params:rtp-hdrext:toffset", "a=extmap:4097 urn:x", "a=extmap:0 urn:y", "a=extmap:3",
		"a=extmap-allow-mixed")},
	{"no header extension", drop(`a=extmap`)},
	{"header extensions with other numbers", sub(`a=extmap:\d+`, "a=extmap:7")},
	{"streams", edits(drop(`a=(ssrc|msid)`), more("a=ssrc:1 cname:x", "a=ssrc:1 msid:- -", "a=ssrc:1", "a=ssrc-group:FID 1 2",
		"a=msid:-", "a=msid:", "a=msid-semantic: WMS *", "a=label:1", "a=mslabel:x", "a=content:main", "a=cname:x"))},
	{"layers", more("a=rid:1 send", "a=simulcast:send 1", "a=imageattr:* send *", "a=framerate:25")},

	// Codecs.
	{"old codecs among others", codecs("2 18 4 97 112", "a=rtpmap:2 G726-32/8000", "a=rtpmap:18 G729A/8000",
		"a=fmtp:18 annexb=no", "a=rtpmap:4 G723.1/8000", "a=fmtp:4 bitrate=6.3;annexa=no", "a=rtpmap:97 iLBC/8000",
		"a=fmtp:97 mode=30", "a=rtpmap:112 SILK/24000")},
	{"codecs of mobile networks", codecs("97 98 112", "a=rtpmap:97 AMR-WB/16000/1",
		"a=fmtp:97 mode-change-capability=2;max-red=0", "a=rtpmap:98 EVS/16000", "a=fmtp:98 br=5.9-24.4;bw=nb-swb",
		"a=rtpmap:112 telephone-event/16000", "a=fmtp:112 0-15")},
	{"numbers without a map", codecs("3 5 96 97 98")},
	{"numbers beyond all", codecs("128 255 1000 -1 x 72 08", "a=rtpmap:128 opus/48000/2", "a=rtpmap:72 L16/8000",
		"a=rtpmap:x PCMU/8000")},
	{"a number twice", codecs("0 8 0", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMU/8000")},
	{"PCMU in small letters", sub(`PCMU/8000`, "pcmu/8000")},
	{"OPUS in capitals", sub(`opus/48000`, "OPUS/48000")},
	{"one channel said", sub(`(PCM[UA]|telephone-event)/8000`, "$1/8000/1")},
	{"G.722 with its true clock", sub(`G722/8000`, "G722/16000")},
	{"opus without channels", sub(`opus/48000/2`, "opus/48000")},
	{"no maps of static numbers", drop(`a=rtpmap:[089] `)},
	{"spaces in maps", sub(`a=rtpmap:(\d+) `, "a=rtpmap: $1   ")},
	{"maps before the formats they are for", more("a=rtpmap:111", "a=rtpmap:", "a=fmtp:", "a=fmtp:0", "a=fmtp:99 x")},
	{"parameters that nobody knows", more("a=fmtp:0 x=1", "a=fmtp:8 \"a;b\"",
		"a=fmtp:111 minptime=10; useinbandfec=1;stereo=x;;=;cbr")},
	{"no parameters", drop(`a=fmtp:`)},
	{"events without flash", sub(`(a=fmtp:\d+) 0-1[56]`, "$1 0-11,16")},
	{"packets of 20 ms", more("a=ptime:20", "a=maxptime:150", "a=silenceSupp:off - - - -", "a=minptime:10")},
	{"packets of 30 ms", more("a=ptime:30", "a=maxptime:60")},
	{"packets of no length", more("a=ptime:0", "a=maxptime:", "a=ptime:20.0", "a=ptime:99999999999999999999")},
	{"telephone-event of another clock", codecs("105", "a=rtpmap:105 telephone-event/16000", "a=fmtp:105 0-15")},
	{"comfort noise", codecs("13", "a=rtpmap:13 CN/8000")},
	{"comfort noise of older telephones", codecs("19", "a=rtpmap:19 CN/8000")},
	{"comfort noise as G.726", codecs("2", "a=rtpmap:2 CN/8000")},
	{"comfort noise as DVI4", codecs("17", "a=rtpmap:17 CN/8000")},
	{"comfort noise as video", codecs("34", "a=rtpmap:34 CN/8000")},
	{"redundancy of nothing", codecs("105", "a=rtpmap:105 red/48000/2")},
	{"redundancy of a stranger", codecs("105", "a=rtpmap:105 red/48000/2", "a=fmtp:105 99/99")},
}

func TestEveryFormOfDescription(t *testing.T) {
	together(t, len(forms), func(i int) (string, func(t *testing.T)) { return forms[i].name, forms[i].works })
}

// fewer is how many of a long table a short run leaves out for each that it plays.
const fewer = 3

// together runs many subtests at once: they wait for audio, not for the processor.
func together(t *testing.T, n int, test func(i int) (name string, run func(t *testing.T))) {
	t.Helper()
	places := make(chan bool, atOnce)
	var all sync.WaitGroup
	for i := range n {
		if testing.Short() && n > 2*fewer && i%(fewer+1) != 0 {
			continue
		}
		places <- true
		all.Go(func() {
			t.Run(test(i))
			<-places
		})
	}
	all.Wait()
}

// works is a call in which one side writes in that form.
func (f form) works(t *testing.T) {
	a, b := open(t, media.Config{}), open(t, media.Config{})
	f.offered(t, "its offer", a, b)
	f.offered(t, "its offer in a call", a, b)
	f.answered(t, a, b)
	hear(t, "its offers, and its answer in a call", a, b)
	a.Close() // their audio would take the processor from the handshakes of others
	b.Close()
	c, d := open(t, media.Config{}), open(t, media.Config{})
	f.answered(t, c, d)
	hear(t, "its answer", c, d)
}

// offered lets b offer in that form.
func (f form) offered(t *testing.T, why string, a, b media.Session) {
	t.Helper()
	sdp := f.edit(string(offer(t, b, media.SendRecv)))
	reply := answer(t, a, []byte(sdp), media.SendRecv)
	wantMirrored(t, why, sdp, string(reply))
	apply(t, b, reply)
}

// answered lets b answer in that form.
func (f form) answered(t *testing.T, a, b media.Session) {
	t.Helper()
	apply(t, a, []byte(f.edit(string(answer(t, b, offer(t, a, media.SendRecv), media.SendRecv)))))
}

func hear(t *testing.T, why string, a, b media.Session) {
	t.Helper()
	awaitSound(t, why, a)
	awaitSound(t, why, b)
}

var (
	mediaLine = regexp.MustCompile(`(?m)^m=(\S+) +(\S+) +(\S+)( .*\S)?\s*$`)
	nameLine  = regexp.MustCompile(`(?m)^a=mid:(\S+)`)
	groupLine = regexp.MustCompile(`(?m)^a=group:BUNDLE \S`)
)

// wantMirrored compares an answer with its offer (RFC 3264 section 6): each section in its place, by its protocol, with a format;
// names and groups only where the offer has them.
func wantMirrored(t *testing.T, why, offer, answer string) {
	t.Helper()
	offered, answered := mediaLine.FindAllStringSubmatch(offer, -1), mediaLine.FindAllStringSubmatch(answer, -1)
	if len(offered) != len(answered) {
		t.Fatalf("%s: %d sections, want %d:\n%s\noffered\n%s", why, len(answered), len(offered), answer, offer)
	}
	taken := 0
	for i, m := range answered {
		if m[1] != offered[i][1] || m[3] != offered[i][3] || strings.TrimSpace(m[4]) == "" {
			t.Errorf("%s: %q answers %q", why, m[0], offered[i][0])
		}
		if m[2] != "0" {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%s: %d sections are taken:\n%s", why, taken, answer)
	}
	name := nameLine.FindStringSubmatch(answer)
	if name != nil && !strings.Contains(offer, name[0]) || name == nil && nameLine.MatchString(offer) {
		t.Errorf("%s: the audio is called %q:\n%s\noffered\n%s", why, name, answer, offer)
	}
	if groupLine.MatchString(answer) && !groupLine.MatchString(offer) {
		t.Errorf("%s: a group that was not offered:\n%s", why, answer)
	}
}

func sub(pattern, with string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(sdp string) string { return re.ReplaceAllString(sdp, with) }
}

// drop takes out the lines that begin so.
func drop(pattern string) func(string) string { return sub(`(?m)^`+pattern+`.*\n`, "") }

// lower writes what fits in small letters.
func lower(pattern string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(sdp string) string { return re.ReplaceAllStringFunc(sdp, strings.ToLower) }
}

// lift moves the lines that begin so from the audio section to the session.
func lift(pattern string) func(string) string {
	re := regexp.MustCompile(`(?m)^` + pattern + `.*\n`)
	return func(sdp string) string {
		head, audio := cutAudio(sdp)
		return head + strings.Join(re.FindAllString(audio, -1), "") + re.ReplaceAllString(audio, "")
	}
}

// more adds lines to the audio section.
func more(lines ...string) func(string) string {
	return func(sdp string) string { return sdp + strings.Join(lines, "\r\n") + "\r\n" }
}

// then adds sections behind the audio.
func then(sections string) func(string) string {
	return func(sdp string) string { return sdp + sections }
}

// codecs adds formats to the audio.
func codecs(numbers string, lines ...string) func(string) string {
	return edits(sub(`(m=audio.*)\r\n`, "$1 "+numbers+"\r\n"), more(lines...))
}

func edits(list ...func(string) string) func(string) string {
	return func(sdp string) string {
		for _, edit := range list {
			sdp = edit(sdp)
		}
		return sdp
	}
}

func cutAudio(sdp string) (head, audio string) {
	i := strings.Index(sdp, "m=audio")
	return sdp[:i], sdp[i:]
}
