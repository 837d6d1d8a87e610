package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// fakeEngine makes sessions that note what is asked of them and answer with made-up descriptions.
type fakeEngine struct {
	fail      error            // NewSession fails with it
	gate      chan struct{}    // NewSession waits for it
	answers   chan struct{}    // SetAnswer waits for it
	restarts  bool             // sessions can restart ICE and be cloned
	noTones   bool             // SendDTMF fails with ErrNoTelephoneEvent
	panicNext string           // method of the next session that panics
	failNext  map[string]error // by method, of the next session
	applying  atomic.Int64     // how long SetAnswer takes, in nanoseconds
	unusable  atomic.Bool      // SetAnswer fails
	silent    atomic.Bool      // no packet of the other side comes
	stuck     atomic.Bool      // what is asked now has no answer while the session is open
	lost      atomic.Bool      // the path is, so that a restart has new credentials
	away      atomic.Bool      // the place of the audio is gone, so that sessions are lost
	mu        sync.Mutex       // guards sessions
	sessions  []*fakeSession
}

func (e *fakeEngine) NewSession(ctx context.Context, _ media.Config) (media.Session, error) {
	if e.gate != nil {
		select {
		case <-e.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if e.away.Load() {
		return nil, fmt.Errorf("new session: %w", media.ErrLost)
	}
	if e.fail != nil {
		return nil, e.fail
	}
	return e.add(), nil
}

// leave takes the place of the audio away: the sessions there are lost, and so are those to come until another one is there.
func (e *fakeEngine) leave() {
	e.away.Store(true)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sessions {
		s.lose()
	}
}

// failSoon lets a method of every session made from now on fail.
func (e *fakeEngine) failSoon(method string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failNext = map[string]error{method: err}
}

func (e *fakeEngine) add() media.Session {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := &fakeSession{engine: e, id: len(e.sessions), states: make(chan media.State, 8), panics: e.panicNext,
		err: e.failNext}
	e.sessions = append(e.sessions, s)
	if e.restarts {
		return fakeRestarter{s}
	}
	return s
}

// last returns the newest session.
func (e *fakeEngine) last() *fakeSession {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sessions[len(e.sessions)-1]
}

type fakeSession struct {
	muted   atomic.Bool
	engine  *fakeEngine
	id      int
	mu      sync.Mutex // guards all below
	log     []string
	version int
	err     map[string]error // by method name
	panics  string           // method that panics
	block   chan struct{}    // Answer waits for it
	isDone  bool
	gone    bool // with its place
	packets uint64
	ufrag   int              // counts up with every ICE restart
	used    int              // ufrag of the description in use
	states  chan media.State // closed by Close
	onNote  func()           // called for everything that is asked; may be nil
}

func (s *fakeSession) note(method, detail string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, strings.TrimSpace(method+" "+detail))
	if s.onNote != nil {
		s.onNote()
	}
	if s.panics == method {
		panic("made up by the test")
	}
	if s.gone {
		return fmt.Errorf("%s: %w", method, media.ErrLost)
	}
	return s.err[method]
}

// lose is the end of the place of a session. Who asks something of it from now on is told before its states are looked at.
func (s *fakeSession) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone || s.isDone {
		return
	}
	s.gone = true
	select {
	case s.states <- media.StateLost:
	default: // whoever is asked next tells
	}
}

func (s *fakeSession) failWith(method string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = map[string]error{method: err}
}

// history returns what was asked, joined by commas.
func (s *fakeSession) history() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.log, ", ")
}

func (s *fakeSession) closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.isDone
}

func (s *fakeSession) sdp(dir media.Direction) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	return []byte(fmt.Sprintf("v=0\r\no=- %d %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"+
		"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:u%d-%d\r\na=%s\r\n", s.id, s.version, s.id, s.ufrag, dir))
}

// wait keeps who asks while the engine is stuck.
func (s *fakeSession) wait(ctx context.Context) error {
	if s.engine.stuck.Load() {
		<-ctx.Done()
	}
	return ctx.Err()
}

func (s *fakeSession) Offer(ctx context.Context, dir media.Direction) ([]byte, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	if err := s.note("offer", string(dir)); err != nil {
		return nil, err
	}
	return s.sdp(dir), nil
}

func (s *fakeSession) SetAnswer(ctx context.Context, sdp []byte) error {
	if gate := s.engine.answers; gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if d := time.Duration(s.engine.applying.Load()); d > 0 {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := s.note("set", mid(sdp))
	if s.engine.unusable.Load() && !errors.Is(err, media.ErrLost) {
		err = fmt.Errorf("apply answer: %w", media.ErrBadSDP)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.used = s.ufrag
	}
	return err
}

func (s *fakeSession) Answer(_ context.Context, offer []byte, dir media.Direction) ([]byte, error) {
	if s.block != nil {
		<-s.block
	}
	if err := s.note("answer", mid(offer)+" "+string(dir)); err != nil {
		return nil, err
	}
	return s.sdp(dir), nil
}

func (s *fakeSession) Rollback(context.Context) error {
	s.mu.Lock()
	s.ufrag = s.used
	s.mu.Unlock()
	return s.note("rollback", "")
}

func (s *fakeSession) SetMuted(muted bool) {
	if s.muted.Swap(muted) == muted {
		return
	}
	if muted {
		s.note("mute", "")
	} else {
		s.note("unmute", "")
	}
}

func (s *fakeSession) SendDTMF(tones string) error {
	if s.engine.noTones {
		return media.ErrNoTelephoneEvent
	}
	return s.note("tones", tones)
}

func (s *fakeSession) Stats(ctx context.Context) (media.Stats, error) {
	if err := s.wait(ctx); err != nil {
		return media.Stats{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.engine.silent.Load() {
		s.packets++
	}
	err := s.err["stats"]
	if s.gone {
		err = media.ErrLost
	}
	return media.Stats{Codec: "PCMU", PacketsSent: 7, PacketsReceived: s.packets}, err
}

func (s *fakeSession) States() <-chan media.State { return s.states }

func (s *fakeSession) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isDone {
		s.isDone = true
		close(s.states)
	}
}

// fakeRestarter is a session with the optional abilities.
type fakeRestarter struct{ *fakeSession }

func (s fakeRestarter) OfferRestart(_ context.Context, dir media.Direction) ([]byte, error) {
	if err := s.note("restart", string(dir)); err != nil {
		return nil, err
	}
	if s.engine.lost.Load() {
		s.mu.Lock()
		s.ufrag++
		s.mu.Unlock()
	}
	return s.sdp(dir), nil
}

func (s fakeRestarter) OfferFresh(_ context.Context, dir media.Direction) ([]byte, error) {
	if err := s.note("fresh", string(dir)); err != nil {
		return nil, err
	}
	return s.sdp(dir), nil
}

func (s fakeRestarter) Clone(context.Context) (media.Session, error) {
	if err := s.note("clone", ""); err != nil {
		return nil, err
	}
	return s.engine.add(), nil
}

// mid names a session description made by the function sdp.
func mid(sdp []byte) string {
	_, rest, _ := strings.Cut(string(sdp), "a=mid:")
	name, _, _ := strings.Cut(rest, "\r\n")
	return name
}
