package ua

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// fakePreparer is the fake engine with the ability to ready things beforehand.
type fakePreparer struct {
	*fakeEngine
	warmed *atomic.Int32
}

func (e fakePreparer) Warm(context.Context, media.Config) { e.warmed.Add(1) }

func (e fakePreparer) Prepare(ctx context.Context, cfg media.Config) (media.Session, error) {
	s, err := e.NewSession(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return fakeRehearser{s.(*fakeSession)}, nil
}

type fakeRehearser struct{ *fakeSession }

func (s fakeRehearser) Rehearse(_ context.Context, offer []byte, dir media.Direction) error {
	return s.note("rehearse", mid(offer)+" "+string(dir))
}

// playPrepared is play with an engine that can ready things. It counts how often that was asked for.
func playPrepared(t *testing.T, story func(h *harness, warmed *atomic.Int32)) {
	var warmed atomic.Int32
	play(t, func(c *Config) { c.MediaEngine = fakePreparer{c.MediaEngine.(*fakeEngine), &warmed} },
		func(h *harness) { story(h, &warmed) })
}

func wantHistory(t *testing.T, why string, s *fakeSession, want string) {
	t.Helper()
	if got := s.history(); got != want {
		t.Errorf("%s: media was asked for %q, want %q", why, got, want)
	}
}

func TestRingingCallRehearsesItsAnswer(t *testing.T) {
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		p, call := h.ringIn(sdp("in"))
		h.advance(warmDelay)
		wantHistory(t, "ringing", h.media.last(), "rehearse in sendrecv")
		h.wantErr("accepted", call.Accept(h.t.Context()), nil)
		h.wantSent("answered", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("confirmed", "connecting", "established")
		wantHistory(t, "the session that rehearsed answers", h.media.last(), "rehearse in sendrecv, answer in sendrecv")
	})
}

func TestRehearsalEndsWithTheCall(t *testing.T) {
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.advance(warmDelay)
		h.media.last().states <- media.StateFailed
		h.wantIdle("what becomes of a rehearsal is no news")
		h.wantErr("rejected", call.Reject(h.t.Context(), 486, RejectOptions{}), nil)
		h.wantSent("refused", "486 INVITE")
		h.wantEvent("over", "ended declined here")
		h.advance(time.Second)
		if !h.media.last().closed() {
			t.Error("the rehearsed session of a refused call stays open")
		}
	})
}

func TestRefusedMicrophoneAfterARehearsal(t *testing.T) {
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.advance(warmDelay)
		first := h.media.last()
		first.failWith("answer", media.ErrPermission)
		h.wantErr("no microphone", call.Accept(h.t.Context()), ErrMedia)
		h.wantSent("the call rings on")
		h.wantEvent("told", "ringing")
		if !first.closed() {
			t.Error("the session without microphone stays open")
		}
		h.wantErr("allowed now", call.Accept(h.t.Context()), nil)
		h.wantSent("answered", "200 INVITE")
		h.wantEvent("answered", "connecting")
		wantHistory(t, "a new session", h.media.last(), "answer in sendrecv")
	})
}

func TestCallAnsweredAtOnceIsNotRehearsed(t *testing.T) {
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		_, call := h.ringIn(sdp("in"))
		h.wantErr("accepted", call.Accept(h.t.Context()), nil)
		h.wantSent("answered", "200 INVITE")
		h.wantEvent("answered", "connecting")
		h.advance(warmDelay)
		wantHistory(t, "one answer", h.media.last(), "answer in sendrecv")
	})
}

func TestInviteWithoutOfferIsNotRehearsed(t *testing.T) {
	playPrepared(t, func(h *harness, _ *atomic.Int32) {
		h.start()
		h.ringIn()
		h.advance(warmDelay)
		if n := len(h.media.sessions); n != 0 {
			t.Errorf("%d sessions while there is nothing to answer", n)
		}
	})
}

func TestEngineIsWarmedWhileThereIsNoCall(t *testing.T) {
	playPrepared(t, func(h *harness, warmed *atomic.Int32) {
		want := func(why string, n int32) {
			t.Helper()
			h.advance(time.Second)
			if got := warmed.Load(); got != n {
				t.Errorf("%s: warmed %d times, want %d", why, got, n)
			}
		}
		h.start()
		want("registered", 1)
		p, call := h.ringIn(sdp("in"))
		want("ringing", 1)
		call.Accept(h.t.Context())
		h.wantSent("answered", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("confirmed", "connecting", "established")
		h.recv(p.text("BYE", p.seq+1))
		h.wantSent("ended", "200 BYE")
		h.wantEvent("over", "ended hung up there")
		want("after the call", 2)
	})
}
