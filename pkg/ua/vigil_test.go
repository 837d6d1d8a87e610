package ua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// repair loses the connection in a call and repairs its dialog over the next one. No packet comes afterwards.
func (h *harness) repair() {
	h.t.Helper()
	h.loseAndRegister()
	h.media.silent.Store(true)
	h.respond(h.wantRequest("repair", sip.INVITE), 200, okContact, sdp("back"))
	h.wantSent("agreed", "ACK")
}

func TestSilentCallIsAskedForAfterARepair(t *testing.T) {
	for name, talk := range map[string]func(*harness) (*peer, *Call){"out": (*harness).talkOut, "in": (*harness).talkIn} {
		for _, code := range []int{200, 401, 404, 405, 407, 486, 488, 500, 501, 0} {
			t.Run(fmt.Sprint(name, code), func(t *testing.T) {
				play(t, func(c *Config) { c.SessionExpires = -1 }, func(h *harness) {
					h.start()
					_, call := talk(h)
					h.advance(time.Minute)
					h.wantSent("a call that never lost its connection is not asked for")
					h.repair()
					for range 3 {
						h.advance(vigilStep)
						if req := h.wantRequest("is it still there", sip.OPTIONS); code > 0 {
							h.respond(req, code)
						} else {
							h.advance(30 * time.Second)
							h.wantSent("no answer says nothing, and is waited for")
						}
					}
					h.media.silent.Store(false)
					h.advance(vigilSlow)
					h.wantGoesOn("the audio says that it is there", call)
					h.media.silent.Store(true)
					h.advance(vigilStep)
					h.wantRequest("silent again", sip.OPTIONS)
					h.forget()
				})
			})
		}
	}
}

func TestCallThatIsGoneIsNoticedAfterARepair(t *testing.T) {
	for _, code := range []int{481, 408} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				_, call := h.talkOut()
				h.repair()
				h.advance(vigilStep)
				h.respond(h.wantRequest("is it still there", sip.OPTIONS), code)
				h.respond(h.wantRequest("over here too", sip.BYE), 481)
				if info := call.Info(); info.State != CallEnded || info.Cause.Code != code ||
					!strings.Contains(info.Cause.Explanation, "no longer in this call") {
					t.Errorf("%+v", info)
				}
				h.forget()
				h.advance(time.Minute)
				h.wantSent("nothing more")
			})
		})
	}
}

// TestCallThatIsGoneIsNoticedByItsQuietPath: a path that is silent after a repair is renewed before the first question.
func TestCallThatIsGoneIsNoticedByItsQuietPath(t *testing.T) {
	for repaired, want := range map[bool]CauseKind{true: CauseHangupRemote, false: CauseConnectionLost} {
		t.Run(fmt.Sprint("repaired ", repaired), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.media.restarts = true
				h.start()
				_, call := h.talkOut()
				if repaired {
					h.repair()
				}
				h.media.silent.Store(true)
				h.media.last().states <- media.StateDisconnected
				h.advance(hearingLimit)
				h.respond(h.wantRequest("no packets", sip.INVITE), 481)
				h.respond(h.wantSent("over here too", "ACK", "BYE")[1].(*sip.Request), 481)
				if info := call.Info(); info.State != CallEnded || info.Cause.Kind != want || info.Cause.Code != 481 {
					t.Errorf("%+v, want %v", info, want)
				}
				h.forget()
			})
		})
	}
}

func TestQuestionsAreFewerAfterAMinute(t *testing.T) {
	play(t, func(c *Config) { c.SessionExpires = -1 }, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.repair()
		ask := func(d time.Duration) (n int) {
			for ; d > 0; d -= vigilStep {
				h.advance(vigilStep)
				for _, m := range h.sent {
					h.respond(m.(*sip.Request), 200)
					n++
				}
				h.sent = nil
			}
			return n
		}
		if n := ask(time.Minute); n != vigilQuick {
			t.Errorf("asked %d times in the first minute, want %d", n, vigilQuick)
		}
		if n := ask(10 * time.Minute); n < 9 || n > 11 {
			t.Errorf("asked %d times in the next 10, want once a minute", n)
		}
		if call.Info().State != CallEstablished {
			t.Errorf("%+v", call.Info())
		}
		h.forget()
	})
}

func TestNoQuestionsWhileTheConnectionIsLost(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.talkOut()
		h.repair()
		h.lose()
		h.advance(maxBackoffCall * 5 / 4)
		register := h.wantRequest("registering", sip.REGISTER)
		h.advance(20 * time.Second)
		h.wantSent("nothing before it is back")
		h.grant(register, 600)
		h.respond(h.wantRequest("repair", sip.INVITE), 200, okContact, sdp("back"))
		h.wantSent("agreed", "ACK")
		h.advance(vigilStep)
		h.wantRequest("asked anew", sip.OPTIONS)
		h.forget()
	})
}
