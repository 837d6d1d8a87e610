package kamailio_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

// cable is what lies between a phone and its server, and can be cut.
type cable struct {
	listener net.Listener
	server   string

	mu        sync.Mutex // guards what follows
	conns     []net.Conn // both ends of each connection
	unplugged bool       // new connections are refused
}

// newCable lies between a phone and the WebSocket server of b.
func newCable(t *testing.T, b *kamailio.Bench) *cable {
	t.Helper()
	u, err := url.Parse(b.WS)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", kamailio.IP+":0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, server: u.Host}
	go c.serve()
	t.Cleanup(func() { l.Close(); c.cut() })
	return c
}

func (c *cable) serve() {
	for {
		phone, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil || !c.keep(phone, server) {
			phone.Close()
			if err == nil {
				server.Close()
			}
			continue
		}
		for _, ends := range [][2]net.Conn{{phone, server}, {server, phone}} {
			go func() {
				io.Copy(ends[0], ends[1])
				ends[0].Close()
			}()
		}
	}
}

func (c *cable) keep(ends ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unplugged {
		return false
	}
	c.conns = append(c.conns, ends...)
	return true
}

// cut ends all connections, without a close frame.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}

// unplug cuts, and refuses new connections until plug.
func (c *cable) unplug() {
	c.mu.Lock()
	c.unplugged = true
	c.mu.Unlock()
	c.cut()
}

func (c *cable) plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unplugged = false
}

// through makes a phone use the cable.
func (c *cable) through(cfg *ua.Config) {
	cfg.Servers = []string{"ws://" + c.listener.Addr().String()}
}

// repaired waits until a call that lost its connection works again; it must not end meanwhile.
func (a *agent) repaired(c *ua.Call) {
	a.t.Helper()
	expect(a, "it does not register again", registered)
	begun := false
	a.until("the call is not repaired", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, ev := range a.events {
			if ev, ok := ev.(ua.CallEvent); ok && ev.Call == c {
				begun = begun || ev.Info.Busy
				if begun && !ev.Info.Busy {
					return true
				}
			}
		}
		return false
	})
	if got := c.Info().State; got != ua.CallEstablished {
		a.t.Errorf("%s: got a call that is %v, want established", a.user, got)
	}
}

// TestCallOutlivesItsWebSocket cuts the connection of one side of a call; afterwards the other side hangs up.
func TestCallOutlivesItsWebSocket(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	c := newCable(t, b)
	a, other := newAgent(ctx, t, b, c.through), newAgent(ctx, t, b)
	out, in := connect(a, other)
	c.cut()
	a.repaired(out)
	a.hears(out)
	other.hears(in)
	other.hangUp(in)
	a.ended(out, ua.CauseHangupRemote)
}

// TestCallWithABaresipOutlivesItsWebSocket is the same with a telephone on the far side that knows nothing of all this,
// and an outage that is longer than the first tries.
func TestCallWithABaresipOutlivesItsWebSocket(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	c := newCable(t, b)
	a := newAgent(ctx, t, b, c.through)
	phone := newBaresip(ctx, t, b)
	call := a.call(phone.Number)
	a.established(call)
	a.hears(call)
	c.unplug()
	expect(a, "it does not try again", func(ev ua.ConnectionEvent) bool {
		return ev.State == ua.Disconnected && ev.Cause.Kind == ua.CauseUnreachable
	})
	a.hears(call) // the audio takes another way
	c.plug()
	a.repaired(call)
	a.hears(call)
	if _, err := phone.Command(ctx, "hangup", ""); err != nil {
		t.Fatal(err)
	}
	a.ended(call, ua.CauseHangupRemote)
	a.baresipHeard(phone)
}

// TestFailOverAndBack crashes the first of two servers, starts it again, and in the end crashes it a second time.
func TestFailOverAndBack(t *testing.T) {
	t.Parallel()
	ctx, first := start(t, kamailio.Options{})
	_, second := start(t, kamailio.Options{})
	a := newAgentOf(ctx, t, first, "1001", func(cfg *ua.Config) { cfg.Servers = []string{first.WS, second.WS} })
	registersAt := func(want *kamailio.Bench, since time.Time) {
		t.Helper()
		const limit = 3 * time.Second
		expect(a, "it does not register at the other server", registered)
		if took := time.Since(since); took > limit {
			t.Errorf("got %v without registration, want %v at most", took, limit)
		}
		if got := a.State().Connection.Server; got != want.WS {
			t.Errorf("got a registration at %s, want %s", got, want.WS)
		}
		if err := bound(ctx, want, "1001"); err != nil {
			t.Error(err)
		}
	}
	crashed := time.Now()
	first.Halt()
	registersAt(second, crashed)
	callAt(ctx, t, a, second)

	if err := first.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	a.Wake() // it looks for its first server once a minute, and now
	registersAt(first, back)
	callAt(ctx, t, a, first)

	crashed = time.Now()
	first.Halt()
	registersAt(second, crashed)
}

// callAt proves that calls work at the server.
func callAt(ctx context.Context, t *testing.T, a *agent, b *kamailio.Bench) {
	t.Helper()
	echo, err := b.Echo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	call := a.call(echo.Number)
	a.established(call)
	a.hears(call)
	a.hangUp(call)
	if err := echo.Wait(ctx); err != nil {
		t.Error("the telephone's side of the call:", err)
	}
}

// TestCallOutlivesACrashOfTheServer: the server forgets everything in the middle of a call and comes back.
func TestCallOutlivesACrashOfTheServer(t *testing.T) {
	t.Parallel()
	ctx, b := start(t, kamailio.Options{})
	a, other := newAgentOf(ctx, t, b, "1001"), newAgentOf(ctx, t, b, "1002")
	out, in := connect(a, other)
	b.Halt()
	for _, side := range []*agent{a, other} {
		expect(side, "it does not notice the crash", func(ev ua.ConnectionEvent) bool { return ev.State == ua.Disconnected })
	}
	a.hears(out) // the audio does not need the server
	if err := b.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	a.repaired(out)
	other.repaired(in)
	a.hears(out)
	other.hears(in)
	other.hangUp(in)
	a.ended(out, ua.CauseHangupRemote)
}
