package media

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// audioWith reads a description whose audio section has these lines.
func audioWith(t *testing.T, lines ...string) remoteAudio {
	t.Helper()
	d := mustParse(t, "v=0\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n"+strings.Join(lines, "\r\n")+"\r\n")
	return d.audioOf(d.media[0])
}

// audioIn reads one whose session has these lines.
func audioIn(t *testing.T, lines ...string) remoteAudio {
	t.Helper()
	d := mustParse(t, "v=0\r\n"+strings.Join(lines, "\r\n")+"\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n")
	return d.audioOf(d.media[0])
}

func TestDirectionOfARemoteDescription(t *testing.T) {
	const (
		session = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
		audio   = "m=audio 4000 RTP/AVP 0\r\n"
		ice     = "a=ice-ufrag:abcd\r\n"
	)
	for _, test := range []struct {
		why, sdp string
		want     Direction
	}{
		{"nothing said", session + audio, SendRecv},
		{"in the section", session + audio + "a=sendonly\r\n", SendOnly},
		{"in the session", session + "a=inactive\r\n" + audio, Inactive},
		{"the section counts more", session + "a=inactive\r\n" + audio + "a=recvonly\r\n", RecvOnly},
		{"also where it says the default", session + "a=inactive\r\n" + audio + "a=sendrecv\r\n", SendRecv},
		{"a space behind", session + audio + "a=sendonly \r\n", SendOnly},
		{"a tab behind", session + "a=inactive\t\r\n" + audio, Inactive},
		{"capitals", session + audio + "a=SendOnly\r\n", SendOnly},
		{"the last of two", session + audio + "a=sendrecv\r\na=sendonly\r\n", SendOnly},
		{"bare line feeds", strings.ReplaceAll(session+audio+"a=recvonly\r\n", "\r\n", "\n"), RecvOnly},
		{"an attribute that only begins so", session + audio + "a=sendonlyish\r\na=x-inactive\r\n", SendRecv},
		{"hold by address", session + audio + "c=IN IP4 0.0.0.0\r\n", SendOnly},
		{"hold by address of the session", session + "c=IN IP4 0.0.0.0\r\n" + audio, SendOnly},
		{"the section has an address", session + "c=IN IP4 0.0.0.0\r\n" + audio + "c=IN IP4 192.0.2.1\r\n", SendRecv},
		{"the section has none", session + "c=IN IP4 192.0.2.1\r\n" + audio + "c=IN IP4 0.0.0.0\r\n", SendOnly},
		{"hold by IPv6 address", session + audio + "c=IN IP6 ::\r\n", SendOnly},
		{"a long one", session + audio + "c=IN IP6 0:0:0:0:0:0:0:0 \r\n", SendOnly},
		{"with a scope", session + audio + "c=IN IP4 0.0.0.0/127\r\n", SendOnly},
		{"hold by name", session + audio + "c=IN IP6 hold.Invalid\r\n", SendOnly},
		{"hold by address and word", session + audio + "c=IN IP4 0.0.0.0\r\na=sendonly\r\n", SendOnly},
		{"who only receives, nowhere", session + audio + "c=IN IP4 0.0.0.0\r\na=recvonly\r\n", Inactive},
		{"no address yet, but ICE", session + audio + "c=IN IP4 0.0.0.0\r\n" + ice, SendRecv},
		{"ICE of the session", session + ice + audio + "c=IN IP6 ::\r\n", SendRecv},
		{"ICE of the video", session + audio + "c=IN IP4 0.0.0.0\r\nm=video 4002 RTP/AVP 96\r\n" + ice, SendOnly},
		{"an address like it", session + audio + "c=IN IP4 0.0.0.1\r\n", SendRecv},
		{"a broken connection", session + audio + "c=IN\r\n", SendRecv},
		{"that of the video is no matter", session + audio + "m=video 4002 RTP/AVP 96\r\na=inactive\r\n", SendRecv},
		{"video first", session + "m=video 4002 RTP/AVP 96\r\na=inactive\r\n" + audio + "a=sendonly\r\n", SendOnly},
		{"refused audio first", session + "m=audio 0 RTP/AVP 0\r\na=inactive\r\n" + audio + "a=sendonly\r\n", SendOnly},
		{"audio refused", session + "m=audio 0 RTP/AVP 0\r\na=inactive\r\n", Inactive},
		{"no audio", session + "m=video 4002 RTP/AVP 96\r\na=inactive\r\n", SendRecv},
		{"no media", session + "a=inactive\r\n", SendRecv},
		{"nothing", "", SendRecv},
		{"no description", "hello\r\na=inactive\r\n", SendRecv},
	} {
		if got := RemoteDirection([]byte(test.sdp)); got != test.want {
			t.Errorf("%s: %s, want %s", test.why, got, test.want)
		}
	}
}

// TestDirectionAsTheSessionHasIt: the agent and the audio of a call read the same.
func TestDirectionAsTheSessionHasIt(t *testing.T) {
	for _, dir := range directions {
		for _, line := range []string{"a=%s", "a=%s ", "a=%s\t "} {
			offer := strings.Replace(theirs{}.String(), "a=sendrecv", strings.Replace(line, "%s", string(dir), 1), 1)
			s, hw := newFakeSession(t, Config{})
			if _, err := s.Answer(t.Context(), []byte(offer), SendRecv); err != nil {
				t.Fatal(err)
			}
			wantText(t, "told", hw.last().told(), "\r\na="+string(RemoteDirection([]byte(offer)))+"\r\n")
			if got := RemoteDirection([]byte(offer)); got != dir {
				t.Errorf("%q is read as %s", line, got)
			}
			if s.listening != dir.sends() {
				t.Errorf("%s: listening %v", dir, s.listening)
			}
		}
	}
}

// audioLine is a section of a kind, for the choice among them.
func audioLine(kind string) string {
	ice := "a=ice-ufrag:abcd\r\na=ice-pwd:" + strings.Repeat("p", 22) + "\r\n"
	dtls := "a=fingerprint:sha-256 " + hash("AB") + "\r\n"
	return map[string]string{
		"plain":   "m=audio 4000 RTP/AVP 0 8\r\n",
		"sdes":    "m=audio 4000 RTP/SAVP 0 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n",
		"webrtc":  "m=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\n" + ice + dtls,
		"old":     "m=audio 9 RTP/SAVPF 0 8\r\n" + ice + dtls,
		"mixed":   "m=audio 9 RTP/AVP 0 8\r\n" + ice + dtls,
		"foreign": "m=audio 9 UDP/TLS/RTP/SAVPF 18\r\n" + ice + dtls,
		"no ICE":  "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" + dtls,
		"no DTLS": "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" + ice,
		"bundled": "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=bundle-only\r\n" + ice + dtls,
		"refused": "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n" + ice + dtls,
		"empty":   "m=audio 9 UDP/TLS/RTP/SAVPF\r\n" + ice + dtls,
		"video":   "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + ice + dtls,
		"fax":     "m=image 4000 udptl t38\r\n",
	}[kind]
}

func TestChoiceOfTheAudioLine(t *testing.T) {
	for _, test := range []struct {
		lines string
		want  int
	}{
		{"webrtc", 0},
		{"plain,webrtc", 1},
		{"webrtc,plain", 0},
		{"sdes,plain,webrtc", 2},
		{"video,plain,fax,webrtc", 3},
		{"refused,webrtc", 1},
		{"empty,webrtc", 1},
		{"no ICE,webrtc", 1},
		{"no DTLS,webrtc", 1},
		{"foreign,webrtc", 1},
		{"webrtc,webrtc", 0},
		{"foreign,plain", 0},
		{"mixed,webrtc", 1},
		{"mixed,plain", 0},
		{"mixed,old", 1},
		{"old,webrtc", 0},
		{"bundled,plain", 0},
		{"plain,bundled", 1},
		{"plain,sdes", 0},
		{"refused,plain", 1},
		{"refused,empty", 0},
		{"video", -1},
		{"fax,video", -1},
	} {
		text := "v=0\r\n"
		for kind := range strings.SplitSeq(test.lines, ",") {
			text += audioLine(kind)
		}
		if got := mustParse(t, text).audioIndex(); got != test.want {
			t.Errorf("%s: line %d, want %d", test.lines, got, test.want)
		}
	}
	session := mustParse(t, "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:"+strings.Repeat("p",
		22)+"\r\na=fingerprint:sha-256 "+hash("AB")+"\r\n"+
		audioLine("plain")+"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n")
	if got := session.audioIndex(); got != 1 {
		t.Errorf("ICE and DTLS of the session: line %d, want that whose protocol says so", got)
	}
}

func TestFingerprints(t *testing.T) {
	best := "sha-256 " + hash("AB")
	sha1 := strings.TrimSuffix(strings.Repeat("CD:", 20), ":")
	sha512 := strings.TrimSuffix(strings.Repeat("EF:", 64), ":")
	for _, test := range []struct {
		why   string
		lines []string
		want  string
	}{
		{"one", []string{best}, best},
		{"small letters", []string{strings.ToLower(best)}, best},
		{"capitals", []string{strings.ToUpper(best)}, best},
		{"spaces", []string{"  sha-256   " + hash("AB") + " "}, best},
		{"a weaker one beside", []string{"sha-1 " + sha1, best}, best},
		{"a stronger one beside", []string{"sha-512 " + sha512, best}, best},
		{"only the old one", []string{"sha-1 " + sha1}, "sha-1 " + sha1},
		{"only the long one", []string{"sha-512 " + sha512}, "sha-512 " + sha512},
		{"two of a kind", []string{best, "sha-256 " + hash("CD")}, best},
		{"a broken one first", []string{"sha-256 AB:CD", best}, best},
		{"too short", []string{"sha-256 AB:CD"}, ""},
		{"of another length", []string{"sha-1 " + hash("AB")}, ""},
		{"no colons", []string{"sha-256 " + strings.Repeat("AB", 32)}, ""},
		{"no hex", []string{"sha-256 " + hash("XY")}, ""},
		{"unknown", []string{"md5 " + strings.TrimSuffix(strings.Repeat("AB:", 16), ":")}, ""},
		{"no value", []string{"sha-256", ""}, ""},
		{"none", nil, ""},
	} {
		var lines []string
		for _, l := range test.lines {
			lines = append(lines, "a=fingerprint:"+l)
		}
		if got := audioWith(t, lines...).fingerprint; got != test.want {
			t.Errorf("%s: %q, want %q", test.why, got, test.want)
		}
		if got := audioIn(t, lines...).fingerprint; got != test.want {
			t.Errorf("%s, of the session: %q, want %q", test.why, got, test.want)
		}
	}
}

func TestSetupOfTheOtherSide(t *testing.T) {
	for line, want := range map[string]string{
		"a=setup:active": "active", "a=setup:passive": "passive", "a=setup:actpass": "actpass", "a=setup:ACTIVE": "active",
		"a=setup: passive": "passive", "a=setup:active x": "active", "a=setup:holdconn": "actpass", "a=setup:": "actpass",
		"a=setup": "actpass", "a=x": "actpass",
	} {
		if got := audioWith(t, line).setup; got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
		if got := audioIn(t, line).setup; got != want {
			t.Errorf("%s of the session: %s, want %s", line, got, want)
		}
	}
	if oppositeSetup("active") != "passive" || oppositeSetup("passive") != "active" || oppositeSetup("actpass") != "active" {
		t.Error("the roles are not opposite")
	}
}

func TestICECredentials(t *testing.T) {
	long := strings.Repeat("x", 257)
	for _, test := range []struct {
		ufrag, pwd string
		want       error
	}{
		{"abcd", strings.Repeat("p", 22), nil},
		{"a+/9", strings.Repeat("+", 256), nil},
		{"a-_=#", strings.Repeat("-_=#", 6), nil},
		{"", "", ErrNoICE},
		{"abc", strings.Repeat("p", 22), ErrBadSDP},
		{"abcd", strings.Repeat("p", 21), ErrBadSDP},
		{long, strings.Repeat("p", 22), ErrBadSDP},
		{"abcd", long, ErrBadSDP},
		{"", strings.Repeat("p", 22), ErrBadSDP},
		{"abcd", "", ErrBadSDP},
		{"ab\"d", strings.Repeat("p", 22), ErrBadSDP},
		{"äöüß", strings.Repeat("p", 22), ErrBadSDP},
	} {
		lines := []string{"a=fingerprint:sha-256 " + hash("AB"), "a=ice-ufrag:" + test.ufrag, "a=ice-pwd:" + test.pwd}
		for _, r := range []remoteAudio{audioWith(t, lines...), audioIn(t, lines...)} {
			if err := r.secure(); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("%.8q %.30q: %v, want %v", test.ufrag, test.pwd, err, test.want)
			}
		}
	}
	if err := audioWith(t, "a=ice-ufrag:abcd", "a=ice-pwd:"+strings.Repeat("p", 22)).secure(); !errors.Is(err, ErrNotSecure) {
		t.Errorf("without fingerprint: %v", err)
	}
	if r := audioWith(t, "a=ice-ufrag: abcd  more", "a=ice-ufrag:efgh"); r.ufrag != "abcd" {
		t.Errorf("ufrag %q, want the first word of the first line", r.ufrag)
	}
}

func TestReasonsAreDescriptionsFaults(t *testing.T) {
	reasons := []error{ErrNoAudio, ErrNotSecure, ErrNoICE, ErrNoRTCPMux, ErrNoCommonCodec}
	for i, reason := range reasons {
		if !errors.Is(reason, ErrBadSDP) {
			t.Errorf("%v is no ErrBadSDP", reason)
		}
		for j, other := range reasons {
			if i != j && errors.Is(reason, other) {
				t.Errorf("%v is also %v", reason, other)
			}
		}
	}
	if errors.Is(ErrNoCodec, ErrBadSDP) || errors.Is(ErrNoCandidate, ErrBadSDP) {
		t.Error("what is missing here is no fault of the other side")
	}
}

func TestPacketLengths(t *testing.T) {
	for value, want := range map[string]int{
		"20": 20, " 30 ": 30, "10": 10, "240": 240, "9": 0, "241": 0, "0": 0, "-20": 0, "20.0": 0, "": 0, "x": 0,
		"99999999999999999999": 0, "20 40": 0,
	} {
		r := audioWith(t, "a=ptime:"+value, "a=maxptime:"+value)
		if r.ptime != want || r.maxPtime != want {
			t.Errorf("%q: %d and %d, want %d", value, r.ptime, r.maxPtime, want)
		}
	}
}

func TestFlagsOfADescription(t *testing.T) {
	r := audioWith(t, "a=rtcp-mux", "a=end-of-candidates", "a=ice-lite")
	if !r.rtcpMux || !r.complete || !r.lite {
		t.Errorf("in the section: %+v", r)
	}
	r = audioIn(t, "a=ice-lite")
	if r.rtcpMux || r.complete || !r.lite {
		t.Errorf("in the session: %+v", r)
	}
	if r := audioIn(t, "a=rtcp-mux"); r.rtcpMux {
		t.Error("a=rtcp-mux is an attribute of sections only (RFC 5761 section 8)")
	}
	if r := audioWith(t, "a=rtcp-mux-only"); r.rtcpMux {
		t.Error("another attribute that begins so (RFC 8858 wants both)")
	}
}

func TestNumberOfTheHeaderExtension(t *testing.T) {
	for line, want := range map[string]int{
		"a=extmap:3 " + congestionURI: 3, "a=extmap:14 " + congestionURI: 14, "a=extmap:5/sendonly " + congestionURI + " x": 5,
		"a=extmap:0 " + congestionURI: 0, "a=extmap:15 " + congestionURI: 0, "a=extmap:4097 " + congestionURI: 0,
		"a=extmap:x " + congestionURI: 0, "a=extmap:3": 0, "a=extmap:": 0, "a=extmap:3 urn:x": 0, "a=x": 0,
	} {
		if got := audioWith(t, line).congestion; got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
		if got := audioIn(t, line).congestion; got != want {
			t.Errorf("%s of the session: %d, want %d", line, got, want)
		}
	}
}

func TestCandidatesAreWrittenAnew(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"1 1 udp 2122260223 192.0.2.7 40000 typ host", "1 1 udp 2122260223 192.0.2.7 40000 typ host"},
		{"1 1 UDP 2122260223 192.0.2.7 40000 typ host generation 0 ufrag x network-id 1 network-cost 10",
			"1 1 udp 2122260223 192.0.2.7 40000 typ host"},
		{"H.c0-a_8 1 UDP 1 2001:db8::7 40000 TYP host", ""},
		{"H.c0-a_8 1 UDP 1 2001:db8::7 40000 typ HOST", "Hc0a8 1 udp 1 2001:db8::7 40000 typ host"},
		{strings.Repeat("f", 40) + " 1 udp 1 192.0.2.7 1 typ host", strings.Repeat("f", 32) + " 1 udp 1 192.0.2.7 1 typ host"},
		{"1 1 udp 1 192.0.2.7 65535 typ srflx raddr 10.0.0.1 rport 4000",
			"1 1 udp 1 192.0.2.7 65535 typ srflx raddr 10.0.0.1 rport 4000"},
		{"1 1 udp 1 192.0.2.7 4000 typ relay raddr 0.0.0.0 rport 0", "1 1 udp 1 192.0.2.7 4000 typ relay raddr 0.0.0.0 rport 0"},
		{"1 1 udp 1 192.0.2.7 4000 typ prflx", "1 1 udp 1 192.0.2.7 4000 typ prflx raddr 0.0.0.0 rport 0"},
		{"1 1 udp 1 192.0.2.7 4000 typ srflx raddr x rport y", "1 1 udp 1 192.0.2.7 4000 typ srflx raddr 0.0.0.0 rport 0"},
		{"1 1 udp 1 192.0.2.7 4000 typ srflx raddr 10.0.0.1 rport 70000",
			"1 1 udp 1 192.0.2.7 4000 typ srflx raddr 0.0.0.0 rport 0"},
		{"1 1 tcp 1 192.0.2.7 9 typ host tcptype active", "1 1 tcp 1 192.0.2.7 9 typ host tcptype active"},
		{"1 1 TCP 1 192.0.2.7 443 typ host generation 0 tcptype PASSIVE", "1 1 tcp 1 192.0.2.7 443 typ host tcptype passive"},
		{"1 1 udp 1 4f3e-5a1c.local 4000 typ host", "1 1 udp 1 4f3e-5a1c.local 4000 typ host"},
		{"1 1 udp 1 4F3E.LOCAL 4000 typ host", "1 1 udp 1 4F3E.LOCAL 4000 typ host"},
		{"1 2 udp 1 192.0.2.7 4001 typ host", ""},
		{"1 0 udp 1 192.0.2.7 4001 typ host", ""},
		{"1 1 tcp 1 192.0.2.7 9 typ host", ""},
		{"1 1 tcp 1 192.0.2.7 9 typ host tcptype simultaneous", ""},
		{"1 1 tls 1 192.0.2.7 443 typ host", ""},
		{"1 1 udp -1 192.0.2.7 4000 typ host", ""},
		{"1 1 udp 4294967296 192.0.2.7 4000 typ host", ""},
		{"1 1 udp x 192.0.2.7 4000 typ host", ""},
		{"1 1 udp 1 192.0.2.7 0 typ host", ""},
		{"1 1 udp 1 192.0.2.7 65536 typ host", ""},
		{"1 1 udp 1 192.0.2.7 x typ host", ""},
		{"1 1 udp 1 192.0.2.7 4000 typ local", ""},
		{"1 1 udp 1 192.0.2.7 4000 kind host", ""},
		{"1 1 udp 1 0.0.0.0 4000 typ host", ""},
		{"1 1 udp 1 :: 4000 typ host", ""},
		{"1 1 udp 1 233.252.0.1 4000 typ host", ""},
		{"1 1 udp 1 fe80::1%eth0 4000 typ host", ""},
		{"1 1 udp 1 [2001:db8::1] 4000 typ host", ""},
		{"1 1 udp 1 media.example.com 4000 typ host", ""},
		{"1 1 udp 1 a.b.local 4000 typ host", ""},
		{"1 1 udp 1 .local 4000 typ host", ""},
		{"1 1 udp 1 192.0.2.7 4000 typ", ""},
		{"", ""},
	} {
		s := section{lines: []string{"m=audio 9 X 0", "a=candidate:" + test.line}}
		got := ""
		for _, c := range s.candidates() {
			if c.usable() {
				got = strings.TrimPrefix(c.line(), "a=candidate:")
			}
		}
		if got != test.want {
			t.Errorf("%q:\n%q, want\n%q", test.line, got, test.want)
		}
		if got == "" {
			continue
		}
		again, ok := parseCandidate(got)
		if !ok || !again.usable() || again.line() != "a=candidate:"+got {
			t.Errorf("%q does not come back as it is: %q", got, again.line())
		}
	}
}

func TestRefusalsOfSections(t *testing.T) {
	for line, want := range map[string]string{
		"m=video 9 UDP/TLS/RTP/SAVPF 96 97": "m=video 0 UDP/TLS/RTP/SAVPF 96 97",
		"m=video 0 RTP/SAVPF":               "m=video 0 RTP/SAVPF 0",
		"m=image 4000 udptl t38":            "m=image 0 udptl t38",
		"m=Application  9/2  X   *":         "m=Application 0 X *",
		"m=message 7394 TCP/MSRP *":         "m=message 0 TCP/MSRP *",
	} {
		if got := (section{lines: []string{line}}).refusal(); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestGroupsOfADescription(t *testing.T) {
	for _, test := range []struct {
		lines string
		want  bool
	}{
		{"a=group:BUNDLE a", true}, {"a=group:BUNDLE b a", true}, {"a=group:LS a\r\na=group:BUNDLE a", true},
		{"a=group:BUNDLE b", false}, {"a=group:BUNDLE", false}, {"a=group:LS a", false}, {"a=group:", false}, {"a=x", false},
	} {
		d := mustParse(t, "v=0\r\n"+test.lines+"\r\nm=audio 9 X 0\r\na=mid:a\r\n")
		if got := d.grouped("a"); got != test.want {
			t.Errorf("%q: %v", test.lines, got)
		}
	}
}

// TestAnswersToEveryDirection: an answer does what is wished as far as the offer lets it, and no more.
func TestAnswersToEveryDirection(t *testing.T) {
	for _, wish := range directions {
		for _, offered := range directions {
			got := wish.answerTo(offered)
			if got.sends() && (!wish.sends() || !offered.receives()) || got.receives() && (!wish.receives() || !offered.sends()) {
				t.Errorf("%s answering %s does too much: %s", wish, offered, got)
			}
			if wish.sends() && offered.receives() != got.sends() {
				t.Errorf("%s answering %s does not send as it may: %s", wish, offered, got)
			}
			if !slices.Contains(directions, got) {
				t.Errorf("%q is no direction", got)
			}
		}
	}
}
