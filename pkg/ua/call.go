package ua

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Call is a handle of one call. Its methods may be called from any goroutine, also after the call has ended.
type Call struct {
	agent   *UserAgent
	id      string
	s       *session // belongs to the loop
	info    atomic.Pointer[CallInfo]
	settled chan struct{} // closed by the loop when the call is established
	ended   chan struct{} // closed by the loop when the call has ended
}

// ID returns CallInfo.ID.
func (c *Call) ID() string { return c.id }

// Info returns the call as it is now, or as it ended.
func (c *Call) Info() CallInfo { return *c.info.Load() }

// ask has an act done in this call and waits for its outcome.
func (c *Call) ask(ctx context.Context, what act) (value any, err error) {
	what.ID = c.id
	if value, err = c.agent.ask(ctx, &what); err != nil {
		return nil, fmt.Errorf("%s: %w", what.deed.name, err)
	}
	return value, nil
}

// do is ask for what has no outcome but an error.
func (c *Call) do(ctx context.Context, what act) error {
	_, err := c.ask(ctx, what)
	return err
}

// Accept answers an incoming call. It gets the microphone first; when that fails the call goes on ringing. So it does when ctx
// ends before: with an error nothing has been sent, and nothing will be.
func (c *Call) Accept(ctx context.Context) error {
	return c.do(ctx, act{deed: acceptDeed})
}

// RejectOptions shape a refusal.
type RejectOptions struct {
	Reason string // phrase for people beside the code, one line; default: that of the code
	Target string // with 300, 301 or 302: the number or address that the caller is sent to
}

// Reject refuses an incoming call with a final status code of 4xx, 5xx or 6xx, usually 486 or 603, or sends the caller elsewhere
// with 300, 301 or 302 and a Target (RFC 3261 section 8.3).
func (c *Call) Reject(ctx context.Context, code int, opts RejectOptions) error {
	return c.do(ctx, act{deed: rejectDeed, Code: code, Text: opts.Reason, Target: opts.Target})
}

// decline refuses a call that rings here. A redirection needs an address to redirect to, and nothing else may have one: a Contact
// in a 486 would say something else.
func (s *session) decline(now time.Time, code int, opts RejectOptions) error {
	elsewhere := code >= 300 && code <= 302
	switch {
	case s.stx == nil || code < 400 && !elsewhere || code > 699:
		return ErrState
	case elsewhere == (opts.Target == ""):
		return fmt.Errorf("%w: a target belongs to 300, 301 and 302, and to nothing else", ErrBadTarget)
	case !isPlain(opts.Reason) || len(opts.Reason) > 1024:
		return fmt.Errorf("%w: the reason is no text of one line", ErrBadConfig)
	}
	res := s.c.response(s.incoming, code, opts.Reason, s.dlg.id.local)
	if elsewhere {
		uri, err := wire.Target(opts.Target, s.c.aor.Host)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadTarget, err)
		}
		res.AppendHeader(&sip.ContactHeader{Address: uri})
	}
	s.refuse(now, res, cause(CauseRejectedLocal, 0, ""))
	return nil
}

// Hangup ends the call in whatever state it is: CANCEL, BYE, or 603 for one that rings here.
// It returns when the request is on its way; the call is CallEnded when the other side has replied or time is up.
// Hanging up a call that has ended is no error.
func (c *Call) Hangup(ctx context.Context) error {
	_, err := c.agent.ask(ctx, &act{deed: hangupDeed, ID: c.id})
	return err
}

// Hold sends a re-INVITE with sendonly (or inactive) and waits for its final response.
func (c *Call) Hold(ctx context.Context) error {
	return c.do(ctx, act{deed: holdDeed})
}

// Resume takes the call back from hold.
func (c *Call) Resume(ctx context.Context) error {
	return c.do(ctx, act{deed: resumeDeed})
}

// Mute stops or starts our microphone; nothing is sent to the other side.
func (c *Call) Mute(muted bool) error {
	return c.do(context.Background(), act{deed: muteDeed, On: muted})
}

func (s *session) mute(muted bool) {
	if s.info.Muted != muted {
		s.info.Muted = muted
		s.hush()
		s.changed()
	}
}

// SendDTMF sends tones "0-9A-D*#" by RFC 4733, or by INFO (application/dtmf-relay) where that was not negotiated. Then it
// waits until the last one is answered.
func (c *Call) SendDTMF(ctx context.Context, tones string) error {
	return c.do(ctx, act{deed: dtmfDeed, Text: tones})
}

// SendInfoDTMF sends tones by INFO (application/dtmf-relay), for servers that listen to nothing else. It waits until the last
// one is answered.
func (c *Call) SendInfoDTMF(ctx context.Context, tones string) error {
	return c.do(ctx, act{deed: infoDTMFDeed, Text: tones})
}

// Stats reads the media counters.
func (c *Call) Stats(ctx context.Context) (media.Stats, error) {
	v, err := c.ask(ctx, act{deed: statsDeed})
	if err != nil {
		return media.Stats{}, err
	}
	return v.(media.Stats), nil
}

// stats reads the counters in the worker, as every call of a media.Session that takes time; done is called on the loop.
func (s *session) stats(done func(media.Stats, error)) {
	if s.audio == nil || s.audio.closed {
		done(media.Stats{}, ErrState)
		return
	}
	s.audio.stats(done)
}

// Wait returns when the call is established (nil) or has ended before (a *ResponseError or an error of this package).
func (c *Call) Wait(ctx context.Context) error {
	select {
	case <-c.settled:
		return nil
	case <-c.ended:
		if info := c.Info(); info.Answered.IsZero() {
			return callError(info.Cause)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.agent.done:
		return ErrClosed
	}
}
