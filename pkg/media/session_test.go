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

// TestNumbersThatChanged leaves them out of what the peer gets, for the life of the peer.
func TestNumbersThatChanged(t *testing.T) {
	s, hw := calling(t) // 111 opus, 63 red, 110 and 126 tones by our offer; 0, 8, 101 by their answer
	steps := []struct {
		why, formats string
		more         []string
		told         string
	}{
		{"our number of tones", "0 110", []string{"a=rtpmap:110 telephone-event/8000"}, " 0\r\n"},
		{"our number of opus", "8 111 63", []string{"a=rtpmap:111 PCMU/8000", "a=rtpmap:63 opus/48000/2"}, " 8\r\n"},
		{"our number of tones beside another one", "0 110 101", []string{"a=rtpmap:110 telephone-event/8000",
			"a=rtpmap:101 telephone-event/8000"}, " 0 101\r\n"},
		{"opus by a number that changed and by another one", "8 111 63 102 103", []string{"a=rtpmap:111 PCMU/8000",
			"a=rtpmap:63 opus/48000/2", "a=rtpmap:102 opus/48000/2", "a=rtpmap:103 opus/48000/2"}, " 8 102\r\n"},
		{"ours as we mean them", "111 63 126", []string{"a=rtpmap:111 opus/48000/2", "a=rtpmap:63 red/48000/2",
			"a=fmtp:63 111/111", "a=rtpmap:126 telephone-event/8000"}, " 111 63 126\r\n"},
		{"a new number", "96 0", []string{"a=rtpmap:96 opus/48000/2"}, " 96 0\r\n"},
		{"the new number again", "96 0", []string{"a=rtpmap:96 telephone-event/8000"}, " 0\r\n"},
		{"redundancy whose codec is left out", "0 96 97", []string{"a=rtpmap:96 G722/8000", "a=rtpmap:97 red/48000/2",
			"a=fmtp:97 96/96"}, " 0\r\n"},
		{"the spelling is no meaning", "0 96", []string{"a=rtpmap:96 OPUS/48000"}, " 0 96\r\n"},
	}
	for _, step := range steps {
		if _, err := s.Answer(t.Context(), theirs{formats: step.formats, more: step.more}.bytes(), SendRecv); err != nil {
			t.Fatalf("%s: %v", step.why, err)
		}
		wantText(t, step.why, hw.last().told(), "SAVPF"+step.told)
	}
	before := hw.last().told()
	_, err := s.Answer(t.Context(), theirs{formats: "111", more: []string{"a=rtpmap:111 PCMA/8000"}}.bytes(), SendRecv)
	if !errors.Is(err, ErrNoCommonCodec) || hw.last().told() != before {
		t.Errorf("%v, want ErrNoCommonCodec, and nothing told", err)
	}
	// Another machine, another peer: it has been told nothing.
	if _, err := s.Answer(t.Context(), theirs{ufrag: "them2", hash: "CC", formats: "111",
		more: []string{"a=rtpmap:111 PCMA/8000"}}.bytes(), SendRecv); err != nil {
		t.Fatal(err)
	}
	if len(hw.peers) != 2 {
		t.Fatalf("%d peers", len(hw.peers))
	}
	wantText(t, "a fresh peer", hw.last().told(), "SAVPF 111\r\n", "a=rtpmap:111 PCMA/8000\r\n")
}

// TestNumbersOfAnswers: the two directions have numbers of their own, so an answer may use ours otherwise, once.
func TestNumbersOfAnswers(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	mustOffer(t, s, SendRecv)
	if err := s.SetAnswer(t.Context(), theirs{formats: "110 0",
		more: []string{"a=rtpmap:110 opus/48000/2"}}.bytes()); err != nil {
		t.Fatal(err)
	}
	wantText(t, "the first answer", hw.last().told(), "SAVPF 110 0\r\n", "a=rtpmap:110 opus/48000/2\r\n")
	mustOffer(t, s, SendRecv)
	if err := s.SetAnswer(t.Context(), theirs{formats: "0 110",
		more: []string{"a=rtpmap:110 telephone-event/8000"}}.bytes()); err != nil {
		t.Fatal(err)
	}
	wantText(t, "the second", hw.last().told(), "SAVPF 0\r\n")
}

// TestCongestionExtension is agreed once, by one number (a browser may end the page where it moves).
func TestCongestionExtension(t *testing.T) {
	extension := func(number string) []string {
		return []string{"a=extmap:" + number + " " + congestionURI, "a=rtcp-fb:* transport-cc"}
	}
	told := func(hw *fakePlatform) string { return hw.last().told() }
	answer := func(s *session, number string) {
		t.Helper()
		if _, err := s.Answer(t.Context(), theirs{more: extension(number)}.bytes(), SendRecv); err != nil {
			t.Fatal(err)
		}
	}
	s, hw := newFakeSession(t, Config{})
	answer(s, "5")
	wantText(t, "the first offer", told(hw), "a=extmap:5 "+congestionURI, "a=rtcp-fb:0 transport-cc")
	for _, number := range []string{"7", "5/sendonly", "3", "15", "0", "x"} {
		answer(s, number)
		if number == "5/sendonly" {
			wantText(t, "the same number", told(hw), "a=extmap:5 "+congestionURI)
			continue
		}
		wantNoText(t, "number "+number, told(hw), "a=extmap", "transport-cc")
	}
	s, hw = newFakeSession(t, Config{})
	if _, err := s.Answer(t.Context(), theirs{}.bytes(), SendRecv); err != nil {
		t.Fatal(err)
	}
	answer(s, "5")
	wantNoText(t, "not agreed at first", told(hw), "a=extmap")
	for number, agreed := range map[string]bool{"3": true, "4": false} {
		s, hw = newFakeSession(t, Config{})
		mustOffer(t, s, SendRecv)
		if err := s.SetAnswer(t.Context(), theirs{more: extension(number)}.bytes()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(told(hw), "a=extmap:"+number); got != agreed {
			t.Errorf("an answer with number %s to our 3: told %v", number, got)
		}
	}
}

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

func TestTonesAreThoseOfTheAnswer(t *testing.T) {
	for formats, tones := range map[string]bool{"0 8 101": true, "0 8": false} {
		s, _ := newFakeSession(t, Config{})
		mustOffer(t, s, SendRecv)
		if err := s.SetAnswer(t.Context(), theirs{formats: formats}.bytes()); err != nil {
			t.Fatal(err)
		}
		if err := s.SendDTMF("1"); errors.Is(err, ErrNoTelephoneEvent) == tones {
			t.Errorf("formats %s: %v", formats, err)
		}
	}
}

// TestTonesWhileNumbersChange: a call sends tones in its audio as long as they have a number that can be used, and says so when
// they have not: then they go by INFO.
func TestTonesWhileNumbersChange(t *testing.T) {
	s, _ := calling(t) // 110 and 126 are ours: telephone-event/48000 and /8000
	const ev8, ev48 = " telephone-event/8000", " telephone-event/48000"
	for _, step := range []struct {
		formats string
		more    []string
		tones   bool
	}{
		{"0 110", []string{"a=rtpmap:110" + ev8}, false},
		{"0 126", []string{"a=rtpmap:126" + ev8}, true},
		{"0 110 126", []string{"a=rtpmap:110" + ev8, "a=rtpmap:126" + ev8}, true},
		{"0 110", []string{"a=rtpmap:110" + ev48}, true},
		{"0", nil, false},
		{"0 126 110", []string{"a=rtpmap:110" + ev8, "a=rtpmap:126" + ev48}, false},
		{"0 101", nil, true},
	} {
		offer := theirs{formats: step.formats, more: step.more}.bytes()
		if _, err := s.Answer(t.Context(), offer, SendRecv); err != nil {
			t.Fatal(err)
		}
		if err := s.SendDTMF("1"); errors.Is(err, ErrNoTelephoneEvent) == step.tones {
			t.Errorf("formats %s %v: %v", step.formats, step.more, err)
		}
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
