package kamailio_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

func TestMessage(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, other := newAgent(ctx, t, b), newAgent(ctx, t, b)
	const text = "grüß Gott ✓ ☎\nsecond line"
	code, err := a.Message(ctx, other.user, ua.MessageOptions{Body: []byte(text)})
	if err != nil || code != 200 {
		t.Fatalf("got %d, %v, want 200", code, err)
	}
	if got := expect(other, "no message came in", anyOf[ua.MessageEvent]); string(got.Body) != text || got.From.User != a.user {
		t.Errorf("got %q of %s, want %q of %s", got.Body, got.From.User, text, a.user)
	}
	var refused *ua.ResponseError
	if _, err := a.Message(ctx, newUser(), ua.MessageOptions{Body: []byte(text)}); !errors.As(err, &refused) ||
		refused.Code != 480 {
		t.Errorf("got %v, want 480 for somebody who is not there", err)
	}
}

const pidf = `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:%s@%s">` +
	`<tuple id="t1"><status><basic>%s</basic></status><note>%s</note></tuple></presence>`

func TestPresence(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, watcher := newAgent(ctx, t, b), newAgent(ctx, t, b)
	s, err := watcher.Subscribe(ctx, a.user, ua.SubscribeOptions{Event: "presence"})
	if err != nil {
		t.Fatal(err)
	}
	sees := func(open bool, note string) {
		t.Helper()
		expect(watcher, fmt.Sprintf("no notification of open=%v %q", open, note), func(n ua.NotifyEvent) bool {
			p, ok := n.Value.(*notification.Presence)
			return n.Subscription == s && ok && p.Open() == open && len(p.Tuples) == 1 &&
				contains(p.Tuples[0].Notes, func(got string) bool { return got == note })
		})
	}
	document := func(basic, note string) []byte { return fmt.Appendf(nil, pidf, a.user, b.Domain, basic, note) }
	p, err := a.Publish(ctx, ua.PublishOptions{Body: document("open", "at the desk")})
	if err != nil {
		t.Fatal(err)
	}
	sees(true, "at the desk")
	if err := p.Update(ctx, document("closed", "gone")); err != nil {
		t.Fatal(err)
	}
	sees(false, "gone")
	if err := p.Remove(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Unsubscribe(ctx); err != nil {
		t.Fatal(err)
	}
	watcher.until("the last notification does not come", func() bool { return s.Info().State == ua.SubscriptionTerminated })
}

func TestMessageSummary(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a := newAgent(ctx, t, b)
	if _, err := a.Subscribe(ctx, a.user, ua.SubscribeOptions{Event: "message-summary"}); err != nil {
		t.Fatal(err)
	}
	_, err := a.Publish(ctx, ua.PublishOptions{Event: "message-summary", ContentType: "application/simple-message-summary",
		Body: []byte("Messages-Waiting: yes\r\nMessage-Account: sip:" + a.user + "@" + b.Domain +
			"\r\nVoice-Message: 2/8 (1/2)\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	want := notification.MessageCount{Class: "voice-message", New: 2, Old: 8, NewUrgent: 1, OldUrgent: 2}
	expect(a, "no notification of the waiting messages", func(n ua.NotifyEvent) bool {
		m, ok := n.Value.(*notification.MessageSummary)
		return ok && m.Waiting && m.Voice() == want
	})
}

// TestBusyLamp watches somebody's telephone through a whole call.
func TestBusyLamp(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, called, watcher := newAgent(ctx, t, b), newAgent(ctx, t, b), newAgent(ctx, t, b)
	if _, err := watcher.Subscribe(ctx, called.user, ua.SubscribeOptions{Event: "dialog"}); err != nil {
		t.Fatal(err)
	}
	lamp := func(why string, match func(*notification.DialogInfo) bool) {
		t.Helper()
		expect(watcher, why, func(n ua.NotifyEvent) bool {
			d, ok := n.Value.(*notification.DialogInfo)
			return ok && match(d)
		})
	}
	state := func(want string) func(*notification.DialogInfo) bool {
		return func(d *notification.DialogInfo) bool {
			for _, one := range d.Dialogs {
				if one.State == want && one.Direction == "recipient" {
					return true
				}
			}
			return false
		}
	}
	out := a.call(called.user)
	in := called.incoming()
	lamp("the lamp does not blink", func(d *notification.DialogInfo) bool { return d.Ringing() != nil && d.Busy() })
	if err := in.Accept(ctx); err != nil {
		t.Fatal(err)
	}
	a.established(out)
	lamp("the lamp is not on", state("confirmed"))
	a.hangUp(out)
	lamp("the lamp stays on", func(d *notification.DialogInfo) bool { return state("terminated")(d) && !d.Busy() })
}
