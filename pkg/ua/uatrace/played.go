package uatrace

import (
	"context"
	"errors"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// playedConn collects what is sent.
type playedConn struct{ p *player }

// Send refuses what was too big in the recorded run. Any other error has ended the connection there, which is an entry.
func (c playedConn) Send(data []byte) error {
	n := len(c.p.sent)
	c.p.sent = append(c.p.sent, Mask(data))
	if n < len(c.p.want) && errors.Is(c.p.want[n].Error.Err(), transport.ErrTooBig) {
		return transport.ErrTooBig
	}
	return nil
}

func (c playedConn) Recv(ctx context.Context) ([]byte, error) {
	select {
	case <-ctx.Done():
	case <-c.p.world.Done:
	}
	return nil, &transport.CloseError{}
}

func (playedConn) Close(int, string) {}
func (playedConn) Abandon()          {}

// playedSession says to tones what the recorded one said. All else comes from the recording: what takes its time is a job of a
// worker, and those wait for the end of the replay, so nobody calls what is embedded.
type playedSession struct {
	media.Session
	p     *player
	audio int
}

func (s *playedSession) SendDTMF(string) error {
	list := s.p.tones[s.audio]
	if len(list) == 0 {
		return media.ErrClosed
	}
	s.p.tones[s.audio] = list[1:]
	return list[0]
}

func (*playedSession) SetMuted(bool)              {}
func (*playedSession) States() <-chan media.State { return nil }
func (*playedSession) Close()                     {}

// playedRestarter is a playedSession in place of one that can restart ICE.
type playedRestarter struct {
	*playedSession
	media.Restarter
}
