package ui

import (
	"math"
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

const sampleRate = 16000

// note is a sound of one or more frequencies, then silence.
type note struct {
	hertz   []float64
	on, off time.Duration
	loud    float64 // 0..1
	pluck   bool    // fades out like a string; else it lasts and ends softly
}

const ms = time.Millisecond

// Loops: the ringtone is our own, ringback and call waiting are those of ITU-T E.180 with 425 Hz.
var loops = map[screen.Loop][]note{
	screen.Ringtone: {
		{[]float64{659.26, 1318.5}, 160 * ms, 0, 0.35, true}, {[]float64{830.61, 1661.2}, 160 * ms, 0, 0.35, true},
		{[]float64{987.77, 1975.5}, 420 * ms, 60 * ms, 0.4, true},
		{[]float64{659.26, 1318.5}, 160 * ms, 0, 0.35, true}, {[]float64{830.61, 1661.2}, 160 * ms, 0, 0.35, true},
		{[]float64{1318.5, 2637}, 700 * ms, 1500 * ms, 0.35, true},
	},
	screen.RingSoft: {
		{[]float64{523.25}, 700 * ms, 0, 0.25, true}, {[]float64{659.26}, 1100 * ms, 2200 * ms, 0.22, true},
	},
	screen.RingClassic: clapper(16),
	screen.RingPulse: {
		{[]float64{880}, 90 * ms, 90 * ms, 0.3, false}, {[]float64{880}, 90 * ms, 90 * ms, 0.3, false},
		{[]float64{1174.7}, 140 * ms, 1500 * ms, 0.3, false},
	},
	screen.CallWaiting: {
		{[]float64{425}, 200 * ms, 200 * ms, 0.15, false}, {[]float64{425}, 200 * ms, 3400 * ms, 0.15, false},
	},
	screen.Ringback: {{[]float64{425}, 1000 * ms, 4000 * ms, 0.15, false}},
}

var signals = map[screen.Signal][]note{
	screen.BusyTone: {
		{[]float64{425}, 480 * ms, 480 * ms, 0.15, false}, {[]float64{425}, 480 * ms, 480 * ms, 0.15, false},
		{[]float64{425}, 480 * ms, 100 * ms, 0.15, false},
	},
	screen.ErrorTone: {
		{[]float64{950}, 200 * ms, 0, 0.12, false}, {[]float64{1400}, 200 * ms, 0, 0.12, false},
		{[]float64{1800}, 200 * ms, 50 * ms, 0.12, false},
	},
}

// clapper is strokes on a bell, then silence.
func clapper(strokes int) []note {
	var notes []note
	for i := range strokes {
		hertz := []float64{1046.5, 2093}
		if i%2 == 1 {
			hertz = []float64{1318.5, 2637}
		}
		notes = append(notes, note{hertz, 60 * ms, 0, 0.3, true})
	}
	return append(notes, note{nil, 0, 2400 * ms, 0, false})
}

var dtmf = map[string][2]float64{
	"1": {697, 1209}, "2": {697, 1336}, "3": {697, 1477}, "4": {770, 1209}, "5": {770, 1336}, "6": {770, 1477},
	"7": {852, 1209}, "8": {852, 1336}, "9": {852, 1477}, "*": {941, 1209}, "0": {941, 1336}, "#": {941, 1477},
	"+": {941, 1336},
}

func keyNote(digit string) []note {
	pair, ok := dtmf[digit]
	if !ok {
		return nil
	}
	return []note{{pair[:], 110 * ms, 10 * ms, 0.12, false}}
}

// render makes the samples of notes, one period of a loop.
func render(notes []note) []float32 {
	var samples []float32
	for _, n := range notes {
		samples = append(samples, n.render()...)
	}
	return samples
}

func (n note) render() []float32 {
	on, off := frames(n.on), frames(n.off)
	samples := make([]float32, on+off)
	for i := range on {
		var v float64
		for _, hertz := range n.hertz {
			v += math.Sin(2 * math.Pi * hertz * float64(i) / sampleRate)
		}
		samples[i] = float32(v / float64(len(n.hertz)) * n.loud * n.envelope(i, on))
	}
	return samples
}

// envelope keeps the edges from clicking.
func (n note) envelope(i, on int) float64 {
	edge := float64(frames(8 * ms))
	soft := min(1, float64(i)/edge, float64(on-i)/edge)
	if n.pluck {
		return soft * math.Exp(-4*float64(i)/float64(on))
	}
	return soft
}

func frames(d time.Duration) int { return int(d.Seconds() * sampleRate) }
