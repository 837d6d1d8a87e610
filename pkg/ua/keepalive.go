package ua

import (
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// keepalive notices a dead link. Whatever arrives proves the link alive; after a silence it sends a double CRLF
// (RFC 5626 section 3.5.1, RFC 7118 section 6). Not every server answers that: one that did not is asked by OPTIONS
// from then on, which every server answers somehow.
type keepalive struct {
	alarm   alarm
	waiting bool // a probe is out
	kind    probeKind
	every   time.Duration // Flow-Timer of the registrar (RFC 5626 section 4.4), 0 when none
}

type probeKind int

const (
	probeUnknown probeKind = iota // no double CRLF was answered yet
	probeCRLF
	probeOptions
)

// A dead link is noticed after silence + wait: 35 s idle, 15 s in a call.
const (
	idleSilence, idleWait = 25 * time.Second, 10 * time.Second
	callSilence, callWait = 10 * time.Second, 5 * time.Second
	firstWait             = 5 * time.Second
	wakeWait              = 3 * time.Second
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
	if f.liveCalls() > 0 {
		return callSilence, callWait
	}
	if every := f.conn.keep.every; every > 0 {
		return min(idleSilence, every*4/5), idleWait
	}
	return idleSilence, idleWait
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

func (f *flow) silent(now time.Time) {
	k := &f.conn.keep
	_, wait := f.keepaliveTimes()
	switch {
	case !k.waiting:
		f.probe(now, wait)
	case k.kind == probeUnknown:
		k.kind = probeOptions
		f.probe(now, wait)
	default:
		f.drop(now, cause(CauseConnectionLost, 0, ""))
	}
}

// probe asks for a sign of life within wait.
func (f *flow) probe(now time.Time, wait time.Duration) {
	k := &f.conn.keep
	k.waiting = true
	if k.kind == probeOptions {
		f.probeOptions(now)
	} else {
		f.write(now, []byte("\r\n\r\n"), "")
	}
	f.c.alarms.start(&k.alarm, now.Add(wait), f.silent)
}

func (f *flow) probeOptions(now time.Time) {
	c := f.c
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	req := f.newRequest(sip.OPTIONS, target, f.reg.serviceRoute, c.newAccountFrom(c.aor.User), &sip.ToHeader{Address: target},
		c.rnd.token(22), 1)
	req.AppendHeader(f.contact())
	c.finish(req, "", nil)
	c.txns.Request(now, req, func(time.Time, *sip.Response, error) {})
}

// keepalive handles a message that is only CR and LF. It reports false for every other message.
func (f *flow) keepalive(now time.Time, data []byte) bool {
	ping, pong := wire.KeepAlive(data)
	switch {
	case ping:
		f.write(now, []byte("\r\n"), "")
	case pong:
		f.conn.keep.kind = probeCRLF
	case len(data) > 0:
		return false
	}
	return true
}
