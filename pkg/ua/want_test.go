package ua

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"
)

// label names a message: "INVITE", "200 INVITE".
func label(m sip.Message) string {
	switch m := m.(type) {
	case *sip.Request:
		return string(m.Method)
	case *sip.Response:
		return fmt.Sprintf("%d %s", m.StatusCode, m.CSeq().MethodName)
	}
	return "?"
}

// wantSent takes exactly these messages, in this order, and returns them.
func (h *harness) wantSent(why string, want ...string) []sip.Message {
	h.t.Helper()
	h.collect()
	var got []string
	for _, m := range h.sent {
		got = append(got, label(m))
	}
	if !slices.Equal(got, want) {
		for _, ev := range h.seen {
			if f, ok := ev.(FaultEvent); ok {
				h.t.Logf("fault: %v", f.Err)
			}
		}
		h.t.Fatalf("%s: sent %q, want %q", why, got, want)
	}
	msgs := h.sent
	h.sent = nil
	return msgs
}

// wantRequest takes one request.
func (h *harness) wantRequest(why string, method sip.RequestMethod) *sip.Request {
	h.t.Helper()
	return h.wantSent(why, string(method))[0].(*sip.Request)
}

// wantResponse takes one response.
func (h *harness) wantResponse(why, want string) *sip.Response {
	h.t.Helper()
	return h.wantSent(why, want)[0].(*sip.Response)
}

// describe puts an event into words: "registered", "incoming", "established held", "ended busy", "tone 5", "fault".
func describe(ev Event) string {
	switch ev := ev.(type) {
	case ConnectionEvent:
		return ev.State.String()
	case RegistrationEvent:
		return ev.State.String()
	case IncomingCallEvent:
		return "incoming"
	case FlowEvent:
		return fmt.Sprintf("flow %d %v %v", ev.RegID, ev.Connection.State, ev.Registration.State)
	case CallEvent:
		return describeCall(ev.Info)
	case DTMFEvent:
		return "tone " + ev.Tone
	case FaultEvent:
		return "fault"
	case TransferEvent:
		return fmt.Sprintf("transfer %v %d", ev.State, ev.Code)
	case ReferEvent:
		return "refer"
	case ReplacedEvent:
		return "replaced"
	case MessageEvent:
		return "message"
	case SubscriptionEvent:
		return "subscription " + ev.Info.State.String()
	case NotifyEvent:
		return strings.TrimSpace("notify " + ev.State.String() + " " + ev.Reason)
	case PublicationEvent:
		return ev.Info.State.String()
	}
	return fmt.Sprintf("%T", ev)
}

func describeCall(info CallInfo) string {
	words := []string{info.State.String()}
	if info.State == CallEnded {
		return words[0] + " " + info.Cause.Kind.String()
	}
	for word, on := range map[string]bool{"early": info.EarlyMedia, "held": info.HeldLocal, "remote-held": info.HeldRemote,
		"muted": info.Muted, "busy": info.Busy} {
		if on {
			words = append(words, word)
		}
	}
	slices.Sort(words[1:])
	return strings.Join(words, " ")
}

// wantEvent takes exactly these events, in this order, and returns them.
func (h *harness) wantEvent(why string, want ...string) []Event {
	h.t.Helper()
	h.collect()
	var got []string
	for _, ev := range h.seen {
		got = append(got, describe(ev))
		if f, ok := ev.(FaultEvent); ok && !slices.Contains(want, "fault") {
			h.t.Logf("fault: %v", f.Err)
		}
	}
	if !slices.Equal(got, want) {
		h.t.Fatalf("%s: events %q, want %q", why, got, want)
	}
	events := h.seen
	h.seen = nil
	return events
}

// wantIdle checks that nothing came out.
func (h *harness) wantIdle(why string) {
	h.t.Helper()
	h.wantSent(why)
	h.wantEvent(why)
}

// async runs a blocking call and returns a function that waits for its result.
func (h *harness) async(f func() error) func() error {
	result := make(chan error, 1)
	go func() { result <- f() }()
	synctest.Wait()
	return func() error {
		h.t.Helper()
		synctest.Wait()
		select {
		case err := <-result:
			return err
		default:
			return errStillWaiting
		}
	}
}

var errStillWaiting = errors.New("still waiting")

// wantErr checks an outcome.
func (h *harness) wantErr(why string, got, want error) {
	h.t.Helper()
	if !errors.Is(got, want) {
		h.t.Fatalf("%s: error %v, want %v", why, got, want)
	}
}
