package media

import (
	"errors"
	"strings"
	"testing"
)

// TestNothingOfAFailureStays breaks each step of each exchange in a call, and looks whether the next one is as if it had not
// been.
func TestNothingOfAFailureStays(t *testing.T) {
	boom := errors.New("boom")
	steps := map[string]func(s *session, p *fakePeer) error{
		"their offer": func(s *session, p *fakePeer) error {
			_, err := s.Answer(t.Context(), theirs{dir: "inactive", more: []string{"a=mid:new"}, ufrag: "them9"}.bytes(),
				SendRecv)
			return err
		},
		"their answer": func(s *session, p *fakePeer) error {
			if _, err := s.Offer(t.Context(), Inactive); err != nil {
				return err
			}
			err := s.SetAnswer(t.Context(), theirs{dir: "inactive", more: []string{"a=mid:new"}, ufrag: "them9"}.bytes())
			if failed := s.Rollback(t.Context()); failed != nil {
				return failed
			}
			return err
		},
		"an answer that cannot be read": func(s *session, p *fakePeer) error {
			if _, err := s.Offer(t.Context(), Inactive); err != nil {
				return err
			}
			err := s.SetAnswer(t.Context(), []byte("v=0\r\nm=audio 0 X 0\r\n"))
			if failed := s.Rollback(t.Context()); failed != nil {
				return failed
			}
			return err
		},
		"our offer": func(s *session, p *fakePeer) error { _, err := s.Offer(t.Context(), Inactive); return err },
		"our restart": func(s *session, p *fakePeer) error {
			p.become(StateFailed)
			defer p.become(StateConnected)
			_, err := s.OfferRestart(t.Context(), Inactive)
			return err
		},
		"a fresh offer": func(s *session, p *fakePeer) error { _, err := s.OfferFresh(t.Context(), Inactive); return err },
	}
	for name, step := range steps {
		for _, method := range []string{"answer", "setAnswer", "offer"} {
			t.Run(name+" "+method, func(t *testing.T) {
				s, hw := calling(t)
				p := hw.last()
				p.become(StateConnected)
				before := mustOffer(t, s, SendRecv)
				if err := s.Rollback(t.Context()); err != nil {
					t.Fatal(err)
				}
				p.fails[method] = boom
				err := step(s, p)
				delete(p.fails, method)
				if err == nil {
					if err := s.Rollback(t.Context()); err != nil { // the step does not use that method
						t.Fatal(err)
					}
					if name == "their offer" || name == "their answer" {
						return // it has succeeded
					}
				}
				wantSameOffer(t, s, before)
				if err := s.SetAnswer(t.Context(), theirs{setup: "active"}.bytes()); err != nil {
					t.Errorf("the next answer: %v", err)
				}
				if cur, _ := s.present(); cur != peer(p) || p.closed {
					t.Error("the peer of the call is gone")
				}
			})
		}
	}
}

// wantSameOffer compares all but the version of the origin.
func wantSameOffer(t *testing.T, s *session, before string) {
	t.Helper()
	after := mustOffer(t, s, SendRecv)
	cut := func(sdp string) string {
		_, rest, _ := strings.Cut(sdp, "\r\ns=")
		return rest
	}
	if cut(after) != cut(before) {
		t.Errorf("the next offer is\n%s\nwant\n%s", after, before)
	}
}

func TestRefusedRestartBringsTheOldPathBack(t *testing.T) {
	s, hw := calling(t)
	p := hw.last()
	before := mustOffer(t, s, SendRecv)
	if err := s.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p.become(StateFailed)
		sdp, err := s.OfferRestart(t.Context(), SendRecv)
		if err != nil {
			t.Fatal(err)
		}
		wantText(t, "the restart", string(sdp), "a=ice-ufrag:p0r1\r\n", "192.0.2.7 40001 typ host")
		if err := s.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.current = strings.Replace(p.current, "generation 0",
			"generation 0\r\na=candidate:1 1 udp 2122260223 192.0.2.7 45555 typ host generation 2", 1)
		wantSameOffer(t, s, before)
		if err := s.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p.become(StateFailed)
	if sdp := mustOffer(t, s, SendRecv); !strings.Contains(sdp, "a=ice-ufrag:p0r0") {
		t.Errorf("a plain offer is plain, however lost the path is:\n%s", sdp)
	}
}

func TestFreshPeerThatFailsChangesNothing(t *testing.T) {
	s, hw := called(t)
	first := hw.last()
	hw.fail = errors.New("no more connections")
	if _, err := s.OfferFresh(t.Context(), SendRecv); !errors.Is(err, hw.fail) {
		t.Errorf("fresh offer: %v", err)
	}
	if _, err := s.Answer(t.Context(), theirs{ufrag: "them2", hash: "CC"}.bytes(), SendRecv); !errors.Is(err, hw.fail) {
		t.Errorf("offer of another machine: %v", err)
	}
	hw.fail = nil
	if cur, _ := s.present(); cur != peer(first) || first.closed {
		t.Error("the peer of the call is gone")
	}
	sdp, err := s.OfferFresh(t.Context(), SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "the fresh offer", string(sdp), "a=ice-ufrag:p1r0")
	if first.closed {
		t.Error("the old connection runs until the answer")
	}
	if err := s.SetAnswer(t.Context(), []byte("nonsense")); !errors.Is(err, ErrBadSDP) {
		t.Error(err)
	}
	if err := s.Rollback(t.Context()); err != nil || !hw.last().closed || first.closed {
		t.Errorf("%v: the fresh one goes, the old one stays", err)
	}
}

func TestMicrophoneThatFailsTakesTheOfferBack(t *testing.T) {
	s, hw := called(t)
	hw.mic = ErrPermission
	before := hw.last().history()
	if _, err := s.Offer(t.Context(), Inactive); !errors.Is(err, ErrPermission) {
		t.Errorf("%v, want ErrPermission", err)
	}
	if got := strings.TrimPrefix(hw.last().history(), before); got != " offer rollback" {
		t.Errorf("the peer was asked for%s, want an offer and its rollback", got)
	}
}
