package ua

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// connection keeps one WebSocket to one of the servers.
//
//	Disconnected --retry--> Connecting --open--> Connected
//	      ^--------failed, lost-----'<------------'
//
// Servers are tried in their order, beginning with the one in use; failback leads back to the first. The first round comes
// quickly (0-0.3 s before each try), later rounds wait 1, 2, 4 ... 30 s, a quarter more or less. The count starts anew only when
// we could be reached for a while without a break (proven): a server that opens and then refuses, or that says 200 and then
// closes, must not be stormed.
type connection struct {
	info       ConnectionInfo
	conn       transport.Conn // nil unless Connected
	gen        int            // of the connection or try; what comes back with another one is dropped
	server     int            // index of the server in use or to be tried next
	tries      int            // since the connection was last proven
	proof      alarm          // set while we can be reached and the connection is not proven yet
	proven     bool           // we could be reached over it for provenAfter
	steady     alarm          // set while it is proven and has not lasted for steadyAfter
	shorts     int            // proven ones in a row that were lost before that
	trouble    time.Time      // since when no connection has been proven
	hopeless   int            // tries in a row that cannot work without a change of configuration
	retry      alarm
	retryAfter []time.Time // per server: not before (503 with Retry-After)
	cancel     context.CancelFunc
	keep       keepalive
}

const (
	maxBackoff     = 30 * time.Second
	maxBackoffCall = 2 * time.Second // while a call waits for its signalling, as long as calls do
	provenAfter    = 10 * time.Second
	steadyAfter    = time.Minute
	firstRound     = 300 * time.Millisecond // upper end of the wait in the first round
	fastDial       = 2500 * time.Millisecond
)

// setConnection moves the connection and tells about it.
func (f *flow) setConnection(state ConnectionState, server string, retryAt time.Time, why Cause) {
	f.conn.info = ConnectionInfo{State: state, Server: server, RetryAt: retryAt, Cause: why}
	f.moved(ConnectionEvent{f.conn.info})
}

// connect tries the next server now.
func (f *flow) connect(now time.Time) {
	if !f.c.running || f.conn.info.State != Disconnected {
		return
	}
	f.c.alarms.stop(&f.conn.retry)
	f.conn.gen = f.c.nextGen()
	f.conn.tries++
	f.setConnection(Connecting, f.c.cfg.Servers[f.conn.server], time.Time{}, f.conn.info.Cause)
	f.conn.cancel = f.c.dial(f.conn.gen, f.conn.server, f.dialTimeout())
}

// dial connects to a server; dialled is told the outcome.
func (c *core) dial(gen, server int, limit time.Duration) context.CancelFunc {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	url, dial, post := c.cfg.Servers[server], c.cfg.Dial, c.agent.post
	go func() {
		conn, err := dial(ctx, url)
		cancel()
		if !post(dialled{gen, conn, err}) && conn != nil {
			conn.Abandon()
		}
	}()
	runtime.Gosched() // a browser, which has one thread, connects while the rest of this turn is done
	return cancel
}

// dialTimeout is short in the first round when there is another server to turn to.
func (f *flow) dialTimeout() time.Duration {
	if f.servers() > 1 && f.conn.tries < f.servers() {
		return min(f.c.cfg.ConnectTimeout, fastDial)
	}
	return f.c.cfg.ConnectTimeout
}

// dialled takes the outcome of a try.
func (c *core) dialled(now time.Time, gen int, conn transport.Conn, err error) {
	if f := c.homewardByGen(gen); f != nil {
		f.atHome(now, conn, err)
		return
	}
	f := c.flowByGen(gen)
	if f == nil || f.conn.info.State != Connecting {
		if conn != nil {
			conn.Abandon()
		}
		return
	}
	if err != nil {
		why := dialCause(err)
		f.conn.hopeless++
		if why.Kind != CauseNoSubprotocol && why.Kind != CauseNoWebSocket && why.Kind != CauseBadURL {
			f.conn.hopeless = 0
		}
		f.nextServer(now)
		f.retryLater(now, why, false)
		return
	}
	f.conn.hopeless = 0
	ctx, cancel := context.WithCancel(context.Background())
	f.conn.conn, f.conn.cancel = conn, cancel
	go c.agent.read(ctx, gen, conn)
	f.setConnection(Connected, f.conn.info.Server, time.Time{}, Cause{})
	f.keepaliveStart(now)
	if f.reg.wanted {
		f.register(now)
		return
	}
	f.reachable(now)
	if f.reg.bound.After(now) {
		f.unregister(now) // there was no connection when it was wished for
	}
}

// read hands every message to the loop until the connection ends. It goes no faster than the loop: what the other side sends
// beyond that is the affair of the connection, which is bounded.
func (a *UserAgent) read(ctx context.Context, gen int, conn transport.Conn) {
	for {
		data, err := conn.Recv(ctx)
		if err != nil {
			a.post(connClosed{gen, err})
			return
		}
		if !a.mailbox.putSlowly(received{gen, data}) {
			return
		}
	}
}

// connectionEnded notes that the connection is gone and starts anew.
func (c *core) connectionEnded(now time.Time, gen int, err error) {
	if f := c.flowByGen(gen); f != nil && f.conn.info.State == Connected {
		f.drop(now, closeCause(err))
	}
}

// maxShorts is how often in a row a connection that was proven is soon lost and mended at once, over the same server.
const maxShorts = 1

// drop leaves the connection, whatever it thinks of itself, and goes on trying: with the same server first where that has proven
// itself, else with the next.
func (f *flow) drop(now time.Time, why Cause) {
	if f.conn.steady.set {
		f.conn.shorts++
	}
	if !f.conn.proven || f.conn.shorts > maxShorts {
		f.nextServer(now)
	}
	f.disconnect(now, why, func(conn transport.Conn) { conn.Abandon() })
}

// disconnect ends the connection with leave and everything that hangs on it. While Run goes on the next try is arranged.
func (f *flow) disconnect(now time.Time, why Cause, leave func(transport.Conn)) {
	f.c.alarms.stop(&f.conn.retry)
	f.c.alarms.stop(&f.conn.keep.alarm)
	f.c.alarms.stop(&f.c.warming)
	f.doubt()
	f.stayAway()
	f.conn.gen = f.c.nextGen()
	if f.conn.cancel != nil {
		f.conn.cancel()
		f.conn.cancel = nil
	}
	conn := f.conn.conn
	f.conn.conn = nil
	if conn != nil {
		leave(conn)
	}
	switch {
	case f.c.running:
		f.retryLater(now, why, conn != nil)
	case f.conn.info.State != Disconnected:
		f.setConnection(Disconnected, f.conn.info.Server, time.Time{}, why)
	}
	if conn != nil {
		f.registrationLost(now, why)
		f.c.txns.Drop(now, func(m sip.Message) bool { return f.c.flowOf(m) == f })
		f.c.callsUnreachable(now, f)
		f.c.subsUnreachable(now, f, why)
	}
	if other := f.spare(); conn != nil && other != nil && f.c.running {
		other.reachable(now)
	}
}

// retryLater arranges the next try. The connection is down; lost tells that there was one, whose first loss is mended at once.
func (f *flow) retryLater(now time.Time, why Cause, lost bool) {
	wait := f.backoff(now)
	if f.conn.trouble.IsZero() {
		f.conn.trouble = now
		switch more := f.conn.shorts - maxShorts; {
		case lost && more <= 0:
			wait = f.c.rnd.between(0, firstRound)
		case lost:
			wait = f.c.jitter(min(f.longest(now), time.Second<<min(more-1, 10)))
		}
	}
	wait = max(wait, f.patience(f.conn.retryAfter[f.conn.server].Sub(now)))
	f.setConnection(Disconnected, f.c.cfg.Servers[f.conn.server], now.Add(wait), why)
	f.c.alarms.start(&f.conn.retry, now.Add(wait), f.connect)
}

// backoff is the wait before the next try.
func (f *flow) backoff(now time.Time) time.Duration {
	round, first := f.conn.tries/f.servers(), f.conn.tries%f.servers() == 0
	longest := f.longest(now)
	switch {
	case f.conn.hopeless >= f.servers():
		return f.c.jitter(maxBackoff)
	case round == 0 || !first && round < 3:
		return f.c.rnd.between(0, firstRound)
	}
	return f.c.jitter(min(longest, time.Second<<min(round-1, 10)))
}

// longest is the longest wait: a call that waits for its connection has no time.
func (f *flow) longest(now time.Time) time.Duration {
	if f.c.liveCalls() > 0 && now.Sub(f.conn.trouble) < lostLimit {
		return maxBackoffCall
	}
	return maxBackoff
}

// patience is how long a server is left alone that asks for it (Retry-After), where there is no other: no longer than a server
// that cannot be reached. One that has just started may ask for many minutes, and all its users must not come back in one moment.
func (f *flow) patience(asked time.Duration) time.Duration {
	if asked <= maxBackoff {
		return max(asked, 0)
	}
	return f.c.rnd.between(maxBackoff*3/4, maxBackoff)
}

func (c *core) jitter(d time.Duration) time.Duration { return c.rnd.between(d*3/4, d*5/4) }

// failover leaves a server that answers but cannot serve, for a while if it said so.
func (f *flow) failover(now time.Time, why Cause, after time.Duration) {
	f.conn.retryAfter[f.conn.server] = now.Add(min(after, maxFailback))
	f.nextServer(now)
	f.disconnect(now, why, func(conn transport.Conn) { conn.Close(1000, "") })
}

// reachable is called when requests can reach us again: registered, or connected without registration.
func (f *flow) reachable(now time.Time) {
	c := f.c
	if !f.conn.proven && !f.conn.proof.set {
		c.alarms.start(&f.conn.proof, now.Add(provenAfter), f.prove)
	}
	f.homeward(now)
	c.sayLate(now, f)
	c.warmLater(now)
	c.callsReachable(now, f)
	c.subsReachable(now)
	c.pubsReachable(now)
}

// prove is called when we could be reached for a while without a break. Only that ends the count of what has failed before:
// trouble that follows an event, whatever it is, comes back with it, and a count that the event itself ends would never grow.
func (f *flow) prove(now time.Time) {
	f.conn.proven, f.conn.tries, f.conn.trouble = true, 0, time.Time{}
	f.reg.fails = 0
	f.c.alarms.start(&f.conn.steady, now.Add(steadyAfter-provenAfter), f.lasts)
}

// lasts is called when the connection has lasted. A server that closes each one soon, but not at once, is met less and less too,
// and is not gone back to as if nothing had been.
func (f *flow) lasts(time.Time) {
	f.conn.shorts = 0
	if f.home() == f.conn.server {
		f.back.wait = 0
	}
}

// doubt is called when we cannot be reached any more.
func (f *flow) doubt() {
	f.c.alarms.stop(&f.conn.proof)
	f.c.alarms.stop(&f.conn.steady)
	f.conn.proven = false
}

// wake takes a hint that the world has changed: a waiting try starts, a connection is probed.
func (c *core) wake(now time.Time) {
	for _, f := range c.flows {
		f.wake(now)
	}
	for _, s := range c.sessions {
		s.hurryHearing(now)
	}
}

func (f *flow) wake(now time.Time) {
	switch f.conn.info.State {
	case Disconnected:
		f.connect(now)
	case Connected:
		if !f.reg.info.RetryAt.IsZero() && !f.reg.busy {
			f.register(now)
		}
		f.conn.keep.asked = time.Time{} // where only a refresh is answered it is asked for now
		f.probe(now, wakeWait)
		f.tryHome(now)
	}
}

func dialCause(err error) Cause {
	var dial *transport.DialError
	if !errors.As(err, &dial) {
		return cause(CauseUnreachable, 0, "")
	}
	switch dial.Kind {
	case transport.DialNoSubprotocol:
		return cause(CauseNoSubprotocol, 0, "")
	case transport.DialHTTPStatus:
		if passes(dial.Status) {
			return cause(CauseUnreachable, dial.Status, "")
		}
		return cause(CauseNoWebSocket, dial.Status, "")
	case transport.DialLocalNetwork:
		return cause(CauseLocalNetwork, 0, "")
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

// passes tells of the HTTP status of a refused WebSocket that it may be another one soon: what stands in front of a server that
// is down or busy gives it (RFC 9110 sections 15.5.9 and 15.6, RFC 6585 section 4).
func passes(status int) bool { return status == 408 || status == 429 || status >= 500 }
