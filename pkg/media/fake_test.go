package media

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// fakePlatform makes peers without audio that note what they are asked, so that the session alone is looked at.
type fakePlatform struct {
	voices []string // spoken here; nil = those that every browser has
	mic    error    // opening the microphone fails with it
	fail   error    // making a peer fails with it

	mu     sync.Mutex // guards all below
	peers  []*fakePeer
	shared int
	muted  bool
	closed bool
}

func (f *fakePlatform) newPeer(notify func()) (peer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return nil, f.fail
	}
	p := &fakePeer{number: len(f.peers), notify: notify, wakeup: make(chan struct{}, 1), now: StateNew, fails: map[string]error{}}
	f.peers = append(f.peers, p)
	return p, nil
}

func (f *fakePlatform) clonePeer(ctx context.Context, of peer, dir Direction, notify func()) (peer, error) {
	p, err := f.newPeer(notify)
	if err == nil {
		err = p.offer(ctx, dir, false)
	}
	return p, err
}

func (f *fakePlatform) openMicrophone(context.Context) error { return f.mic }

func (f *fakePlatform) share() platform {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shared++
	return f
}

func (f *fakePlatform) setMuted(muted bool) { f.muted = muted }

func (f *fakePlatform) speaks(name string) bool {
	voices := f.voices
	if voices == nil {
		voices = []string{"opus", "PCMU", "PCMA"}
	}
	return slices.Contains(voices, name)
}

func (f *fakePlatform) close() { f.closed = true }

// last is the newest peer.
func (f *fakePlatform) last() *fakePeer {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.peers[len(f.peers)-1]
}

// fakePeer keeps the states of a peer connection: current and pending descriptions, credentials, candidates.
type fakePeer struct {
	number int
	notify func()
	wakeup chan struct{}

	mu      sync.Mutex // guards all below
	log     []string
	fails   map[string]error // by method
	now     State
	packets []uint64 // what the next statistics say, the last one for ever
	current string   // description, "" before the first
	pending string   // offer of ours that is out
	given   []string // descriptions of the other side
	added   []candidate
	bare    bool // it has no candidates
	restart int
	heard   bool
	closed  bool
}

func (p *fakePeer) note(method string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, method)
	return p.fails[method]
}

// history is what was asked of it.
func (p *fakePeer) history() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.log, " ")
}

// describe is a description of ours, as Chromium would write it.
func (p *fakePeer) describe(dir Direction, setup string) string {
	ufrag := fmt.Sprintf("p%dr%d", p.number, p.restart)
	lines := []string{
		"v=0", "o=- 77 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=msid-semantic: WMS s",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0 8 110 126", "c=IN IP4 0.0.0.0",
		"a=ice-ufrag:" + ufrag, "a=ice-pwd:" + strings.Repeat("p", 24), "a=ice-options:trickle",
		"a=fingerprint:sha-256 " + hash("AA"), "a=setup:" + setup, "a=mid:0",
		"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=extmap:3 " + congestionURI,
		"a=" + string(dir), "a=rtcp-mux",
		"a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1",
		"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
		"a=rtpmap:110 telephone-event/48000", "a=rtpmap:126 telephone-event/8000",
	}
	if !p.bare {
		lines = append(lines, fmt.Sprintf("a=candidate:1 1 udp 2122260223 192.0.2.7 %d typ host generation %d", 40000+p.restart,
			p.restart))
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// hash is a fingerprint of one byte repeated.
func hash(pair string) string { return strings.TrimSuffix(strings.Repeat(pair+":", 32), ":") }

func (p *fakePeer) offer(_ context.Context, dir Direction, restart bool) error {
	err := p.note("offer")
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		if restart {
			p.restart++
		}
		p.pending = p.describe(dir, "actpass")
	}
	return err
}

func (p *fakePeer) setAnswer(_ context.Context, answer string) error {
	err := p.note("setAnswer")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given = append(p.given, answer)
	if p.pending == "" {
		return errors.New("no offer is out")
	}
	if err == nil {
		p.current, p.pending = p.pending, ""
	}
	return err
}

func (p *fakePeer) answer(_ context.Context, offer string, dir Direction) error {
	err := p.note("answer")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given = append(p.given, offer)
	if err == nil {
		p.current = p.describe(dir, "active")
	}
	return err
}

func (p *fakePeer) rollback(context.Context) error {
	err := p.note("rollback")
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && p.pending != "" {
		p.pending = ""
		p.restart = 0
	}
	return err
}

func (p *fakePeer) local() (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending != "" {
		return p.pending, true
	}
	return p.current, p.current != ""
}

func (p *fakePeer) wake() <-chan struct{} { return p.wakeup }

func (p *fakePeer) addCandidates(list []candidate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.added = append(p.added, list...)
}

// heardOf are the candidates that were added so far.
func (p *fakePeer) heardOf() []candidate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.added)
}

func (p *fakePeer) activate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = true
}

func (p *fakePeer) sendDTMF(tones string) error { return p.note("tones " + tones) }

func (p *fakePeer) stats(context.Context) (Stats, error) {
	if err := p.note("stats"); err != nil {
		return Stats{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var s Stats
	if len(p.packets) > 0 {
		s.PacketsReceived = p.packets[0]
	}
	if len(p.packets) > 1 {
		p.packets = p.packets[1:]
	}
	return s, nil
}

func (p *fakePeer) state() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// become changes the state, as the platform does.
func (p *fakePeer) become(now State) {
	p.mu.Lock()
	p.now = now
	p.mu.Unlock()
	p.notify()
}

func (p *fakePeer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.now = StateClosed
}

// told is the last description that a peer was given.
func (p *fakePeer) told() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.given) == 0 {
		return ""
	}
	return p.given[len(p.given)-1]
}
