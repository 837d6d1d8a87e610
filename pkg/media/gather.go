package media

import (
	"context"
	"time"
)

const (
	defaultGatherTimeout = 2 * time.Second
	// Host candidates of all interfaces come within a few milliseconds of the first; waiting for the end of gathering
	// costs at least 113 ms in Chromium even without an ICE server.
	gatherQuiet = 8 * time.Millisecond
	// Where UDP is forbidden, TCP is all that comes. A busy browser tells that end too early, though: after an ICE restart it
	// may be the one of the gathering before (W3C WebRTC, section 4.4.1.6 changes iceGatheringState in a task of its own).
	tcpQuiet = 500 * time.Millisecond
	// Without any candidate an SDP is of no use, so a slow machine gets more time for the first.
	firstCandidateTimeout = 10 * time.Second
)

// gathering is what a peer connection knows about its candidates.
type gathering struct {
	candidates []candidate
	complete   bool
}

// useful reports whether an SDP with these candidates can work under the policy. TCP alone waits for what may follow.
func (g gathering) useful(cfg Config) bool {
	for _, c := range g.candidates {
		if c.protocol != "tcp" && wanted(cfg, c.typ) {
			return true
		}
	}
	return false
}

// reachable counts the candidates another peer can connect to. TCP ones only call out, and come last.
func (g gathering) reachable() int {
	n := 0
	for _, c := range g.candidates {
		if c.protocol != "tcp" {
			n++
		}
	}
	return n
}

func wanted(cfg Config, typ string) bool {
	switch {
	case cfg.GatherPolicy == GatherAll:
		return false
	case cfg.ICETransportPolicy == "relay":
		return typ == "relay"
	case cfg.GatherPolicy == GatherHost || len(cfg.ICEServers) == 0:
		return true
	default:
		return typ == "srflx" || typ == "relay"
	}
}

// awaitCandidates returns when the SDP may leave: at the end of gathering, a quiet moment after it has become useful,
// or with what there is at the time-out. It fails with ErrNoCandidate when there is nothing. wake has a token whenever something
// may have changed; read tells the present state.
func awaitCandidates(ctx context.Context, cfg Config, wake <-chan struct{}, read func() gathering) error {
	limit := cfg.GatherTimeout
	if limit <= 0 {
		limit = defaultGatherTimeout
	}
	timeout, hopeless := time.NewTimer(limit), time.NewTimer(max(limit, firstCandidateTimeout))
	defer timeout.Stop()
	defer hopeless.Stop()
	late := false
	for {
		now := read()
		if now.complete && now.reachable() > 0 || late && len(now.candidates) > 0 {
			return nil
		}
		var quiet <-chan time.Time // blocks while nothing useful is there
		switch {
		case now.complete && len(now.candidates) > 0:
			quiet = time.After(tcpQuiet)
		case now.useful(cfg):
			quiet = time.After(gatherQuiet)
		}
		select {
		case <-wake:
		case <-quiet:
			return nil
		case <-timeout.C:
			late = true
		case <-hopeless.C:
			return ErrNoCandidate
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
