package ua

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
)

// connection keeps one WebSocket to one of the servers.
//
//	Disconnected --retry--> Connecting --open--> Connected
//	      ^--------failed, lost-----'<------------'
//
// Servers are tried in their order, beginning with the one in use. The first round comes quickly (0-0.3 s before each
// try), later rounds wait 1, 2, 4 ... 30 s, a quarter more or less; the count starts anew only when a registrar has
// said 200, because a server that opens and then refuses must not be stormed.
type connection struct {
	info       ConnectionInfo
	conn       transport.Conn // nil unless Connected
	gen        int            // of the connection or try; what comes back with another one is dropped
	server     int            // index of the server in use or to be tried next
	tries      int            // since the last success
	hopeless   int            // tries in a row that cannot work without a change of configuration
	retry      alarm
	retryAfter []time.Time // per server: not before (503 with Retry-After)
	cancel     context.CancelFunc
	keep       keepalive
}

const (
	maxBackoff     = 30 * time.Second
	maxBackoffCall = 2 * time.Second        // while a call waits for its signalling
	firstRound     = 300 * time.Millisecond // upper end of the wait in the first round
	fastDial       = 2500 * time.Millisecond
)

// setConnection moves the connection and tells about it.
func (c *core) setConnection(state ConnectionState, server string, retryAt time.Time, why Cause) {
	c.conn.info = ConnectionInfo{State: state, Server: server, RetryAt: retryAt, Cause: why}
	c.emit(ConnectionEvent{c.conn.info})
}

// connect tries the next server now.
func (c *core) connect(now time.Time) {
	if !c.running || c.conn.info.State != Disconnected {
		return
	}
	c.alarms.stop(&c.conn.retry)
	c.conn.gen++
	gen, url := c.conn.gen, c.cfg.Servers[c.conn.server]
	ctx, cancel := context.WithTimeout(context.Background(), c.dialTimeout())
	c.conn.cancel = cancel
	c.conn.tries++
	c.setConnection(Connecting, url, time.Time{}, c.conn.info.Cause)
	dial, post := c.cfg.Dial, c.agent.post
	go func() {
		conn, err := dial(ctx, url)
		cancel()
		if !post(func(now time.Time) {
			c.rec.dialled(now, gen, err)
			c.dialled(now, gen, conn, err)
		}) && conn != nil {
			conn.Abandon()
		}
	}()
	runtime.Gosched() // a browser, which has one thread, connects while the rest of this turn is done
}

// dialTimeout is short in the first round when there is another server to turn to.
func (c *core) dialTimeout() time.Duration {
	if len(c.cfg.Servers) > 1 && c.conn.tries < len(c.cfg.Servers) {
		return min(c.cfg.ConnectTimeout, fastDial)
	}
	return c.cfg.ConnectTimeout
}

func (c *core) dialled(now time.Time, gen int, conn transport.Conn, err error) {
	if gen != c.conn.gen || c.conn.info.State != Connecting {
		if conn != nil {
			conn.Abandon()
		}
		return
	}
	if err != nil {
		why := dialCause(err)
		c.conn.hopeless++
		if why.Kind != CauseNoSubprotocol && why.Kind != CauseBadURL {
			c.conn.hopeless = 0
		}
		c.nextServer()
		c.retryLater(now, why)
		return
	}
	c.conn.hopeless = 0
	ctx, cancel := context.WithCancel(context.Background())
	c.conn.conn, c.conn.cancel = conn, cancel
	go c.agent.read(ctx, gen, conn)
	c.setConnection(Connected, c.conn.info.Server, time.Time{}, Cause{})
	c.keepaliveStart(now)
	if c.reg.wanted {
		c.register(now)
		return
	}
	c.reachable(now)
}

// read hands every message to the loop until the connection ends.
func (a *UserAgent) read(ctx context.Context, gen int, conn transport.Conn) {
	for {
		data, err := conn.Recv(ctx)
		if err != nil {
			a.post(func(now time.Time) {
				a.core.rec.closed(now, gen, err)
				a.core.connectionEnded(now, gen, err)
			})
			return
		}
		if !a.post(func(now time.Time) {
			a.core.rec.received(now, gen, data)
			a.core.receive(now, gen, data)
		}) {
			return
		}
	}
}

// connectionEnded notes that the connection is gone and starts anew, with the same server first.
func (c *core) connectionEnded(now time.Time, gen int, err error) {
	if gen != c.conn.gen || c.conn.info.State != Connected {
		return
	}
	c.drop(now, closeCause(err))
}

// drop leaves the connection, whatever it thinks of itself, and goes on trying.
func (c *core) drop(now time.Time, why Cause) {
	c.disconnect(now, why, func(conn transport.Conn) { conn.Abandon() })
}

// disconnect ends the connection with leave and everything that hangs on it. While Run goes on the next try is arranged.
func (c *core) disconnect(now time.Time, why Cause, leave func(transport.Conn)) {
	c.alarms.stop(&c.conn.retry)
	c.alarms.stop(&c.conn.keep.alarm)
	c.alarms.stop(&c.warming)
	c.conn.gen++
	if c.conn.cancel != nil {
		c.conn.cancel()
		c.conn.cancel = nil
	}
	conn := c.conn.conn
	c.conn.conn = nil
	if conn != nil {
		leave(conn)
	}
	switch {
	case c.running:
		c.retryLater(now, why)
	case c.conn.info.State != Disconnected:
		c.setConnection(Disconnected, c.conn.info.Server, time.Time{}, why)
	}
	if conn != nil {
		c.registrationLost(now, why)
		c.txns.Drop(now)
		c.callsUnreachable(now)
		c.subsUnreachable(now, why)
	}
}

// retryLater arranges the next try. The connection is down.
func (c *core) retryLater(now time.Time, why Cause) {
	at := now.Add(c.backoff())
	if after := c.conn.retryAfter[c.conn.server]; after.After(at) {
		at = after
	}
	c.setConnection(Disconnected, c.cfg.Servers[c.conn.server], at, why)
	c.alarms.start(&c.conn.retry, at, c.connect)
}

// backoff is the wait before the next try.
func (c *core) backoff() time.Duration {
	round, first := c.conn.tries/len(c.cfg.Servers), c.conn.tries%len(c.cfg.Servers) == 0
	longest := maxBackoff
	if c.liveCalls() > 0 {
		longest = maxBackoffCall
	}
	switch {
	case c.conn.hopeless >= len(c.cfg.Servers):
		return c.jitter(maxBackoff)
	case round == 0 || !first && round < 4:
		return c.rnd.between(0, firstRound)
	}
	return c.jitter(min(longest, time.Second<<min(round-1, 10)))
}

func (c *core) jitter(d time.Duration) time.Duration { return c.rnd.between(d*3/4, d*5/4) }

func (c *core) nextServer() { c.conn.server = (c.conn.server + 1) % len(c.cfg.Servers) }

// failover leaves a server that answers but cannot serve, for a while if it said so.
func (c *core) failover(now time.Time, why Cause, after time.Duration) {
	c.conn.retryAfter[c.conn.server] = now.Add(after)
	c.nextServer()
	c.disconnect(now, why, func(conn transport.Conn) { conn.Close(1000, "") })
}

// reachable is called when requests can reach us again: registered, or connected without registration.
func (c *core) reachable(now time.Time) {
	c.conn.tries = 0
	byes := c.lateByes
	c.lateByes = nil
	for _, d := range byes {
		c.byeDialog(now, d)
	}
	c.warmLater(now)
	c.callsReachable(now)
	c.subsReachable(now)
	c.pubsReachable(now)
}

// wake takes a hint that the world has changed: a waiting try starts, a connection is probed.
func (c *core) wake(now time.Time) {
	switch c.conn.info.State {
	case Disconnected:
		c.connect(now)
	case Connected:
		c.probe(now, wakeWait)
	}
}

func dialCause(err error) Cause {
	var dial *transport.DialError
	if !errors.As(err, &dial) {
		return cause(CauseUnreachable, 0, "")
	}
	switch dial.Kind {
	case transport.DialNoSubprotocol, transport.DialHTTPStatus:
		return cause(CauseNoSubprotocol, dial.Status, "")
	case transport.DialCertificate:
		return cause(CauseCertificate, 0, "")
	case transport.DialBadURL:
		return cause(CauseBadURL, 0, "")
	}
	return cause(CauseUnreachable, 0, "")
}

func closeCause(err error) Cause {
	var closed *transport.CloseError
	if errors.As(err, &closed) {
		return cause(CauseConnectionLost, 0, closed.Reason)
	}
	return cause(CauseConnectionLost, 0, "")
}
