package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// sessionTimer notices that the other side of a call has vanished (RFC 4028): one side refreshes the session at half of
// its interval, and shortly before the end of one without refresh both sides end the call.
type sessionTimer struct {
	interval time.Duration // asked for until the call is answered, agreed on from then; 0: no timer
	least    time.Duration // largest Min-SE of a 422
	ours     bool          // we refresh
	raised   int           // by 422, in this request
	refresh  alarm
	expiry   alarm
	busy     bool // an UPDATE is under way
}

const (
	leastSession = 90 * time.Second // the smallest interval there may be (RFC 4028 section 5)
	refreshAgain = 2 * time.Second  // a refresh that something else is in the way of
	maxRaises    = 3
)

// askTimer adds to a session refresh request what it says about the timer (RFC 4028 sections 7.1 and 7.4).
func (s *session) askTimer(req *sip.Request) {
	t := &s.timer
	if t.interval == 0 {
		return
	}
	value := seconds(t.interval)
	if s.dlg != nil {
		value += ";refresher=" + role(t.ours)
	}
	req.AppendHeader(sip.NewHeader("Session-Expires", value))
	if t.least > 0 {
		req.AppendHeader(sip.NewHeader("Min-SE", seconds(t.least)))
	}
}

func seconds(d time.Duration) string { return fmt.Sprint(int64(d / time.Second)) }

// role names the sender of a request, or its receiver.
func role(sender bool) string {
	if sender {
		return "uac"
	}
	return "uas"
}

// raiseTimer takes a 422: it reports whether the request may be sent again, with a longer interval (RFC 4028 section 7.3).
func (s *session) raiseTimer(res *wire.Response) bool {
	t := &s.timer
	least, err := wire.MinSE(res)
	if err != nil || t.raised >= maxRaises || least <= t.interval {
		return false
	}
	t.raised++
	t.least = max(t.least, least)
	t.interval = t.least
	return true
}

// timerAgreed takes the 2xx to our INVITE, re-INVITE or UPDATE (RFC 4028 section 7.2). It starts the interval anew.
func (s *session) timerAgreed(now time.Time, res *wire.Response) {
	if res.TimerErr != nil {
		s.stopTimer()
		return
	}
	s.timer.interval = max(res.Timer.Interval, leastSession)
	s.timer.ours = res.Timer.Refresher != "uas"
	s.startTimer(now)
}

// checkTimer refuses a session refresh request with too small an interval (RFC 4028 section 9). Code 0 is all right.
func checkTimer(req *wire.Request) (int, []sip.Header) {
	switch {
	case req.TimerErr != nil: // none, or one that says nothing
		return 0, nil
	case req.Timer.Interval < leastSession && knowsTimer(req):
		return 422, []sip.Header{sip.NewHeader("Min-SE", seconds(leastSession))}
	}
	return 0, nil
}

func knowsTimer(req *wire.Request) bool {
	return names(req.Supported, "timer") || names(req.Require, "timer")
}

// acceptTimer adds the timer to our 2xx to a session refresh request and starts it (RFC 4028 section 9, table 2). Without
// a wish of the caller there is one only when it knows timers.
func (s *session) acceptTimer(now time.Time, req *wire.Request, res *sip.Response) {
	st, err := req.Timer, req.TimerErr
	knows := knowsTimer(req)
	if errors.Is(err, wire.ErrAbsent) && knows && s.c.cfg.SessionExpires > 0 {
		least, _ := wire.MinSE(req)
		st.Interval, err = max(s.c.cfg.SessionExpires, least), nil
	}
	if err != nil || st.Interval < leastSession {
		s.stopTimer()
		return
	}
	t := &s.timer
	switch {
	case !knows:
		t.ours = true
	case st.Refresher != "":
		t.ours = st.Refresher == "uas"
	case !t.refresh.set: // theirs, unless it is ours already
		t.ours = false
	}
	t.interval = st.Interval
	res.AppendHeader(sip.NewHeader("Session-Expires", seconds(t.interval)+";refresher="+role(!t.ours)))
	if knows {
		res.AppendHeader(sip.NewHeader("Require", "timer"))
	}
	s.startTimer(now)
}

// startTimer begins an interval (RFC 4028 section 10).
func (s *session) startTimer(now time.Time) {
	t := &s.timer
	t.raised = 0
	s.c.alarms.stop(&t.refresh)
	s.c.alarms.start(&t.expiry, now.Add(t.interval-min(32*time.Second, t.interval/3)), s.sessionExpired)
	if t.ours {
		s.c.alarms.start(&t.refresh, now.Add(t.interval/2), s.refreshSession)
	}
}

func (s *session) stopTimer() {
	s.c.alarms.stop(&s.timer.refresh)
	s.c.alarms.stop(&s.timer.expiry)
	s.timer.interval = 0
}

// sessionExpired ends a call nobody has refreshed.
func (s *session) sessionExpired(now time.Time) {
	if s.over() {
		return
	}
	s.leave(now, explained(CauseTimeout, 0, "session timer", "The other side no longer shows that it is there; call again."),
		sip.NewHeader("Reason", `SIP;cause=408;text="session timer"`))
}

// refreshSession tells the other side that we are there: by UPDATE where it knows that, else by re-INVITE. Whatever
// re-INVITE is under way refreshes too.
func (s *session) refreshSession(now time.Time) {
	switch {
	case s.over():
	case s.timer.busy || s.op != nil || s.pending != nil || s.broken || s.info.State != CallEstablished || !s.flow.up():
		s.c.alarms.start(&s.timer.refresh, now.Add(refreshAgain), s.refreshSession)
	case s.peerUpdates:
		s.sendUpdate(now)
	default:
		s.startOp(now, &offerOp{kind: opRefresh, hold: s.info.HeldLocal})
	}
}

// sendUpdate refreshes the session without session description (RFC 3311 section 5.1).
func (s *session) sendUpdate(now time.Time) {
	c, d := s.c, s.dlg
	req := c.dialogRequest(d, sip.UPDATE, d.next())
	req.AppendHeader(s.contact())
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	req.AppendHeader(c.supportedHeader())
	s.askTimer(req)
	s.timer.busy = true
	c.inDialog(now, d, c.finish(req, "", nil), func(now time.Time, res *wire.Response, err error) {
		s.timer.busy = false
		if !s.over() {
			s.updateAnswered(now, res, err)
		}
	})
}

// updateAnswered takes the answer to the UPDATE of a session refresh (RFC 4028 section 10). Who does not know the dialog any
// more, or does not answer at all, has gone: the call ends. Who does not know UPDATE gets a re-INVITE.
func (s *session) updateAnswered(now time.Time, res *wire.Response, err error) {
	switch {
	case errors.Is(err, txn.ErrTimeout):
		s.leave(now, s.goneCause(opRefresh, 0))
	case err != nil: // the connection is lost; what repairs the call refreshes it
		s.c.alarms.start(&s.timer.refresh, now.Add(refreshAgain), s.refreshSession)
	case res.StatusCode < 300:
		s.dlg.refreshTarget(&res.Head)
		s.followIdentity(res)
		s.timerAgreed(now, res)
	case res.StatusCode == sip.StatusRequestTimeout, res.StatusCode == sip.StatusCallTransactionDoesNotExists:
		s.leave(now, s.goneCause(opRefresh, res.StatusCode))
	case res.StatusCode == 422 && s.raiseTimer(res):
		s.sendUpdate(now)
	case res.StatusCode == sip.StatusMethodNotAllowed, res.StatusCode == sip.StatusNotImplemented:
		s.peerUpdates = false
		s.refreshSession(now)
	default:
		s.refreshFailed(now)
	}
}

// refreshFailed tries again in half of what is left of the interval.
func (s *session) refreshFailed(now time.Time) {
	if s.timer.expiry.set {
		left := max(refreshAgain, s.timer.expiry.at.Sub(now)/2)
		s.c.alarms.start(&s.timer.refresh, now.Add(left), s.refreshSession)
	}
}

// learnMethods notes from an Allow header whether the other side knows UPDATE.
func (s *session) learnMethods(h *wire.Head) {
	if h.Allow != nil {
		s.peerUpdates = names(h.Allow, string(sip.UPDATE))
	}
}
