package phone

import (
	"context"
	"fmt"
	"strings"
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

// TestInside: what may be followed unasked costs nothing, whoever chooses it.
func TestInside(t *testing.T) {
	for _, a := range []ua.Address{{User: "1003", Host: home}, {User: "10", Host: "SIP.Example.com"},
		{URI: "sip:1003@" + home + ";user=phone", User: "1003", Host: home}, {URI: "sips:1003@" + home, User: "1003", Host: home}, {User: "anna.b", Host: home}, {User: "desk-2", Host: home}} {
		if !inside(a, home) {
			t.Errorf("%+v is outside", a)
		}
	}
	for _, a := range []ua.Address{{}, {Host: home}, {User: "1003", Host: "example.net"}, {User: "1003", Host: "sip.example.com.evil.net"}, premium,
		{User: "+49900555", Host: home}, {User: "0900", Host: home}, {User: "1900555", Host: home}, {User: "112", Host: home}, {User: "911", Host: home},
		{User: "*21*0900#", Host: home}, {User: "9,0900555", Host: home}, {User: "1003;phone-context=+1", Host: home}, {User: "x@y", Host: home},
		{User: "\u0660\u0669\u0660\u0660", Host: home}, {User: "1 003", Host: home}, {User: "1003"},
		{URI: "tel:1003", User: "1003"}, {URI: "sip:555;phone-context=+1900@" + home, User: "555", Host: home},
		{URI: "sip:%2B1003@" + home, User: "1003", Host: home}} {
		if inside(a, home) {
			t.Errorf("%+v is inside", a)
		}
	}
}

// TestServicesAreNotInside: what a network offers under a short number costs, or calls for help.
func TestServicesAreNotInside(t *testing.T) {
	for _, help := range []string{"000", "108", "110", "112", "113", "118", "119", "122", "911", "988", "999"} {
		for _, prefix := range []string{"", "9", "0", "8", "90", "19"} {
			if user := prefix + help; inside(ua.Address{User: user, Host: home}, home) {
				t.Errorf("%s is inside", user)
			}
		}
	}
	for _, user := range []string{"118118", "11880", "11833", "116117", "115", "11", "101", "193", "998"} {
		if inside(ua.Address{User: user, Host: home}, home) {
			t.Errorf("%s is inside", user)
		}
	}
	for _, user := range []string{"10", "20", "200", "311", "1003", "2001", "4110567", "911000", "91101"} {
		if got := inside(ua.Address{User: user, Host: home}, home); got != (len(user) <= longestExtension) {
			t.Errorf("%s is inside: %v", user, got)
		}
	}
}

// TestHandoverTo: all that decides who is called is read, and what cannot be read whole is not asked about.
func TestHandoverTo(t *testing.T) {
	long := strings.Repeat("a", 200)
	for want, a := range map[string]ua.Address{"1003": {User: "1003", Host: home}, "1003@example.net": {User: "1003", Host: "example.net"},
		"example.net": {Host: "example.net"}, home: {URI: "sip:" + home, Host: home},
		"555 (+1900)": {URI: "sip:555;phone-context=+1900@" + home, User: "555", Host: home},
		"557":         {URI: "tel:557;phone-context=" + home, User: "557"}, "+49305550101": {URI: "tel:+49305550101", User: "+49305550101"},
		"556;Phone-Context=+49;ext=1":       {URI: "tel:556;Phone-Context=+49;ext=1", User: "556"},
		"1003;rn=+499005550123":             {URI: "sip:1003;rn=+499005550123@" + home, User: "1003", Host: home},
		"1004":                              {URI: "sip:1004@" + home + ":5060;transport=tcp;user=phone", User: "1004", Host: home},
		"1004@" + home + ":5080":            {URI: "sip:1004@" + home + ":5080", User: "1004", Host: home},
		"1004@" + home + ";maddr=192.0.2.7": {URI: "sip:1004@" + home + ";maddr=192.0.2.7;lr", User: "1004", Host: home},
		"0900@" + home + "@example.net":     {URI: "sip:0900%40" + home + "@example.net", User: "0900@" + home, Host: "example.net"},
		"1005:secret@[2001:db8::1]:5060":    {URI: "sip:1005:secret@[2001:db8::1]:5060", User: "1005", Host: "2001:db8::1"},
	} {
		if got, whole := handoverTo(a, home); got != want || !whole {
			t.Errorf("%+v is shown as %q (%v), want %q", a, got, whole, want)
		}
	}
	for _, a := range []ua.Address{{}, {User: "09\u202e00", Host: home}, {User: "1  003", Host: home}, {User: long, Host: home}, {User: "1003", Host: long},
		{URI: "sip:1003%20%20@" + home, User: "1003", Host: home}, {URI: "sip:1003;postd=" + long + "@" + home, User: "1003", Host: home}} {
		if got, whole := handoverTo(a, home); whole {
			t.Errorf("%+v is asked about as %q", a, got)
		}
	}
}
