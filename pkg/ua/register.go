package ua

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// registration keeps the binding of our Contact (RFC 3261 section 10.2, RFC 5626).
//
//	Unregistered --REGISTER--> Registering --200--> Registered --refresh--> Registered
//	     ^                          |--401 again, 403, 4xx, 6xx--> RegistrationFailed
//	     |--------- 5xx, timeout, connection lost ---'                  |
//	     '-------------- 200 --- Unregistering <----- Unregister -------'
type registration struct {
	info         RegistrationInfo
	wanted       bool          // register as soon as there is a connection
	asked        time.Duration // Expires we ask for; 423 may raise it
	raised       bool          // by 423, in this try
	gen          int           // of the request under way; answers to an older one are dropped
	busy         bool          // a REGISTER is under way; there is one at a time (RFC 3261 section 10.2)
	removing     bool          // that one removes the binding
	next         turn          // what waits for its answer, the newest wish
	bound        time.Time     // until then the registrar may have a binding of ours
	listed       bool          // it has listed that over this connection
	fails        int           // failures since the binding has last held for a while
	since        time.Time     // registered since
	kicks        int           // bindings in a row that the registrar has ended soon
	refresh      alarm
	expiry       alarm
	outbound     bool // the registrar does RFC 5626
	gruu         *sip.Uri
	tempGRUU     *sip.Uri
	serviceRoute []sip.Uri // RFC 3608
}

// registerHead is the same in all our REGISTERs (RFC 3261 section 10.2), whatever flow they take; the number counts on.
type registerHead struct {
	callID, fromTag string
	seq             uint32
}

// setRegistration moves the registration and tells about it, once for each move.
func (f *flow) setRegistration(state RegistrationState, why Cause) {
	info := RegistrationInfo{State: state, Cause: why}
	if state == Registered {
		info.Expires = f.reg.bound
	}
	f.tellRegistration(info)
}

func (f *flow) tellRegistration(info RegistrationInfo) {
	before := f.reg.info
	if before == info && info.State != Registered {
		return
	}
	f.reg.info = info
	f.moved(RegistrationEvent{info})
	if before.State == Unregistering {
		f.c.left()
	}
}

// registerNow is UserAgent.Register.
func (c *core) registerNow(now time.Time, reply func(error)) {
	if c.stopped != nil {
		reply(ErrClosed)
		return
	}
	answerAll(&c.leaving, ErrCanceled)
	c.waiters = append(c.waiters, reply)
	for _, f := range c.flows {
		f.reg.wanted = true
		if f.up() {
			f.wantBinding(now)
		}
	}
}

// wantBinding registers, unless that is under way. What removes the binding is waited for.
func (f *flow) wantBinding(now time.Time) {
	switch {
	case !f.reg.busy:
		f.register(now)
	case f.reg.removing:
		f.reg.next = f.register
	default:
		f.reg.next = nil
	}
}

// register sends a REGISTER for the binding: the first one, or a refresh.
func (f *flow) register(now time.Time) {
	f.c.alarms.stop(&f.reg.refresh)
	if f.reg.info.State != Registered {
		f.setRegistration(Registering, Cause{})
	}
	f.reg.raised = false
	f.sendRegister(now, f.reg.asked, f.registerDone)
}

// sendRegister sends a REGISTER when none is under way. When the answer is there, what has been wished for meanwhile goes first.
// The loss of the connection raises gen: what is answered to an older one is dropped.
func (f *flow) sendRegister(now time.Time, expires time.Duration, done txn.Handler) {
	f.reg.gen++
	f.reg.busy, f.reg.removing = true, expires == 0
	gen, bound := f.reg.gen, f.reg.bound
	if at := now.Add(expires); at.After(bound) {
		f.reg.bound = at // the answer may get lost
	}
	f.c.transact(now, f.newRegister(expires), &exchange{
		seq:   f.c.nextRegisterSeq,
		alive: func() bool { return gen == f.reg.gen && f.reg.next == nil },
		done: func(now time.Time, res *wire.Response, err error) {
			if gen != f.reg.gen || res != nil && res.StatusCode < 200 {
				return
			}
			f.reg.busy = false
			if res != nil && res.StatusCode >= 300 {
				f.reg.bound = bound
			}
			if next := f.reg.next; next != nil {
				f.reg.next = nil
				next(now)
				return
			}
			done(now, res, err)
		},
	})
}

func (c *core) nextRegisterSeq() uint32 {
	c.head.seq++
	return c.head.seq
}

// newRegister builds the next REGISTER.
func (f *flow) newRegister(expires time.Duration) *sip.Request {
	return f.registerWith(expires, f.c.nextRegisterSeq())
}

// registerWith builds a REGISTER with that number. Call-ID and From tag stay the same for all flows and tries (RFC 3261 section
// 10.2), the instance and reg-id name this flow's binding (RFC 5626 section 4.2).
func (f *flow) registerWith(expires time.Duration, seq uint32) *sip.Request {
	c := f.c
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	from := &sip.FromHeader{DisplayName: c.cfg.Account.DisplayName, Address: c.aor,
		Params: sip.HeaderParams{{K: "tag", V: c.head.fromTag}}}
	req := f.newRequest(sip.REGISTER, target, nil, from, &sip.ToHeader{Address: c.aor}, c.head.callID, seq)
	seconds := int(expires / time.Second)
	contact := fmt.Sprintf("<sip:%s@%s;transport=ws>;+sip.instance=\"<%s>\";reg-id=%d;expires=%d",
		c.local.user, f.host, c.local.instance, f.id, seconds)
	req.AppendHeader(sip.NewHeader("Contact", contact))
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(seconds)))
	req.AppendHeader(c.supportedHeader())
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	c.announceControl(req)
	return c.finish(req, "", nil)
}

// registerDone sorts the final answer to a REGISTER: granted, too brief, come again, or refused for good.
func (f *flow) registerDone(now time.Time, res *wire.Response, err error) {
	switch {
	case err != nil:
		f.registerLater(now, cause(CauseTimeout, 0, ""), 0)
	case res.StatusCode < 300:
		f.registered(now, res)
	case res.StatusCode == sip.StatusIntervalToBrief && !f.reg.raised:
		f.intervalTooBrief(now, res)
	case temporary(res.StatusCode):
		after, _ := wire.RetryAfter(res)
		f.registerLater(now, f.c.refusal(sip.REGISTER, res), after.After)
	default:
		f.registerRefused(now, f.c.refusal(sip.REGISTER, res))
	}
}

// temporary tells failures that another try or another server may cure.
func temporary(code int) bool {
	return code == 408 || code == 430 || code == 439 || code == 480 || code >= 500 && code < 600
}

// registered takes a 2xx. Without our binding in it the registrar has kept nothing, whatever its status says; the same when it
// has listed that and now lists others only. The refresh comes between half and three quarters of the time, so that many
// telephones do not come back at the same moment.
func (f *flow) registered(now time.Time, res *wire.Response) {
	own, err := f.binding(res)
	granted, gone := f.granted(res, own), own == nil && err == nil && f.reg.listed
	if granted <= 0 || gone {
		f.noBinding(now, res, gone)
		return
	}
	f.reg.listed = own != nil
	f.learn(res, own)
	if f.reg.info.State != Registered {
		f.reg.since = now
	}
	f.reg.bound = now.Add(granted)
	f.setRegistration(Registered, Cause{})
	f.c.alarms.start(&f.reg.refresh, now.Add(f.c.rnd.between(granted/2, granted*3/4)), f.register)
	f.c.alarms.start(&f.reg.expiry, f.reg.bound, f.registrationExpired)
	answerAll(&f.c.waiters, nil)
	f.reachable(now)
	if f.conn.keep.kind == probeUnknown && !f.conn.keep.waiting {
		f.probe(now, f.firstWait()) // learn early whether this server answers a double CRLF
	}
}

// noBinding follows a 200 that leaves us without a binding. One that is gone is made anew on this connection, once.
func (f *flow) noBinding(now time.Time, res *wire.Response, gone bool) {
	f.reg.bound = time.Time{}
	why := cause(CauseProtocol, res.StatusCode, "the registrar kept no binding")
	if gone && f.reg.fails == 0 {
		f.registerAgain(now, why, 0)
		return
	}
	f.registerLater(now, why, 0)
}

// binding finds ours in a 200, nil where it is not listed: by the very Contact that was sent, and only where that is not there,
// because a registrar may rewrite it, by instance and reg-id. Those of an earlier run of ours have the same ones, and a life of
// their own; of several the shortest life counts, so that none ends unnoticed.
func (f *flow) binding(res *wire.Response) (*wire.Contact, error) {
	var exact, similar *wire.Contact
	for i := range res.Contacts {
		switch ct := &res.Contacts[i]; {
		case ct.URI.User == f.c.local.user && strings.EqualFold(ct.URI.Host, f.host):
			exact = shorter(exact, ct)
		case ct.Instance == f.c.local.instance && (len(f.c.flows) == 1 || ct.RegID == f.id):
			similar = shorter(similar, ct)
		}
	}
	if exact != nil {
		return exact, res.ContactErr
	}
	return similar, res.ContactErr
}

// shorter is the one of two bindings that ends first; those that do not say when come last.
func shorter(a, b *wire.Contact) *wire.Contact {
	if a == nil || a.Expires == nil || b.Expires != nil && *b.Expires < *a.Expires {
		return b
	}
	return a
}

// granted is the life of our binding: its own expires parameter, else Expires (RFC 3261 section 10.2.4).
func (f *flow) granted(res *wire.Response, own *wire.Contact) time.Duration {
	if own != nil && own.Expires != nil {
		return *own.Expires
	}
	if res.ExpiresErr == nil {
		return res.Expires
	}
	if len(res.Contacts) == 0 && res.ContactErr == nil {
		return 0
	}
	return f.reg.asked
}

// learn keeps what the registrar says about the way to us: Service-Route, GRUU, outbound, Flow-Timer.
func (f *flow) learn(res *wire.Response, own *wire.Contact) {
	f.reg.serviceRoute = nil
	routes, _ := wire.Routes(res, "Service-Route")
	for _, r := range routes {
		f.reg.serviceRoute = append(f.reg.serviceRoute, r.URI)
	}
	f.reg.outbound = names(res.Require, "outbound")
	f.reg.gruu, f.reg.tempGRUU = nil, nil
	if own != nil {
		f.reg.gruu, f.reg.tempGRUU = gruu(own.PubGRUU), gruu(own.TempGRUU)
	}
	if d, err := wire.FlowTimer(res); err == nil {
		f.conn.keep.every = d
	}
}

// gruu reads a GRUU of a Contact, nil when there is none.
func gruu(text string) *sip.Uri {
	var uri sip.Uri
	if text == "" || sip.ParseUri(text, &uri) != nil {
		return nil
	}
	return &uri
}

func (f *flow) intervalTooBrief(now time.Time, res *wire.Response) {
	least, err := wire.MinExpires(res)
	if err != nil || least <= f.reg.asked {
		f.registerRefused(now, f.c.refusal(sip.REGISTER, res))
		return
	}
	f.reg.asked, f.reg.raised = least, true
	f.sendRegister(now, least, f.registerDone)
}

// registerLater turns to the next server, or with a single one tries it again later on the same connection.
func (f *flow) registerLater(now time.Time, why Cause, after time.Duration) {
	switch {
	case f.conn.conn == nil: // the new connection registers
		f.unregistered(why)
	case f.servers() > 1 || why.Kind == CauseTimeout:
		f.unregistered(why)
		f.failover(now, why, after)
	default:
		f.registerAgain(now, why, after)
	}
}

// registerAgain tries again later on the same connection.
func (f *flow) registerAgain(now time.Time, why Cause, after time.Duration) {
	f.reg.fails++
	wait := f.c.jitter(min(maxBackoff, time.Second<<min(f.reg.fails-1, 10)))
	f.registerAt(now.Add(max(wait, f.patience(after))), why)
}

// registerAt notes that there is no binding, and when the next try is.
func (f *flow) registerAt(at time.Time, why Cause) {
	f.doubt()
	f.c.alarms.stop(&f.reg.expiry)
	f.tellRegistration(RegistrationInfo{State: Unregistered, Cause: why, RetryAt: at})
	f.c.alarms.start(&f.reg.refresh, at, f.register)
}

// unregistered notes that there is no binding, and that nothing is done about it on this connection.
func (f *flow) unregistered(why Cause) {
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	f.setRegistration(Unregistered, why)
}

// registerRefused ends the tries until Register is called.
func (f *flow) registerRefused(now time.Time, why Cause) {
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	f.reg.bound = time.Time{}
	f.setRegistration(RegistrationFailed, why)
	f.wantNoBinding(now)
	for _, other := range f.c.flows {
		if other.reg.wanted {
			return // it may still succeed
		}
	}
	answerAll(&f.c.waiters, &ResponseError{Method: "REGISTER", Code: why.Code, Reason: why.Reason, Cause: why})
}

// wantNoBinding gives the binding up. What has waited for it goes on without, as in a user agent that never registers.
func (f *flow) wantNoBinding(now time.Time) {
	before := f.usable()
	f.reg.wanted = false
	if !before && f.usable() && f.c.stopped == nil {
		f.reachable(now)
	}
}

// answerAll empties a list of waiting callers with one answer.
func answerAll(waiters *[]func(error), err error) {
	list := *waiters
	*waiters = nil
	for _, reply := range list {
		reply(err)
	}
}

// registrationLost is called when the connection is gone: nothing can reach us until the next one has registered.
func (f *flow) registrationLost(now time.Time, why Cause) {
	f.reg.gen++
	f.reg.busy, f.reg.next, f.reg.listed = false, nil, false
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	switch f.reg.info.State {
	case Registered, Registering, Unregistering:
		f.setRegistration(Unregistered, why)
	}
}

func (f *flow) registrationExpired(now time.Time) {
	f.doubt()
	f.setRegistration(Unregistered, cause(CauseTimeout, 0, ""))
}

// unregister removes the bindings (RFC 3261 section 10.2.2).
func (c *core) unregister(now time.Time, reply func(error)) {
	answerAll(&c.waiters, ErrCanceled)
	for _, f := range c.flows {
		f.unregister(now)
	}
	if c.unregistering() {
		c.leaving = append(c.leaving, reply)
		return
	}
	reply(nil)
}

// unregister removes the binding of this flow, if the registrar may have one. Without connection the next one does.
func (f *flow) unregister(now time.Time) {
	f.wantNoBinding(now)
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	if !f.up() || !f.reg.bound.After(now) {
		f.setRegistration(Unregistered, Cause{})
		return
	}
	f.setRegistration(Unregistering, Cause{})
	switch {
	case !f.reg.busy:
		f.removeBinding(now)
	case f.reg.removing:
		f.reg.next = nil
	default:
		f.reg.next = f.removeBinding
	}
}

func (f *flow) removeBinding(now time.Time) {
	f.sendRegister(now, 0, func(now time.Time, res *wire.Response, err error) {
		f.reg.gruu, f.reg.tempGRUU, f.reg.serviceRoute = nil, nil, nil
		f.reg.bound = time.Time{} // what is left there expires
		switch {
		case err != nil:
			answerAll(&f.c.leaving, txnError(err))
		case res.StatusCode >= 300:
			answerAll(&f.c.leaving, f.c.refusedBy(sip.REGISTER, res))
		}
		f.setRegistration(Unregistered, Cause{})
	})
}

// unregistering reports whether the end of a binding is under way.
func (c *core) unregistering() bool {
	return slices.ContainsFunc(c.flows, func(f *flow) bool { return f.reg.info.State == Unregistering })
}

// left answers who waits for the end of all bindings.
func (c *core) left() {
	if !c.unregistering() {
		answerAll(&c.leaving, nil)
	}
}
