package ui

import "testing"

var (
	keyPlace  = box{10, 600, 100, 64}
	dialPlace = box{10, 680, 300, 56}
	barPlace  = box{400, 10, 60, 44}
)

// at is a press in the middle of a place.
func (b box) at(does string, now float64) hit {
	return hit{does: does, box: b, x: b.x + b.w/2, y: b.y + b.h/2, at: now}
}

func typedOn(does string, now float64) hit { return hit{does: does, at: now, byKeys: true} }

// TestWhatChangesUnaskedIsDeaf goes through the ways in which something comes under a pointer.
func TestWhatChangesUnaskedIsDeaf(t *testing.T) {
	pad := []spot{{"screen.Press{7}", keyPlace}, {"screen.Dial600", dialPlace}, {"screen.Show{history}", barPlace}}
	card := append([]spot{{"incoming", box{0, 500, 390, 300}}, {"screen.Decline{9}", keyPlace},
		{"screen.Answer{9}", box{200, 600, 100, 64}}}, pad...)
	next := append([]spot{{"incoming", box{0, 500, 390, 300}}, {"screen.Decline{8}", keyPlace},
		{"screen.Answer{8}", box{200, 600, 100, 64}}}, pad...)
	talk := []spot{{"screen.Hangup{1}", dialPlace}, {"screen.Show{history}", barPlace}}
	down := []spot{{"notice", box{0, 0, 390, 52}}, {"screen.Dial600", box{10, 732, 300, 56}}}
	for _, test := range []struct {
		why           string
		before, after []spot
		press         hit
		heard         float64 // from when on it counts
	}{
		{"answer that comes under the pointer", pad, card, card[2].box.at("screen.Answer{9}", 0), settling},
		{"a key that the card has covered in part", pad, card, keyPlace.at("screen.Press{7}", 0), settling},
		{"what the card leaves alone", pad, card, barPlace.at("screen.Show{history}", 0), 0},
		{"dial where decline was", card, pad, dialPlace.at("screen.Dial600", 0), settling},
		{"the next caller in the place of the last one", card, next, keyPlace.at("screen.Decline{8}", 0), settling},
		{"dial where hang up was", talk, pad, dialPlace.at("screen.Dial600", 0), hangingUp},
		{"a key where decline was", card, pad, keyPlace.at("screen.Press{7}", 0), settling},
		{"hang up where dial was", pad, talk, dialPlace.at("screen.Hangup{1}", 0), settling},
		{"a button that was pushed away", pad, down, hit{does: "screen.Dial600", x: 20, y: 780}, settling},
		{"Enter on what has come", talk, pad, typedOn("screen.Dial600", 0), settling},
		{"Enter on what was there", talk, pad, typedOn("screen.Show{history}", 0), 0},
	} {
		for _, now := range []float64{0, settling - 1, settling, hangingUp - 1, hangingUp} {
			h := hands{last: hit{at: -settling}, moved: -1}
			h.changed(test.before, test.after, 0)
			p := test.press
			p.at = now
			if got, want := h.hears(p), now >= test.heard; got != want {
				t.Errorf("%s: heard %v after %v ms, want %v", test.why, got, now, want)
			}
		}
	}
}

// TestHandThatGoesOnHangingUp presses for five seconds where Hang up stood: nobody is called before it has rested.
func TestHandThatGoesOnHangingUp(t *testing.T) {
	var h hands
	h.last.at = -settling
	h.changed([]spot{{"screen.Hangup{1}", dialPlace}}, []spot{{"screen.Dial600", dialPlace}}, 0)
	for now := 0.0; now < 5000; now += hangingUp - 1 {
		if h.hears(dialPlace.at("screen.Dial600", now)) {
			t.Fatalf("600 is called after %v ms", now)
		}
	}
	if !h.hears(dialPlace.at("screen.Dial600", 5000+2*hangingUp)) {
		t.Error("the place stays deaf for ever")
	}
}

func TestWhoHasUsedTheKeyboardSinceKnowsWhatEnterDoes(t *testing.T) {
	var h hands
	h.changed([]spot{{"screen.Hangup{1}", dialPlace}}, []spot{{"screen.Dial605", dialPlace}}, 1000)
	h.moved = 1001 // 605 was typed
	if !h.hears(typedOn("screen.Dial605", 1050)) {
		t.Error("Enter behind a number that was typed is not heard")
	}
	h.moved = 999
	if h.hears(typedOn("screen.Dial605", 1050)) {
		t.Error("Enter is heard by what has taken the place of Hang up")
	}
}

// TestSecondHalfOfADoublePress presses twice: what the first press has brought under the pointer does not hear the second.
func TestSecondHalfOfADoublePress(t *testing.T) {
	for _, test := range []struct {
		why           string
		first, second hit
		moved         float64
		heard         bool
	}{
		{"the same again", keyPlace.at("screen.Press{7}", 1000), keyPlace.at("screen.Press{7}", 1100), 0, true},
		{"another key beside it", keyPlace.at("screen.Press{7}", 1000), dialPlace.at("screen.Press{8}", 1100), 0, true},
		{"another thing in its place", dialPlace.at("screen.Dial", 1000), dialPlace.at("screen.Dial600", 1250), 0, false},
		{"with time to look", dialPlace.at("screen.Dial", 1000), dialPlace.at("screen.Dial600", 1600), 0, true},
		{"Enter twice", typedOn("screen.Dial", 1000), typedOn("screen.Dial600", 1100), 0, false},
		{"Enter, Tab, Enter", typedOn("screen.Dial", 1000), typedOn("screen.Show{history}", 1100), 1050, true},
		{"a click, then Enter", dialPlace.at("screen.Dial", 1000), typedOn("screen.Dial600", 1100), 0, true},
	} {
		h := hands{last: test.first, moved: test.moved}
		if got := h.hears(test.second); got != test.heard {
			t.Errorf("%s: heard %v, want %v", test.why, got, test.heard)
		}
	}
}

func TestDeafnessEnds(t *testing.T) {
	var h hands
	if h.changed(nil, nil, 0); len(h.changes) != 0 {
		t.Error("nothing has changed, and the page is deaf")
	}
	h.changed([]spot{{"screen.Hangup{1}", dialPlace}}, nil, 0)
	for now, want := range map[float64][2]float64{0: {hangingUp, settling}, settling: {hangingUp - settling, 0},
		hangingUp: {0, 0}} {
		if calls, others := h.deafFor(now); max(calls, 0) != want[0] || max(others, 0) != want[1] {
			t.Errorf("after %v ms deaf for %v and %v ms, want %v", now, calls, others, want)
		}
	}
	h.changed(nil, nil, hangingUp)
	if len(h.changes) != 0 {
		t.Errorf("%d changes are remembered for ever", len(h.changes))
	}
}
