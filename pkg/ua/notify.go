package ua

import (
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// NotifyEvent tells what a notifier says (RFC 6665 section 4.1.3).
type NotifyEvent struct {
	Subscription *Subscription     // nil: a message-summary of the own account that nobody has asked for
	Event        string            // event package
	Notifier     string            // tells several notifiers of one subscription apart
	State        SubscriptionState // SubscriptionPending, SubscriptionActive or SubscriptionTerminated
	// when terminated: "deactivated", "probation", "rejected", "timeout", "giveup", "noresource", "invariant" or ""
	Reason      string
	RetryAfter  time.Duration // when terminated: not to be asked again before; 0 when not said
	ContentType string
	Body        []byte
	// Value is the content: *notification.MessageSummary, Presence, DialogInfo, RegInfo or ConferenceInfo, of partial
	// notifications the whole state put together. It is nil for other packages, without content, and when Err is set.
	Value any
	Err   error // Body could not be read
}

func (NotifyEvent) event() {}

// referEvent is the package of REFER (RFC 3515), which lives in the dialog of a call.
const referEvent = "refer"

// recvNotify takes a NOTIFY. It reports false for one that belongs to the dialog of a call.
func (c *core) recvNotify(now time.Time, stx *txn.Server) bool {
	req := stx.Request()
	event, err := wire.Event(req)
	s := c.subscriptionOf(req)
	if s == nil && (event.Package == referEvent || c.dialogFor(req) != nil) {
		return false
	}
	if s != nil && unreadable(err) {
		event.Package, err = s.opts.Event, nil // its dialog has no other
	}
	switch {
	case err != nil:
		c.reply(now, stx, sip.StatusBadRequest)
	case s != nil && event.Package == s.opts.Event && event.ID == "":
		s.notified(now, stx)
	case !c.knowsEvent(event.Package):
		c.reply(now, stx, statusBadEvent, c.allowEvents())
	case s == nil && event.Package == summaryEvent:
		c.unsolicited(now, stx)
	default:
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
	}
	return true
}

const statusBadEvent = 489

// subscriptionOf finds the subscription by Call-ID and our tag; notifiers that forking has added have tags of their own.
func (c *core) subscriptionOf(req *wire.Request) *subscription {
	for _, s := range c.subs {
		if s.callID == req.CallID().Value() && s.fromTag == req.ToTag {
			return s
		}
	}
	return nil
}

func (c *core) knowsEvent(name string) bool {
	_, known := notification.Lookup(name)
	return known || slices.ContainsFunc(c.subs, func(s *subscription) bool { return s.opts.Event == name })
}

// notified takes a NOTIFY for this subscription.
func (s *subscription) notified(now time.Time, stx *txn.Server) {
	c, req := s.c, stx.Request()
	said, err := wire.SubscriptionState(req)
	switch {
	case unreadable(err):
		said.State = "active" // where it is not, the next refresh finds out
	case err != nil:
		c.reply(now, stx, sip.StatusBadRequest)
		return
	}
	l := s.legOf(req.FromTag)
	switch {
	case l == nil && !s.takesLeg():
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	case l != nil && req.CSeq().SeqNo <= l.d.remoteSeq:
		c.reply(now, stx, sip.StatusInternalServerError)
		return
	case len(req.Body()) > 0 && encoded(req):
		c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept-Encoding", "identity"))
		return
	case len(req.Body()) > 0 && !accepts(s.opts.Accept, mediaType(contentType(req))) && !optionalBody(req):
		c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept", strings.Join(s.opts.Accept, ", ")))
		return
	}
	if l == nil {
		l = s.addLeg(req)
	}
	l.d.remoteSeq = req.CSeq().SeqNo
	l.d.refreshTarget(&req.Head)
	c.reply(now, stx, sip.StatusOK, c.flowOf(stx.Request()).contact())
	s.accepted = true
	answerAll(&s.waiters, nil)
	s.tell(now, l, said, req)
}

func (s *subscription) legOf(tag string) *leg {
	for _, l := range s.legs {
		if l.d.id.remote == tag {
			return l
		}
	}
	return nil
}

// takesLeg reports whether a new notifier is welcome: while timer N runs, and once only where the package wants a single dialog.
func (s *subscription) takesLeg() bool {
	return s.open.set && !s.leaving && (len(s.legs) == 0 || !s.pkg.Single && len(s.legs) < maxLegs)
}

// addLeg makes the dialog a NOTIFY stands for (RFC 6665 section 4.4.1).
func (s *subscription) addLeg(notify *wire.Request) *leg {
	from := notify.From()
	l := &leg{d: &dialog{
		id:       dialogID{s.callID, s.fromTag, notify.FromTag},
		local:    *sip.HeaderClone(s.first.From()).(*sip.FromHeader),
		remote:   sip.ToHeader{DisplayName: from.DisplayName, Address: from.Address, Params: from.Params.Clone()},
		target:   s.first.Recipient,
		routes:   routeSet(notify.RecordRoute),
		localSeq: s.seq,
		caller:   true,
		flow:     s.flow,
	}}
	s.legs = append(s.legs, l)
	s.complete(l)
	return l
}

// tell hands the content on and follows the state.
func (s *subscription) tell(now time.Time, l *leg, said wire.SubState, req *wire.Request) {
	l.state = stateOf(said.State)
	ev := NotifyEvent{Subscription: s.handle, Event: s.opts.Event, Notifier: l.d.id.remote, State: l.state, Reason: said.Reason,
		ContentType: contentType(req), Body: req.Body()}
	if said.RetryAfter != nil {
		ev.RetryAfter = *said.RetryAfter
	}
	stale := false
	if len(ev.Body) > 0 {
		ev.Value, stale, ev.Err = s.pkg.Read(&l.doc, ev.Body)
	}
	s.c.emit(ev)
	if info, ok := ev.Value.(*notification.RegInfo); ok {
		s.bindingNews(now, info)
	}
	if l.state == SubscriptionTerminated {
		s.legEnded(now, l, said.Reason, ev.RetryAfter)
		return
	}
	if s.leaving {
		return
	}
	s.sum()
	switch {
	case said.Expires != nil:
		s.lasts(now, l, *said.Expires)
	case l.expires.IsZero() && s.ok != nil:
		s.lasts(now, l, s.expiresOf(s.ok))
	case l.expires.IsZero():
		s.lasts(now, l, s.asked)
	}
	if stale {
		s.refetch(now, l)
	}
}

// What a notifier costs whose notifications leave gaps (RFC 4235 section 4.3): a refresh at the first one, then one after 2 s, 4
// s and so on. It has to keep still for a while before it is believed again, because the refresh that is to help is followed by
// the next gap.
const (
	maxRefetch  = 5 * time.Minute
	stillEnough = 2 * maxRefetch
)

// refetch asks a notifier for its full state because something is missing, now or in a while. One question is enough for all that
// is missing meanwhile.
func (s *subscription) refetch(now time.Time, l *leg) {
	if now.Sub(l.gap) > stillEnough {
		l.gaps = 0
	}
	l.gap = now
	if l.fetch.set {
		return
	}
	wait := time.Duration(0)
	if l.gaps > 0 {
		wait = s.c.jitter(min(maxRefetch, time.Second<<min(l.gaps, 10)))
	}
	l.gaps++
	s.c.alarms.start(&l.fetch, now.Add(wait), func(now time.Time) { s.sendRefresh(now, l, s.asked) })
}

// stateOf sorts Subscription-State; what an extension calls otherwise is treated as active (RFC 6665 section 4.1.3).
func stateOf(word string) SubscriptionState {
	switch word {
	case "pending":
		return SubscriptionPending
	case "terminated":
		return SubscriptionTerminated
	}
	return SubscriptionActive
}

// sum makes one state of those of all legs.
func (s *subscription) sum() {
	state := SubscriptionTrying
	for _, l := range s.legs {
		state = max(state, l.state)
	}
	s.set(state, time.Time{}, "", Cause{})
}

// lasts sets the timers of a leg. They stay as they are when the notifier only says how much is left.
func (s *subscription) lasts(now time.Time, l *leg, d time.Duration) {
	end := now.Add(d)
	if diff := end.Sub(l.expires); !l.expires.IsZero() && diff > -2*time.Second && diff < 2*time.Second || s.leaving {
		return
	}
	l.expires = end
	s.c.alarms.start(&l.expiry, end, func(now time.Time) { s.legEnded(now, l, "timeout", max(0, l.after.Sub(now))) })
	s.c.alarms.start(&l.refresh, now.Add(s.c.rnd.between(d/2, d*3/4)), func(now time.Time) {
		l.raised = false
		s.sendRefresh(now, l, s.asked)
	})
}

// sendRefresh sends a SUBSCRIBE in the dialog of a leg; expires 0 ends it.
func (s *subscription) sendRefresh(now time.Time, l *leg, expires time.Duration) {
	req := s.c.dialogRequest(l.d, sip.SUBSCRIBE, l.d.next())
	s.describe(req, expires)
	s.c.inDialog(now, l.d, s.c.finish(req, "", nil), func(now time.Time, res *wire.Response, err error) {
		if slices.Contains(s.legs, l) {
			s.refreshDone(now, l, expires, res, err)
		}
	})
}

// refreshDone follows the response to a SUBSCRIBE in a dialog (RFC 6665 section 4.1.2.2).
func (s *subscription) refreshDone(now time.Time, l *leg, expires time.Duration, res *wire.Response, err error) {
	switch {
	case err != nil && !l.d.flow.up(): // the loss of the connection has its own way
	case err == nil && res.StatusCode < 300 && expires == 0:
		s.c.alarms.start(&l.expiry, now.Add(timerN), func(now time.Time) { s.drop(now, l) }) // the last NOTIFY is on its way
		answerAll(&s.leavers, nil)
	case s.leaving:
		if expires == 0 {
			s.drop(now, l)
		}
	case err == nil && res.StatusCode < 300:
		l.d.refreshTarget(&res.Head)
		s.lasts(now, l, s.expiresOf(res))
	case err == nil && res.StatusCode == sip.StatusIntervalToBrief && s.raise(res, &l.raised):
		s.sendRefresh(now, l, s.asked)
	case err == nil && res.StatusCode == sip.StatusCallTransactionDoesNotExists:
		s.legEnded(now, l, "timeout", 0)
	case err == nil && endsSubscription(res.StatusCode):
		s.legRefused(now, l, res)
	default: // it still lives until it expires
		s.refreshLater(now, l, res)
	}
}

// endsSubscription lists the responses to a refresh that end the subscription (RFC 6665 section 4.1.2.2).
func endsSubscription(code int) bool {
	return slices.Contains([]int{404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604}, code)
}

// refreshLater tries once more, halfway to the end.
func (s *subscription) refreshLater(now time.Time, l *leg, res *wire.Response) {
	wait := max(l.expires.Sub(now)/2, time.Second)
	if res != nil {
		if after, err := wire.RetryAfter(res); err == nil {
			wait = max(wait, after.After)
			l.after = now.Add(after.After)
		}
	}
	if now.Add(wait).Before(l.expires) {
		s.c.alarms.start(&l.refresh, now.Add(wait), func(now time.Time) { s.sendRefresh(now, l, s.asked) })
	}
}

// drop takes a leg away. The last one of a subscription that is being left ends it.
func (s *subscription) drop(now time.Time, l *leg) {
	s.stopLeg(l)
	s.legs = slices.DeleteFunc(s.legs, func(other *leg) bool { return other == l })
	if len(s.legs) == 0 && s.leaving {
		s.end(now, "", Cause{}, nil)
	}
}

// legRefused ends a leg whose refresh was refused; the same question would have the same answer.
func (s *subscription) legRefused(now time.Time, l *leg, res *wire.Response) {
	s.drop(now, l)
	switch why := s.c.refusal(sip.SUBSCRIBE, res); {
	case len(s.legs) > 0:
		s.sum()
	case temporary(res.StatusCode):
		after, _ := wire.RetryAfter(res)
		s.wait(now, after.After, "", why)
	default:
		s.end(now, "", why, nil)
	}
}

// legEnded follows the end of a leg by its reason (RFC 6665 section 4.1.3). Asking again waits for the end of the last one,
// because a new SUBSCRIBE reaches all notifiers.
func (s *subscription) legEnded(now time.Time, l *leg, reason string, after time.Duration) {
	s.drop(now, l)
	switch {
	case s.over():
	case len(s.legs) > 0:
		s.sum()
	case s.opts.Once:
		s.end(now, reason, Cause{}, nil)
	default:
		s.again(now, reason, after)
	}
}

// again follows the reason of an end (RFC 6665 section 4.1.3): some are for ever, some ask for a pause, the others for a new
// SUBSCRIBE.
func (s *subscription) again(now time.Time, reason string, after time.Duration) {
	switch reason {
	case "rejected":
		s.end(now, reason, explained(CauseRejected, 0, "",
			"The other side does not let its state be watched; ask it for permission."), nil)
	case "noresource":
		s.end(now, reason, explained(CauseNotFound, 0, "", "What was watched does not exist any more; check the address."), nil)
	case "invariant":
		s.end(now, reason, Cause{}, nil)
	case "probation":
		s.wait(now, max(after, time.Minute), reason, Cause{})
	case "giveup":
		s.wait(now, max(after, 10*time.Second), reason, Cause{})
	default: // deactivated, timeout, and what is not known
		s.wait(now, after, reason, Cause{})
	}
}
