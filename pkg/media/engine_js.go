package media

import (
	"context"
	"fmt"
	"sync"
	"syscall/js"
)

// Default returns the engine of the browser.
func Default() Engine { return browserEngine{} }

type browserEngine struct{}

// NewSession is Engine.NewSession. The connection is made while the user is asked for the microphone.
func (browserEngine) NewSession(ctx context.Context, cfg Config) (Session, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mic, opened := newMicrophone(cfg.Audio), make(chan error, 1)
	go func() { opened <- mic.open(ctx) }()
	s, err := newBrowserSession(ctx, cfg, mic)
	if err != nil {
		return nil, err
	}
	if err := <-opened; err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Prepare is Preparer.Prepare.
func (browserEngine) Prepare(ctx context.Context, cfg Config) (Session, error) {
	if s := spares.take(cfg); s != nil {
		return s, nil
	}
	s, err := newBrowserSession(ctx, cfg, newMicrophone(cfg.Audio))
	if err != nil {
		return nil, err
	}
	return s, nil
}

func newBrowserSession(ctx context.Context, cfg Config, mic *microphone) (*session, error) {
	if !js.Global().Get("RTCPeerConnection").Truthy() {
		return nil, ErrUnsupported
	}
	hw := newBrowserPlatform(ctx, cfg, mic)
	s, err := newSession(cfg, hw)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		hw.close()
		return nil, err
	}
	return s, nil
}

// SetAudio is DeviceSwitcher.SetAudio.
func (s *session) SetAudio(ctx context.Context, audio AudioConstraints) error {
	if err := s.hw.(*browserPlatform).setAudio(ctx, audio); err != nil {
		return s.fail("change audio device", err)
	}
	return nil
}

// SwitchAudio is AudioSwitcher.SwitchAudio.
func (browserEngine) SwitchAudio(ctx context.Context, audio AudioConstraints) error {
	var failed error
	for _, p := range players.list() {
		if err := p.owner.setAudio(ctx, audio); err != nil && failed == nil {
			failed = fmt.Errorf("change audio device: %w", err)
		}
	}
	return failed
}

// PlaybackBlocked is Playback.PlaybackBlocked.
func (s *session) PlaybackBlocked() bool { return s.hw.(*browserPlatform).player.isBlocked() }

// ResumePlayback is Playback.ResumePlayback.
func (s *session) ResumePlayback(ctx context.Context) error {
	return s.hw.(*browserPlatform).player.resume(ctx)
}

// browserPlatform is the platform of one session in a browser.
type browserPlatform struct {
	cfg      Config
	cert     js.Value // RTCCertificate of the call, undefined when the browser made none
	outgoing js.Value // MediaStream that names what we send
	mic      *microphone
	player   *player
	closed   sync.Once
}

// newBrowserPlatform makes all but the connection.
func newBrowserPlatform(ctx context.Context, cfg Config, mic *microphone) *browserPlatform {
	hw := &browserPlatform{cfg: cfg, mic: mic, outgoing: js.Global().Get("MediaStream").New()}
	hw.player = newPlayer(hw, cfg.Audio.SpeakerID)
	hw.cert = newCertificate(ctx)
	return hw
}

// newCertificate makes the certificate of a call; undefined when the browser cannot. Then the connection makes its own,
// and only forking suffers.
func newCertificate(ctx context.Context) js.Value {
	cert, err := request(ctx, js.Global().Get("RTCPeerConnection"), "generateCertificate",
		map[string]any{"name": "ECDSA", "namedCurve": "P-256"})
	if err != nil {
		return js.Undefined()
	}
	return cert
}

func (hw *browserPlatform) openMicrophone(ctx context.Context) error { return hw.mic.open(ctx) }

func (hw *browserPlatform) share() platform {
	hw.mic.acquire()
	other := &browserPlatform{cfg: hw.cfg, cert: hw.cert, outgoing: hw.outgoing, mic: hw.mic}
	other.player = newPlayer(other, hw.player.speaker())
	return other
}

func (hw *browserPlatform) setMuted(muted bool) { hw.mic.setMuted(muted) }

func (hw *browserPlatform) close() {
	hw.closed.Do(func() {
		hw.mic.release()
		hw.player.close()
	})
}

func (hw *browserPlatform) setAudio(ctx context.Context, audio AudioConstraints) error {
	if err := hw.mic.change(ctx, audio); err != nil {
		return err
	}
	if audio.SpeakerID == hw.player.speaker() {
		return nil
	}
	return hw.player.setSpeaker(ctx, audio.SpeakerID)
}

func (hw *browserPlatform) newPeer(notify func()) (peer, error) {
	return newBrowserPeer(hw, notify)
}

// clonePeer makes an offer of its own and edits the credentials of the original into it; with the certificate of
// the call it then stands for the same offer. A browser may refuse the edit.
func (hw *browserPlatform) clonePeer(ctx context.Context, of peer, dir Direction, notify func()) (peer, error) {
	original, _ := of.local()
	d, err := localAudio(original)
	if err != nil {
		return nil, err
	}
	p, err := newBrowserPeer(hw, notify)
	if err != nil {
		return nil, err
	}
	if err := p.offerAs(ctx, dir, d); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}
