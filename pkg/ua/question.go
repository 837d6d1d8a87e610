package ua

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
)

// question is something the application is asked while a REFER, an INVITE with Replaces or a NOTIFY waits for the answer. A call
// has one of each subject at a time. It is gone with what it is about: when the call ends, the other side cancels, the connection
// is lost or nobody has answered in time.
//
//	request --> asked --yes--> done, --no--> 603
//	              '-- call over: 481 or 603, CANCEL: 487, too late: 480
type question struct {
	subject  subject
	stx      *txn.Server
	limit    alarm
	withdraw context.CancelFunc // tells the application that no answer is needed any more
}

// subject is what a question is about. Who asks too often about one is heard on the others.
type subject int

const (
	aboutTransfer subject = iota // REFER, Replaces
	aboutTalk                    // NOTIFY talk
	aboutHold                    // NOTIFY hold
	subjects
)

// asking is the question of a subject that is open, and how often the answer was not yes.
type asking struct {
	open     *question
	declined int
}

const (
	// referLimit is how long a REFER may wait: its sender gives up after 32 s (RFC 3261 timer F).
	referLimit = 28 * time.Second
	// maxDeclined is how often a call may ask for the same without a yes: who goes on asking is not put through. A question that
	// was taken back or not answered counts as a no, because it has cost the user as much.
	maxDeclined = 3
	// maxQuestions is how many the application may have at a time, those it has not returned from included. That it is told that
	// an answer is not needed any more does not mean that it looks.
	maxQuestions = 2 * maxCalls
)

// ask puts a question to the application. Without a policy the answer is no: nobody is called, and no call replaced, because a
// stranger says so. yes is done when the request still waits for it.
func (s *session) ask(now time.Time, stx *txn.Server, about subject, limit time.Duration, policy func(context.Context) bool,
	yes turn) {
	c, a := s.c, &s.asks[about]
	switch {
	case policy == nil || a.declined >= maxDeclined:
		c.reply(now, stx, sip.StatusGlobalDecline)
		return
	case a.open != nil:
		c.reply(now, stx, sip.StatusRequestPending)
		return
	case len(c.questions) >= maxQuestions:
		c.reply(now, stx, sip.StatusTemporarilyUnavailable)
		return
	}
	q := &question{subject: about, stx: stx}
	a.open = q
	if stx.Request().Method == sip.INVITE {
		c.reply(now, stx, sip.StatusTrying) // a REFER has no provisional response (RFC 4320 section 4.1)
	}
	c.alarms.start(&q.limit, now.Add(limit), func(now time.Time) { s.dropQuestion(now, q, sip.StatusTemporarilyUnavailable) })
	asked := func(ctx context.Context) (Address, bool) { return Address{}, policy(ctx) }
	q.withdraw = c.consult(asked, func(now time.Time, _ Address, ok bool) {
		switch {
		case a.open != q: // it was dropped
		case !ok:
			s.dropQuestion(now, q, sip.StatusGlobalDecline)
		default:
			s.takeQuestion(q)
			if !stx.Final() { // else its connection is lost
				yes(now)
			}
		}
	})
}

// takeQuestion ends a question without answering the request.
func (s *session) takeQuestion(q *question) {
	s.asks[q.subject].open = nil
	s.c.alarms.stop(&q.limit)
	q.withdraw()
}

// dropQuestion withdraws a question, which counts as a no, and answers the request with code, unless it can no longer be
// answered.
func (s *session) dropQuestion(now time.Time, q *question, code int) {
	s.takeQuestion(q)
	s.asks[q.subject].declined++
	if !q.stx.Final() {
		s.c.reply(now, q.stx, code)
	}
}

// overQuestions drops those of a call that is over: there is no dialog any more for a REFER or NOTIFY (RFC 3261 section 12.2.2),
// and none to be replaced (RFC 3891 section 3).
func (s *session) overQuestions(now time.Time) {
	for _, a := range s.asks {
		switch {
		case a.open == nil:
		case a.open.stx.Request().Method == sip.INVITE:
			s.dropQuestion(now, a.open, sip.StatusGlobalDecline)
		default:
			s.dropQuestion(now, a.open, sip.StatusCallTransactionDoesNotExists)
		}
	}
}

// cutQuestions withdraws those whose request has lost its connection: nobody can be answered any more. One that came over another
// flow than that of its call lives as long as its own, and the call with it, which is repaired or given up by the answer.
func (s *session) cutQuestions() {
	for _, a := range s.asks {
		if a.open != nil && a.open.stx.Final() {
			s.takeQuestion(a.open)
		}
	}
}

// cancelQuestion drops the question that a request waits for, and reports whether there is one.
func (c *core) cancelQuestion(now time.Time, stx *txn.Server) bool {
	for _, s := range c.sessions {
		for _, a := range s.asks {
			if a.open != nil && a.open.stx == stx {
				s.dropQuestion(now, a.open, sip.StatusRequestTerminated)
				return true
			}
		}
	}
	return false
}
