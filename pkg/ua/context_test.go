package ua

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
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
