//go:build !js

package media

import (
	"encoding/binary"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// What the native engine sends and counts, packet by packet.

// packetAt is a packet of PCMU with this number.
func packetAt(sequence uint16) *rtp.Packet {
	return &rtp.Packet{
		Header:  rtp.Header{SequenceNumber: sequence, Timestamp: uint32(sequence) * frameSamples, SSRC: 7},
		Payload: make([]byte, frameSamples),
	}
}

func newTestReceiver() *receiver {
	r := newReceiver()
	r.setCodecs([]codec{{payload: "0", name: "PCMU", clock: 8000}, {payload: "101", name: telephoneEvent, clock: 8000},
		{payload: "x", name: "PCMA"}, {payload: "300", name: "PCMA"}})
	return r
}

func TestReceiverCountsLosses(t *testing.T) {
	for _, test := range []struct {
		why      string
		arriving []uint16
		lost     int64
	}{
		{"in order", []uint16{1, 2, 3, 4}, 0},
		{"one missing", []uint16{1, 2, 4}, 1},
		{"five missing", []uint16{10, 16}, 5},
		{"late, not lost", []uint16{1, 3, 2, 4}, 0},
		{"twice", []uint16{1, 2, 2, 3}, 0},
		{"over the end of the numbers", []uint16{65534, 65535, 0, 1}, 0},
		{"missing at the end of the numbers", []uint16{65534, 1}, 2},
		{"late over the end of the numbers", []uint16{65534, 0, 65535, 1}, 0},
	} {
		r := newTestReceiver()
		for _, n := range test.arriving {
			r.read(packetAt(n), true, nil)
		}
		if got := r.stats(); got.PacketsLost != test.lost || got.PacketsReceived != uint64(len(test.arriving)) {
			t.Errorf("%s: %d lost of %d, want %d of %d", test.why, got.PacketsLost, got.PacketsReceived, test.lost,
				len(test.arriving))
		}
	}
}

// TestReceiverFollowsANewStream: a B2BUA changes the SSRC in the middle of a call.
func TestReceiverFollowsANewStream(t *testing.T) {
	r := newTestReceiver()
	r.read(packetAt(1), true, nil)
	other := packetAt(9000)
	other.SSRC = 8
	r.read(other, true, nil)
	if got := r.stats(); got.PacketsLost != 0 || got.Jitter != 0 || got.PacketsReceived != 2 {
		t.Errorf("a new stream begins anew: %+v", got)
	}
}

func TestReceiverMeasuresJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		even, uneven := newTestReceiver(), newTestReceiver()
		for n := range uint16(100) {
			time.Sleep(frameTime)
			even.read(packetAt(n), true, nil)
		}
		for n := range uint16(100) {
			time.Sleep(frameTime + time.Duration(n%2*10)*time.Millisecond)
			uneven.read(packetAt(n), true, nil)
		}
		if got := even.stats().Jitter; got != 0 {
			t.Errorf("every 20 ms: jitter %v", got)
		}
		if got := uneven.stats().Jitter; got < 2*time.Millisecond || got > 10*time.Millisecond {
			t.Errorf("10 ms late every second time: jitter %v", got)
		}
	})
}

func TestReceiverHears(t *testing.T) {
	r := newTestReceiver()
	loud := packetAt(1)
	for i := range loud.Payload {
		loud.Payload[i] = encodeMu(16000)
	}
	if got := r.read(loud, true, nil); len(got.pcm) != frameSamples || got.tone != 0 {
		t.Fatalf("%d samples, tone %q", len(got.pcm), got.tone)
	}
	s := r.stats()
	if math.Abs(s.AudioLevelIn-16000.0/math.MaxInt16) > 0.02 || s.TotalAudioEnergy <= 0 || s.TotalSamples != frameSamples {
		t.Errorf("level %.3f, energy %g, %d samples", s.AudioLevelIn, s.TotalAudioEnergy, s.TotalSamples)
	}
	if got := r.read(packetAt(2), false, nil); got.pcm != nil {
		t.Error("what is held is not decoded")
	}
	unknown := packetAt(3)
	unknown.PayloadType = 96
	if got := r.read(unknown, true, nil); got.pcm != nil || got.tone != 0 {
		t.Error("a number that nobody agreed means nothing")
	}
	if got := r.stats(); got.PacketsReceived != 3 || got.BytesReceived != 3*frameSamples || got.TotalSamples != frameSamples {
		t.Errorf("all is counted, only what is heard is measured: %+v", got)
	}
	tone := packetAt(4)
	tone.PayloadType, tone.Payload = 101, []byte{11, 10, 0, 160}
	if got := r.read(tone, true, nil); got.tone != '#' {
		t.Errorf("tone %q, want #", got.tone)
	}
	if got := r.read(tone, true, nil); got.tone != 0 {
		t.Error("one tone is told once")
	}
}

func TestSilenceHasNoLoudness(t *testing.T) {
	for why, pcm := range map[string][]int16{"nothing": nil, "silence": make([]int16, frameSamples)} {
		if energy, level := loudness(pcm); energy != 0 || level != 0 {
			t.Errorf("%s: energy %g, level %g", why, energy, level)
		}
	}
	if _, level := loudness([]int16{math.MaxInt16, -math.MaxInt16}); level != 1 {
		t.Errorf("full scale: level %g", level)
	}
}

func TestReportsOfTheOtherSide(t *testing.T) {
	block := func(lost uint32, jitter uint32) []rtcp.ReceptionReport {
		return []rtcp.ReceptionReport{{TotalLost: lost, Jitter: jitter}}
	}
	for _, test := range []struct {
		why    string
		packet rtcp.Packet
		lost   int64
		jitter time.Duration
	}{
		{"a receiver's report", &rtcp.ReceiverReport{Reports: block(5, 80)}, 5, 10 * time.Millisecond},
		{"a sender's report", &rtcp.SenderReport{Reports: block(7, 8)}, 7, time.Millisecond},
		{"more came than were sent", &rtcp.ReceiverReport{Reports: block(0xffffff, 0)}, -1, 0},
		{"a report of nothing", &rtcp.ReceiverReport{}, 0, 0},
		{"the end of a stream", &rtcp.Goodbye{}, 0, 0},
	} {
		r := newTestReceiver()
		r.reports([]rtcp.Packet{test.packet})
		if got := r.stats(); got.RemotePacketsLost != test.lost || got.RemoteJitter != test.jitter {
			t.Errorf("%s: %d lost, jitter %v, want %d and %v", test.why, got.RemotePacketsLost, got.RemoteJitter, test.lost,
				test.jitter)
		}
	}
}

// tape is a writer of RTP that keeps what leaves.
type tape struct {
	packets []rtp.Packet
	err     error
}

func (w *tape) WriteRTP(header *rtp.Header, payload []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.packets = append(w.packets, rtp.Packet{Header: *header, Payload: append([]byte{}, payload...)})
	return len(payload), nil
}

func (w *tape) Write(b []byte) (int, error) { return len(b), nil }

func recordedTrack() (*nativeTrack, *tape) {
	w, track := &tape{}, newNativeTrack()
	track.writer = w
	return track, w
}

// TestTrackSpeaksInSpurts: the marker tells where speech begins again (RFC 3551 section 4.1), the time stamp goes on meanwhile.
func TestTrackSpeaksInSpurts(t *testing.T) {
	track, w := recordedTrack()
	frame := make([]int16, frameSamples)
	for _, step := range "aa-a--aa" {
		if step == 'a' {
			track.sendAudio(0, laws["PCMU"], frame)
		} else {
			track.skip()
		}
	}
	wantMarkers := []bool{true, false, true, true, false}
	wantFrames := []uint32{0, 1, 3, 6, 7}
	if len(w.packets) != len(wantMarkers) {
		t.Fatalf("%d packets", len(w.packets))
	}
	for i, p := range w.packets {
		if p.Marker != wantMarkers[i] || p.Timestamp-w.packets[0].Timestamp != wantFrames[i]*frameSamples ||
			p.SequenceNumber-w.packets[0].SequenceNumber != uint16(i) {
			t.Errorf("packet %d: marker %v, time %d, number %d", i, p.Marker, p.Timestamp-w.packets[0].Timestamp,
				p.SequenceNumber-w.packets[0].SequenceNumber)
		}
	}
	var s Stats
	track.stats(&s)
	if s.PacketsSent != 5 || s.BytesSent != 5*frameSamples {
		t.Errorf("counted %+v", s)
	}
}

func TestTrackSendsTones(t *testing.T) {
	track, w := recordedTrack()
	var tones toneSender
	tones.add("1")
	for {
		p, busy := tones.next()
		if !busy {
			break
		}
		if p.silent {
			track.skip()
			continue
		}
		track.sendTone(101, p)
	}
	track.sendAudio(0, laws["PCMU"], make([]int16, frameSamples))
	for i, p := range w.packets[:toneFrames+toneEnds] {
		if p.Timestamp != w.packets[0].Timestamp || p.Marker != (i == 0) || p.PayloadType != 101 {
			t.Errorf("packet %d of the tone: %+v", i, p.Header)
		}
		if ended := p.Payload[1]&0x80 != 0; ended != (i >= toneFrames) {
			t.Errorf("packet %d: end %v", i, ended)
		}
		if got, want := int(binary.BigEndian.Uint16(p.Payload[2:])), frameSamples*min(i+1, toneFrames); got != want {
			t.Errorf("packet %d: lasts %d, want %d", i, got, want)
		}
	}
	if last := w.packets[len(w.packets)-1]; !last.Marker ||
		last.Timestamp-w.packets[0].Timestamp != (toneFrames+toneEnds+gapFrames)*frameSamples {
		t.Errorf("speech after the tone: %+v", last.Header)
	}
}

func TestTrackThatCannotSend(t *testing.T) {
	track, w := recordedTrack()
	w.err = errNotSent
	track.sendAudio(0, laws["PCMU"], make([]int16, frameSamples))
	var s Stats
	if track.stats(&s); s.PacketsSent != 0 {
		t.Error("what could not leave is not sent")
	}
	if err := track.Unbind(nil); err != nil || track.ready() {
		t.Errorf("%v: an unbound track is not ready", err)
	}
	track.sendAudio(0, laws["PCMU"], make([]int16, frameSamples))
	if track.Kind() != webrtc.RTPCodecTypeAudio || track.ID() == "" || track.StreamID() == "" || track.RID() != "" {
		t.Error("the track has lost its name")
	}
}

var errNotSent = ErrClosed

func TestPairInUse(t *testing.T) {
	report := webrtc.StatsReport{
		"old": webrtc.ICECandidatePairStats{LocalCandidateID: "host", RemoteCandidateID: "host", CurrentRoundTripTime: 9},
		"used": webrtc.ICECandidatePairStats{
			Nominated: true, LocalCandidateID: "relay", RemoteCandidateID: "srflx", CurrentRoundTripTime: 0.025,
		},
		"host":   webrtc.ICECandidateStats{CandidateType: 1, Protocol: "tcp"},
		"relay":  webrtc.ICECandidateStats{CandidateType: 4, Protocol: "udp"},
		"srflx":  webrtc.ICECandidateStats{CandidateType: 2, Protocol: "udp"},
		"stream": webrtc.InboundRTPStreamStats{},
	}
	var s Stats
	pairStats(report, &s)
	if s.RoundTripTime != 25*time.Millisecond || s.LocalCandidate != "relay" || s.RemoteCandidate != "srflx" ||
		s.CandidateTransport != "udp" {
		t.Errorf("%+v, want the nominated pair", s)
	}
	s = Stats{}
	pairStats(webrtc.StatsReport{"used": webrtc.ICECandidatePairStats{Nominated: true, LocalCandidateID: "gone"}}, &s)
	if s.LocalCandidate != "" || s.RemoteCandidate != "" {
		t.Errorf("%+v of candidates that are gone", s)
	}
}

func TestServersAreHandedOn(t *testing.T) {
	got := iceServers([]ICEServer{{URLs: []string{"stun:a"}}, {URLs: []string{"turn:b", "turns:c"}, Username: "u",
		Credential: "p"}})
	if len(got) != 2 || got[0].Credential != nil || got[1].Credential != "p" || got[1].Username != "u" || len(got[1].URLs) != 2 {
		t.Errorf("%+v", got)
	}
}

// TestWhatOnlyBrowsersHave does nothing natively, and says so by doing it without error.
func TestWhatOnlyBrowsersHave(t *testing.T) {
	ctx := t.Context()
	devices, err := Devices(ctx)
	if devices != nil || err != nil || ResumePlayback(ctx) != nil {
		t.Error("natively there are no devices, and nothing blocks playing")
	}
	if _, ok := Default().(AudioSwitcher); ok {
		t.Error("natively there is nothing to switch to")
	}
	WatchDevices(func() { t.Error("a device changed") })()
	WatchPlayback(func(bool) { t.Error("playing was blocked") })()
	Native{}.Warm(ctx, Config{})
	s, _ := newFakeSession(t, Config{})
	if s.Tones() != nil {
		t.Error("a session that is not native has no tones")
	}
}
