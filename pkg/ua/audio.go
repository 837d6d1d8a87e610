package ua

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// audio is the media session of a call as the core sees it. Its worker goroutine runs one job after the other, because
// a media.Session allows no two at a time; results come back by post and are dropped once the audio is closed. The
// worker ends with close, or with the user agent.
type audio struct {
	core    *core
	index   int // of all audios of this user agent
	jobs    *queue[job]
	session media.Session // set once open; calls that are allowed at any time go to it directly
	states  func(now time.Time, st media.State)
	cancel  context.CancelFunc
	closed  bool
	muted   bool
	waiting []func(now time.Time, sdp []byte, err error) // for the outcomes of the jobs, oldest first
	readers []func(media.Stats, error)                   // of counters, oldest first; all are answered
	state   media.State                                  // told last
	used    string                                       // ICE user fragment of our description in use
	offered string                                       // of the one that waits for its answer
}

// job is one step of a worker.
type job struct {
	run  func(ctx context.Context, s media.Session) ([]byte, error)
	skip func() // called by the worker in place of run when there is no session; may be nil
}

// newAudio starts a worker whose session is made by open, as its first job.
func (c *core) newAudio(open func(context.Context) (media.Session, error), states func(time.Time, media.State)) *audio {
	ctx, cancel := context.WithCancel(context.Background())
	a := &audio{core: c, index: c.audioCount, jobs: newQueue[job](), cancel: cancel, states: states}
	c.audioCount++
	c.audios[a.index] = a
	go a.work(ctx, open)
	return a
}

// openAudio makes a session with the engine: microphone and peer connection. Where the engine can, the first offer or
// answer opens the microphone, beside its other work.
func (c *core) openAudio(cfg media.Config, states func(time.Time, media.State)) *audio {
	engine := c.cfg.MediaEngine
	open := engine.NewSession
	if p, ok := engine.(media.Preparer); ok {
		open = p.Prepare
	}
	return c.newAudio(func(ctx context.Context) (media.Session, error) { return open(ctx, cfg) }, states)
}

// do queues a job. done runs on the loop, unless the audio is closed.
func (a *audio) do(run func(context.Context, media.Session) ([]byte, error), done func(time.Time, []byte, error)) {
	a.queue(job{run: run}, done)
}

func (a *audio) queue(j job, done func(time.Time, []byte, error)) bool {
	if !a.jobs.put(j) {
		return false
	}
	a.waiting = append(a.waiting, done)
	return true
}

// jobDone takes the outcome of the oldest job of an audio that is not closed. One that says that the session is lost is news of
// the audio first: whoever has it gives the job up.
func (c *core) jobDone(now time.Time, index int, sdp []byte, err error) {
	a := c.audios[index]
	switch {
	case a == nil:
	case errors.Is(err, media.ErrLost):
		c.audioState(now, index, media.StateLost)
	case len(a.waiting) > 0:
		done := a.waiting[0]
		a.waiting = a.waiting[1:]
		done(now, sdp, err)
	}
}

// close ends the session now and the worker soon. Nothing comes back after it.
func (a *audio) close() {
	if a == nil || a.closed {
		return
	}
	a.closed = true
	delete(a.core.audios, a.index)
	a.cancel()
	a.jobs.close()
	if a.session != nil {
		a.session.Close()
	}
	for _, done := range a.readers {
		done(media.Stats{}, ErrState)
	}
}

// lose is close for an audio in a call that goes on with another: who waits for an outcome gets media.ErrLost, and does without
// it or begins anew.
func (a *audio) lose(now time.Time) {
	if a == nil || a.closed {
		return
	}
	waiting := a.waiting
	a.waiting = nil
	a.close()
	for _, done := range waiting {
		done(now, nil, media.ErrLost)
	}
}

func (a *audio) setMuted(muted bool) {
	if a.muted == muted {
		return
	}
	a.muted = muted
	if a.session != nil {
		a.session.SetMuted(muted)
	}
}

// work is the worker: it makes the session, then does one job after the other. Jobs that were queued before the audio was closed
// are still taken, because somebody may wait for their skip.
func (a *audio) work(ctx context.Context, open func(context.Context) (media.Session, error)) {
	s, err := a.open(ctx, open)
	for {
		jobs, closed := a.jobs.take()
		for _, j := range jobs {
			a.run(ctx, s, err, j)
		}
		if closed {
			return
		}
		select {
		case <-a.jobs.wake:
		case <-a.core.agent.done:
			return
		}
	}
}

// open makes the session and hands it to the loop, or closes it when nobody waits any more.
func (a *audio) open(ctx context.Context, open func(context.Context) (media.Session, error)) (s media.Session, err error) {
	err = a.guard(func() (err error) {
		s, err = open(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !a.core.agent.post(opened{a.index, s}) {
		s.Close()
	}
	go a.watch(s)
	return s, nil
}

// opened takes the session of an audio, or closes it when that is closed.
func (c *core) opened(index int, s media.Session) {
	a := c.audios[index]
	if a == nil {
		s.Close()
		return
	}
	a.session = s
	s.SetMuted(a.muted)
}

// sendDTMF hands tones to the session, which is there.
func (a *audio) sendDTMF(tones string) error {
	err := a.session.SendDTMF(tones)
	a.core.rec.tones(a.index, err)
	return err
}

// watch hands on the session's states until it closes their channel.
func (a *audio) watch(s media.Session) {
	for st := range s.States() {
		a.core.agent.post(audioState{a.index, st})
	}
}

func (c *core) audioState(now time.Time, index int, st media.State) {
	if a := c.audios[index]; a != nil {
		a.state = st
		a.states(now, st)
	}
}

// renewing is called when a path that was lost is being made anew: what was told of the old one no longer counts.
func (a *audio) renewing() {
	if a.state == media.StateFailed || a.state == media.StateDisconnected {
		a.state = media.StateConnecting
	}
}

// restarts reports whether the session can renew its path.
func (a *audio) restarts() bool {
	_, can := a.session.(media.Restarter)
	return can
}

// renewed reports whether our last offer has other ICE credentials than those in use.
func (a *audio) renewed() bool { return a.used != "" && a.offered != a.used }

// run does a job, or passes it over where there is no session or the audio is closed. Either way there is an outcome, because
// outcomes find who waits for them by their order.
func (a *audio) run(ctx context.Context, s media.Session, err error, j job) {
	var sdp []byte
	if err == nil {
		err = ctx.Err()
	}
	if err != nil && j.skip != nil {
		j.skip()
	}
	if err == nil {
		err = a.guard(func() (err error) {
			sdp, err = j.run(ctx, s)
			return err
		})
	}
	a.core.agent.post(jobDone{a.index, sdp, err})
}

// guard turns a panic of the engine into an error.
func (a *audio) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			a.core.agent.post(broken{err})
		}
	}()
	return f()
}

// The jobs there are.

func (a *audio) offer(dir media.Direction, done func(time.Time, []byte, error)) {
	a.makeOffer(func(ctx context.Context, s media.Session) ([]byte, error) { return s.Offer(ctx, dir) }, done)
}

// offerRestart offers new ICE credentials for a path that is lost, where the engine can.
func (a *audio) offerRestart(dir media.Direction, done func(time.Time, []byte, error)) {
	a.makeOffer(func(ctx context.Context, s media.Session) ([]byte, error) {
		if r, ok := s.(media.Restarter); ok {
			return r.OfferRestart(ctx, dir)
		}
		return s.Offer(ctx, dir)
	}, done)
}

// offerFresh offers a new peer connection where the engine can, for a peer that never got our first offer answered.
func (a *audio) offerFresh(dir media.Direction, done func(time.Time, []byte, error)) {
	a.makeOffer(func(ctx context.Context, s media.Session) ([]byte, error) {
		if r, ok := s.(media.Restarter); ok {
			return r.OfferFresh(ctx, dir)
		}
		return s.Offer(ctx, dir)
	}, done)
}

func (a *audio) makeOffer(run func(context.Context, media.Session) ([]byte, error), done func(time.Time, []byte, error)) {
	a.do(run, func(now time.Time, sdp []byte, err error) {
		if err == nil {
			a.offered = userFragment(sdp)
		}
		done(now, sdp, err)
	})
}

func (a *audio) answer(offer []byte, dir media.Direction, done func(time.Time, []byte, error)) {
	a.do(func(ctx context.Context, s media.Session) ([]byte, error) { return s.Answer(ctx, offer, dir) },
		func(now time.Time, sdp []byte, err error) {
			if err == nil {
				a.used = userFragment(sdp)
			}
			done(now, sdp, err)
		})
}

// setAnswer applies the answer to our offer. Where the audio is lost there is nothing to apply it to, and media.ErrLost tells so
// at once: what the two sides have agreed stands all the same.
func (a *audio) setAnswer(now time.Time, sdp []byte, done func(time.Time, error)) {
	if a.closed {
		done(now, media.ErrLost)
		return
	}
	a.do(func(ctx context.Context, s media.Session) ([]byte, error) { return nil, s.SetAnswer(ctx, sdp) },
		func(now time.Time, _ []byte, err error) {
			if err == nil {
				a.used = a.offered
			}
			done(now, err)
		})
}

func (a *audio) rollback() {
	a.do(func(ctx context.Context, s media.Session) ([]byte, error) { return nil, s.Rollback(ctx) },
		func(now time.Time, _ []byte, err error) {
			if err != nil && !errors.Is(err, media.ErrLost) {
				a.core.fault(now, fmt.Errorf("ua: taking back an offer: %w", err))
			}
		})
}

// stats reads the counters.
func (a *audio) stats(done func(media.Stats, error)) {
	a.readers = append(a.readers, done)
	var read media.Stats
	a.do(func(ctx context.Context, s media.Session) (_ []byte, err error) {
		read, err = s.Stats(ctx)
		return nil, err
	}, func(_ time.Time, _ []byte, err error) {
		if a.closed {
			return // which has answered
		}
		a.readers = a.readers[1:]
		if err != nil {
			err = mediaError(err)
		}
		done(read, err)
	})
}

// heard reads how many packets of the other side have come.
func (a *audio) heard(done func(now time.Time, packets uint64)) {
	a.do(func(ctx context.Context, s media.Session) ([]byte, error) {
		stats, err := s.Stats(ctx)
		return strconv.AppendUint(nil, stats.PacketsReceived, 10), err
	}, func(now time.Time, packets []byte, err error) {
		n, bad := strconv.ParseUint(string(packets), 10, 64)
		if err == nil && bad == nil {
			done(now, n)
		}
	})
}

// clone makes the audio of another early dialog of the same INVITE. Its jobs wait until the clone exists.
func (a *audio) clone(states func(time.Time, media.State)) *audio {
	made := make(chan media.Session, 1) // closed by the worker of a, run or skipped
	queued := a.queue(job{skip: func() { close(made) },
		run: func(ctx context.Context, s media.Session) ([]byte, error) {
			defer close(made)
			f, ok := s.(media.Forker)
			if !ok {
				return nil, media.ErrUnsupported
			}
			other, err := f.Clone(ctx)
			if err == nil {
				made <- other
			}
			return nil, err
		}}, func(time.Time, []byte, error) {})
	if !queued {
		close(made)
	}
	return a.core.newAudio(func(context.Context) (media.Session, error) {
		if s, ok := <-made; ok {
			return s, nil
		}
		return nil, media.ErrUnsupported
	}, states)
}
