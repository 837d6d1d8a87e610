package contacts

import "time"

// Long work is done in slices, between which others may run: so many steps, or as long as a key may wait when steps take long,
// as in a browser that compiles what it has not run yet.
const (
	sliceLength = 200
	sliceTime   = 10 * time.Millisecond
	looksAfter  = 8 // steps between two looks at the clock
)

// paced returns what has to be called at each step. It calls pause, which may be nil, behind each slice.
func paced(pause func()) func() {
	if pause == nil {
		return func() {}
	}
	n, began := 0, time.Now()
	return func() {
		if n++; n%looksAfter != 0 || n < sliceLength && time.Since(began) < sliceTime {
			return
		}
		pause()
		n, began = 0, time.Now()
	}
}
