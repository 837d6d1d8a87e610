//go:build !js

package siptest

import (
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// read sends back what arrives until the track ends.
func (e *echo) read(track *webrtc.TrackRemote) {
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if e.deaf.Load() {
			continue
		}
		if e.events[packet.PayloadType&0x7f].Load() {
			e.hear(packet)
			continue
		}
		e.counters.received.Add(1)
		if packet.PayloadType == e.codec.payloadType && e.counters.sending.Load() && !e.counters.tone.Load() {
			e.back(packet)
		}
		e.onAudio()
	}
}

// hear reports a telephone-event once: all of its packets have the same timestamp (RFC 4733 section 2.5.1.2).
func (e *echo) hear(packet *rtp.Packet) {
	if len(packet.Payload) < 4 || int(packet.Payload[0]) >= len(dtmfDigits) {
		return
	}
	e.mu.Lock()
	again := e.heard && e.event == packet.Timestamp
	e.heard, e.event = true, packet.Timestamp
	e.mu.Unlock()
	if !again {
		e.onDigit(dtmfDigits[packet.Payload[0] : packet.Payload[0]+1])
	}
}

// back sends a packet that arrived. Sequence numbers have no gaps and timestamps go on where the tone ended.
func (e *echo) back(packet *rtp.Packet) {
	e.mu.Lock()
	if !e.echoing {
		e.echoing = true
		e.shift = e.out.Timestamp + toneSamples - packet.Timestamp
	}
	out := rtp.Packet{Header: e.header(packet.Timestamp+e.shift, packet.Marker), Payload: packet.Payload}
	e.mu.Unlock()
	e.write(&out)
}

// header is that of the next packet. Called with mu held.
func (e *echo) header(timestamp uint32, marker bool) rtp.Header {
	e.out.Version = 2
	e.out.SequenceNumber++
	e.out.Timestamp = timestamp
	e.out.Marker = marker
	return e.out
}

func (e *echo) write(packet *rtp.Packet) {
	if e.track.WriteRTP(packet) == nil {
		e.counters.sent.Add(1)
	}
}

// playTone plays the tone until the call is answered or ends.
func (e *echo) playTone() {
	ticker := time.NewTicker(toneSamples * time.Second / toneRate)
	defer ticker.Stop()
	for n := 0; e.counters.tone.Load(); n++ {
		select {
		case <-ticker.C:
		case <-e.done:
			return
		}
		if !e.counters.sending.Load() || e.pc.ConnectionState() != webrtc.PeerConnectionStateConnected {
			continue
		}
		e.mu.Lock()
		packet := rtp.Packet{Header: e.header(e.out.Timestamp+toneSamples, n == 0), Payload: tonePacket(n)}
		e.mu.Unlock()
		e.write(&packet)
	}
}
