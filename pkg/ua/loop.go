package ua

import (
	"context"
	"errors"
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
	worked := a.protect(now, func() { f(now) })
	if flushed := a.protect(now, func() { a.core.flush(now) }); !worked || !flushed {
		a.fail()
	}
	a.core.publish()
	for _, answer := range a.answers {
		answer()
	}
	a.answers = nil
}

// protect runs f and reports a panic of it. It tells whether there was none.
func (a *UserAgent) protect(now time.Time, f func()) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			a.core.fault(now, fmt.Errorf("ua: recovered from a panic: %v\n%s", p, debug.Stack()))
		}
	}()
	f()
	return true
}

// errFault is what a method returns that waited while a turn failed.
var errFault = errors.New("ua: a fault of the user agent, which a FaultEvent tells of; the outcome is not known")

// fail answers everybody who waits after a turn has not come to its end: it may have lost what would have answered them, and nobody may
// wait for ever.
func (a *UserAgent) fail() {
	for answer := range a.waiting {
		a.answer(answer, errFault)
	}
}

// answer lets a waiting method return err at the end of the turn. The first answer counts.
func (a *UserAgent) answer(to chan error, err error) {
	delete(a.waiting, to)
	a.answers = append(a.answers, func() {
		select {
		case to <- err:
		default:
		}
	})
}

// ask runs f on the loop and waits until it calls reply, which it may do in a later turn. The answer leaves at the end of
// that turn, so that State is no older than it. With a context that has ended by then nothing is done.
func (a *UserAgent) ask(ctx context.Context, f func(now time.Time, reply func(error))) error {
	answer := make(chan error, 1)
	asked := a.post(func(now time.Time) {
		if ctx.Err() == nil {
			a.waiting[answer] = true
			f(now, func(err error) { a.answer(answer, err) })
		}
	})
	if !asked {
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
