package media

import "fmt"

// paper is a peer that is nothing but its local description.
type paper struct {
	peer
	text string
}

func (p paper) local() (string, bool) { return p.text, true }

// dryRun reads and writes a call's descriptions once, for nobody: a browser compiles a function of a WebAssembly program when it
// is first called, and between an answer and the first sound there is no time for that.
func (s *session) dryRun() error {
	dry, p, k := &session{cfg: s.cfg, rules: s.rules, hw: s.hw}, paper{text: sample}, told{}
	sent, err := dry.compose(p, true)
	if err != nil {
		return fmt.Errorf("dry run of an offer: %w", err)
	}
	r, _, err := dry.readRemote(sent, true)
	if err == nil {
		_, err = dry.forOffer(p, &k, r)
	}
	if err == nil {
		a := draft{peer: p, told: k}
		a.settle()
		_, err = dry.compose(p, false)
	}
	if err == nil {
		k = dry.knowledge(p)
		_, err = dry.forAnswer(p, &k, r)
	}
	if err != nil {
		return fmt.Errorf("dry run of an answer: %w", err)
	}
	return nil
}

// sample is a description as browsers write it.
const sample = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS s\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
	"a=candidate:1 1 udp 2122194687 192.0.2.1 40000 typ host generation 0 network-id 1\r\n" +
	"a=candidate:2 1 udp 2122063615 2001:db8::1 40001 typ host generation 0 network-id 2\r\n" +
	"a=ice-ufrag:dry1\r\na=ice-pwd:drydrydrydrydrydrydrydry\r\na=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00" +
	":00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\r\n" +
	"a=setup:actpass\r\na=mid:0\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n" +
	"a=extmap:3 " + congestionURI + "\r\n" +
	"a=sendrecv\r\na=msid:s t\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n" +
	"a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\n" +
	"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\n" +
	"a=rtpmap:126 telephone-event/8000\r\na=ssrc:1 cname:dry\r\na=ssrc:1 msid:s t\r\n"
