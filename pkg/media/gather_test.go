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
			now.candidates = append(now.candidates, candidate{typ: f.typ})
		}
	}
	return now
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
		{"the server is dead and patience short", Config{ICEServers: stun, GatherTimeout: 300 * ms}, (&gatherer{}).find(2*ms, "host"), 300 * ms},
		{"no candidate at all", Config{}, &gatherer{complete: 113 * ms}, 113 * ms},
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
