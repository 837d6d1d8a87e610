package ua

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// controllable lets servers press the buttons, and notes what was asked.
func controllable(asked *[]string) func(*Config) {
	return func(c *Config) {
		c.AcceptControl = func(_ context.Context, call CallInfo, event string) bool {
			*asked = append(*asked, call.State.String()+" "+event)
			return true
		}
	}
}

func TestClickToAnswer(t *testing.T) {
	var asked []string
	play(t, controllable(&asked), func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"))
		p.send("NOTIFY", "Event: talk", "Subscription-State: active")
		msgs := h.wantSent("answered", "200 NOTIFY", "200 INVITE")
		h.recv(p.text("ACK", 1))
		h.wantEvent("talking", "connecting", "established")
		p.send("NOTIFY", "Event: hold")
		hold := h.wantSent("held", "200 NOTIFY", "INVITE")[1].(*sip.Request)
		h.respond(hold, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ACKed", "ACK")
		if !call.Info().HeldLocal {
			t.Error("not held")
		}
		h.forget()
		p.send("NOTIFY", "Event: hold")
		h.wantSent("it is held", "200 NOTIFY")
		p.send("NOTIFY", "Event: talk")
		again := h.wantSent("resumed", "200 NOTIFY", "INVITE")[1].(*sip.Request)
		h.respond(again, 200, okContact, sdp("back"))
		h.wantSent("ACKed", "ACK")
		h.forget()
		p.send("NOTIFY", "Event: talk")
		h.wantSent("it talks", "200 NOTIFY")
		if want := []string{"ringing talk", "established hold", "established talk"}; !slices.Equal(asked, want) {
			t.Errorf("asked %q, want %q", asked, want)
		}
		wantAllowed(t, msgs[1], "talk, hold")
	})
}

func wantAllowed(t *testing.T, m sip.Message, events string) {
	t.Helper()
	list := strings.Join(wire.Tokens(m, "Allow-Events"), ", ")
	if has := strings.HasSuffix(list, events); !has {
		t.Errorf("%s: Allow-Events %q, want %q in it", label(m), list, events)
	}
}

// TestControlIsRefused: nothing is answered, held or resumed unless the application says so, and only in the call's own dialog.
func TestControlIsRefused(t *testing.T) {
	no := func(c *Config) { c.AcceptControl = func(context.Context, CallInfo, string) bool { return false } }
	asked := 0
	yes := func(c *Config) {
		c.AcceptControl = func(context.Context, CallInfo, string) bool { asked++; return true }
	}
	for name, tt := range map[string]struct {
		configure func(*Config)
		call      func(h *harness) *peer
		event     string
		want      string
	}{
		"not known":              {nil, func(h *harness) *peer { p, _ := h.ringIn(sdp("in")); return p }, "talk", "489 NOTIFY"},
		"not known, hold":        {nil, func(h *harness) *peer { p, _ := h.talkIn(); return p }, "hold", "489 NOTIFY"},
		"not wanted":             {no, func(h *harness) *peer { p, _ := h.ringIn(sdp("in")); return p }, "talk", "603 NOTIFY"},
		"hold not wanted":        {no, func(h *harness) *peer { p, _ := h.talkOut(); return p }, "hold", "603 NOTIFY"},
		"hold of a ringing call": {yes, func(h *harness) *peer { p, _ := h.ringIn(sdp("in")); return p }, "hold", "403 NOTIFY"},
		"another package":        {yes, func(h *harness) *peer { p, _ := h.talkIn(); return p }, "conference", "489 NOTIFY"},
		"another dialog": {yes, func(h *harness) *peer {
			h.ringIn(sdp("in"))
			return h.caller("other")
		}, "talk", "489 NOTIFY"},
		"a call of ours that rings there": {yes, func(h *harness) *peer {
			h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.respond(invite, 180, "tag=far", okContact)
			return h.called(invite, "far")
		}, "talk", "489 NOTIFY"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, tt.configure, func(h *harness) {
				h.start()
				p := tt.call(h)
				h.forget()
				states := h.agent.State().Calls
				p.send("NOTIFY", "Event: "+tt.event, "Subscription-State: active")
				h.wantSent("refused", tt.want)
				h.wantEvent("nothing has changed")
				if got := h.agent.State().Calls; !slices.Equal(got, states) {
					t.Errorf("calls %+v, before %+v", got, states)
				}
				if asked > 0 {
					t.Error("the application is asked about what cannot be done")
				}
				h.forget()
			})
		})
	}
}

// TestControlOfACallThatEnds: the answer of the application comes too late.
func TestControlOfACallThatEnds(t *testing.T) {
	gate := make(chan struct{})
	play(t, func(c *Config) {
		c.AcceptControl = func(ctx context.Context, _ CallInfo, _ string) bool { <-gate; return true }
	}, func(h *harness) {
		gate = make(chan struct{})
		h.start()
		p, call := h.ringIn(sdp("in"))
		p.send("NOTIFY", "Event: talk")
		h.wantSent("the application is asked")
		call.Reject(h.t.Context(), 486, RejectOptions{})
		h.wantSent("refused, and the dialog with it", "486 INVITE", "481 NOTIFY")
		close(gate)
		h.wantEvent("over", "ended declined here")
		h.wantSent("nothing is answered")
	})
}

// TestWhoAsksTooOftenIsHeardOnOtherThings: each kind of wish has its own limit of refusals, and its own question.
func TestWhoAsksTooOftenIsHeardOnOtherThings(t *testing.T) {
	wishes := map[string][]string{
		"REFER": {"REFER", referTo1003}, "talk": {"NOTIFY", "Event: talk"}, "hold": {"NOTIFY", "Event: hold"},
	}
	for flood := range wishes {
		for other := range wishes {
			if other == flood || flood == "talk" { // a call that talks needs no talk
				continue
			}
			t.Run(flood+", then "+other, func(t *testing.T) {
				asked, say := 0, make(chan bool)
				answer := func(ctx context.Context) bool {
					asked++
					select {
					case yes := <-say:
						return yes
					case <-ctx.Done():
						return false
					}
				}
				play(t, func(c *Config) {
					c.AcceptRefer = func(ctx context.Context, _ ReferRequest) bool { return answer(ctx) }
					c.AcceptControl = func(ctx context.Context, _ CallInfo, _ string) bool { return answer(ctx) }
				}, func(h *harness) {
					say = make(chan bool)
					h.start()
					p, call := h.talkIn()
					send := func(what string) { p.send(wishes[what][0], wishes[what][1:]...) }
					for range maxDeclined {
						send(flood)
						h.wantSent("asked")
						say <- false
						h.wantSent("no", "603 "+wishes[flood][0])
					}
					send(flood)
					h.wantSent("not put through", "603 "+wishes[flood][0])
					if other == "talk" {
						held := h.async(func() error { return call.Hold(h.t.Context()) })
						h.respond(h.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
						h.wantErr("held", held(), nil)
						h.forget()
					}
					send(other)
					h.wantSent("asked about all the same")
					if asked != maxDeclined+1 {
						t.Errorf("asked %d times", asked)
					}
					say <- true
					h.collect()
					if got := label(h.sent[0]); !strings.HasPrefix(got, "20") {
						t.Errorf("%s: %s", other, label(h.sent[0]))
					}
					h.forget()
				})
			})
		}
	}
}

func TestControlIsAnnounced(t *testing.T) {
	for _, on := range []bool{true, false} {
		events := ""
		if on {
			events = "message-summary, presence, reg, talk, hold"
		}
		play(t, func(c *Config) {
			if on {
				c.AcceptControl = func(context.Context, CallInfo, string) bool { return false }
			}
		}, func(h *harness) {
			h.begin()
			reg := h.wantRequest("registers", sip.REGISTER)
			wantAllowed(t, reg, events)
			h.grant(reg, 600)
			h.forget()
			p := h.caller("in")
			p.send("INVITE", sdp("in"))
			for _, m := range h.wantSent("rings", "100 INVITE", "180 INVITE")[1:] {
				wantAllowed(t, m, events)
			}
			h.dialTo("1002")
			wantAllowed(t, h.wantRequest("calls", sip.INVITE), events)
			h.forget()
		})
	}
}

// TestUnsolicitedSummary: servers tell the state of the mailbox after every REGISTER, without SUBSCRIBE.
func TestUnsolicitedSummary(t *testing.T) {
	const waiting = "Messages-Waiting: yes\r\n"
	const voice = "Voice-Message: 2/8 (0/2)\r\n"
	const us, account = "<sip:1001@example.com>", waiting + "Message-Account: "
	for name, tt := range map[string]struct {
		to, kind, body string
		want           string
		told           bool
	}{
		"Asterisk":                   {us, summaryType, waiting + voice, "200", true},
		"FreeSWITCH":                 {us, summaryType, account + "sip:1001@192.0.2.1\r\n" + voice, "200", true},
		"in brackets":                {us, summaryType, account + "<sip:1001@example.com>\r\n", "200", true},
		"the number that plays them": {us, summaryType, account + "sip:*97@192.0.2.1\r\n", "200", true},
		"a number":                   {us, summaryType, account + "8500\r\n", "200", true},
		"a number in brackets":       {us, summaryType, account + "<8500>\r\n", "200", true},
		"a number as tel":            {us, summaryType, account + "tel:8500\r\n", "200", true},
		"a number as sip":            {us, summaryType, account + "sip:8500\r\n", "200", true},
		"a number with a plus":       {us, summaryType, account + "tel:+1-202-555-0191\r\n", "200", true},
		"a number of the server":     {us, summaryType, account + "sip:8500@192.0.2.1\r\n", "200", true},
		"the same in brackets":       {us, summaryType, account + "<sip:8500@192.0.2.1:5060;transport=ws>\r\n", "200", true},
		"the server's name":          {us, summaryType, account + "sip:asterisk@192.0.2.1\r\n", "200", true},
		// the Request-URI is ours
		"To is somebody else":         {"<sip:1002@example.com>", summaryType, waiting + voice, "200", true},
		"somebody else's mailbox":     {us, summaryType, account + "sip:1002@example.com\r\n", "481", false},
		"somebody else's, bare":       {us, summaryType, account + "1002@example.com\r\n", "481", false},
		"somebody else's, elsewhere":  {us, summaryType, account + "sip:1002@198.51.100.9\r\n", "481", false},
		"somebody else by name":       {us, summaryType, account + "sip:anna@192.0.2.1\r\n", "481", false},
		"somebody else, name alone":   {us, summaryType, account + "anna\r\n", "481", false},
		"a page":                      {us, summaryType, account + "https://example.com/anna\r\n", "481", false},
		"ours as a part":              {us, summaryType, account + "sip:10011@example.com\r\n", "481", false},
		"in a dialog that is not one": {us + ";tag=x", summaryType, waiting + voice, "481", false},
		"another content":             {us, "text/plain", waiting + voice, "415", false},
		"nothing":                     {us, summaryType, "", "481", false},
		"not readable":                {us, summaryType, "junk", "200", true},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := h.caller("mwi")
				p.remote, p.local = tt.to, "<sip:asterisk@192.0.2.1>;tag=server"
				p.send("NOTIFY", "Event: message-summary", "Subscription-State: active", "Content-Type: "+tt.kind,
					"body="+tt.body)
				h.wantSent("replied to", tt.want+" NOTIFY")
				if !tt.told {
					h.wantEvent("nobody is told")
					return
				}
				ev := h.wantEvent("told", "notify active")[0].(NotifyEvent)
				if ev.Subscription != nil || ev.Event != "message-summary" || (ev.Err == nil) != (tt.body != "junk") {
					t.Errorf("event %+v", ev)
				}
				m, ok := ev.Value.(*notification.MessageSummary)
				if strings.Contains(tt.body, voice) && (!ok || !m.Waiting || m.Voice().New != 2) {
					t.Errorf("value %+v", ev.Value)
				}
			})
		})
	}
}

// TestUnsolicitedNotOfMailboxes: no other package is taken unasked, and not what was meant for somebody else.
func TestUnsolicitedNotOfMailboxes(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.caller("x")
		for event, want := range map[string]string{"presence": "481", "dialog": "481", "reg": "481", "x": "489", "talk": "489"} {
			p.send("NOTIFY", "Event: "+event, "Subscription-State: active")
			h.wantSent(event, want+" NOTIFY")
		}
		p.target, p.remote = strings.Replace(p.target, "1001@", "1002@", 1), "<sip:1002@example.com>"
		p.send("NOTIFY", "Event: message-summary", "Content-Type: "+summaryType, "body=Messages-Waiting: yes\r\n")
		h.wantSent("not for us", "481 NOTIFY")
		h.wantEvent("nobody is told")
		h.advance(time.Second)
	})
}
