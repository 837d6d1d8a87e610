//go:build !js

package media

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// nativeTrack is a webrtc.TrackLocal that chooses the payload type of each packet itself.
type nativeTrack struct {
	mu        sync.Mutex // guards all below
	writer    webrtc.TrackLocalWriter
	ssrc      uint32
	sequence  uint16
	timestamp uint32
	toneStart uint32 // time stamp of the tone being sent
	paused    bool   // the next packet begins a talk spurt: marker bit
	packets   uint64
	bytes     uint64
	level     float64
}

func newNativeTrack() *nativeTrack {
	return &nativeTrack{sequence: uint16(rand.Uint32()), timestamp: rand.Uint32(), paused: true}
}

// Bind is called by pion when packets may be sent.
func (t *nativeTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, codec := range c.CodecParameters() {
		if laws[strings.ToUpper(strings.TrimPrefix(codec.MimeType, "audio/"))].encode != nil {
			t.writer, t.ssrc = c.WriteStream(), uint32(c.SSRC())
			return codec, nil
		}
	}
	return webrtc.RTPCodecParameters{}, errors.New("neither PCMU nor PCMA was negotiated")
}

// Unbind is called by pion when the peer connection ends.
func (t *nativeTrack) Unbind(webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writer = nil
	return nil
}

// ID, RID, StreamID and Kind complete webrtc.TrackLocal.
func (t *nativeTrack) ID() string                { return "audio" }
func (t *nativeTrack) RID() string               { return "" }
func (t *nativeTrack) StreamID() string          { return "webphone" }
func (t *nativeTrack) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

func (t *nativeTrack) ready() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.writer != nil
}

// skip lets 20 ms pass without a packet.
func (t *nativeTrack) skip() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timestamp += frameSamples
	t.paused = true
}

func (t *nativeTrack) sendAudio(pt webrtc.PayloadType, l law, frame []int16) {
	payload := make([]byte, len(frame))
	for i, sample := range frame {
		payload[i] = l.encode(sample)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, t.level = loudness(frame)
	t.write(pt, t.timestamp, t.paused, payload)
	t.paused = false
	t.timestamp += uint32(len(frame))
}

// sendTone keeps the time stamp of the tone's beginning (RFC 4733 section 2.2.3).
func (t *nativeTrack) sendTone(pt webrtc.PayloadType, tone tonePacket) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tone.first {
		t.toneStart = t.timestamp
	}
	t.write(pt, t.toneStart, tone.first, tone.payload)
	t.timestamp += frameSamples
	t.paused = true
}

// write sends one packet. The caller holds mu. A packet that cannot leave is lost, as on any network.
func (t *nativeTrack) write(pt webrtc.PayloadType, timestamp uint32, marker bool, payload []byte) {
	if t.writer == nil {
		return
	}
	header := &rtp.Header{Version: 2, Marker: marker, PayloadType: uint8(pt), SequenceNumber: t.sequence, Timestamp: timestamp,
		SSRC: t.ssrc}
	t.sequence++
	if n, err := t.writer.WriteRTP(header, payload); err == nil && n > 0 {
		t.packets++
		t.bytes += uint64(len(payload))
	}
}

func (t *nativeTrack) stats(s *Stats) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.PacketsSent, s.BytesSent, s.AudioLevelOut = t.packets, t.bytes, t.level
}

// receiver decodes and measures what arrives.
type receiver struct {
	mu       sync.Mutex // guards all below
	codecs   map[uint8]codec
	tones    toneReader
	seen     Stats
	jitter   float64 // in units of the RTP clock, RFC 3550 section 6.4.1
	ssrc     uint32
	highest  uint16 // sequence number
	transit  uint32
	streamed bool // a packet of ssrc has come
}

func newReceiver() *receiver { return &receiver{codecs: map[uint8]codec{}} }

func (r *receiver) setCodecs(list []codec) {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.codecs)
	for _, c := range list {
		n, err := strconv.ParseUint(c.payload, 10, 7)
		if err == nil {
			r.codecs[uint8(n)] = c
		}
	}
}

// received is what a packet held.
type received struct {
	tone rune
	pcm  []int16
}

// read counts a packet and decodes it into pcm when it is to be heard.
func (r *receiver) read(packet *rtp.Packet, heard bool, pcm []int16) received {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(packet, time.Now())
	c := r.codecs[packet.PayloadType]
	if strings.EqualFold(c.name, telephoneEvent) {
		tone, _ := r.tones.read(packet.Timestamp, packet.Payload)
		return received{tone: tone}
	}
	l, known := laws[strings.ToUpper(c.name)]
	if !known || !heard {
		return received{}
	}
	for _, b := range packet.Payload {
		pcm = append(pcm, l.decode(b))
	}
	energy, level := loudness(pcm)
	r.seen.TotalAudioEnergy += energy
	r.seen.AudioLevelIn = level
	r.seen.TotalSamples += uint64(len(pcm))
	return received{pcm: pcm}
}

// loudness returns the energy as RTCInboundRtpStreamStats counts it, and the level 0..1.
func loudness(pcm []int16) (energy, level float64) {
	if len(pcm) == 0 {
		return 0, 0
	}
	sum := 0.0
	for _, sample := range pcm {
		v := float64(sample) / math.MaxInt16
		sum += v * v
	}
	return sum / 8000, math.Sqrt(sum / float64(len(pcm)))
}

func (r *receiver) count(packet *rtp.Packet, now time.Time) {
	r.seen.PacketsReceived++
	r.seen.BytesReceived += uint64(len(packet.Payload))
	transit := uint32(now.UnixMicro()/125) - packet.Timestamp // 8 kHz: one unit is 125 microseconds
	if !r.streamed || packet.SSRC != r.ssrc {
		r.ssrc, r.highest, r.transit, r.streamed = packet.SSRC, packet.SequenceNumber, transit, true
		return
	}
	switch step := int16(packet.SequenceNumber - r.highest); {
	case step > 0:
		r.seen.PacketsLost += int64(step) - 1
		r.highest = packet.SequenceNumber
	case step < 0:
		r.seen.PacketsLost-- // late, so it was counted as lost
	}
	if !strings.EqualFold(r.codecs[packet.PayloadType].name, telephoneEvent) {
		r.jitter += (math.Abs(float64(int32(transit-r.transit))) - r.jitter) / 16
		r.transit = transit
	}
}

// reports notes what the other side's RTCP says of our stream.
func (r *receiver) reports(packets []rtcp.Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range packets {
		var blocks []rtcp.ReceptionReport
		switch p := p.(type) {
		case *rtcp.ReceiverReport:
			blocks = p.Reports
		case *rtcp.SenderReport:
			blocks = p.Reports
		}
		for _, b := range blocks {
			r.seen.RemotePacketsLost = int64(int32(b.TotalLost<<8) >> 8) // 24 bits with a sign
			r.seen.RemoteJitter = time.Duration(b.Jitter) * 125 * time.Microsecond
		}
	}
}

func (r *receiver) stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.seen
	s.Jitter = time.Duration(r.jitter * 125 * float64(time.Microsecond))
	return s
}

// pairStats reads round trip time and the candidates in use.
func pairStats(report webrtc.StatsReport, s *Stats) {
	for _, entry := range report {
		pair, ok := entry.(webrtc.ICECandidatePairStats)
		if !ok || !pair.Nominated {
			continue
		}
		s.RoundTripTime = time.Duration(pair.CurrentRoundTripTime * float64(time.Second))
		if c, ok := report[pair.LocalCandidateID].(webrtc.ICECandidateStats); ok {
			s.LocalCandidate, s.CandidateTransport = c.CandidateType.String(), c.Protocol
		}
		if c, ok := report[pair.RemoteCandidateID].(webrtc.ICECandidateStats); ok {
			s.RemoteCandidate = c.CandidateType.String()
		}
	}
}
