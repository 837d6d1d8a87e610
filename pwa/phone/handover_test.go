package phone

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const home = "sip.example.com"

// asks lets a user agent ask about a transfer of a call. The function it returns tells the answer, or that there is none yet.
func (h *harness) asks(ctx context.Context, replaces bool, call string, to ua.Address) func() string {
	h.Helper()
	policy := h.agent().cfg.AcceptRefer
	if replaces {
		policy = h.agent().cfg.AcceptReplaces
	}
	answer := make(chan bool, 1)
	go func() { answer <- policy(ctx, ua.ReferRequest{Info: ua.CallInfo{ID: call}, Target: to}) }()
	synctest.Wait()
	return func() string {
		synctest.Wait()
		select {
		case yes := <-answer:
			return fmt.Sprint(yes)
		default:
			return "waits"
		}
	}
}

// wantAsked checks the question on the screen: who hands over to whom, "" for none.
func (h *harness) wantAsked(why, want string) screen.Handover {
	h.Helper()
	question, line, ok := h.now().Asked()
	got := ""
	if ok {
		got = line.Name() + " to " + question.To
	}
	if got != want {
		h.Fatalf("%s: asked %q, want %q", why, got, want)
	}
	return question
}

var premium = ua.Address{DisplayName: "Your bank", User: "09005550123", Host: home}

// asked plays a story with a call whose other side hands the user over, by a REFER and by an INVITE with Replaces.
func asked(t *testing.T, tell func(h *harness, leave context.CancelFunc, answer func() string)) {
	for _, replaces := range []bool{false, true} {
		story(t, oneServerConfig(), func(h *harness) {
			h.login()
			h.tell(in("1", ua.CallRinging), in("1", ua.CallEstablished))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			tell(h, cancel, h.asks(ctx, replaces, "1", premium))
		})
	}
}

func TestUserIsAskedBeforeACallIsHandedOver(t *testing.T) {
	for _, yes := range []bool{false, true} {
		asked(t, func(h *harness, _ context.CancelFunc, answer func() string) {
			q := h.wantAsked("asked", "Caller 1 to 09005550123")
			if got := answer(); got != "waits" {
				h.Fatalf("answered by nobody: %s", got)
			}
			h.do(screen.AnswerHandover{ID: q.ID + 1, Yes: true})
			h.wantAsked("another question", "Caller 1 to 09005550123")
			h.do(screen.AnswerHandover{ID: q.ID, Yes: yes})
			h.wantAsked("answered", "")
			if got := answer(); got != fmt.Sprint(yes) {
				h.Errorf("the user agent is told %s", got)
			}
			h.do(screen.AnswerHandover{ID: q.ID, Yes: !yes}) // twice
		})
	}
}

func TestQuestionGoesWithItsReason(t *testing.T) {
	for name, end := range map[string]func(h *harness, leave context.CancelFunc){
		"the other side gives up": func(_ *harness, leave context.CancelFunc) { leave() },
		"the call ends": func(h *harness, leave context.CancelFunc) {
			h.tell(in("1", ua.CallEnded, because(ua.CauseHangupRemote, 0)))
			h.wantAsked("gone with the call", "")
			leave()
		},
	} {
		asked(t, func(h *harness, leave context.CancelFunc, answer func() string) {
			q := h.wantAsked(name, "Caller 1 to 09005550123")
			end(h, leave)
			h.wantAsked(name, "")
			h.do(screen.AnswerHandover{ID: q.ID, Yes: true})
			if got := answer(); got != "false" {
				h.Errorf("%s: answer %s", name, got)
			}
		})
	}
}

func TestQuestionsOfTwoCalls(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.tell(in("1", ua.CallRinging), in("1", ua.CallEstablished), in("2", ua.CallRinging), in("2", ua.CallEstablished))
		first := h.asks(context.Background(), false, "1", premium)
		second := h.asks(context.Background(), true, "2", ua.Address{User: "sales", Host: "example.net"})
		h.do(screen.AnswerHandover{ID: h.wantAsked("the older one", "Caller 1 to 09005550123").ID})
		h.do(screen.AnswerHandover{ID: h.wantAsked("then the other", "Caller 2 to sales@example.net").ID, Yes: true})
		if a, b := first(), second(); a != "false" || b != "true" {
			h.Errorf("answers %s and %s", a, b)
		}
	})
}

func TestTransfersByConfiguration(t *testing.T) {
	for mode, want := range map[string]string{"ask": "waits", "": "waits", "domain": "true", "refuse": "nobody asked"} {
		cfg := oneServerConfig()
		cfg.Transfers = mode
		story(t, cfg, func(h *harness) {
			h.login()
			h.tell(in("1", ua.CallRinging), in("1", ua.CallEstablished))
			got := "nobody asked"
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if h.agent().cfg.AcceptRefer != nil || h.agent().cfg.AcceptReplaces != nil {
				got = h.asks(ctx, false, "1", ua.Address{User: "1003", Host: home})()
			}
			if got != want {
				h.Errorf("transfers %q: %s, want %s", mode, got, want)
			}
		})
	}
}

// TestHandoverNobodyCanSee: a phone without a screen asks nobody, keeps the call at once and says so where somebody may read it.
func TestHandoverNobodyCanSee(t *testing.T) {
	for _, mode := range []string{"ask", "domain"} {
		cfg, _ := config.Merge(oneServerConfig())
		cfg.Transfers, cfg.Show = mode, config.Show{}
		story(t, cfg, func(h *harness) {
			h.login()
			h.tell(in("1", ua.CallRinging), in("1", ua.CallEstablished))
			before := h.now()
			if got := h.asks(context.Background(), false, "1", premium)(); got != "false" {
				h.Errorf("transfers %q: %s", mode, got)
			}
			h.wantAsked("nobody is there", "")
			line, _ := before.Line("1")
			says := text.English.Say(text.HandoverUnseen, "name", line.Name(), "target", premium.User)
			if now := h.now(); now.Problem.Count != before.Problem.Count+1 || text.English.Tell(now.Problem.Text) != says {
				h.Errorf("told %+v", now.Problem)
			}
			if got := text.English.Tell(h.now().Live); got != says {
				h.Errorf("the page says %q", got)
			}
			want := map[string]string{"ask": "false", "domain": "true"}[mode]
			if got := h.asks(context.Background(), true, "1", ua.Address{User: "1003", Host: home})(); got != want {
				h.Errorf("transfers %q to an extension: %s, want %s", mode, got, want)
			}
		})
	}
}
