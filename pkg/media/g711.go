package media

import "math/bits"

// G.711 in its two laws (RFC 3551 section 4.5.14): 8 kHz, 8 bit a sample.

const (
	muBias = 0x84
	muClip = 32635
)

func encodeMu(sample int16) byte {
	v, sign := int32(sample), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, muClip) + muBias
	exponent := bits.Len32(uint32(v)) - 8 // the bias makes the length at least 8
	return ^(sign | byte(exponent)<<4 | byte(v>>(exponent+3))&0x0f)
}

func decodeMu(b byte) int16 {
	b = ^b
	v := (int32(b&0x0f)<<3+muBias)<<(b>>4&7) - muBias
	if b&0x80 != 0 {
		v = -v
	}
	return int16(v)
}

func encodeA(sample int16) byte {
	v, sign := int32(sample)>>4, byte(0x80) // 12 bits and the sign
	if v < 0 {
		v, sign = ^v, 0
	}
	code := byte(v)
	if v >= 16 { // above the linear part: 1 to 7 doublings
		exponent := bits.Len32(uint32(v)) - 4
		code = byte(exponent)<<4 | byte(v>>(exponent-1))&0x0f
	}
	return (sign | code) ^ 0x55
}

func decodeA(b byte) int16 {
	b ^= 0x55
	v := int32(b&0x0f)<<4 + 8
	if exponent := b >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v)
}

// law is one of the two ways to write a sample.
type law struct {
	encode func(int16) byte
	decode func(byte) int16
}

var laws = map[string]law{"PCMU": {encodeMu, decodeMu}, "PCMA": {encodeA, decodeA}}
