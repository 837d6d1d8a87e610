//go:build !js

package ua_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
)

// The tests here run against a SIP server on loopback, with real WebSockets and real DTLS-SRTP audio.

// register starts an agent for user and waits until it is registered.
func register(t *testing.T, srv *siptest.Server, user string) *ua.UserAgent {
	t.Helper()
	agent, err := ua.New(ua.Config{Account: ua.Account{AOR: "sip:" + user + "@" + srv.Domain, Password: srv.Password(user)},
		Servers: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan struct{})
	go func() {
		agent.Run(context.Background())
		close(ran)
	}()
	t.Cleanup(func() {
		agent.Close()
		<-ran
	})
	if err := agent.Register(limited(t)); err != nil {
		t.Fatal(err)
	}
	return agent
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// hears waits until n more packets have come in.
func hears(t *testing.T, call *ua.Call, n uint64) {
	t.Helper()
	first, ctx := uint64(0), limited(t)
	for begun := false; ; begun = true {
		stats, err := call.Stats(ctx)
		if err != nil {
			t.Fatalf("%v; call %+v", err, call.Info())
		}
		if !begun {
			first = stats.PacketsReceived
		}
		if stats.PacketsReceived >= first+n {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond): // a packet's time
		case <-ctx.Done():
			t.Fatalf("heard %d packets only, call %+v", stats.PacketsReceived-first, call.Info())
		}
	}
}

// ended reads events until the call has ended.
func ended(t *testing.T, call *ua.Call, events iter.Seq[ua.Event]) ua.CallInfo {
	t.Helper()
	for ev := range events {
		if ev, ok := ev.(ua.CallEvent); ok && ev.Call == call && ev.Info.State == ua.CallEnded {
			return ev.Info
		}
	}
	t.Fatalf("not ended: %+v", call.Info())
	return ua.CallInfo{}
}

func TestRealCallBetweenTwoAgents(t *testing.T) {
	srv := siptest.NewServer()
	defer srv.Close()
	a, b := register(t, srv, "1001"), register(t, srv, "1002")
	incoming := b.Events(limited(t))
	out, err := a.Invite(limited(t), "1002", ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var in *ua.Call
	for ev := range incoming {
		if ev, ok := ev.(ua.IncomingCallEvent); ok {
			in = ev.Call
			break
		}
	}
	if err := in.Accept(limited(t)); err != nil {
		t.Fatal(err)
	}
	for _, call := range []*ua.Call{out, in} {
		if err := call.Wait(limited(t)); err != nil {
			t.Fatal(err)
		}
		hears(t, call, 20)
	}
	if err := out.Hold(limited(t)); err != nil {
		t.Fatalf("hold: %v", err)
	}
	if !out.Info().HeldLocal || !in.Info().HeldRemote {
		t.Errorf("after hold: %+v and %+v", out.Info(), in.Info())
	}
	if err := out.Resume(limited(t)); err != nil {
		t.Fatalf("resume: %v", err)
	}
	hears(t, in, 20)
	atA, atB := a.Events(limited(t)), b.Events(limited(t))
	if err := in.Hangup(limited(t)); err != nil {
		t.Fatal(err)
	}
	if got := ended(t, out, atA).Cause.Kind; got != ua.CauseHangupRemote {
		t.Errorf("outgoing call ended by %v", got)
	}
	if got := ended(t, in, atB).Cause.Kind; got != ua.CauseHangupLocal {
		t.Errorf("incoming call ended by %v", got)
	}
}

func TestRealEchoSurvivesALostConnection(t *testing.T) {
	srv := siptest.NewServer()
	defer srv.Close()
	a := register(t, srv, "1001")
	call, err := a.Invite(limited(t), "600", ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Wait(limited(t)); err != nil {
		t.Fatal(err)
	}
	hears(t, call, 20)
	events := a.Events(limited(t))
	srv.DropConnections("1001")
	busy := false
	for ev := range events {
		if ev, ok := ev.(ua.CallEvent); ok {
			busy = busy || ev.Info.Busy
			if ev.Info.State != ua.CallEstablished {
				t.Fatalf("call %+v", ev.Info)
			}
			if busy && !ev.Info.Busy {
				break
			}
		}
	}
	hears(t, call, 20)
	if err := call.SendDTMF(limited(t), "5"); err != nil {
		t.Error(err)
	}
	events = a.Events(limited(t))
	call.Hangup(limited(t))
	ended(t, call, events)
}

func TestRealNumbersThatDoNotAnswer(t *testing.T) {
	srv := siptest.NewServer(siptest.Options{RingTime: 100 * time.Millisecond})
	defer srv.Close()
	a := register(t, srv, "1001")
	for number, want := range map[string]ua.CauseKind{"601": ua.CauseBusy, "603": ua.CauseRejected, "1999": ua.CauseNotFound} {
		call, err := a.Invite(limited(t), number, ua.InviteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var refused *ua.ResponseError
		if err := call.Wait(limited(t)); !errors.As(err, &refused) || refused.Cause.Kind != want {
			t.Errorf("%s: %v (%+v), want %v", number, err, call.Info().Cause, want)
		}
	}
}

func TestRealEarlyMedia(t *testing.T) {
	srv := siptest.NewServer(siptest.Options{EarlyTime: 300 * time.Millisecond})
	defer srv.Close()
	a := register(t, srv, "1001")
	call, err := a.Invite(limited(t), "602", ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Wait(limited(t)); err != nil {
		t.Fatal(err)
	}
	hears(t, call, 20)
}

func TestRealWrongPassword(t *testing.T) {
	srv := siptest.NewServer()
	defer srv.Close()
	agent, err := ua.New(ua.Config{Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: "wrong"},
		Servers: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	go agent.Run(t.Context())
	defer agent.Close()
	var refused *ua.ResponseError
	if err := agent.Register(limited(t)); !errors.As(err, &refused) || refused.Cause.Kind != ua.CauseAuth {
		t.Errorf("error %v, want wrong credentials", err)
	}
}
