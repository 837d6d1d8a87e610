package media

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestOldPathIsDescribedAsItWas: a browser that gathers anew for the old credentials has other candidates for a while, or none;
// the other side knows the path by those it was told.
func TestOldPathIsDescribedAsItWas(t *testing.T) {
	for _, found := range []string{"", "a=candidate:9 1 udp 1 198.51.100.9 9999 typ host\r\n"} {
		s, hw := calling(t)
		p := hw.last()
		before := mustOffer(t, s, SendRecv)
		if err := s.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.become(StateFailed)
		if _, err := s.OfferRestart(t.Context(), SendRecv); err != nil {
			t.Fatal(err)
		}
		if err := s.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(p.current, "a=candidate:")
		p.current = head + found
		for range 2 {
			d := mustParse(t, p.current)
			s.restorePath(&d)
			wantText(t, "the path", d.String(), "192.0.2.7 40000 typ host")
			wantNoText(t, "the path", d.String(), "198.51.100.9", "40001")
			if got := attributeValues(d.media[0].lines, "candidate"); len(got) != 1 {
				t.Errorf("candidates %q", got)
			}
		}
		wantText(t, "before", before, "192.0.2.7 40000 typ host")
	}
}

// TestPathOfOtherCredentialsIsLeftAlone: what was kept belongs to one ufrag.
func TestPathOfOtherCredentialsIsLeftAlone(t *testing.T) {
	s, _ := newFakeSession(t, Config{})
	audio := func(ufrag string, more ...string) description {
		return mustParse(t, theirs{ufrag: ufrag, more: more}.String())
	}
	now := audio("new1")
	s.restorePath(&now)
	wantText(t, "nothing was kept", now.String(), "192.0.2.1 4000")
	bare := mustParse(t, "v=0\r\nm=audio 9 X 0\r\na=candidate:1 1 udp 1 192.0.2.1 4000 typ host\r\n")
	s.restorePath(&bare)
	wantText(t, "no credentials", bare.String(), "192.0.2.1 4000")
	s.kept = oldPath{ufrag: "old1", candidates: []string{"1 1 udp 1 203.0.113.1 1 typ host"}}
	s.restorePath(&now)
	wantText(t, "another path", now.String(), "192.0.2.1 4000")
	wantNoText(t, "another path", now.String(), "203.0.113.1")
	old := audio("old1", "a=x-kept")
	s.restorePath(&old)
	wantText(t, "this path", old.String(), "203.0.113.1 1 typ host", "a=x-kept", "a=ice-ufrag:old1")
	wantNoText(t, "this path", old.String(), "192.0.2.1 4000 typ")
	s.keepPath(&fakePeer{})
	if s.kept.ufrag != "old1" {
		t.Error("a peer without description has no path to keep")
	}
	s.keepPath(&fakePeer{current: theirs{ufrag: "old1"}.String()})
	if len(s.kept.candidates) != 1 || !strings.Contains(s.kept.candidates[0], "203.0.113.1") {
		t.Errorf("the first one that was told counts, have %q", s.kept.candidates)
	}
	s.keepPath(&fakePeer{current: theirs{ufrag: "next"}.String()})
	if s.kept.ufrag != "next" || !strings.Contains(s.kept.candidates[0], "192.0.2.1 4000") {
		t.Errorf("then the next one, have %+v", s.kept)
	}
}

// TestPacketsProveThePath, at any time within the limit, and only those that come after the question.
func TestPacketsProveThePath(t *testing.T) {
	for _, c := range []struct {
		packets []uint64
		fails   error
		want    bool
		after   time.Duration
		why     string
	}{
		{[]uint64{5, 6}, nil, true, flowPause, "the next look finds one"},
		{[]uint64{5, 5, 5, 6}, nil, true, 3 * flowPause, "a later one does"},
		{[]uint64{5}, nil, false, flowLimit, "none comes"},
		{[]uint64{5, 4}, nil, false, flowLimit, "a counter that falls is no packet"},
		{nil, nil, false, flowLimit, "there never was one"},
		{nil, errors.New("no statistics"), true, 0, "what cannot be read is no evidence"},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &fakePeer{packets: c.packets, fails: map[string]error{"stats": c.fails}}
			start := time.Now()
			if got := flows(t.Context(), p); got != c.want || time.Since(start) != c.after {
				t.Errorf("%s: %v after %v, want %v after %v", c.why, got, time.Since(start), c.want, c.after)
			}
		})
	}
	s, _ := newFakeSession(t, Config{})
	for state, want := range map[State]bool{StateNew: false, StateConnecting: false, StateConnected: false, StateClosed: false,
		StateDisconnected: true, StateFailed: true} {
		if got := s.pathLost(t.Context(), &fakePeer{now: state}); got != want {
			t.Errorf("%s, nothing to hear: lost is %v, want %v", state, got, want)
		}
	}
}
