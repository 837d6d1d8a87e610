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

func (c *core) keepaliveStart(now time.Time) {
	c.conn.keep = keepalive{}
	c.alive(now)
}

// alive notes that something came in, and sets the time of the next probe.
func (c *core) alive(now time.Time) {
	c.conn.keep.waiting = false
	silence, _ := c.keepaliveTimes()
	c.alarms.start(&c.conn.keep.alarm, now.Add(silence), c.silent)
}

func (c *core) keepaliveTimes() (silence, wait time.Duration) {
	if c.liveCalls() > 0 {
		return callSilence, callWait
	}
	if every := c.conn.keep.every; every > 0 {
		return min(idleSilence, every*4/5), idleWait
	}
	return idleSilence, idleWait
}

// callsChanged shortens the silence that is tolerated when the first call begins.
func (c *core) callsChanged(now time.Time) {
	if c.conn.conn == nil || c.conn.keep.waiting {
		return
	}
	silence, _ := c.keepaliveTimes()
	if at := now.Add(silence); at.Before(c.conn.keep.alarm.at) {
		c.alarms.start(&c.conn.keep.alarm, at, c.silent)
	}
}

func (c *core) silent(now time.Time) {
	k := &c.conn.keep
	_, wait := c.keepaliveTimes()
	switch {
	case !k.waiting:
		c.probe(now, wait)
	case k.kind == probeUnknown:
		k.kind = probeOptions
		c.probe(now, wait)
	default:
		c.drop(now, cause(CauseConnectionLost, 0, ""))
	}
}

// probe asks for a sign of life within wait.
func (c *core) probe(now time.Time, wait time.Duration) {
	k := &c.conn.keep
	k.waiting = true
	if k.kind == probeOptions {
		c.probeOptions(now)
	} else {
		c.write(now, []byte("\r\n\r\n"), "")
	}
	c.alarms.start(&k.alarm, now.Add(wait), c.silent)
}

func (c *core) probeOptions(now time.Time) {
	target := sip.Uri{Scheme: c.aor.Scheme, Host: c.aor.Host, Port: c.aor.Port}
	req := c.newRequest(sip.OPTIONS, target, c.reg.serviceRoute, c.newAccountFrom(c.aor.User), &sip.ToHeader{Address: target},
		c.rnd.token(22), 1)
	req.AppendHeader(c.contact())
	c.finish(req, "", nil)
	c.txns.Request(now, req, func(time.Time, *sip.Response, error) {})
}

// keepalive handles a message that is only CR and LF. It reports false for every other message.
func (c *core) keepalive(now time.Time, data []byte) bool {
	ping, pong := wire.KeepAlive(data)
	switch {
	case ping:
		c.write(now, []byte("\r\n"), "")
	case pong:
		c.conn.keep.kind = probeCRLF
	case len(data) > 0:
		return false
	}
	return true
}
