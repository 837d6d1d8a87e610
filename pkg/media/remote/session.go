package remote

import (
	"context"
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/media"
)

// session is a media.Session that runs at a host.
type session struct {
	conn   *Conn
	number uint64
	done   chan struct{} // closed by Close

	// All below is guarded by the mutex of the Conn.
	unborn *message // makes the session; sent with what is asked first
	muted  bool
	tones  bool // telephone-event is negotiated
	states chan media.State
	ended  bool // states is closed
	closed bool
}

// newSession adds a session. Without a host it is lost from the beginning.
func (c *Conn) newSession() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &session{conn: c, number: c.next(), done: make(chan struct{}), states: make(chan media.State, 1)}
	if c.over {
		s.lose()
	} else {
		c.sessions[s.number] = s
	}
	return s
}

// birth is what makes the session, where that has waited, and mutes it where that was wished. The caller holds mu.
func (s *session) birth() []message {
	if s.unborn == nil {
		return nil
	}
	list := []message{*s.unborn}
	if s.muted {
		list = append(list, message{kind: kindMute, session: s.number, muted: true})
	}
	return list
}

// ask asks the host. What fails here says what was tried, as what fails there does.
func (s *session) ask(ctx context.Context, what string, m message) (message, error) {
	m.session = s.number
	reply, err := s.conn.ask(ctx, s, m)
	if err != nil && reply.kind == 0 {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return reply, err
}

// Offer is media.Session.Offer.
func (s *session) Offer(ctx context.Context, dir media.Direction) ([]byte, error) {
	return s.offer(ctx, dir, keepConnection)
}

// OfferRestart is media.Restarter.OfferRestart.
func (s *session) OfferRestart(ctx context.Context, dir media.Direction) ([]byte, error) {
	return s.offer(ctx, dir, restartPath)
}

// OfferFresh is media.Restarter.OfferFresh.
func (s *session) OfferFresh(ctx context.Context, dir media.Direction) ([]byte, error) {
	return s.offer(ctx, dir, freshConnection)
}

func (s *session) offer(ctx context.Context, dir media.Direction, how renewal) ([]byte, error) {
	reply, err := s.ask(ctx, "offer", message{kind: kindOffer, dir: dir, renewal: how})
	return reply.sdp, err
}

// SetAnswer is media.Session.SetAnswer.
func (s *session) SetAnswer(ctx context.Context, sdp []byte) error {
	reply, err := s.ask(ctx, "apply answer", message{kind: kindApply, sdp: sdp})
	s.agreed(reply, err)
	return err
}

// Answer is media.Session.Answer.
func (s *session) Answer(ctx context.Context, offer []byte, dir media.Direction) ([]byte, error) {
	reply, err := s.ask(ctx, "answer", message{kind: kindAnswer, sdp: offer, dir: dir})
	s.agreed(reply, err)
	return reply.sdp, err
}

// agreed notes what an answer has agreed; one that failed leaves it as it was.
func (s *session) agreed(reply message, err error) {
	if err == nil {
		s.conn.mu.Lock()
		defer s.conn.mu.Unlock()
		s.tones = reply.tones
	}
}

// Rollback is media.Session.Rollback.
func (s *session) Rollback(ctx context.Context) error {
	_, err := s.ask(ctx, "roll back", message{kind: kindRollback})
	return err
}

// Rehearse is media.Rehearser.Rehearse.
func (s *session) Rehearse(ctx context.Context, offer []byte, dir media.Direction) error {
	_, err := s.ask(ctx, "rehearse", message{kind: kindRehearse, sdp: offer, dir: dir})
	return err
}

// Stats is media.Session.Stats.
func (s *session) Stats(ctx context.Context) (media.Stats, error) {
	reply, err := s.ask(ctx, "read statistics", message{kind: kindStats})
	return reply.stats, err
}

// SetAudio is media.DeviceSwitcher.SetAudio.
func (s *session) SetAudio(ctx context.Context, audio media.AudioConstraints) error {
	_, err := s.ask(ctx, "change audio device", message{kind: kindAudio, audio: audio})
	return err
}

// Clone is media.Forker.Clone.
func (s *session) Clone(ctx context.Context) (media.Session, error) {
	clone := s.conn.newSession()
	_, err := s.ask(ctx, "clone", message{kind: kindClone, origin: clone.number})
	if err != nil {
		clone.Close()
		return nil, err
	}
	return clone, nil
}

// SetMuted is media.Session.SetMuted.
func (s *session) SetMuted(muted bool) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.muted = muted
	if s.unborn == nil && !s.closed {
		s.conn.tell(message{kind: kindMute, session: s.number, muted: muted})
	}
}

const toneLetters = "0123456789*#ABCD"

// SendDTMF is media.Session.SendDTMF.
func (s *session) SendDTMF(tones string) error {
	tones = strings.ToUpper(tones)
	if rest := strings.TrimLeft(tones, toneLetters); rest != "" {
		return fmt.Errorf("media: %q is not a DTMF tone", rest[:1])
	}
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	switch {
	case s.closed:
		return media.ErrClosed
	case s.conn.over:
		return media.ErrLost
	case !s.tones:
		return media.ErrNoTelephoneEvent
	}
	s.conn.tell(message{kind: kindTones, session: s.number, text: tones})
	return nil
}

// States is media.Session.States.
func (s *session) States() <-chan media.State { return s.states }

// become hands out a state. Where another one waits to be read it takes the place. The caller holds mu.
func (s *session) become(state media.State) {
	if s.ended {
		return
	}
	select {
	case <-s.states:
	default:
	}
	s.states <- state
	if state == media.StateClosed || state == media.StateLost {
		s.ended = true
		close(s.states)
	}
}

// lose ends a session whose host is gone. The caller holds mu.
func (s *session) lose() { s.become(media.StateLost) }

// Close is media.Session.Close.
func (s *session) Close() {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	close(s.done)
	delete(c.sessions, s.number)
	if s.unborn == nil {
		c.tell(message{kind: kindClose, session: s.number})
	}
	s.become(media.StateClosed)
}
