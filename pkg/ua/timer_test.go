package ua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// unregistered keeps hours long stories free of REGISTER.
func unregistered(c *Config) { c.NoRegister = true }

// talkFor makes a call whose 200 carries extra.
func (h *harness) talkFor(extra ...string) (*peer, *Call) {
	h.t.Helper()
	h.begin()
	h.forget()
	call := h.dialTo("1002")
	invite := h.wantRequest("calling", sip.INVITE)
	wantHeader(h.t, invite, "Session-Expires", "1800")
	if !strings.Contains(header(invite, "Supported"), "timer") {
		h.t.Fatal("timer is not supported")
	}
	h.respond(invite, 200, append(extra, "tag=far", okContact, sdp("far"))...)
	h.wantSent("answered", "ACK")
	h.forget()
	return h.called(invite, "far"), call
}

func TestRefreshByUpdate(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: INVITE, ACK, UPDATE")
		for range 3 {
			h.advance(899 * time.Second)
			h.wantIdle("half of the interval is not over")
			h.advance(time.Second)
			update := h.wantRequest("half of the interval is over", sip.UPDATE)
			wantHeader(t, update, "Session-Expires", "1800;refresher=uac")
			if len(update.Body()) > 0 {
				t.Error("a refresh needs no description")
			}
			h.respond(update, 200, okContact, "Session-Expires: 1800;refresher=uac")
			h.wantIdle("the user is not told")
		}
	})
}

func TestRefreshByReinvite(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		_, call := h.talkFor("Session-Expires: 200;refresher=uac", "Allow: INVITE, ACK")
		h.advance(100 * time.Second)
		invite := h.wantRequest("the other side does not know UPDATE", sip.INVITE)
		wantHeader(t, invite, "Session-Expires", "200;refresher=uac")
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		h.wantIdle("the hold waits for its turn")
		h.respond(invite, 200, okContact, sdp("far"), "Session-Expires: 200;refresher=uac")
		msgs := h.wantSent("refreshed, then held", "ACK", "INVITE")
		wantHeader(t, msgs[1], "Session-Expires", "200;refresher=uac")
		h.respond(msgs[1].(*sip.Request), 200, okContact, sdp("far", "a=recvonly"), "Session-Expires: 200;refresher=uac")
		h.wantSent("held", "ACK")
		h.wantErr("held", held(), nil)
		h.wantEvent("only the hold is told", "established busy", "established held")
		h.advance(100 * time.Second)
		if body := string(h.wantRequest("the hold was a refresh too", sip.INVITE).Body()); !strings.Contains(body, "a=sendonly") {
			t.Errorf("a refresh ends the hold:\n%s", body)
		}
	})
}

func TestUpdateRefusedThenReinvite(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: UPDATE")
		h.advance(900 * time.Second)
		h.respond(h.wantRequest("refresh", sip.UPDATE), 405)
		h.wantSent("another way", "INVITE")
	})
}

func TestRefreshFails(t *testing.T) {
	for name, tt := range map[string]struct {
		code int
		sent []string
	}{
		"dialog unknown": {481, []string{"BYE"}},
		"timeout there":  {408, []string{"BYE"}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, unregistered, func(h *harness) {
				h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: UPDATE")
				h.advance(900 * time.Second)
				h.respond(h.wantRequest("refresh", sip.UPDATE), tt.code)
				h.respond(h.wantRequest("the session is gone", sip.BYE), 481)
				h.wantEvent("ended", "ending", "ended connection lost")
			})
		})
	}
	t.Run("no answer", func(t *testing.T) {
		play(t, unregistered, func(h *harness) {
			h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: UPDATE")
			h.advance(932 * time.Second)
			h.wantSent("32 s without answer", "UPDATE", "BYE")
			h.forget()
		})
	})
	t.Run("refused for now", func(t *testing.T) {
		play(t, unregistered, func(h *harness) {
			h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: UPDATE")
			h.advance(900 * time.Second)
			h.respond(h.wantRequest("refresh", sip.UPDATE), 500)
			h.advance(433 * time.Second)
			h.wantIdle("half of what is left of 868 s")
			h.advance(time.Second)
			h.respond(h.wantRequest("again", sip.UPDATE), 200, okContact, "Session-Expires: 1800;refresher=uac")
			h.advance(899 * time.Second)
			h.wantIdle("refreshed")
		})
	})
}

func TestRefreshRaisedBy422(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.talkFor("Session-Expires: 1800;refresher=uac", "Allow: UPDATE")
		h.advance(900 * time.Second)
		h.respond(h.wantRequest("refresh", sip.UPDATE), 422, "Min-SE: 3600")
		again := h.wantRequest("with what the other side wants", sip.UPDATE)
		wantHeader(t, again, "Session-Expires", "3600;refresher=uac")
		wantHeader(t, again, "Min-SE", "3600")
		h.respond(again, 422, "Min-SE: 3600")
		h.wantIdle("a 422 that asks for no more is a refusal")
	})
}

func TestTheirRefreshFailsToCome(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		p, _ := h.talkFor("Session-Expires: 1800;refresher=uas")
		h.advance(1000 * time.Second)
		p.send("UPDATE", "Session-Expires: 1800;refresher=uac", "Supported: timer")
		ok := h.wantResponse("refreshed", "200 UPDATE")
		wantHeader(t, ok, "Session-Expires", "1800;refresher=uac")
		wantHeader(t, ok, "Require", "timer")
		h.advance(1767 * time.Second)
		h.wantIdle("1800 s less 32 s")
		h.advance(time.Second)
		bye := h.wantRequest("nobody has refreshed", sip.BYE)
		wantHeader(t, bye, "Reason", `SIP;cause=408;text="session timer"`)
		h.respond(bye, 200)
		h.wantEvent("ended", "ending", "ended timeout")
	})
}

func TestNoTimerWithoutSessionExpires(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.talkFor()
		h.advance(2 * time.Hour)
		h.wantIdle("no timer was agreed on")
	})
}

func TestInvite422(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.begin()
		h.forget()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 422, "Min-SE: 7200")
		again := h.wantSent("with what the proxy wants", "ACK", "INVITE")[1].(*sip.Request)
		wantHeader(t, again, "Session-Expires", "7200")
		wantHeader(t, again, "Min-SE", "7200")
		if *again.CallID() != *invite.CallID() || again.From().Value() != invite.From().Value() || again.CSeq().SeqNo != 2 {
			t.Errorf("another call:\n%s", again)
		}
		h.respond(again, 422, "Min-SE: 100")
		h.wantSent("that makes no sense", "ACK")
		h.wantEvent("refused", "preparing", "calling", "ended other")
	})
}

// The table is that of RFC 4028 section 9.
func TestRefresherOfAnIncomingCall(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		want    string
		require string
	}{
		"knows timers, no wish": {[]string{"Supported: timer"}, "1800;refresher=uac", "timer"},
		"wishes an interval":    {[]string{"Supported: timer", "Session-Expires: 300"}, "300;refresher=uac", "timer"},
		"wishes to refresh": {[]string{"Supported: timer", "Session-Expires: 300;refresher=uac"}, "300;refresher=uac",
			"timer"},
		"wishes us to refresh": {[]string{"Supported: timer", "Session-Expires: 300;refresher=uas"}, "300;refresher=uas",
			"timer"},
		"a proxy wishes":                {[]string{"Session-Expires: 300"}, "300;refresher=uas", ""},
		"compact names":                 {[]string{"k: timer", "x: 300"}, "300;refresher=uac", "timer"},
		"at least":                      {[]string{"Supported: timer", "Min-SE: 7200"}, "7200;refresher=uac", "timer"},
		"knows no timers":               {nil, "", ""},
		"a proxy wishes the impossible": {[]string{"Session-Expires: 1"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.ringIn(append(tt.headers, sdp("in"))...)
				call.Accept(h.t.Context())
				ok := h.wantResponse("accepted", "200 INVITE")
				wantHeader(t, ok, "Session-Expires", tt.want)
				wantHeader(t, ok, "Require", tt.require)
				h.forget()
			})
		})
	}
}

func TestTooSmallAnInterval(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.caller("small").send("INVITE", "Supported: timer", "Session-Expires: 60", sdp("in"))
		wantHeader(t, h.wantResponse("too small", "422 INVITE"), "Min-SE", "90")
		p, _ := h.talkIn()
		p.send("UPDATE", "Supported: timer", "Session-Expires: 60")
		wantHeader(t, h.wantResponse("too small in a dialog too", "422 UPDATE"), "Min-SE", "90")
	})
}

func TestWeRefreshAnIncomingCall(t *testing.T) {
	play(t, unregistered, func(h *harness) {
		h.begin()
		h.forget()
		p, call := h.ringIn(sdp("in"), "Session-Expires: 300", "Allow: UPDATE")
		call.Accept(h.t.Context())
		h.wantSent("accepted", "200 INVITE")
		h.recv(p.text("ACK", 1))
		h.forget()
		h.advance(150 * time.Second)
		update := h.wantRequest("half", sip.UPDATE)
		wantHeader(t, update, "Session-Expires", "300;refresher=uac")
		h.respond(update, 200, okContact)
		h.advance(10 * time.Minute)
		h.wantIdle("a 200 without Session-Expires ends the timer")
	})
}

func TestSessionTimerOff(t *testing.T) {
	play(t, func(c *Config) { c.SessionExpires = -1 }, func(h *harness) {
		h.start()
		h.dialTo("1002")
		wantHeader(t, h.wantRequest("calling", sip.INVITE), "Session-Expires", "")
		h.forget()
	})
}
