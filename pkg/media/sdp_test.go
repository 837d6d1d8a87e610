package media

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

const chromiumAudio = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"a=extmap-allow-mixed\r\na=msid-semantic: WMS s\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
	"a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3x\r\na=ice-options:trickle renomination\r\n" +
	"a=fingerprint:sha-256 AB:CD\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n" +
	"a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n" +
	"a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n" +
	"a=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n"

func mustParse(t *testing.T, text string) description {
	t.Helper()
	d, err := parseDescription([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDescriptionKeepsWhatItDoesNotKnow(t *testing.T) {
	if got := mustParse(t, chromiumAudio).String(); got != chromiumAudio {
		t.Errorf("got\n%s\nwant\n%s", got, chromiumAudio)
	}
	if got := mustParse(t, strings.ReplaceAll(chromiumAudio, "\r\n", "\n")).String(); got != chromiumAudio {
		t.Errorf("bare line feeds are read, CR LF is written:\n%s", got)
	}
}

func TestDescriptionRefusesWhatIsNone(t *testing.T) {
	for _, text := range []string{"", "hello", "v=1\r\n", "v=0\r\nm=audio\r\n", "v=0\r\ns=\x00\r\n",
		"v=0\r\ns=" + strings.Repeat("x", maxSDP) + "\r\n"} {
		if _, err := parseDescription([]byte(text)); !errors.Is(err, ErrBadSDP) {
			t.Errorf("%.20q: %v, want ErrBadSDP", text, err)
		}
	}
}

func TestCodecRulesApply(t *testing.T) {
	for _, test := range []struct {
		why              string
		remove, priority []string
		want             string // formats, or "" for ErrNoCodec
	}{
		{"nothing asked", nil, nil, "111 63 9 0 8 13 110 126"},
		{"both laws go", []string{"PC.*"}, nil, "111 63 9 13 110 126"},
		{"case does not matter", []string{"pcmu", "Telephone.*"}, nil, "111 63 9 8 13"},
		{"a pattern begins at the start of the name", []string{"CMU", "vent"}, nil, "111 63 9 0 8 13 110 126"},
		{"redundancy goes with its codec", []string{"opus"}, nil, "9 0 8 13 110 126"},
		{"redundancy alone", []string{"red.*"}, nil, "111 9 0 8 13 110 126"},
		{"first patterns first", nil, []string{"PCMA", "PC.*"}, "8 0 111 63 9 13 110 126"},
		{"blank patterns say nothing", []string{" "}, []string{""}, "111 63 9 0 8 13 110 126"},
		{"everything", []string{".*"}, nil, ""},
		{"no voice left", []string{"opus", "PC.*", "G722"}, nil, ""},
	} {
		rules, err := newCodecRules(Config{CodecDelete: test.remove, CodecPriority: test.priority})
		if err != nil {
			t.Fatal(err)
		}
		s := mustParse(t, chromiumAudio).media[0]
		err = rules.apply(&s)
		if test.want == "" {
			if !errors.Is(err, ErrNoCodec) {
				t.Errorf("%s: %v, want ErrNoCodec", test.why, err)
			}
			continue
		}
		if got := strings.Join(s.formats(), " "); err != nil || got != test.want {
			t.Errorf("%s: %s, %v, want %s", test.why, got, err, test.want)
		}
		for _, line := range s.lines {
			name, value := splitAttribute(line)
			payload, _, _ := strings.Cut(value, " ")
			if slices.Contains([]string{"rtpmap", "fmtp", "rtcp-fb"}, name) && !slices.Contains(s.formats(), payload) {
				t.Errorf("%s: %q describes a format that is gone", test.why, line)
			}
		}
	}
	if _, err := newCodecRules(Config{CodecDelete: []string{"("}}); err == nil {
		t.Error("a pattern that is none must be refused")
	}
}

func TestStaticPayloadTypesNeedNoMap(t *testing.T) {
	s := section{lines: []string{"m=audio 9 UDP/TLS/RTP/SAVPF 0 8 18 97"}}
	rules, _ := newCodecRules(Config{CodecDelete: []string{"G729", "PCMU"}})
	if err := rules.apply(&s); err != nil || strings.Join(s.formats(), " ") != "8 97" {
		t.Errorf("formats %v, %v, want 8 and the unknown 97", s.formats(), err)
	}
}

func TestDirections(t *testing.T) {
	for _, test := range []struct{ want, offered, answer Direction }{
		{SendRecv, SendRecv, SendRecv}, {SendRecv, SendOnly, RecvOnly}, {SendRecv, RecvOnly, SendOnly},
		{SendRecv, Inactive, Inactive}, {SendOnly, SendRecv, SendOnly}, {SendOnly, SendOnly, Inactive},
		{RecvOnly, SendOnly, RecvOnly}, {RecvOnly, RecvOnly, Inactive}, {Inactive, SendRecv, Inactive},
	} {
		if got := test.want.answerTo(test.offered); got != test.answer {
			t.Errorf("%s answering %s: %s, want %s", test.want, test.offered, got, test.answer)
		}
	}
	d := mustParse(t, "v=0\r\na=sendonly\r\nm=audio 9 RTP/AVP 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n")
	if got := d.direction(d.media[0]); got != SendOnly {
		t.Errorf("direction of the session: %s", got)
	}
	if got := d.direction(d.media[1]); got != Inactive {
		t.Errorf("direction of the section: %s", got)
	}
	d.media[0].setDirection(RecvOnly)
	if got := d.direction(d.media[0]); got != RecvOnly {
		t.Errorf("direction set: %s", got)
	}
}

func TestReplacedPeer(t *testing.T) {
	old := endpoint{"u1", "F1"}
	for why, test := range map[string]struct {
		next endpoint
		want bool
	}{"same": {endpoint{"u1", "F1"}, false}, "ICE restart": {endpoint{"u2", "F1"}, false},
		"another machine": {endpoint{"u2", "F2"}, true}} {
		if got := old.replacedBy(test.next); got != test.want {
			t.Errorf("%s: %v", why, got)
		}
	}
	if (endpoint{}).replacedBy(old) {
		t.Error("the first description replaces nothing")
	}
}

func TestDefaultAddress(t *testing.T) {
	const (
		host  = "a=candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host"
		host6 = "a=candidate:2 1 udp 2130706430 2001:db8::7 40001 typ host"
		srflx = "a=candidate:3 1 UDP 1694498815 198.51.100.7 50000 typ srflx raddr 192.0.2.7 rport 40000"
		relay = "a=candidate:4 1 udp 16777215 203.0.113.7 60000 typ relay raddr 0.0.0.0 rport 0"
		mdns  = "a=candidate:5 1 udp 2113937151 4f3e.local 40002 typ host"
		tcp   = "a=candidate:6 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active"
	)
	for _, test := range []struct {
		why        string
		candidates []string
		want       string // port and connection line
	}{
		{"none", nil, "9 c=IN IP4 0.0.0.0"},
		{"mDNS and TCP lead nowhere", []string{mdns, tcp}, "9 c=IN IP4 0.0.0.0"},
		{"host", []string{mdns, host6, host}, "40000 c=IN IP4 192.0.2.7"},
		{"IPv6 only", []string{host6}, "40001 c=IN IP6 2001:db8::7"},
		{"reflexive before host", []string{host, srflx}, "50000 c=IN IP4 198.51.100.7"},
		{"relayed before all", []string{host, srflx, relay}, "60000 c=IN IP4 203.0.113.7"},
	} {
		for _, c := range [][]string{{"c=IN IP4 0.0.0.0"}, nil} {
			s := section{lines: slices.Concat([]string{"m=audio 9 UDP/TLS/RTP/SAVPF 0"}, c, test.candidates)}
			s.setDefaultAddress()
			if got := s.fields()[1] + " " + s.lines[1]; got != test.want {
				t.Errorf("%s: %s, want %s", test.why, got, test.want)
			}
		}
	}
}

func TestLayoutKeepsEverySection(t *testing.T) {
	text := chromiumAudio[:strings.Index(chromiumAudio, "m=audio")] +
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\n" + chromiumAudio[strings.Index(chromiumAudio, "m=audio"):] +
		"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n"
	var l layout
	d, err := l.collapse(mustParse(t, text), true)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.media) != 1 || d.media[0].kind() != "audio" {
		t.Fatalf("only audio goes to the peer connection:\n%s", d)
	}
	var lines []string
	for _, s := range l.expand(d).media {
		lines = append(lines, s.lines[0])
	}
	want := []string{"m=video 0 UDP/TLS/RTP/SAVPF 96", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
		"m=application 0 UDP/DTLS/SCTP webrtc-datachannel"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestDialogKeepsTheNameOfItsAudio(t *testing.T) {
	d := mustParse(t, chromiumAudio)
	d.setMID("audio")
	if d.mid() != "audio" || !slices.Contains(d.session, "a=group:BUNDLE audio") {
		t.Errorf("renamed:\n%s", d)
	}
	dropMID(&d)
	if text := d.String(); strings.Contains(text, "a=mid") || strings.Contains(text, "a=group") {
		t.Errorf("a peer that knows no names must see none:\n%s", text)
	}
	d.setMID("0")
	if strings.Contains(d.String(), "a=group") {
		t.Errorf("no group is made up:\n%s", d)
	}
}

func TestTrickleIsNotAnnounced(t *testing.T) {
	got := dropTrickle([]string{"a=ice-options:trickle", "a=ice-options:trickle renomination", "a=ice-options:ice2", "a=x"})
	want := []string{"a=ice-options:renomination", "a=ice-options:ice2", "a=x"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUsefulCandidates(t *testing.T) {
	stun := []ICEServer{{URLs: []string{"stun:stun.example.com"}}}
	for _, test := range []struct {
		why  string
		cfg  Config
		seen string
		want bool
	}{
		{"nothing yet", Config{}, "", false},
		{"no server: host is all there is", Config{}, "host", true},
		{"a server: host is not enough", Config{ICEServers: stun}, "host", false},
		{"a server: reflexive", Config{ICEServers: stun}, "host srflx", true},
		{"a server: relayed", Config{ICEServers: stun}, "relay", true},
		{"relay only", Config{ICEServers: stun, ICETransportPolicy: "relay"}, "host srflx", false},
		{"relay only, relayed", Config{ICEServers: stun, ICETransportPolicy: "relay"}, "relay", true},
		{"host is enough when asked for", Config{ICEServers: stun, GatherPolicy: GatherHost}, "host", true},
		{"all", Config{GatherPolicy: GatherAll}, "host srflx relay", false},
	} {
		var g gathering
		for typ := range strings.FieldsSeq(test.seen) {
			g.candidates = append(g.candidates, foundCandidate(typ))
		}
		if got := g.useful(test.cfg); got != test.want {
			t.Errorf("%s: %v", test.why, got)
		}
	}
}

func TestG711(t *testing.T) {
	for name, l := range laws {
		for v := math.MinInt16; v <= math.MaxInt16; v++ {
			got := int(l.decode(l.encode(int16(v))))
			if diff := math.Abs(float64(got - v)); diff > 16 && diff > 0.04*math.Abs(float64(v)) {
				t.Fatalf("%s: %d came back as %d", name, v, got)
			}
		}
		for b := range 256 {
			if again := l.encode(l.decode(byte(b))); again != byte(b) && l.decode(again) != l.decode(byte(b)) {
				t.Fatalf("%s: code %#x came back as %#x", name, b, again)
			}
		}
	}
	if encodeMu(0) != 0xff || encodeA(0) != 0xd5 || decodeMu(0x00) != -32124 || decodeA(0xaa) != 32256 {
		t.Errorf("G.711 values: %#x %#x %d %d", encodeMu(0), encodeA(0), decodeMu(0x00), decodeA(0xaa))
	}
}

func TestTonesAsRFC4733(t *testing.T) {
	var out toneSender
	out.add("5#")
	var in toneReader
	var heard string
	var packets, ends int
	timestamp := uint32(1000)
	for step := 0; ; step++ {
		p, busy := out.next()
		if !busy {
			break
		}
		if p.silent {
			timestamp += frameSamples
			continue
		}
		if p.first {
			timestamp += frameSamples
		}
		packets++
		if p.payload[1]&0x80 != 0 {
			ends++
			if duration := int(p.payload[2])<<8 | int(p.payload[3]); duration != 800 {
				t.Errorf("duration %d at the end, want 100 ms", duration)
			}
		}
		if tone, begins := in.read(timestamp, p.payload); begins {
			heard += string(tone)
		}
		if step > 100 {
			t.Fatal("it does not end")
		}
	}
	if heard != "5#" || packets != 16 || ends != 6 {
		t.Errorf("heard %q in %d packets with %d ends, want 5# in 16 with 6", heard, packets, ends)
	}
	for _, bad := range [][]byte{nil, {1, 2, 3}, {200, 0, 0, 0}} {
		if _, begins := in.read(9, bad); begins {
			t.Errorf("%v is no tone", bad)
		}
	}
}
