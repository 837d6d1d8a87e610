package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/screen"
)

// statsOf are the counters that somebody looks at.
func statsOf(m media.Stats) screen.Stats {
	return screen.Stats{
		Codec: m.Codec, PacketsReceived: m.PacketsReceived, PacketsLost: m.PacketsLost, Jitter: m.Jitter,
		RoundTripTime: m.RoundTripTime,
		TotalSamples:  m.TotalSamples, JitterBufferDelay: m.JitterBufferDelay,
	}
}

// weight of the newest reading: a quality follows a change within a few seconds and does not jump.
const weight = 0.35

// follow is the quality after another reading of the counters, of what came between the two readings.
func followed(q screen.Quality, before, now screen.Stats) screen.Quality {
	received, lost := now.PacketsReceived-before.PacketsReceived, max(0, now.PacketsLost-before.PacketsLost)
	if now.PacketsReceived < before.PacketsReceived || received == 0 {
		return q
	}
	newest := screen.Quality{Loss: float64(lost) / (float64(received) + float64(lost))}
	newest.MOS = opinion(rating(now.RoundTripTime/2+2*now.Jitter+waited(before, now), newest.Loss))
	if !q.Known() {
		return newest
	}
	return screen.Quality{MOS: q.MOS + weight*(newest.MOS-q.MOS), Loss: q.Loss + weight*(newest.Loss-q.Loss)}
}

// waited is how long a sample waited in the jitter buffer between two readings: the counters hold the mean since the start.
func waited(before, now screen.Stats) time.Duration {
	if now.TotalSamples <= before.TotalSamples {
		return now.JitterBufferDelay
	}
	sum := float64(now.JitterBufferDelay)*float64(now.TotalSamples) -
		float64(before.JitterBufferDelay)*float64(before.TotalSamples)
	return max(0, time.Duration(sum/float64(now.TotalSamples-before.TotalSamples)))
}

// rating is the factor R of the E-model (ITU-T G.107), simplified as usual: delay and loss lower it.
func rating(delay time.Duration, loss float64) float64 {
	ms := float64(delay) / float64(time.Millisecond)
	r := 93.2 - ms/40
	if ms > 160 {
		r = 93.2 - (ms-120)/10
	}
	return r - 250*loss
}

// opinion maps a rating factor to a mean opinion score.
func opinion(r float64) float64 {
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
