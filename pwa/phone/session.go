package phone

import (
	"context"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
)

// session is one login: a user agent and the goroutines around it, which all end with ctx.
type session struct {
	opts   *Options            // of the phone
	post   func(news)          // to the phone
	given  func(number string) // likewise
	agent  Agent
	ctx    context.Context // of everything done for this session; ends at stop
	cancel context.CancelFunc
	asks   *consents
	seat   string       // of the account
	held   heldSeat     // had from the beginning
	leave  func(Seat)   // to the phone, which finds what another page has left
	tones  chan keyTone // in the order they were pressed; never closed
	trace  *tracing
}

// keyTone is a key that waits to be sent, and the session as it was told.
type keyTone struct {
	Tone
	by *session
}

// tracing is the trace of a session; without stop there is none.
type tracing struct{ stop context.CancelFunc }

// telling is the session that tells somebody else what comes of a command.
func (s *session) telling(post func(news)) *session {
	told := *s
	told.post = post
	return &told
}

// run waits for the goodbye of the session before, whose binding is the same one, and until no other window of this browser has
// it, then runs the user agent.
func (s *session) run(before, stopped chan struct{}) {
	defer close(stopped)
	if before != nil {
		<-before
	}
	seat, err := s.sit()
	if err != nil {
		s.agent.Close()
		return // it ends before this window was the phone
	}
	if s.passesOn() {
		s.agent.Close()
		s.leave(seat)
		return // another one begins with the calls
	}
	defer seat.Release()
	s.watch(seat)
	err = s.agent.Run(s.ctx)
	s.agent.Close()
	if err != nil && s.ctx.Err() == nil {
		s.post(Failed{Command: Start{}, Err: err, At: s.opts.Now()})
	}
}

func (s *session) listen(events func(func(ua.Event) bool)) {
	for e := range events {
		e = presentable(e)
		if took, ok := succession(e, s.opts.Now()); ok {
			s.post(took)
			continue
		}
		s.post(Told{Event: e, At: s.opts.Now()})
	}
}

func (s *session) carryOut(c Command) {
	switch c := c.(type) {
	case Trace:
		s.setTrace(c.On)
	case Wake:
		s.agent.Wake()
	case AskSeat:
		if seats := s.opts.Seats; seats != nil {
			seats.Ask(s.seat)
		}
	case GiveNumber:
		if seats := s.opts.Seats; seats != nil {
			seats.Give(c.Number)
		}
	case Mute:
		s.with(c, c.ID, func(call Call) error { return call.Mute(c.On) })
	case Consent:
		s.asks.answer(c)
	case Tone:
		select {
		case s.tones <- keyTone{c, s}:
		default: // nobody presses 64 keys ahead
			s.report(c, errTooManyTones)
		}
	default:
		go s.wait(c)
	}
}

// wait carries out a command that takes its time.
func (s *session) wait(c Command) {
	ctx := s.ctx
	switch c := c.(type) {
	case Invite:
		err := s.hold(c.Hold)
		if err == nil {
			err = s.agent.Invite(ctx, c.Target)
		}
		s.report(c, err)
	case Accept:
		s.accept(c)
	case Reject:
		s.with(c, c.ID, func(call Call) error { return call.Reject(ctx, c.Code, ua.RejectOptions{}) })
	case End:
		s.with(c, c.ID, func(call Call) error { return call.Hangup(ctx) })
	case HandOver:
		s.with(c, c.ID, func(call Call) error { return call.Transfer(ctx, c.Target) })
	case KeepCall:
		s.with(c, c.ID, func(call Call) error { return call.CancelTransfer(ctx) })
	case Connect:
		s.report(c, s.agent.Connect(ctx, c.ID, c.Other))
	case Hold:
		s.with(c, c.ID, func(call Call) error { return call.Hold(ctx) })
	case Resume:
		if err := s.hold(c.Hold); err != nil {
			s.report(c, err)
			return
		}
		s.with(c, c.ID, func(call Call) error { return call.Resume(ctx) })
	}
}

// accept answers only after the other calls are out of the way: two must not hear each other by accident.
func (s *session) accept(c Accept) {
	for _, id := range c.End {
		s.with(End{id}, id, func(call Call) error { return call.Hangup(s.ctx) })
	}
	if err := s.hold(c.Hold); err != nil {
		s.report(c, err)
		return
	}
	s.with(c, c.ID, func(call Call) error { return call.Accept(s.ctx) })
}

func (s *session) hold(ids []string) error {
	for _, id := range ids {
		if call := s.agent.Call(id); call != nil {
			if err := call.Hold(s.ctx); err != nil && !harmless(err) {
				return fmt.Errorf("hold: %w", err)
			}
		}
	}
	return nil
}

func (s *session) with(c Command, id string, do func(Call) error) {
	if call := s.agent.Call(id); call != nil {
		s.report(c, do(call))
	}
}

func (s *session) report(c Command, err error) {
	if err != nil {
		s.post(Failed{Command: c, Err: err, At: s.opts.Now()})
	}
}

func (s *session) playTones() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.tones:
			switch {
			case s.ctx.Err() != nil:
				return // more keys are waiting than anybody hears
			case t.Digit == ",":
				s.pause(tonePause)
				continue
			}
			t.by.with(t.Tone, t.ID, func(call Call) error { return call.SendDTMF(s.ctx, t.Digit) })
		}
	}
}

const tonePause = 2 * time.Second // for a comma, as telephones do

// pause is over early, with an error, when the session is.
func (s *session) pause(d time.Duration) error {
	select {
	case <-s.ctx.Done():
		return s.ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *session) setTrace(on bool) {
	if s.trace.stop != nil {
		s.trace.stop()
		s.trace.stop = nil
	}
	if !on || s.opts.Trace == nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.trace.stop = cancel
	messages := s.agent.Trace(ctx)
	go func() {
		for m := range messages {
			s.opts.Trace(m)
		}
	}()
}

// yieldTime is how long a page that is loaded anew may take to come before those that have waited for its seat.
const yieldTime = 3 * time.Second

// sit waits until this window is the phone of the account. A page that has left calls is let through first, should it come again.
func (s *session) sit() (Seat, error) {
	if s.opts.Seats == nil {
		return Seat{Release: func() {}}, nil
	}
	seat, err := s.claim()
	if err == nil && s.passesOn() {
		seat.Release()
		if err = s.pause(yieldTime); err == nil {
			seat, err = s.claim()
		}
	}
	return seat, err
}

// passesOn tells whether another page has left calls of this account. Who had the seat before has found that out already: what is
// left now is its own.
func (s *session) passesOn() bool { return s.held.name != s.seat && isLeft(s.opts, s.seat) }

func (s *session) claim() (Seat, error) {
	if s.held.name == s.seat {
		return s.held.Seat, nil
	}
	s.held.free()
	return s.opts.Seats.Claim(s.ctx, s.seat, func() { s.post(seated{elsewhere: true}) }, s.given)
}

// watch tells that this window is the phone, and when another one wants to be it.
func (s *session) watch(seat Seat) {
	if s.opts.Seats == nil {
		return
	}
	s.post(seated{})
	go func() {
		select {
		case <-seat.Wanted:
			s.post(unseated{})
		case <-s.ctx.Done():
		}
	}()
}

// seatOf names the seat of an account.
func seatOf(cfg ua.Config) string { return "webphone " + cfg.Account.AOR }
