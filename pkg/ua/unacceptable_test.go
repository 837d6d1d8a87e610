package ua

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// notAcceptable are the faults of descriptions, with the warning that a 488 tells of and a word of what the user reads.
var notAcceptable = []struct {
	err     error
	warning string
	says    string
}{
	{media.ErrNoCommonCodec, `305 example.com "Incompatible media format"`, "no audio format in common"},
	{media.ErrNoCodec, `305 example.com "Incompatible media format"`, "allow at least one"},
	{media.ErrNoAudio, `304 example.com "Media type not available"`, "no audio, only other media"},
	{media.ErrNotSecure, `302 example.com "Incompatible transport protocol: DTLS-SRTP needed"`, "DTLS-SRTP"},
	{media.ErrNoICE, `302 example.com "Incompatible transport protocol: ICE needed"`, "ICE"},
	{media.ErrNoRTCPMux, `306 example.com "Attribute not understood: rtcp-mux needed"`, "RTCP"},
	{media.ErrBadSDP, `399 example.com "Session description not usable"`, "cannot be understood"},
}

func wantWarning(t *testing.T, res *sip.Response, want string) {
	t.Helper()
	if h := res.GetHeader("Warning"); h == nil || h.Value() != want {
		t.Errorf("Warning %v, want %s", h, want)
	}
}

func TestUnusableOfferSaysWhy(t *testing.T) {
	for _, test := range notAcceptable {
		play(t, nil, func(h *harness) {
			h.start()
			_, call := h.ringIn(sdp("in"))
			h.media.fail = fmt.Errorf("answer: %w", test.err)
			if err := call.Accept(h.t.Context()); !errors.Is(err, test.err) {
				t.Errorf("accepted: %v, want %v", err, test.err)
			}
			wantWarning(t, h.wantResponse("refused", "488 INVITE"), test.warning)
			h.wantEvent("told", "ended not acceptable")
			if got := call.Info().Cause.Explanation; !strings.Contains(got, test.says) {
				t.Errorf("%v reads %q, want %q in it", test.err, got, test.says)
			}
		})
	}
}

func TestUnusableOfferIsRefusedBeforeSomebodyAnswers(t *testing.T) {
	for _, test := range notAcceptable {
		playPrepared(t, func(h *harness, _ *atomic.Int32) {
			h.start()
			h.ringIn(sdp("in"))
			h.media.failSoon("rehearse", fmt.Errorf("rehearse: %w", test.err))
			h.advance(warmDelay)
			wantWarning(t, h.wantResponse("nobody could accept it", "488 INVITE"), test.warning)
			h.wantEvent("told", "ended not acceptable")
			if !h.media.last().closed() {
				t.Error("the rehearsed session stays open")
			}
		})
	}
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		h.ringIn(sdp("in"))
		h.media.failSoon("rehearse", media.ErrNoCandidate)
		h.advance(warmDelay)
		h.wantIdle("no network now is no fault of the offer: it rings on")
		h.forget()
	})
}

func TestUnusableReofferSaysWhyAndKeepsTheCall(t *testing.T) {
	for _, test := range notAcceptable {
		play(t, nil, func(h *harness) {
			h.start()
			p, _ := h.talkIn()
			h.media.last().failWith("answer", test.err)
			p.send("INVITE", sdp("other"))
			wantWarning(t, h.wantResponse("refused", "488 INVITE"), test.warning)
			h.wantEvent("reported; the call goes on", "fault")
			h.recv(p.text("ACK", p.seq, "branch=z9hG4bKpeer2"))
		})
	}
}

// TestTroubleNamesItsCause: what is told of a change that did not work is what was wrong with it, in words and as an error.
func TestTroubleNamesItsCause(t *testing.T) {
	said := map[string]error{}
	for _, test := range []struct {
		fails, err error
		kind       CauseKind
		says       string
	}{
		{media.ErrNoCommonCodec, media.ErrNoCommonCodec, CauseNotAcceptable, "audio format that is not spoken here"},
		{media.ErrNotSecure, media.ErrNotSecure, CauseNotAcceptable, "without the encryption"},
		{media.ErrNoICE, media.ErrNoICE, CauseNotAcceptable, "without ICE"},
		{media.ErrNoRTCPMux, media.ErrNoRTCPMux, CauseNotAcceptable, "second port for RTCP"},
		{media.ErrNoAudio, media.ErrNoAudio, CauseNotAcceptable, "without audio"},
		{media.ErrBadSDP, media.ErrBadSDP, CauseNotAcceptable, "cannot be understood"},
		{media.ErrNoCandidate, media.ErrNoCandidate, CauseMedia, "on this device"},
		{errors.New("no more memory"), nil, CauseMedia, "on this device"},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			_, call := h.talkOut()
			req, _ := changes["refresh"](h, call)
			h.media.last().failWith("set", fmt.Errorf("set: %w", test.fails))
			h.respond(req, 200, okContact, sdp("bad"))
			h.collect()
			why := call.Info().Trouble
			if why.Kind != test.kind || why.Err != test.err || !strings.Contains(why.Explanation, test.says) ||
				!strings.Contains(why.Explanation, "goes on as before") || !strings.Contains(why.Reason, test.fails.Error()) {
				t.Errorf("%v: told %+v", test.fails, why)
			}
			if other := said[why.Explanation]; other != nil && test.kind != CauseMedia {
				t.Errorf("%v reads like %v", test.fails, other)
			}
			said[why.Explanation] = test.fails
			h.forget()
		})
	}
}

// TestUnusableAnswerSaysWhy: what can never be agreed on is told as that (Q.850 cause 88, SIP 488), what failed as a failure.
func TestUnusableAnswerSaysWhy(t *testing.T) {
	const incompatible = `Q.850;cause=88;text="no usable audio in the description", SIP;cause=488;text="Not Acceptable Here"`
	const failure = `Q.850;cause=41;text="media failed"`
	for _, test := range []struct {
		err  error
		want string
	}{
		{media.ErrNoCommonCodec, incompatible}, {media.ErrNotSecure, incompatible}, {media.ErrNoICE, incompatible},
		{media.ErrNoRTCPMux, incompatible}, {media.ErrNoAudio, incompatible}, {media.ErrBadSDP, incompatible},
		{media.ErrNoCodec, incompatible}, {errors.New("out of memory"), failure}, {media.ErrNoCandidate, failure},
		{media.ErrDeviceBusy, `Q.850;cause=41;text="no microphone"`},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			h.dialTo("1002")
			invite := h.wantRequest("calling", sip.INVITE)
			h.media.last().failWith("set", fmt.Errorf("set: %w", test.err))
			h.respond(invite, 200, "tag=far", okContact, sdp("bad"))
			bye := h.wantSent("acknowledged and ended", "ACK", "BYE")[1].(*sip.Request)
			wantHeader(t, bye, "Reason", test.want)
			h.respond(bye, 200)
			h.forget()
		})
	}
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 200, "tag=far", okContact)
		bye := h.wantSent("an answer without description", "ACK", "BYE")[1]
		wantHeader(t, bye, "Reason",
			`Q.850;cause=88;text="no session description", SIP;cause=488;text="Not Acceptable Here"`)
		h.forget()
	})
}
