//go:build !js

package media

import (
	"context"
	"math"
)

// FrameSamples is the length of a frame: 20 ms of 16-bit PCM at 8 kHz, one channel.
const FrameSamples = frameSamples

// Source is the microphone of a native session. ReadFrame fills a frame; it is called every 20 ms and must not block.
// After an error the session sends silence and asks no more.
type Source interface {
	ReadFrame(frame []int16) error
}

// Sink is the loudspeaker of a native session. WriteFrame gets what arrives, in the order of arrival, from one
// goroutine at a time; it must not block and not keep the slice.
type Sink interface {
	WriteFrame(frame []int16)
}

// Native makes sessions outside a browser, with real ICE and DTLS-SRTP: for bots, monitors and tests. It speaks PCMU,
// PCMA and telephone-event. The zero value sends a tone of 440 Hz and only measures what arrives.
type Native struct {
	Source func() Source // called for each session; default Tone(440)
	Sink   func() Sink   // called for each session; default: none
}

// Default returns the native engine with its zero value.
func Default() Engine { return Native{} }

// NewSession is Engine.NewSession.
func (n Native) NewSession(ctx context.Context, cfg Config) (Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	hw, err := newNativePlatform(n, cfg)
	if err != nil {
		return nil, err
	}
	s, err := newSession(cfg, hw)
	if err != nil {
		hw.close()
		return nil, err
	}
	return s, nil
}

// Prepare is Preparer.Prepare. A Source asks nobody, so it is read from the beginning; nobody hears it yet.
func (n Native) Prepare(ctx context.Context, cfg Config) (Session, error) {
	return n.NewSession(ctx, cfg)
}

// Warm is Preparer.Warm: natively there is nothing to ready.
func (Native) Warm(context.Context, Config) {}

// Tone is a Source of one frequency in Hz at a quarter of full scale.
func Tone(frequency float64) Source { return &tone{step: 2 * math.Pi * frequency / 8000} }

type tone struct {
	phase, step float64
}

func (t *tone) ReadFrame(frame []int16) error {
	for i := range frame {
		frame[i] = int16(math.Sin(t.phase) * 8191)
		t.phase = math.Mod(t.phase+t.step, 2*math.Pi)
	}
	return nil
}

// Devices is empty: a native session has a Source and a Sink instead.
func Devices(context.Context) ([]Device, error) { return nil, nil }

// WatchDevices does nothing, natively.
func WatchDevices(func()) (stop func()) { return func() {} }

// WatchPlayback does nothing: only browsers block playing.
func WatchPlayback(func(blocked bool)) (stop func()) { return func() {} }

// ResumePlayback does nothing, natively.
func ResumePlayback(context.Context) error { return nil }

// Tones is DTMFReceiver.Tones.
func (s *session) Tones() <-chan rune {
	if hw, ok := s.hw.(*nativePlatform); ok {
		return hw.tones
	}
	return nil
}
