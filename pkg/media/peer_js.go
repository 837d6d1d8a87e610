package media

import (
	"context"
	"slices"
	"strings"
	"sync"
	"syscall/js"
)

// browserPeer is a peer connection of the browser, reached directly: pion's wrapper of it has no tracks, statistics,
// DTMF or certificates, its promises do not know a context, and it costs 78 kB of the compressed program.
type browserPeer struct {
	v      js.Value // RTCPeerConnection
	hw     *browserPlatform
	events *listeners
	wakeup chan struct{}

	mu          sync.Mutex // guards all below; never held while waiting
	transceiver js.Value   // undefined before the first description
	sender      js.Value
	active      bool
	remote      js.Value // MediaStream, undefined before the track event
	before      string   // direction to go back to
	released    bool
	ufrag       string // of the local description
	earlier     bool   // the browser still tells the end of the gathering for the one before
}

func newBrowserPeer(hw *browserPlatform, notify func()) (*browserPeer, error) {
	v, err := construct(hw.cfg, hw.cert)
	if err != nil {
		return nil, err
	}
	p := &browserPeer{v: v, hw: hw, wakeup: make(chan struct{}, 1), remote: js.Undefined(),
		transceiver: js.Undefined(), sender: js.Undefined()}
	hw.mic.join(p)
	p.events = listenTo(p.v)
	p.events.listen("icecandidate", func(js.Value) { p.changed() }, nil)
	p.events.listen("icegatheringstatechange", func(js.Value) { p.gathers() }, nil)
	p.events.listen("connectionstatechange", nil, notify)
	p.events.listen("track", p.takeTrack, p.listenIn)
	return p, nil
}

// useTransceiver sends and receives by the transceiver that an offer of ours or theirs has made: ours is added for the
// first offer, theirs is the only one.
func (p *browserPeer) useTransceiver(ours bool) (err error) {
	defer catch(&err)
	p.mu.Lock()
	known := p.transceiver.Truthy()
	p.mu.Unlock()
	if known {
		return nil
	}
	var t js.Value
	if ours {
		t = p.v.Call("addTransceiver", "audio", map[string]any{"streams": []any{p.hw.outgoing}})
		if err := preferCodecs(t, p.hw.cfg); err != nil {
			return err
		}
	} else {
		t = p.v.Call("getTransceivers").Index(0)
		if t.Get("sender").Get("setStreams").Type() == js.TypeFunction {
			t.Get("sender").Call("setStreams", p.hw.outgoing)
		}
	}
	p.mu.Lock()
	p.transceiver, p.sender = t, t.Get("sender")
	p.mu.Unlock()
	if track := p.hw.mic.current(); track.Truthy() {
		p.send(track)
	}
	return nil
}

// send lets the peer send a track. Nobody waits for it: it can only fail when the connection is closed.
func (p *browserPeer) send(track js.Value) {
	go p.replaceTrack(context.Background(), track)
}

// replaceTrack does nothing before there is a transceiver, which will take the track itself.
func (p *browserPeer) replaceTrack(ctx context.Context, track js.Value) error {
	p.mu.Lock()
	sender := p.sender
	p.mu.Unlock()
	if !sender.Truthy() {
		return nil
	}
	_, err := request(ctx, sender, "replaceTrack", track)
	return err
}

// construct makes the connection. Without a certificate of the call the browser makes one.
func construct(cfg Config, cert js.Value) (v js.Value, err error) {
	defer catch(&err)
	policy := cfg.ICETransportPolicy
	if policy == "" {
		policy = "all"
	}
	servers := []any{}
	for _, s := range cfg.ICEServers {
		urls := []any{}
		for _, u := range s.URLs {
			urls = append(urls, u)
		}
		server := map[string]any{"urls": urls, "username": s.Username}
		if s.Credential != "" {
			server["credential"] = s.Credential
		}
		servers = append(servers, server)
	}
	options := map[string]any{"iceServers": servers, "iceTransportPolicy": policy, "rtcpMuxPolicy": "require"}
	if cert.Truthy() {
		options["certificates"] = []any{cert}
	}
	return js.Global().Get("RTCPeerConnection").New(options), nil
}

func (p *browserPeer) changed() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

// gathers notes that the browser tells of the gathering for the present description.
func (p *browserPeer) gathers() {
	p.mu.Lock()
	p.earlier = false
	p.mu.Unlock()
	p.changed()
}

func (p *browserPeer) wake() <-chan struct{} { return p.wakeup }

func (p *browserPeer) state() State { return State(text(p.v, "connectionState")) }

// takeTrack keeps the remote stream. Peers behind a gateway often name none: then the track gets one.
func (p *browserPeer) takeTrack(event js.Value) {
	stream := event.Get("streams").Index(0)
	if !stream.Truthy() {
		stream = js.Global().Get("MediaStream").New([]any{event.Get("track")})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remote = stream
}

// listenIn plays the remote stream once both are there: the stream, and the leave to be heard.
func (p *browserPeer) listenIn() {
	p.mu.Lock()
	stream, play := p.remote, p.active && p.remote.Truthy() && !p.released
	p.mu.Unlock()
	if play {
		p.hw.player.play(stream)
	}
}

func (p *browserPeer) activate() {
	p.mu.Lock()
	already := p.active
	p.active = true
	p.mu.Unlock()
	if !already {
		go p.listenIn()
	}
}

// addCandidates tells the browser without waiting: what it cannot use it drops. Boolean stands for a function that does
// nothing.
func (p *browserPeer) addCandidates(list []candidate) {
	nothing := js.Global().Get("Boolean")
	for _, c := range list {
		promise, err := invoke(p.v, "addIceCandidate", map[string]any{"candidate": c.line()[len("a="):], "sdpMLineIndex": 0})
		if err == nil {
			promise.Call("catch", nothing)
		}
	}
}

func (p *browserPeer) close() {
	p.mu.Lock()
	done := p.released
	p.released = true
	p.mu.Unlock()
	if done {
		return
	}
	p.hw.mic.leave(p)
	p.events.release()
	p.v.Call("close")
}

// setDirection remembers what the transceiver did before.
func (p *browserPeer) setDirection(dir Direction) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before = text(p.transceiver, "direction")
	return assign(p.transceiver, "direction", string(dir))
}

func (p *browserPeer) restoreDirection() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.before != "" {
		_ = assign(p.transceiver, "direction", p.before) // a closed connection has no direction to go back to
	}
}

// offer makes the browser's offer. A restart is asked for in createOffer: restartIce would ask for it in every offer until one is
// answered.
func (p *browserPeer) offer(ctx context.Context, dir Direction, restart bool) error {
	err := p.useTransceiver(true)
	if err == nil {
		err = p.setDirection(dir)
	}
	if err != nil {
		return err
	}
	if restart {
		var desc js.Value
		if desc, err = request(ctx, p.v, "createOffer", map[string]any{"iceRestart": true}); err == nil {
			_, err = request(ctx, p.v, "setLocalDescription", desc)
		}
	} else {
		err = p.setLocal(ctx)
	}
	if err != nil {
		p.restoreDirection()
	}
	return err
}

// setLocal lets the browser make the offer or answer that is due and set it.
func (p *browserPeer) setLocal(ctx context.Context) error {
	_, err := request(ctx, p.v, "setLocalDescription")
	return err
}

// offerAs makes an offer that stands for another one: with its ICE credentials and, because the stream was announced
// so, its SSRC. Chromium plays a stream of another SSRC silently.
func (p *browserPeer) offerAs(ctx context.Context, dir Direction, original description) error {
	err := p.useTransceiver(true)
	if err == nil {
		err = p.setDirection(dir)
	}
	if err != nil {
		return err
	}
	desc, err := request(ctx, p.v, "createOffer")
	if err != nil {
		return err
	}
	d, err := localAudio(text(desc, "sdp"))
	if err != nil {
		return err
	}
	audio := &d.media[0]
	audio.lines = without(audio.lines, cloned...)
	for _, line := range original.media[0].lines {
		if name, _ := splitAttribute(line); slices.Contains(cloned, name) {
			audio.lines = append(audio.lines, line)
		}
	}
	return p.describe(ctx, "setLocalDescription", "offer", d.String())
}

// cloned are the attributes by which the other side knows the sender.
var cloned = []string{"ice-ufrag", "ice-pwd", "ssrc", "ssrc-group"}

func (p *browserPeer) describe(ctx context.Context, method, typ, sdp string) error {
	_, err := request(ctx, p.v, method, map[string]any{"type": typ, "sdp": sdp})
	return err
}

func (p *browserPeer) setAnswer(ctx context.Context, answer string) error {
	return badDescription(p.describe(ctx, "setRemoteDescription", "answer", answer))
}

func (p *browserPeer) answer(ctx context.Context, offer string, dir Direction) error {
	err := p.describe(ctx, "setRemoteDescription", "offer", offer)
	if err != nil && p.recallOffer(ctx) {
		err = p.describe(ctx, "setRemoteDescription", "offer", offer)
	}
	if err != nil {
		return badDescription(err)
	}
	err = p.useTransceiver(false)
	if err == nil {
		err = p.setDirection(dir)
	}
	if err == nil {
		err = p.setLocal(ctx)
	}
	if err != nil {
		p.restoreDirection()
		// The offer is forgotten whether or not the caller still waits.
		_ = p.describe(context.WithoutCancel(ctx), "setRemoteDescription", "rollback", "")
		return err
	}
	return nil
}

// recallOffer lets the other side offer once what it has, in vain: after a rollback Firefox takes itself for the offerer until
// then, and takes an ICE restart for an answer without offer. It reports whether that was done.
func (p *browserPeer) recallOffer(ctx context.Context) bool {
	now := p.v.Get("currentRemoteDescription")
	if !now.Truthy() || text(p.v, "signalingState") != "stable" {
		return false
	}
	d, err := parseDescription([]byte(text(now, "sdp")))
	if err != nil || len(d.media) != 1 {
		return false
	}
	audio := &d.media[0]
	audio.lines = append(without(audio.lines, "setup"), "a=setup:actpass")
	if p.describe(ctx, "setRemoteDescription", "offer", d.String()) != nil {
		return false
	}
	return p.describe(context.WithoutCancel(ctx), "setRemoteDescription", "rollback", "") == nil
}

func (p *browserPeer) rollback(ctx context.Context) error {
	if text(p.v, "signalingState") != "have-local-offer" {
		return nil
	}
	err := p.describe(ctx, "setLocalDescription", "rollback", "")
	p.restoreDirection()
	if err != nil {
		return err
	}
	return p.reapply(ctx)
}

// reapply offers the restored direction to the browser and takes it back: Chromium stops sending when an offer says so,
// and a rollback alone does not let it start again.
func (p *browserPeer) reapply(ctx context.Context) error {
	err := p.setLocal(ctx)
	if err == nil {
		err = p.describe(ctx, "setLocalDescription", "rollback", "")
	}
	return err
}

// local is the local description, and whether all candidates are in it. After an ICE restart the browser tells the end of the
// gathering before it for a while (W3C WebRTC, section 4.4.1.6 changes iceGatheringState in a task of its own).
func (p *browserPeer) local() (string, bool) {
	desc := p.v.Get("localDescription")
	if !desc.Truthy() {
		return "", false
	}
	sdp, complete := text(desc, "sdp"), text(p.v, "iceGatheringState") == "complete"
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := ufragOf(sdp); now != p.ufrag {
		p.ufrag, p.earlier = now, complete
	}
	return sdp, complete && !p.earlier
}

// ufragOf is the first ICE user name of a description.
func ufragOf(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "\na=ice-ufrag:")
	ufrag, _, _ := strings.Cut(rest, "\r\n")
	return ufrag
}

// sendDTMF adds to what is still to be sent: insertDTMF alone would replace it.
func (p *browserPeer) sendDTMF(tones string) error {
	p.mu.Lock()
	sender := p.sender
	p.mu.Unlock()
	if !sender.Truthy() {
		return ErrNoTelephoneEvent
	}
	dtmf := sender.Get("dtmf")
	if !dtmf.Truthy() || dtmf.Get("canInsertDTMF").Type() == js.TypeBoolean && !dtmf.Get("canInsertDTMF").Bool() {
		return ErrNoTelephoneEvent
	}
	_, err := invoke(dtmf, "insertDTMF", text(dtmf, "toneBuffer")+tones, toneMilliseconds, gapMilliseconds)
	return err
}

const (
	toneMilliseconds = 100
	gapMilliseconds  = 70
)
