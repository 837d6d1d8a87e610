//go:build !js

package media

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pion/webrtc/v4"
)

// nativeCodecs is what a native session offers, in this order.
var nativeCodecs = []codec{
	{payload: "0", name: "PCMU", clock: 8000},
	{payload: "8", name: "PCMA", clock: 8000},
	{payload: "101", name: telephoneEvent, clock: 8000, fmtp: "0-15"},
}

// nativePeer is a peer connection of pion. Pion sees the first offer and answer, always "sendrecv", and those that
// restart ICE; all others (hold, other codecs) change only who sends what, which is decided here. So pion never stops
// and rebuilds its senders and receivers.
type nativePeer struct {
	pc     *webrtc.PeerConnection
	hw     *nativePlatform
	track  *nativeTrack
	rx     *receiver
	wakeup chan struct{}

	mu        sync.Mutex // guards all below
	active    bool
	connected bool      // an answer was applied or made
	throughPC bool      // the pending offer was made by pion
	answering bool      // the last description made was an answer
	proposed  Direction // of the pending local offer
	agreed    Direction // who sends now
	remote    endpoint  // of the last description applied
	codecs    []codec   // of the last answer, whoever made it
	described []codec   // to be written into the local description
	setup     string    // a=setup of answers, once a DTLS role is taken
	tones     toneSender
	undo      func() // restores what the pending offer changed
	pathless  bool   // an offer that restarted ICE was taken back: the next one has to go through pion
}

func newNativePeer(pc *webrtc.PeerConnection, hw *nativePlatform, notify func()) (*nativePeer, error) {
	p := &nativePeer{pc: pc, hw: hw, track: newNativeTrack(), rx: newReceiver(), wakeup: make(chan struct{}, 1),
		agreed: Inactive, described: nativeCodecs}
	sender, err := pc.AddTrack(p.track)
	if err != nil {
		pc.Close()
		return nil, err
	}
	pc.OnICECandidate(func(*webrtc.ICECandidate) { p.changed() })
	pc.OnICEGatheringStateChange(func(webrtc.ICEGatheringState) { p.changed() })
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { notify() })
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.receive(track) })
	go p.readReports(sender)
	hw.mic.attach(p)
	return p, nil
}

func (p *nativePeer) changed() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

func (p *nativePeer) wake() <-chan struct{} { return p.wakeup }

func (p *nativePeer) state() State { return State(p.pc.ConnectionState().String()) }

func (p *nativePeer) activate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active = true
}

// addCandidates drops what pion cannot use.
func (p *nativePeer) addCandidates(list []candidate) {
	for _, c := range list {
		_ = p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.line()[len("a="):]})
	}
}

func (p *nativePeer) close() {
	p.hw.mic.detach(p)
	go p.pc.Close()
}

func (p *nativePeer) offer(ctx context.Context, dir Direction, restart bool) error {
	p.mu.Lock()
	through := !p.connected || restart || p.pathless
	described, answering := p.described, p.answering
	p.undo = func() { p.described, p.answering, p.throughPC = described, answering, false }
	p.proposed, p.answering, p.throughPC, p.described = dir, false, through, p.offerable()
	p.mu.Unlock()
	if !through {
		return ctx.Err()
	}
	desc, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return err
	}
	return p.pc.SetLocalDescription(desc)
}

// offerable is all that is spoken here, with the payload types already in use. The caller holds mu.
func (p *nativePeer) offerable() []codec {
	list := slices.Clone(nativeCodecs)
	for i := range list {
		for _, c := range p.codecs {
			if strings.EqualFold(c.name, list[i].name) {
				list[i].payload = c.payload
			}
		}
	}
	return list
}

func (p *nativePeer) rollback(context.Context) error {
	p.mu.Lock()
	through, undo := p.throughPC, p.undo
	p.undo = nil
	if undo != nil {
		undo()
	}
	p.mu.Unlock()
	if !through || p.pc.SignalingState() != webrtc.SignalingStateHaveLocalOffer {
		return nil
	}
	return p.closeOffer()
}

// closeOffer ends an offer of ours that nobody will answer. pion cannot roll back, so it gets the other side's last description
// as an answer. Where the offer has restarted ICE the old path is gone with it; the next offer of either side makes a new one.
func (p *nativePeer) closeOffer() error {
	last := p.pc.CurrentRemoteDescription()
	if last == nil {
		return errors.New("nothing was agreed before")
	}
	d, err := parseDescription([]byte(last.SDP))
	if err != nil {
		return err
	}
	p.mu.Lock()
	theirs := oppositeSetup(p.setup)
	p.pathless = true
	p.mu.Unlock()
	audio := &d.media[0]
	audio.lines = append(without(audio.lines, "setup", "candidate", "end-of-candidates"), "a=setup:"+theirs)
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: d.String()})
}

func (p *nativePeer) setAnswer(_ context.Context, answer string) error {
	d, common, err := readRemote(answer)
	if err != nil {
		return err
	}
	p.mu.Lock()
	through := p.throughPC
	p.mu.Unlock()
	if through {
		if err := p.pc.SetRemoteDescription(forPion(d, webrtc.SDPTypeAnswer)); err != nil {
			return badDescription(err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.agree(d, common, p.proposed)
	if p.setup == "" {
		p.setup = oppositeSetup(d.lookup(d.media[0], "setup"))
	}
	p.throughPC, p.undo = false, nil
	p.pathless = p.pathless && !through
	return nil
}

func (p *nativePeer) answer(_ context.Context, offer string, dir Direction) error {
	d, common, err := readRemote(offer)
	if err != nil {
		return err
	}
	p.mu.Lock()
	through := !p.connected || d.endpoint(d.media[0]).ufrag != p.remote.ufrag
	p.mu.Unlock()
	if through {
		if err := p.answerThroughPC(d); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.agree(d, common, dir)
	p.answering, p.described = true, common
	return nil
}

// answerThroughPC lets pion take part in an offer and answer.
func (p *nativePeer) answerThroughPC(d description) error {
	if err := p.pc.SetRemoteDescription(forPion(d, webrtc.SDPTypeOffer)); err != nil {
		return badDescription(err)
	}
	desc, err := p.pc.CreateAnswer(nil)
	if err == nil {
		err = p.pc.SetLocalDescription(desc)
	}
	if err != nil {
		return badDescription(err)
	}
	local, err := localAudio(desc.SDP)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setup, p.pathless = local.lookup(local.media[0], "setup"), false
	return nil
}

// agree notes the outcome of an offer and answer. The caller holds mu.
func (p *nativePeer) agree(d description, common []codec, dir Direction) {
	p.agreed = dir.answerTo(d.direction(d.media[0]))
	p.codecs, p.connected = common, true
	p.remote = d.endpoint(d.media[0])
	p.rx.setCodecs(common)
}

// readRemote finds what of the other side's codecs is spoken here, with its payload types and in its order.
func readRemote(text string) (description, []codec, error) {
	d, err := parseDescription([]byte(text))
	if err != nil {
		return d, nil, err
	}
	var common []codec
	for _, c := range d.media[0].codecs() {
		if slices.ContainsFunc(nativeCodecs, func(n codec) bool {
			return strings.EqualFold(n.name, c.name) && n.clock == c.clock
		}) {
			common = append(common, c)
		}
	}
	if !slices.ContainsFunc(common, codec.speech) {
		return d, nil, fmt.Errorf("%w: %v", ErrNoCodec, d.media[0].formats())
	}
	return d, common, nil
}

// forPion rewrites a remote description: every stream is handled as it arrives, so its SSRCs need no announcement, and
// the direction is none of pion's business.
func forPion(d description, typ webrtc.SDPType) webrtc.SessionDescription {
	d = d.clone()
	audio := &d.media[0]
	audio.lines = without(audio.lines, "ssrc", "ssrc-group")
	audio.setDirection(SendRecv)
	return webrtc.SessionDescription{Type: typ, SDP: d.String()}
}

// clone copies the lines, so that the result can be changed.
func (d description) clone() description {
	c := description{session: slices.Clone(d.session)}
	for _, s := range d.media {
		c.media = append(c.media, section{lines: slices.Clone(s.lines)})
	}
	return c
}

// local is pion's description with direction, codecs and DTLS role as they are now.
func (p *nativePeer) local() (string, bool) {
	desc := p.pc.LocalDescription()
	if desc == nil {
		return "", false
	}
	complete := p.pc.ICEGatheringState() == webrtc.ICEGatheringStateComplete
	d, err := localAudio(desc.SDP)
	if err != nil {
		return desc.SDP, complete
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	dir, setup := p.proposed, "actpass"
	if p.answering {
		dir, setup = p.agreed, p.setup
	}
	audio := &d.media[0]
	audio.setDirection(dir)
	audio.setCodecs(p.described)
	audio.lines = append(without(audio.lines, "setup"), "a=setup:"+setup)
	return d.String(), complete
}

// setCodecs writes the m= line and the a=rtpmap and a=fmtp lines.
func (s *section) setCodecs(list []codec) {
	var payloads, lines []string
	for _, c := range list {
		payloads = append(payloads, c.payload)
		lines = append(lines, "a=rtpmap:"+c.payload+" "+c.name+"/"+strconv.Itoa(c.clock))
		if c.fmtp != "" {
			lines = append(lines, "a=fmtp:"+c.payload+" "+c.fmtp)
		}
	}
	s.lines = append(without(s.lines, "rtpmap", "fmtp", "rtcp-fb"), lines...)
	s.setFields(s.port(), payloads)
}

func payloadType(c codec) webrtc.PayloadType {
	n, _ := strconv.ParseUint(c.payload, 10, 7)
	return webrtc.PayloadType(n)
}

// sending returns the codecs for the next frame: the first voice codec of the answer, and telephone-event.
func (p *nativePeer) sending() (voice, events codec, sends bool) {
	for _, c := range p.codecs {
		switch {
		case c.speech() && voice.name == "":
			voice = c
		case strings.EqualFold(c.name, telephoneEvent) && events.name == "":
			events = c
		}
	}
	return voice, events, p.agreed.sends() && voice.name != ""
}

// sendFrame sends 20 ms of audio, or the part of a tone that is due instead.
func (p *nativePeer) sendFrame(frame []int16) {
	p.mu.Lock()
	voice, events, sends := p.sending()
	var packet tonePacket
	toned := false
	if sends && p.track.ready() {
		packet, toned = p.tones.next()
	}
	p.mu.Unlock()
	switch {
	case !sends:
		p.track.skip()
	case toned && packet.silent:
		p.track.skip()
	case toned:
		p.track.sendTone(payloadType(events), packet)
	default:
		p.track.sendAudio(payloadType(voice), laws[strings.ToUpper(voice.name)], frame)
	}
}

func (p *nativePeer) sendDTMF(tones string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, events, _ := p.sending(); events.name == "" {
		return ErrNoTelephoneEvent
	}
	p.tones.add(tones)
	return nil
}

// receive reads one remote stream until it ends.
func (p *nativePeer) receive(track *webrtc.TrackRemote) {
	pcm := make([]int16, 0, frameSamples)
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		p.mu.Lock()
		heard := p.active && p.agreed.receives()
		p.mu.Unlock()
		got := p.rx.read(packet, heard, pcm[:0])
		switch {
		case !heard:
		case got.tone != 0:
			p.hw.heard(got.tone)
		case len(got.pcm) > 0 && p.hw.sink != nil:
			p.hw.sink.WriteFrame(got.pcm)
		}
	}
}

// readReports takes in the other side's RTCP until the peer is closed; pion answers it on the way.
func (p *nativePeer) readReports(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		p.rx.reports(packets)
	}
}

// stats reads the counters kept here, and from pion what ICE knows.
func (p *nativePeer) stats(ctx context.Context) (Stats, error) {
	s := p.rx.stats()
	p.mu.Lock()
	voice, _, _ := p.sending()
	p.mu.Unlock()
	s.Codec = voice.name
	p.track.stats(&s)
	pairStats(p.pc.GetStats(), &s)
	return s, ctx.Err()
}
