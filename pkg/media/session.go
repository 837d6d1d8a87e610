package media

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// peer is one peer connection of the platform. It knows one audio section; all else of SDP is the session's.
type peer interface {
	// offer makes a local offer and sets it.
	offer(ctx context.Context, dir Direction, restart bool) error
	// setAnswer applies the other side's answer.
	setAnswer(ctx context.Context, answer string) error
	// answer applies the other side's offer, makes the answer and sets it. When it fails all is as before.
	answer(ctx context.Context, offer string, dir Direction) error
	// rollback takes back the local offer.
	rollback(ctx context.Context) error
	// local is the local description with the candidates found so far, "" when there is none.
	local() (text string, gathered bool)
	// wake has a token whenever local may have changed.
	wake() <-chan struct{}
	// addCandidates tells candidates of the other side that were left out of its offer.
	addCandidates(list []candidate)
	// activate lets the peer be heard: until then it must not disturb the one it replaces. Once is enough.
	activate()
	sendDTMF(tones string) error
	stats(ctx context.Context) (Stats, error)
	state() State
	close()
}

// platform owns microphone and speaker of a session and makes its peers. notify is called after a change of state.
type platform interface {
	newPeer(notify func()) (peer, error)
	// clonePeer makes a peer that stands for the same local offer.
	clonePeer(ctx context.Context, of peer, dir Direction, notify func()) (peer, error)
	// openMicrophone waits for the microphone. Once it is open it does nothing.
	openMicrophone(ctx context.Context) error
	// share returns a platform with the same microphone, which lives until both are closed.
	share() platform
	setMuted(muted bool)
	// speaks reports whether the peers can use a voice codec.
	speaks(name string) bool
	close()
}

// session is Session on any platform.
type session struct {
	cfg   Config
	rules codecRules
	hw    platform
	done  chan struct{} // closed by Close
	tones atomic.Bool   // telephone-event was negotiated

	// These belong to the caller of Offer, Answer, SetAnswer, Rollback and Clone, who serialises them.
	layout     layout
	origin     origin
	mid        string    // the dialog's name of the audio section
	remote     endpoint  // of the last description applied
	offered    Direction // of the last local offer
	listening  bool      // the other side was last agreed to send, and we to receive
	kept       oldPath
	told       told   // what the present peer was told
	negotiated bool   // an answer was applied or made
	rehearsed  *draft // an answer made before it was wanted

	mu     sync.Mutex // guards all below
	cur    peer
	next   peer // fresh peer of an offer not yet answered
	states chan State
	last   State
	closed bool
}

func newSession(cfg Config, hw platform) (*session, error) {
	rules, err := newCodecRules(cfg)
	if err != nil {
		return nil, err
	}
	s := &session{cfg: cfg, rules: rules, hw: hw, done: make(chan struct{}), states: make(chan State, 1)}
	s.origin.id = rand.Uint64() >> 2 // some peers read it as a signed number
	p, err := hw.newPeer(s.notify)
	if err != nil {
		return nil, err
	}
	s.cur = p // not heard yet: there may be no call before somebody answers
	return s, nil
}

// bound ends the context with the session too.
func (s *session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// fail wraps an error once, and names the end of the session where that is the cause.
func (s *session) fail(what string, err error) error {
	select {
	case <-s.done:
		err = ErrClosed
	default:
	}
	return fmt.Errorf("%s: %w", what, err)
}

// renewal says what an offer keeps of the connection.
type renewal int

const (
	keepConnection renewal = iota
	restartICE             // where the path is lost
	freshPeer
)

// Offer is Session.Offer.
func (s *session) Offer(ctx context.Context, dir Direction) ([]byte, error) {
	return s.makeOffer(ctx, dir, keepConnection)
}

// OfferRestart is Restarter.OfferRestart.
func (s *session) OfferRestart(ctx context.Context, dir Direction) ([]byte, error) {
	return s.makeOffer(ctx, dir, restartICE)
}

// OfferFresh is Restarter.OfferFresh.
func (s *session) OfferFresh(ctx context.Context, dir Direction) ([]byte, error) {
	return s.makeOffer(ctx, dir, freshPeer)
}

// makeOffer makes an offer while the microphone opens. Whatever fails leaves the session as it was before, the offer forgotten.
func (s *session) makeOffer(ctx context.Context, dir Direction, how renewal) ([]byte, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	opened := s.openMicrophone(ctx)
	if err := s.forgetRehearsal(ctx); err != nil {
		return nil, s.fail("offer", err)
	}
	p, err := s.offerer(how)
	if err != nil {
		return nil, s.fail("offer", err)
	}
	restart := s.negotiated && how == restartICE && s.pathLost(ctx, p)
	if restart {
		s.keepPath(p)
	}
	if err := p.offer(ctx, dir, restart); err != nil {
		s.drop(p)
		return nil, s.fail("offer", err)
	}
	text, err := s.describe(ctx, p, true)
	if err == nil {
		err = <-opened
	}
	if err != nil {
		s.takeBack(p)
		return nil, s.fail("offer", err)
	}
	s.offered = dir
	if cur, _ := s.present(); cur == p {
		p.activate()
	}
	return text, nil
}

// openMicrophone opens the microphone beside other work, unless it is open. The result comes in any case. It takes longer
// than all else, so it has its turn first.
func (s *session) openMicrophone(ctx context.Context) <-chan error {
	opened := make(chan error, 1)
	go func() { opened <- s.hw.openMicrophone(ctx) }()
	runtime.Gosched()
	return opened
}

// offerer is the peer that makes an offer: the present one, or a fresh one to replace it.
func (s *session) offerer(how renewal) (peer, error) {
	s.dropNext()
	if how != freshPeer || !s.negotiated {
		return s.present()
	}
	return s.makeNext()
}

// present is the running peer.
func (s *session) present() (peer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	return s.cur, nil
}

func (s *session) makeNext() (peer, error) {
	p, err := s.hw.newPeer(s.notify)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		p.close()
		return nil, ErrClosed
	}
	s.next = p
	return p, nil
}

// pending is the peer whose offer waits for an answer.
func (s *session) pending() (peer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, ErrClosed
	case s.next != nil:
		return s.next, nil
	}
	return s.cur, nil
}

// promote lets a fresh peer take the place of the present one.
func (s *session) promote(p peer) {
	s.mu.Lock()
	if s.closed || s.next != p {
		s.mu.Unlock()
		return
	}
	old := s.cur
	s.cur, s.next = p, nil
	s.mu.Unlock()
	p.activate()
	old.close()
	s.notify()
}

// drop forgets a fresh peer that failed; the present one stays.
func (s *session) drop(p peer) {
	s.mu.Lock()
	fresh := s.next == p
	s.mu.Unlock()
	if fresh {
		s.dropNext()
	}
}

func (s *session) dropNext() {
	s.mu.Lock()
	p := s.next
	s.next = nil
	s.mu.Unlock()
	if p != nil {
		p.close()
	}
}

// takeBack undoes an offer that was set but cannot leave.
func (s *session) takeBack(p peer) {
	s.drop(p)
	if cur, err := s.present(); err == nil && cur == p {
		_ = s.rollBackPresent(context.Background(), p) // the first error is the one that tells
	}
}

// SetAnswer is Session.SetAnswer.
func (s *session) SetAnswer(ctx context.Context, text []byte) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	p, err := s.pending()
	if err != nil {
		return s.fail("apply answer", err)
	}
	r, l, err := s.readRemote(text, false)
	if err != nil {
		return s.fail("apply answer", err)
	}
	k := s.knowledge(p)
	answer, err := s.forAnswer(p, &k, r)
	if err == nil {
		err = p.setAnswer(ctx, answer)
	}
	if err != nil {
		return s.fail("apply answer", err)
	}
	s.layout, s.remote, s.told, s.negotiated = l, r.endpoint(), k, true
	s.listening = s.offered.receives() && r.direction.sends()
	s.tones.Store(k.tones)
	s.promote(p)
	return nil
}

// Rollback is Session.Rollback.
func (s *session) Rollback(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	p, err := s.pending()
	if err != nil {
		return s.fail("roll back", err)
	}
	if cur, _ := s.present(); cur != p {
		s.dropNext()
		return nil
	}
	if err := s.rollBackPresent(ctx, p); err != nil {
		return s.fail("roll back", err)
	}
	return nil
}

// rollBackPresent replaces a peer that has nothing to go back to.
func (s *session) rollBackPresent(ctx context.Context, p peer) error {
	if s.negotiated {
		return p.rollback(ctx)
	}
	fresh, err := s.makeNext()
	if err == nil {
		s.promote(fresh)
	}
	return err
}

// Clone is Forker.Clone.
func (s *session) Clone(ctx context.Context) (Session, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	of, err := s.present()
	if err != nil {
		return nil, s.fail("clone", err)
	}
	c := &session{cfg: s.cfg, rules: s.rules, hw: s.hw.share(), done: make(chan struct{}), states: make(chan State, 1),
		origin: s.origin, mid: s.mid, offered: s.offered}
	p, err := c.hw.clonePeer(ctx, of, s.offered, c.notify)
	if err != nil {
		c.hw.close()
		return nil, s.fail("clone", err)
	}
	c.cur = p
	p.activate()
	return c, nil
}

// SetMuted is Session.SetMuted.
func (s *session) SetMuted(muted bool) { s.hw.setMuted(muted) }

// SendDTMF is Session.SendDTMF.
func (s *session) SendDTMF(tones string) error {
	tones = strings.ToUpper(tones)
	if i := strings.IndexFunc(tones, func(r rune) bool { return !strings.ContainsRune(toneEvents, r) }); i >= 0 {
		return fmt.Errorf("media: %q is not a DTMF tone", tones[i:i+1])
	}
	p, err := s.present()
	switch {
	case err != nil:
		return err
	case !s.tones.Load():
		return ErrNoTelephoneEvent
	case tones == "":
		return nil
	}
	return p.sendDTMF(tones)
}

// toneEvents are the DTMF events of RFC 4733 section 3.2; a tone's code is its place.
const toneEvents = "0123456789*#ABCD"

// Stats is Session.Stats.
func (s *session) Stats(ctx context.Context) (Stats, error) {
	p, err := s.present()
	if err != nil {
		return Stats{}, err
	}
	stats, err := p.stats(ctx)
	if err != nil {
		return Stats{}, s.fail("read statistics", err)
	}
	return stats, nil
}

// States is Session.States.
func (s *session) States() <-chan State { return s.states }

// notify hands out the state of the present peer if it is another than the last.
func (s *session) notify() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cur == nil || s.closed {
		return
	}
	if now := s.cur.state(); now != s.last {
		s.last = now
		s.replaceState(now)
	}
}

// replaceState leaves only the newest state in the channel. The caller holds mu.
func (s *session) replaceState(now State) {
	select {
	case <-s.states:
	default:
	}
	s.states <- now
}

// Close is Session.Close.
func (s *session) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.done)
	s.replaceState(StateClosed)
	close(s.states)
	peers := []peer{s.cur, s.next}
	s.mu.Unlock()
	for _, p := range peers {
		if p != nil {
			p.close()
		}
	}
	s.hw.close()
}

// badDescription marks an error of the platform about the other side's SDP; a context that ended stays what it is.
func badDescription(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBadSDP, err)
}
