package remote

import (
	"context"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
)

// Engine is a media.Engine whose sessions run at the host that was connected last. The zero value works: without a host sessions
// fail with media.ErrLost. It is a media.Preparer and a media.AudioSwitcher, its sessions are all that package media has an
// interface for but media.Playback and media.DTMFReceiver.
type Engine struct {
	mu   sync.Mutex
	conn *Conn // nil before the first
}

// Connect makes the host at the other end of a port the one that runs the sessions from now on. send takes a message to it; it
// must not wait, call the Conn, or keep its order to itself.
func (e *Engine) Connect(send func(message []byte)) *Conn {
	c := &Conn{send: send, sessions: map[uint64]*session{}, waiting: map[uint64]*request{}, lost: make(chan struct{})}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.conn = c
	return c
}

// host is the connection in use; one that is over from the beginning without.
func (e *Engine) host() *Conn {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn == nil {
		e.conn = &Conn{over: true}
	}
	return e.conn
}

// NewSession is media.Engine.NewSession.
func (e *Engine) NewSession(ctx context.Context, cfg media.Config) (media.Session, error) {
	s := e.host().newSession()
	if _, err := s.ask(ctx, "new session", message{kind: kindOpen, config: cfg}); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Prepare is media.Preparer.Prepare. The session is made at the host by its first offer or answer: there is no wait for it here.
func (e *Engine) Prepare(ctx context.Context, cfg media.Config) (media.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := e.host().newSession()
	s.unborn = &message{kind: kindOpen, session: s.number, prepared: true, config: cfg}
	return s, nil
}

// Warm is media.Preparer.Warm.
func (e *Engine) Warm(ctx context.Context, cfg media.Config) {
	e.host().ask(ctx, nil, message{kind: kindWarm, config: cfg}) // what cannot be readied is found by the next session
}

// SwitchAudio is media.AudioSwitcher.SwitchAudio for the sessions of the host. Without one there are none to switch.
func (e *Engine) SwitchAudio(ctx context.Context, audio media.AudioConstraints) error {
	c := e.host()
	if c.isOver() {
		return nil
	}
	_, err := c.ask(ctx, nil, message{kind: kindSwitch, audio: audio})
	return err
}
