package ui

import "testing"

// TestArrowsMoveTheEdgeWhereTheyPoint: the list stands at the right where text runs from right to left.
func TestArrowsMoveTheEdgeWhereTheyPoint(t *testing.T) {
	for _, test := range []struct {
		key  string
		rtl  bool
		want int
	}{
		{"ArrowRight", false, 416}, {"ArrowLeft", false, 384}, {"ArrowRight", true, 384}, {"ArrowLeft", true, 416},
		{"Home", false, 280}, {"End", true, 560}, {"5", false, 0}, {"Tab", false, 0},
	} {
		if got, ok := keyedWidth(test.key, 400, test.rtl); got != test.want || ok != (test.want != 0) {
			t.Errorf("%s, from right to left %t: %d, %t; want %d", test.key, test.rtl, got, ok, test.want)
		}
	}
}
