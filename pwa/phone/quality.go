package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// Grade is a quality in one word.
type Grade int

const (
	Good Grade = iota
	Fair
	Poor
)

// Quality is how a call sounds, estimated.
type Quality struct {
	MOS   float64 // mean opinion score, 1 to 4.5
	Loss  float64 // of the packets that should have come, 0..1
	Grade Grade
}

// Rate estimates the quality from the counters of a call, by the E-model of ITU-T G.107 with its usual simplification:
// delay and loss lower the rating factor R, which maps to a mean opinion score.
func Rate(s media.Stats) Quality {
	var q Quality
	if expected := float64(s.PacketsReceived) + float64(max(0, s.PacketsLost)); expected > 0 {
		q.Loss = float64(max(0, s.PacketsLost)) / expected
	}
	delay := float64(s.RoundTripTime/2+2*s.Jitter+s.JitterBufferDelay) / float64(time.Millisecond)
	r := 93.2 - delay/40
	if delay > 160 {
		r = 93.2 - (delay-120)/10
	}
	r -= 250 * q.Loss
	q.MOS = opinion(r)
	switch {
	case q.MOS < 3.1:
		q.Grade = Poor
	case q.MOS < 3.8:
		q.Grade = Fair
	}
	return q
}

func opinion(r float64) float64 {
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return 1 + 0.035*r + r*(r-60)*(100-r)*7e-6
}
