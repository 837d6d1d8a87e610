//go:build !js

package siptest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// forked is a call from 1001 that rings at two clients of 1002.
type forked struct {
	caller, one, two   *client
	sent, atOne, atTwo *message
}

func newForked(t *testing.T, srv *Server) *forked {
	t.Helper()
	f := &forked{caller: attach(t, srv, "1001"), one: attach(t, srv, "1002"), two: attach(t, srv, "1002")}
	f.sent = f.caller.invite("sip:1002@sip.test", "v=0\r\n")
	f.atOne = f.one.want("the first contact is called", "INVITE")
	f.atTwo = f.two.want("the second contact is called", "INVITE")
	f.one.reply(f.atOne, 180, "one")
	f.caller.want("the first rings", "180")
	f.two.reply(f.atTwo, 180, "two")
	f.caller.want("the second rings", "180")
	return f
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, opts Options, test func(t *testing.T, srv *Server)) {
	synctest.Test(t, func(t *testing.T) {
		srv := New(opts)
		defer srv.Close()
		test(t, srv)
	})
}

// end answers a CANCEL and its INVITE, and takes the ACK.
func (c *client) end(cancel, invite *message, tag string) {
	c.t.Helper()
	c.reply(cancel, 200, tag)
	c.reply(invite, 487, tag)
	c.want("487 is acknowledged", "ACK")
}

func TestForkCancelsTheOthersOnceAnswered(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		f.two.reply(f.atTwo, 200, "two")
		ok := f.caller.want("the answer comes back", "200")
		if ok.toTag() != "two" {
			t.Errorf("To tag: got %s, want two", ok.toTag())
		}
		cancel := f.one.want("the other one stops ringing", "CANCEL")
		if got := cancel.get("Reason"); got != completedElsewhere {
			t.Errorf("Reason: got %q, want %q", got, completedElsewhere)
		}
		if cancel.get("Via") != f.atOne.get("Via") || cancel.uri != f.atOne.uri {
			t.Error("a CANCEL must have the branch and Request-URI of its INVITE")
		}
		f.one.end(cancel, f.atOne, "one")
		f.caller.send(f.caller.inDialog("ACK", f.sent, ok))
		f.two.want("the ACK reaches the one who answered", "ACK")
		f.one.wantIdle("the one who did not answer hears no more")
		f.caller.wantIdle("487 of a branch is not for the caller")
	})
}

func TestForkForwardsBothAnswersThatCross(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		first := f.one.reply(f.atOne, 200, "one")
		f.two.reply(f.atTwo, 200, "two")
		a, b := f.caller.want("one answers", "200"), f.caller.want("the other too", "200")
		if a.toTag() == b.toTag() {
			t.Error("both answers must reach the caller")
		}
		f.one.send(first)
		if again := f.caller.want("a 200 sent again is forwarded again", "200"); again.toTag() != "one" {
			t.Errorf("got the one of %s", again.toTag())
		}
	})
}

func TestForkWaitsForEveryRefusal(t *testing.T) {
	for _, v := range []struct{ one, two, want int }{
		{486, 404, 486}, {480, 302, 302}, {500, 486, 486}, {486, 415, 415}, {503, 503, 500}, {486, 408, 486},
	} {
		inBubble(t, Options{}, func(t *testing.T, srv *Server) {
			f := newForked(t, srv)
			f.one.reply(f.atOne, v.one, "one")
			f.one.want("a refusal is acknowledged hop by hop", "ACK")
			f.caller.wantIdle("one refusal is not the end")
			f.two.reply(f.atTwo, v.two, "two")
			f.two.want("a refusal is acknowledged hop by hop", "ACK")
			if got := f.caller.next("the best refusal comes back").code; got != v.want {
				t.Errorf("%d and %d: got %d, want %d", v.one, v.two, got, v.want)
			}
		})
	}
}

func TestForkStopsAtAGlobalRefusal(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		f.one.reply(f.atOne, 603, "one")
		f.one.want("ACK", "ACK")
		f.two.end(f.two.want("603 ends the ringing elsewhere", "CANCEL"), f.atTwo, "two")
		f.caller.want("603 comes back", "603")
	})
}

func TestForkCollectsChallenges(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		for i, c := range []*client{f.one, f.two} {
			r := []*message{f.atOne, f.atTwo}[i].response(401, "", c.host)
			r.add("WWW-Authenticate", "Digest realm=\""+c.host+"\"")
			c.send(r)
		}
		if got := f.caller.want("both challenges come back", "401").all("WWW-Authenticate"); len(got) != 2 {
			t.Errorf("got %q, want two", got)
		}
	})
}

func TestCallerCancels(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		cancel := f.caller.cancel(f.sent)
		cancel.add("Reason", `SIP;cause=200;text="changed my mind"`)
		f.caller.send(cancel)
		f.caller.want("CANCEL is answered at once", "200")
		got := f.one.want("CANCEL is passed on", "CANCEL")
		if !strings.Contains(got.get("Reason"), "changed my mind") {
			t.Errorf("Reason: got %q, want the caller's", got.get("Reason"))
		}
		f.one.end(got, f.atOne, "one")
		f.caller.wantIdle("the other branch has not ended")
		f.two.end(f.two.want("to every branch", "CANCEL"), f.atTwo, "two")
		terminated := f.caller.want("then the INVITE ends", "487")
		f.caller.send(f.caller.ackFailure(f.sent, terminated))
		f.caller.send(f.caller.cancel(f.sent))
		f.caller.want("a CANCEL after the end has nothing to cancel", "481")
	})
}

func TestCancelWaitsForTheFirstProvisionalResponse(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		caller, called := attach(t, srv, "1001"), attach(t, srv, "1002")
		sent := caller.invite("sip:1002@sip.test", "")
		invite := called.want("call", "INVITE")
		caller.send(caller.cancel(sent))
		caller.want("CANCEL is answered at once", "200")
		called.wantIdle("no CANCEL before the called side has answered at all (RFC 3261 9.1)")
		called.reply(invite, 100, "")
		called.end(called.want("now it may go", "CANCEL"), invite, "x")
		caller.want("the INVITE ends", "487")
	})
}

func TestTimerC(t *testing.T) {
	inBubble(t, Options{TimerC: time.Minute}, func(t *testing.T, srv *Server) {
		f := newForked(t, srv)
		time.Sleep(59 * time.Second)
		f.one.reply(f.atOne, 180, "one")
		f.caller.want("ringing again", "180")
		f.two.want("nobody answers", "CANCEL")
		f.one.wantIdle("a new 180 starts timer C again")
		f.one.wantLater("until that runs out too", "CANCEL")
		f.caller.wantLater("contacts that answer nothing more time out", "408")
	})
}

func TestNoAnswerAtAll(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		caller, called := attach(t, srv, "1001"), attach(t, srv, "1002")
		caller.invite("sip:1002@sip.test", "")
		called.want("call", "INVITE")
		start := time.Now()
		caller.wantLater("an INVITE without an answer times out", "408")
		if waited := time.Since(start); waited != 32*time.Second {
			t.Errorf("408 after %v, want 32 s", waited)
		}
	})
}
