package ua

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// turn is one piece of work for the loop.
type turn func(now time.Time)

// post queues f for the loop. It never waits and may be called from any goroutine; after Close f is dropped.
func (a *UserAgent) post(f turn) bool { return a.mailbox.put(f) }

// later puts a turn of the core itself off until the present one is over.
func (c *core) later(f turn) {
	if c.play != nil {
		c.play.later = append(c.play.later, f)
		return
	}
	c.agent.post(func(now time.Time) {
		c.rec.in(now, inLater)
		f(now)
	})
}

// loop owns the core. It runs from New to Close.
func (a *UserAgent) loop() {
	defer close(a.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		work, closed := a.mailbox.take()
		for _, f := range work {
			a.take(f)
		}
		a.take(a.core.expire)
		if closed {
			a.take(func(now time.Time) {
				a.core.rec.act(now, act{Do: "close"})
				a.core.shut(now)
			})
			a.events.close()
			a.traces.close()
			return
		}
		a.rearm(timer)
		select {
		case <-a.mailbox.wake:
		case <-timer.C:
		}
	}
}

// rearm sets the one timer to the earliest of all deadlines.
func (a *UserAgent) rearm(timer *time.Timer) {
	next := a.core.nextDeadline()
	if next.IsZero() {
		timer.Stop()
		return
	}
	timer.Reset(max(0, next.Sub(a.cfg.Now())))
}

// take runs one turn: the work, then what it queued for the wire, then the events, then the answers to those who wait. A panic is our own bug: it costs the
// turn, is reported, and the calls go on.
func (a *UserAgent) take(f turn) {
	now := a.cfg.Now()
	a.protect(now, func() { f(now) })
	a.protect(now, func() { a.core.flush(now) })
	a.core.publish()
	for _, answer := range a.answers {
		answer()
	}
	a.answers = nil
}

func (a *UserAgent) protect(now time.Time, f func()) {
	defer func() {
		if p := recover(); p != nil {
			a.core.fault(now, fmt.Errorf("ua: recovered from a panic: %v\n%s", p, debug.Stack()))
		}
	}()
	f()
}

// ask runs f on the loop and waits until it calls reply, which it may do in a later turn. The answer leaves at the end of
// that turn, so that State is no older than it.
func (a *UserAgent) ask(ctx context.Context, f func(now time.Time, reply func(error))) error {
	answer := make(chan error, 1)
	reply := func(err error) {
		a.answers = append(a.answers, func() {
			select {
			case answer <- err:
			default:
			}
		})
	}
	if !a.post(func(now time.Time) { f(now, reply) }) {
		return ErrClosed
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-a.done:
	}
	select {
	case err := <-answer:
		return err
	default:
		return ErrClosed
	}
}
