package kamailio_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

// runAgent runs a user agent until the end of the test and waits until it is registered.
func runAgent(ctx context.Context, t *testing.T, b *kamailio.Bench, user string) *ua.UserAgent {
	t.Helper()
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:" + user + "@" + b.Domain, Password: b.Users[user]},
		Servers: []string{b.WS},
	})
	if err != nil {
		t.Fatal(err)
	}
	events := agent.Events(ctx)
	runCtx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- agent.Run(runCtx) }()
	t.Cleanup(func() { stop(); <-ended })
	for ev := range events {
		if r, ok := ev.(ua.RegistrationEvent); ok && r.State == ua.Registered {
			return agent
		}
	}
	t.Fatalf("%s did not register: %+v", user, agent.State())
	return nil
}

// waitAudio waits until packets have come in since now.
func waitAudio(ctx context.Context, t *testing.T, c *ua.Call) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var last error
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := c.Stats(ctx)
		if last = err; err == nil && s.PacketsReceived > 25 && s.PacketsSent > 25 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("no audio in both directions: %+v %v; call %+v", s, last, c.Info())
		}
	}
}

func TestNativeAgentCallsATelephone(t *testing.T) {
	for _, algorithm := range []string{"MD5", "SHA-256"} {
		t.Run(algorithm, func(t *testing.T) {
			ctx, b := start(t, kamailio.Options{Algorithm: algorithm})
			agent := runAgent(ctx, t, b, "1001")
			echo, err := b.Echo(ctx)
			if err != nil {
				t.Fatal(err)
			}
			call, err := agent.Invite(ctx, echo.Number, ua.InviteOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if err := call.Wait(ctx); err != nil {
				t.Fatal("call:", err)
			}
			waitAudio(ctx, t, call)
			if err := call.Hangup(ctx); err != nil {
				t.Fatal("hang up:", err)
			}
			if err := echo.Wait(ctx); err != nil {
				t.Error("the telephone's side of the call:", err)
			}
		})
	}
}

func TestTelephoneCallsANativeAgent(t *testing.T) {
	ctx, b := start(t, kamailio.Options{})
	agent := runAgent(ctx, t, b, "1001")
	events := agent.Events(ctx)
	caller, err := b.Caller("1001", 3*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	heard := false
	for ev := range events {
		switch ev := ev.(type) {
		case ua.IncomingCallEvent:
			go func() {
				if err := ev.Call.Accept(ctx); err != nil && !errors.Is(err, context.Canceled) {
					t.Error("accept:", err)
				}
			}()
		case ua.CallEvent:
			if ev.Info.State == ua.CallEstablished && !heard {
				waitAudio(ctx, t, ev.Call)
				heard = true
			}
			if ev.Info.State == ua.CallEnded {
				if !heard {
					t.Error("the call ended before it was established")
				}
				if ev.Info.Cause.Kind != ua.CauseHangupRemote {
					t.Errorf("got cause %+v, want the caller's hang-up", ev.Info.Cause)
				}
				if err := caller.Wait(ctx); err != nil {
					t.Error("the telephone's side of the call:", err)
				}
				return
			}
		}
	}
	t.Fatal("the call did not come to its end")
}
