package media

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// gatherer plays a browser: candidates appear at given times.
type gatherer struct {
	start time.Time
	found []struct {
		after time.Duration
		typ   string
	}
	complete time.Duration // 0: never
}

func (g *gatherer) find(after time.Duration, typ string) *gatherer {
	g.found = append(g.found, struct {
		after time.Duration
		typ   string
	}{after, typ})
	return g
}

func (g *gatherer) read() gathering {
	passed := time.Since(g.start)
	now := gathering{complete: g.complete > 0 && passed >= g.complete}
	for _, f := range g.found {
		if passed >= f.after {
			now.candidates = append(now.candidates, foundCandidate(f.typ))
		}
	}
	return now
}

// foundCandidate is a candidate of UDP and of that type, or a host candidate of TCP.
func foundCandidate(typ string) candidate {
	if typ == "tcp" {
		return candidate{protocol: "tcp", typ: "host"}
	}
	return candidate{protocol: "udp", typ: typ}
}

// describedPeer has a local description and a state of gathering.
type describedPeer struct {
	peer
	text     string
	complete bool
}

func (p describedPeer) local() (string, bool) { return p.text, p.complete }
func (p describedPeer) wake() <-chan struct{} { return nil }

// TestGatheringBeforeIsNoGathering: a browser tells "complete" of the last description for a while.
func TestGatheringBeforeIsNoGathering(t *testing.T) {
	const found = "a=candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host\r\n"
	for _, test := range []struct {
		text            string
		complete, wants bool
	}{
		{chromiumAudio, true, false}, {chromiumAudio, false, false}, {chromiumAudio + found, true, true},
		{chromiumAudio + found, false, false}, {"", true, false},
	} {
		if got := gatheringOf(describedPeer{text: test.text, complete: test.complete}).complete; got != test.wants {
			t.Errorf("complete %v, want %v, of a peer that says %v and describes\n%s", got, test.wants, test.complete, test.text)
		}
	}
}

// TestNothingLeavesWithoutCandidate: neither an offer nor an answer can work then.
func TestNothingLeavesWithoutCandidate(t *testing.T) {
	for _, offer := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			text, err := (&session{}).describe(t.Context(), describedPeer{text: chromiumAudio, complete: true}, offer)
			if waited := time.Since(start); !errors.Is(err, ErrNoCandidate) || waited != firstCandidateTimeout {
				t.Errorf("%v after %v, want ErrNoCandidate after %v\n%s", err, waited, firstCandidateTimeout, text)
			}
		})
	}
}

// took runs awaitCandidates inside a bubble and returns how long it waited.
func took(t *testing.T, cfg Config, g *gatherer) (waited time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g.start = time.Now()
		wake := make(chan struct{}, 1)
		for _, f := range g.found {
			time.AfterFunc(f.after, func() { wake <- struct{}{} })
		}
		if g.complete > 0 {
			time.AfterFunc(g.complete, func() { wake <- struct{}{} })
		}
		if err := awaitCandidates(t.Context(), cfg, wake, g.read); err != nil {
			t.Error(err)
		}
		waited = time.Since(g.start)
	})
	return waited
}

func TestOfferLeavesAsSoonAsItCanWork(t *testing.T) {
	const ms = time.Millisecond
	stun := []ICEServer{{URLs: []string{"stun:stun.example.com"}}}
	two := func() *gatherer { return (&gatherer{complete: 113 * ms}).find(2*ms, "host").find(5*ms, "host") }
	reflexive := func() *gatherer {
		return (&gatherer{complete: 5000 * ms}).find(2*ms, "host").find(60*ms, "srflx").find(200*ms, "relay")
	}
	for _, test := range []struct {
		why  string
		cfg  Config
		g    *gatherer
		want time.Duration
	}{
		{"host candidates and a quiet moment", Config{}, two(), 5*ms + gatherQuiet},
		{"all that there is", Config{GatherPolicy: GatherAll}, two(), 113 * ms},
		{"the first reflexive candidate", Config{ICEServers: stun}, reflexive(), 60*ms + gatherQuiet},
		{"relay only", Config{ICEServers: stun, ICETransportPolicy: "relay"}, reflexive(), 200*ms + gatherQuiet},
		{"host is asked for", Config{ICEServers: stun, GatherPolicy: GatherHost}, reflexive(), 2*ms + gatherQuiet},
		{"the server is dead", Config{ICEServers: stun}, (&gatherer{}).find(2*ms, "host"), defaultGatherTimeout},
		{"the server is dead and patience short", Config{ICEServers: stun, GatherTimeout: 300 * ms},
			(&gatherer{}).find(2*ms, "host"), 300 * ms},
		{"the first candidate comes late", Config{}, (&gatherer{}).find(3*time.Second, "srflx"), 3 * time.Second},
		{"the end, and nothing reflexive", Config{ICEServers: stun},
			(&gatherer{complete: 113 * ms}).find(2*ms, "host"), 113 * ms},
		{"the end, and no relay", Config{ICEServers: stun, ICETransportPolicy: "relay"},
			(&gatherer{complete: 113 * ms}).find(2*ms, "host"), 113 * ms},
		{"only TCP, which has to call out", Config{}, (&gatherer{complete: 113 * ms}).find(2*ms, "tcp"), 113*ms + tcpQuiet},
		{"the end of the gathering before, then UDP", Config{},
			(&gatherer{complete: ms}).find(2*ms, "tcp").find(90*ms, "host"), 90 * ms},
	} {
		if got := took(t, test.cfg, test.g); got != test.want {
			t.Errorf("%s: waited %v, want %v", test.why, got, test.want)
		}
	}
}

func TestGatheringEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := awaitCandidates(ctx, Config{}, nil, func() gathering { return gathering{} }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the error of the context", err)
	}
}
