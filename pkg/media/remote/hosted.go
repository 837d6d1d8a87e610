package remote

import (
	"context"

	"github.com/gowebphone/webphone/pkg/media"
)

// hosted is a session of an Engine at its host. A goroutine makes it and does what is asked of it, one after the other, as the
// contract of media.Session wants it; it ends with close.
type hosted struct {
	host   *Host
	number uint64
	ctx    context.Context // ends with close
	stop   context.CancelFunc
	jobs   chan *job // with room for one more than may be asked
	open   func(context.Context) (media.Session, error)
	lazy   bool // it is made by the first that needs it: nobody is to be asked for a microphone before

	// These belong to the goroutine.
	tried bool // to make it
	real  media.Session
	err   error // of the making

	// The mutex of the host guards all below.
	session media.Session // nil until it is made
	muted   bool
	offered uint64 // request of an offer, when that is what was done last
	closed  bool
}

// open adds a session that is to be made. An engine that cannot make it beforehand does so when it has to. The caller holds mu.
func (h *Host) open(m message) error {
	s := &hosted{open: func(ctx context.Context) (media.Session, error) { return h.engine.NewSession(ctx, m.config) }}
	if p, ok := h.engine.(media.Preparer); ok && m.prepared {
		s.open = func(ctx context.Context) (media.Session, error) { return p.Prepare(ctx, m.config) }
	} else {
		s.lazy = m.prepared
	}
	if err := h.add(s, m.session); err != nil || m.prepared {
		return err
	}
	return s.queue(m)
}

// add gives a session its number, which is new. The caller holds mu.
func (h *Host) add(s *hosted, number uint64) error {
	if h.sessions[number] != nil || len(h.sessions) >= maxSessions {
		return errTooMuch
	}
	s.host, s.number, s.jobs = h, number, make(chan *job, maxJobs+1)
	s.ctx, s.stop = context.WithCancel(context.Background())
	h.sessions[number] = s
	go s.run()
	return nil
}

// take does what needs no wait, and queues the rest. The caller holds the mutex of the host, as for all below that do not run.
func (s *hosted) take(m message) error {
	switch m.kind {
	case kindClose:
		s.close()
	case kindMute:
		s.mute(m.muted)
	case kindTones:
		if s.session != nil {
			s.session.SendDTMF(m.text) // whether it can was said with the answer
		}
	default:
		return s.queue(m)
	}
	return nil
}

func (s *hosted) mute(muted bool) {
	s.muted = muted
	if s.session != nil {
		s.session.SetMuted(muted)
	}
}

func (s *hosted) queue(m message) error {
	if len(s.jobs) >= maxJobs {
		return errTooMuch
	}
	j, err := s.host.newJob(s.ctx, m)
	if err != nil {
		return err
	}
	if m.kind == kindClone {
		j.clone = make(chan media.Session, 1)
		err = s.host.add(&hosted{open: j.cloned}, m.origin)
	}
	if err != nil {
		delete(s.host.jobs, m.request)
		j.stop()
		return err
	}
	s.jobs <- j
	return nil
}

// cloned waits for the clone that the job makes. One that nobody wants any more is closed.
func (j *job) cloned(ctx context.Context) (media.Session, error) {
	select {
	case s, ok := <-j.clone:
		if ok {
			return s, nil
		}
		return nil, media.ErrUnsupported
	case <-ctx.Done():
	}
	go func() {
		if s, ok := <-j.clone; ok {
			s.Close()
		}
	}()
	return nil, ctx.Err()
}

func (s *hosted) close() {
	if s.closed {
		return
	}
	s.closed = true
	delete(s.host.sessions, s.number)
	s.stop()
	if s.session != nil {
		s.session.Close()
	}
}

// run makes the session and does the jobs until it is closed.
func (s *hosted) run() {
	if !s.lazy {
		s.make()
	}
	for {
		select {
		case j := <-s.jobs:
			s.do(j)
		case <-s.ctx.Done():
			s.drain()
			return
		}
	}
}

// drain leaves no job undone, because somebody may wait for it.
func (s *hosted) drain() {
	for {
		select {
		case j := <-s.jobs:
			if j.clone != nil {
				close(j.clone)
			}
			s.host.done(j, message{}, media.ErrClosed)
		default:
			return
		}
	}
}

// make makes the session, once.
func (s *hosted) make() {
	if s.tried {
		return
	}
	s.tried = true
	if s.real, s.err = s.open(s.ctx); s.err != nil {
		return
	}
	s.host.mu.Lock()
	defer s.host.mu.Unlock()
	if s.closed {
		s.real.Close()
		return
	}
	s.session = s.real
	if s.muted {
		s.real.SetMuted(true)
	}
	go s.watch()
}

// watch tells the states; it ends when the session closes their channel.
func (s *hosted) watch() {
	for state := range s.real.States() {
		s.host.mu.Lock()
		if !s.closed {
			s.host.reply(message{kind: kindStates, session: s.number, state: state})
		}
		s.host.mu.Unlock()
	}
}

// do does a job and tells what came of it. An offer that nobody waits for any more is taken back.
func (s *hosted) do(j *job) {
	reply, err := s.perform(j)
	offered := err == nil && j.kind == kindOffer
	s.note(j, offered)
	if read := s.host.done(j, reply, err); offered && !read {
		s.real.Rollback(s.ctx) // the next offer finds out whether it could be
	}
}

// note remembers an offer that may have to be taken back, before it is told.
func (s *hosted) note(j *job, offered bool) {
	s.host.mu.Lock()
	defer s.host.mu.Unlock()
	s.offered = 0
	if offered {
		s.offered = j.request
	}
}

func (s *hosted) perform(j *job) (reply message, err error) {
	if j.clone != nil {
		defer close(j.clone)
	}
	if s.lazy && !s.tried && j.kind == kindRehearse {
		return reply, nil // an answer needs more than was made
	}
	if s.make(); s.err != nil {
		return reply, s.err
	}
	switch j.kind {
	case kindOffer:
		reply.sdp, err = s.offer(j)
	case kindAnswer:
		reply.sdp, err = s.real.Answer(j.ctx, j.sdp, j.dir)
		reply.tones = s.tones()
	case kindRehearse:
		if r, ok := s.real.(media.Rehearser); ok {
			err = r.Rehearse(j.ctx, j.sdp, j.dir)
		}
	case kindApply:
		err = s.real.SetAnswer(j.ctx, j.sdp)
		reply.tones = s.tones()
	case kindRollback:
		err = s.real.Rollback(j.ctx)
	case kindStats:
		reply.stats, err = s.real.Stats(j.ctx)
	case kindAudio:
		err = media.ErrUnsupported
		if d, ok := s.real.(media.DeviceSwitcher); ok {
			err = d.SetAudio(j.ctx, j.audio)
		}
	case kindClone:
		err = s.clone(j)
	}
	return reply, err
}

// tones tells whether tones can be sent.
func (s *hosted) tones() bool { return s.real.SendDTMF("") == nil }

func (s *hosted) offer(j *job) ([]byte, error) {
	if r, ok := s.real.(media.Restarter); ok {
		switch j.renewal {
		case restartPath:
			return r.OfferRestart(j.ctx, j.dir)
		case freshConnection:
			return r.OfferFresh(j.ctx, j.dir)
		}
	}
	return s.real.Offer(j.ctx, j.dir)
}

func (s *hosted) clone(j *job) error {
	f, ok := s.real.(media.Forker)
	if !ok {
		return media.ErrUnsupported
	}
	c, err := f.Clone(j.ctx)
	if err == nil {
		j.clone <- c
	}
	return err
}
