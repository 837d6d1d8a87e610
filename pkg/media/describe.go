package media

import (
	"context"
	"fmt"
)

// describe waits for candidates and makes of the local description what leaves. Without one it would leave with port 9 and
// the unspecified address, which others read as hold, or as a phone without ICE.
func (s *session) describe(ctx context.Context, p peer, offer bool) ([]byte, error) {
	read := func() gathering { return gatheringOf(p) }
	if err := awaitCandidates(ctx, s.cfg, p.wake(), read); err != nil {
		return nil, err
	}
	if len(read().candidates) == 0 {
		return nil, ErrNoCandidate
	}
	return s.compose(p, offer)
}

// compose makes of the local description, with the candidates there are, what leaves.
func (s *session) compose(p peer, offer bool) ([]byte, error) {
	text, _ := p.local()
	d, err := localAudio(text)
	if err != nil {
		return nil, err
	}
	s.restorePath(&d)
	audio := &d.media[0]
	d.session, audio.lines = dropTrickle(d.session), dropTrickle(audio.lines)
	audio.setDefaultAddress()
	if offer {
		if err := s.rules.apply(audio); err != nil {
			return nil, err
		}
	} else {
		s.tones.Store(audio.hasCodec(telephoneEvent))
	}
	s.nameAudio(&d)
	s.origin.stamp(&d)
	return []byte(s.layout.expand(d).String()), nil
}

// gatheringOf reads what has been gathered for the present description. Complete without a candidate is no end: after an ICE
// restart a browser tells the end of the gathering before it for a while (W3C WebRTC, section 4.4.1.6 changes
// iceGatheringState in a task of its own).
func gatheringOf(p peer) gathering {
	text, complete := p.local()
	var g gathering
	if d, err := localAudio(text); err == nil {
		g.candidates = d.media[0].candidates()
	}
	g.complete = complete && len(g.candidates) > 0
	return g
}

// localAudio is the local description with its audio section only.
func localAudio(text string) (description, error) {
	d, err := parseDescription([]byte(text))
	if err != nil {
		return d, err
	}
	for _, sec := range d.media {
		if sec.kind() == "audio" {
			d.media = []section{sec}
			return d, nil
		}
	}
	return d, fmt.Errorf("%w: no audio in the local description", ErrBadSDP)
}

func (s *session) nameAudio(d *description) {
	if s.layout.noMID {
		dropMID(d)
		return
	}
	if s.mid == "" {
		s.mid = d.mid()
	}
	d.setMID(s.mid)
}

// remoteAudio reads the other side's description and leaves its audio section, named as the peer knows it.
func (s *session) remoteAudio(text []byte, first bool) (description, layout, error) {
	l := s.layout
	d, err := parseDescription(text)
	if err != nil {
		return d, l, err
	}
	if d, err = l.collapse(d, first); err != nil {
		return d, l, err
	}
	l.noMID = d.mid() == ""
	return d, l, checkSecure(d)
}

// localName is what a peer calls the audio section.
func localName(p peer, otherwise string) string {
	text, _ := p.local()
	if d, err := localAudio(text); err == nil && d.mid() != "" {
		return d.mid()
	}
	if otherwise != "" {
		return otherwise
	}
	return "0"
}
