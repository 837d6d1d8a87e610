package kamailio_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

// patience is how long a whole test may take before what it waits for counts as missing.
const patience = 45 * time.Second

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "6") // these tests wait for telephones more than they compute
	code := m.Run()
	for _, s := range []*sharedServer{&md5Server, &sha256Server} {
		s.stop()
	}
	os.Exit(code)
}

// sharedServer is a server that tests share, each with users of its own; the first one that asks starts it.
type sharedServer struct {
	algorithm string
	once      sync.Once
	bench     *kamailio.Bench
	err       error
}

var (
	md5Server    = sharedServer{algorithm: "MD5"}
	sha256Server = sharedServer{algorithm: "SHA-256"}
	lastUser     atomic.Int32
)

const firstUser, manyUsers = 2001, 1000

// use returns the server and a context that ends with the test's patience.
func (s *sharedServer) use(t *testing.T) (context.Context, *kamailio.Bench) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	s.once.Do(func() {
		users := map[string]string{}
		for n := range manyUsers {
			users[fmt.Sprint(firstUser+n)] = fmt.Sprint("secret", n)
		}
		s.bench, s.err = kamailio.Start(context.Background(), kamailio.Options{Users: users, Algorithm: s.algorithm})
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			s.bench.Keep()
			t.Log("logs in", s.bench.Dir)
		}
	})
	return ctx, s.bench
}

func (s *sharedServer) stop() {
	if s.bench != nil {
		s.bench.Stop()
	}
}

// newUser returns a user no other test has.
func newUser() string { return fmt.Sprint(firstUser - 1 + int(lastUser.Add(1))) }

// agent is a user agent with everything it has told.
type agent struct {
	*ua.UserAgent
	t    *testing.T
	ctx  context.Context
	user string

	mu      sync.Mutex
	events  []ua.Event    // told and not yet expected
	trace   []string      // messages on the wire, ">>" sent and "<<" received
	changed chan struct{} // closed and replaced with every event
}

// newAgent runs a user agent of its own user until the end of the test, and returns it registered.
func newAgent(ctx context.Context, t *testing.T, b *kamailio.Bench, configure ...func(*ua.Config)) *agent {
	t.Helper()
	return newAgentOf(ctx, t, b, newUser(), configure...)
}

func agree(context.Context, ua.ReferRequest) bool { return true }

func newAgentOf(ctx context.Context, t *testing.T, b *kamailio.Bench, user string, configure ...func(*ua.Config)) *agent {
	t.Helper()
	cfg := ua.Config{
		Account: ua.Account{AOR: "sip:" + user + "@" + b.Domain, Password: b.Users[user]},
		Servers: []string{b.WS},

		AcceptRefer: agree, AcceptReplaces: agree, MessageTypes: []string{"text/plain"}, // who is on the line may hand us over
	}
	for _, f := range configure {
		f(&cfg)
	}
	u, err := ua.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	a := &agent{UserAgent: u, t: t, ctx: ctx, user: user, changed: make(chan struct{})}
	a.follow()
	run, stop := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- u.Run(run) }()
	t.Cleanup(func() {
		stop()
		<-ran
		if t.Failed() {
			os.WriteFile(filepath.Join(b.Dir, "agent-"+user+".sip"), []byte(strings.Join(a.messages(), "\n")), 0o600)
		}
	})
	if err := u.Register(ctx); err != nil {
		t.Fatal(err)
	}
	expect(a, "it does not tell that it is registered", registered)
	return a
}

// follow keeps what the user agent tells and what it sends until it is closed.
func (a *agent) follow() {
	events, trace := a.Events(context.Background()), a.Trace(context.Background())
	go func() {
		for ev := range events {
			a.note(func() { a.events = append(a.events, ev) })
		}
	}()
	go func() {
		for m := range trace {
			sign := "<< "
			if m.Sent {
				sign = ">> "
			}
			a.note(func() { a.trace = append(a.trace, sign+string(m.Data)) })
		}
	}()
}

func (a *agent) note(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	close(a.changed)
	a.changed = make(chan struct{})
}

// messages returns what went over the wire.
func (a *agent) messages() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.trace...)
}

// until waits until ready says so; it asks with every event and message.
func (a *agent) until(why string, ready func() bool) {
	a.t.Helper()
	for {
		a.mu.Lock()
		changed := a.changed
		a.mu.Unlock()
		if ready() {
			return
		}
		select {
		case <-changed:
		case <-a.ctx.Done():
			a.mu.Lock()
			defer a.mu.Unlock()
			a.t.Fatalf("%s: %s; it told %+v", a.user, why, a.events)
		}
	}
}

// expect waits for the next event of its type that matches, and forgets those of the type before it.
func expect[E ua.Event](a *agent, why string, match func(E) bool) (found E) {
	a.t.Helper()
	a.until(why, func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		var left []ua.Event
		ok := false
		for _, ev := range a.events {
			e, mine := ev.(E)
			if !mine || ok {
				left = append(left, ev)
				continue
			}
			if ok = match(e); ok {
				found = e
			}
		}
		a.events = left
		return ok
	})
	return found
}

func registered(ev ua.RegistrationEvent) bool { return ev.State == ua.Registered }

func anyOf[E ua.Event](E) bool { return true }

// call calls target.
func (a *agent) call(target string) *ua.Call {
	a.t.Helper()
	c, err := a.Invite(a.ctx, target, ua.InviteOptions{})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// incoming waits for the next call that rings here.
func (a *agent) incoming() *ua.Call {
	a.t.Helper()
	return expect(a, "no call came in", anyOf[ua.IncomingCallEvent]).Call
}

// accept answers the next call that comes in.
func (a *agent) accept() *ua.Call {
	a.t.Helper()
	c := a.incoming()
	if err := c.Accept(a.ctx); err != nil {
		a.t.Fatalf("%s: accept: %v", a.user, err)
	}
	a.established(c)
	return c
}

// established waits until the call is.
func (a *agent) established(c *ua.Call) {
	a.t.Helper()
	if err := c.Wait(a.ctx); err != nil {
		a.t.Fatalf("%s: call %+v: %v", a.user, c.Info(), err)
	}
}

// info waits until the call is as match wants it.
func (a *agent) info(c *ua.Call, why string, match func(ua.CallInfo) bool) ua.CallInfo {
	a.t.Helper()
	var last ua.CallInfo
	matched := false
	defer func() {
		if !matched {
			a.t.Logf("%s: the call is %+v", a.user, last)
		}
	}()
	a.until(why, func() bool {
		last = c.Info()
		matched = match(last)
		return matched
	})
	return last
}

// ended waits for the end of the call and checks its cause.
func (a *agent) ended(c *ua.Call, want ua.CauseKind) {
	a.t.Helper()
	info := a.info(c, "the call does not end", func(i ua.CallInfo) bool { return i.State == ua.CallEnded })
	if info.Cause.Kind != want {
		a.t.Errorf("%s: got cause %+v of the call's end, want %v", a.user, info.Cause, want)
	}
}

// hangUp ends the call here.
func (a *agent) hangUp(c *ua.Call) {
	a.t.Helper()
	if err := c.Hangup(a.ctx); err != nil {
		a.t.Fatalf("%s: hang up: %v", a.user, err)
	}
	a.ended(c, ua.CauseHangupLocal)
}

// connect calls from a to b until both talk.
func connect(a, b *agent) (out, in *ua.Call) {
	a.t.Helper()
	out = a.call(b.user)
	in = b.accept()
	a.established(out)
	a.hears(out)
	b.hears(in)
	return out, in
}
