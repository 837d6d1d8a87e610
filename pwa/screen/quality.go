package screen

// Grade is a quality in one word.
type Grade int

const (
	Good Grade = iota
	Fair
	Poor
)

// Quality is how a call sounds, estimated.
type Quality struct {
	MOS  float64 // mean opinion score, 1 to 4.5; 0: not known yet
	Loss float64 // of the packets that should have come, 0..1
}

// Known tells whether enough has been measured.
func (q Quality) Known() bool { return q.MOS > 0 }

// Grade is the quality in one word.
func (q Quality) Grade() Grade {
	switch {
	case q.MOS < 3.1:
		return Poor
	case q.MOS < 3.8:
		return Fair
	}
	return Good
}
