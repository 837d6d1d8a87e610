package ua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestAnonymousCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{Privacy: true})
		if err != nil {
			t.Fatal(err)
		}
		invite := h.wantRequest("calling", sip.INVITE)
		wantHeader(t, invite, "Privacy", "id")
		wantHeader(t, invite, "P-Preferred-Identity", "<sip:1001@example.com>")
		contact := header(invite, "Contact")
		if from := header(invite, "From"); !strings.HasPrefix(from, `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=`) {
			t.Errorf("From: %s", from)
		}
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		h.async(func() error { return call.Hold(h.t.Context()) })
		again := h.wantRequest("inside the call", sip.INVITE)
		wantHeader(t, again, "Contact", contact)
		if strings.Contains(again.String(), "1001") || strings.Contains(again.String(), "Demo") {
			t.Errorf("the caller shows:\n%s", again)
		}
		h.forget()
	})
}

func TestAnonymousCallHasATemporaryGRUU(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		req := h.wantRequest("first", sip.REGISTER)
		contact, _, _ := strings.Cut(header(req, "Contact"), ";expires=")
		h.respond(req, 200, "Contact: "+
			""+contact+`;pub-gruu="sip:1001@example.com;gr=urn:uuid:1";temp-gruu="sip:tgruu.7hs@example.com;gr";expires=600`)
		h.forget()
		if _, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{Privacy: true}); err != nil {
			t.Fatal(err)
		}
		invite := h.wantRequest("calling", sip.INVITE)
		wantHeader(t, invite, "Contact", "<sip:tgruu.7hs@example.com;gr>")
		h.respond(invite, 486)
		h.wantSent("over", "ACK")
		h.dialTo("1003")
		wantHeader(t, h.wantRequest("a call that hides nothing", sip.INVITE), "Contact", "<sip:1001@example.com;gr=urn:uuid:1>")
		h.forget()
	})
}

func TestAssertedIdentity(t *testing.T) {
	asserted := []string{"P-Asserted-Identity: <tel:+15550100>", `P-Asserted-Identity: "Demo 1005" <sip:1005@example.com>`,
		sdp("in")}
	t.Run("trusted", func(t *testing.T) {
		play(t, func(c *Config) { c.TrustAssertedIdentity = true }, func(h *harness) {
			h.start()
			_, call := h.ringIn(asserted...)
			if got := call.Info().Remote; got.User != "1005" || got.DisplayName != "Demo 1005" {
				t.Errorf("caller %+v", got)
			}
			p, other := h.talkOut()
			p.send("UPDATE", "P-Asserted-Identity: <tel:+15550100>")
			h.wantSent("connected to somebody else", "200 UPDATE")
			h.wantEvent("told", "established")
			if got := other.Info().Remote; got.User != "+15550100" || got.URI != "tel:+15550100" {
				t.Errorf("other side %+v", got)
			}
		})
	})
	t.Run("not trusted", func(t *testing.T) {
		play(t, nil, func(h *harness) {
			h.start()
			_, call := h.ringIn(asserted...)
			if got := call.Info().Remote.User; got != "1002" {
				t.Errorf("caller %q", got)
			}
		})
	})
}

func TestWhatACallSaysAboutItself(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		want    CallInfo
	}{
		"nothing": {nil, CallInfo{}},
		"diverted": {[]string{"Diversion: <sip:1009@example.com>;reason=no-answer, <sip:1008@example.com>"},
			CallInfo{DivertedFrom: Address{User: "1009"}}},
		"history": {[]string{"History-Info: <sip:1009@example.com?Reason=SIP%3Bcause%3D486>;index=1, " +
			"<sip:1001@example.com>;index=1.1"}, CallInfo{DivertedFrom: Address{User: "1009"}}},
		"diverted, bare": {[]string{`Diversion: "Sales" <1009>;reason=unconditional;counter=x`},
			CallInfo{DivertedFrom: Address{User: "1009"}}},
		"diverted, hidden": {[]string{"Diversion: <sip:1009@example.com>;privacy=full, <sip:1008@example.com>"}, CallInfo{}},
		"diverted, shown": {[]string{"Diversion: <sip:1009@example.com>;privacy=off"},
			CallInfo{DivertedFrom: Address{User: "1009"}}},
		"diverted, number": {[]string{"Diversion: <sip:+12025550191;cpc=ordinary@192.0.2.1>"},
			CallInfo{DivertedFrom: Address{User: "+12025550191"}}},
		"diverted, tel": {[]string{"Diversion: <tel:+1-202-555-0191>"}, CallInfo{DivertedFrom: Address{User: "+12025550191"}}},
		"diverted, web": {[]string{"Diversion: <http://192.0.2.1/>"}, CallInfo{}},
		"one is broken": {[]string{"Diversion: <sip:@>, <sip:1008@example.com>"},
			CallInfo{DivertedFrom: Address{User: "1008"}}},
		"history, hidden": {[]string{"History-Info: <sip:1009@example.com?Privacy=history>;index=1, " +
			"<sip:1001@example.com>;index=1.1"}, CallInfo{}},
		"history, broken": {[]string{"History-Info: <sip:1009@example.com>;index=1, <sip:@>, <sip:1001@example.com>;index=1.1"},
			CallInfo{DivertedFrom: Address{User: "1009"}}},
		"handed over": {[]string{`Referred-By: "Demo 1002" <sip:1002@example.com>;cid=2@example.com`},
			CallInfo{ReferredBy: Address{User: "1002"}}},
		"own history": {[]string{"History-Info: <sip:1001@example.com>;index=1"}, CallInfo{}},
		"ring style": {[]string{"Alert-Info: <urn:alert:source:internal>"},
			CallInfo{AlertInfo: "urn:alert:source:internal"}},
		"ring name": {[]string{"Alert-Info: <http://127.0.0.1>;info=Bellcore-dr2"}, CallInfo{AlertInfo: "Bellcore-dr2"}},
		"answer after": {[]string{"Call-Info: <sip:example.com>;answer-after=3"},
			CallInfo{AutoAnswer: true, AnswerAfter: 3 * time.Second}},
		"at once": {[]string{"Call-Info: <sip:example.com>;answer-after=0"}, CallInfo{AutoAnswer: true}},
		"by alert": {[]string{"Alert-Info: <http://x>;info=alert-autoanswer;delay=2"},
			CallInfo{AutoAnswer: true, AnswerAfter: 2 * time.Second}},
		"by mode":        {[]string{"Answer-Mode: Auto"}, CallInfo{AutoAnswer: true}},
		"absurd delay":   {[]string{"Call-Info: <sip:example.com>;answer-after=99999999999"}, CallInfo{AutoAnswer: true}},
		"no URI":         {[]string{"Call-Info: ;answer-after=0"}, CallInfo{AutoAnswer: true}},
		"parameter":      {[]string{"Call-Info: answer-after=0"}, CallInfo{AutoAnswer: true}},
		"parameter, 2 s": {[]string{"Call-Info: Answer-After = 2"}, CallInfo{AutoAnswer: true, AnswerAfter: 2 * time.Second}},
		"empty URI":      {[]string{"Call-Info: <>;answer-after=1"}, CallInfo{AutoAnswer: true, AnswerAfter: time.Second}},
		"among others": {[]string{"Call-Info: <http://x/photo.jpg>;purpose=icon, <sip:x>;answer-after=0"},
			CallInfo{AutoAnswer: true}},
		"words":          {[]string{"Alert-Info: Auto Answer"}, CallInfo{AutoAnswer: true}},
		"one word":       {[]string{"Alert-Info: auto-answer"}, CallInfo{AutoAnswer: true}},
		"in brackets":    {[]string{"Alert-Info: <Auto Answer>"}, CallInfo{AutoAnswer: true}},
		"ring answer":    {[]string{"Alert-Info: Ring Answer"}, CallInfo{AutoAnswer: true}},
		"intercom":       {[]string{"Alert-Info: <sip:192.0.2.1>;intercom=true"}, CallInfo{AutoAnswer: true}},
		"intercom, bare": {[]string{"Alert-Info: Intercom"}, CallInfo{AutoAnswer: true}},
		"info, no URI":   {[]string{"Alert-Info: ;info=alert-autoanswer"}, CallInfo{AutoAnswer: true}},
		"info, bare": {[]string{"Alert-Info: info=alert-autoanswer;delay=3"},
			CallInfo{AutoAnswer: true, AnswerAfter: 3 * time.Second}},
		"info, words":   {[]string{"Alert-Info: info = Auto Answer"}, CallInfo{AutoAnswer: true}},
		"mode required": {[]string{"Answer-Mode: Auto;require"}, CallInfo{AutoAnswer: true}},
		"mode, spaces":  {[]string{"Answer-Mode:  auto ; require"}, CallInfo{AutoAnswer: true}},
		"privileged":    {[]string{"Priv-Answer-Mode: Auto"}, CallInfo{AutoAnswer: true}},
		"manual":        {[]string{"Answer-Mode: Manual", "Priv-Answer-Mode: Manual;require"}, CallInfo{}},
		"a sound": {[]string{"Alert-Info: <http://192.0.2.1/autoanswer.wav>"},
			CallInfo{AlertInfo: "http://192.0.2.1/autoanswer.wav"}},
		"no intercom":  {[]string{"Alert-Info: <sip:192.0.2.1>;intercom=false"}, CallInfo{AlertInfo: "sip:192.0.2.1"}},
		"another word": {[]string{"Alert-Info: Bellcore-dr3"}, CallInfo{AlertInfo: "Bellcore-dr3"}},
		"not after":    {[]string{"Call-Info: <sip:x>;x-answer-after=0"}, CallInfo{}},
		"in the URI":   {[]string{"Call-Info: <sip:x;answer-after=0>"}, CallInfo{}},
		"malformed":    {[]string{"Alert-Info: <junk", "Call-Info: <", "Diversion: <<", "Answer-Mode: ;"}, CallInfo{}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.ringIn(append(tt.headers, sdp("in"))...)
				got := call.Info()
				if got.DivertedFrom.User != tt.want.DivertedFrom.User || got.ReferredBy.User != tt.want.ReferredBy.User ||
					got.AlertInfo != tt.want.AlertInfo ||
					got.AutoAnswer != tt.want.AutoAnswer || got.AnswerAfter != tt.want.AnswerAfter {
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
			})
		})
	}
}

func TestNoAnswerSaysWhy(t *testing.T) {
	play(t, func(c *Config) { c.NoAnswer = 10 * time.Second }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 180, "tag=far", okContact)
		h.advance(10 * time.Second)
		wantHeader(t, h.wantRequest("nobody answers", sip.CANCEL), "Reason", `Q.850;cause=19;text="no answer"`)
		h.forget()
	})
}

func TestNobodyRingsSaysWhy(t *testing.T) {
	play(t, func(c *Config) { c.NoAnswer = 10 * time.Second }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 100)
		h.advance(10 * time.Second)
		wantHeader(t, h.wantRequest("nobody rings", sip.CANCEL), "Reason", `Q.850;cause=18;text="nobody was reached"`)
		h.forget()
	})
}

func TestSendInfoDTMF(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkIn()
		sent := h.async(func() error { return call.SendInfoDTMF(h.t.Context(), "5#") })
		for _, tone := range []string{"5", "#"} {
			info := h.wantRequest("one after the other", sip.INFO)
			if want := "Signal=" + tone + "\r\nDuration=160\r\n"; string(info.Body()) != want {
				t.Errorf("INFO %q, want %q", info.Body(), want)
			}
			h.respond(info, 200)
		}
		h.wantErr("sent", sent(), nil)
		h.wantErr("no tone", call.SendInfoDTMF(h.t.Context(), "x"), ErrUnknownTone)
	})
}
