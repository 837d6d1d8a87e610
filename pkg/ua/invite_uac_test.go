package ua

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

func TestInviteOffersWhatTheEngineMade(t *testing.T) {
	play(t, func(c *Config) { c.Account.CLI = "4711" }, func(h *harness) {
		h.start()
		call, err := h.agent.Invite(h.t.Context(), "1002",
			InviteOptions{DisplayName: "Desk", Headers: []Header{{"X-Queue", "blue"}}})
		if err != nil {
			t.Fatal(err)
		}
		req := h.wantRequest("an INVITE", sip.INVITE)
		if got := req.Recipient.String(); got != "sip:1002@example.com" {
			t.Errorf("Request-URI %s", got)
		}
		if from := req.From(); from.Address.User != "4711" || from.DisplayName != "Demo 1001" {
			t.Errorf("From %s, want the CLI", from.Value())
		}
		if got := req.GetHeader("X-Queue"); got == nil || got.Value() != "blue" {
			t.Errorf("extra header %v", got)
		}
		if !strings.Contains(string(req.Body()), "a=sendrecv") {
			t.Errorf("body %q", req.Body())
		}
		h.wantEvent("made", "preparing", "calling")
		if got := call.Info(); got.Remote.User != "1002" || got.Dialled != "1002" || got.CallID != req.CallID().Value() {
			t.Errorf("info %+v", got)
		}
	})
}

func TestInviteRefusesBadInput(t *testing.T) {
	play(t, nil, func(h *harness) {
		_, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{})
		h.wantErr("no connection yet", err, ErrNotConnected)
		h.start()
		_, err = h.agent.Invite(h.t.Context(), "", InviteOptions{})
		h.wantErr("nothing dialled", err, ErrBadTarget)
		_, err = h.agent.Invite(h.t.Context(), "1002", InviteOptions{Headers: []Header{{"Via", "x"}}})
		h.wantErr("not the caller's header", err, ErrBadConfig)
		_, err = h.agent.Invite(h.t.Context(), "1002", InviteOptions{Headers: []Header{{"X-A", "x\r\nEvil: 1"}}})
		h.wantErr("header injection", err, ErrBadConfig)
		h.wantIdle("nothing was sent")
	})
}

func TestInviteAnswersAChallenge(t *testing.T) {
	for code, header := range map[int]string{401: "WWW-Authenticate", 407: "Proxy-Authenticate"} {
		play(t, nil, func(h *harness) {
			h.start()
			h.dialTo("1002")
			first := h.wantRequest("first", sip.INVITE)
			h.respond(first, code, header+strings.TrimPrefix(challenge("n1"), "WWW-Authenticate"))
			msgs := h.wantSent("ACK, then again with credentials", "ACK", "INVITE")
			second := msgs[1].(*sip.Request)
			checkRetry(t, first, second)
			if tagOf(second.To().Params) != "" {
				t.Error("the To tag of the 401 came back in a new INVITE")
			}
			if got := tagOf(msgs[0].To().Params); got != "srv" {
				t.Errorf("ACK has To tag %q, want that of the response", got)
			}
			h.respond(second, 200, "tag=far", okContact, sdp("far"))
			ack := h.wantRequest("answered", sip.ACK)
			if ack.CSeq().SeqNo != second.CSeq().SeqNo {
				t.Errorf("ACK has CSeq %d, want that of the INVITE", ack.CSeq().SeqNo)
			}
			if h.agent.State().Calls[0].State != CallEstablished {
				t.Error("not established")
			}
			h.forget()
		})
	}
}

func TestInviteWithWrongPasswordEnds(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		h.respond(h.wantRequest("first", sip.INVITE), 407, strings.Replace(challenge("n1"), "WWW", "Proxy", 1))
		second := h.wantSent("again", "ACK", "INVITE")[1].(*sip.Request)
		h.respond(second, 407, strings.Replace(challenge("n2"), "WWW", "Proxy", 1))
		h.wantSent("no third", "ACK")
		h.wantEvent("over", "preparing", "calling", "ended wrong credentials")
		var refused *ResponseError
		if err := call.Wait(h.t.Context()); !errors.As(err, &refused) || refused.Code != 407 {
			t.Errorf("Wait returned %v", err)
		}
	})
}

func TestInviteRefusalsAreSorted(t *testing.T) {
	for code, want := range map[int]CauseKind{403: CauseRejected, 404: CauseNotFound, 408: CauseNoAnswer, 480: CauseUnavailable,
		484: CauseNotFound, 486: CauseBusy, 488: CauseNotAcceptable, 500: CauseServer, 503: CauseServer, 600: CauseBusy,
		603: CauseRejected, 604: CauseNotFound, 606: CauseNotAcceptable, 302: CauseOther, 499: CauseOther} {
		play(t, nil, func(h *harness) {
			h.start()
			call := h.dialTo("1002")
			h.respond(h.wantRequest("calling", sip.INVITE), code)
			h.wantSent("a refusal is ACKed", "ACK")
			h.forget()
			if info := call.Info(); info.State != CallEnded || info.Cause.Kind != want || info.Code != code ||
				info.Cause.Explanation == "" {
				t.Errorf("%d: %+v, want %v", code, info, want)
			}
		})
	}
}

func TestInviteWithoutAnyResponseTimesOut(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		h.advance(32 * time.Second)
		h.wantRequest("no retransmission on a reliable transport", sip.INVITE)
		h.wantEvent("timer B", "preparing", "calling", "ended timeout")
		h.wantErr("timeout", call.Wait(h.t.Context()), ErrTimeout)
	})
}

func TestInviteNobodyAnswers(t *testing.T) {
	play(t, func(c *Config) { c.NoAnswer = 30 * time.Second }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, okContact)
		h.advance(30 * time.Second)
		cancel := h.wantRequest("given up", sip.CANCEL)
		h.respond(cancel, 200)
		h.respond(invite, 487)
		h.wantSent("the 487 is ACKed", "ACK")
		h.wantEvent("over", "preparing", "calling", "ringing", "ending", "ended no answer")
	})
}

func TestMicrophoneDeniedSendsNothing(t *testing.T) {
	for err, want := range map[error]CauseKind{media.ErrPermission: CauseMicPermission, media.ErrNoDevice: CauseNoMic,
		media.ErrDeviceBusy: CauseNoMic, media.ErrNoCodec: CauseNotAcceptable, errors.New("x"): CauseMedia} {
		play(t, nil, func(h *harness) {
			h.start()
			h.media.fail = fmt.Errorf("getting it: %w", err)
			call := h.dialTo("1002")
			h.wantSent("no INVITE without a microphone")
			h.wantEvent("said at once", "preparing", "ended "+want.String())
			h.wantErr("media", call.Wait(h.t.Context()), ErrMedia)
		})
	}
}

func TestHangupWhileTheMicrophoneIsAskedFor(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.media.gate = make(chan struct{})
		call := h.dialTo("1002")
		h.wantErr("hung up", call.Hangup(h.t.Context()), nil)
		close(h.media.gate)
		h.wantSent("the late microphone calls nobody")
		h.wantEvent("over", "preparing", "ended cancelled")
	})
}

func TestCancelWaitsForAProvisional(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.wantErr("hung up", call.Hangup(h.t.Context()), nil)
		h.wantSent("no CANCEL before a provisional response (RFC 3261 section 9.1)")
		h.respond(invite, 100)
		cancel := h.wantRequest("now", sip.CANCEL)
		if cancel.Via().Value() != invite.Via().Value() || cancel.Recipient.String() != invite.Recipient.String() ||
			cancel.CSeq().SeqNo != invite.CSeq().SeqNo {
			t.Errorf("CANCEL does not match its INVITE:\n%s", cancel)
		}
		h.respond(cancel, 200)
		h.respond(invite, 487)
		h.wantSent("487", "ACK")
		h.wantEvent("over", "preparing", "calling", "ending", "ended cancelled")
		h.wantErr("cancelled", call.Wait(h.t.Context()), ErrCanceled)
	})
}

func TestCancelWithoutFinalResponseEnds(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 180)
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("given up", sip.CANCEL), 200)
		h.advance(31 * time.Second)
		h.wantEvent("waiting", "preparing", "calling", "ringing", "ending")
		h.advance(time.Second)
		h.wantEvent("64*T1 after the CANCEL it is over", "ended cancelled")
	})
}

func TestInviteCancelCrossing200(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=far")
		call.Hangup(h.t.Context())
		h.wantRequest("given up", sip.CANCEL)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		msgs := h.wantSent("a 200 that crossed our CANCEL must be ended", "ACK", "BYE")
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("a repeated 200 is ACKed again", "ACK")
		h.respond(msgs[1].(*sip.Request), 200)
		h.wantEvent("over", "preparing", "calling", "ringing", "ending", "ended cancelled")
	})
}

func TestLate200AfterTheCallEnded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("hung up", sip.BYE), 200)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("its 200 is still ACKed", "ACK")
		h.respond(invite, 200, "tag=late", okContact, sdp("late"))
		h.respond(h.wantSent("a fork that answers after the end is ended too", "ACK", "BYE")[1].(*sip.Request), 200)
		h.wantEvent("one call, ended once", "preparing", "calling", "connecting", "established", "ending", "ended hung up here")
	})
}

func TestRetransmitted200IsAckedAgain(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		for range 3 {
			h.respond(invite, 200, "tag=far", okContact, sdp("far"))
			h.wantSent("every 200 is ACKed", "ACK")
		}
		if got := h.media.last().history(); got != "offer sendrecv, set far" {
			t.Errorf("media: %s, want the answer applied once", got)
		}
		h.forget()
	})
}

func TestForksOneWinsTheOthersEnd(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=a", okContact)
		h.respond(invite, 180, "tag=b", okContact)
		h.respond(invite, 200, "tag=b", okContact, sdp("b"))
		h.wantSent("the first 200 wins", "ACK")
		h.respond(invite, 200, "tag=a", okContact, sdp("a"))
		msgs := h.wantSent("the other fork is ended", "ACK", "BYE")
		if got := tagOf(msgs[1].To().Params); got != "a" {
			t.Errorf("BYE to %s", got)
		}
		h.respond(invite, 200, "tag=a", okContact, sdp("a"))
		h.wantSent("its retransmission is ACKed, no second BYE", "ACK")
		h.respond(msgs[1].(*sip.Request), 200)
		h.wantEvent("one call", "preparing", "calling", "ringing", "connecting", "established")
	})
}

func TestEarlyMediaIsAppliedOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=far", okContact, sdp("far"))
		h.wantEvent("heard", "preparing", "calling", "calling", "calling early")
		h.respond(invite, 183, "tag=far", okContact, sdp("far"))
		h.respond(invite, 180, "tag=far", okContact, sdp("far"))
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		h.wantSent("answered", "ACK")
		h.wantEvent("established at once: the answer is applied already", "ringing early", "connecting early", "established")
		if got := h.media.last().history(); got != "offer sendrecv, set far" {
			t.Errorf("media: %s", got)
		}
	})
}

func TestEarlyMediaOfTwoForks(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=a", okContact, sdp("a"))
		h.respond(invite, 183, "tag=b", okContact, sdp("b"))
		h.respond(invite, 200, "tag=b", okContact, sdp("b"))
		h.wantSent("answered", "ACK")
		first, second := h.media.sessions[0], h.media.sessions[1]
		if got := first.history(); got != "offer sendrecv, set a, clone" || !first.closed() {
			t.Errorf("first: %s, closed %v; want closed because the other fork won", got, first.closed())
		}
		if got := second.history(); got != "set b" || second.closed() {
			t.Errorf("second: %s, closed %v; want the call's audio", got, second.closed())
		}
		h.forget()
	})
}

func TestEarlyMediaOfAForkThatLostIsRenewed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=a", okContact, sdp("a"))
		h.respond(invite, 200, "tag=b", okContact, sdp("b"))
		msgs := h.wantSent("the audio answers another fork, so a new offer follows", "ACK", "INVITE")
		h.respond(msgs[1].(*sip.Request), 200, okContact, sdp("b2"))
		h.wantSent("renewed", "ACK")
		if got := h.media.last().history(); got != "offer sendrecv, set a, fresh sendrecv, set b2" {
			t.Errorf("media: %s", got)
		}
		h.forget()
	})
}

func TestAnswerThatCannotBeUsedEndsTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.media.last().failWith("set", media.ErrBadSDP)
		h.respond(invite, 200, "tag=far", okContact, sdp("far"))
		bye := h.wantSent("ACK, then BYE with the reason", "ACK", "BYE")[1].(*sip.Request)
		if got := bye.GetHeader("Reason"); got == nil || !strings.HasPrefix(got.Value(), "Q.850;cause=88;") {
			t.Errorf("Reason %v", got)
		}
		h.respond(bye, 200)
		h.wantEvent("over", "preparing", "calling", "connecting", "ending", "ended not acceptable")
	})
}

func TestAnswerWithoutSDPEndsTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 200, "tag=far", okContact)
		h.respond(h.wantSent("no answer to our offer", "ACK", "BYE")[1].(*sip.Request), 200)
		h.wantEvent("over", "preparing", "calling", "connecting", "ending", "ended protocol")
	})
}

func TestRecordRouteMakesTheRouteSet(t *testing.T) {
	for name, tt := range map[string]struct{ record, uri, routes string }{
		"loose": {"Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>", "sip:peer@192.0.2.9;transport=ws",
			"<sip:p2.example.com;lr> <sip:p1.example.com;lr>"},
		"strict": {"Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com>", "sip:p2.example.com",
			"<sip:p1.example.com;lr> <sip:peer@192.0.2.9;transport=ws>"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				h.respond(h.wantRequest("calling", sip.INVITE), 200, "tag=far", okContact, tt.record, sdp("far"))
				ack := h.wantRequest("answered", sip.ACK)
				call.Hangup(h.t.Context())
				for _, req := range []*sip.Request{ack, h.wantRequest("hung up", sip.BYE)} {
					var routes []string
					for _, r := range req.GetHeaders("Route") {
						routes = append(routes, r.Value())
					}
					if got := req.Recipient.String(); got != tt.uri {
						t.Errorf("%s goes to %s, want %s", req.Method, got, tt.uri)
					}
					if got := strings.Join(routes, " "); got != tt.routes {
						t.Errorf("%s has Route %s, want %s", req.Method, got, tt.routes)
					}
				}
				h.forget()
			})
		})
	}
}

func TestMediaFailureEndsTheCallWithAReason(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.talkOut()
		h.media.last().states <- media.StateFailed
		bye := h.wantRequest("no audio, no call", sip.BYE)
		if got := bye.GetHeader("Reason"); got == nil || !strings.HasPrefix(got.Value(), "Q.850;cause=41") {
			t.Errorf("Reason %v", got)
		}
		h.respond(bye, 200)
		h.wantEvent("over", "ending", "ended audio failed")
	})
}

func TestMediaFailureIsRestartedOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		h.talkOut()
		h.media.last().states <- media.StateFailed
		h.respond(h.wantRequest("a new path is offered", sip.INVITE), 200, okContact, sdp("new"))
		h.wantSent("taken", "ACK")
		h.wantEvent("the call goes on", "established busy", "established")
		h.media.last().states <- media.StateFailed
		h.respond(h.wantRequest("failed again without having connected", sip.BYE), 200)
		h.wantEvent("over", "ending", "ended audio failed")
	})
}

func TestHangupTwiceIsNoError(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.wantErr("once", call.Hangup(h.t.Context()), nil)
		h.wantErr("twice", call.Hangup(h.t.Context()), nil)
		h.respond(h.wantRequest("one BYE", sip.BYE), 481)
		h.wantErr("after the end", call.Hangup(h.t.Context()), nil)
		h.wantErr("no hold after the end", call.Hold(h.t.Context()), ErrState)
		h.wantEvent("over", "ending", "ended hung up here")
		if h.agent.Call(call.ID()) != nil {
			t.Error("an ended call is still found")
		}
	})
}

func TestByeIsAuthenticated(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		call.Hangup(h.t.Context())
		first := h.wantRequest("hung up", sip.BYE)
		h.respond(first, 407, strings.Replace(challenge("n1"), "WWW", "Proxy", 1))
		second := h.wantRequest("again", sip.BYE)
		checkRetry(t, first, second)
		h.respond(second, 200)
		h.wantEvent("over", "ending", "ended hung up here")
	})
}

func TestTooManyCalls(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		for range maxCalls {
			h.dialTo("1002")
		}
		_, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{})
		h.wantErr("enough", err, ErrTooManyCalls)
		h.forget()
		h.caller("one-more").send("INVITE", sdp("x"))
		h.wantResponse("enough", "486 INVITE")
	})
}

func TestCloneThatTakesNoAnswerIsClosed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=a", okContact, sdp("a"))
		h.media.unusable.Store(true)
		h.respond(invite, 183, "tag=b", okContact, sdp("b"))
		h.wantEvent("reported", "preparing", "calling", "calling", "calling early", "fault")
		if !h.media.last().closed() {
			t.Error("the clone stays open")
		}
		h.respond(invite, 200, "tag=a", okContact, sdp("a"))
		h.wantSent("the first fork has its audio", "ACK")
		if got := call.Info().State; got != CallEstablished {
			t.Errorf("call %v", got)
		}
		h.forget()
	})
}
