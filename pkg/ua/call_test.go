package ua

import (
	"testing"
)

func TestRegisterThenCallOutAndHangUp(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkOut()
		h.wantErr("an answered call is established", call.Wait(h.t.Context()), nil)
		if err := call.Hangup(h.t.Context()); err != nil {
			t.Fatal(err)
		}
		bye := h.wantRequest("hanging up says so", "BYE")
		h.wantEvent("the BYE is out", "ending")
		h.respond(bye, 200)
		h.wantEvent("the BYE is answered", "ended hung up here")
		p.send("INFO")
		h.wantResponse("the dialog is gone", "481 INFO")
	})
}

func TestCallInAndRemoteHangup(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("BYE")
		h.wantResponse("a BYE is answered", "200 BYE")
		h.wantEvent("the other side hung up", "ended hung up there")
		if got := call.Info().State; got != CallEnded {
			t.Errorf("the handle says %v, want ended", got)
		}
	})
}
