package ua

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// methods are those that take a context and send something, with what has to be there before.
var methods = map[string]func(ctx context.Context, h *harness, call *Call) error{
	"Invite": func(ctx context.Context, h *harness, _ *Call) error {
		_, err := h.agent.Invite(ctx, "1002", InviteOptions{})
		return err
	},
	"Message": func(ctx context.Context, h *harness, _ *Call) error {
		_, err := h.agent.Message(ctx, "1002", MessageOptions{Body: []byte("hello")})
		return err
	},
	"Capabilities": func(ctx context.Context, h *harness, _ *Call) error {
		_, err := h.agent.Capabilities(ctx, "1002")
		return err
	},
	"Subscribe": func(ctx context.Context, h *harness, _ *Call) error {
		_, err := h.agent.Subscribe(ctx, "1002", SubscribeOptions{Event: "dialog"})
		return err
	},
	"Publish": func(ctx context.Context, h *harness, _ *Call) error {
		_, err := h.agent.Publish(ctx, PublishOptions{Body: []byte(open)})
		return err
	},
	"Register":          func(ctx context.Context, h *harness, _ *Call) error { return h.agent.Register(ctx) },
	"Unregister":        func(ctx context.Context, h *harness, _ *Call) error { return h.agent.Unregister(ctx) },
	"Hangup":            func(ctx context.Context, _ *harness, call *Call) error { return call.Hangup(ctx) },
	"Hold":              func(ctx context.Context, _ *harness, call *Call) error { return call.Hold(ctx) },
	"SendInfoDTMF":      func(ctx context.Context, _ *harness, call *Call) error { return call.SendInfoDTMF(ctx, "1") },
	"Transfer":          func(ctx context.Context, _ *harness, call *Call) error { return call.Transfer(ctx, "1003") },
	"Call.Capabilities": func(ctx context.Context, _ *harness, call *Call) error { _, err := call.Capabilities(ctx); return err },
}

// incomingMethods are those of a call that rings here.
var incomingMethods = map[string]func(ctx context.Context, h *harness, call *Call) error{
	"Accept": func(ctx context.Context, _ *harness, call *Call) error { return call.Accept(ctx) },
	"Reject": func(ctx context.Context, _ *harness, call *Call) error { return call.Reject(ctx, 486, RejectOptions{}) },
	"Hangup": func(ctx context.Context, _ *harness, call *Call) error { return call.Hangup(ctx) },
}

// TestEndedContextSendsNothing calls every method with a context that has ended, and then, to show that it would have sent
// something, with one that has not.
func TestEndedContextSendsNothing(t *testing.T) {
	gone := errors.New("nobody waits any more")
	try := func(name string, method func(context.Context, *harness, *Call) error, begin func(h *harness) *Call) {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := begin(h)
				ended, cancel := context.WithCancelCause(h.t.Context())
				cancel(gone)
				h.wantErr("told at once", method(ended, h, call), gone)
				h.wantIdle("nothing is done")
				live, cancel := context.WithCancelCause(h.t.Context())
				go method(live, h, call)
				synctest.Wait()
				if h.collect(); len(h.sent) == 0 {
					t.Error("it sends nothing anyway")
				}
				cancel(gone)
				h.forget()
			})
		})
	}
	for name, method := range methods {
		try(name, method, func(h *harness) *Call { _, call := h.talkIn(); return call })
	}
	for name, method := range incomingMethods {
		try(name+" ringing", method, func(h *harness) *Call { _, call := h.ringIn(sdp("in")); return call })
	}
}

func TestRunWithAnEndedContext(t *testing.T) {
	play(t, nil, func(h *harness) {
		ended, cancel := context.WithCancel(h.t.Context())
		cancel()
		h.wantErr("at once", h.agent.Run(ended), nil)
		if len(h.dials) != 0 {
			t.Errorf("dialled %q", h.dials)
		}
	})
}

// canceller is a recording that ends a context as soon as the loop takes the act that waits for it.
type canceller struct {
	act    string
	cancel func()
}

func (c *canceller) Write(line []byte) (int, error) {
	if c.cancel != nil && bytes.Contains(line, []byte(`"do":"`+c.act+`"`)) {
		c.cancel()
	}
	return len(line), nil
}

// With an error there is no call, and nobody is called: whoever gets none has no handle to hang up by.
func TestInviteWithAnErrorCallsNobody(t *testing.T) {
	w := &canceller{act: "invite"}
	play(t, func(c *Config) { c.Record = w }, func(h *harness) {
		h.start()
		for range 20 { // select picks at random
			ctx, cancel := context.WithCancel(h.t.Context())
			w.cancel = cancel
			call, err := h.agent.Invite(ctx, "1002", InviteOptions{})
			h.collect()
			if calls := h.agent.State().Calls; (err == nil) != (len(calls) == 1) {
				t.Fatalf("%v, and %d calls", err, len(calls))
			}
			if err == nil {
				call.Hangup(h.t.Context())
				h.wantSent("called, and ended", "INVITE")
				h.advance(40 * time.Second)
			}
			h.forget()
		}
	})
}

// Accept and Progress wait for the microphone, and whoever has given up must not be heard when it opens at last.
func TestAnswerNobodyWaitsForIsTakenBack(t *testing.T) {
	gone := errors.New("nobody waits any more")
	for name, method := range map[string]func(ctx context.Context, call *Call) error{
		"Accept":   func(ctx context.Context, call *Call) error { return call.Accept(ctx) },
		"Progress": func(ctx context.Context, call *Call) error { return call.Progress(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.ringIn(sdp("in"), "Supported: 100rel")
				gate := make(chan struct{})
				h.media.gate = gate
				ctx, cancel := context.WithCancelCause(h.t.Context())
				first := h.async(func() error { return method(ctx, call) })
				cancel(gone)
				h.wantErr("told at once", first(), gone)
				h.wantIdle("rings on")
				close(gate)
				h.wantIdle("the microphone opens, and nobody is heard")
				if info := call.Info(); info.State != CallRinging {
					t.Errorf("the call is %v", info.State)
				}
				if err := call.Accept(h.t.Context()); err != nil {
					t.Errorf("accepted later: %v", err)
				}
				h.wantSent("accepted", "200 INVITE")
				h.recv(p.text("ACK", p.seq))
				h.forget()
			})
		})
	}
}

// As long as somebody waits in Accept the call is to be answered.
func TestAcceptOfSomebodyElseCounts(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		gate := make(chan struct{})
		h.media.gate = gate
		ctx, cancel := context.WithCancel(h.t.Context())
		first := h.async(func() error { return call.Accept(ctx) })
		second := h.async(func() error { return call.Accept(h.t.Context()) })
		cancel()
		h.wantErr("gives up", first(), context.Canceled)
		close(gate)
		h.wantSent("the other one wants it", "200 INVITE")
		h.wantErr("accepted", second(), nil)
		h.forget()
	})
}

// What is answered in the same turn as it is taken back has the outcome that came first.
func TestAcceptThatIsDoneIsNotTakenBack(t *testing.T) {
	w := &canceller{act: "accept"}
	play(t, func(c *Config) { c.Record = w }, func(h *harness) {
		h.start()
		for range 10 {
			p, call := h.ringIn(sdp("in"))
			ctx, cancel := context.WithCancel(h.t.Context())
			w.cancel = cancel
			err := call.Accept(ctx)
			h.collect()
			if answered := call.Info().State == CallConnecting; answered != (err == nil) {
				t.Fatalf("%v, and the call is %v", err, call.Info().State)
			}
			h.recv(p.text("ACK", p.seq))
			p.send("BYE")
			h.forget()
			if err != nil {
				call.Hangup(h.t.Context())
				h.forget()
			}
		}
	})
}
