package ua

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

func TestIncomingCallRingsAndIsAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.caller("in-1")
		p.send("INVITE", sdp("in"), "Record-Route: <sip:p1.example.com;lr>", "X-Queue: blue")
		msgs := h.wantSent("at once", "100 INVITE", "180 INVITE")
		ringing := msgs[1].(*sip.Response)
		if tagOf(msgs[0].To().Params) != "" || tagOf(ringing.To().Params) == "" {
			t.Error("the 180 has our tag, the 100 none")
		}
		if ringing.Contact() == nil || ringing.GetHeader("Record-Route") == nil {
			t.Errorf("a 180 makes a dialog: it needs Contact and Record-Route\n%s", ringing)
		}
		ev := h.wantEvent("rings", "incoming")[0].(IncomingCallEvent)
		if ev.Info.Remote.User != "1002" || ev.Info.Remote.DisplayName != "Demo 1002" || ev.Info.State != CallRinging {
			t.Errorf("info %+v", ev.Info)
		}
		if !hasHeader(ev.Headers, "X-Queue", "blue") {
			t.Errorf("headers %v lack X-Queue", ev.Headers)
		}
		h.wantErr("accepted", ev.Call.Accept(h.t.Context()), nil)
		ok := h.wantResponse("answered", "200 INVITE")
		if tagOf(ok.To().Params) != tagOf(ringing.To().Params) {
			t.Error("180 and 200 have different tags")
		}
		if got := h.media.last().history(); got != "answer in sendrecv" {
			t.Errorf("media: %s", got)
		}
		h.wantEvent("waiting for the ACK", "connecting")
		p.remote = ok.To().Value()
		h.recv(p.text("ACK", 1))
		h.wantEvent("confirmed", "established")
		h.wantErr("established", ev.Call.Wait(h.t.Context()), nil)
		ev.Call.Hangup(h.t.Context())
		bye := h.wantRequest("hung up", sip.BYE)
		if got := bye.GetHeader("Route"); got == nil || got.Value() != "<sip:p1.example.com;lr>" {
			t.Errorf("Route %v", got)
		}
		h.respond(bye, 200)
		h.wantEvent("over", "ending", "ended hung up here")
	})
}

func hasHeader(list []Header, name, value string) bool {
	for _, h := range list {
		if h.Name == name && h.Value == value {
			return true
		}
	}
	return false
}

func TestIncoming200IsRepeatedUntilACK(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"))
		call.Accept(h.t.Context())
		h.wantSent("answered", "200 INVITE")
		for _, wait := range []time.Duration{500, 1000, 2000, 4000, 4000} {
			h.advance(wait * time.Millisecond)
			h.wantSent("repeated after T1, doubling up to T2", "200 INVITE")
		}
		h.recv(p.text("ACK", p.seq))
		h.advance(10 * time.Second)
		h.wantSent("quiet after the ACK")
		h.wantEvent("confirmed", "connecting", "established")
	})
}

func TestIncomingWithoutACKIsEnded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		call.Accept(h.t.Context())
		h.advance(32 * time.Second)
		last := h.sent[len(h.sent)-1]
		if label(last) != "BYE" {
			t.Fatalf("after 64*T1 the last message is %s, want BYE (RFC 3261 section 13.3.1.4)", label(last))
		}
		h.sent = nil
		h.respond(last.(*sip.Request), 200)
		h.wantEvent("over", "connecting", "ending", "ended timeout")
	})
}

func TestHangupBeforeTheACKWaitsForIt(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"))
		call.Accept(h.t.Context())
		h.wantSent("answered", "200 INVITE")
		call.Hangup(h.t.Context())
		h.wantSent("the called side sends no BYE before the ACK (RFC 3261 section 15)")
		h.recv(p.text("ACK", p.seq))
		h.respond(h.wantRequest("now", sip.BYE), 200)
		h.wantEvent("over", "connecting", "ending", "ended hung up here")
	})
}

func TestIncomingLateOffer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn()
		call.Accept(h.t.Context())
		ok := h.wantResponse("the 200 has our offer", "200 INVITE")
		if !strings.Contains(string(ok.Body()), "a=sendrecv") {
			t.Errorf("body %q", ok.Body())
		}
		ack := p.text("ACK", p.seq, sdp("answer"))
		h.recv(ack)
		h.wantEvent("confirmed", "connecting", "established")
		if got := h.media.last().history(); got != "offer sendrecv, set answer" {
			t.Errorf("media: %s", got)
		}
		h.recv(ack)
		h.wantIdle("a repeated ACK changes nothing")
	})
}

func TestIncomingLateOfferWithoutAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn()
		call.Accept(h.t.Context())
		h.wantSent("our offer", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.respond(h.wantRequest("no answer in the ACK", sip.BYE), 200)
		h.wantEvent("over", "connecting", "ending", "ended protocol")
	})
}

func TestIncomingCancelled(t *testing.T) {
	for reason, want := range map[string]CauseKind{"X-No: reason": CauseCancelled,
		`Reason: SIP;cause=200;text="Call completed elsewhere"`:   CauseAnsweredElsewhere,
		`Reason: SIP ;cause=200 ;text="Call completed elsewhere"`: CauseAnsweredElsewhere,
		`Reason: Q.850;cause=26`:                                  CauseAnsweredElsewhere,
		`Reason: SIP;cause=603`:                                   CauseAnsweredElsewhere,
		`Reason: Q.850;cause=16;text="Normal Clearing"`:           CauseCancelled,
		`Reason: SIP;cause=487;text="ORIGINATOR_CANCEL"`:          CauseCancelled} {
		play(t, nil, func(h *harness) {
			h.start()
			p, call := h.ringIn(sdp("in"), "branch=z9hG4bKsame")
			local := p.remote
			p.remote = "<sip:1001@example.com>"
			h.recv(p.text("CANCEL", p.seq, "branch=z9hG4bKsame", reason))
			msgs := h.wantSent("both are answered", "200 CANCEL", "487 INVITE")
			for _, m := range msgs {
				if m.To().Value() != local {
					t.Errorf("To %s, want the tag of the 180 (RFC 3261 section 9.2)", m.To().Value())
				}
			}
			h.recv(p.text("ACK", p.seq, "branch=z9hG4bKsame"))
			h.wantEvent("over", "ended "+want.String())
			h.wantErr("too late", call.Accept(h.t.Context()), ErrState)
		})
	}
}

func TestCancelAfterTheAnswerChangesNothing(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"), "branch=z9hG4bKsame")
		call.Accept(h.t.Context())
		h.wantSent("answered", "200 INVITE")
		h.recv(p.text("CANCEL", p.seq, "branch=z9hG4bKsame"))
		h.wantSent("the CANCEL is answered, the call goes on", "200 CANCEL")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("confirmed", "connecting", "established")
	})
}

func TestCancelWithoutInvite(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.caller("none").send("CANCEL")
		h.wantSent("nothing to cancel", "481 CANCEL")
	})
}

func TestCancelWhileTheMicrophoneIsAskedFor(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.media.gate = make(chan struct{})
		p, call := h.ringIn(sdp("in"), "branch=z9hG4bKsame")
		accepted := h.async(func() error { return call.Accept(h.t.Context()) })
		h.recv(p.text("CANCEL", p.seq, "branch=z9hG4bKsame"))
		h.wantSent("given up", "200 CANCEL", "487 INVITE")
		close(h.media.gate)
		h.wantErr("too late", accepted(), ErrCanceled)
		h.wantSent("the late microphone answers nobody")
		h.wantEvent("over", "ended cancelled")
	})
}

func TestMicrophoneDeniedKeepsRinging(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.media.fail = media.ErrPermission
		err := call.Accept(h.t.Context())
		h.wantErr("said", err, media.ErrPermission)
		h.wantSent("the caller hears nothing of it")
		h.media.fail = nil
		h.wantErr("once more", call.Accept(h.t.Context()), nil)
		h.wantSent("answered", "200 INVITE")
		h.wantEvent("answered", "ringing", "connecting")
		call.Hangup(h.t.Context())
		h.forget()
	})
}

func TestOfferThatCannotBeAnsweredIs488(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.media.fail = media.ErrNoCodec
		_, call := h.ringIn(sdp("in"))
		h.wantErr("said", call.Accept(h.t.Context()), ErrMedia)
		h.wantSent("refused", "488 INVITE")
		h.wantEvent("over", "ended not acceptable")
	})
}

func TestRejectAndDecline(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.wantErr("not a refusal", call.Reject(h.t.Context(), 200, RejectOptions{}), ErrState)
		h.wantErr("busy", call.Reject(h.t.Context(), 486, RejectOptions{}), nil)
		h.wantSent("refused", "486 INVITE")
		h.wantEvent("over", "ended declined here")
		_, call = h.ringIn(sdp("in"))
		call.Hangup(h.t.Context())
		h.wantSent("hanging up a ringing call declines it", "603 INVITE")
		h.wantEvent("over", "ended declined here")
	})
}

func TestRejectWithReasonOrTarget(t *testing.T) {
	for name, tt := range map[string]struct {
		code          int
		opts          RejectOptions
		err           error
		phrase, where string
	}{
		"a reason":       {486, RejectOptions{Reason: "In einer Besprechung"}, nil, "In einer Besprechung", ""},
		"its own phrase": {603, RejectOptions{}, nil, "Decline", ""},
		"elsewhere":      {302, RejectOptions{Target: "1003"}, nil, "Moved Temporarily", "<sip:1003@example.com>"},
		"elsewhere, a URI": {301, RejectOptions{Target: "sip:desk@example.net"}, nil, "Moved Permanently",
			"<sip:desk@example.net>"},
		"elsewhere, with words": {302, RejectOptions{Target: "1003", Reason: "At my other desk"}, nil, "At my other desk",
			"<sip:1003@example.com>"},
		"no target":         {302, RejectOptions{}, ErrBadTarget, "", ""},
		"a target too much": {486, RejectOptions{Target: "1003"}, ErrBadTarget, "", ""},
		"no usable target":  {302, RejectOptions{Target: "https://example.com/"}, ErrBadTarget, "", ""},
		"a line break":      {486, RejectOptions{Reason: "a\r\nVia: b"}, ErrBadConfig, "", ""},
		"no UTF-8":          {486, RejectOptions{Reason: "\xff"}, ErrBadConfig, "", ""},
		"another 3xx":       {305, RejectOptions{Target: "1003"}, ErrState, "", ""},
		"no final response": {180, RejectOptions{}, ErrState, "", ""},
		"an answer":         {200, RejectOptions{}, ErrState, "", ""},
		"no code":           {700, RejectOptions{}, ErrState, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.ringIn(sdp("in"))
				h.wantErr(name, call.Reject(h.t.Context(), tt.code, tt.opts), tt.err)
				if tt.err != nil {
					h.wantIdle("it goes on ringing")
					return
				}
				res := h.wantResponse("refused", fmt.Sprint(tt.code, " INVITE"))
				if res.Reason != tt.phrase {
					t.Errorf("phrase %q, want %q", res.Reason, tt.phrase)
				}
				wantHeader(t, res, "Contact", tt.where)
				h.wantEvent("over", "ended declined here")
			})
		})
	}
}

func TestRingingIsRepeatedEveryMinuteAndExpires(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.ringIn(sdp("in"), "Expires: 100")
		h.advance(61 * time.Second)
		h.wantSent("proxies give up after three minutes of silence", "180 INVITE")
		h.advance(40 * time.Second)
		h.wantSent("the caller's limit", "487 INVITE")
		h.wantEvent("over", "ended no answer")
	})
}

func TestByeBeforeTheAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.ringIn(sdp("in"))
		p.send("BYE")
		h.wantSent("both are answered", "200 BYE", "487 INVITE")
		h.wantEvent("over", "ended hung up there")
	})
}

func TestMergedRequestIsALoop(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.caller("merged")
		p.send("INVITE", sdp("in"))
		h.wantSent("rings", "100 INVITE", "180 INVITE")
		h.recv(p.text("INVITE", p.seq, sdp("in"), "branch=z9hG4bKother"))
		h.wantSent("the same request by another way (RFC 3261 section 8.2.2.2)", "482 INVITE")
		h.wantEvent("one call", "incoming")
	})
}

func TestRetransmittedInviteIsAbsorbed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.ringIn(sdp("in"), "branch=z9hG4bKsame")
		p.remote = "<sip:1001@example.com>"
		h.recv(p.text("INVITE", p.seq, sdp("in"), "branch=z9hG4bKsame"))
		h.wantSent("the last response again", "180 INVITE")
		h.wantEvent("no second call")
	})
}

func TestCallWaiting(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, first := h.talkIn()
		p, second := h.ringIn(sdp("in2"))
		held := h.async(func() error { return first.Hold(h.t.Context()) })
		h.respond(h.wantRequest("first on hold", sip.INVITE), 200, okContact, sdp("x", "a=recvonly"))
		h.wantSent("held", "ACK")
		h.wantErr("held", held(), nil)
		second.Accept(h.t.Context())
		h.wantSent("second answered", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("two calls", "established busy", "established held", "connecting", "established")
		if n := len(h.agent.State().Calls); n != 2 {
			t.Errorf("%d calls, want 2", n)
		}
	})
}

func TestRefusalsBeforeACall(t *testing.T) {
	noContact := func(s string) string { return strings.Replace(s, okContact+"\n", "", 1) }
	same := func(s string) string { return s }
	for name, tt := range map[string]struct {
		method string
		extra  []string
		edit   func(string) string
		want   string
		header string
	}{
		"unknown extension": {"INVITE", []string{"Require: precondition, timer, join, tdialog"}, same, "420 INVITE",
			"Unsupported: precondition, join, tdialog"},
		"known extension": {"OPTIONS", []string{"Require: outbound"}, same, "200 OPTIONS", ""},
		"unknown content": {"INVITE", []string{"Content-Type: text/plain", "body=hello"}, same, "415 INVITE",
			"Accept: application/sdp"},
		"encoded content": {"INVITE", []string{"Content-Encoding: gzip", "body=hello"}, same, "415 INVITE",
			"Accept-Encoding: identity"},
		"no Contact": {"INVITE", []string{sdp("in")}, noContact, "400 INVITE", ""},
		"method not allowed": {"PUBLISH", nil, same, "405 PUBLISH",
			"Allow: " + allowed(&Config{MessageTypes: []string{"text/plain"}})},
		"REGISTER to a phone": {"REGISTER", nil, same, "405 REGISTER",
			"Allow: " + allowed(&Config{MessageTypes: []string{"text/plain"}})},
		"unknown method":        {"DANCE", nil, same, "501 DANCE", ""},
		"BYE without dialog":    {"BYE", nil, same, "481 BYE", ""},
		"INFO without dialog":   {"INFO", nil, same, "481 INFO", ""},
		"UPDATE without dialog": {"UPDATE", nil, same, "481 UPDATE", ""},
		"OPTIONS": {"OPTIONS", nil, same, "200 OPTIONS",
			"Allow: " + allowed(&Config{MessageTypes: []string{"text/plain"}})},
		"unknown dialog": {"INFO", nil, func(s string) string {
			return strings.Replace(s, "To: <sip:1001@example.com>", "To: <sip:1001@example.com>;tag=gone", 1)
		}, "481 INFO", ""},
		"unknown scheme": {"OPTIONS", nil, func(s string) string {
			return "OPTIONS urn:service:sos SIP/2.0\n" + s[strings.Index(s, "\n")+1:]
		}, "416 OPTIONS", ""},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := h.caller("refused")
				h.recv(tt.edit(p.text(tt.method, 1, tt.extra...)))
				res := h.wantResponse(name, tt.want)
				field, value, _ := strings.Cut(tt.header, ": ")
				if got := res.GetHeader(field); field != "" && (got == nil || got.Value() != value) {
					t.Errorf("%s: %v, want %s", field, got, value)
				}
				h.wantEvent("no call")
			})
		})
	}
}

func TestOptionsTellsWhatWeCan(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.caller("options").send("OPTIONS")
		res := h.wantResponse("answered", "200 OPTIONS")
		for _, name := range []string{"Allow", "Accept", "Supported", "Contact"} {
			if res.GetHeader(name) == nil {
				t.Errorf("no %s (RFC 3261 section 11.2)", name)
			}
		}
		p, _ := h.talkIn()
		p.send("OPTIONS")
		h.wantSent("in a dialog too", "200 OPTIONS")
	})
}

func TestOwnOptions(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		code := 0
		asked := h.async(func() error {
			can, err := h.agent.Capabilities(h.t.Context(), "1002")
			code = can.Code
			return err
		})
		h.respond(h.wantRequest("asked", sip.OPTIONS), 404)
		h.wantErr("any answer is one", asked(), nil)
		if code != 404 {
			t.Errorf("code %d", code)
		}
		_, err := h.agent.Capabilities(h.t.Context(), "")
		h.wantErr("no target", err, ErrBadTarget)
	})
}

func TestMalformedIsAnsweredAndReported(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.recv("INVITE sip:1001@example.com SIP/7.0\nVia: SIP/7.0/WSS a.example;branch=z9hG4bKv7\nFrom: <sip:a@b>;tag=1\n" +
			"To: <sip:1001@example.com>\nCall-ID: v7\nCSeq: 1 INVITE\nMax-Forwards: 70\nContent-Length: 0\n\n")
		h.wantSent("unknown version", "505 INVITE")
		ev := h.wantEvent("reported", "fault")[0].(FaultEvent)
		var bad *wire.Error
		if !errors.As(ev.Err, &bad) || bad.Code != 505 {
			t.Errorf("fault %v", ev.Err)
		}
		h.recv("nonsense\n\n")
		h.wantEvent("reported", "fault")
		h.wantSent("and dropped")
		h.talkIn()
	})
}

func TestStrayResponsesAreIgnored(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.recv("SIP/2.0 200 OK\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKnone\nFrom: <sip:a@b>;tag=1\nTo: <sip:c@d>;tag=2\n" +
			"Call-ID: none\nCSeq: 1 INVITE\nContent-Length: 0\n\n")
		h.wantIdle("not ours")
	})
}
