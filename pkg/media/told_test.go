package media

import (
	"strings"
	"testing"
)

// TestEverythingThatAPeerCanBeTold writes a description with all that there is, in its order.
func TestEverythingThatAPeerCanBeTold(t *testing.T) {
	r := remoteAudio{
		direction: RecvOnly, ufrag: "uf+/", pwd: "pw", lite: true, fingerprint: "sha-256 " + hash("AB"),
		codecs: []codec{
			{payload: "111", name: "opus", clock: 48000, channels: 2, fmtp: "useinbandfec=1", congestion: true},
			{payload: "0", name: "PCMU", clock: 8000, channels: 1},
			{payload: "101", name: telephoneEvent, clock: 8000, fmtp: "0-15"},
		},
		ptime: 20, maxPtime: 60, congestion: 3, complete: true,
		candidates: []candidate{{foundation: "1", protocol: "udp", priority: "9", address: "192.0.2.1", port: 4000, typ: "host"}},
	}
	k := told{version: 9}
	want := strings.Join([]string{
		"v=0", "o=- 1 10 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE m", "a=ice-lite",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0 101",
		"c=IN IP4 0.0.0.0", "a=mid:m", "a=recvonly", "a=rtcp-mux", "a=ice-ufrag:uf+/", "a=ice-pwd:pw",
		"a=fingerprint:sha-256 " + hash("AB"),
		"a=setup:passive", "a=extmap:3 " + congestionURI, "a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1",
		"a=rtcp-fb:111 transport-cc", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15",
		"a=ptime:20",
		"a=maxptime:60", "a=candidate:1 1 udp 9 192.0.2.1 4000 typ host",
		"a=end-of-candidates", "",
	}, "\r\n")
	if got := k.write(r, "m", "passive"); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
	if !k.tones || k.version != 10 {
		t.Errorf("tones %v, version %d", k.tones, k.version)
	}
	// What is written is read again as it was.
	d := mustParse(t, want)
	again := d.audioOf(d.media[0])
	other := told{version: 9}
	if got := other.write(again, "m", again.setup); got != want {
		t.Errorf("read and written again\n%s\nwant\n%s", got, want)
	}
	r.congestion, r.codecs, r.lite, r.complete, r.ptime, r.maxPtime = 0, r.codecs[:2], false, false, 0, 0
	wantNoText(t, "what was not said", k.write(r, "m", "active"), "transport-cc", "extmap", "a=ice-lite", "end-of", "ssrc",
		"ptime")
	if k.tones || k.version != 11 {
		t.Errorf("without telephone-event: tones %v, version %d", k.tones, k.version)
	}
}

// TestFirstMeaningOfANumberStays, whatever is said later, in any case.
func TestFirstMeaningOfANumberStays(t *testing.T) {
	opus, upper := codec{payload: "96", name: "opus", clock: 48000}, codec{payload: "96", name: "OPUS", clock: 48000}
	pcmu, tones := codec{payload: "96", name: "PCMU", clock: 8000}, codec{payload: "96", name: telephoneEvent, clock: 8000}
	wide := codec{payload: "96", name: telephoneEvent, clock: 48000}
	var none numbers
	if !none.keeps(opus) {
		t.Error("a number that was never used is free")
	}
	first := none.with([]codec{opus})
	then := first.with([]codec{pcmu, {payload: "97", name: "PCMA", clock: 8000}})
	if len(none) != 0 || len(first) != 1 {
		t.Error("what was known before must stay as it was: a failed offer is forgotten")
	}
	for _, c := range []struct {
		codec codec
		want  bool
	}{{opus, true}, {upper, true}, {pcmu, false}, {tones, false}, {wide, false}, {codec{payload: "98", name: "x"}, true},
		{codec{payload: "97", name: "pcma", clock: 8000}, true}, {codec{payload: "97", name: "pcma", clock: 16000}, false}} {
		if got := then.keeps(c.codec); got != c.want {
			t.Errorf("%+v: %v, want %v", c.codec, got, c.want)
		}
	}
	var k told
	k.learn(theirs{formats: "0 101"}.String())
	k.learn("no description")
	k.learn("v=0\r\nm=video 9 X 96\r\n")
	if k.ours["0"] != "pcmu/8000" || k.ours["101"] != "telephone-event/8000" || len(k.ours) != 2 {
		t.Errorf("learnt %v", k.ours)
	}
}
