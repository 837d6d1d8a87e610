package media

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The session alone: what it gives to its peers, what leaves, and what is left of what fails.

// theirs is a description of the other side.
type theirs struct {
	ufrag, hash, setup, dir string
	formats                 string   // default "0 8 101"
	more                    []string // lines of the audio section
}

func (d theirs) String() string {
	set := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	set(&d.ufrag, "them1")
	set(&d.hash, "BB")
	set(&d.setup, "actpass")
	set(&d.dir, "sendrecv")
	set(&d.formats, "0 8 101")
	lines := append([]string{
		"v=0", "o=them 5 6 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=audio 4000 UDP/TLS/RTP/SAVPF " + d.formats,
		"a=ice-ufrag:" + d.ufrag, "a=ice-pwd:" + strings.Repeat("t", 24), "a=fingerprint:sha-256 " + hash(d.hash),
		"a=setup:" + d.setup, "a=" + d.dir, "a=rtcp-mux", "a=rtpmap:101 telephone-event/8000",
		"a=candidate:1 1 udp 2122260223 192.0.2.1 4000 typ host",
	}, d.more...)
	return strings.Join(lines, "\r\n") + "\r\n"
}

func (d theirs) bytes() []byte { return []byte(d.String()) }

func newFakeSession(t *testing.T, cfg Config) (*session, *fakePlatform) {
	t.Helper()
	hw := &fakePlatform{}
	s, err := newSession(cfg, hw)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, hw
}

// called is a session that has been called.
func called(t *testing.T) (*session, *fakePlatform) {
	t.Helper()
	s, hw := newFakeSession(t, Config{})
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); err != nil {
		t.Fatal(err)
	}
	return s, hw
}

// calling is a session whose offer was answered.
func calling(t *testing.T) (*session, *fakePlatform) {
	t.Helper()
	s, hw := newFakeSession(t, Config{})
	mustOffer(t, s, SendRecv)
	if err := s.SetAnswer(t.Context(), theirs{setup: "active"}.bytes()); err != nil {
		t.Fatal(err)
	}
	return s, hw
}

func mustOffer(t *testing.T, s *session, dir Direction) string {
	t.Helper()
	sdp, err := s.Offer(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return string(sdp)
}

func wantText(t *testing.T, why, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: no %q in\n%s", why, part, text)
		}
	}
}

func wantNoText(t *testing.T, why, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s: %q in\n%s", why, part, text)
		}
	}
}

func TestWhatThePeerIsTold(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	offer := theirs{formats: "18 0 8 101 97", more: []string{"a=rtpmap:97 iLBC/8000", "a=x-secret:1", "a=ssrc:1 cname:x",
		"a=ptime:20", "b=AS:64"}}
	if _, err := s.Answer(t.Context(), offer.bytes(), SendRecv); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0 8 101",
		"c=IN IP4 0.0.0.0", "a=mid:0", "a=sendrecv", "a=rtcp-mux", "a=ice-ufrag:them1", "a=ice-pwd:" + strings.Repeat("t", 24),
		"a=fingerprint:sha-256 " + hash("BB"), "a=setup:actpass", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
		"a=rtpmap:101 telephone-event/8000", "a=ptime:20", "",
	}, "\r\n")
	if got := hw.last().told(); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

// TestCandidatesAreToldAfterTheFirstAnswer: before it nothing may be sent there.
func TestCandidatesAreToldAfterTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, hw := newFakeSession(t, Config{})
		if _, err := s.Answer(t.Context(), theirs{more: []string{"a=candidate:2 1 TLS 1 192.0.2.1 443 typ host"}}.bytes(),
			SendRecv); err != nil {
			t.Fatal(err)
		}
		wantNoText(t, "the first offer", hw.last().told(), "a=candidate")
		if len(hw.last().heardOf()) != 0 {
			t.Error("told before the answer could leave")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		const usable = "a=candidate:1 1 udp 2122260223 192.0.2.1 4000 typ host"
		if got := hw.last().heardOf(); len(got) != 1 || got[0].line() != usable {
			t.Errorf("%d candidates were told: %+v, want the one that can be used", len(got), got)
		}
		if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); err != nil {
			t.Fatal(err)
		}
		wantText(t, "an offer in the call", hw.last().told(), usable+"\r\n")
		s.Close()
	})
}

func TestDTLSRoles(t *testing.T) {
	for _, test := range []struct{ theirs, told string }{{"active", "active"}, {"passive", "passive"}, {"actpass", "actpass"},
		{"holdconn", "actpass"}} {
		s, hw := newFakeSession(t, Config{})
		if _, err := s.Answer(t.Context(), theirs{setup: test.theirs}.bytes(), SendRecv); err != nil {
			t.Fatal(err)
		}
		wantText(t, "first offer with "+test.theirs, hw.last().told(), "a=setup:"+test.told+"\r\n")
	}
	for _, test := range []struct{ theirs, told string }{{"active", "active"}, {"passive", "passive"}, {"actpass", "active"},
		{"holdconn", "active"}} {
		s, hw := newFakeSession(t, Config{})
		mustOffer(t, s, SendRecv)
		if err := s.SetAnswer(t.Context(), theirs{setup: test.theirs}.bytes()); err != nil {
			t.Fatal(err)
		}
		wantText(t, "first answer with "+test.theirs, hw.last().told(), "a=setup:"+test.told+"\r\n")
	}
}

// TestDTLSRolesStay: an association is not turned round by a description (RFC 8842 section 5.5), whatever role it names.
func TestDTLSRolesStay(t *testing.T) {
	for _, role := range []string{"active", "passive", "actpass"} {
		s, hw := called(t) // we are active, so they are passive
		if _, err := s.Answer(t.Context(), theirs{setup: role}.bytes(), SendRecv); err != nil {
			t.Fatal(err)
		}
		wantText(t, "offer with "+role, hw.last().told(), "a=setup:actpass\r\n")
		mustOffer(t, s, SendRecv)
		if err := s.SetAnswer(t.Context(), theirs{setup: role}.bytes()); err != nil {
			t.Fatal(err)
		}
		wantText(t, "answer with "+role, hw.last().told(), "a=setup:passive\r\n")
	}
	s, hw := called(t)
	mustOffer(t, s, SendRecv)
	if err := s.SetAnswer(t.Context(), theirs{setup: "active", hash: "CC"}.bytes()); err != nil {
		t.Fatal(err)
	}
	wantText(t, "another certificate makes a new association", hw.last().told(), "a=setup:active\r\n")
}

// TestNamesAndGroupsOfTheDialog: the peer always knows the audio by its own name; what leaves calls it as the other side does.
func TestNamesAndGroupsOfTheDialog(t *testing.T) {
	group := func(sdp, mid string) string {
		return strings.Replace(sdp, "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE "+mid+"\r\n", 1) + "a=mid:" + mid + "\r\n"
	}
	for _, test := range []struct {
		why, offer  string
		has, hasNot []string
	}{
		{"a name in a group", group(theirs{}.String(), "sound"), []string{"a=mid:sound\r\n", "a=group:BUNDLE sound\r\n"},
			[]string{"a=mid:0"}},
		{"a name", theirs{more: []string{"a=mid:sound"}}.String(), []string{"a=mid:sound\r\n"}, []string{"a=group"}},
		{"neither", theirs{}.String(), nil, []string{"a=mid", "a=group"}},
		{"a group of others", strings.Replace(group(theirs{}.String(), "x"), "a=mid:x", "a=mid:y", 1), []string{"a=mid:y\r\n"},
			[]string{"a=group"}},
	} {
		s, hw := newFakeSession(t, Config{})
		for range 2 {
			sdp, err := s.Answer(t.Context(), []byte(test.offer), SendRecv)
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, test.why, string(sdp), test.has...)
			wantNoText(t, test.why, string(sdp), test.hasNot...)
			wantText(t, test.why+", as told", hw.last().told(), "a=mid:0\r\n", "a=group:BUNDLE 0\r\n")
		}
	}
}

func TestAnswerHasTheProtocolOfTheOffer(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	offer := strings.Replace(theirs{}.String(), "UDP/TLS/RTP/SAVPF", "RTP/SAVPF", 1)
	sdp, err := s.Answer(t.Context(), []byte(offer), SendRecv)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, "the answer", string(sdp), "m=audio 40000 RTP/SAVPF ")
	wantText(t, "what the peer is told", hw.last().told(), "m=audio 9 UDP/TLS/RTP/SAVPF ")
	wantText(t, "an offer of ours", mustOffer(t, s, SendRecv), "m=audio 40000 UDP/TLS/RTP/SAVPF ")
}

func TestPathIsLost(t *testing.T) {
	for _, test := range []struct {
		why     string
		state   State
		theirs  string // direction of their answer
		packets []uint64
		lost    bool
		waited  time.Duration
	}{
		{"packets flow", StateConnected, "sendrecv", []uint64{100, 103}, false, flowPause},
		{"packets come late", StateConnected, "sendrecv", []uint64{100, 100, 100, 101}, false, 3 * flowPause},
		{"packets stopped", StateConnected, "sendrecv", []uint64{100}, true, flowLimit},
		{"none is due", StateConnected, "recvonly", []uint64{100}, false, 0},
		{"nobody sends", StateConnected, "inactive", []uint64{100}, false, 0},
		{"ICE has lost it", StateDisconnected, "sendrecv", []uint64{100, 103}, true, 0},
		{"ICE has given up", StateFailed, "inactive", nil, true, 0},
		{"it never came up", StateConnecting, "sendrecv", []uint64{0}, true, flowLimit},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, hw := newFakeSession(t, Config{})
			mustOffer(t, s, SendRecv)
			if err := s.SetAnswer(t.Context(), theirs{dir: test.theirs}.bytes()); err != nil {
				t.Fatal(err)
			}
			p := hw.last()
			p.become(test.state)
			p.packets = test.packets
			start := time.Now()
			sdp, err := s.OfferRestart(t.Context(), SendRecv)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(sdp), "a=ice-ufrag:p0r1"); got != test.lost {
				t.Errorf("%s: restarted %v", test.why, got)
			}
			if waited := time.Since(start); test.waited == 0 && waited > flowPause ||
				test.waited > 0 && (waited < test.waited || waited > test.waited+flowPause) {
				t.Errorf("%s: waited %v, want %v", test.why, waited, test.waited)
			}
			s.Close()
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s, hw := calling(t)
		hw.last().become(StateConnected)
		hw.last().fails["stats"] = errors.New("no statistics")
		if sdp, err := s.OfferRestart(t.Context(), SendRecv); err != nil || strings.Contains(string(sdp), "p0r1") {
			t.Errorf("%v: what cannot be read is no evidence:\n%s", err, sdp)
		}
		s.Close()
	})
	s, _ := newFakeSession(t, Config{})
	if sdp, err := s.OfferRestart(t.Context(), SendRecv); err != nil || !strings.Contains(string(sdp), "p0r0") {
		t.Errorf("%v: before the first answer there is nothing to restart:\n%s", err, sdp)
	}
}

func TestRunningConnectionKeepsItsMux(t *testing.T) {
	without := func(d theirs) []byte { return []byte(strings.Replace(d.String(), "a=rtcp-mux\r\n", "", 1)) }
	s, _ := newFakeSession(t, Config{})
	if _, err := s.Answer(t.Context(), without(theirs{}), SendRecv); !errors.Is(err, ErrNoRTCPMux) {
		t.Errorf("first offer: %v", err)
	}
	mustOffer(t, s, SendRecv)
	if err := s.SetAnswer(t.Context(), without(theirs{})); !errors.Is(err, ErrNoRTCPMux) {
		t.Errorf("first answer: %v", err)
	}
	s, hw := called(t)
	if _, err := s.Answer(t.Context(), without(theirs{}), SendRecv); err != nil {
		t.Errorf("in the call: %v", err)
	}
	wantText(t, "in the call", hw.last().told(), "a=rtcp-mux\r\n")
	if _, err := s.Answer(t.Context(), without(theirs{ufrag: "them2", hash: "CC"}), SendRecv); !errors.Is(err, ErrNoRTCPMux) {
		t.Errorf("another connection: %v", err)
	}
}

func TestVoicesOfThePlatform(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	hw.voices = []string{"opus"}
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); !errors.Is(err, ErrNoCommonCodec) {
		t.Errorf("G.711 for a platform without: %v", err)
	}
	hw.voices = []string{"PCMA"}
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); err != nil {
		t.Error(err)
	}
	rules, _ := newFakeSession(t, Config{CodecDelete: []string{"PC.*"}})
	if _, err := rules.Answer(t.Context(), theirs{}.bytes(), SendRecv); !errors.Is(err, ErrNoCodec) ||
		errors.Is(err, ErrNoCommonCodec) {
		t.Errorf("our own rules leave nothing: %v, want ErrNoCodec", err)
	}
}

func TestSessionThatHasEnded(t *testing.T) {
	s, hw := called(t)
	s.Close()
	s.Close()
	ctx := context.Background()
	_, offer := s.Offer(ctx, SendRecv)
	_, restart := s.OfferRestart(ctx, SendRecv)
	_, fresh := s.OfferFresh(ctx, SendRecv)
	_, answer := s.Answer(ctx, theirs{}.bytes(), SendRecv)
	_, stats := s.Stats(ctx)
	_, clone := s.Clone(ctx)
	for what, err := range map[string]error{"offer": offer, "restart": restart, "fresh offer": fresh, "answer": answer,
		"statistics": stats, "clone": clone, "set answer": s.SetAnswer(ctx, theirs{}.bytes()), "rollback": s.Rollback(ctx),
		"tones": s.SendDTMF("1")} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v, want ErrClosed", what, err)
		}
	}
	if !hw.closed || !hw.last().closed {
		t.Error("platform and peer are to be closed")
	}
}

func TestStatesOfTheCall(t *testing.T) {
	s, hw := called(t)
	p := hw.last()
	next := func() State {
		select {
		case st := <-s.States():
			return st
		default:
			return ""
		}
	}
	p.become(StateConnecting)
	p.become(StateConnected)
	if got := next(); got != StateConnected {
		t.Errorf("%s, want only the newest", got)
	}
	p.notify()
	if got := next(); got != "" {
		t.Errorf("%s again", got)
	}
	if _, err := s.OfferFresh(t.Context(), SendRecv); err != nil {
		t.Fatal(err)
	}
	hw.last().become(StateConnecting)
	if got := next(); got != "" {
		t.Errorf("%s of a peer that is not the call's yet", got)
	}
	if err := s.SetAnswer(t.Context(), theirs{ufrag: "them2"}.bytes()); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != StateConnecting {
		t.Errorf("%q, want that of the peer that has taken its place", got)
	}
	s.Close()
	if got := fmt.Sprint(next(), next()); got != string(StateClosed) {
		t.Errorf("%s at the end, want closed once", got)
	}
}
