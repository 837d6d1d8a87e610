package media

import "context"

// LosePath lets ICE say, until the next offer, that the path of a session is lost.
func LosePath(s Session) {
	own := s.(*session)
	own.mu.Lock()
	defer own.mu.Unlock()
	own.cur = &lostPeer{peer: own.cur}
}

type lostPeer struct {
	peer
	offered bool
}

func (p *lostPeer) state() State {
	if p.offered {
		return p.peer.state()
	}
	return StateFailed
}

func (p *lostPeer) offer(ctx context.Context, dir Direction, restart bool) error {
	p.offered = true
	return p.peer.offer(ctx, dir, restart)
}
