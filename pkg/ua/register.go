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
	busy         bool          // a REGISTER is under way
	fails        int           // temporary failures in a row
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
	if f.reg.info.State == state && f.reg.info.Cause == why && state != Registered {
		return
	}
	if f.reg.info.State == Unregistering && state != Unregistering {
		defer f.c.left()
	}
	info := RegistrationInfo{State: state, Cause: why}
	if state == Registered {
		info.Expires = f.reg.info.Expires
	}
	f.reg.info = info
	f.moved(RegistrationEvent{info})
}

// registerNow is UserAgent.Register.
func (c *core) registerNow(now time.Time, reply func(error)) {
	if c.stopped != nil {
		reply(ErrClosed)
		return
	}
	c.waiters = append(c.waiters, reply)
	for _, f := range c.flows {
		f.reg.wanted = true
		if f.up() && !(f.reg.busy && f.reg.info.State == Registering) {
			f.register(now)
		}
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

// sendRegister sends one REGISTER. Another one, or the loss of the connection, raises gen: what is answered to an older one is
// dropped.
func (f *flow) sendRegister(now time.Time, expires time.Duration, done txn.Handler) {
	f.reg.gen++
	f.reg.busy = true
	gen := f.reg.gen
	req := f.newRegister(expires)
	f.c.transact(now, req, &exchange{
		seq:   f.c.nextRegisterSeq,
		alive: func() bool { return gen == f.reg.gen },
		done: func(now time.Time, res *sip.Response, err error) {
			if gen != f.reg.gen || res != nil && res.StatusCode < 200 {
				return
			}
			f.reg.busy = false
			done(now, res, err)
		},
	})
}

func (c *core) nextRegisterSeq() uint32 {
	c.head.seq++
	return c.head.seq
}

// newRegister builds a REGISTER. Call-ID and From tag stay the same for all flows and tries (RFC 3261 section 10.2), the instance
// and reg-id name this flow's binding (RFC 5626 section 4.2).
func (f *flow) newRegister(expires time.Duration) *sip.Request {
	c := f.c
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	from := &sip.FromHeader{DisplayName: c.cfg.Account.DisplayName, Address: c.aor,
		Params: sip.HeaderParams{{K: "tag", V: c.head.fromTag}}}
	req := f.newRequest(sip.REGISTER, target, nil, from, &sip.ToHeader{Address: c.aor}, c.head.callID, c.nextRegisterSeq())
	seconds := int(expires / time.Second)
	contact := fmt.Sprintf("<sip:%s@%s;transport=ws>;+sip.instance=\"<%s>\";reg-id=%d;expires=%d",
		c.local.user, f.host, c.local.instance, f.id, seconds)
	req.AppendHeader(sip.NewHeader("Contact", contact))
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(seconds)))
	req.AppendHeader(c.supportedHeader())
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	return c.finish(req, "", nil)
}

// registerDone sorts the final answer to a REGISTER: granted, too brief, come again, or refused for good.
func (f *flow) registerDone(now time.Time, res *sip.Response, err error) {
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

// registered takes a 2xx. Without our binding in it the registrar has kept nothing, whatever its status says. The refresh comes
// between half and three quarters of the time, so that many telephones do not come back at the same moment.
func (f *flow) registered(now time.Time, res *sip.Response) {
	granted := f.granted(res)
	if granted <= 0 {
		f.registerLater(now, cause(CauseProtocol, res.StatusCode, "the registrar kept no binding"), 0)
		return
	}
	f.reg.fails = 0
	f.learn(res)
	if f.reg.info.State != Registered {
		f.reg.since = now
	}
	f.reg.info.Expires = now.Add(granted)
	f.setRegistration(Registered, Cause{})
	f.c.alarms.start(&f.reg.refresh, now.Add(f.c.rnd.between(granted/2, granted*3/4)), f.register)
	f.c.alarms.start(&f.reg.expiry, now.Add(granted), f.registrationExpired)
	answerAll(&f.c.waiters, nil)
	f.reachable(now)
	if f.conn.keep.kind == probeUnknown && !f.conn.keep.waiting {
		f.probe(now, firstWait) // learn early whether this server answers a double CRLF
	}
}

// granted is the life of our binding: the expires parameter of our Contact, else Expires (RFC 3261 section 10.2.4).
func (f *flow) granted(res *sip.Response) time.Duration {
	contacts, unread := wire.Contacts(res)
	for _, ct := range contacts {
		if f.ours(ct) && ct.Expires != nil {
			return *ct.Expires
		}
	}
	if d, err := wire.Expires(res); err == nil {
		return d
	}
	if len(contacts) == 0 && unread == nil {
		return 0
	}
	return f.reg.asked
}

// ours tells our binding from those of other devices and of the other flow.
func (f *flow) ours(ct wire.Contact) bool {
	if ct.URI.User == f.c.local.user && strings.EqualFold(ct.URI.Host, f.host) {
		return true
	}
	return ct.Instance == f.c.local.instance && (len(f.c.flows) == 1 || ct.RegID == f.id)
}

// learn keeps what the registrar says about the way to us: Service-Route, GRUU, outbound, Flow-Timer.
func (f *flow) learn(res *sip.Response) {
	f.reg.serviceRoute = nil
	routes, _ := wire.Routes(res, "Service-Route")
	for _, r := range routes {
		f.reg.serviceRoute = append(f.reg.serviceRoute, r.URI)
	}
	f.reg.outbound = wire.HasToken(res, "Require", "outbound")
	f.reg.gruu, f.reg.tempGRUU = nil, nil
	contacts, _ := wire.Contacts(res)
	for _, ct := range contacts {
		if ct.Instance == f.c.local.instance {
			f.reg.gruu, f.reg.tempGRUU = gruu(ct.PubGRUU, f.reg.gruu), gruu(ct.TempGRUU, f.reg.tempGRUU)
		}
	}
	if d, err := wire.FlowTimer(res); err == nil {
		f.conn.keep.every = d
	}
}

// gruu reads a GRUU of a Contact, or keeps old.
func gruu(text string, old *sip.Uri) *sip.Uri {
	var uri sip.Uri
	if text == "" || sip.ParseUri(text, &uri) != nil {
		return old
	}
	return &uri
}

func (f *flow) intervalTooBrief(now time.Time, res *sip.Response) {
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
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	f.setRegistration(Unregistered, why)
	if f.conn.conn == nil {
		return // the new connection registers
	}
	if f.servers() > 1 || why.Kind == CauseTimeout {
		f.failover(now, why, after)
		return
	}
	f.reg.fails++
	wait := f.c.jitter(min(maxBackoff, time.Second<<min(f.reg.fails-1, 10)))
	f.c.alarms.start(&f.reg.refresh, now.Add(max(wait, after)), f.register)
}

// registerRefused ends the tries until Register is called.
func (f *flow) registerRefused(now time.Time, why Cause) {
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	f.reg.wanted = false
	f.setRegistration(RegistrationFailed, why)
	for _, other := range f.c.flows {
		if other.reg.wanted {
			return // it may still succeed
		}
	}
	answerAll(&f.c.waiters, &ResponseError{Method: "REGISTER", Code: why.Code, Reason: why.Reason, Cause: why})
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
	f.reg.busy = false
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	if f.reg.info.State == Registered || f.reg.info.State == Registering || f.reg.info.State == Unregistering {
		f.setRegistration(Unregistered, why)
	}
}

func (f *flow) registrationExpired(now time.Time) {
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

func (f *flow) unregister(now time.Time) {
	f.reg.wanted = false
	f.c.alarms.stop(&f.reg.refresh)
	f.c.alarms.stop(&f.reg.expiry)
	bound := f.reg.info.State == Registered || f.reg.info.State == Registering
	if !f.up() || !bound {
		f.setRegistration(Unregistered, Cause{})
		return
	}
	f.setRegistration(Unregistering, Cause{})
	f.sendRegister(now, 0, func(now time.Time, res *sip.Response, err error) {
		f.reg.gruu, f.reg.tempGRUU, f.reg.serviceRoute = nil, nil, nil
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
