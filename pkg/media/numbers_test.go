package media

import (
	"errors"
	"strings"
	"testing"
)

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
