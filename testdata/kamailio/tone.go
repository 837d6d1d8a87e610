package kamailio

import (
	"encoding/binary"
	"math"
)

const (
	sampleRate  = 8000
	toneSeconds = 30
)

// sample is a 440 Hz tone at a quarter of full scale.
func sample(i int) int16 {
	return int16(8000 * math.Sin(2*math.Pi*440*float64(i)/sampleRate))
}

func wavTone() []byte {
	const n = sampleRate * toneSeconds
	out := []byte("RIFF")
	le := binary.LittleEndian
	out = le.AppendUint32(out, 36+2*n)
	out = append(out, "WAVEfmt "...)
	out = le.AppendUint32(out, 16)
	out = le.AppendUint16(out, 1) // PCM
	out = le.AppendUint16(out, 1) // mono
	out = le.AppendUint32(out, sampleRate)
	out = le.AppendUint32(out, 2*sampleRate)
	out = le.AppendUint16(out, 2)
	out = le.AppendUint16(out, 16)
	out = append(out, "data"...)
	out = le.AppendUint32(out, 2*n)
	for i := range n {
		out = le.AppendUint16(out, uint16(sample(i)))
	}
	return out
}

func alawTone() []byte {
	out := make([]byte, sampleRate*toneSeconds)
	for i := range out {
		out[i] = alaw(sample(i))
	}
	return out
}

// alaw is one sample in A-law (ITU-T G.711): sign, three bits of exponent, four of mantissa, every second bit inverted.
func alaw(s int16) byte {
	sign := byte(0x80)
	v := int(s)
	if v < 0 {
		sign, v = 0, -v-1
	}
	exp := 0
	for v>>(exp+8) > 0 && exp < 7 {
		exp++
	}
	shift := max(exp, 1) + 3
	return (sign | byte(exp<<4) | byte(v>>shift)&0x0f) ^ 0x55
}
