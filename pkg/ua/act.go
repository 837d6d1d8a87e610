package ua

import (
	"context"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// askTo is ask for a method that is recorded: in a replay perform does the same.
func (a *UserAgent) askTo(ctx context.Context, what act, f func(now time.Time, reply func(error))) error {
	return a.ask(ctx, func(now time.Time, reply func(error)) {
		a.core.rec.act(now, what)
		f(now, reply)
	})
}

// postAct is post for a method that is recorded.
func (a *UserAgent) postAct(what act, f turn) bool {
	return a.post(func(now time.Time) {
		a.core.rec.act(now, what)
		f(now)
	})
}

func (opts InviteOptions) recorded() *recordedInvite {
	return &recordedInvite{DisplayName: opts.DisplayName, Headers: opts.Headers, Privacy: opts.Privacy, Redirect: opts.Redirect != nil}
}

// never stands for a function of the application in a replay, where the answers are those of the recording.
func never([]Address) (Address, bool) { return Address{}, false }

func (r *recordedInvite) options() InviteOptions {
	opts := InviteOptions{DisplayName: r.DisplayName, Headers: r.Headers, Privacy: r.Privacy}
	if r.Redirect {
		opts.Redirect = never
	}
	return opts
}

// perform does on the loop what a method of the API does.
func (c *core) perform(now time.Time, a act) error {
	done := func(error) {}
	switch a.Do {
	case "run":
		c.start(now)
	case "stop":
		c.stop(now, func() {})
	case "close":
		c.shut(now)
	case "register":
		c.registerNow(now, done)
	case "unregister":
		c.unregister(now, done)
	case "wake":
		c.wake(now)
	case "token":
		c.setToken(c.cfg.Account.Token)
	case "export":
		c.export(now)
	case "invite":
		c.call(now, a.Target, a.Invite.options())
	case "options":
		if a.ID == "" {
			c.query(now, a.Target, func(Capabilities, error) {})
			return nil
		}
		return c.performCall(now, a)
	case "message":
		c.message(now, a.Target, *a.Message, func(int, error) {})
	case "subscribe":
		if _, err := c.subscribe(now, a.Target, *a.Watch, done); err != nil {
			return nil // as in the recorded run
		}
	case "unsubscribe":
		if s := c.subscriptionByID(a.ID); s != nil {
			s.unsubscribe(now, done)
		}
	case "publish":
		if _, err := c.publishState(now, *a.Publish, done); err != nil {
			return nil // as in the recorded run
		}
	case "update", "remove":
		c.performPublication(now, a)
	default:
		return c.performCall(now, a)
	}
	return nil
}

func (c *core) subscriptionByID(id string) *subscription {
	for _, s := range c.subs {
		if s.info.ID == id {
			return s
		}
	}
	return nil
}

func (c *core) performPublication(now time.Time, a act) {
	for _, p := range c.pubs {
		switch {
		case p.info.ID != a.ID:
		case a.Do == "update":
			p.update(now, a.Body, func(error) {})
			return
		default:
			p.remove(now, func(error) {})
			return
		}
	}
}

func (c *core) sessionByID(id string) *session {
	for _, s := range c.sessions {
		if s.info.ID == id {
			return s
		}
	}
	return nil
}

// performCall does what a method of Call does. A call that has ended takes nothing more.
func (c *core) performCall(now time.Time, a act) error {
	s, done := c.sessionByID(a.ID), func(error) {}
	if s == nil || s.info.State == CallEnded {
		return nil
	}
	switch a.Do {
	case "hangup":
		s.hangup(now)
	case "accept":
		s.accept(now, done)
	case "reject":
		s.decline(now, a.Code, RejectOptions{Reason: a.Text, Target: a.Target})
	case "hold":
		s.hold(now, true, done)
	case "resume":
		s.hold(now, false, done)
	case "mute":
		s.mute(a.On)
	case "DTMF":
		s.sendDTMF(now, a.Text, done)
	case "DTMF by INFO":
		s.sendInfoDTMF(now, a.Text, done)
	case "progress":
		s.progress(now, done)
	case "options":
		s.query(now, func(Capabilities, error) {})
	case "transfer":
		s.transferBlind(now, a.Target, done)
	case "cancel transfer":
		s.cancelTransfer(now, done)
	case "transfer to":
		if other := c.sessionByID(a.Target); other != nil {
			s.transferAttended(now, other.handle, done)
		}
	case "stats":
		if s.audio != nil && !s.audio.closed {
			s.audio.do(func(context.Context, media.Session) ([]byte, error) { return nil, nil }, func(time.Time, []byte, error) {})
		}
	default:
		return fmt.Errorf("ua: replay: unknown act %q", a.Do)
	}
	return nil
}
