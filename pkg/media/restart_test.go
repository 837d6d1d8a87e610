//go:build !js || browser

package media_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
)

// TestRollbackOfRestart: the other side could not be reached. Whoever tries again, they hear each other afterwards.
func TestRollbackOfRestart(t *testing.T) {
	for _, first := range []string{"we try again", "they try", "we hold first"} {
		t.Run(first, func(t *testing.T) {
			concurrently(t)
			a, b := open(t, media.Config{}), open(t, media.Config{})
			call(t, a, b)
			for range 2 {
				restart(t, a)
				if err := a.Rollback(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			switch first {
			case "we try again":
				apply(t, a, answer(t, b, restart(t, a), media.SendRecv))
			case "they try":
				apply(t, b, answer(t, a, restart(t, b), media.SendRecv))
			case "we hold first":
				negotiate(t, a, b, media.SendOnly, media.SendRecv)
				negotiate(t, a, b, media.SendRecv, media.SendRecv)
			}
			awaitSound(t, "after a restart that was taken back", a)
			awaitSound(t, "after a restart that was taken back", b)
		})
	}
}

// restart is an offer of new credentials, because the path is lost.
func restart(t *testing.T, s media.Session) []byte {
	t.Helper()
	media.LosePath(s)
	return offerRestart(t, s)
}

func offerRestart(t *testing.T, s media.Session) []byte {
	t.Helper()
	sdp, err := s.(media.Restarter).OfferRestart(t.Context(), media.SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	return sdp
}

var (
	credentialLine = regexp.MustCompile(`(?m)^a=ice-(ufrag|pwd):\S+`)
	candidateLine  = regexp.MustCompile(`(?m)^a=candidate:\S+ .*`)
	defaultAddress = regexp.MustCompile(`m=audio (\d+) [\s\S]*\nc=IN IP[46] (\S+)`)
)

// all finds what a description says about something.
func all(re *regexp.Regexp, sdp []byte) string {
	found := re.FindAllString(string(sdp), -1)
	slices.Sort(found)
	return strings.Join(found, "\n")
}

// wantPath looks for what a server without trickle ICE needs.
func wantPath(t *testing.T, why string, sdp []byte) {
	t.Helper()
	if all(candidateLine, sdp) == "" {
		t.Errorf("%s: no candidate in\n%s", why, sdp)
	}
	if m := defaultAddress.FindSubmatch(sdp); m == nil || string(m[1]) == "9" || string(m[2]) == "0.0.0.0" {
		t.Errorf("%s: port and address %s, want those of a candidate", why, m[1:])
	}
}

// TestRestartCarriesItsCandidates restarts often: the end of the gathering before it is told for a moment only.
func TestRestartCarriesItsCandidates(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	before := ""
	for range 8 {
		sdp := restart(t, a)
		wantPath(t, "the offer", sdp)
		if now := all(credentialLine, sdp); now == before {
			t.Errorf("a restart needs new credentials, got %s again", now)
		} else {
			before = now
		}
		reply := answer(t, b, sdp, media.SendRecv)
		wantPath(t, "the answer", reply)
		apply(t, a, reply)
	}
	awaitSound(t, "after the restarts", a)
	awaitSound(t, "after the restarts", b)
}

func TestNoRestartOfAPathThatWorks(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	first := offer(t, a, media.SendRecv)
	apply(t, a, answer(t, b, first, media.SendRecv))
	awaitSound(t, "before", a)
	sdp := offerRestart(t, a)
	wantPath(t, "the offer", sdp)
	if all(credentialLine, sdp) != all(credentialLine, first) {
		t.Errorf("packets flow, so the credentials stay:\n%s\nwant those of\n%s", sdp, first)
	}
	apply(t, a, answer(t, b, sdp, media.SendRecv))
	negotiate(t, b, a, media.SendOnly, media.SendRecv)
	awaitNoPackets(t, "they hold us", b)
	negotiate(t, a, b, media.Inactive, media.SendRecv)
	awaitNoPackets(t, "nobody sends", a)
	if sdp := offerRestart(t, a); all(credentialLine, sdp) != all(credentialLine, first) {
		t.Errorf("no packet is due, so none that is missing says anything about the path:\n%s", sdp)
	}
}

func TestRestartWherePacketsStopped(t *testing.T) {
	concurrently(t)
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	b.Close()
	awaitNoPackets(t, "the other side has gone", a)
	first := offer(t, a, media.SendRecv)
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	sdp := offerRestart(t, a)
	wantPath(t, "the offer", sdp)
	if all(credentialLine, sdp) == all(credentialLine, first) {
		t.Error("packets are due and none comes: new credentials are needed although ICE has not seen it yet")
	}
}
