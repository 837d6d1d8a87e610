package screen

import "testing"

func TestListWidthStaysInItsBounds(t *testing.T) {
	for given, want := range map[int]int{0: 340, 1: LeastListWidth, -5: LeastListWidth, 279: LeastListWidth, 300: 300, 560: 560,
		561: MostListWidth, 1 << 30: MostListWidth} {
		if got := ListWidth(given); got != want {
			t.Errorf("%d becomes %d, want %d", given, got, want)
		}
	}
	s := phone()
	next := s
	next.Widened = 400
	if effects := Effects(s, next); len(effects) != 1 || effects[0] != Effect(Widen{400}) {
		t.Errorf("widened: %v", effects)
	}
}
