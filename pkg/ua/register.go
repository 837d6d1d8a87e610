package ua

import (
	"fmt"
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
	wanted       bool // register as soon as there is a connection
	callID       string
	fromTag      string
	seq          uint32
	asked        time.Duration // Expires we ask for; 423 may raise it
	raised       bool          // by 423, in this try
	gen          int           // of the request under way; answers to an older one are dropped
	busy         bool          // a REGISTER is under way
	fails        int           // temporary failures in a row
	refresh      alarm
	expiry       alarm
	outbound     bool // the registrar does RFC 5626
	gruu         *sip.Uri
	serviceRoute []sip.Uri     // RFC 3608
	waiters      []func(error) // of Register
	leaving      []func(error) // of Unregister
}

// setRegistration moves the registration and tells about it, once for each move.
func (c *core) setRegistration(state RegistrationState, why Cause) {
	if c.reg.info.State == state && c.reg.info.Cause == why && state != Registered {
		return
	}
	if c.reg.info.State == Unregistering && state != Unregistering {
		defer answerAll(&c.reg.leaving, nil)
	}
	info := RegistrationInfo{State: state, Cause: why}
	if state == Registered {
		info.Expires = c.reg.info.Expires
	}
	c.reg.info = info
	c.emit(RegistrationEvent{info})
}

// registerNow is UserAgent.Register.
func (c *core) registerNow(now time.Time, reply func(error)) {
	if c.stopped != nil {
		reply(ErrClosed)
		return
	}
	c.reg.wanted = true
	c.reg.waiters = append(c.reg.waiters, reply)
	if c.conn.conn != nil && !(c.reg.busy && c.reg.info.State == Registering) {
		c.register(now)
	}
}

// register sends a REGISTER for the binding: the first one, or a refresh.
func (c *core) register(now time.Time) {
	c.alarms.stop(&c.reg.refresh)
	if c.reg.info.State != Registered {
		c.setRegistration(Registering, Cause{})
	}
	c.reg.raised = false
	c.sendRegister(now, c.reg.asked, c.registerDone)
}

func (c *core) sendRegister(now time.Time, expires time.Duration, done txn.Handler) {
	c.reg.gen++
	c.reg.busy = true
	gen := c.reg.gen
	req := c.newRegister(expires)
	c.transact(now, req, &exchange{
		seq:   c.nextRegisterSeq,
		alive: func() bool { return gen == c.reg.gen },
		done: func(now time.Time, res *sip.Response, err error) {
			if gen != c.reg.gen || res != nil && res.StatusCode < 200 {
				return
			}
			c.reg.busy = false
			done(now, res, err)
		},
	})
}

func (c *core) nextRegisterSeq() uint32 {
	c.reg.seq++
	return c.reg.seq
}

func (c *core) newRegister(expires time.Duration) *sip.Request {
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	from := &sip.FromHeader{DisplayName: c.cfg.Account.DisplayName, Address: c.aor,
		Params: sip.HeaderParams{{K: "tag", V: c.reg.fromTag}}}
	req := c.newRequest(sip.REGISTER, target, nil, from, &sip.ToHeader{Address: c.aor}, c.reg.callID, c.nextRegisterSeq())
	seconds := int(expires / time.Second)
	contact := fmt.Sprintf("<sip:%s@%s;transport=ws>;+sip.instance=\"<%s>\";reg-id=1;expires=%d",
		c.local.user, c.local.host, c.local.instance, seconds)
	req.AppendHeader(sip.NewHeader("Contact", contact))
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(seconds)))
	req.AppendHeader(c.supportedHeader())
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	return c.finish(req, "", nil)
}

func (c *core) registerDone(now time.Time, res *sip.Response, err error) {
	switch {
	case err != nil:
		c.registerLater(now, cause(CauseTimeout, 0, ""), 0)
	case res.StatusCode < 300:
		c.registered(now, res)
	case res.StatusCode == sip.StatusIntervalToBrief && !c.reg.raised:
		c.intervalTooBrief(now, res)
	case temporary(res.StatusCode):
		after, _ := wire.RetryAfter(res)
		c.registerLater(now, c.refusal(sip.REGISTER, res), after.After)
	default:
		c.registerRefused(now, c.refusal(sip.REGISTER, res))
	}
}

// temporary tells failures that another try or another server may cure.
func temporary(code int) bool {
	return code == 408 || code == 430 || code == 439 || code == 480 || code >= 500 && code < 600
}

func (c *core) registered(now time.Time, res *sip.Response) {
	granted := c.granted(res)
	if granted <= 0 {
		c.registerLater(now, cause(CauseProtocol, res.StatusCode, "the registrar kept no binding"), 0)
		return
	}
	c.reg.fails = 0
	c.learn(res)
	c.reg.info.Expires = now.Add(granted)
	c.setRegistration(Registered, Cause{})
	c.alarms.start(&c.reg.refresh, now.Add(c.rnd.between(granted/2, granted*3/4)), c.register)
	c.alarms.start(&c.reg.expiry, now.Add(granted), c.registrationExpired)
	answerAll(&c.reg.waiters, nil)
	c.reachable(now)
	if c.conn.keep.kind == probeUnknown && !c.conn.keep.waiting {
		c.probe(now, firstWait) // learn early whether this server answers a double CRLF
	}
}

// granted is the life of our binding: the expires parameter of our Contact, else Expires (RFC 3261 section 10.2.4).
func (c *core) granted(res *sip.Response) time.Duration {
	contacts, _ := wire.Contacts(res)
	for _, ct := range contacts {
		ours := ct.Instance == c.local.instance || ct.URI.User == c.local.user && strings.EqualFold(ct.URI.Host, c.local.host)
		if ours && ct.Expires != nil {
			return *ct.Expires
		}
	}
	if d, err := wire.Expires(res); err == nil {
		return d
	}
	if len(contacts) == 0 {
		return 0
	}
	return c.reg.asked
}

// learn keeps what the registrar says about the way to us: Service-Route, GRUU, outbound, Flow-Timer.
func (c *core) learn(res *sip.Response) {
	c.reg.serviceRoute = nil
	routes, _ := wire.Routes(res, "Service-Route")
	for _, r := range routes {
		c.reg.serviceRoute = append(c.reg.serviceRoute, r.URI)
	}
	c.reg.outbound = wire.HasToken(res, "Require", "outbound")
	c.reg.gruu = nil
	contacts, _ := wire.Contacts(res)
	for _, ct := range contacts {
		var uri sip.Uri
		if ct.Instance == c.local.instance && ct.PubGRUU != "" && sip.ParseUri(ct.PubGRUU, &uri) == nil {
			c.reg.gruu = &uri
		}
	}
	if d, err := wire.FlowTimer(res); err == nil {
		c.conn.keep.every = d
	}
}

func (c *core) intervalTooBrief(now time.Time, res *sip.Response) {
	least, err := wire.MinExpires(res)
	if err != nil || least <= c.reg.asked {
		c.registerRefused(now, c.refusal(sip.REGISTER, res))
		return
	}
	c.reg.asked, c.reg.raised = least, true
	c.sendRegister(now, least, c.registerDone)
}

// registerLater turns to the next server, or with a single one tries it again later on the same connection.
func (c *core) registerLater(now time.Time, why Cause, after time.Duration) {
	c.alarms.stop(&c.reg.refresh)
	c.alarms.stop(&c.reg.expiry)
	c.setRegistration(Unregistered, why)
	if c.conn.conn == nil {
		return // the new connection registers
	}
	if len(c.cfg.Servers) > 1 || why.Kind == CauseTimeout {
		c.failover(now, why, after)
		return
	}
	c.reg.fails++
	wait := c.jitter(min(maxBackoff, time.Second<<min(c.reg.fails-1, 10)))
	c.alarms.start(&c.reg.refresh, now.Add(max(wait, after)), c.register)
}

// registerRefused ends the tries until Register is called.
func (c *core) registerRefused(now time.Time, why Cause) {
	c.alarms.stop(&c.reg.refresh)
	c.alarms.stop(&c.reg.expiry)
	c.reg.wanted = false
	c.setRegistration(RegistrationFailed, why)
	answerAll(&c.reg.waiters, &ResponseError{Method: "REGISTER", Code: why.Code, Reason: why.Reason, Cause: why})
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
func (c *core) registrationLost(now time.Time, why Cause) {
	c.reg.gen++
	c.reg.busy = false
	c.alarms.stop(&c.reg.refresh)
	c.alarms.stop(&c.reg.expiry)
	if c.reg.info.State == Registered || c.reg.info.State == Registering || c.reg.info.State == Unregistering {
		c.setRegistration(Unregistered, why)
	}
}

func (c *core) registrationExpired(now time.Time) {
	c.setRegistration(Unregistered, cause(CauseTimeout, 0, ""))
}

// unregister removes the binding (RFC 3261 section 10.2.2).
func (c *core) unregister(now time.Time, reply func(error)) {
	c.reg.wanted = false
	c.alarms.stop(&c.reg.refresh)
	c.alarms.stop(&c.reg.expiry)
	answerAll(&c.reg.waiters, ErrCanceled)
	bound := c.reg.info.State == Registered || c.reg.info.State == Registering
	if c.conn.conn == nil || !bound {
		c.setRegistration(Unregistered, Cause{})
		reply(nil)
		return
	}
	c.reg.leaving = append(c.reg.leaving, reply)
	c.setRegistration(Unregistering, Cause{})
	c.sendRegister(now, 0, func(now time.Time, res *sip.Response, err error) {
		c.reg.gruu, c.reg.serviceRoute = nil, nil
		switch {
		case err != nil:
			answerAll(&c.reg.leaving, txnError(err))
		case res.StatusCode >= 300:
			answerAll(&c.reg.leaving, refused(sip.REGISTER, res))
		}
		c.setRegistration(Unregistered, Cause{})
	})
}
