package ua

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

func TestEventsBeginWithTheSubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		early := h.agent.Events(h.t.Context())
		h.start()
		late := h.agent.Events(h.t.Context())
		h.talkOut()
		count := func(name string, got, want string) {
			if got != want {
				t.Errorf("%s subscriber got %s, want %s", name, got, want)
			}
		}
		count("early", first(early, 5), "connecting, connected, registering, registered, preparing")
		count("late", first(late, 3), "preparing, calling, ringing")
	})
}

// first reads n events and leaves.
func first(seq func(func(Event) bool), n int) string {
	var words []string
	for ev := range seq {
		if words = append(words, describe(ev)); len(words) == n {
			break
		}
	}
	return strings.Join(words, ", ")
}

func TestEventsEndWithTheContext(t *testing.T) {
	play(t, nil, func(h *harness) {
		ctx, cancel := context.WithCancel(h.t.Context())
		events := h.agent.Events(ctx)
		unread := h.agent.Events(ctx)
		_ = unread
		done := make(chan int)
		go func() {
			n := 0
			for range events {
				n++
			}
			done <- n
		}()
		h.start()
		cancel()
		if n := <-done; n != 4 {
			t.Errorf("%d events before the end, want 4", n)
		}
		synctest.Wait()
		h.agent.events.mu.Lock()
		defer h.agent.events.mu.Unlock()
		if n := len(h.agent.events.subs); n != 1 {
			t.Errorf("%d subscribers left, want only the harness", n)
		}
	})
}

func TestStateIsNoOlderThanTheEvent(t *testing.T) {
	play(t, nil, func(h *harness) {
		events := h.agent.Events(h.t.Context())
		seen := h.async(func() error {
			for ev := range events {
				if ev, ok := ev.(CallEvent); ok && ev.Info.State == CallEnded {
					return nil
				}
				if ev, ok := ev.(RegistrationEvent); ok && ev.State == Registered &&
					h.agent.State().Registration.State != Registered {
					return errors.New("State lags behind the event")
				}
			}
			return errors.New("no end")
		})
		h.start()
		_, call := h.talkOut()
		st := h.agent.State()
		if len(st.Calls) != 1 || st.Calls[0].State != CallEstablished || h.agent.Call(st.Calls[0].ID) != call {
			t.Errorf("state %+v", st)
		}
		st.Calls[0].State = CallEnded
		if h.agent.State().Calls[0].State != CallEstablished {
			t.Error("a snapshot shares memory with the next")
		}
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("hung up", sip.BYE), 200)
		h.wantErr("seen", seen(), nil)
		h.forget()
	})
}

// TestStateIsNoOlderThanTheAnswer: whoever has waited in a method sees its outcome in State, which the end of the turn makes.
func TestStateIsNoOlderThanTheAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		rest := make(chan struct{})
		resting := &deed{name: "rest", do: func(_ *core, _ time.Time, _ *act, reply replier) {
			reply.done(nil)
			<-rest
		}}
		returned := h.async(func() error {
			_, err := h.agent.ask(h.t.Context(), &act{deed: resting})
			return err
		})
		h.wantErr("the turn goes on, and State is that of the one before", returned(), errStillWaiting)
		close(rest)
		h.wantErr("the turn has ended", returned(), nil)
	})
}

func TestTraceIsMaskedAndComplete(t *testing.T) {
	play(t, nil, func(h *harness) {
		trace := h.agent.Trace(h.t.Context())
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("topsecretnonce"))
		h.grant(h.wantRequest("again", sip.REGISTER), 600)
		h.forget()
		h.recv("nonsense\n\n")
		h.forget()
		var lines []string
		for ev := range trace {
			text := string(ev.Data)
			if strings.Contains(text, "topsecretnonce") {
				t.Errorf("unmasked:\n%s", text)
			}
			if ev.Server != "wss://a.example/ws" {
				t.Errorf("server %q", ev.Server)
			}
			head, _, _ := strings.Cut(text, "\r\n")
			lines = append(lines, map[bool]string{true: ">", false: "<"}[ev.Sent]+head)
			if head == "nonsense" {
				break
			}
		}
		got := strings.Join(lines, "|")
		want := ">REGISTER sip:example.com SIP/2.0|<SIP/2.0 401 Unauthorized|>REGISTER sip:example.com SIP/2.0|<SIP/2.0 200 " +
			"OK|>|<|<nonsense"
		if got != want {
			t.Errorf("trace %s, want %s", got, want)
		}
	})
}

// tight is a connection that takes small messages only.
type tight struct{ transport.Conn }

func (c tight) Send(msg []byte) error {
	if len(msg) > 1500 {
		return transport.ErrTooBig
	}
	return c.Conn.Send(msg)
}

func TestMessageThatDoesNotFitFailsItsRequestOnly(t *testing.T) {
	recording := record(t, nil, func(h *harness) {
		dial := h.agent.core.cfg.Dial
		h.agent.core.cfg.Dial = func(ctx context.Context, url string) (transport.Conn, error) {
			conn, err := dial(ctx, url)
			return tight{conn}, err
		}
		h.start()
		call, err := h.agent.Invite(h.t.Context(), "1002",
			InviteOptions{Headers: []Header{{"X-Long", strings.Repeat("x", 2000)}}})
		if err != nil {
			t.Fatal(err)
		}
		h.wantSent("too big to send")
		h.wantEvent("said at once, not after 32 s", "preparing", "calling", "fault", "ended connection lost")
		h.wantErr("told", call.Wait(h.t.Context()), ErrTransport)
		h.dialTo("1003")
		h.wantRequest("the next one is fine", sip.INVITE)
		h.forget()
	})
	faults := 0
	for _, ev := range wantSame(t, recording.Bytes()).Events {
		if _, ok := ev.(FaultEvent); ok {
			faults++
		}
	}
	if faults != 1 {
		t.Errorf("%d faults in the replay, want the message that was too big there as well", faults)
	}
}

func TestContextsEndWaiting(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		ctx, cancel := context.WithTimeout(h.t.Context(), time.Second)
		defer cancel()
		h.wantErr("waited long enough", call.Wait(ctx), context.DeadlineExceeded)
		if call.Info().State != CallCalling {
			t.Error("the end of a wait ended the call")
		}
		h.forget()
	})
}

func TestEveryCauseIsExplained(t *testing.T) {
	for kind := CauseHangupLocal; kind <= CauseOther; kind++ {
		c := cause(kind, 0, "")
		if c.Explanation == "" || !strings.HasSuffix(c.Explanation, ".") || !strings.Contains(c.Explanation, ";") {
			t.Errorf("%v: %q does not say what happened and what to do next", kind, c.Explanation)
		}
		if kind.String() == "unknown" {
			t.Errorf("cause %d has no name", kind)
		}
	}
	if CauseKind(-1).String() != "unknown" || CauseKind(99).String() != "unknown" {
		t.Error("a cause outside the list has a name")
	}
}

func TestSeveralAlarmsAtOnce(t *testing.T) {
	var set alarms
	var order []int
	now := time.Unix(0, 0)
	list := make([]alarm, 4)
	for i, at := range []time.Duration{3, 1, 1, 9} {
		set.start(&list[i], now.Add(at*time.Second), func(time.Time) { order = append(order, i) })
	}
	set.start(&list[0], now.Add(2*time.Second), func(time.Time) { order = append(order, 10) })
	set.stop(&list[2])
	if at := set.next(); !at.Equal(now.Add(time.Second)) {
		t.Errorf("next %v", at)
	}
	for a := set.pop(now.Add(5 * time.Second)); a != nil; a = set.pop(now.Add(5 * time.Second)) {
		a.do(now)
	}
	if len(order) != 2 || order[0] != 1 || order[1] != 10 || len(set) != 1 {
		t.Errorf("order %v, %d left; want 1, then the moved 10, and one left", order, len(set))
	}
}

func TestDirectionOfTheOtherSide(t *testing.T) {
	for name, tt := range map[string]struct{ sdp, want string }{
		"default":           {sdp("x"), "sendrecv"},
		"media level":       {sdp("x", "a=recvonly"), "recvonly"},
		"session level":     {strings.Replace(sdp("x"), "t=0 0", "t=0 0\r\na=inactive", 1), "inactive"},
		"media wins":        {strings.Replace(sdp("x", "a=sendrecv"), "t=0 0", "t=0 0\r\na=inactive", 1), "sendrecv"},
		"zero address":      {sdp("x", "c=IN IP4 0.0.0.0"), "sendonly"},
		"zero, but ICE":     {sdp("x", "c=IN IP4 0.0.0.0", "a=ice-ufrag:abcd"), "sendrecv"},
		"video is no audio": {sdp("x") + "m=video 9 RTP/AVP 96\r\na=sendonly\r\n", "sendrecv"},
		"nothing":           {"", "sendrecv"},
	} {
		if got := mirrored([]byte(tt.sdp)); string(got) != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestStateIsNoOlderThanWhatIsTold: whoever sees an event or gets an answer finds it in State already.
func TestStateIsNoOlderThanWhatIsTold(t *testing.T) {
	play(t, nil, func(h *harness) {
		told := 0
		look(h, func(c *core) any {
			c.agent.events.weigh = func(ev Event) int { // is called when an event is about to be handed out
				st := h.agent.State()
				switch ev := ev.(type) {
				case CallEvent:
					told++
					if !slices.ContainsFunc(st.Calls, func(info CallInfo) bool {
						return info.ID == ev.Info.ID && info.State >= ev.Info.State
					}) {
						t.Errorf("told of a call that is %v, the state has %+v", ev.Info.State, st.Calls)
					}
				case RegistrationEvent:
					told++
					if st.Registration != ev.RegistrationInfo {
						t.Errorf("told %v, the state has %v", ev.State, st.Registration.State)
					}
				}
				return 0
			}
			return nil
		})
		h.start()
		_, call := h.talkOut()
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("hung up", sip.BYE), 200)
		if h.collect(); told < 6 {
			t.Errorf("%d events", told)
		}
		h.forget()
		calls := 0
		h.agent.post(&act{deed: inviteDeed, Target: "1002", answer: func(any, error) { calls = len(h.agent.State().Calls) }})
		if h.collect(); calls != 1 {
			t.Errorf("%d calls in the state when Invite is answered, want that one", calls)
		}
		h.forget()
	})
}
