package media

import (
	"context"
	"sync/atomic"
)

// LosePath lets ICE say, until the next offer, that the path of a session is lost.
func LosePath(s Session) {
	own := s.(*session)
	own.mu.Lock()
	defer own.mu.Unlock()
	own.cur = &lostPeer{peer: own.cur}
}

type lostPeer struct {
	peer
	offered atomic.Bool
}

func (p *lostPeer) state() State {
	if p.offered.Load() {
		return p.peer.state()
	}
	return StateFailed
}

func (p *lostPeer) offer(ctx context.Context, dir Direction, restart bool) error {
	p.offered.Store(true)
	return p.peer.offer(ctx, dir, restart)
}
