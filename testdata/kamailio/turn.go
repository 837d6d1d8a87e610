package kamailio

import (
	"context"
	"path/filepath"
)

// The credentials of Bench.TURN.
const (
	TURNUser     = "turn"
	TURNPassword = "turnpw"
)

// startTURN runs a TURN server (RFC 8656) that relays between browsers on loopback.
func (b *Bench) startTURN(ctx context.Context) error {
	if err := installed("turnserver"); err != nil {
		return err
	}
	p, err := b.run("turnserver", "turnserver", "-c", filepath.Join(b.Dir, "turnserver.conf"))
	if err != nil {
		return err
	}
	return p.waitTCP(ctx, b.ports.TURN)
}
