package media

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestStaticPayloadTypes (RFC 3551 section 6): without a=rtpmap they are what they are, and nothing else with one. What stands
// for nothing there is no number for a codec: the browsers refuse the whole description.
func TestStaticPayloadTypes(t *testing.T) {
	for payload, want := range map[string]string{"0": "PCMU/8000", "3": "GSM/8000", "4": "G723/8000", "8": "PCMA/8000",
		"9": "G722/8000", "13": "CN/8000", "15": "G728/8000", "18": "G729/8000", "1": "/0", "34": "/0", "96": "/0"} {
		s := section{lines: []string{"m=audio 9 X " + payload}}
		c := s.codecs()[0]
		if c.meaning() != want || c.payload != payload || c.channels != 0 {
			t.Errorf("%s is %+v, want %s", payload, c, want)
		}
		c.name = "opus"
		if fixed := payload != "96"; validPayload(c) == fixed {
			t.Errorf("%s may be opus: %v", payload, !fixed)
		}
		if c.name = strings.ToLower(staticCodecs[payload].name); !validPayload(c) {
			t.Errorf("%s may not be %q", payload, c.name)
		}
	}
	for n := -1; n <= 129; n++ {
		want := n > 34 && n <= 127 && (n < 64 || n > 95) // RFC 5761 section 4
		if _, static := staticCodecs[strconv.Itoa(n)]; static {
			continue
		}
		if got := validPayload(codec{payload: strconv.Itoa(n), name: "opus"}); got != want {
			t.Errorf("payload type %d: %v, want %v", n, got, want)
		}
	}
	for _, payload := range []string{"", "+96", "096", "96 ", "9a", "-0", "0x60", "1e1"} {
		if validPayload(codec{payload: payload, name: "opus"}) {
			t.Errorf("%q is taken for a payload type", payload)
		}
	}
}

// TestParametersThatAreKnown: each by its name in any case, with a number, and nothing of the other side's text.
func TestParametersThatAreKnown(t *testing.T) {
	const names = "maxplaybackrate sprop-maxcapturerate maxaveragebitrate stereo sprop-stereo cbr useinbandfec usedtx minptime " +
		"maxptime ptime"
	for _, name := range strings.Fields(names) {
		for _, written := range []string{name + "=1", strings.ToUpper(name) + " = 1", "x=2;" + name + "=1;y",
			" " + name + "=1 ;"} {
			if got := (codec{name: "Opus", fmtp: written}).parameters(); got != name+"=1" {
				t.Errorf("%q is %q", written, got)
			}
		}
	}
	for _, c := range []struct{ name, fmtp, want string }{
		{"opus", "stereo=1234567", "stereo=1234567"}, {"opus", "stereo=12345678", ""}, {"opus", "stereo=-1", ""},
		{"opus", "stereo=1x", ""},
		{"opus", "stereo", ""}, {"opus", "stereo=", ""}, {"opus", "stereo2=1", ""}, {"opus", "", ""},
		{"opus", "cbr=0;stereo=1", "cbr=0;stereo=1"}, {"PCMU", "stereo=1", ""}, {"G722", "0-15", ""},
		{"red", "111/111", "111/111"}, {"RED", "111/111/111", "111/111"}, {"red", "111", ""}, {"red", "111/", ""},
		{"red", "111/112", ""},
		{"red", "a/a", ""}, {"red", "/", ""}, {"red", "", ""}, {"red", "111/111/112", ""}, {"red", "11111111/11111111", ""},
		{telephoneEvent, "0-15", "0-15"}, {telephoneEvent, "0 - 15 , 66", "0-15,66"}, {telephoneEvent, "7", "7"},
		{telephoneEvent, "-15", ""}, {telephoneEvent, "0-15-16", ""}, {telephoneEvent, ",", ""}, {telephoneEvent, "0,", ""},
		{telephoneEvent, "", ""}, {"Telephone-Event", "0-15", "0-15"}, {telephoneEvent, "a-b", ""}, {telephoneEvent, "0-b", ""},
	} {
		if got := (codec{name: c.name, fmtp: c.fmtp}).parameters(); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.name, c.fmtp, got, c.want)
		}
	}
}

// TestFormatsThatAreKnown: by name in any case and clock; G.722 also by what it is.
func TestFormatsThatAreKnown(t *testing.T) {
	want := strings.Fields("opus/48000 red/48000 G722/8000 PCMU/8000 PCMA/8000 CN/8000 telephone-event/8000 " +
		"telephone-event/16000 telephone-event/32000 telephone-event/48000")
	var got []string
	for _, k := range known {
		got = append(got, k.meaning())
		for _, clock := range []int{8000, 16000, 32000, 44100, 48000} {
			c := codec{name: strings.ToUpper(k.name), clock: clock}
			if is := clock == k.clock || k.name == "G722" && clock == 16000; c.is(k) != is {
				t.Errorf("%s/%d is %s: %v, want %v", c.name, clock, k.meaning(), !is, is)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("known are %q, want %q", got, want)
	}
	for line, want := range map[string]string{"opus/48000/2": "opus/48000", " pcmu / 8000 ": "pcmu/8000", "x": "x/0",
		"x/": "x/0", "": "/0",
		"x/y": "x/0", "a/8000/1/2": "a/8000"} {
		name, clock := splitRTPMap(line)
		if got := (codec{name: name, clock: clock}).meaning(); got != want {
			t.Errorf("a=rtpmap %q is %s, want %s", line, got, want)
		}
	}
}

// TestFormatsThatStay: what describes the others goes, but what is said of all.
func TestFormatsThatStay(t *testing.T) {
	s := section{lines: []string{"m=audio 4000 P 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=fmtp:101 0-15",
		"a=fmtp:8 x",
		"a=rtcp-fb:* nack", "a=rtcp-fb:0 transport-cc", "a=rtcp-fb:8 transport-cc", "a=ptime:20", "a=x:8 y"}}
	before := slices.Clone(s.lines)
	kept := s
	kept.lines = slices.Clone(s.lines)
	kept.keepFormats([]string{"101", "0"})
	want := []string{"m=audio 4000 P 101 0", "a=rtpmap:0 PCMU/8000", "a=fmtp:101 0-15", "a=rtcp-fb:* nack",
		"a=rtcp-fb:0 transport-cc",
		"a=ptime:20", "a=x:8 y"}
	if !slices.Equal(kept.lines, want) || !slices.Equal(s.lines, before) {
		t.Errorf("got %q, want %q", kept.lines, want)
	}
	if !s.hasCodec("pcmA") || s.hasCodec("opus") || kept.hasCodec("PCMA") {
		t.Error("a codec is there by its name, whatever its case")
	}
	for _, c := range []struct {
		list []codec
		want string
	}{
		{[]codec{{payload: "63", name: "red", fmtp: "111/111"}, {payload: "111", name: "opus"}}, "63 111"},
		{[]codec{{payload: "63", name: "RED", fmtp: "111/111"}, {payload: "0", name: "PCMU"}}, "0"},
		{[]codec{{payload: "63", name: "red"}, {payload: "0", name: "PCMU"}}, "63 0"},
		{[]codec{{payload: "63", name: "other", fmtp: "111/111"}}, "63"},
	} {
		if got := strings.Join(payloads(dropOrphans(c.list)), " "); got != c.want {
			t.Errorf("%+v: %s is left, want %s", c.list, got, c.want)
		}
	}
}

func TestKnownCodecs(t *testing.T) {
	for _, test := range []struct {
		formats string
		lines   []string
		want    string // payload, name, clock, channels, parameters
	}{
		{"0 8 9 13", nil, "0 PCMU/8000, 8 PCMA/8000, 9 G722/8000, 13 CN/8000"},
		{"3 4 15 18 34", nil, ""},
		{"0", []string{"a=rtpmap:0 pcmu/8000/1"}, "0 PCMU/8000"},
		{"0", []string{"a=rtpmap:0 PCMU/16000"}, ""},
		{"0", []string{"a=rtpmap:0 opus/48000/2"}, ""},
		{"3", []string{"a=rtpmap:3 PCMU/8000"}, ""},
		{"111", []string{"a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"},
			"111 opus/48000/2 minptime=10;useinbandfec=1"},
		{"111", []string{"a=rtpmap:111 OPUS/48000",
			"a=fmtp:111 UseInbandFEC = 1 ;; x=1; stereo=; cbr;minptime=1000000000;ptime=20"},
			"111 opus/48000/2 useinbandfec=1;ptime=20"},
		{"111", []string{"a=rtpmap:111 opus/16000"}, ""},
		{"111 63", []string{"a=rtpmap:111 opus/48000/2", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111/111"},
			"111 opus/48000/2, 63 red/48000/2 111/111"},
		{"63 111", []string{"a=rtpmap:111 opus/48000/2", "a=rtpmap:63 RED/48000/2", "a=fmtp:63 111/111"},
			"63 red/48000/2 111/111, 111 opus/48000/2"},
		{"63", []string{"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"}, ""},
		{"0 63", []string{"a=rtpmap:63 red/48000/2"}, "0 PCMU/8000"},
		{"0 63", []string{"a=rtpmap:63 red/48000/2", "a=fmtp:63 0/8"}, "0 PCMU/8000"},
		{"101", []string{"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"}, "101 telephone-event/8000 0-15"},
		{"101", []string{"a=rtpmap:101 TELEPHONE-EVENT/8000/1", "a=fmtp:101 0-11, 16,36"}, "101 telephone-event/8000 0-11,16,36"},
		{"101", []string{"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 events=0-15"}, "101 telephone-event/8000"},
		{"101", []string{"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-"}, "101 telephone-event/8000"},
		{"98 101", []string{"a=rtpmap:98 telephone-event/48000", "a=rtpmap:101 telephone-event/8000"},
			"98 telephone-event/48000, 101 telephone-event/8000"},
		{"101", []string{"a=rtpmap:101 telephone-event/44100"}, ""},
		{"9", []string{"a=rtpmap:9 G722/16000"}, "9 G722/8000"},
		{"96 97", []string{"a=rtpmap:96 PCMU/8000", "a=rtpmap:97 PCMU/8000"}, "96 PCMU/8000"},
		{"0 0 8", nil, "0 PCMU/8000, 8 PCMA/8000"},
		{"0 08 8 008", nil, "0 PCMU/8000, 8 PCMA/8000"},
		{"64 95 128 -1 x", []string{"a=rtpmap:64 PCMU/8000", "a=rtpmap:95 PCMU/8000", "a=rtpmap:128 PCMU/8000",
			"a=rtpmap:-1 PCMU/8000", "a=rtpmap:x PCMU/8000"}, ""},
		{"63 127", []string{"a=rtpmap:63 PCMU/8000", "a=rtpmap:127 PCMA/8000"}, "63 PCMU/8000, 127 PCMA/8000"},
		{"96", []string{"a=rtpmap:  96   PCMA/8000  "}, "96 PCMA/8000"},
		{"96", nil, ""},
	} {
		s := section{lines: append([]string{"m=audio 9 UDP/TLS/RTP/SAVPF " + test.formats}, test.lines...)}
		var got []string
		for _, c := range once(knownCodecs(s.codecs())) {
			text := c.payload + " " + c.meaning()
			if c.channels > 1 {
				text += fmt.Sprint("/", c.channels)
			}
			got = append(got, strings.TrimSpace(text+" "+c.fmtp))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s %q: %q, want %q", test.formats, test.lines, got, test.want)
		}
	}
}

func TestFeedbackOfCongestion(t *testing.T) {
	for _, test := range []struct {
		lines []string
		want  string // payloads that have it
	}{
		{[]string{"a=rtcp-fb:0 transport-cc"}, "0"},
		{[]string{"a=rtcp-fb:* transport-cc"}, "0 8"},
		{[]string{"a=rtcp-fb:0 transport-cc x", "a=rtcp-fb:8 nack", "a=rtcp-fb:0", "a=rtcp-fb:", "a=rtcp-fb"}, ""},
		{[]string{"a=rtcp-fb:8 transport-cc", "a=rtcp-fb:8 nack"}, "8"},
	} {
		s := section{lines: append([]string{"m=audio 9 UDP/TLS/RTP/SAVPF 0 8"}, test.lines...)}
		var got []string
		for _, c := range knownCodecs(s.codecs()) {
			if c.congestion {
				got = append(got, c.payload)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %q, want %q", test.lines, got, test.want)
		}
	}
}
