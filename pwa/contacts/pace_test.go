package contacts

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSlicesEndByNumberAndByTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			each  time.Duration
			steps int
			want  int
		}{
			{0, 10 * sliceLength, 10},
			{time.Microsecond, 10 * sliceLength, 10},
			{2 * time.Millisecond, 80, 10}, // a slice has eight of them
			{time.Second, 80, 10},
		} {
			pauses := 0
			step := paced(func() { pauses++ })
			for range c.steps {
				time.Sleep(c.each)
				step()
			}
			if pauses != c.want {
				t.Errorf("%d steps of %v: %d pauses, want %d", c.steps, c.each, pauses, c.want)
			}
		}
	})
	paced(nil)() // there is nobody to wait for
}
