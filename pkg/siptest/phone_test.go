//go:build !js

package siptest

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// phone is the media of a test's client: it sends numbered packets and hands over what comes back.
type phone struct {
	t      *testing.T
	pc     *webrtc.PeerConnection
	track  *testTrack
	stop   chan struct{} // closed at the end of the test
	heard  chan *rtp.Packet
	events uint8 // payload type of telephone-event
}

var testCodecs = map[string]webrtc.RTPCodecParameters{
	"opus": {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/opus", ClockRate: 48000, Channels: 2,
		SDPFmtpLine: "minptime=10;useinbandfec=1"}, PayloadType: 111},
	"G722": {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/G722", ClockRate: 8000}, PayloadType: 9},
	"PCMU": {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/PCMU", ClockRate: 8000}, PayloadType: 0},
	"PCMA": {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/PCMA", ClockRate: 8000}, PayloadType: 8},
	"telephone-event": {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000,
		SDPFmtpLine: "0-15"}, PayloadType: 126},
}

// newPhone makes a peer connection that knows the codecs, sends the first one, and begins to send.
func newPhone(t *testing.T, codecs ...string) *phone {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	for _, name := range append(codecs, "telephone-event") {
		if err := engine.RegisterCodec(testCodecs[name], webrtc.RTPCodecTypeAudio); err != nil {
			t.Fatal(err)
		}
	}
	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetIncludeLoopbackCandidate(true)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, pc: pc, stop: make(chan struct{}), heard: make(chan *rtp.Packet, 1000), events: 126}
	static, err := webrtc.NewTrackLocalStaticRTP(testCodecs[codecs[0]].RTPCodecCapability, "audio", "test")
	if err != nil {
		t.Fatal(err)
	}
	p.track = &testTrack{TrackLocalStaticRTP: static, bound: make(chan webrtc.TrackLocalContext, 1)}
	if _, err := pc.AddTrack(p.track); err != nil {
		t.Fatal(err)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.listen(track) })
	t.Cleanup(func() { close(p.stop); pc.GracefulClose() })
	return p
}

func (p *phone) listen(track *webrtc.TrackRemote) {
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		select {
		case p.heard <- packet:
		default: // a test that has seen enough
		}
	}
}

// talk sends a packet each 20 ms whose payload is its number.
func (p *phone) talk() {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for n := uint32(1); ; n++ {
		select {
		case <-ticker.C:
		case <-p.stop:
			return
		}
		payload := bytes.Repeat(binary.BigEndian.AppendUint32(nil, n), 40)
		p.track.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: n * 160},
			Payload: payload})
	}
}

func (p *phone) offer(options *webrtc.OfferOptions) string {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(options)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	return p.pc.LocalDescription().SDP
}

func (p *phone) answered(sdp []byte) {
	p.t.Helper()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(sdp)}); err != nil {
		p.t.Fatalf("answer: %v\n%s", err, sdp)
	}
}

// hear is the next packet that came.
func (p *phone) hear(why string) *rtp.Packet {
	p.t.Helper()
	select {
	case packet := <-p.heard:
		return packet
	case <-testContext(p.t).Done():
		p.t.Fatalf("%s: no audio came", why)
	}
	return nil
}

// hearEcho wants n packets of what talk sends, in order and without gaps in the sequence numbers.
func (p *phone) hearEcho(n int) {
	p.t.Helper()
	var last *rtp.Packet
	for range n {
		packet := p.hear("the echo comes back")
		number := binary.BigEndian.Uint32(packet.Payload)
		if len(packet.Payload) != 160 || !bytes.Equal(packet.Payload, bytes.Repeat(packet.Payload[:4], 40)) || number == 0 {
			p.t.Fatalf("echo: got payload % x, want the one sent", packet.Payload)
		}
		if last != nil && packet.SequenceNumber != last.SequenceNumber+1 {
			p.t.Fatalf("echo: sequence number %d after %d", packet.SequenceNumber, last.SequenceNumber)
		}
		if last != nil && number != binary.BigEndian.Uint32(last.Payload)+1 {
			p.t.Fatalf("echo: packet %d after %d", number, binary.BigEndian.Uint32(last.Payload))
		}
		last = packet
	}
}

// press sends one tone as RFC 4733 does: three packets, then the end three times.
func (p *phone) press(event byte, timestamp uint32, sequence uint16) {
	for i := range 6 {
		end := byte(0)
		if i >= 3 {
			end = 0x80
		}
		p.raw(&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: p.events, Marker: i == 0,
			SequenceNumber: sequence + uint16(i), Timestamp: timestamp}, Payload: []byte{event, end | 10, byte(i), 0xa0}})
	}
}

// raw writes a packet with the payload type it has, which the track would overwrite.
func (p *phone) raw(packet *rtp.Packet) {
	p.t.Helper()
	bound := <-p.track.bound
	p.track.bound <- bound
	packet.SSRC = uint32(bound.SSRC())
	if _, err := bound.WriteStream().WriteRTP(&packet.Header, packet.Payload); err != nil {
		p.t.Fatal(err)
	}
}

// testTrack gives access to the stream underneath.
type testTrack struct {
	*webrtc.TrackLocalStaticRTP
	bound chan webrtc.TrackLocalContext // capacity 1
}

func (t *testTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	select {
	case t.bound <- c:
	default:
	}
	return t.TrackLocalStaticRTP.Bind(c)
}
