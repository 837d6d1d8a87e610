package media

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// Rehearsals and clones, looked at from the session alone.

func mustRehearse(t *testing.T, s *session, offer string, dir Direction) {
	t.Helper()
	if err := s.Rehearse(t.Context(), []byte(offer), dir); err != nil {
		t.Fatal(err)
	}
}

func TestRehearsedAnswerIsUsedOnce(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	offer := theirs{}.String()
	mustRehearse(t, s, offer, SendRecv)
	if hw.last().heard || len(hw.last().heardOf()) != 0 {
		t.Error("a rehearsal is not heard, and tells nobody's address")
	}
	if _, err := s.Answer(t.Context(), []byte(offer), SendRecv); err != nil {
		t.Fatal(err)
	}
	if got := hw.last().history(); got != "answer" || !hw.last().heard {
		t.Errorf("the peer was asked for %q, want one answer, which is heard then", got)
	}
	if _, err := s.Answer(t.Context(), []byte(offer), SendRecv); err != nil {
		t.Fatal(err)
	}
	if got := hw.last().history(); got != "answer answer" {
		t.Errorf("the peer was asked for %q, want another answer to the same offer again", got)
	}
	mustRehearse(t, s, theirs{ufrag: "them2"}.String(), SendRecv)
	if got := hw.last().history(); got != "answer answer" {
		t.Errorf("the peer was asked for %q: in a call there is nothing to rehearse", got)
	}
}

func TestRehearsalThatDoesNotServe(t *testing.T) {
	offer := theirs{}.String()
	for why, spoil := range map[string]func(s *session, p *fakePeer) (offer string, dir Direction){
		"another offer":     func(*session, *fakePeer) (string, Direction) { return theirs{ufrag: "them2"}.String(), SendRecv },
		"another direction": func(*session, *fakePeer) (string, Direction) { return offer, RecvOnly },
		"a path that failed meanwhile": func(_ *session, p *fakePeer) (string, Direction) {
			p.become(StateFailed)
			return offer, SendRecv
		},
	} {
		s, hw := newFakeSession(t, Config{})
		mustRehearse(t, s, offer, SendRecv)
		first := hw.last()
		sdp, dir := spoil(s, first)
		if _, err := s.Answer(t.Context(), []byte(sdp), dir); err != nil {
			t.Fatal(err)
		}
		if hw.last() == first || !first.closed || !hw.last().heard {
			t.Errorf("%s: a peer that has seen nothing answers", why)
		}
	}
	s, hw := newFakeSession(t, Config{})
	mustRehearse(t, s, offer, SendRecv)
	first := hw.last()
	mustRehearse(t, s, theirs{ufrag: "them2"}.String(), SendRecv)
	if hw.last() == first || !first.closed {
		t.Error("the second rehearsal has a peer of its own")
	}
	second := hw.last()
	if sdp := mustOffer(t, s, SendRecv); hw.last() == second || !strings.Contains(sdp, "a=setup:actpass") {
		t.Error("an offer of ours forgets the rehearsal")
	}
}

// TestRehearsedAnswerHasTheCandidatesFoundMeanwhile: the telephone rings for seconds.
func TestRehearsedAnswerHasTheCandidatesFoundMeanwhile(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	offer := theirs{}.String()
	mustRehearse(t, s, offer, SendRecv)
	p := hw.last()
	p.current += "a=candidate:2 1 udp 1686052607 203.0.113.7 50000 typ srflx raddr 192.0.2.7 rport 40000\r\n"
	sdp, err := s.Answer(t.Context(), []byte(offer), SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "the answer", string(sdp), "203.0.113.7 50000 typ srflx", "m=audio 50000 ", "c=IN IP4 203.0.113.7\r\n")
	if got := p.history(); got != "answer" {
		t.Errorf("the peer was asked for %q, want the rehearsed answer only", got)
	}
}

func TestRefusedMicrophoneKeepsTheRehearsal(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	offer := theirs{}.String()
	mustRehearse(t, s, offer, SendRecv)
	hw.mic = ErrPermission
	for range 2 {
		if _, err := s.Answer(t.Context(), []byte(offer), SendRecv); !errors.Is(err, ErrPermission) {
			t.Errorf("%v, want ErrPermission", err)
		}
	}
	if hw.last().heard {
		t.Error("nobody is heard without a microphone")
	}
	hw.mic = nil
	if _, err := s.Answer(t.Context(), []byte(offer), SendRecv); err != nil {
		t.Fatal(err)
	}
	if got := hw.last().history(); got != "answer" || len(hw.peers) != 1 {
		t.Errorf("the peer was asked for %q, want the rehearsed answer", got)
	}
}

// TestPeerThatFailedToAnswerFirst is replaced: it has seen an offer, and there is nothing to go back to.
func TestPeerThatFailedToAnswerFirst(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	first := hw.last()
	boom := errors.New("boom")
	first.fails["answer"] = boom
	if err := s.Rehearse(t.Context(), theirs{}.bytes(), SendRecv); !errors.Is(err, boom) {
		t.Errorf("rehearse: %v", err)
	}
	if !first.closed {
		t.Error("it stays")
	}
	hw.last().fails["answer"] = boom
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); !errors.Is(err, boom) {
		t.Errorf("answer: %v", err)
	}
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); err != nil {
		t.Errorf("the third has a peer that is new: %v", err)
	}
}

func TestCloneStandsForTheSameOffer(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	sdp := mustOffer(t, s, SendOnly)
	other, err := s.Clone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := other.(*session)
	if hw.shared != 1 || !hw.last().heard || c.offered != SendOnly {
		t.Errorf("shared %d, heard %v, offered %s", hw.shared, hw.last().heard, c.offered)
	}
	if err := c.SetAnswer(t.Context(), theirs{ufrag: "fork2", dir: "recvonly"}.bytes()); err != nil {
		t.Fatal(err)
	}
	wantText(t, "the clone", hw.last().told(), "a=ice-ufrag:fork2\r\n")
	if hw.peers[0].told() != "" {
		t.Error("the first fork is told nothing of it")
	}
	origin := func(sdp string) string { return strings.Fields(sdp)[2] }
	if again := mustOffer(t, c, SendRecv); origin(again) != origin(sdp) {
		t.Errorf("origin %s, want %s: it is the same dialog to the other side", origin(again), origin(sdp))
	}
	c.Close()
	hw.fail = errors.New("no more")
	if _, err := s.Clone(t.Context()); !errors.Is(err, hw.fail) {
		t.Errorf("a clone that cannot be: %v", err)
	}
}

func TestEndOfTheContextIsTheError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, hw := newFakeSession(t, Config{})
	hw.last().bare = true // so that it waits
	if _, err := s.Offer(ctx, SendRecv); !errors.Is(err, context.Canceled) || errors.Is(err, ErrBadSDP) {
		t.Errorf("offer: %v", err)
	}
	hw.last().bare = true
	if _, err := s.Answer(ctx, theirs{}.bytes(), SendRecv); !errors.Is(err, context.Canceled) {
		t.Errorf("answer: %v", err)
	}
	for _, err := range []error{context.Canceled, context.DeadlineExceeded, nil} {
		if badDescription(err) != err {
			t.Errorf("%v became %v", err, badDescription(err))
		}
	}
	if err := badDescription(errors.New("x")); !errors.Is(err, ErrBadSDP) {
		t.Errorf("%v is no ErrBadSDP", err)
	}
}

func TestTonesAreChecked(t *testing.T) {
	s, hw := called(t)
	for tones, good := range map[string]bool{
		"0123456789*#ABCD": true,
		"abcd":             true,
		"":                 true,
		"E":                false,
		"1 2":              false,
		"１":                false,
	} {
		if err := s.SendDTMF(tones); (err == nil) != good {
			t.Errorf("%q: %v", tones, err)
		}
	}
	if !strings.Contains(hw.last().history(), "tones ABCD") {
		t.Errorf("the peer was asked for %q, want capitals", hw.last().history())
	}
	s.SetMuted(true)
	if !hw.muted {
		t.Error("mute is the platform's")
	}
}
