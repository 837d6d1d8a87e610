//go:build !js || browser

package media_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

func prepare(t *testing.T) media.Session {
	t.Helper()
	e := engine(t).(media.Preparer)
	e.Warm(t.Context(), media.Config{})
	s, err := e.Prepare(t.Context(), media.Config{})
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

func rehearse(t *testing.T, s media.Session, sdp []byte, dir media.Direction) {
	t.Helper()
	if err := s.(media.Rehearser).Rehearse(t.Context(), sdp, dir); err != nil {
		t.Fatalf("rehearse: %v\n%s", err, sdp)
	}
}

func TestPreparedSessionOffers(t *testing.T) {
	concurrently(t)
	a, b := prepare(t), prepare(t)
	call(t, a, b)
	a.SetMuted(true)
	awaitQuiet(t, "a microphone opened late can be muted too", b)
}

func TestRehearsedAnswerCarriesSound(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), prepare(t)
	sdp := offer(t, a, media.SendRecv)
	rehearse(t, b, sdp, media.SendRecv)
	got := answer(t, b, sdp, media.SendRecv)
	wantLine(t, "the answer sends although it was made without microphone", got, "a=sendrecv")
	apply(t, a, got)
	awaitSound(t, "the caller hears", a)
	awaitSound(t, "the called side hears", b)
	negotiate(t, a, b, media.SendOnly, media.SendRecv)
	awaitNoPackets(t, "a rehearsed session can be held", a)
}

func TestRehearsalForAnotherAnswerIsForgotten(t *testing.T) {
	concurrently(t)
	a, b, c := open(t, media.Config{}), open(t, media.Config{}), prepare(t)
	rehearse(t, c, offer(t, a, media.SendRecv), media.SendRecv)
	negotiate(t, b, c, media.SendRecv, media.SendRecv)
	awaitSound(t, "another offer is answered", b)
	awaitSound(t, "another offer is answered", c)

	d, e := open(t, media.Config{}), prepare(t)
	sdp := offer(t, d, media.SendRecv)
	rehearse(t, e, sdp, media.SendRecv)
	wantLine(t, "the direction wanted now counts", answer(t, e, sdp, media.RecvOnly), "a=recvonly")

	f := prepare(t)
	rehearse(t, f, sdp, media.SendRecv)
	call(t, f, open(t, media.Config{}))
}

func TestRehearsalOfBadOffer(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), prepare(t)
	sdp := offer(t, a, media.SendRecv)
	bad := bytes.Replace(sdp, []byte("a=fingerprint:"), []byte("a=x-none:"), 1)
	if err := b.(media.Rehearser).Rehearse(t.Context(), bad, media.SendRecv); !errors.Is(err, media.ErrBadSDP) {
		t.Errorf("rehearse: %v, want ErrBadSDP", err)
	}
	if _, err := b.Answer(t.Context(), bad, media.SendRecv); !errors.Is(err, media.ErrBadSDP) {
		t.Errorf("answer: %v, want ErrBadSDP", err)
	}
	apply(t, a, answer(t, b, sdp, media.SendRecv))
	awaitSound(t, "a good offer is answered afterwards", a)
}
