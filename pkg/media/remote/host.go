package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
)

// How much an engine may ask of a host at a time: a user agent has 16 calls of at most 9 sessions each, and asks one thing after
// the other of each.
const (
	maxSessions = 64
	maxJobs     = 32
)

var errTooMuch = errors.New("media: too much is asked of a remote host")

// Host runs the sessions of an Engine of another place on an engine of this one.
type Host struct {
	engine media.Engine
	send   func([]byte)

	mu       sync.Mutex // guards all below, what the sessions have too, and the order of what is sent
	sessions map[uint64]*hosted
	jobs     map[uint64]*job // by request, until they are done
	closed   bool
}

// NewHost makes a host. send takes a message to the Engine; it must not wait, call the Host, or keep its order to itself.
func NewHost(engine media.Engine, send func(message []byte)) *Host {
	return &Host{engine: engine, send: send, sessions: map[uint64]*hosted{}, jobs: map[uint64]*job{}}
}

// Receive takes a message of the Engine. The error says that it is none, or that it asks too much; what came before it in the
// same message has been done. It does not wait for what is asked.
func (h *Host) Receive(data []byte) error {
	list, err := decode(data)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := h.take(m); err != nil {
			return err
		}
	}
	return nil
}

// take does what needs no wait, and leaves the rest to goroutines of its own.
func (h *Host) take(m message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	switch m.kind {
	case kindDone, kindFailed, kindStates:
		return fmt.Errorf("%w: not one of an engine", errMessage)
	case kindCancel:
		h.cancel(m.request)
		return nil
	case kindWarm, kindSwitch:
		return h.work(m)
	case kindOpen:
		return h.open(m)
	}
	s := h.sessions[m.session]
	if s == nil {
		if m.request != 0 {
			h.reply(failed(m.request, media.ErrClosed))
		}
		return nil
	}
	return s.take(m)
}

// reply sends a message. The caller holds mu.
func (h *Host) reply(m message) {
	if data, err := encode(m); err == nil && !h.closed {
		h.send(data)
	}
}

// work does what is for no session.
func (h *Host) work(m message) error {
	j, err := h.newJob(context.Background(), m)
	if err != nil {
		return err
	}
	go func() {
		var err error
		switch {
		case m.kind == kindWarm:
			if p, ok := h.engine.(media.Preparer); ok {
				p.Warm(j.ctx, m.config)
			}
		default:
			err = h.switchAudio(j.ctx, m.audio)
		}
		h.done(j, message{}, err)
	}()
	return nil
}

func (h *Host) switchAudio(ctx context.Context, audio media.AudioConstraints) error {
	if s, ok := h.engine.(media.AudioSwitcher); ok {
		return s.SwitchAudio(ctx, audio)
	}
	return fmt.Errorf("change audio device: %w", media.ErrUnsupported)
}

// job is something that is asked.
type job struct {
	message
	ctx    context.Context
	stop   context.CancelFunc
	unread bool               // nobody waits for it any more
	clone  chan media.Session // takes what a clone is made of, and is closed; nil for other jobs
}

// newJob notes what is asked under its number, which is new. The caller holds mu.
func (h *Host) newJob(ctx context.Context, m message) (*job, error) {
	if m.request == 0 || h.jobs[m.request] != nil || len(h.jobs) >= maxSessions*maxJobs {
		return nil, errTooMuch
	}
	j := &job{message: m}
	j.ctx, j.stop = context.WithCancel(ctx)
	h.jobs[m.request] = j
	return j, nil
}

// cancel ends the work on something. An offer that is made already is taken back, before whatever is asked next. The caller holds
// mu.
func (h *Host) cancel(request uint64) {
	if j := h.jobs[request]; j != nil {
		j.unread = true
		j.stop()
		return
	}
	for _, s := range h.sessions {
		if s.offered == request {
			s.offered = 0
			s.jobs <- &job{message: message{kind: kindRollback}, ctx: s.ctx, stop: func() {}}
		}
	}
}

// done tells the outcome of a job, and whether somebody waited for it.
func (h *Host) done(j *job, reply message, err error) (read bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j.stop()
	delete(h.jobs, j.request)
	if j.unread || j.request == 0 {
		return false
	}
	if err != nil {
		reply = failed(j.request, err)
	} else {
		reply.kind, reply.request = kindDone, j.request
	}
	h.reply(reply)
	return true
}

// Close ends all sessions, and sends nothing more: the Engine is gone, or the place is left.
func (h *Host) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, j := range h.jobs {
		j.stop()
	}
	for _, s := range h.sessions {
		s.close()
	}
}
