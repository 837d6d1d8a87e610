package ua

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// subscribe asks for a package; the SUBSCRIBE has been sent when it returns.
func (h *harness) subscribe(opts SubscribeOptions) func() (*Subscription, error) {
	h.t.Helper()
	var s *Subscription
	outcome := h.async(func() (err error) {
		s, err = h.agent.Subscribe(h.t.Context(), "1002", opts)
		return err
	})
	return func() (*Subscription, error) { h.t.Helper(); err := outcome(); return s, err }
}

// notifier is the far end of a subscription.
type notifier struct {
	*peer
	extra []string // header lines of every NOTIFY
}

func (h *harness) notifier(subscribe *sip.Request, tag string) *notifier {
	return &notifier{h.called(subscribe, tag), []string{okContact, "Event: " + subscribe.GetHeader("Event").Value()}}
}

// notify sends a NOTIFY with a Subscription-State.
func (p *notifier) notify(state string, extra ...string) {
	p.h.t.Helper()
	p.send("NOTIFY", append(append([]string{"Subscription-State: " + state}, p.extra...), extra...)...)
}

// watch makes a subscription that is active.
func (h *harness) watch(event string) (*notifier, *Subscription) {
	h.t.Helper()
	outcome := h.subscribe(SubscribeOptions{Event: event})
	req := h.wantRequest("asked", sip.SUBSCRIBE)
	h.respond(req, 200, "tag=far", "Expires: 3600", okContact)
	p := h.notifier(req, "far")
	p.notify("active;expires=3600")
	h.wantResponse("told", "200 NOTIFY")
	h.wantEvent("it goes", "subscription trying", "notify active", "subscription active")
	s, err := outcome()
	if err != nil {
		h.t.Fatal(err)
	}
	return p, s
}

// await lets time pass until a request of that method leaves, at most d. The registration is kept meanwhile.
func (h *harness) await(why string, method sip.RequestMethod, d time.Duration) *sip.Request {
	h.t.Helper()
	for end := time.Now().Add(d); !time.Now().After(end); time.Sleep(500 * time.Millisecond) {
		h.collect()
		for i, m := range h.sent {
			switch req, ok := m.(*sip.Request); {
			case ok && req.Method == method:
				h.sent = append(h.sent[:i:i], h.sent[i+1:]...)
				return req
			case ok && req.Method == sip.REGISTER:
				h.grant(req, 600)
			}
		}
		h.sent = nil
	}
	h.t.Fatalf("%s: no %s within %v", why, method, d)
	return nil
}

// ignoreRegistration drops what the refresh of the registration has told.
func (h *harness) ignoreRegistration() {
	h.collect()
	h.seen = slices.DeleteFunc(h.seen, func(ev Event) bool { _, ok := ev.(RegistrationEvent); return ok })
}

const summary = "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n"

func TestSubscribeAsksAsItShould(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "message-summary", Headers: []Header{{"Subject", "lamp"}}})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		for name, want := range map[string]string{"Event": "message-summary", "Expires": "3600",
			"Accept": "application/simple-message-summary", "Subject": "lamp"} {
			if got := req.GetHeader(name); got == nil || got.Value() != want {
				t.Errorf("%s: %v, want %s", name, got, want)
			}
		}
		if req.Contact() == nil || tagOf(req.From().Params) == "" || tagOf(req.To().Params) != "" {
			t.Error("Contact or From tag is missing, or there is a To tag")
		}
		h.respond(req, 202, "tag=far", "Expires: 600")
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
		h.wantEvent("not told anything yet", "subscription trying")
		p := h.notifier(req, "far")
		p.notify("active;expires=600", "Content-Type: application/simple-message-summary", "body="+summary)
		h.wantResponse("told", "200 NOTIFY")
		ev := h.wantEvent("told", "notify active", "subscription active")[0].(NotifyEvent)
		if m, ok := ev.Value.(*notification.MessageSummary); !ok ||
			m.Voice() != (notification.MessageCount{Class: "voice-message", New: 2, Old: 8, OldUrgent: 2}) || ev.Err != nil {
			t.Errorf("%+v", ev)
		}
	})
}

func TestNotifyBeforeThe2xx(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "presence"})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		p := h.notifier(req, "far")
		p.notify("pending;expires=600")
		h.wantResponse("it makes the dialog", "200 NOTIFY")
		h.wantEvent("pending", "subscription trying", "notify pending", "subscription pending")
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
		h.respond(req, 200, "tag=far", "Expires: 600", "Record-Route: <sip:edge.example.com;lr>",
			"Record-Route: <sip:core.example.com;lr>")
		p.notify("active")
		h.wantResponse("decided", "200 NOTIFY")
		h.wantEvent("active", "notify active", "subscription active")
		again := h.await("refreshed before its end", sip.SUBSCRIBE, 451*time.Second)
		if tagOf(again.To().Params) != "far" || *again.CallID() != *req.CallID() || again.CSeq().SeqNo <= req.CSeq().SeqNo {
			t.Error("the refresh is not in the dialog")
		}
		if got := again.Recipient.Host; got != "192.0.2.9" {
			t.Errorf("to %s, want the Contact of the NOTIFY", got)
		}
		routes := again.GetHeaders("Route")
		if len(routes) != 2 || !strings.Contains(routes[0].Value(), "core.example.com") {
			t.Errorf("Route %v, want those of the 2xx, which the NOTIFY did not have, in reverse", routes)
		}
		h.respond(again, 200, "Expires: 600")
	})
}

func TestRefreshKeepsASubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.watch("dialog")
		for range 3 {
			refresh := h.await("refreshed in three quarters of the time", sip.SUBSCRIBE, 2701*time.Second)
			h.respond(refresh, 200, "Expires: 3600", okContact)
		}
		h.ignoreRegistration()
		h.wantEvent("a refresh moves nothing")
	})
}

func TestUnsubscribe(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, s := h.watch("dialog")
		done := h.async(func() error { return s.Unsubscribe(h.t.Context()) })
		req := h.wantRequest("taken back", sip.SUBSCRIBE)
		if req.GetHeader("Expires").Value() != "0" || tagOf(req.To().Params) != "far" {
			t.Error("not an unsubscription in the dialog")
		}
		h.wantErr("not yet", done(), errStillWaiting)
		h.respond(req, 200, "Expires: 0")
		h.wantErr("said", done(), nil)
		p.notify("terminated;reason=timeout")
		h.wantResponse("the last word", "200 NOTIFY")
		h.wantEvent("over", "notify terminated timeout", "subscription terminated")
		p.notify("active")
		h.wantResponse("nothing more is taken", "481 NOTIFY")
		if err := s.Unsubscribe(h.t.Context()); err != nil || s.Info().State != SubscriptionTerminated {
			t.Errorf("%v, %+v", err, s.Info())
		}
	})
}

func TestUnsubscribeWithoutTheLastNotify(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, s := h.watch("dialog")
		done := h.async(func() error { return s.Unsubscribe(h.t.Context()) })
		h.respond(h.wantRequest("taken back", sip.SUBSCRIBE), 200, "Expires: 0")
		h.wantErr("said", done(), nil)
		h.advance(timerN + time.Second)
		h.wantEvent("nobody waits for ever", "subscription terminated")
	})
}

func TestUnsubscribeBeforeAnyNotify(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "dialog"})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		h.respond(req, 200, "tag=far")
		s, _ := outcome()
		h.wantErr("left", s.Unsubscribe(h.t.Context()), nil)
		h.wantEvent("over", "subscription trying", "subscription terminated")
		h.notifier(req, "far").notify("active")
		h.wantResponse("tells the notifier", "481 NOTIFY")
	})
}

func TestSubscribeIsRefused(t *testing.T) {
	for code, want := range map[int]CauseKind{403: CauseRejected, 404: CauseNotFound, 489: CauseOther, 503: CauseServer} {
		play(t, nil, func(h *harness) {
			h.start()
			outcome := h.subscribe(SubscribeOptions{Event: "dialog"})
			h.respond(h.wantRequest("asked", sip.SUBSCRIBE), code, "Allow-Events: presence")
			_, err := outcome()
			var refused *ResponseError
			if !errors.As(err, &refused) || refused.Code != code || refused.Cause.Kind != want {
				t.Errorf("%v, want %d of kind %v", err, code, want)
			}
			h.wantEvent("over", "subscription trying", "subscription terminated")
			h.advance(time.Hour / 6)
			h.sent = nil // registration
		})
	}
}

func TestSubscribeLongerAfter423(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "dialog", Expires: time.Minute})
		first := h.wantRequest("asked", sip.SUBSCRIBE)
		h.respond(first, 423, "Min-Expires: 300")
		second := h.wantRequest("asked for more", sip.SUBSCRIBE)
		if second.GetHeader("Expires").Value() != "300" || second.CSeq().SeqNo <= first.CSeq().SeqNo {
			t.Errorf("Expires %v", second.GetHeader("Expires"))
		}
		h.respond(second, 423, "Min-Expires: 900")
		_, err := outcome()
		var refused *ResponseError
		if !errors.As(err, &refused) || refused.Code != 423 {
			t.Errorf("%v, want the second 423", err)
		}
		h.wantEvent("over", "subscription trying", "subscription terminated")
	})
}

func TestSubscribeWithoutAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "dialog"})
		h.wantRequest("asked", sip.SUBSCRIBE)
		h.advance(timerN + time.Second)
		_, err := outcome()
		h.wantErr("no answer", err, ErrTimeout)
		h.wantEvent("over", "subscription trying", "subscription terminated")
	})
}

func TestGrantedButNeverNotified(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "dialog"})
		first := h.wantRequest("asked", sip.SUBSCRIBE)
		h.respond(first, 200, "tag=far")
		s, err := outcome()
		if err != nil {
			t.Fatal(err)
		}
		h.advance(timerN)
		events := h.wantEvent("timer N", "subscription trying", "subscription waiting")
		if why := events[1].(SubscriptionEvent).Info; why.Cause.Kind != CauseTimeout || !why.RetryAt.After(time.Now()) {
			t.Errorf("%+v", why)
		}
		h.advance(2 * time.Second)
		second := h.wantRequest("asked again", sip.SUBSCRIBE)
		if *second.CallID() == *first.CallID() || tagOf(second.From().Params) == tagOf(first.From().Params) {
			t.Error("a new subscription needs a new Call-ID and tag (RFC 6665 section 4.1.2.2)")
		}
		h.wantEvent("asked again", "subscription trying")
		h.wantErr("given up", s.Unsubscribe(h.t.Context()), nil)
		h.wantEvent("over", "subscription terminated")
		h.advance(timerN)
	})
}

func TestReasonsOfTheEnd(t *testing.T) {
	for state, c := range map[string]struct {
		after time.Duration // until it is asked again; negative: never
		most  time.Duration
	}{
		"terminated;reason=deactivated":               {0, time.Second},
		"terminated;reason=timeout":                   {0, time.Second},
		"terminated":                                  {0, time.Second},
		"terminated;reason=other;retry-after=40":      {39 * time.Second, 42 * time.Second},
		"terminated;reason=probation":                 {59 * time.Second, 62 * time.Second},
		"terminated;reason=probation;retry-after=120": {119 * time.Second, 122 * time.Second},
		"terminated;reason=giveup;retry-after=30":     {29 * time.Second, 32 * time.Second},
		"terminated;reason=giveup":                    {9 * time.Second, 12 * time.Second},
		"terminated;reason=rejected":                  {-1, 0},
		"terminated;reason=noresource":                {-1, 0},
		"terminated;reason=invariant":                 {-1, 0},
	} {
		t.Run(state, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, s := h.watch("presence")
				p.notify(state)
				if c.after >= 0 {
					h.wantRenewal(c.after, c.most)
					h.forget()
					return
				}
				h.wantResponse("answered", "200 NOTIFY")
				h.advance(3 * time.Minute)
				h.wantSent("not asked again")
				if info := s.Info(); info.State != SubscriptionTerminated || !strings.HasSuffix(state, info.Reason) {
					t.Errorf("%+v", info)
				}
				h.forget()
			})
		})
	}
}

// wantRenewal waits for the SUBSCRIBE of a new try, not before after and not later than most.
func (h *harness) wantRenewal(after, most time.Duration) *sip.Request {
	h.t.Helper()
	began := time.Now()
	req := h.await("asked again", sip.SUBSCRIBE, most)
	if took := time.Since(began); took < after || tagOf(req.To().Params) != "" {
		h.t.Fatalf("asked again after %v, want at least %v and a new dialog", took, after)
	}
	return req
}

func TestNotifierThatAlwaysDeactivatesIsNotStormed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.subscribe(SubscribeOptions{Event: "presence"})
		tries := 0
		for range 120 {
			h.collect()
			sent := h.sent
			h.forget()
			for _, m := range sent {
				if req, ok := m.(*sip.Request); ok && req.Method == sip.SUBSCRIBE {
					tries++
					h.notifier(req, fmt.Sprint("t", tries)).notify("terminated;reason=deactivated")
					h.respond(req, 200, fmt.Sprint("tag=t", tries))
				}
			}
			h.advance(time.Second)
		}
		if tries < 3 || tries > 12 {
			t.Errorf("%d tries in two minutes", tries)
		}
		h.forget()
	})
}

func TestSubscriptionExpiresWithoutAnswerAndIsAskedAnew(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active;expires=100")
		h.forget()
		h.advance(76 * time.Second)
		h.wantRequest("refreshed", sip.SUBSCRIBE)
		again := h.await("tried until its end", sip.SUBSCRIBE, 40*time.Second)
		for tagOf(again.To().Params) != "" {
			again = h.await("then anew", sip.SUBSCRIBE, 40*time.Second)
		}
		if again.CallID().Value() == p.callID {
			t.Error("with the old Call-ID")
		}
		h.forget()
	})
}

func TestSubscriptionsAreRenewedAfterAReconnect(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		old, s := h.watch("presence")
		h.lose()
		h.wantEvent("they wait", "disconnected", "unregistered", "subscription waiting")
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		req := h.wantRequest("renewed", sip.SUBSCRIBE)
		if *req.CallID() == sip.CallIDHeader(old.callID) {
			t.Error("in the old dialog, whose way is gone")
		}
		old.notify("active")
		h.wantResponse("the old one is told to go", "481 NOTIFY")
		h.notifier(req, "new").notify("active")
		h.wantResponse("the new one is taken", "200 NOTIFY")
		h.wantEvent("as before", "connecting", "connected", "registering", "registered", "subscription trying", "notify active",
			"subscription active")
		if s.Info().State != SubscriptionActive {
			t.Errorf("%+v", s.Info())
		}
	})
}

func TestSubscribingWhileTheConnectionIsLost(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "presence"})
		h.wantRequest("asked", sip.SUBSCRIBE)
		h.lose()
		_, err := outcome()
		h.wantErr("told", err, ErrTransport)
		h.forget()
	})
}

func TestSubscriptionsEndWithRun(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.watch("presence")
		h.agent.post(turn(func(now time.Time) { h.agent.core.stop(now, func() {}) }))
		msgs := h.wantSent("taken back before the binding", "SUBSCRIBE", "REGISTER")
		if msgs[0].(*sip.Request).GetHeader("Expires").Value() != "0" {
			t.Error("not an unsubscription")
		}
		h.grant(msgs[1].(*sip.Request), 0)
		h.forget()
	})
}

func TestSubscribeThatCannotBeSent(t *testing.T) {
	play(t, nil, func(h *harness) {
		if _, err := h.agent.Subscribe(h.t.Context(), "1002", SubscribeOptions{Event: "presence"}); !errors.Is(err,
			ErrNotConnected) {
			t.Errorf("offline: %v", err)
		}
		h.start()
		for _, opts := range []SubscribeOptions{{}, {Event: "unheard-of"}, {Event: "refer", Accept: []string{"x/y"}},
			{Event: "a b", Accept: []string{"x/y"}}, {Event: "presence", Accept: []string{"x/y\r\n"}},
			{Event: "presence", Headers: []Header{{"Via", "x"}}}} {
			if _, err := h.agent.Subscribe(h.t.Context(), "1002", opts); !errors.Is(err, ErrBadConfig) {
				t.Errorf("%+v: %v", opts, err)
			}
		}
		if _, err := h.agent.Subscribe(h.t.Context(), "\n", SubscribeOptions{Event: "presence"}); !errors.Is(err, ErrBadTarget) {
			t.Errorf("%v", err)
		}
		h.wantIdle("nothing leaves")
	})
}
