package ua

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// SubscribeOptions shape one subscription.
type SubscribeOptions struct {
	Event       string        // event package: "presence", "dialog", "message-summary", "reg", "conference" or another one
	Accept      []string      // content types; default: those of the package, required for a package not in the list above
	Expires     time.Duration // asked for, at least 1 s; default 1 hour
	Once        bool          // ask for the state once: Expires is 0, one NOTIFY ends it (RFC 6665 section 4.4.3)
	ContentType string        // of Body
	Body        []byte        // a filter of the package, if any
	Headers     []Header      // extra headers of the first SUBSCRIBE
}

// SubscriptionState is the state of a subscription (RFC 6665).
type SubscriptionState int

const (
	SubscriptionTrying     SubscriptionState = iota // asked for, no NOTIFY yet
	SubscriptionPending                             // the other side has not decided
	SubscriptionActive                              // its state is told by NotifyEvent
	SubscriptionWaiting                             // lost or ended for a while; it is asked for again
	SubscriptionTerminated                          // over
)

// String returns a word in lower case, such as "active".
func (s SubscriptionState) String() string {
	return name([]string{"trying", "pending", "active", "waiting", "terminated"}, int(s))
}

// SubscriptionInfo is one subscription at one moment.
type SubscriptionInfo struct {
	ID      string // opaque, unique in this user agent
	Target  string // what Subscribe was given
	Event   string
	State   SubscriptionState
	RetryAt time.Time // while waiting: the next try; zero: as soon as there is a connection
	Reason  string    // of RFC 6665 section 4.1.3, when the notifier ended it: "deactivated", "rejected", ...
	Cause   Cause     // why it waits or is terminated
}

// SubscriptionEvent tells a move of a subscription. The last one has State SubscriptionTerminated.
type SubscriptionEvent struct {
	Subscription *Subscription
	Info         SubscriptionInfo
}

func (SubscriptionEvent) event() {}

// Subscription is a handle of one subscription. Its methods may be called from any goroutine, also after its end.
type Subscription struct {
	agent *UserAgent
	id    string
	s     *subscription // belongs to the loop
	info  atomic.Pointer[SubscriptionInfo]
}

// Info returns the subscription as it is now, or as it ended.
func (s *Subscription) Info() SubscriptionInfo { return *s.info.Load() }

// Subscribe subscribes to an event package of target (RFC 6665) and waits until it is granted, or refused by a
// *ResponseError. From then on it is kept: refreshed, asked for again after a loss of the connection and where the reason of
// its end allows that, until Unsubscribe. What is told comes by NotifyEvent, the first one possibly before Subscribe returns.
func (a *UserAgent) Subscribe(ctx context.Context, target string, opts SubscribeOptions) (*Subscription, error) {
	s, err := a.ask(ctx, &act{deed: subscribeDeed, Target: target, Watch: opts})
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	return s.(*Subscription), nil
}

// doSubscribe answers with the handle once the subscription is granted. Where nobody waits any more it is taken back by undo.
func doSubscribe(c *core, now time.Time, a *act, reply replier) {
	var s *subscription
	s, err := c.subscribe(now, a.Target, a.Watch, func(err error) {
		if err != nil {
			reply.done(err)
			return
		}
		reply(s.handle, nil)
	})
	if err != nil {
		reply.done(err)
		return
	}
	a.made = s.info.ID
}

// Unsubscribe ends the subscription and waits until the other side has said so. One that has ended is no error.
func (s *Subscription) Unsubscribe(ctx context.Context) error {
	if _, err := s.agent.ask(ctx, &act{deed: unsubscribeDeed, ID: s.id}); err != nil {
		return fmt.Errorf("unsubscribe: %w", err)
	}
	return nil
}

func doUnsubscribe(c *core, now time.Time, a *act, reply replier) {
	if i := slices.IndexFunc(c.subs, func(s *subscription) bool { return s.info.ID == a.ID }); i >= 0 {
		c.subs[i].unsubscribe(now, reply.done)
		return
	}
	reply.done(nil)
}

// subscription keeps one subscription in the core. One SUBSCRIBE outside a dialog may reach several notifiers: each
// To tag that sends a NOTIFY is a leg with a dialog of its own (RFC 6665 section 4.4).
//
//	Trying --NOTIFY--> Pending, Active --NOTIFY--> Active
//	  ^                      |
//	  '------- Waiting <-----'--Unsubscribe, rejected, noresource--> Terminated
type subscription struct {
	c      *core
	handle *Subscription
	info   SubscriptionInfo
	target sip.Uri
	opts   SubscribeOptions
	pkg    notification.Package

	// The try under way.
	flow     *flow
	gen      int // of the try; what comes back with another one is dropped
	callID   string
	fromTag  string
	seq      uint32
	first    *sip.Request   // the SUBSCRIBE that was sent last outside a dialog
	ok       *wire.Response // its 2xx
	asked    time.Duration
	raised   bool // by 423, in this try
	legs     []*leg
	open     alarm // timer N: new legs are taken, and one is expected
	retry    alarm
	began    time.Time
	soon     int // tries in a row that ended soon
	accepted bool
	waiters  []func(error) // of Subscribe
	leaving  bool
	leavers  []func(error) // of Unsubscribe
}

// maxLegs is how many notifiers one subscription may have.
const maxLegs = 16

// leg is the dialog with one notifier.
type leg struct {
	d       *dialog
	state   SubscriptionState
	expires time.Time
	refresh alarm
	expiry  alarm
	after   time.Time             // not to be asked before
	raised  bool                  // by 423, in this refresh
	doc     notification.Document // what partial notifications are put together to
	fetch   alarm                 // of a question for the full state
	gap     time.Time             // when a notification was missing last
	gaps    int                   // questions so far
}

// timerN is how long a NOTIFY may take after its SUBSCRIBE (RFC 6665 section 4.1.2).
const timerN = txn.Timeout

// subscribe makes a subscription and sends its first SUBSCRIBE. reply is called when it is granted or has failed, unless the
// error is returned, which tells that there is none.
func (c *core) subscribe(now time.Time, target string, opts SubscribeOptions, reply func(error)) (*subscription, error) {
	uri, err := wire.Target(target, c.aor.Host)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBadTarget, err)
	case !c.lead().up() || c.stopped != nil:
		return nil, ErrNotConnected
	}
	pkg, err := checkSubscribe(&opts)
	if err != nil {
		return nil, err
	}
	s := &subscription{c: c, target: uri, opts: opts, pkg: pkg, flow: c.lead(), asked: opts.Expires,
		waiters: []func(error){reply}}
	s.info = SubscriptionInfo{ID: c.rnd.token(12), Target: target, Event: opts.Event}
	s.handle = &Subscription{agent: c.agent, id: s.info.ID, s: s}
	c.subs = append(c.subs, s)
	s.begin(now)
	return s, nil
}

// checkSubscribe completes the options and refuses what cannot be sent.
func checkSubscribe(opts *SubscribeOptions) (notification.Package, error) {
	pkg, known := notification.Lookup(opts.Event)
	if !known && len(opts.Accept) == 0 || opts.Event == "" || opts.Event == referEvent {
		return pkg, fmt.Errorf("%w: event package %q", ErrBadConfig, opts.Event)
	}
	if len(opts.Accept) == 0 {
		opts.Accept = pkg.Accept
	}
	opts.Accept = slices.Clone(opts.Accept)
	switch {
	case opts.Once:
		opts.Expires = 0
	case opts.Expires == 0:
		opts.Expires = time.Hour
	case opts.Expires < time.Second:
		return pkg, fmt.Errorf("%w: Expires of %v, below one second", ErrBadConfig, opts.Expires)
	}
	if strings.ContainsAny(opts.Event, " \t\r\n\x00;,") || strings.ContainsAny(strings.Join(opts.Accept, "")+opts.ContentType,
		"\r\n\x00") {
		return pkg, fmt.Errorf("%w: a line break or blank in the options", ErrBadConfig)
	}
	return pkg, checkHeaders(opts.Headers)
}

// set moves the subscription and tells about it.
func (s *subscription) set(state SubscriptionState, retryAt time.Time, reason string, why Cause) {
	next := s.info
	next.State, next.RetryAt, next.Reason, next.Cause = state, retryAt, reason, why
	if s.handle.info.Load() != nil && (next == s.info || s.over()) {
		return
	}
	s.info = next
	s.handle.info.Store(&next)
	s.c.emit(SubscriptionEvent{Subscription: s.handle, Info: next})
}

func (s *subscription) over() bool { return s.info.State == SubscriptionTerminated }

// begin asks anew: fresh Call-ID, From tag and dialogs.
func (s *subscription) begin(now time.Time) {
	c := s.c
	c.alarms.stop(&s.retry)
	if !c.lead().up() {
		return // the next connection begins
	}
	s.gen++
	s.flow = c.lead()
	s.began, s.callID, s.seq, s.ok, s.raised, s.legs = now, c.rnd.token(22), 1, nil, false, nil
	s.set(SubscriptionTrying, time.Time{}, "", Cause{})
	s.sendFirst(now)
}

// sendFirst sends the SUBSCRIBE outside a dialog.
func (s *subscription) sendFirst(now time.Time) {
	c, gen := s.c, s.gen
	from := c.newAccountFrom(c.aor.User)
	s.fromTag = tagOf(from.Params)
	to := &sip.ToHeader{Address: s.target}
	to.Address.UriParams = nil
	req := s.flow.newRequest(sip.SUBSCRIBE, s.target, s.flow.reg.serviceRoute, from, to, s.callID, s.seq)
	s.describe(req, s.asked)
	appendHeaders(req, s.opts.Headers)
	c.finish(req, s.opts.ContentType, s.opts.Body)
	c.transact(now, req, &exchange{
		seq: func() uint32 { s.seq++; return s.seq },
		started: func(tx *txn.Client) {
			s.first = tx.Request()
			c.alarms.start(&s.open, now.Add(timerN), s.closed)
		},
		alive: func() bool { return gen == s.gen && !s.over() },
		done:  func(now time.Time, res *wire.Response, err error) { s.firstDone(now, gen, res, err) },
	})
}

// describe adds what every SUBSCRIBE has.
func (s *subscription) describe(req *sip.Request, expires time.Duration) {
	req.AppendHeader(s.flow.contact())
	req.AppendHeader(sip.NewHeader("Event", s.opts.Event))
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(int(expires/time.Second))))
	req.AppendHeader(sip.NewHeader("Accept", strings.Join(s.opts.Accept, ", ")))
	req.AppendHeader(sip.NewHeader("Allow", s.c.allow))
	req.AppendHeader(s.c.supportedHeader())
}

// firstDone takes the answer to a SUBSCRIBE outside a dialog. A NOTIFY may have come before it and tells more (RFC 6665 section
// 4.1.2.4).
func (s *subscription) firstDone(now time.Time, gen int, res *wire.Response, err error) {
	switch {
	case gen != s.gen || s.over() || res != nil && res.StatusCode < 200:
	case err != nil && !s.flow.up(): // the loss of the connection has its own way
	case err != nil:
		s.failed(now, txnError(err), cause(CauseTimeout, 0, ""), 0, true)
	case res.StatusCode < 300:
		s.granted(now, res)
	case res.StatusCode == sip.StatusIntervalToBrief && s.raise(res, &s.raised):
		s.seq++
		s.sendFirst(now)
	default:
		after, _ := wire.RetryAfter(res)
		s.failed(now, s.c.refusedBy(sip.SUBSCRIBE, res), s.c.refusal(sip.SUBSCRIBE, res), after.After, temporary(res.StatusCode))
	}
}

// raise follows Min-Expires of a 423, once in a try.
func (s *subscription) raise(res *wire.Response, raised *bool) bool {
	least, err := wire.MinExpires(res)
	if err != nil || least <= s.asked || *raised {
		return false
	}
	s.asked, *raised = least, true
	return true
}

// granted takes the 2xx. The dialog is made by a NOTIFY, which may have come before.
func (s *subscription) granted(now time.Time, res *wire.Response) {
	s.ok, s.accepted = res, true
	for _, l := range s.legs {
		if l.d.id.remote == res.ToTag {
			s.complete(l)
			s.lasts(now, l, s.expiresOf(res))
		}
	}
	answerAll(&s.waiters, nil)
}

// complete takes from the 2xx what the NOTIFY of the same notifier did not say: some servers put no Record-Route into
// a NOTIFY of their own.
func (s *subscription) complete(l *leg) {
	if s.ok == nil || s.ok.ToTag != l.d.id.remote || len(l.d.routes) > 0 {
		return
	}
	l.d.routes = routeSet(reversed(s.ok.RecordRoute))
}

// expiresOf is what a 2xx grants; one that does not say grants what was asked.
func (s *subscription) expiresOf(res *wire.Response) time.Duration {
	if d := res.Expires; res.ExpiresErr == nil && d <= s.asked {
		return d
	}
	return s.asked
}

// failed ends a try. The first one fails Subscribe; later ones come again where that can help.
func (s *subscription) failed(now time.Time, err error, why Cause, after time.Duration, again bool) {
	if !s.accepted || !again {
		s.end(now, "", why, err)
		return
	}
	s.wait(now, after, "", why)
}

// closed is timer N: no further fork is taken. Without any NOTIFY the try has failed.
func (s *subscription) closed(now time.Time) {
	if len(s.legs) > 0 {
		return
	}
	if s.leaving || s.opts.Once {
		s.end(now, "", cause(CauseTimeout, 0, ""), ErrTimeout)
		return
	}
	s.failed(now, ErrTimeout, cause(CauseTimeout, 0, ""), 0, true)
}

// longestWait is how long a notifier is left alone that asks for it.
const longestWait = time.Hour

// wait arranges the next try, at the earliest after d. Tries that follow each other quickly wait longer and longer.
func (s *subscription) wait(now time.Time, d time.Duration, reason string, why Cause) {
	s.stopTry(now)
	d = min(d, longestWait)
	if s.soon > 1 || why.Kind != CauseNone {
		d = max(d, s.c.jitter(min(5*time.Minute, time.Second<<min(max(s.soon-1, 0), 10))))
	}
	if d == 0 {
		s.set(SubscriptionWaiting, now, reason, why)
		s.begin(now)
		return
	}
	s.set(SubscriptionWaiting, now.Add(d), reason, why)
	s.c.alarms.start(&s.retry, now.Add(d), s.begin)
}

// stopTry forgets the dialogs and timers of a try. One that has lasted ends the count of those that did not; the wait after it
// does not count, because it grows with them.
func (s *subscription) stopTry(now time.Time) {
	if s.info.State != SubscriptionWaiting {
		s.soon++
		if now.Sub(s.began) > time.Minute {
			s.soon = 0
		}
	}
	s.gen++
	s.c.alarms.stop(&s.open)
	s.c.alarms.stop(&s.retry)
	for _, l := range s.legs {
		s.stopLeg(l)
	}
	s.legs = nil
}

func (s *subscription) stopLeg(l *leg) {
	s.c.alarms.stop(&l.refresh)
	s.c.alarms.stop(&l.expiry)
	s.c.alarms.stop(&l.fetch)
}

// end terminates the subscription for good. err is for those who wait in Subscribe.
func (s *subscription) end(now time.Time, reason string, why Cause, err error) {
	if s.over() {
		return
	}
	s.stopTry(now)
	s.set(SubscriptionTerminated, time.Time{}, reason, why)
	s.c.subs = slices.DeleteFunc(s.c.subs, func(other *subscription) bool { return other == s })
	answerAll(&s.waiters, err)
	answerAll(&s.leavers, nil)
}

// unsubscribe ends the subscription at every notifier (RFC 6665 section 4.1.2.3). A notifier that is not known yet learns it by
// the 481 to its NOTIFY.
func (s *subscription) unsubscribe(now time.Time, reply func(error)) {
	if s.over() {
		reply(nil)
		return
	}
	s.leavers = append(s.leavers, reply)
	if s.leaving {
		return
	}
	s.leaving = true
	answerAll(&s.waiters, ErrCanceled)
	if !s.flow.up() || len(s.legs) == 0 {
		s.end(now, "", Cause{}, nil)
		return
	}
	for _, l := range slices.Clone(s.legs) {
		s.stopLeg(l)
		s.sendRefresh(now, l, 0)
	}
}

// subsUnreachable lets every subscription wait for the next connection: the notifiers look for the one that is gone.
func (c *core) subsUnreachable(now time.Time, f *flow, why Cause) {
	for _, s := range slices.Clone(c.subs) {
		switch {
		case s.flow != f:
		case s.leaving || !s.accepted:
			s.end(now, "", why, ErrTransport)
		case !s.retry.set:
			s.stopTry(now)
			s.set(SubscriptionWaiting, time.Time{}, "", why)
		}
	}
}

// subsReachable renews what waits for a connection.
func (c *core) subsReachable(now time.Time) {
	for _, s := range slices.Clone(c.subs) {
		if s.info.State == SubscriptionWaiting && !s.retry.set {
			s.begin(now)
		}
	}
}
