package remote

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

// fakeEngine makes sessions that note what is asked of them.
type fakeEngine struct {
	mu       sync.Mutex // guards all below
	log      []string
	configs  []media.Config
	sessions []*fakeSession
	fail     map[string]error    // by what is asked
	gates    map[string]chan any // what is held waits for its own
	late     bool                // what waits at a gate does not end with its context
	noTones  bool
}

// ask notes something, waits at its gate and fails as it shall.
func (e *fakeEngine) ask(ctx context.Context, what string, details ...any) error {
	e.mu.Lock()
	e.log = append(e.log, strings.TrimSuffix(fmt.Sprintln(append([]any{what}, details...)...), "\n"))
	gate, err, late := e.gates[what], e.fail[what], e.late
	e.mu.Unlock()
	if gate == nil {
		return err
	}
	over := ctx.Done()
	if late {
		over = nil
	}
	select {
	case <-gate:
		return err
	case <-over:
		return ctx.Err()
	}
}

// hold lets what is asked wait until the gate is closed.
func (e *fakeEngine) hold(what string) chan any {
	e.mu.Lock()
	defer e.mu.Unlock()
	gate := make(chan any)
	e.gates = map[string]chan any{what: gate}
	return gate
}

func (e *fakeEngine) history() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.log, ", ")
}

func (e *fakeEngine) add(cfg media.Config) *fakeSession {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := &fakeSession{engine: e, states: make(chan media.State, 8)}
	e.sessions, e.configs = append(e.sessions, s), append(e.configs, cfg)
	return s
}

// session waits until the engine has made one with that number.
func (e *fakeEngine) session(n int) *fakeSession {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sessions[n]
}

func (e *fakeEngine) NewSession(ctx context.Context, cfg media.Config) (media.Session, error) {
	if err := e.ask(ctx, "new"); err != nil {
		return nil, err
	}
	return e.add(cfg), nil
}

// fakePreparer is a fakeEngine that can do things beforehand, and all that is optional.
type fakePreparer struct{ *fakeEngine }

func (e fakePreparer) Prepare(ctx context.Context, cfg media.Config) (media.Session, error) {
	if err := e.ask(ctx, "prepare"); err != nil {
		return nil, err
	}
	return fakeAble{e.add(cfg)}, nil
}

func (e fakePreparer) Warm(ctx context.Context, _ media.Config) { e.ask(ctx, "warm") }

func (e fakePreparer) SwitchAudio(ctx context.Context, audio media.AudioConstraints) error {
	return e.ask(ctx, "switch", audio.DeviceID)
}

// fakeSession has what every session has.
type fakeSession struct {
	engine *fakeEngine
	states chan media.State
	closed sync.Once
}

func (s *fakeSession) Offer(ctx context.Context, dir media.Direction) ([]byte, error) {
	return []byte("offer"), s.engine.ask(ctx, "offer", dir)
}

func (s *fakeSession) SetAnswer(ctx context.Context, sdp []byte) error {
	return s.engine.ask(ctx, "apply", string(sdp))
}

func (s *fakeSession) Answer(ctx context.Context, offer []byte, dir media.Direction) ([]byte, error) {
	return []byte("answer"), s.engine.ask(ctx, "answer", string(offer), dir)
}

func (s *fakeSession) Rollback(ctx context.Context) error { return s.engine.ask(ctx, "rollback") }
func (s *fakeSession) SetMuted(muted bool)                { s.engine.ask(context.Background(), "mute", muted) }

func (s *fakeSession) SendDTMF(tones string) error {
	if s.engine.noTones {
		return media.ErrNoTelephoneEvent
	}
	if tones == "" {
		return nil
	}
	return s.engine.ask(context.Background(), "tones", tones)
}

func (s *fakeSession) Stats(ctx context.Context) (media.Stats, error) {
	return media.Stats{Codec: "opus", PacketsLost: -3}, s.engine.ask(ctx, "stats")
}

func (s *fakeSession) States() <-chan media.State { return s.states }

func (s *fakeSession) Close() {
	s.closed.Do(func() {
		s.engine.ask(context.Background(), "close")
		close(s.states)
	})
}

// fakeAble is a fakeSession with all that is optional.
type fakeAble struct{ *fakeSession }

func (s fakeAble) OfferRestart(ctx context.Context, dir media.Direction) ([]byte, error) {
	return []byte("restart"), s.engine.ask(ctx, "restart", dir)
}

func (s fakeAble) OfferFresh(ctx context.Context, dir media.Direction) ([]byte, error) {
	return []byte("fresh"), s.engine.ask(ctx, "fresh", dir)
}

func (s fakeAble) Rehearse(ctx context.Context, offer []byte, dir media.Direction) error {
	return s.engine.ask(ctx, "rehearse", string(offer), dir)
}

func (s fakeAble) SetAudio(ctx context.Context, audio media.AudioConstraints) error {
	return s.engine.ask(ctx, "audio", audio.DeviceID)
}

func (s fakeAble) Clone(ctx context.Context) (media.Session, error) {
	if err := s.engine.ask(ctx, "clone"); err != nil {
		return nil, err
	}
	return fakeAble{s.engine.add(media.Config{})}, nil
}

// rig is an Engine with its host, and the port between them.
type rig struct {
	*Engine
	conn  *Conn
	host  *Host
	there chan []byte
	back  chan []byte
	sent  int // messages of the engine; belongs to the goroutine that carries them until all waits
	came  int // of the host
}

// newRig carries messages between an Engine and a host of e until the test ends.
func newRig(t *testing.T, e media.Engine) *rig {
	r := &rig{Engine: &Engine{}, there: make(chan []byte, 64), back: make(chan []byte, 64)}
	r.conn = r.Connect(func(data []byte) { r.there <- data })
	r.host = NewHost(e, func(data []byte) { r.back <- data })
	go func() {
		for data := range r.there {
			r.sent++
			if err := r.host.Receive(data); err != nil {
				t.Error(err)
			}
		}
	}()
	go func() {
		for data := range r.back {
			r.came++
			if err := r.conn.Receive(data); err != nil {
				t.Error(err)
			}
		}
	}()
	return r
}

// leave ends everything, so that no goroutine stays.
func (r *rig) leave() {
	r.conn.Close()
	r.host.Close()
	close(r.there)
	close(r.back)
}
