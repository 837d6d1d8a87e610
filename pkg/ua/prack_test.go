package ua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

func header(m sip.Message, name string) string {
	var values []string
	for _, h := range m.GetHeaders(name) {
		values = append(values, h.Value())
	}
	return strings.Join(values, ", ")
}

func wantHeader(t *testing.T, m sip.Message, name, want string) {
	t.Helper()
	if got := header(m, name); got != want {
		t.Fatalf("%s of %s is %q, want %q", name, label(m), got, want)
	}
}

func TestPrackOnceAndInOrder(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=far", okContact, "Require: 100rel", "RSeq: 7", sdp("early"))
		prack := h.wantRequest("a reliable response is acknowledged", sip.PRACK)
		wantHeader(t, prack, "RAck", "7 1 INVITE")
		if got := prack.Recipient.String(); got != "sip:peer@192.0.2.9;transport=ws" {
			t.Errorf("PRACK to %s", got)
		}
		h.respond(prack, 200)
		h.wantEvent("early audio", "preparing", "calling", "calling", "calling early")
		h.respond(invite, 183, "tag=far", okContact, "Require: 100rel", "RSeq: 7", sdp("early"))
		h.wantIdle("what comes again is acknowledged already")
		h.respond(invite, 180, "tag=far", okContact, "Require: 100rel", "RSeq: 9")
		h.wantIdle("the one before is missing, so this one will come again")
		h.respond(invite, 180, "tag=far", okContact, "Require: 100rel", "RSeq: 8")
		second := h.wantRequest("in order", sip.PRACK)
		wantHeader(t, second, "RAck", "8 1 INVITE")
		if second.CSeq().SeqNo != prack.CSeq().SeqNo+1 {
			t.Errorf("PRACK numbers %d, %d", prack.CSeq().SeqNo, second.CSeq().SeqNo)
		}
		h.respond(invite, 200, "tag=far", okContact)
		h.wantSent("the answer came before", "ACK")
		h.wantEvent("answered", "ringing early", "connecting early", "established")
	})
}

func TestReliableAnswerIsFinal(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 183, "tag=far", okContact, "Require: 100rel", "RSeq: 1", sdp("early"))
		h.respond(invite, 200, "tag=far", okContact, sdp("other"))
		h.wantSent("a description in the 200 after a reliable answer is ignored", "PRACK", "ACK")
		if got := h.media.last().history(); got != "offer sendrecv, set early" {
			t.Errorf("audio: %s", got)
		}
		h.forget()
	})
}

func TestPrackOfEachFork(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		for _, tag := range []string{"a", "b"} {
			h.respond(invite, 183, "tag="+tag, okContact, "Require: 100rel", "RSeq: 1", sdp(tag))
			prack := h.wantRequest("each dialog counts for itself", sip.PRACK)
			wantHeader(t, prack, "RAck", "1 1 INVITE")
			if got := tagOf(prack.To().Params); got != tag {
				t.Errorf("PRACK to dialog %q, want %q", got, tag)
			}
		}
		call.Hangup(h.t.Context())
		h.respond(invite, 180, "tag=a", okContact, "Require: 100rel", "RSeq: 2")
		h.wantSent("a call we give up still owes its PRACK", "CANCEL", "PRACK")
		h.forget()
	})
}

func TestReliableOff(t *testing.T) {
	play(t, func(c *Config) { c.Reliable1xx = ReliableOff }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		if strings.Contains(header(invite, "Supported"), "100rel") {
			t.Error("100rel is offered")
		}
		h.forget()
		h.caller("refused").send("INVITE", "Require: 100rel", sdp("in"))
		wantHeader(t, h.wantResponse("not known", "420 INVITE"), "Unsupported", "100rel")
	})
}

func TestReliableRequired(t *testing.T) {
	play(t, func(c *Config) { c.Reliable1xx = ReliableRequired }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		wantHeader(t, h.wantRequest("calling", sip.INVITE), "Require", "100rel")
		h.forget()
		h.caller("refused").send("INVITE", sdp("in"))
		wantHeader(t, h.wantResponse("the caller has to know it", "421 INVITE"), "Require", "100rel")
		p := h.caller("good")
		p.send("INVITE", "Supported: 100rel", sdp("in"))
		wantHeader(t, h.wantSent("rings reliably", "100 INVITE", "180 INVITE")[1], "Require", "100rel")
		h.wantEvent("rings", "incoming")
	})
}

// ringReliably lets a call come in that wants PRACK, and returns its RSeq.
func (h *harness) ringReliably(extra ...string) (*peer, *Call, int) {
	h.t.Helper()
	p := h.caller("reliable")
	p.send("INVITE", append(extra, "Require: 100rel")...)
	ringing := h.wantSent("rings reliably", "100 INVITE", "180 INVITE")[1]
	p.remote = ringing.To().Value()
	seq := 0
	fmt.Sscan(header(ringing, "RSeq"), &seq)
	if seq < 1 || seq > 1<<31-1 {
		h.t.Fatalf("RSeq %d", seq)
	}
	return p, h.wantEvent("rings", "incoming")[0].(IncomingCallEvent).Call, seq
}

func rack(seq int) string { return fmt.Sprintf("RAck: %d 1 INVITE", seq) }

func TestRingingIsRepeatedUntilPrack(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call, seq := h.ringReliably(sdp("in"))
		h.advance(499 * time.Millisecond)
		h.wantIdle("T1 is not over")
		h.advance(time.Millisecond)
		wantHeader(t, h.wantResponse("after T1", "180 INVITE"), "RSeq", fmt.Sprint(seq))
		h.advance(999 * time.Millisecond)
		h.wantIdle("the interval has doubled")
		h.advance(time.Millisecond)
		h.wantSent("after 2*T1 more", "180 INVITE")
		for _, wrong := range []string{rack(seq + 1), fmt.Sprintf("RAck: %d 2 INVITE", seq),
			fmt.Sprintf("RAck: %d 1 UPDATE", seq), "X-None: 1"} {
			p.send("PRACK", wrong)
			h.wantSent(wrong+" matches nothing", "481 PRACK")
		}
		p.send("PRACK", rack(seq))
		h.wantSent("matches", "200 PRACK")
		p.send("PRACK", rack(seq))
		h.wantSent("acknowledged already", "481 PRACK")
		h.advance(40 * time.Second)
		h.wantIdle("no repetition after the PRACK")
		h.advance(18*time.Second + 500*time.Millisecond)
		wantHeader(t, h.wantResponse("the minute's ringing is a new one", "180 INVITE"), "RSeq", fmt.Sprint(seq+1))
		call.Accept(h.t.Context())
		h.wantSent("nothing in the 180 the answer would have to wait for", "200 INVITE")
		p.send("PRACK", rack(seq+1))
		h.wantSent("still welcome after the 200", "200 PRACK")
		h.recv(p.text("ACK", 1))
		h.wantEvent("answered", "connecting", "established")
	})
}

func TestNoPrackEndsTheCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.ringReliably(sdp("in"))
		h.advance(32 * time.Second)
		h.wantSent("0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s, then 64*T1 are over",
			"180 INVITE", "180 INVITE", "180 INVITE", "180 INVITE", "180 INVITE", "180 INVITE", "504 INVITE")
		h.wantEvent("given up", "ended timeout")
	})
}

func TestProgressThenAccept(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"), "Supported: 100rel")
		progress := h.async(func() error { return call.Progress(h.t.Context()) })
		res := h.wantResponse("audio before the answer", "183 INVITE")
		wantHeader(t, res, "Content-Type", "application/sdp")
		accept := h.async(func() error { return call.Accept(h.t.Context()) })
		h.wantIdle("the 200 waits for the PRACK of a description")
		p.send("PRACK", "RAck: "+header(res, "RSeq")+" 1 INVITE")
		ok := h.wantSent("now it goes", "200 PRACK", "200 INVITE")[1]
		if len(ok.Body()) > 0 {
			t.Error("the answer is given twice")
		}
		h.wantErr("progress", progress(), nil)
		h.wantErr("accept", accept(), nil)
		h.recv(p.text("ACK", 1))
		h.wantEvent("answered", "ringing early", "connecting", "established")
	})
}

func TestProgressNeedsReliability(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.wantErr("the caller does not know 100rel", call.Progress(h.t.Context()), ErrState)
		h.wantIdle("nothing is sent")
	})
}

func TestProgressWithoutMicrophoneRingsOn(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"), "Supported: 100rel")
		h.media.fail = media.ErrPermission
		h.wantErr("no microphone", call.Progress(h.t.Context()), media.ErrPermission)
		h.media.fail = nil
		call.Accept(h.t.Context())
		h.wantSent("rings on and can be answered", "200 INVITE")
		h.recv(p.text("ACK", 1))
		h.wantEvent("answered", "connecting", "established")
	})
}

func TestReliableLateOffer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.caller("late")
		p.send("INVITE", "Require: 100rel")
		p.remote = "<sip:1001@example.com>;tag=" + tagOf(h.wantSent("a 180 would need an offer", "100 INVITE")[0].To().Params)
		call := h.wantEvent("rings", "incoming")[0].(IncomingCallEvent).Call
		progress := h.async(func() error { return call.Progress(h.t.Context()) })
		res := h.wantResponse("our offer", "183 INVITE")
		p.remote = res.To().Value()
		p.send("PRACK", "RAck: "+header(res, "RSeq")+" 1 INVITE", sdp("answer"))
		h.wantSent("PRACK carries the answer", "200 PRACK")
		h.wantErr("progress", progress(), nil)
		call.Accept(h.t.Context())
		if ok := h.wantResponse("answered", "200 INVITE"); len(ok.Body()) > 0 {
			t.Error("offered twice")
		}
		h.recv(p.text("ACK", 1))
		if got := h.media.last().history(); got != "offer sendrecv, set answer" {
			t.Errorf("audio: %s", got)
		}
		h.forget()
	})
}

func TestOfferInPrack(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"), "Supported: 100rel")
		progress := h.async(func() error { return call.Progress(h.t.Context()) })
		res := h.wantResponse("audio before the answer", "183 INVITE")
		p.send("PRACK", "RAck: "+header(res, "RSeq")+" 1 INVITE", sdp("again"))
		ok := h.wantResponse("a new offer is answered in the 200", "200 PRACK")
		if !strings.HasPrefix(string(ok.Body()), "v=0") {
			t.Error("no answer in the 200 to PRACK")
		}
		h.wantErr("progress", progress(), nil)
		h.forget()
	})
}
