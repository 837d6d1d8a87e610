package ua

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
)

// question is something the application is asked while a REFER, or an INVITE with Replaces, waits for the answer. A call has one
// at a time. It is gone with what it is about: when the call ends, the other side cancels, the connection is lost or nobody has
// answered in time.
//
//	request --> asked --yes--> followed, --no--> 603
//	              '-- call over: 481 or 603, CANCEL: 487, too late: 480
type question struct {
	stx      *txn.Server
	limit    alarm
	withdraw context.CancelFunc // tells the application that no answer is needed any more
}

const (
	// referLimit is how long a REFER may wait: its sender gives up after 32 s (RFC 3261 timer F).
	referLimit = 28 * time.Second
	// maxDeclined is how often a call may ask to be sent elsewhere after the user has said no: who goes on asking is not put
	// through.
	maxDeclined = 3
)

// ask puts a question to the application. Without a policy the answer is no: nobody is called, and no call replaced, because a
// stranger says so. yes is done when the request still waits for it.
func (s *session) ask(now time.Time, stx *txn.Server, limit time.Duration, policy func(context.Context) bool, yes turn) {
	c := s.c
	switch {
	case policy == nil || s.declined >= maxDeclined:
		c.reply(now, stx, sip.StatusGlobalDecline)
		return
	case s.question != nil:
		c.reply(now, stx, sip.StatusRequestPending)
		return
	}
	q := &question{stx: stx}
	s.question = q
	if stx.Request().Method == sip.INVITE {
		c.reply(now, stx, sip.StatusTrying) // a REFER has no provisional response (RFC 4320 section 4.1)
	}
	c.alarms.start(&q.limit, now.Add(limit), func(now time.Time) { s.dropQuestion(now, sip.StatusTemporarilyUnavailable) })
	asked := func(ctx context.Context) (Address, bool) { return Address{}, policy(ctx) }
	q.withdraw = c.consult(asked, func(now time.Time, _ Address, ok bool) {
		switch {
		case s.question != q: // it was dropped
		case !ok:
			s.declined++
			s.dropQuestion(now, sip.StatusGlobalDecline)
		case stx.Final(): // its connection is lost
			s.dropQuestion(now, 0)
		default:
			s.takeQuestion()
			yes(now)
		}
	})
}

// takeQuestion ends the question without answering the request.
func (s *session) takeQuestion() *question {
	q := s.question
	if q != nil {
		s.question = nil
		s.c.alarms.stop(&q.limit)
		q.withdraw()
	}
	return q
}

// dropQuestion withdraws the question and answers the request with code, unless it can no longer be answered.
func (s *session) dropQuestion(now time.Time, code int) {
	if q := s.takeQuestion(); q != nil && !q.stx.Final() {
		s.c.reply(now, q.stx, code)
	}
}

// overQuestion drops the question of a call that is over: there is no dialog any more for a REFER or NOTIFY (RFC 3261 section
// 12.2.2), and none to be replaced (RFC 3891 section 3).
func (s *session) overQuestion(now time.Time) {
	if q := s.question; q != nil {
		code := sip.StatusGlobalDecline
		if q.stx.Request().Method != sip.INVITE {
			code = sip.StatusCallTransactionDoesNotExists
		}
		s.dropQuestion(now, code)
	}
}

// askedBy finds the call that a request which waits for an answer is about.
func (c *core) askedBy(stx *txn.Server) *session {
	for _, s := range c.sessions {
		if s.question != nil && s.question.stx == stx {
			return s
		}
	}
	return nil
}
