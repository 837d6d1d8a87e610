package ua

import (
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// keepalive notices a dead link. Whatever arrives proves the link alive; after a silence it sends a double CRLF
// (RFC 5626 section 3.5.1, RFC 7118 section 6). Not every server answers that: one that did not is asked by OPTIONS
// from then on, and one that does not answer that either by what it must answer, a refresh of the binding. Silence is evidence
// only after a kind of probe has been answered once, and where the registrar has promised to answer (Flow-Timer).
//
//	probeUnknown --unanswered--> probeOptions --never answered--> probeRefresh
//	     '--pong--> probeCRLF
type keepalive struct {
	alarm   alarm
	waiting bool // a probe is out
	kind    probeKind
	works   bool          // a probe of that kind was answered
	every   time.Duration // Flow-Timer of the registrar (RFC 5626 section 4.4), 0 when none
	asked   time.Time     // when the last refresh went out as a probe
}

type probeKind int

const (
	probeUnknown probeKind = iota // no double CRLF was answered yet
	probeCRLF
	probeOptions
	probeRefresh // nothing but REGISTER is answered: its transaction tells
)

// A dead link is noticed after silence + wait: 35 s idle, 15 s in a call. Where only REGISTER is answered, its own timeout comes
// after idleRefresh or callRefresh.
const (
	idleSilence, idleWait    = 25 * time.Second, 10 * time.Second
	callSilence, callWait    = 10 * time.Second, 5 * time.Second
	idleRefresh, callRefresh = 60 * time.Second, 20 * time.Second
	firstWait                = 5 * time.Second
	wakeWait                 = 3 * time.Second
)

func (f *flow) keepaliveStart(now time.Time) {
	f.conn.keep = keepalive{}
	f.alive(now)
}

// alive notes that something came in, and sets the time of the next probe.
func (f *flow) alive(now time.Time) {
	f.conn.keep.waiting = false
	silence, _ := f.keepaliveTimes()
	f.c.alarms.start(&f.conn.keep.alarm, now.Add(silence), f.silent)
}

func (f *flow) keepaliveTimes() (silence, wait time.Duration) {
	silence, wait = idleSilence, idleWait
	if f.liveCalls() > 0 {
		silence, wait = callSilence, callWait
	}
	if every := f.conn.keep.every; every > 0 {
		silence = min(silence, every*4/5)
	}
	return silence, wait
}

// firstWait is how long the first double CRLF is waited for: as long as RFC 5626 section 4.4.1 says where it is a promise.
func (f *flow) firstWait() time.Duration {
	if f.conn.keep.every > 0 {
		return idleWait
	}
	return firstWait
}

// callsChanged shortens the silence that is tolerated when the first call begins.
func (c *core) callsChanged(now time.Time) {
	for _, f := range c.flows {
		silence, _ := f.keepaliveTimes()
		if at := now.Add(silence); f.up() && !f.conn.keep.waiting && at.Before(f.conn.keep.alarm.at) {
			c.alarms.start(&f.conn.keep.alarm, at, f.silent)
		}
	}
}

// silent is called when nothing has come for a while, or nothing in answer to a probe.
func (f *flow) silent(now time.Time) {
	k := &f.conn.keep
	_, wait := f.keepaliveTimes()
	switch {
	case !k.waiting:
	case k.works, k.every > 0:
		f.drop(now, cause(CauseConnectionLost, 0, ""))
		return
	case k.kind == probeUnknown:
		k.kind = probeOptions
	default:
		k.kind = probeRefresh
	}
	f.probe(now, wait)
}

// probe asks for a sign of life within wait.
func (f *flow) probe(now time.Time, wait time.Duration) {
	k := &f.conn.keep
	switch k.kind {
	case probeOptions:
		f.probeOptions(now)
	case probeRefresh:
		f.probeRefresh(now)
		return
	default:
		f.write(now, []byte("\r\n\r\n"), "")
	}
	k.waiting = true
	f.c.alarms.start(&k.alarm, now.Add(wait), f.silent)
}

func (f *flow) probeOptions(now time.Time) {
	c, gen := f.c, f.conn.gen
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	req := f.newRequest(sip.OPTIONS, target, f.reg.serviceRoute, c.newAccountFrom(c.aor.User), &sip.ToHeader{Address: target},
		c.rnd.token(22), 1)
	req.AppendHeader(f.contact())
	c.finish(req, "", nil)
	c.txns.Request(now, req, func(_ time.Time, res *wire.Response, _ error) {
		if k := &f.conn.keep; res != nil && gen == f.conn.gen && k.kind == probeOptions {
			k.works = true
		}
	})
}

// probeRefresh keeps the path open, and refreshes the binding when it is time for a sign of life. A REGISTER that is not answered
// within its time ends the connection.
func (f *flow) probeRefresh(now time.Time) {
	k, often := &f.conn.keep, idleRefresh
	if f.liveCalls() > 0 {
		often = callRefresh
	}
	f.write(now, []byte("\r\n\r\n"), "")
	if f.reg.info.State == Registered && !f.reg.busy && now.Sub(k.asked) >= often {
		k.asked = now
		f.register(now)
	}
	f.alive(now)
}

// keepalive handles a message that is only CR and LF. It reports false for every other message.
func (f *flow) keepalive(now time.Time, data []byte) bool {
	ping, pong := wire.KeepAlive(data)
	switch {
	case ping:
		f.write(now, []byte("\r\n"), "")
	case pong:
		f.conn.keep.kind, f.conn.keep.works = probeCRLF, true
	case len(data) > 0:
		return false
	}
	return true
}
