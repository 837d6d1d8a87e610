package ua

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// The packages by which a server presses the buttons of a telephone in the dialog of a call: answer or resume, and hold. They are
// of no RFC; BroadWorks has made them, and what links a telephone to a program on the desk (CTI) uses them.
const (
	talkEvent = "talk"
	holdEvent = "hold"
)

func isControl(event string) bool { return event == talkEvent || event == holdEvent }

// recvControl does what such a NOTIFY asks for, when the application agrees. Without Config.AcceptControl the package is not
// known.
func (s *session) recvControl(now time.Time, stx *txn.Server, event string) {
	c := s.c
	switch {
	case s.controlled(event):
		c.reply(now, stx, sip.StatusOK)
		return
	case !s.canControl(event):
		c.reply(now, stx, sip.StatusForbidden)
		return
	}
	about, what := s.info, aboutTalk
	if event == holdEvent {
		what = aboutHold
	}
	s.ask(now, stx, what, referLimit, func(ctx context.Context) bool { return c.cfg.AcceptControl(ctx, about, event) },
		func(now time.Time) {
			if !s.canControl(event) {
				c.reply(now, stx, sip.StatusForbidden)
				return
			}
			c.reply(now, stx, sip.StatusOK)
			s.control(now, event)
		})
}

// controlled tells whether the call is already what event asks for.
func (s *session) controlled(event string) bool {
	return s.info.State == CallEstablished && s.info.HeldLocal == (event == holdEvent)
}

func (s *session) canControl(event string) bool {
	rings := event == talkEvent && s.stx != nil && s.info.Direction == Incoming && s.info.State == CallRinging
	return rings || s.info.State == CallEstablished
}

func (s *session) control(now time.Time, event string) {
	if s.info.State == CallRinging {
		s.accept(now, func(error) {})
		return
	}
	s.hold(now, event == holdEvent, func(error) {})
}

// allowEvents names the packages we can read (RFC 6665 section 8.2.2), and those of calls.
func (c *core) allowEvents(more ...string) sip.Header {
	if c.cfg.AcceptControl != nil {
		more = append(slices.Clip(more), talkEvent, holdEvent)
	}
	return sip.NewHeader("Allow-Events", strings.Join(append(notification.Events(), more...), ", "))
}

// announceControl says in a message about a call, or in a REGISTER, that we can be controlled. Servers look for it there.
func (c *core) announceControl(m sip.Message) {
	if c.cfg.AcceptControl != nil {
		m.AppendHeader(c.allowEvents())
	}
}
