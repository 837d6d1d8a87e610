package ua

import (
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// news is a NOTIFY of the other side about the REFER.
func (p *peer) news(state string, status string, extra ...string) {
	p.h.t.Helper()
	body := ""
	if status != "" {
		body = "body=SIP/2.0 " + status + "\r\n"
	}
	p.send("NOTIFY", append([]string{"Event: refer", "Subscription-State: " + state, "Content-Type: message/sipfrag", body},
		extra...)...)
}

func (h *harness) blind(call *Call, target string) (func() error, *sip.Request) {
	h.t.Helper()
	result := h.async(func() error { return call.Transfer(h.t.Context(), target) })
	h.wantEvent("under way", "established busy")
	return result, h.wantRequest("the other side is sent there", sip.REFER)
}

func TestBlindTransfer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		wantHeader(t, refer, "Refer-To", "<sip:1003@example.com>")
		wantHeader(t, refer, "Referred-By", "<sip:1001@example.com>")
		h.respond(refer, 202)
		h.wantEvent("agreed", "transfer trying 202")
		p.news("active;expires=60", "100 Trying")
		h.wantEvent("tries", "transfer trying 100")
		p.news("active;expires=60", "180 Ringing")
		h.wantEvent("rings", "transfer progress 180")
		p.news("terminated;reason=noresource", "200 OK")
		msgs := h.wantSent("each NOTIFY is answered, and the call ends", "200 NOTIFY", "200 NOTIFY", "200 NOTIFY", "BYE")
		h.wantEvent("answered", "transfer succeeded 200", "ending")
		h.wantErr("transfer", result(), nil)
		h.respond(msgs[3].(*sip.Request), 200)
		h.wantEvent("over", "ended transferred")
	})
}

func TestTransferRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		then func(h *harness, p *peer, refer *sip.Request)
		want []string
		code int
	}{
		"by the other side": {func(h *harness, p *peer, refer *sip.Request) { h.respond(refer, 603) },
			[]string{"transfer failed 603", "established"}, 603},
		"by the target": {func(h *harness, p *peer, refer *sip.Request) {
			h.respond(refer, 202)
			p.news("active", "100 Trying")
			p.news("terminated;reason=noresource", "486 Busy Here")
			h.wantSent("answered", "200 NOTIFY", "200 NOTIFY")
		}, []string{"transfer trying 202", "transfer trying 100", "transfer failed 486", "established"}, 486},
		"NOTIFY before the 202": {func(h *harness, p *peer, refer *sip.Request) {
			p.news("active", "100 Trying")
			h.respond(refer, 202)
			p.news("terminated", "404 Not Found", fmt.Sprintf("Event: refer;id=%d", refer.CSeq().SeqNo))
			h.wantSent("answered", "200 NOTIFY", "489 NOTIFY")
			p.news("terminated", "404 Not Found")
			h.wantSent("answered", "200 NOTIFY")
		}, []string{"transfer trying 100", "transfer trying 202", "transfer failed 404", "established"}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, call := h.talkOut()
				result, refer := h.blind(call, "1003")
				tt.then(h, p, refer)
				h.wantEvent("the call goes on", tt.want...)
				if res, ok := result().(interface{ Unwrap() error }).Unwrap().(*ResponseError); !ok || res.Code != tt.code {
					t.Errorf("error %v", result())
				}
				held := h.async(func() error { return call.Hold(h.t.Context()) })
				h.respond(h.wantRequest("and can be changed", sip.INVITE), 200, okContact, sdp("x", "a=recvonly"))
				h.wantSent("held", "ACK")
				h.wantErr("held", held(), nil)
				h.forget()
			})
		})
	}
}

func TestTransferWithoutNews(t *testing.T) {
	play(t, func(c *Config) { c.NoAnswer = 20 * time.Second }, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		h.respond(refer, 202)
		h.advance(52 * time.Second)
		h.wantEvent("NoAnswer and 64*T1 are over", "transfer trying 202", "transfer failed 0", "established")
		h.wantErr("nothing was heard", result(), ErrTimeout)
		p.news("active", "180 Ringing")
		h.wantSent("too late", "481 NOTIFY")
	})
}

func TestTransferIsTakenBack(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		h.wantErr("nothing to take back", call.CancelTransfer(h.t.Context()), ErrState)
		result, refer := h.blind(call, "1003")
		h.respond(refer, 202)
		p.news("active", "180 Ringing")
		h.wantSent("answered", "200 NOTIFY")
		h.wantErr("taken back", call.CancelTransfer(h.t.Context()), nil)
		h.wantEvent("the call goes on", "transfer trying 202", "transfer progress 180", "transfer failed 0", "established")
		h.wantErr("transfer", result(), ErrCanceled)
		p.news("terminated;reason=noresource", "200 OK")
		h.wantSent("nobody waits for the news any more, and the call does not end", "481 NOTIFY")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.respond(h.wantRequest("it can be changed", sip.INVITE), 200, okContact, sdp("x", "a=recvonly"))
		h.wantSent("held", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
	})
}

func TestTransferIsTakenBackBeforeItIsAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		h.wantErr("taken back", call.CancelTransfer(h.t.Context()), nil)
		h.wantErr("transfer", result(), ErrCanceled)
		h.respond(refer, 202)
		h.wantEvent("a late 202 changes nothing", "transfer failed 0", "established")
		again := h.async(func() error { return call.Transfer(h.t.Context(), "1004") })
		h.respond(h.wantRequest("it can be transferred again", sip.REFER), 603)
		if again() == nil {
			t.Error("the refusal of the second transfer is lost")
		}
		h.forget()
	})
}

func TestTransferSubscriptionEnds(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		h.respond(refer, 202)
		p.news("terminated;reason=timeout", "180 Ringing")
		h.wantSent("answered", "200 NOTIFY")
		h.wantEvent("nobody will tell", "transfer trying 202", "transfer failed 180", "established")
		h.wantErr("unknown", result(), ErrTimeout)
	})
}

func TestTransferWithoutSubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		h.respond(refer, 200, "Refer-Sub: false")
		h.wantSent("the other side has taken it over", "BYE")
		h.wantErr("transfer", result(), nil)
		h.wantEvent("no news will come", "transfer succeeded 200", "ending")
	})
}

func TestOtherSideLeavesDuringTransfer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		result, refer := h.blind(call, "1003")
		h.respond(refer, 202)
		p.send("BYE")
		h.wantSent("gone", "200 BYE")
		h.wantEvent("the outcome is not known", "transfer trying 202", "ended hung up there", "transfer failed 0")
		h.wantErr("unknown", result(), ErrState)
	})
}

func TestForeignNotify(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		p.news("active", "180 Ringing")
		h.wantSent("we have sent no REFER", "481 NOTIFY")
		_, refer := h.blind(call, "1003")
		h.respond(refer, 202)
		p.send("NOTIFY", "Event: presence", "Subscription-State: active")
		p.send("NOTIFY", "Event: refer;id=99", "Subscription-State: active")
		p.send("NOTIFY", "Event: refer")
		p.send("NOTIFY", "Event: refer;id="+fmt.Sprint(refer.CSeq().SeqNo), "Subscription-State: active",
			"Content-Type: message/sipfrag", "body=junk")
		h.wantSent("only what belongs to it counts", "489 NOTIFY", "481 NOTIFY", "400 NOTIFY", "200 NOTIFY")
		h.wantEvent("nothing is told", "transfer trying 202")
	})
}

// TestAttendedTransfer: 1001 talks to 1002, holds, asks 1003, and connects them.
func TestAttendedTransfer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		q, other := h.talkIn()
		result := h.async(func() error { return call.TransferTo(h.t.Context(), other) })
		invite := h.wantRequest("the other call is held first", sip.INVITE)
		h.respond(invite, 200, okContact, sdp("in", "a=recvonly"))
		refer := h.wantSent("then the first one is sent there", "ACK", "REFER")[1].(*sip.Request)
		h.wantEvent("under way", "established busy", "established busy", "established held")
		to, err := wire.ReferTo(refer)
		if err != nil {
			t.Fatal(err)
		}
		if got := to.Address.URI.String(); got != "sip:1002@example.com" {
			t.Errorf("Refer-To %s", got)
		}
		mine := other.s.dlg.id
		if want := (wire.DialogID{CallID: q.callID, ToTag: "far", FromTag: mine.local}); *to.Replaces != want {
			t.Errorf("Replaces %+v, want %+v", *to.Replaces, want)
		}
		h.respond(refer, 202)
		p.news("terminated;reason=noresource", "200 OK")
		h.wantSent("connected", "200 NOTIFY", "BYE")
		h.wantErr("transfer", result(), nil)
		h.wantEvent("told", "transfer trying 202", "transfer succeeded 200", "ending")
		q.send("BYE")
		h.wantSent("the target leaves the call it has replaced", "200 BYE")
		h.wantEvent("over", "ended hung up there")
	})
}

func TestAttendedTransferEndsBothCalls(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		_, other := h.talkIn()
		h.async(func() error { return call.TransferTo(h.t.Context(), other) })
		h.respond(h.wantRequest("held first", sip.INVITE), 488)
		refer := h.wantSent("a refused hold is no obstacle", "ACK", "REFER")[1].(*sip.Request)
		h.respond(refer, 202)
		p.news("terminated;reason=noresource", "200 OK")
		h.wantSent("connected", "200 NOTIFY", "BYE")
		h.advance(2 * time.Second)
		h.wantSent("the target has not left", "BYE")
		h.forget()
	})
}

func TestAttendedTransferOfWhatIsGone(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		q, other := h.talkIn()
		result := h.async(func() error { return call.TransferTo(h.t.Context(), other) })
		h.wantSent("held first", "INVITE")
		q.send("BYE")
		h.wantSent("but it ends", "200 BYE")
		h.wantErr("nothing to transfer to", result(), ErrState)
		if call.Info().State != CallEstablished || call.Info().Busy {
			t.Errorf("the first call is %+v", call.Info())
		}
		h.wantErr("of no use", call.TransferTo(h.t.Context(), other), ErrState)
		h.wantErr("of no use", call.TransferTo(h.t.Context(), call), ErrState)
		h.wantErr("of no use", call.TransferTo(h.t.Context(), nil), ErrState)
		h.wantErr("nowhere", call.Transfer(h.t.Context(), "a b@c d"), ErrBadTarget)
		h.forget()
	})
}

func TestTransferChallenged(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		_, refer := h.blind(call, "1003")
		h.respond(refer, 401, challenge("n1"))
		again := h.wantRequest("with credentials", sip.REFER)
		h.respond(again, 202)
		p.send("NOTIFY", "Event: refer;id="+fmt.Sprint(again.CSeq().SeqNo), "Subscription-State: active",
			"Content-Type: message/sipfrag", "body=SIP/2.0 180 Ringing\r\n")
		h.wantSent("the number of the last try names the subscription", "200 NOTIFY")
		h.wantEvent("told", "transfer trying 202", "transfer progress 180")
	})
}
