package media

import (
	"bytes"
	"context"
	"time"
)

// draft is an answer that is made and set here, and has not left.
type draft struct {
	peer     peer
	text     []byte
	remote   endpoint
	told     told
	listens  bool   // we receive, and the other side sends
	offer    []byte // what it answers
	dir      Direction
	withheld []candidate // candidates of the other side that the peer does not know yet
	found    int         // candidates in text
}

// Answer is Session.Answer. Another peer connection at the other side, as after a transfer by a B2BUA, is answered from
// a fresh one here; the old one runs on until that has succeeded.
func (s *session) Answer(ctx context.Context, offer []byte, dir Direction) ([]byte, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	opened := s.openMicrophone(ctx)
	a, err := s.answerDraft(ctx, offer, dir)
	if err != nil {
		return nil, s.fail("answer", err)
	}
	if err := <-opened; err != nil {
		s.rehearsed = a // the other side knows nothing of it
		return nil, s.fail("answer", err)
	}
	// The answer goes first, the other side waits for that: a browser runs a timer only when no goroutine has work left.
	time.AfterFunc(time.Millisecond, func() { a.peer.addCandidates(a.withheld) })
	s.remote, s.told, s.negotiated, s.listening = a.remote, a.told, true, a.listens
	s.tones.Store(a.told.tones)
	a.peer.activate()
	s.promote(a.peer)
	return a.text, nil
}

// answerDraft is the rehearsed answer if it still serves, else a new one.
func (s *session) answerDraft(ctx context.Context, offer []byte, dir Direction) (*draft, error) {
	a := s.rehearsed
	if a == nil || a.dir != dir || !bytes.Equal(a.offer, offer) || lost(a.peer.state()) {
		if err := s.forgetRehearsal(ctx); err != nil {
			return nil, err
		}
		return s.makeAnswer(ctx, offer, dir)
	}
	s.rehearsed = nil
	if gatheringOf(a.peer).reachable() > a.found {
		text, err := s.compose(a.peer, false)
		if err != nil {
			s.takeBack(a.peer)
			return nil, err
		}
		a.text = text
	}
	return a, nil
}

// makeAnswer applies an offer and describes the answer. The first time it withholds the other side's candidates, so that
// nothing is sent there before the microphone is open: the checks tell our address, and in Chromium a caller that has
// seen DTLS of an answer it never gets cannot be connected by a later one.
func (s *session) makeAnswer(ctx context.Context, offer []byte, dir Direction) (*draft, error) {
	r, l, err := s.readRemote(offer, s.origin.version == 0)
	if err != nil {
		return nil, err
	}
	a := &draft{offer: offer, dir: dir, remote: r.endpoint(), listens: dir.answerTo(r.direction).receives()}
	if !s.negotiated {
		a.withheld, r.candidates, r.complete = r.candidates, nil, false
	}
	if a.peer, err = s.answerer(a.remote); err != nil {
		return nil, err
	}
	a.told = s.knowledge(a.peer)
	text, err := s.forOffer(a.peer, &a.told, r)
	if err != nil {
		s.drop(a.peer)
		return nil, err
	}
	if err := a.peer.answer(ctx, text, dir); err != nil {
		s.takeBack(a.peer)
		return nil, err
	}
	s.layout, s.mid = l, l.mid
	if a.text, err = s.describe(ctx, a.peer, false); err != nil {
		s.takeBack(a.peer)
		return nil, err
	}
	a.found = gatheringOf(a.peer).reachable()
	a.settle()
	return a, nil
}

// settle notes what the answer has agreed: the DTLS roles, the numbers of its codecs, and whether there are tones among them.
func (a *draft) settle() {
	text, _ := a.peer.local()
	a.told.learn(text)
	if d, err := localAudio(text); err == nil {
		a.told.role = oppositeSetup(d.setup(d.media[0]))
		a.told.tones = a.told.tones && d.media[0].hasCodec(telephoneEvent)
	}
}

func (s *session) answerer(remote endpoint) (peer, error) {
	s.dropNext()
	if s.negotiated && s.remote.replacedBy(remote) {
		return s.makeNext()
	}
	return s.present()
}

// Rehearse is Rehearser.Rehearse.
func (s *session) Rehearse(ctx context.Context, offer []byte, dir Direction) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if s.negotiated {
		return nil // a later answer takes no microphone and no new connection
	}
	err := s.forgetRehearsal(ctx)
	if err == nil {
		s.rehearsed, err = s.makeAnswer(ctx, bytes.Clone(offer), dir)
	}
	if err != nil {
		return s.fail("rehearse", err)
	}
	return nil
}

// forgetRehearsal goes back to a peer that has seen no offer.
func (s *session) forgetRehearsal(ctx context.Context) error {
	a := s.rehearsed
	s.rehearsed = nil
	if a == nil {
		return nil
	}
	return s.rollBackPresent(ctx, a.peer)
}
