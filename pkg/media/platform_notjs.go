//go:build !js

package media

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
)

const frameTime = 20 * time.Millisecond

// nativePlatform is the platform of one native session.
type nativePlatform struct {
	engine Native
	cfg    Config
	cert   webrtc.Certificate
	mic    *nativeMicrophone
	sink   Sink

	mu     sync.Mutex // guards closed and the sending side of tones
	closed bool
	tones  chan rune
}

func newNativePlatform(engine Native, cfg Config) (*nativePlatform, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, err
	}
	source := Tone(440)
	if engine.Source != nil {
		source = engine.Source()
	}
	return newPlatformOn(engine, cfg, *cert, newNativeMicrophone(source)), nil
}

// newPlatformOn takes over one use of the microphone.
func newPlatformOn(engine Native, cfg Config, cert webrtc.Certificate, mic *nativeMicrophone) *nativePlatform {
	n := &nativePlatform{engine: engine, cfg: cfg, cert: cert, mic: mic, tones: make(chan rune, 64)}
	if engine.Sink != nil {
		n.sink = engine.Sink()
	}
	return n
}

func (n *nativePlatform) share() platform {
	n.mic.acquire()
	return newPlatformOn(n.engine, n.cfg, n.cert, n.mic)
}

// openMicrophone does nothing: the source was opened with the platform.
func (n *nativePlatform) openMicrophone(context.Context) error { return nil }

func (n *nativePlatform) speaks(name string) bool {
	return slices.ContainsFunc(nativeCodecs, func(c codec) bool { return c.name == name && c.speech() })
}

func (n *nativePlatform) setMuted(muted bool) { n.mic.setMuted(muted) }

func (n *nativePlatform) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.closed = true
		close(n.tones)
		n.mic.release()
	}
}

// heard passes a tone on; it is dropped when nobody reads.
func (n *nativePlatform) heard(tone rune) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	select {
	case n.tones <- tone:
	default:
	}
}

func (n *nativePlatform) newPeer(notify func()) (peer, error) {
	return n.connect(notify, "", "")
}

// clonePeer gives the clone the ICE credentials of the original, so that both stand for one offer.
func (n *nativePlatform) clonePeer(ctx context.Context, of peer, dir Direction, notify func()) (peer, error) {
	text, _ := of.local()
	d, err := localAudio(text)
	if err != nil {
		return nil, err
	}
	p, err := n.connect(notify, d.lookup(d.media[0], "ice-ufrag"), d.lookup(d.media[0], "ice-pwd"))
	if err != nil {
		return nil, err
	}
	if err := p.offer(ctx, dir, false); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (n *nativePlatform) connect(notify func(), ufrag, pwd string) (*nativePeer, error) {
	api, err := newAPI(ufrag, pwd)
	if err != nil {
		return nil, err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{
		ICEServers:         iceServers(n.cfg.ICEServers),
		ICETransportPolicy: webrtc.NewICETransportPolicy(n.cfg.ICETransportPolicy),
		Certificates:       []webrtc.Certificate{n.cert},
	})
	if err != nil {
		return nil, err
	}
	return newNativePeer(pc, n, notify)
}

// newAPI registers what the engine speaks. Loopback candidates let two programs of one machine talk.
func newAPI(ufrag, pwd string) (*webrtc.API, error) {
	media := &webrtc.MediaEngine{}
	for _, c := range nativeCodecs {
		if err := media.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/" + c.name, ClockRate: uint32(c.clock),
				SDPFmtpLine: c.fmtp},
			PayloadType: payloadType(c),
		}, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	reports := &interceptor.Registry{}
	if err := webrtc.ConfigureRTCPReports(reports); err != nil {
		return nil, err
	}
	setting := webrtc.SettingEngine{}
	setting.SetIncludeLoopbackCandidate(true)
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetHandleUndeclaredSSRCWithoutAnswer(true)
	setting.SetFireOnTrackBeforeFirstRTP(true)
	setting.DisableCloseByDTLS(true) // a B2BUA may end its old leg before it offers the new one
	if ufrag != "" {
		setting.SetICECredentials(ufrag, pwd)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(reports),
		webrtc.WithSettingEngine(setting)), nil
}

func iceServers(list []ICEServer) []webrtc.ICEServer {
	var servers []webrtc.ICEServer
	for _, s := range list {
		server := webrtc.ICEServer{URLs: s.URLs, Username: s.Username}
		if s.Credential != "" {
			server.Credential = s.Credential
		}
		servers = append(servers, server)
	}
	return servers
}

// nativeMicrophone reads its source every 20 ms and hands the frame to the peers of all sessions that share it.
type nativeMicrophone struct {
	source Source
	stop   chan struct{} // closed by the last release

	mu    sync.Mutex // guards all below
	users int
	muted bool
	peers map[*nativePeer]bool
}

// newNativeMicrophone starts the pump, which ends with the last release.
func newNativeMicrophone(source Source) *nativeMicrophone {
	m := &nativeMicrophone{source: source, stop: make(chan struct{}), users: 1, peers: map[*nativePeer]bool{}}
	go m.pump()
	return m
}

func (m *nativeMicrophone) acquire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users++
}

func (m *nativeMicrophone) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.users--; m.users == 0 {
		close(m.stop)
	}
}

func (m *nativeMicrophone) setMuted(muted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.muted = muted
}

func (m *nativeMicrophone) attach(p *nativePeer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.peers[p] = true
}

func (m *nativeMicrophone) detach(p *nativePeer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.peers, p)
}

// pump sends a frame every frameTime until stop. It sends silence when muted or when the source has ended, so that packets go on.
func (m *nativeMicrophone) pump() {
	ticker := time.NewTicker(frameTime)
	defer ticker.Stop()
	frame, spent := make([]int16, frameSamples), false
	for {
		select {
		case <-ticker.C:
		case <-m.stop:
			return
		}
		spent = spent || m.source.ReadFrame(frame) != nil
		peers, muted := m.listeners()
		if spent || muted {
			clear(frame)
		}
		for _, p := range peers {
			p.sendFrame(frame)
		}
	}
}

func (m *nativeMicrophone) listeners() ([]*nativePeer, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	peers := make([]*nativePeer, 0, len(m.peers))
	for p := range m.peers {
		peers = append(peers, p)
	}
	return peers, m.muted
}
