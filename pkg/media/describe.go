package media

import (
	"context"
	"fmt"
	"slices"
)

// describe waits for candidates and makes of the local description what leaves. Without one it would leave with port 9 and
// the unspecified address, which others read as hold, or as a phone without ICE.
func (s *session) describe(ctx context.Context, p peer, offer bool) ([]byte, error) {
	if err := awaitCandidates(ctx, s.cfg, p.wake(), func() gathering { return gatheringOf(p) }); err != nil {
		return nil, err
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
		s.layout.mirror(&d)
	}
	s.nameAudio(&d)
	s.origin.stamp(&d)
	return []byte(s.layout.expand(d).String()), nil
}

// gatheringOf reads what has been gathered for the present description. Complete without a candidate is no end.
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

// readRemote reads the other side's description: what a call needs of its audio section, and the layout it comes in.
func (s *session) readRemote(text []byte, first bool) (remoteAudio, layout, error) {
	l := s.layout
	d, err := parseDescription(text)
	if err != nil {
		return remoteAudio{}, l, err
	}
	if d, err = l.collapse(d, first); err != nil {
		return remoteAudio{}, l, err
	}
	r := d.audioOf(d.media[0])
	if s.negotiated && s.remote.ufrag == r.ufrag {
		r.rtcpMux = true // on a connection that runs so it cannot be otherwise
	}
	switch err := r.secure(); {
	case err != nil:
		return r, l, err
	case !r.rtcpMux:
		return r, l, ErrNoRTCPMux
	}
	return r, l, s.inCommon(r.codecs)
}

// inCommon fails where no voice codec of the other side is spoken here.
func (s *session) inCommon(codecs []codec) error {
	if !slices.ContainsFunc(codecs, func(c codec) bool { return c.speech() && s.hw.speaks(c.name) }) {
		return ErrNoCommonCodec
	}
	return nil
}

// knowledge is what a peer was told before, with the numbers that it uses itself. A fresh peer knows nothing.
func (s *session) knowledge(p peer) told {
	var k told
	if cur, _ := s.present(); cur == p {
		k = s.told
	}
	text, _ := p.local()
	k.learn(text)
	return k
}

// forOffer writes an offer of the other side for a peer. An association that runs keeps its DTLS roles, whatever the offer
// wants (RFC 8842 section 5.5).
func (s *session) forOffer(p peer, k *told, r remoteAudio) (string, error) {
	r.codecs = keep(r.codecs, func(c codec) bool { return k.theirs.keeps(c) && k.ours.keeps(c) })
	if err := s.inCommon(r.codecs); err != nil {
		return "", err
	}
	var err error
	if r.codecs, err = s.rules.choose(r.codecs); err != nil {
		return "", err
	}
	setup := r.setup
	if k.role != "" {
		setup = "actpass"
	}
	k.extend(&r, k.version == 0)
	return k.write(r, localName(p), setup), nil
}

// forAnswer writes an answer of the other side for the peer that made the offer: only what was offered.
func (s *session) forAnswer(p peer, k *told, r remoteAudio) (string, error) {
	text, _ := p.local()
	offer, err := localAudio(text)
	if err != nil {
		return "", err
	}
	ours := offer.audioOf(offer.media[0])
	offered, err := s.rules.choose(ours.codecs)
	if err != nil {
		return "", err
	}
	r.codecs = keep(r.codecs, func(c codec) bool {
		return k.theirs.keeps(c) && slices.ContainsFunc(offered, func(o codec) bool { return o.meaning() == c.meaning() })
	})
	if err := s.inCommon(r.codecs); err != nil {
		return "", err
	}
	switch {
	case k.role != "" && r.fingerprint == s.remote.fingerprint:
		r.setup = k.role
	case r.setup == "actpass":
		r.setup = "active" // it leaves the choice to us (RFC 8842 section 5.3 forbids it in an answer)
	}
	k.role = r.setup
	k.extend(&r, r.congestion == ours.congestion)
	return k.write(r, localName(p), r.setup), nil
}

// keep leaves the codecs that are wanted, each once, and no redundancy of others.
func keep(codecs []codec, wanted func(codec) bool) []codec {
	return once(dropOrphans(slices.DeleteFunc(codecs, func(c codec) bool { return !wanted(c) })))
}

// extend leaves the header extension in a description where it is agreed by the number it has had, or may be agreed now.
func (k *told) extend(r *remoteAudio, may bool) {
	if k.congestion == 0 && may {
		k.congestion = r.congestion
	}
	if r.congestion != k.congestion {
		r.congestion = 0
	}
}

// localName is what a peer calls the audio section.
func localName(p peer) string {
	text, _ := p.local()
	if d, err := localAudio(text); err == nil && d.mid() != "" {
		return d.mid()
	}
	return "0"
}
