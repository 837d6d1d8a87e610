package ua

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// turn is one piece of work on the loop.
type turn func(now time.Time)

// post queues an input for the loop. It never waits and may be called from any goroutine; after Close the input is dropped.
func (a *UserAgent) post(in input) bool { return a.mailbox.put(in) }

// later puts work of the core itself off until the present turn is over.
func (c *core) later(f turn) {
	c.putOff = append(c.putOff, f)
	c.agent.post(later{})
}

// doPutOff does the oldest piece of work that was put off.
func (c *core) doPutOff(now time.Time) {
	if len(c.putOff) > 0 {
		f := c.putOff[0]
		c.putOff = c.putOff[1:]
		f(now)
	}
}

// loop owns the core. It runs from New to Close.
func (a *UserAgent) loop() {
	defer close(a.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		work, closed := a.mailbox.take()
		for _, in := range work {
			a.enter(in)
		}
		if a.core.due(a.cfg.Now()) {
			a.enter(tick{})
		}
		if closed {
			a.enter(&act{deed: closeDeed})
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

// enter is the door of the core: an input is recorded, done, what it queued for the wire is written, the snapshot is stored and
// the events are handed out, and at last those who wait get their answers. A panic is our own bug: it costs the turn, is
// reported, and the calls go on.
func (a *UserAgent) enter(in input) {
	now := a.cfg.Now()
	if who, ok := in.(interface{ wanted(*UserAgent) bool }); ok && !who.wanted(a) {
		return
	}
	a.core.rec.in(now, in)
	worked := a.protect(now, func() { in.do(a.core, now) })
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

// fail answers everybody who waits after a turn has not come to its end: it may have lost what would have answered them, and
// nobody may wait for ever.
func (a *UserAgent) fail() {
	for who := range a.waiting {
		a.answer(who, nil, errFault)
	}
}

// answer lets who waits for an act have its outcome at the end of the turn. The first answer counts.
func (a *UserAgent) answer(who *act, value any, err error) {
	if who.answer != nil {
		delete(a.waiting, who)
		a.answers = append(a.answers, func() { who.answer(value, err) })
	}
}

// ask has an act done and waits for its outcome, which may come in a later turn. The answer leaves at the end of that turn, so
// that State is no older than it. With a context that has ended before the loop takes the act nothing is done; one that ends
// later takes back what can be taken back (undo), and the answer tells which of both came first.
func (a *UserAgent) ask(ctx context.Context, what *act) (value any, err error) {
	type outcome struct {
		value any
		err   error
	}
	answer := make(chan outcome, 1)
	what.over, what.taken = ctx.Err, &atomic.Bool{}
	what.answer = func(value any, err error) {
		select {
		case answer <- outcome{value, err}:
		default:
		}
	}
	if !a.post(what) {
		return nil, ErrClosed
	}
	select {
	case o := <-answer:
		return o.value, o.err
	case <-ctx.Done():
		if what.take() || what.deed.undo == nil {
			return nil, context.Cause(ctx)
		}
		a.post(undo{what})
	case <-a.done:
	}
	select {
	case o := <-answer:
		if errors.Is(o.err, errUndone) {
			return nil, context.Cause(ctx)
		}
		return o.value, o.err
	case <-a.done:
	}
	select {
	case o := <-answer:
		return o.value, o.err
	default:
		return nil, ErrClosed
	}
}
