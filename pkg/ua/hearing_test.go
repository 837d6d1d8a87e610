package ua

import (
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// quiet plays a call whose path is called disconnected; silent tells whether packets stop too.
func quiet(t *testing.T, silent bool, story func(h *harness, call *Call)) {
	t.Helper()
	play(t, nil, func(h *harness) {
		h.media.restarts = true
		h.media.silent.Store(silent)
		defer h.media.silent.Store(false)
		h.start()
		_, call := h.talkOut()
		h.media.last().states <- media.StateDisconnected
		h.wantSent("it may come back by itself")
		story(h, call)
		h.forget()
	})
}

func TestQuietPathIsRenewedEarly(t *testing.T) {
	quiet(t, true, func(h *harness, call *Call) {
		h.advance(hearingLimit - time.Millisecond)
		h.wantSent("there is still time")
		h.advance(time.Millisecond)
		h.respond(h.wantRequest("no packets", sip.INVITE), 200, okContact, sdp("new"))
		h.wantSent("taken", "ACK")
		h.media.last().states <- media.StateConnected
		h.wantGoesOn("the audio is back", call)
		h.media.last().states <- media.StateDisconnected
		h.advance(hearingLimit)
		h.respond(h.wantRequest("the next time too", sip.INVITE), 200, okContact, sdp("newer"))
		h.wantSent("taken", "ACK")
	})
}

func TestQuietPathThatCarriesPacketsIsLeftAlone(t *testing.T) {
	quiet(t, false, func(h *harness, call *Call) {
		h.advance(10 * hearingLimit)
		h.wantSent("packets come")
		h.media.silent.Store(true)
		h.advance(2 * hearingLimit)
		h.respond(h.wantRequest("now they do not", sip.INVITE), 200, okContact, sdp("new"))
		h.wantSent("taken", "ACK")
	})
}

func TestQuietPathThatComesBackIsLeftAlone(t *testing.T) {
	quiet(t, true, func(h *harness, call *Call) {
		h.advance(hearingLimit - time.Millisecond)
		h.media.last().states <- media.StateConnected
		h.wantGoesOn("ICE has found it again", call)
	})
}

func TestQuietPathIsRenewedAtOnceInANewNetwork(t *testing.T) {
	quiet(t, true, func(h *harness, call *Call) {
		h.agent.Wake()
		h.advance(wakeHearing)
		found := false
		for _, m := range h.sent {
			found = found || label(m) == "INVITE"
		}
		if !found {
			t.Errorf("sent %q, want an offer", labels(h.sent))
		}
	})
	quiet(t, true, func(h *harness, call *Call) {
		h.advance(hearingLimit - time.Millisecond)
		h.agent.Wake() // no later than without
		h.forget()
		h.advance(time.Millisecond)
		h.wantRequest("in time", sip.INVITE)
	})
}

// TestEarlyRestartDecidesNothing: a path that fails after a try that was refused, unusable or of no avail is renewed once more.
func TestEarlyRestartDecidesNothing(t *testing.T) {
	for name, outcome := range map[string]func(h *harness, req *sip.Request){
		"refused":     func(h *harness, req *sip.Request) { h.respond(req, 488) },
		"refused now": func(h *harness, req *sip.Request) { h.respond(req, 503) },
		"unusable": func(h *harness, req *sip.Request) {
			h.media.last().failWith("set", media.ErrBadSDP)
			h.respond(req, 200, okContact, sdp("bad"))
		},
		"of no avail": func(h *harness, req *sip.Request) { h.respond(req, 200, okContact, sdp("new")) },
	} {
		t.Run(name, func(t *testing.T) {
			quiet(t, true, func(h *harness, call *Call) {
				h.advance(hearingLimit)
				outcome(h, h.wantRequest("a try", sip.INVITE))
				h.collect()
				h.media.last().failWith("none", nil)
				if n := len(h.sent); n > 1 {
					h.respond(h.sent[n-1].(*sip.Request), 200, okContact, sdp("back"))
				}
				h.forget()
				h.media.last().states <- media.StateDisconnected
				h.advance(5 * hearingLimit)
				h.wantSent("one try until it is connected")
				h.media.last().states <- media.StateFailed
				h.respond(h.wantRequest("it has failed", sip.INVITE), 200, okContact, sdp("newest"))
				h.wantSent("taken", "ACK")
				if got := call.Info().State; got != CallEstablished {
					t.Errorf("the call is %v", got)
				}
			})
		})
	}
}

func TestQuietPathOfAnEngineWithoutRestart(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.silent.Store(true)
		defer h.media.silent.Store(false)
		h.start()
		_, call := h.talkOut()
		h.media.last().states <- media.StateDisconnected
		h.advance(10 * hearingLimit)
		h.wantSent("nothing can be done")
		h.media.last().states <- media.StateConnected
		h.wantGoesOn("it came back", call)
		h.forget()
	})
}
