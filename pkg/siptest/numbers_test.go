//go:build !js

package siptest

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestBusyAfterRinging(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		c := attach(t, srv, "1001")
		start := time.Now()
		c.invite("sip:601@sip.test", "v=0\r\n")
		c.want("601 rings", "180")
		c.wantLater("then it is busy", "486")
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("busy after %v, want 2 s", took)
		}
		if call := srv.Calls()[0]; call.State != CallEnded || call.Cause != "486" || call.Number != "601" {
			t.Errorf("got %+v", call)
		}
	})
}

func TestDecline(t *testing.T) {
	srv := newServer(t)
	c := login(t, srv, "1001")
	sent := c.invite("sip:603@sip.test", "v=0\r\n")
	c.send(c.ackFailure(sent, c.want("603 declines", "603")))
	c.wantIdle("that is all")
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if len(srv.txns) != 0 {
		t.Errorf("%d transactions left after the ACK, want none", len(srv.txns))
	}
}

func TestRingsUntilCanceled(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		c := attach(t, srv, "1001")
		sent := c.invite("sip:604@sip.test", "v=0\r\n")
		ringing := c.want("604 rings", "180")
		time.Sleep(time.Hour)
		c.wantIdle("and rings")
		c.send(c.cancel(sent))
		if ok := c.want("CANCEL is answered", "200"); ok.toTag() != ringing.toTag() {
			t.Errorf("To tag of the 200: got %s, want the one of the 180, %s", ok.toTag(), ringing.toTag())
		}
		c.want("and ends it", "487")
	})
}

func TestHangsUpAfterAWhile(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	invite, ok := talkTo(c, p, "605")
	bye := c.want("605 hangs up", "BYE")
	if bye.toTag() != invite.fromTag() || bye.fromTag() != ok.toTag() || bye.uri != parseAddr(c.contact()).uri {
		t.Errorf("BYE is not in the dialog:\n%s", bye.bytes())
	}
	c.reply(bye, 200, "")
	c.send(c.inDialog("INFO", invite, ok))
	c.want("the dialog is gone", "481")
}

func TestAnswerWithoutACKIsRepeatedAndEnded(t *testing.T) {
	opts := quick
	opts.T1 = 5 * time.Millisecond
	srv := newServer(t, opts)
	c := login(t, srv, "1001")
	c.invite("sip:600@sip.test", newPhone(t, "PCMU").offer(nil))
	c.want("answer", "200")
	c.want("no ACK: the 200 is sent again", "200")
	for {
		if m := c.next("and again, until the call ends"); m.what() == "BYE" {
			return
		}
	}
}

func TestInDialogStrictness(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	invite, ok := talkTo(c, p, "600")
	wrong := c.inDialog("OPTIONS", invite, ok)
	wrong.uri = "sip:600@sip.test"
	c.send(wrong)
	c.want("a request in a dialog goes to the Contact", "404")
	first := c.inDialog("OPTIONS", invite, ok)
	second := c.inDialog("OPTIONS", invite, ok)
	c.send(second)
	c.want("OPTIONS in the dialog", "200")
	c.send(first)
	c.want("CSeq must grow", "500")
	for method, want := range map[string]string{"REFER": "603", "NOTIFY": "200", "MESSAGE": "200", "PRACK": "481", "FOO": "405"} {
		c.send(c.inDialog(method, invite, ok))
		c.want(method, want)
	}
	bad := c.inDialog("INFO", invite, ok)
	bad.add("Content-Type", "application/dtmf-relay")
	bad.body = []byte("Signal=X\r\n")
	c.send(bad)
	c.want("X is no tone", "415")
	offer := c.inDialog("INVITE", invite, ok)
	offer.add("Content-Type", "application/sdp")
	offer.body = []byte("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")
	c.send(offer)
	c.want("trying", "100")
	c.send(c.ackFailure(offer, c.want("an offer without audio is refused", "488")))
	p.hearEcho(3)
}

func TestReliableProvisionalResponse(t *testing.T) {
	inBubble(t, Options{Reliable1xx: true, RingTime: 20 * time.Second}, func(t *testing.T, srv *Server) {
		c := attach(t, srv, "1001")
		m := c.request("INVITE", "sip:601@sip.test")
		m.add("Supported", "100rel")
		sent := c.challenged(m)
		c.want("trying", "100")
		ringing := c.want("ringing", "180")
		if ringing.get("Require") != "100rel" || ringing.get("RSeq") != "1" {
			t.Errorf("got %s, want it reliable", ringing.bytes())
		}
		c.want("no PRACK: sent again", "180")
		prack := c.inDialog("PRACK", sent, ringing)
		prack.add("RAck", "1 "+strings.Fields(sent.get("CSeq"))[0]+" INVITE")
		c.send(prack)
		c.want("PRACK is answered", "200")
		c.wantLater("and the 180 is not sent again", "486")
	})
}

func TestReliableProvisionalResponseWithoutPRACK(t *testing.T) {
	inBubble(t, Options{RingTime: time.Hour}, func(t *testing.T, srv *Server) {
		c := attach(t, srv, "1001")
		m := c.request("INVITE", "sip:601@sip.test")
		m.add("Require", "100rel")
		c.challenged(m)
		c.want("trying", "100")
		for {
			if m := <-c.in; m.what() == "504" {
				return
			}
		}
	})
}

func TestSessionTimer(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	m := c.request("INVITE", "sip:600@sip.test")
	m.add("Supported", "timer")
	m.add("Session-Expires", "1")
	m.add("Content-Type", "application/sdp")
	m.body = []byte(p.offer(nil))
	sent := c.challenged(m)
	c.want("trying", "100")
	ok := c.want("answer", "200")
	if ok.get("Session-Expires") != "1;refresher=uac" || ok.get("Require") != "timer" {
		t.Errorf("got %s, want the session timer agreed", ok.bytes())
	}
	c.send(c.inDialog("ACK", sent, ok))
	refresh := c.inDialog("UPDATE", sent, ok)
	refresh.add("Supported", "timer")
	refresh.add("Session-Expires", "1;refresher=uas")
	c.send(refresh)
	c.want("UPDATE refreshes", "200")
	c.reply(c.want("now the server refreshes", "UPDATE"), 200, "")
	take := c.inDialog("UPDATE", sent, ok)
	take.add("Supported", "timer")
	take.add("Session-Expires", "1;refresher=uac")
	c.send(take)
	c.want("UPDATE refreshes", "200")
	c.want("a session that nobody refreshes ends", "BYE")
}

func TestTextIsSentBack(t *testing.T) {
	c := login(t, newServer(t), "1001")
	m := c.request("MESSAGE", "sip:600@sip.test")
	m.add("Content-Type", "text/plain")
	m.body = []byte("hello")
	c.challenged(m)
	c.want("taken", "200")
	back := c.want("and sent back", "MESSAGE")
	if string(back.body) != "hello" || !strings.Contains(back.get("From"), "sip:600@sip.test") ||
		back.uri != parseAddr(c.contact()).uri {
		t.Errorf("got\n%s", back.bytes())
	}
	c.reply(back, 200, "x")
}

func TestNumbersCanBeSwitchedOff(t *testing.T) {
	c := login(t, newServer(t, Options{NoNumbers: true}), "1001")
	c.challenged(c.request("INVITE", "sip:600@sip.test"))
	c.want("nobody there", "404")
}

func TestWaitsEnd(t *testing.T) {
	srv := NewServer()
	ctx, cancel := context.WithCancel(testContext(t))
	cancel()
	if err := srv.WaitRegistered(ctx, "1001"); err != context.Canceled {
		t.Errorf("got %v, want the context's error", err)
	}
	srv.Close()
	if _, err := srv.WaitMessage(testContext(t), func(Message) bool { return false }); err == nil {
		t.Error("a closed server has no more messages to wait for")
	}
}

func TestToneIsASineInMuLaw(t *testing.T) {
	for sample, want := range map[int]byte{0: 0xff, 32767: 0x80, -32767: 0x00, 1000: 0xce, -1000: 0x4e} {
		if got := muLaw(sample); got != want {
			t.Errorf("muLaw(%d): got %#x, want %#x", sample, got, want)
		}
	}
	loudest := byte(0xff)
	for _, b := range tonePacket(0) {
		loudest = min(loudest, b|0x80)
	}
	if loudest == 0xff || tonePacket(0)[0] != 0xff {
		t.Error("the tone must start at zero and be heard")
	}
}
