package ua

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// core is all SIP state of a user agent. The loop owns it; nothing here locks, waits or looks at a clock: time is an
// argument. What takes long runs in a goroutine and comes back by post.
type core struct {
	agent   *UserAgent
	cfg     Config
	aor     sip.Uri
	allow   string // methods we accept
	local   identity
	rnd     random
	txns    *txn.Table
	authErr error // why the last challenge was not answered

	rec        *recorder   // nil: nothing is recorded
	proved     func() bool // in a replay, whether a server has proved in the recorded run that it knows the password; else nil
	audios     map[int]*audio
	audioCount int                                              // made so far
	questions  map[int]func(now time.Time, to Address, ok bool) // to the application, by number
	consults   int                                              // questions so far
	putOff     []turn                                           // until the present turn is over

	flows      []*flow // at least one; the first has reg-id 1
	gens       int     // of connections and tries so far
	shown      State   // connection and registration told last, where there is more than one flow
	head       registerHead
	waiters    []func(error) // of Register
	leaving    []func(error) // of Unregister
	sessions   []*session    // oldest first; an ended one leaves after its last event
	dialogs    map[dialogID]*dialog
	dismissing int        // BYEs of dismiss that are not answered
	gone       []dialogID // the newest that have ended, oldest first
	late       []late     // what could not be said without connection
	alarms     alarms
	running    bool
	closed     bool   // nothing more leaves
	stopped    func() // set while Run winds up; called once all is quiet
	warming    alarm  // readies the media engine for the next call
	giveUp     alarm  // end of the winding up

	recent recentMessages // texts that came in lately
	subs   []*subscription
	pubs   []*publication

	out    []sip.Message
	events []Event
}

// identity is what we call ourselves in Contact, on whatever flow. The user part is the account's: some servers show the user
// part of a Contact as the number of who is called. What tells two devices of one account apart is the host, which is random.
type identity struct{ user, instance string }

// newCore makes a core at rest. What it takes from the source of randomness, and in which order, is part of every recording.
func newCore(a *UserAgent, cfg Config, aor sip.Uri) (*core, error) {
	c := &core{agent: a, cfg: cfg, allow: allowed(&cfg), aor: aor, rnd: random{cfg.Rand}, dialogs: map[dialogID]*dialog{},
		audios: map[int]*audio{}, questions: map[int]func(time.Time, Address, bool){}}
	c.txns = txn.New(func(m sip.Message) { c.out = append(c.out, m) })
	auth := digest.New(digest.Config{Username: cfg.Account.AuthUser, Password: cfg.Account.Password,
		HA1: cfg.Account.HA1, Token: cfg.Account.Token,
		Realm: cfg.Account.Realm, Domain: aor.Host, Rand: cfg.Rand})
	c.local = identity{user: contactUser(aor), instance: cfg.InstanceID}
	c.addFlow(auth)
	if c.local.instance == "" {
		c.local.instance = "urn:uuid:" + c.rnd.uuid()
	}
	c.head = registerHead{callID: c.rnd.token(22), fromTag: c.rnd.token(10)}
	for len(c.flows) < cfg.Flows {
		c.addFlow(auth.Sibling())
	}
	return c, c.rnd.check()
}

// emit queues an event; it leaves at the end of the turn.
func (c *core) emit(ev Event) { c.events = append(c.events, ev) }

// fault reports something wrong that was survived.
func (c *core) fault(now time.Time, err error) { c.emit(FaultEvent{Err: err, At: now}) }

func (c *core) nextDeadline() time.Time {
	a, b := c.alarms.next(), c.txns.NextDeadline()
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// due tells whether something is to be done by now.
func (c *core) due(now time.Time) bool {
	next := c.nextDeadline()
	return !next.IsZero() && !next.After(now)
}

// expire runs everything that is due, transactions first.
func (c *core) expire(now time.Time) {
	c.txns.Expire(now)
	for a := c.alarms.pop(now); a != nil; a = c.alarms.pop(now) {
		a.do(now)
	}
}

// flush writes what the turn queued. Without connection there is nothing to write to: its loss has ended or will end the
// transactions.
func (c *core) flush(now time.Time) {
	for len(c.out) > 0 {
		m := c.out[0]
		c.out[0] = nil // what is written is not kept
		c.out = c.out[1:]
		f := c.flowOf(m)
		if !f.up() {
			continue
		}
		data, err := wire.Serialize(m)
		if err == nil {
			err = f.write(now, data, callIDOf(m))
		}
		if err != nil {
			c.unsent(now, m, err)
		}
	}
	c.nextOps(now)
	c.settle()
}

// unsent reports a message that cannot be written, and ends what would wait for its response in vain: a transaction, or the call
// whose answer is never acknowledged.
func (c *core) unsent(now time.Time, m sip.Message, err error) {
	c.fault(now, fmt.Errorf("ua: message not sent: %w", err))
	req, ok := m.(*sip.Request)
	if !ok {
		return
	}
	c.txns.Unsent(now, req)
	for _, s := range c.snapshotSessions() {
		if req.Method == sip.ACK && s.dlg != nil && (s.dlg.ack == req || s.dlg.reack == req) {
			s.leave(now, cause(CauseProtocol, 0, "no ACK can be written"))
		}
	}
}

// write sends bytes. A connection that takes no more is dropped in a turn of its own; an error is about this message.
func (f *flow) write(now time.Time, data []byte, callID string) error {
	c := f.c
	f.trace(now, true, callID, data)
	err := f.conn.conn.Send(data)
	c.rec.sent(now, data, err)
	if err == nil || errors.Is(err, transport.ErrTooBig) {
		return err
	}
	c.agent.post(connClosed{f.conn.gen, err})
	return nil
}

func (f *flow) trace(now time.Time, sent bool, callID string, data []byte) {
	if traces := &f.c.agent.traces; traces.watched() {
		if traces.publish(TraceEvent{At: now, Sent: sent, Server: f.conn.info.Server, CallID: callID, Data: wire.Mask(data)}) {
			f.c.fault(now, errTraceUnread)
		}
	}
}

// publish stores the snapshot, then hands out the events, so that whoever sees an event finds State no older.
func (c *core) publish() {
	if len(c.events) == 0 {
		return
	}
	events := c.events
	c.events = nil
	c.agent.state.Store(c.snapshot())
	for _, ev := range events {
		c.agent.events.publish(ev)
	}
	ended := func(s *session) bool { return s.info.State == CallEnded }
	if slices.ContainsFunc(c.sessions, ended) {
		for _, s := range c.sessions {
			if ended(s) {
				c.agent.calls.Delete(s.info.ID)
			}
		}
		c.sessions = slices.DeleteFunc(c.sessions, ended)
		c.agent.state.Store(c.snapshot())
	}
}

// snapshot is a State nobody changes any more. Connection and Registration are those of the flow that has come furthest.
func (c *core) snapshot() *State {
	lead := c.lead()
	st := &State{Connection: lead.conn.info, Registration: lead.reg.info}
	for _, f := range c.flows {
		st.Flows = append(st.Flows, f.info())
	}
	for _, s := range c.sessions {
		st.Calls = append(st.Calls, s.info)
	}
	for _, s := range c.subs {
		st.Subscriptions = append(st.Subscriptions, s.info)
	}
	for _, p := range c.pubs {
		st.Publications = append(st.Publications, p.info)
	}
	return st
}

// start begins the work of Run.
func (c *core) start(now time.Time) {
	c.running = true
	c.resume(now)
	for _, f := range c.flows {
		f.connect(now)
	}
}

// stop winds up for Run: hang up, unregister, close. done is called when all is quiet or after two seconds.
func (c *core) stop(now time.Time, done func()) {
	c.stopped = done
	c.alarms.start(&c.giveUp, now.Add(2*time.Second), func(time.Time) { c.quiet() })
	for _, s := range slices.Clone(c.sessions) {
		s.hangup(now)
	}
	c.leaveState(now)
	c.unregister(now, func(error) {})
}

// leaveState ends subscriptions and publications at their servers; nobody waits for the answers.
func (c *core) leaveState(now time.Time) {
	for _, s := range slices.Clone(c.subs) {
		s.unsubscribe(now, func(error) {})
	}
	for _, p := range slices.Clone(c.pubs) {
		p.remove(now, func(error) {})
	}
}

// settle ends the winding up once every call has ended and the binding is removed.
func (c *core) settle() {
	if c.stopped == nil || c.unregistering() {
		return
	}
	if !slices.ContainsFunc(c.sessions, func(s *session) bool { return s.info.State != CallEnded }) {
		c.quiet()
	}
}

func (c *core) quiet() {
	if done := c.stopped; done != nil {
		c.stopped = nil
		c.alarms.stop(&c.giveUp)
		done()
	}
}

// shut ends everything at once, without a word to the server.
func (c *core) shut(now time.Time) {
	c.running, c.closed = false, true
	for _, s := range slices.Clone(c.sessions) {
		s.end(now, cause(CauseHangupLocal, 0, ""))
	}
	for _, s := range slices.Clone(c.subs) {
		s.end(now, "", Cause{}, ErrClosed)
	}
	for _, p := range slices.Clone(c.pubs) {
		p.end(Unpublished, Cause{}, ErrClosed)
	}
	c.out = nil
	for _, f := range c.flows {
		f.reg.wanted = false
		f.disconnect(now, Cause{}, func(conn transport.Conn) { conn.Close(1000, "") })
	}
	c.txns.Drop(now, func(sip.Message) bool { return true }) // what waited for another connection
}

func callIDOf(m sip.Message) string {
	if id := m.CallID(); id != nil {
		return id.Value()
	}
	return ""
}

// liveCalls counts the calls that have not ended.
func (c *core) liveCalls() int {
	n := 0
	for _, s := range c.sessions {
		if s.info.State != CallEnded {
			n++
		}
	}
	return n
}
