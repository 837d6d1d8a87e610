//go:build !js

package media_test

import (
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// concurrently lets the tests of the contract wait side by side.
func concurrently(t *testing.T) { t.Parallel() }

// farHere chooses from the contract what is tested at a distance.
func farHere(string) bool { return true }

// TestContractAtADistanceIsWhole finds the tests of the contract that are not in its list.
func TestContractAtADistanceIsWhole(t *testing.T) {
	for _, name := range []string{"contract_test.go", "rehearse_test.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func Test(\w+)`).FindAllSubmatch(text, -1) {
			if contract[string(m[1])] == nil {
				t.Errorf("Test%s is not tested at a distance", m[1])
			}
		}
	}
}

// atOnce is how many calls are made at once where there are many: no more than the processors have time for, or the handshakes of
// all starve each other past the patience of every one.
var atOnce = min(12, 3*runtime.GOMAXPROCS(0))

func openNative(t *testing.T, n media.Native) media.Session {
	t.Helper()
	s, err := n.NewSession(t.Context(), media.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// ear is a Sink that keeps what it hears.
type ear struct {
	mu  sync.Mutex
	pcm []int16
}

func (e *ear) WriteFrame(frame []int16) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pcm = append(e.pcm, frame...)
}

func (e *ear) heard() []int16 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]int16{}, e.pcm...)
}

// spectrum is how much of a frequency is in the sound, 0..1 of full scale.
func spectrum(pcm []int16, hz float64) float64 {
	var re, im float64
	for i, v := range pcm {
		phase := 2 * math.Pi * hz * float64(i) / 8000
		re += float64(v) / math.MaxInt16 * math.Cos(phase)
		im += float64(v) / math.MaxInt16 * math.Sin(phase)
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm))
}

func TestNativeSourceReachesSink(t *testing.T) {
	sink := &ear{}
	a := openNative(t, media.Native{Source: func() media.Source { return media.Tone(1000) }})
	b := openNative(t, media.Native{Sink: func() media.Sink { return sink }})
	call(t, a, b)
	await(t, "half a second must be heard", func() bool { return len(sink.heard()) >= 4000 })
	pcm := sink.heard()
	pcm = pcm[len(pcm)-2400:]
	if tone, other := spectrum(pcm, 1000), spectrum(pcm, 440); tone < 0.15 || other > 0.05 {
		t.Errorf("1000 Hz at %.3f and 440 Hz at %.3f, want 0.25 and 0", tone, other)
	}
}

// spent is a Source with one frame.
type spent struct{ frames int }

func (s *spent) ReadFrame(frame []int16) error {
	if s.frames++; s.frames > 1 {
		return io.EOF
	}
	return nil
}

func TestNativeSourceThatEndsIsSilence(t *testing.T) {
	a, b := openNative(t, media.Native{Source: func() media.Source { return &spent{} }}), openNative(t, media.Native{})
	negotiate(t, a, b, media.SendRecv, media.SendRecv)
	await(t, "silence is sent after the end of the source", func() bool { return stats(t, b).PacketsReceived > 20 })
	if st := stats(t, b); st.TotalAudioEnergy > 1e-6 {
		t.Errorf("energy %g of a source that ended", st.TotalAudioEnergy)
	}
}

func TestNativeDTMFArrivesOnce(t *testing.T) {
	a, b := openNative(t, media.Native{}), openNative(t, media.Native{})
	call(t, a, b)
	const tones = "0123456789*#ABCD"
	if err := a.SendDTMF(tones[:8]); err != nil {
		t.Fatal(err)
	}
	if err := a.SendDTMF(strings.ToLower(tones[8:])); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	arriving := b.(media.DTMFReceiver).Tones()
	for range tones {
		select {
		case tone := <-arriving:
			got.WriteRune(tone)
		case <-time.After(patience):
			t.Fatalf("only %q arrived", &got)
		}
	}
	if got.String() != tones {
		t.Errorf("got %q, want %q", &got, tones)
	}
	awaitSound(t, "audio goes on after the tones", b)
	if n := len(arriving); n != 0 {
		t.Errorf("%d tones arrived twice", n)
	}
	b.Close()
	if _, open := <-arriving; open {
		t.Error("the channel of tones must be closed with the session")
	}
}

// The offers of browsers name other payload types and codecs than ours.
func TestNativeAnswersPayloadTypesOfTheOffer(t *testing.T) {
	a, b := openNative(t, media.Native{}), openNative(t, media.Native{})
	sdp := strings.NewReplacer(" 0 8 101\r\n", " 111 9 8 0 126\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:9 G722/8000\r\n",
		":101 ", ":126 ").Replace(string(offer(t, a, media.SendRecv)))
	got := string(answer(t, b, []byte(sdp), media.SendRecv))
	if !strings.Contains(got, " 8 0 126\r\n") || strings.Contains(got, "opus") {
		t.Errorf("want the codecs spoken here, in the order and with the numbers of the offer:\n%s", got)
	}
}

func TestNativeDTLSRoles(t *testing.T) {
	for offered, want := range map[string]string{"actpass": "a=setup:active", "passive": "a=setup:active",
		"active": "a=setup:passive"} {
		a, b := openNative(t, media.Native{}), openNative(t, media.Native{})
		sdp := strings.Replace(string(offer(t, a, media.SendRecv)), "a=setup:actpass", "a=setup:"+offered, 1)
		got := answer(t, b, []byte(sdp), media.SendRecv)
		wantLine(t, "answer to setup:"+offered, got, want)
		apply(t, a, got)
		awaitSound(t, "offer with setup:"+offered, a)
		again := answer(t, a, offer(t, b, media.SendRecv), media.SendRecv)
		kept := map[string]string{"a=setup:active": "a=setup:passive", "a=setup:passive": "a=setup:active"}[want]
		wantLine(t, "the DTLS roles stay (RFC 8842 section 5.3)", again, kept)
	}
}

func TestNativeCloseEndsGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	a, b := openNative(t, media.Native{}), openNative(t, media.Native{})
	call(t, a, b)
	clone := openNative(t, media.Native{})
	offer(t, clone, media.SendRecv)
	other, err := clone.(media.Forker).Clone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []media.Session{a, b, clone, other} {
		s.Close()
	}
	await(t, "goroutines stay behind", func() bool { return runtime.NumGoroutine() <= before })
}

// TestRehearsalSendsNothing listens where the offer says its maker is.
func TestRehearsalSendsNothing(t *testing.T) {
	caller, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer caller.Close()
	lines := regexp.MustCompile(`(?m)^a=candidate:.*\r\n`)
	sdp := lines.ReplaceAll(offer(t, open(t, media.Config{}), media.SendRecv), nil)
	sdp = fmt.Appendf(sdp, "a=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host\r\n", caller.LocalAddr().(*net.UDPAddr).Port)
	arrives := func(within time.Duration) error {
		caller.SetReadDeadline(time.Now().Add(within))
		_, _, err := caller.ReadFromUDP(make([]byte, 1500))
		return err
	}
	b := prepare(t)
	rehearse(t, b, sdp, media.SendRecv)
	if arrives(700*time.Millisecond) == nil {
		t.Error("the caller is told our address before the answer")
	}
	answer(t, b, sdp, media.SendRecv)
	if err := arrives(patience); err != nil {
		t.Errorf("no connectivity check after the answer: %v", err)
	}
}
