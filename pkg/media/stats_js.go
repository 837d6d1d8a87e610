package media

import (
	"context"
	"strings"
	"syscall/js"
	"time"
)

// stats reads getStats, which browsers cache for about 50 ms.
func (p *browserPeer) stats(ctx context.Context) (Stats, error) {
	report, err := request(ctx, p.v, "getStats")
	if err != nil {
		return Stats{}, err
	}
	entries := js.Global().Get("Array").Call("from", report.Call("values"))
	r := statsReader{report: report}
	for i := range entries.Length() {
		r.read(entries.Index(i))
	}
	return r.Stats, nil
}

// statsReader fills Stats from the dictionaries of a report (W3C webrtc-stats).
type statsReader struct {
	Stats
	report js.Value
	latest float64 // when the inbound stream read so far had its last packet
}

func (r *statsReader) read(e js.Value) {
	if kind := text(e, "kind"); kind != "" && kind != "audio" {
		return
	}
	switch text(e, "type") {
	case "inbound-rtp":
		r.readInbound(e)
	case "outbound-rtp":
		r.PacketsSent, r.BytesSent = count(e, "packetsSent"), count(e, "bytesSent")
		r.readCodec(e)
	case "remote-inbound-rtp":
		r.RemotePacketsLost, r.RemoteJitter = int64(number(e, "packetsLost")), seconds(e, "jitter")
		if rtt := seconds(e, "roundTripTime"); rtt > 0 {
			r.RoundTripTime = rtt
		}
	case "media-source":
		r.AudioLevelOut = number(e, "audioLevel")
	case "candidate-pair":
		r.readPair(e)
	}
}

// readInbound keeps the stream that is alive: one that was announced and never came may stand beside it, and so may the
// one before a change of SSRC.
func (r *statsReader) readInbound(e js.Value) {
	last := number(e, "lastPacketReceivedTimestamp")
	if last < r.latest {
		return
	}
	r.latest = last
	r.PacketsReceived, r.BytesReceived = count(e, "packetsReceived"), count(e, "bytesReceived")
	r.PacketsLost, r.Jitter = int64(number(e, "packetsLost")), seconds(e, "jitter")
	r.AudioLevelIn, r.TotalAudioEnergy = number(e, "audioLevel"), number(e, "totalAudioEnergy")
	r.ConcealedSamples, r.TotalSamples = count(e, "concealedSamples"), count(e, "totalSamplesReceived")
	if emitted := number(e, "jitterBufferEmittedCount"); emitted > 0 {
		r.JitterBufferDelay = time.Duration(number(e, "jitterBufferDelay") / emitted * float64(time.Second))
	}
	if r.Codec == "" {
		r.readCodec(e)
	}
}

// readCodec names the codec of a stream: "audio/opus" is "opus".
func (r *statsReader) readCodec(e js.Value) {
	if codec := r.refer(e, "codecId"); codec.Truthy() {
		_, r.Codec, _ = strings.Cut(text(codec, "mimeType"), "/")
	}
}

func (r *statsReader) readPair(e js.Value) {
	if nominated := e.Get("nominated"); !nominated.Truthy() || text(e, "state") != "succeeded" {
		return
	}
	if r.RoundTripTime == 0 {
		r.RoundTripTime = seconds(e, "currentRoundTripTime")
	}
	if c := r.refer(e, "localCandidateId"); c.Truthy() {
		r.LocalCandidate, r.CandidateTransport = text(c, "candidateType"), text(c, "protocol")
	}
	if c := r.refer(e, "remoteCandidateId"); c.Truthy() {
		r.RemoteCandidate = text(c, "candidateType")
	}
}

// refer follows an id to another entry of the report.
func (r *statsReader) refer(e js.Value, key string) js.Value {
	id := text(e, key)
	if id == "" {
		return js.Undefined()
	}
	return r.report.Call("get", id)
}

// number reads a number; 0 when the browser does not know it.
func number(e js.Value, key string) float64 {
	if v := e.Get(key); v.Type() == js.TypeNumber {
		return v.Float()
	}
	return 0
}

func count(e js.Value, key string) uint64 { return uint64(max(0, number(e, key))) }

func seconds(e js.Value, key string) time.Duration {
	return time.Duration(number(e, key) * float64(time.Second))
}
