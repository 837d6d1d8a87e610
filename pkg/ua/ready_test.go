package ua

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// ready waits for Ready for at most d.
func (h *harness) ready(d time.Duration) func() error {
	return h.async(func() error {
		ctx, cancel := context.WithTimeout(h.t.Context(), d)
		defer cancel()
		return h.agent.Ready(ctx)
	})
}

func TestReadyWaitsForTheBinding(t *testing.T) {
	for name, configure := range map[string]func(*Config){"one flow": nil, "two flows": twoFlows} {
		t.Run(name, func(t *testing.T) {
			play(t, configure, func(h *harness) {
				done := h.ready(time.Minute)
				h.begin()
				h.wantErr("nothing answered yet", done(), errStillWaiting)
				h.grant(h.newest(sip.REGISTER), 600)
				h.wantErr("registered", done(), nil)
				h.wantErr("and still", h.ready(time.Second)(), nil)
				h.forget()
			})
		})
	}
}

func TestReadyWithoutRegistration(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		done := h.ready(time.Minute)
		h.wantErr("not running", done(), errStillWaiting)
		h.begin()
		h.wantErr("connected", done(), nil)
		h.forget()
	})
}

func TestReadyEndsWhenItCannotBe(t *testing.T) {
	play(t, nil, func(h *harness) {
		done := h.ready(time.Minute)
		h.begin()
		h.respond(h.newest(sip.REGISTER), 403)
		var refused *ResponseError
		if err := done(); !errors.As(err, &refused) || refused.Code != 403 {
			t.Errorf("%v", err)
		}
		h.forget()
	})
	play(t, nil, func(h *harness) {
		done := h.ready(time.Minute)
		h.begin()
		h.forget()
		h.agent.Close()
		h.wantErr("closed", done(), ErrClosed)
	})
	play(t, twoFlows, func(h *harness) {
		done := h.ready(time.Minute)
		h.begin()
		h.respond(h.newest(sip.REGISTER), 403)
		h.wantErr("the other one may succeed", done(), errStillWaiting)
		h.at(serverB)
		h.grant(h.newest(sip.REGISTER), 600)
		h.wantErr("it does", done(), nil)
		h.forget()
	})
}

// TestEndOfTheWaitSaysWhatWasInTheWay: the error of a wait that ends too early wraps the cause of the connection, or of the
// registration.
func TestEndOfTheWaitSaysWhatWasInTheWay(t *testing.T) {
	for name, wait := range map[string]func(*UserAgent, context.Context) error{"Register": (*UserAgent).Register,
		"Ready": (*UserAgent).Ready} {
		for kind, trouble := range map[CauseKind]func(h *harness){
			CauseCertificate: func(h *harness) {
				h.dialWith(func(context.Context, string) error { return &transport.DialError{Kind: transport.DialCertificate} })
				h.begin()
			},
			CauseServer: func(h *harness) {
				h.begin()
				h.respond(h.newest(sip.REGISTER), 503, "Retry-After: 20")
			},
		} {
			t.Run(name+" "+kind.String(), func(t *testing.T) {
				play(t, nil, func(h *harness) {
					trouble(h)
					ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Second)
					defer cancel()
					done := h.async(func() error { return wait(h.agent, ctx) })
					if kind == CauseServer && name == "Register" {
						h.respond(h.newest(sip.REGISTER), 503, "Retry-After: 20")
					}
					h.advance(6 * time.Second)
					var why Cause
					err := done()
					if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &why) || why.Kind != kind ||
						why.Error() == "" {
						t.Errorf("%v, want the end of the context with %v", err, kind)
					}
					h.forget()
				})
			})
		}
	}
}
