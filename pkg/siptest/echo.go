//go:build !js

package siptest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// gatherTime is the longest wait for the server's own candidates; they are of its own interfaces only.
const gatherTime = 2 * time.Second

// echo is the media of one call: a peer connection that sends the packets back which it receives.
// The call's worker owns it; the reading goroutines use what is said to be theirs.
type echo struct {
	pc          *webrtc.PeerConnection
	track       *webrtc.TrackLocalStaticRTP
	codec       codec
	direction   direction // of the last answer
	session     string    // of the offer it was made for
	fingerprint string

	events   [128]atomic.Bool // payload types of telephone-event
	counters *counters
	deaf     *atomic.Bool // nothing is heard and nothing sent
	onDigit  func(digit string)
	onAudio  func()

	mu      sync.Mutex // guards what follows
	closed  bool
	readers sync.WaitGroup // reading and tone goroutines
	done    chan struct{}  // closed by close
	out     rtp.Header     // of the last packet sent
	shift   uint32         // what is added to the timestamps of the packets received
	echoing bool           // shift is set
	event   uint32         // timestamp of the last telephone-event
	heard   bool           // there was one
}

// describe answers an offer, or makes one when it is empty. It runs in the worker.
func (c *peerCall) describe(offer []byte) ([]byte, error) {
	if len(offer) == 0 {
		return c.offer()
	}
	info, err := readOffer(offer)
	if err != nil {
		return nil, err
	}
	if answer, err := c.judge(info); answer != nil || err != nil {
		return answer, err
	}
	if mannersOf[c.info.Number].zeroIsHold && info.zero && info.direction == "sendrecv" {
		info.direction = "sendonly"
	}
	if c.media == nil || c.media.session != info.session || c.media.fingerprint != info.fingerprint || !info.has(c.media.codec) {
		fresh, err := c.newEcho(info)
		if err != nil {
			return nil, err
		}
		if c.media != nil {
			c.media.close()
		}
		c.media = fresh
	}
	answer, err := c.media.answer(c.ctx, offer, info)
	if err == nil {
		c.settle(info, answer)
	}
	return answer, err
}

// offer makes an offer of the server's own: PCMU, which every client has.
func (c *peerCall) offer() ([]byte, error) {
	if c.media == nil {
		fresh, err := c.newEcho(offerInfo{codecs: []codec{
			{name: "PCMU", payloadType: 0, rate: 8000}, {name: "telephone-event", payloadType: 101, rate: 8000, fmtp: "0-15"},
		}})
		if err != nil {
			return nil, err
		}
		c.media = fresh
	}
	c.media.setDirection("sendrecv")
	return c.media.describe(c.ctx, c.media.pc.CreateOffer)
}

// takeAnswer applies the answer that came in an ACK.
func (c *peerCall) takeAnswer(answer []byte) {
	info, err := readOffer(answer)
	if err == nil {
		c.media.session, c.media.fingerprint = info.session, info.fingerprint
		c.media.setDirection(info.direction.mirror())
		err = c.media.pc.SetRemoteDescription(webrtc.SessionDescription{
			Type: webrtc.SDPTypeAnswer, SDP: string(withDirection(answer, "sendrecv")),
		})
	}
	if err == nil {
		return
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.info.State != CallEnded {
		c.hangup()
	}
}

// newEcho makes a peer connection for one codec: the offer's first, for 602 PCMU.
func (c *peerCall) newEcho(info offerInfo) (*echo, error) {
	chosen, ok := info.choose(func(o codec) bool { return c.info.Number != earlyNumber || o.name == "PCMU" })
	if !ok {
		return nil, errNoAudio
	}
	e := &echo{codec: chosen, session: info.session, fingerprint: info.fingerprint, counters: c.counters, deaf: &c.inUse.deaf,
		done: make(chan struct{})}
	e.onDigit, e.onAudio = c.digitHeard, c.audioHeard
	if err := e.connect(info); err != nil {
		return nil, err
	}
	if c.info.Number == earlyNumber && c.counters.tone.Load() {
		e.start(e.playTone)
	}
	return e, nil
}

func (c *peerCall) digitHeard(digit string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.addDTMF(digit, "rtp")
}

// audioHeard wakes those who wait for packets, a few times a second.
func (c *peerCall) audioHeard() {
	if n := c.counters.received.Load(); n != 1 && n%10 != 0 {
		return
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.notify()
}

// connect makes the peer connection.
func (e *echo) connect(info offerInfo) error {
	engine, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	for _, c := range info.codecs {
		if c.name != "telephone-event" && c != e.codec {
			continue
		}
		e.events[c.payloadType].Store(c.name == "telephone-event")
		parameters := webrtc.RTPCodecParameters{RTPCodecCapability: c.capability(),
			PayloadType: webrtc.PayloadType(c.payloadType)}
		if err := engine.RegisterCodec(parameters, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		return err
	}
	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetIncludeLoopbackCandidate(true)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry),
		webrtc.WithSettingEngine(settings))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	e.pc = pc
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { e.run(func() { e.read(track) }) })
	if err := e.addTrack(); err != nil {
		pc.Close()
		return err
	}
	return nil
}

func (e *echo) addTrack() (err error) {
	if e.track, err = webrtc.NewTrackLocalStaticRTP(e.codec.capability(), "audio", "siptest"); err != nil {
		return err
	}
	sender, err := e.pc.AddTrack(e.track)
	if err != nil {
		return err
	}
	e.start(func() {
		for { // reports must be read for the interceptors to see them
			if _, _, err := sender.ReadRTCP(); err != nil {
				return
			}
		}
	})
	return nil
}

var quiet = &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled}

// answer applies an offer and makes the answer.
func (e *echo) answer(ctx context.Context, offer []byte, info offerInfo) ([]byte, error) {
	err := e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer,
		SDP: string(withDirection(offer, "sendrecv"))})
	if err != nil {
		return nil, err
	}
	e.setDirection(info.direction.mirror())
	return e.describe(ctx, func(*webrtc.OfferOptions) (webrtc.SessionDescription, error) { return e.pc.CreateAnswer(nil) })
}

func (e *echo) setDirection(d direction) {
	e.direction = d
	e.counters.sending.Store(d.sends())
}

// describe makes the local description and waits for its candidates.
func (e *echo) describe(ctx context.Context, create func(*webrtc.OfferOptions) (webrtc.SessionDescription, error)) ([]byte,
	error) {
	description, err := create(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(e.pc)
	if err := e.pc.SetLocalDescription(description); err != nil {
		return nil, err
	}
	timer := time.NewTimer(gatherTime)
	defer timer.Stop()
	select {
	case <-gathered:
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return withDirection([]byte(e.pc.LocalDescription().SDP), e.direction), nil
}

// start runs f in a goroutine that close waits for; f must end when the peer connection or done is closed.
func (e *echo) start(f func()) { go e.run(f) }

func (e *echo) run(f func()) {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.readers.Add(1)
	e.mu.Unlock()
	defer e.readers.Done()
	f()
}

// close ends the connection and waits for its goroutines.
func (e *echo) close() {
	e.mu.Lock()
	e.closed = true
	close(e.done)
	e.mu.Unlock()
	e.pc.GracefulClose()
	e.readers.Wait()
}
