package phone

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// harness is a running phone with fake user agents, and what it published.
type harness struct {
	*testing.T
	*Phone
	agents []*fakeAgent
	shown  []screen.Snapshot
	traced []string
	ended  []ua.CallInfo
	keep   *store.MemoryValues
}

// story runs a test of a phone. It is at rest at every call of a method of the harness.
func story(t *testing.T, cfg config.Config, tell func(h *harness)) {
	storyWith(t, Options{Config: cfg}, tell)
}

// storyWith is a story with more options.
func storyWith(t *testing.T, opts Options, tell func(h *harness)) {
	synctest.Test(t, func(t *testing.T) {
		h, end := openPage(t, opts)
		tell(h)
		end()
	})
}

// openPage runs a phone in the bubble of a story. After end every goroutine of a session is gone, or the bubble would be
// stuck.
func openPage(t *testing.T, opts Options) (h *harness, end func()) {
	h = &harness{T: t, keep: &store.MemoryValues{}}
	if keep, ok := opts.Keep.(*store.MemoryValues); ok {
		h.keep = keep
	}
	opts.Keep = h.keep
	opts.Trace = func(m ua.TraceEvent) { h.traced = append(h.traced, string(m.Data)) }
	opts.CallEnd = func(c ua.CallInfo) { h.ended = append(h.ended, c) }
	opts.NewAgent = func(cfg ua.Config) (Agent, error) {
		if string(cfg.Restore) == "damaged" {
			return nil, fmt.Errorf("%w: changed", ua.ErrBadState)
		}
		a := newFakeAgent(cfg)
		h.agents = append(h.agents, a)
		return a, nil
	}
	h.Phone = New(opts)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		h.Phone.Run(ctx, func(_, next screen.Snapshot) { h.shown = append(h.shown, next) })
		close(done)
	}()
	return h, func() {
		cancel()
		<-done
		synctest.Wait()
	}
}

func oneServerConfig() config.Config {
	servers, err := config.Servers("sip.example.com")
	if err != nil {
		panic(err)
	}
	return config.Config{WSServers: servers, Show: config.Defaults().Show}
}

func (h *harness) do(events ...Event) {
	for _, e := range events {
		h.queue.put(e)
		synctest.Wait()
	}
}

func (h *harness) now() screen.Snapshot {
	synctest.Wait()
	return h.shown[len(h.shown)-1]
}

func (h *harness) agent() *fakeAgent { return h.agents[len(h.agents)-1] }

// tell lets the user agent tell something.
func (h *harness) tell(events ...Event) {
	for _, e := range events {
		h.agent().events <- e.(Told).Event
		synctest.Wait()
	}
}

func (h *harness) login() {
	h.do(typed)
	h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
	h.agent().did()
}

func (h *harness) wantDone(why string, want ...string) {
	h.Helper()
	synctest.Wait()
	if got := h.agent().did(); !slices.Equal(got, want) {
		h.Errorf("%s: got %q, want %q", why, got, want)
	}
}

func TestLoginRunsAnAgent(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.do(typed)
		cfg := h.agent().cfg
		if cfg.Account.AOR != "sip:1001@sip.example.com" || cfg.Account.Password != "secret" ||
			!slices.Equal(cfg.Servers, []string{"wss://sip.example.com"}) {
			h.Errorf("configuration %+v", cfg)
		}
		if !strings.HasPrefix(cfg.InstanceID, "urn:uuid:") || cfg.InstanceID != h.keep.Load(KeyInstance) {
			h.Errorf("instance %q, want the one that is kept", cfg.InstanceID)
		}
		h.wantDone("the agent works", "run")
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if h.now().Screen != screen.ScreenPhone || h.keep.Load(KeyUser) != "1001" {
			h.Errorf("screen %v, kept user %q", h.now().Screen, h.keep.Load(KeyUser))
		}
		h.do(screen.Logout{})
		h.wantDone("the agent says goodbye", "goodbye")
	})
}

// TestWhatComesUnaskedIsCounted tells the user's own doing from what the screen has to warn of.
func TestWhatComesUnaskedIsCounted(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		for _, step := range []struct {
			why  string
			do   func()
			more bool
		}{
			{"a page", func() { h.Act(screen.Show{Page: screen.PageHistory}) }, false},
			{"a digit", func() { h.Act(screen.Press{Digit: "5"}) }, false},
			{"a call comes", func() { h.tell(comes("9")) }, true},
			{"the clock", func() { h.do(Tick{At: midday}) }, false},
			{"the caller gives up", func() { h.tell(in("9", ua.CallEnded, because(ua.CauseCancelled, 0))) }, true},
			{"a link", func() { h.do(screen.Prefill{Text: "600"}) }, true},
			{"logging out", func() { h.Act(screen.Logout{}) }, false},
		} {
			before := h.now().Unasked
			step.do()
			if after := h.now().Unasked; after > before != step.more || after < before {
				t.Errorf("%s: %d changes came unasked, then %d, want more: %v", step.why, before, after, step.more)
			}
		}
	})
}

func TestPasswordIsKeptNowhere(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		for key, value := range h.keep.Values {
			if strings.Contains(value, typed.Password) {
				h.Errorf("the password is kept as %s", key)
			}
		}
	})
}

func TestConfiguredPhoneLogsInByItself(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Username, cfg.Password, cfg.AutoRegister = "1001", "secret", true
	cfg.Realm, cfg.DisplayName, cfg.CLI = "example.com", "Front desk", "442079460347"
	cfg.Codec.Delete = []string{"PC.*"}
	cfg.ICEServers = []config.ICEServer{{URLs: []string{"turn:turn.example.com"}, Username: "u", Credential: "c"}}
	story(t, cfg, func(h *harness) {
		synctest.Wait()
		got := h.agent().cfg
		want := ua.Account{AOR: "sip:1001@example.com", Password: "secret", Realm: "example.com", DisplayName: "Front desk",
			CLI: "442079460347"}
		if !reflect.DeepEqual(got.Account, want) {
			h.Errorf("account %+v, want %+v", got.Account, want)
		}
		if len(got.Media.CodecDelete) != 1 || len(got.Media.ICEServers) != 1 || got.Media.ICEServers[0].Credential != "c" {
			h.Errorf("media %+v, want what the operator configured", got.Media)
		}
	})
}

func TestSecondLoginWaitsForTheGoodbyeOfTheFirst(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		first := h.agent()
		first.leave = make(chan struct{})
		h.do(screen.Logout{}, typed)
		if len(h.agents) != 2 {
			t.Fatalf("%d agents, want another one", len(h.agents))
		}
		h.wantDone("the second waits: the goodbye would take its binding away", nil...)
		close(first.leave)
		synctest.Wait()
		if got := first.did(); !slices.Equal(got, []string{"goodbye"}) {
			h.Errorf("the first did %q, want its goodbye", got)
		}
		h.wantDone("then the second begins", "run")
	})
}

func TestOldSessionSaysNothingMore(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		old := h.agent()
		h.do(screen.Logout{})
		h.do(typed)
		h.receive(toldBy{&session{agent: old}, registration(ua.Registered, ua.CauseNone, 200).(news)})
		if h.now().Screen != screen.ScreenLogin {
			h.Error("an event of the old session logged in")
		}
	})
}

func TestRefusedLoginEndsTheSession(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.do(typed)
		h.tell(connected(), registration(ua.RegistrationFailed, ua.CauseAuth, 403))
		if h.now().Login.Error.Key != text.LoginAuth {
			h.Errorf("error %q", h.now().Login.Error.Key)
		}
		h.wantDone("it does not try again by itself", "run", "goodbye")
		h.do(screen.Returned{})
		if len(h.agents) != 1 {
			h.Error("the refused login was started again")
		}
	})
}

func TestAgentThatCannotRun(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.now() // the phone reads its options when it begins
		h.opts.NewAgent = func(ua.Config) (Agent, error) { return nil, ua.ErrBadConfig }
		h.do(typed)
		if s := h.now(); s.Login.Busy || s.Login.Error.Empty() {
			h.Errorf("busy %v, error %q, want the reason on the card", s.Login.Busy, s.Login.Error.Key)
		}
	})
}

func TestLeavingAndComingBack(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.do(screen.Left{})
		h.wantDone("leaving says goodbye", "goodbye")
		h.do(screen.Returned{})
		if len(h.agents) != 2 || h.agent().cfg.Account.Password != "secret" {
			h.Fatalf("%d agents, want the session again", len(h.agents))
		}
		h.wantDone("it runs again", "run")
		h.do(screen.Returned{})
		if len(h.agents) != 2 {
			h.Error("a session that runs was started again")
		}
	})
}

func TestSecondCallWaitsForTheHold(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.do(screen.MakeCall{Target: "1002"})
		h.wantDone("first hold, then call", "hold 1", "invite 1002")
		h.agent().failing("hold 1", ua.ErrTimeout)
		h.do(screen.MakeCall{Target: "1003"})
		h.wantDone("without hold no call", "hold 1")
		if h.now().Ended == nil || h.now().Ended.Why.Key != text.CauseTimeout {
			h.Error("the call that was not made is not explained")
		}
	})
}

func TestAnswering(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.agent().has("9")
		h.tell(out("1", ua.CallEstablished), comes("9"))
		h.do(screen.Answer{ID: "9"})
		h.wantDone("hold and answer", "hold 1", "accept 9")
		h.do(screen.EndAndAnswer{ID: "9"})
		h.wantDone("end and answer", "hangup 1", "accept 9")
		h.agent().failing("accept 9", media.ErrPermission)
		h.do(screen.Answer{ID: "9"})
		if got := h.now().Problem.Text.Key; got != text.CauseMicPermission {
			h.Errorf("problem %q, want the microphone", got)
		}
		h.agent().did()
		h.do(screen.Decline{ID: "9"})
		h.wantDone("decline", "reject 9 486")
	})
}

func TestLeftoverNotificationLeavesTheCallAlone(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.do(screen.EndAndAnswer{ID: "9"}, screen.Answer{ID: "9"})
		h.wantDone("the call it was for has gone with the page before", nil...)
	})
}

func TestTwoCallersAtOnceAndOneMicrophone(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Flags = []config.Flag{config.AutoAnswer}
	story(t, cfg, func(h *harness) {
		h.login()
		h.agent().has("8")
		h.agent().has("9")
		h.tell(comes("9"), comes("8"))
		h.wantDone("the second waits while the microphone opens for the first", "accept 9")
		h.tell(in("9", ua.CallConnecting), in("9", ua.CallEstablished))
		h.do(screen.Answer{ID: "8"})
		h.wantDone("the user takes it instead of the first", "hold 9", "accept 8")
	})
}

func TestDialledCallIsAnsweredDuringAnother(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.agent().has("9")
		h.tell(out("1", ua.CallRinging), comes("9"))
		h.do(screen.Answer{ID: "9"})
		h.tell(in("9", ua.CallConnecting), in("9", ua.CallEstablished))
		h.wantDone("a call that rings cannot be held", "accept 9")
		h.tell(out("1", ua.CallEstablished))
		h.wantDone("two must not hear the user", "hold 1")
		if line, _ := h.now().Stage(); line.ID != "9" {
			h.Errorf("stage %q, want who the user talks to", line.ID)
		}
	})
}

func TestCallControls(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.do(screen.ToggleMute{ID: "1"}, screen.ToggleHold{ID: "1"}, screen.Press{Digit: "1"}, screen.Press{Digit: "#"},
			screen.Press{Digit: "0"}, screen.Hangup{ID: "1"}, screen.Hangup{ID: "2"}, screen.Retry{})
		h.wantDone("in this order", "mute 1 true", "hold 1", "dtmf 1 1", "dtmf 1 #", "dtmf 1 0", "hangup 1", "wake")
	})
}

func TestTraceIsSwitched(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.do(screen.Type{Text: debugCode}, screen.Dial{Text: debugCode})
		h.agent().traces <- ua.TraceEvent{Data: []byte("OPTIONS")}
		h.do(screen.Type{Text: debugCode}, screen.Dial{Text: debugCode})
		h.wantDone("on, then off", "trace", "end of trace")
		if !slices.Equal(h.traced, []string{"OPTIONS"}) {
			h.Errorf("traced %q", h.traced)
		}
		h.do(screen.ToggleDebug{}, screen.Logout{}, typed)
		synctest.Wait()
		if !slices.Contains(h.agent().did(), "trace") {
			h.Error("it does not stay on in the next session")
		}
	})
}

func TestClockMovesOnlyInCalls(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		before := len(h.shown)
		synctest.Wait()
		time.Sleep(10 * time.Second) // of the bubble: takes no time
		if h.now(); len(h.shown) != before {
			h.Errorf("%d snapshots in an idle phone, want none", len(h.shown)-before)
		}
		h.agent().has("1")
		start := time.Now()
		h.tell(out("1", ua.CallEstablished, func(c *ua.CallInfo) { c.Answered = start }))
		time.Sleep(5500 * time.Millisecond)
		line, _ := h.now().Stage()
		if got := screen.ClockTime(line.Talking(h.now().Now)); got != "00:00:05" {
			h.Errorf("call time %s, want 00:00:05", got)
		}
		if line.Stats.Codec != "opus" {
			h.Errorf("counters %+v, want them read", line.Stats)
		}
		h.tell(out("1", ua.CallEnded))
		before = len(h.shown)
		time.Sleep(10 * time.Second)
		if h.now(); len(h.shown) != before {
			h.Errorf("%d snapshots after the call, want none", len(h.shown)-before)
		}
	})
}

func TestCountersThatFailAreReadAgain(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("silent")
		h.tell(out("silent", ua.CallEstablished))
		time.Sleep(3 * time.Second)
		if line, _ := h.now().Stage(); line.Stats.Codec != "" || !h.now().Problem.Text.Empty() {
			h.Error("a reading that failed is shown")
		}
		h.agent().has("1")
		h.tell(out("silent", ua.CallEnded), out("1", ua.CallEstablished))
		time.Sleep(3 * time.Second)
		if line, _ := h.now().Stage(); line.Stats.Codec != "opus" {
			h.Error("no reading after one that failed")
		}
	})
}

func TestEndedCallsAreTold(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.tell(out("1", ua.CallRinging), out("1", ua.CallEnded, because(ua.CauseBusy, 486)), comes("9"),
			in("9", ua.CallEnded, answered))
		if len(h.ended) != 2 || h.ended[0].Cause.Code != 486 || h.ended[1].Answered.IsZero() {
			h.Errorf("told %+v, want both calls as they ended", h.ended)
		}
	})
}

func TestFaultIsSurvived(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.tell(out("1", ua.CallEstablished))
		h.opts.CallEnd = func(ua.CallInfo) { panic(errors.New("a fault of the history")) }
		complaint := ""
		h.opts.Complain = func(why string) { complaint = why }
		h.tell(comes("9"), in("9", ua.CallEnded, because(ua.CauseCancelled, 0)))
		if !strings.Contains(complaint, "a fault of the history") {
			h.Errorf("complains %q, want what has happened", complaint)
		}
		if h.now().Problem.Text.Key != text.Fault {
			h.Errorf("problem %q, want the fault", h.now().Problem.Text.Key)
		}
		if _, ok := h.now().Stage(); !ok {
			h.Error("the call is gone")
		}
		h.do(screen.Press{Digit: "1"})
		if line, _ := h.now().Stage(); line.Digits != "1" {
			h.Error("the phone does not go on")
		}
	})
}
