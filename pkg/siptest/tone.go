//go:build !js

package siptest

import "math"

// The tone of 602: 20 ms packets of PCMU.
const (
	toneHertz   = 425
	toneSamples = 160
	toneRate    = 8000
	toneLevel   = 8000 // of 32767
)

// tonePacket is the n-th packet of the tone.
func tonePacket(n int) []byte {
	payload := make([]byte, toneSamples)
	for i := range payload {
		at := float64(n*toneSamples+i) / toneRate
		payload[i] = muLaw(int(toneLevel * math.Sin(2*math.Pi*toneHertz*at)))
	}
	return payload
}

// muLaw encodes one sample of 16 bits (ITU-T G.711).
func muLaw(sample int) byte {
	const bias, clip = 132, 32635
	sign := 0
	if sample < 0 {
		sample, sign = -sample, 0x80
	}
	sample = min(sample, clip) + bias
	exponent := 7
	for mask := 0x4000; exponent > 0 && sample&mask == 0; mask >>= 1 {
		exponent--
	}
	mantissa := (sample >> (exponent + 3)) & 0x0f
	return ^byte(sign | exponent<<4 | mantissa)
}
