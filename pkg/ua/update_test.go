package ua

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

func TestUpdateInEarlyDialogOfOurCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		p := h.called(invite, "far")
		h.respond(invite, 183, "tag=far", okContact, sdp("early"))
		p.send("UPDATE", sdp("new"))
		h.wantSent("our offer has no final answer yet", "491 UPDATE")
		h.respond(invite, 183, "tag=far", okContact, "Require: 100rel", "RSeq: 1", sdp("early"))
		h.wantSent("now it has", "PRACK")
		p.send("UPDATE", sdp("new", "a=sendonly"))
		ok := h.wantResponse("a new offer in the early dialog", "200 UPDATE")
		if !strings.HasPrefix(string(ok.Body()), "v=0") {
			t.Error("no answer")
		}
		h.respond(invite, 200, "tag=far", okContact)
		h.wantSent("answered", "ACK")
		h.wantEvent("what the update said holds", "preparing", "calling", "calling", "calling early", "connecting early",
			"established remote-held")
		if got := h.media.last().history(); got != "offer sendrecv, set early, answer new sendrecv" {
			t.Errorf("audio: %s", got)
		}
	})
}

func TestUpdateInEarlyDialogOfTheirCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"), "Supported: 100rel")
		p.send("UPDATE", sdp("new"))
		res := h.wantResponse("their offer is not answered yet", "500 UPDATE")
		if header(res, "Retry-After") == "" {
			t.Error("no Retry-After")
		}
		progress := h.async(func() error { return call.Progress(h.t.Context()) })
		res = h.wantResponse("answered early", "183 INVITE")
		p.send("PRACK", "RAck: "+header(res, "RSeq")+" 1 INVITE")
		h.wantSent("acknowledged", "200 PRACK")
		h.wantErr("progress", progress(), nil)
		p.send("UPDATE", sdp("new"))
		h.wantSent("now an update is welcome", "200 UPDATE")
		h.forget()
		call.Accept(h.t.Context())
		h.wantSent("accepted", "200 INVITE")
		h.recv(p.text("ACK", 1))
		h.wantEvent("established", "connecting", "established")
	})
}

func TestUpdateMovesTheTarget(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		text := strings.Replace(p.text("UPDATE", p.seq+1), okContact, "Contact: <sip:moved@192.0.2.10;transport=ws>", 1)
		h.recv(text)
		ok := h.wantResponse("no description, so none in the 200", "200 UPDATE")
		if len(ok.Body()) > 0 || header(ok, "Contact") == "" {
			t.Errorf("200 to UPDATE:\n%s", ok)
		}
		call.Hangup(h.t.Context())
		bye := h.wantRequest("to the new target", sip.BYE)
		if got := bye.Recipient.String(); got != "sip:moved@192.0.2.10;transport=ws" {
			t.Errorf("BYE to %s", got)
		}
		h.forget()
	})
}

func TestUpdateMeetsUpdate(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		gate := make(chan struct{})
		h.media.last().block = gate
		p.send("UPDATE", sdp("one"))
		h.wantIdle("the answer takes its time")
		p.send("UPDATE", sdp("two"))
		if res := h.wantResponse("one at a time", "500 UPDATE"); header(res, "Retry-After") == "" {
			t.Error("no Retry-After")
		}
		close(gate)
		h.wantSent("the first is answered", "200 UPDATE")
	})
}

func TestUpdateMeetsOurOffer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		invite := h.wantRequest("our offer", sip.INVITE)
		p.send("UPDATE", sdp("theirs"))
		h.wantSent("ours is out", "491 UPDATE")
		h.respond(invite, 200, okContact, sdp("held", "a=recvonly"))
		h.wantSent("ours goes on", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
	})
}

func TestCallEndsWhileAnUpdateIsAnswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		h.media.last().block = make(chan struct{})
		p.send("UPDATE", sdp("one"))
		p.send("BYE")
		h.wantSent("nothing stays open", "200 BYE", "487 UPDATE")
		close(h.media.last().block)
		h.forget()
	})
}

// A hold that is pressed while an offer of theirs is being answered in the early dialog leaves when that is done, however it
// ends.
func TestHoldWaitsForTheEndOfAnEarlyUpdate(t *testing.T) {
	for name, fail := range map[string]error{"200": nil, "488": media.ErrBadSDP} {
		t.Run(name, func(t *testing.T) {
			play(t, func(c *Config) { c.SessionExpires = -1 }, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				h.respond(invite, 183, "tag=far", okContact, "Require: 100rel", "RSeq: 1", sdp("early"))
				h.respond(h.wantRequest("acknowledged", sip.PRACK), 200)
				s := h.media.last()
				s.block = make(chan struct{})
				s.failWith("answer", fail)
				h.called(invite, "far").send("UPDATE", sdp("update"))
				h.respond(invite, 200, "tag=far", okContact)
				h.wantSent("answered while the UPDATE is not", "ACK")
				held := h.async(func() error { return call.Hold(h.t.Context()) })
				h.wantSent("one offer at a time")
				close(s.block)
				msgs := h.wantSent("the UPDATE is answered, then ours goes", name+" UPDATE", "INVITE")
				h.respond(msgs[1].(*sip.Request), 200, okContact, sdp("held", "a=recvonly"))
				h.wantSent("held", "ACK")
				h.wantErr("held", held(), nil)
				h.forget()
			})
		})
	}
}
