package kamailio_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

func TestAgentRegisters(t *testing.T) {
	t.Parallel()
	for _, server := range []*sharedServer{&md5Server, &sha256Server} {
		t.Run(server.algorithm, func(t *testing.T) {
			t.Parallel()
			ctx, b := server.use(t)
			a := newAgent(ctx, t, b)
			answered := func(m string) bool {
				return strings.HasPrefix(m, ">> REGISTER ") && strings.Contains(m, "algorithm="+server.algorithm)
			}
			a.until("no REGISTER with credentials of that algorithm", func() bool { return contains(a.messages(), answered) })
			if err := bound(ctx, b, a.user); err != nil {
				t.Error("after Register:", err)
			}
			if err := a.Unregister(ctx); err != nil {
				t.Fatal(err)
			}
			if err := bound(ctx, b, a.user); err == nil || !strings.Contains(err.Error(), "not found") {
				t.Errorf("after Unregister: got %v, want no binding", err)
			}
		})
	}
}

// bound returns an error unless the server has a binding of the user.
func bound(ctx context.Context, b *kamailio.Bench, user string) error {
	out, err := b.RPC(ctx, "ul.lookup", "location", "s:"+user)
	if err == nil && !strings.Contains(out, "Address: sip:") {
		err = fmt.Errorf("got %s, want a binding", out)
	}
	return err
}

func contains(messages []string, match func(string) bool) bool {
	for _, m := range messages {
		if match(m) {
			return true
		}
	}
	return false
}

func TestWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	for _, server := range []*sharedServer{&md5Server, &sha256Server} {
		t.Run(server.algorithm, func(t *testing.T) {
			t.Parallel()
			ctx, b := server.use(t)
			u, err := ua.New(ua.Config{Servers: []string{b.WS},
				Account: ua.Account{AOR: "sip:" + newUser() + "@" + b.Domain, Password: "wrong"}})
			if err != nil {
				t.Fatal(err)
			}
			defer u.Close()
			go u.Run(ctx)
			if err := u.Register(ctx); err == nil {
				t.Fatal("registered with a wrong password")
			}
			if got := u.State().Registration; got.State != ua.RegistrationFailed || got.Cause.Kind != ua.CauseAuth {
				t.Errorf("got %+v, want a failure of the credentials", got)
			}
		})
	}
}

func TestAgentCallsASIPp(t *testing.T) {
	t.Parallel()
	for _, server := range []*sharedServer{&md5Server, &sha256Server} {
		t.Run(server.algorithm, func(t *testing.T) {
			t.Parallel()
			ctx, b := server.use(t)
			a := newAgent(ctx, t, b)
			echo, err := b.Echo(ctx)
			if err != nil {
				t.Fatal(err)
			}
			call := a.call(echo.Number)
			a.established(call)
			a.hears(call) // our own tone: it has gone both ways
			a.hangUp(call)
			if err := echo.Wait(ctx); err != nil {
				t.Error("the telephone's side of the call:", err)
			}
			a.relayedBothWays(b, call)
		})
	}
}

func TestSIPpCallsAnAgent(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a := newAgent(ctx, t, b)
	caller, err := b.Caller(a.user, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	call := a.accept()
	if got := call.Info().Remote.User; got != "+15550100" {
		t.Errorf("got a call of %q, want +15550100", got)
	}
	a.hears(call)
	a.ended(call, ua.CauseHangupRemote)
	if err := caller.Wait(ctx); err != nil {
		t.Error("the telephone's side of the call:", err)
	}
	a.relayedBothWays(b, call)
}

func TestAgentAndBaresipCallEachOther(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a := newAgent(ctx, t, b)
	first := newBaresip(ctx, t, b)
	call := a.call(first.Number)
	a.established(call)
	a.hears(call)
	a.hangUp(call)
	a.baresipHeard(first)

	second := newBaresip(ctx, t, b)
	if err := second.Dial(ctx, a.user, b.Domain); err != nil {
		t.Fatal(err)
	}
	call = a.accept()
	a.hears(call)
	if _, err := second.Command(ctx, "hangup", ""); err != nil {
		t.Fatal(err)
	}
	a.ended(call, ua.CauseHangupRemote)
	a.baresipHeard(second)
	a.relayedBothWays(b, call)
}

func newBaresip(ctx context.Context, t *testing.T, b *kamailio.Bench) *kamailio.Peer {
	t.Helper()
	p, err := b.Baresip(ctx, kamailio.Baresip{User: newUser()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

func TestHoldAndResume(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, other := newAgent(ctx, t, b), newAgent(ctx, t, b)
	out, in := connect(a, other)
	if err := out.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	other.info(in, "it does not know that it is held", func(i ua.CallInfo) bool { return i.HeldRemote })
	a.hearsNothing(out)
	other.hearsNothing(in)
	if err := out.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	other.info(in, "it does not know that it is back", func(i ua.CallInfo) bool { return !i.HeldRemote })
	a.hears(out)
	other.hears(in)
	other.hangUp(in)
	a.ended(out, ua.CauseHangupRemote)
}

func TestHoldAndResumeOfABaresip(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a := newAgent(ctx, t, b)
	call := a.call(newBaresip(ctx, t, b).Number)
	a.established(call)
	a.hears(call)
	if err := call.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	a.hearsNothing(call)
	if err := call.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	a.hears(call)
	a.hangUp(call)
}

func TestTonesReachABaresip(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a := newAgent(ctx, t, b)
	phone := newBaresip(ctx, t, b)
	call := a.call(phone.Number)
	a.established(call)
	a.hears(call)
	if err := call.SendDTMF(ctx, "4#"); err != nil {
		t.Fatal(err)
	}
	for _, tone := range "4#" { // by RFC 4733, begin and end
		if err := phone.WaitLog(ctx, "received event: '"+string(tone)+"' (end=1)"); err != nil {
			t.Fatal(err)
		}
	}
	a.hangUp(call)
}

func TestTonesByInfo(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, other := newAgent(ctx, t, b), newAgent(ctx, t, b)
	out, _ := connect(a, other)
	if err := out.SendInfoDTMF(ctx, "5*"); err != nil {
		t.Fatal(err)
	}
	for _, tone := range "5*" {
		if got := expect(other, "no tone came in", anyOf[ua.DTMFEvent]).Tone; got != string(tone) {
			t.Errorf("got tone %q, want %q", got, tone)
		}
	}
	a.hangUp(out)
}

// TestForkToTwoContacts lets one address ring at two phones: one answers, the other is told so.
func TestForkToTwoContacts(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, called := newAgent(ctx, t, b), newUser()
	desk, mobile := newAgentOf(ctx, t, b, called), newAgentOf(ctx, t, b, called)
	out := a.call(called)
	there, here := desk.incoming(), mobile.incoming()
	if err := here.Accept(ctx); err != nil {
		t.Fatal(err)
	}
	a.established(out)
	desk.ended(there, ua.CauseAnsweredElsewhere)
	a.hears(out)
	mobile.hears(here)
	mobile.hangUp(here)
	a.ended(out, ua.CauseHangupRemote)
}

// TestForkOneDeclines lets the phone that is busy drop out while the other one goes on ringing.
func TestForkOneDeclines(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, called := newAgent(ctx, t, b), newUser()
	desk, mobile := newAgentOf(ctx, t, b, called), newAgentOf(ctx, t, b, called)
	out := a.call(called)
	there, here := desk.incoming(), mobile.incoming()
	a.info(out, "it does not ring", func(i ua.CallInfo) bool { return i.State == ua.CallRinging })
	if err := there.Reject(ctx, 486, ua.RejectOptions{}); err != nil {
		t.Fatal(err)
	}
	desk.ended(there, ua.CauseRejectedLocal)
	if err := here.Accept(ctx); err != nil {
		t.Fatal(err)
	}
	a.established(out)
	a.hears(out)
	mobile.hears(here)
	a.hangUp(out)
	mobile.ended(here, ua.CauseHangupRemote)
}
