package ui

import (
	"math"
	"testing"

	"github.com/gowebphone/webphone/pwa/screen"
)

// energy is how strong a frequency is in samples (Goertzel).
func energy(samples []float32, hertz float64) float64 {
	k := 2 * math.Cos(2*math.Pi*hertz/sampleRate)
	var a, b float64
	for _, v := range samples {
		a, b = float64(v)+k*a-b, a
	}
	return (a*a + b*b - k*a*b) / float64(len(samples)) / float64(len(samples))
}

func TestKeysSoundAsDTMF(t *testing.T) {
	for _, k := range padKeys {
		samples := render(keyNote(k.digit))
		pair := dtmf[k.digit]
		for _, hertz := range []float64{697, 770, 852, 941, 1209, 1336, 1477} {
			strong := energy(samples, hertz) > 1e-4
			if want := hertz == pair[0] || hertz == pair[1]; strong != want {
				t.Errorf("key %s: %v Hz is heard: %v, want %v", k.digit, hertz, strong, want)
			}
		}
	}
	if keyNote("x") != nil {
		t.Error("a key that does not exist has a tone")
	}
}

func TestSoundsNeitherClickNorClip(t *testing.T) {
	all := map[string][]note{"key": keyNote("5")}
	for loop, notes := range loops {
		all[string(loop)] = notes
	}
	for signal, notes := range signals {
		all[string(signal)] = notes
	}
	for name, notes := range all {
		samples := render(notes)
		if len(samples) < sampleRate/20 {
			t.Errorf("%s: %d samples are too short to be heard", name, len(samples))
		}
		loudest := 0.0
		for _, v := range samples {
			loudest = max(loudest, math.Abs(float64(v)))
		}
		if loudest > 0.5 || loudest < 0.05 {
			t.Errorf("%s: loudest %.2f, want it heard and not to hurt", name, loudest)
		}
		if first, last := samples[0], samples[len(samples)-1]; math.Abs(float64(first)) > 0.01 || math.Abs(float64(last)) > 0.01 {
			t.Errorf("%s: begins with %.3f and ends with %.3f, want silence at both ends", name, first, last)
		}
	}
}

func TestEveryLoopAndSignalHasASound(t *testing.T) {
	for _, loop := range append(screen.Ringtones(), screen.CallWaiting, screen.Ringback) {
		if len(loops[loop]) == 0 {
			t.Errorf("%s is silent", loop)
		}
	}
	for _, signal := range []screen.Signal{screen.BusyTone, screen.ErrorTone} {
		if len(signals[signal]) == 0 {
			t.Errorf("%s is silent", signal)
		}
	}
}
