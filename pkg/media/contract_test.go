//go:build !js || browser

package media_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// The contract of a Session, the same natively and in a browser: build the latter with the tag "browser".

const patience = 15 * time.Second

func open(t *testing.T, cfg media.Config) media.Session {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := engine(t).NewSession(ctx, cfg)
	if err != nil {
		t.Fatalf("new session: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// await polls a condition about the running audio; the platform reports no event for it.
func await(t *testing.T, why string, condition func() bool) {
	t.Helper()
	awaitOr(t, func() string { return why }, condition)
}

func awaitOr(t *testing.T, why func() string, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(60 * time.Millisecond) // getStats is cached for 50 ms
	defer ticker.Stop()
	deadline := time.After(patience)
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal(why())
		}
	}
}

func stats(t *testing.T, s media.Session) media.Stats {
	t.Helper()
	st, err := s.Stats(t.Context())
	if err != nil {
		t.Fatalf("stats: %v", err)
	}
	return st
}

// awaitSound waits until audio that is not silence has arrived at s from now on.
func awaitSound(t *testing.T, why string, s media.Session) {
	t.Helper()
	before := stats(t, s)
	var now media.Stats
	awaitOr(t, func() string { return fmt.Sprintf("%s: no sound arrives: %+v", why, now) }, func() bool {
		now = stats(t, s)
		return now.PacketsReceived > before.PacketsReceived+10 && now.TotalAudioEnergy > before.TotalAudioEnergy+1e-6
	})
}

// awaitQuiet waits until nothing is heard at s for a while, with or without packets.
func awaitQuiet(t *testing.T, why string, s media.Session) {
	t.Helper()
	last, since := stats(t, s).TotalAudioEnergy, time.Now()
	await(t, why+": it is never quiet", func() bool {
		if now := stats(t, s).TotalAudioEnergy; now > last+1e-7 {
			last, since = now, time.Now()
		}
		return time.Since(since) > 1500*time.Millisecond // the microphone of a test browser beeps once a second
	})
}

// awaitNoPackets waits until s receives nothing any more.
func awaitNoPackets(t *testing.T, why string, s media.Session) {
	t.Helper()
	last, since := stats(t, s).PacketsReceived, time.Now()
	await(t, why+": packets keep coming", func() bool {
		if now := stats(t, s).PacketsReceived; now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	})
}

func offer(t *testing.T, s media.Session, dir media.Direction) []byte {
	t.Helper()
	sdp, err := s.Offer(t.Context(), dir)
	if err != nil {
		t.Fatalf("offer: %v", err)
	}
	return sdp
}

func answer(t *testing.T, s media.Session, sdp []byte, dir media.Direction) []byte {
	t.Helper()
	got, err := s.Answer(t.Context(), sdp, dir)
	if err != nil {
		t.Fatalf("answer: %v\n%s", err, sdp)
	}
	return got
}

func apply(t *testing.T, s media.Session, sdp []byte) {
	t.Helper()
	if err := s.SetAnswer(t.Context(), sdp); err != nil {
		t.Fatalf("set answer: %v\n%s", err, sdp)
	}
}

// negotiate runs one offer and answer and returns the answer.
func negotiate(t *testing.T, a, b media.Session, dirA, dirB media.Direction) []byte {
	t.Helper()
	sdp := answer(t, b, offer(t, a, dirA), dirB)
	apply(t, a, sdp)
	return sdp
}

// call connects two sessions with sound both ways.
func call(t *testing.T, a, b media.Session) {
	t.Helper()
	negotiate(t, a, b, media.SendRecv, media.SendRecv)
	awaitSound(t, "the caller must be heard", b)
	awaitSound(t, "the called side must be heard", a)
}

func wantLine(t *testing.T, why string, sdp []byte, line string) {
	t.Helper()
	if !bytes.Contains(sdp, []byte("\r\n"+line+"\r\n")) {
		t.Errorf("%s: no line %q in\n%s", why, line, sdp)
	}
}

func TestCallCarriesSoundBothWays(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	st := stats(t, a)
	if st.Codec == "" || st.PacketsSent == 0 || st.BytesSent == 0 || st.BytesReceived == 0 {
		t.Errorf("counters missing: %+v", st)
	}
	await(t, "the state must become connected", func() bool {
		select {
		case state := <-a.States():
			return state == media.StateConnected
		default:
			return false
		}
	})
}

func TestOfferIsComplete(t *testing.T) {
	concurrently(t)
	a := open(t, media.Config{})
	begin := time.Now()
	sdp := offer(t, a, media.SendRecv)
	t.Logf("the offer took %v", time.Since(begin))
	for _, want := range []string{"a=candidate:", "a=rtcp-mux", "a=setup:actpass", "a=fingerprint:", "a=ice-ufrag:",
		"a=sendrecv"} {
		if !bytes.Contains(sdp, []byte(want)) {
			t.Errorf("no %s in\n%s", want, sdp)
		}
	}
	if bytes.Contains(sdp, []byte("trickle")) {
		t.Errorf("no candidate follows, so trickle must not be announced:\n%s", sdp)
	}
	if regexp.MustCompile(`m=audio (0|9) `).Match(sdp) {
		t.Errorf("the default port must be that of a candidate:\n%s", sdp)
	}
}

func TestMuteSendsSilence(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	a.SetMuted(true)
	awaitQuiet(t, "a muted microphone must not be heard", b)
	awaitSound(t, "mute of one side must not silence the other", a)
	a.SetMuted(false)
	awaitSound(t, "an unmuted microphone must be heard", b)
}

func TestHoldAndResume(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)

	sdp := negotiate(t, a, b, media.SendOnly, media.SendRecv)
	wantLine(t, "the held side may only receive", sdp, "a=recvonly")
	awaitNoPackets(t, "the held side must not send", a)
	awaitSound(t, "the holding side may send", b)

	sdp = negotiate(t, a, b, media.Inactive, media.SendRecv)
	wantLine(t, "nobody sends", sdp, "a=inactive")
	awaitNoPackets(t, "an inactive side must not send", b)

	sdp = negotiate(t, b, a, media.SendRecv, media.RecvOnly)
	wantLine(t, "the answer gives what is wanted here", sdp, "a=recvonly")
	awaitSound(t, "who receives must hear", a)

	sdp = negotiate(t, a, b, media.SendRecv, media.SendRecv)
	wantLine(t, "resumed", sdp, "a=sendrecv")
	awaitSound(t, "resumed", a)
	awaitSound(t, "resumed", b)
}

func TestRollbackKeepsTheCall(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	offer(t, a, media.Inactive)
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatalf("rollback: %v", err)
	}
	awaitSound(t, "a refused hold leaves the call as it was", b)
	negotiate(t, b, a, media.SendRecv, media.SendRecv)
	awaitSound(t, "the other side may offer after a rollback", a)
	awaitSound(t, "the other side may offer after a rollback", b)
}

func TestRollbackOfFirstOffer(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	offer(t, a, media.SendRecv)
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatalf("rollback: %v", err)
	}
	negotiate(t, b, a, media.SendRecv, media.SendRecv)
	awaitSound(t, "an offer taken back does not spoil the session", a)
	awaitSound(t, "an offer taken back does not spoil the session", b)
}

func TestOfferOfAnotherPeer(t *testing.T) {
	concurrently(t)
	a, b, c := open(t, media.Config{}), open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	sdp := answer(t, a, offer(t, c, media.SendRecv), media.SendRecv)
	apply(t, c, sdp)
	b.Close()
	awaitSound(t, "after a transfer by a B2BUA the new peer must be heard", a)
	awaitSound(t, "after a transfer by a B2BUA the new peer must hear", c)
	negotiate(t, a, c, media.SendOnly, media.SendRecv)
	awaitNoPackets(t, "the new connection can be held", a)
}

func TestOfferFreshReachesANewPeer(t *testing.T) {
	concurrently(t)
	a, b, c := open(t, media.Config{}), open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	sdp, err := a.(media.Restarter).OfferFresh(t.Context(), media.SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	awaitSound(t, "the old connection runs until the answer", a)
	apply(t, a, answer(t, c, sdp, media.SendRecv))
	awaitSound(t, "the new peer must be heard", a)
	awaitSound(t, "the new peer must hear", c)
}

func TestRollbackOfFreshOffer(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	if _, err := a.(media.Restarter).OfferFresh(t.Context(), media.SendRecv); err != nil {
		t.Fatal(err)
	}
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	negotiate(t, a, b, media.SendRecv, media.SendRecv)
	awaitSound(t, "a fresh offer refused leaves the call as it was", a)
	awaitSound(t, "a fresh offer refused leaves the call as it was", b)
}

func TestForksSoundInParallel(t *testing.T) {
	concurrently(t)
	a, b, c := open(t, media.Config{}), open(t, media.Config{}), open(t, media.Config{})
	sdp := offer(t, a, media.SendRecv)
	apply(t, a, answer(t, b, sdp, media.SendRecv))
	clone, err := a.(media.Forker).Clone(t.Context())
	if err != nil {
		t.Fatalf("clone: %v", err)
	}
	t.Cleanup(clone.Close)
	apply(t, clone, answer(t, c, sdp, media.SendRecv))
	awaitSound(t, "the first fork", a)
	awaitSound(t, "the second fork", clone)
	awaitSound(t, "the first fork hears", b)
	awaitSound(t, "the second fork hears", c)
	a.Close()
	awaitSound(t, "the fork that stays keeps the microphone", c)
	awaitSound(t, "the fork that stays", clone)
}

func TestCodecRules(t *testing.T) {
	concurrently(t)
	prefer := media.Config{CodecPriority: []string{"PCMA"}}
	a, b := open(t, prefer), open(t, media.Config{})
	call(t, a, b)
	if got := stats(t, a).Codec; got != "PCMA" {
		t.Errorf("codec %s, want the preferred PCMA", got)
	}

	c, d := open(t, media.Config{}), open(t, prefer)
	call(t, c, d)
	if got := stats(t, c).Codec; got != "PCMA" {
		t.Errorf("codec %s, want the PCMA preferred by the answering side", got)
	}

	none := open(t, media.Config{CodecDelete: []string{".*"}})
	if _, err := none.Offer(t.Context(), media.SendRecv); !errors.Is(err, media.ErrNoCodec) {
		t.Errorf("offer without codecs: %v, want ErrNoCodec", err)
	}
	if _, err := none.Answer(t.Context(), offer(t, a, media.SendRecv), media.SendRecv); !errors.Is(err, media.ErrNoCodec) {
		t.Errorf("answer without codecs: %v, want ErrNoCodec", err)
	}
}

func TestDTMFNeedsTelephoneEvent(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{CodecDelete: []string{"telephone.*"}}), open(t, media.Config{})
	if err := a.SendDTMF("1"); !errors.Is(err, media.ErrNoTelephoneEvent) {
		t.Errorf("before negotiation: %v, want ErrNoTelephoneEvent", err)
	}
	call(t, a, b)
	for _, s := range []media.Session{a, b} {
		for _, tones := range []string{"1", ""} {
			if err := s.SendDTMF(tones); !errors.Is(err, media.ErrNoTelephoneEvent) {
				t.Errorf("%q without telephone-event: %v, want ErrNoTelephoneEvent", tones, err)
			}
		}
	}
	c, d := open(t, media.Config{}), open(t, media.Config{})
	call(t, c, d)
	if err := c.SendDTMF("1x"); err == nil || errors.Is(err, media.ErrNoTelephoneEvent) {
		t.Errorf("x is no tone, got %v", err)
	}
	for _, tones := range []string{"0123456789*#abcd", ""} {
		if err := c.SendDTMF(tones); err != nil {
			t.Errorf("tones %q: %v", tones, err)
		}
	}
}

func TestVideoIsRejectedInItsPlace(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	sdp := string(offer(t, a, media.SendRecv))
	head, audio, _ := strings.Cut(sdp, "m=audio")
	video := "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\na=rtpmap:96 VP8/90000\r\na=sendrecv\r\n"
	got := string(answer(t, b, []byte(head+video+"m=audio"+audio), media.SendRecv))
	rejected, after := strings.Index(got, "m=video 0 "), strings.Index(got, "m=audio")
	if rejected < 0 || rejected > after {
		t.Fatalf("the video section must stand rejected before audio:\n%s", got)
	}
	apply(t, a, []byte(strings.Replace(got, got[rejected:after], "", 1)))
	awaitSound(t, "audio works beside refused video", a)
	if again := string(offer(t, b, media.SendRecv)); !strings.Contains(again, "m=video 0 ") {
		t.Errorf("a re-offer must name every section (RFC 3264 section 8):\n%s", again)
	}
}

func TestOriginCountsVersions(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	originLine := regexp.MustCompile(`o=- (\d+) (\d+) `)
	var id, version string
	for i := range 3 {
		sdp := offer(t, a, media.SendRecv)
		apply(t, a, answer(t, b, sdp, media.SendRecv))
		m := originLine.FindSubmatch(sdp)
		if m == nil {
			t.Fatalf("no origin in\n%s", sdp)
		}
		if i > 0 && (string(m[1]) != id || fmt.Sprint(string(m[2])) == version) {
			t.Errorf("origin %s: same id and a new version wanted after %s %s", m[0], id, version)
		}
		id, version = string(m[1]), string(m[2])
	}
}

func TestBadDescriptions(t *testing.T) {
	concurrently(t)
	b := open(t, media.Config{})
	plain := "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
	refused := strings.Replace(plain, "4000", "0", 1)
	for name, sdp := range map[string]string{"empty": "", "no SDP": "hello", "not secure": plain, "audio refused": refused,
		"no media": plain[:strings.Index(plain, "m=")]} {
		if _, err := b.Answer(t.Context(), []byte(sdp), media.SendRecv); !errors.Is(err, media.ErrBadSDP) {
			t.Errorf("%s: %v, want ErrBadSDP", name, err)
		}
	}
	a := open(t, media.Config{})
	call(t, a, b)
}

func TestCloseEndsEverything(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	a.Close()
	a.Close()
	var last media.State
	for state := range a.States() {
		last = state
	}
	if last != media.StateClosed {
		t.Errorf("last state %q, want closed", last)
	}
	if _, err := a.Offer(t.Context(), media.SendRecv); !errors.Is(err, media.ErrClosed) {
		t.Errorf("offer after close: %v, want ErrClosed", err)
	}
	if err := a.SendDTMF("1"); !errors.Is(err, media.ErrClosed) {
		t.Errorf("DTMF after close: %v, want ErrClosed", err)
	}
	awaitNoPackets(t, "a closed session must not send", b)
}
