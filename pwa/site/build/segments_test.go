package build

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// program is a module with a custom section and the segments as its data, each at a place.
func program(segments ...segment) []byte {
	data := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		data = append(appendSigned(append(data, 0, opI32Const), s.at), opEnd)
		data = append(binary.AppendUvarint(data, uint64(len(s.content))), s.content...)
	}
	out := append([]byte(wasmMagic), 0, 2, 1, 'x')
	return append(binary.AppendUvarint(append(out, dataSection), uint64(len(data))), data...)
}

func TestJoinDataKeepsEveryByteInItsPlace(t *testing.T) {
	tests := []struct {
		name string
		in   []segment
		want segment
	}{
		{"one", []segment{{64, []byte("abc")}}, segment{64, []byte("abc")}},
		{"a run of zeros between", []segment{{63, []byte("ab")}, {70, []byte("cd")}},
			segment{63, []byte("ab\x00\x00\x00\x00\x00cd")}},
		{"out of order", []segment{{200, []byte("b")}, {198, []byte("a")}}, segment{198, []byte("a\x00b")}},
		{"a later one overwrites", []segment{{8, []byte("abc")}, {9, []byte("x")}}, segment{8, []byte("axc")}},
		{"far away", []segment{{1 << 20, []byte("a")}}, segment{1 << 20, []byte("a")}},
	}
	for _, test := range tests {
		got, err := joinData(program(test.in...))
		if want := program(test.want); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %q, %v; want %q", test.name, got, err, want)
		}
	}
}

func TestJoinDataRefusesWhatItCannotRead(t *testing.T) {
	good := program(segment{64, []byte("abc")}, segment{80, []byte("abc")})
	for n := range len(good) {
		if n == len(wasmMagic) || n == len(wasmMagic)+4 {
			continue // a whole number of sections
		}
		if _, err := joinData(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a program", n, len(good))
		}
	}
	for name, in := range map[string][]byte{
		"a place below zero":           program(segment{-1, []byte("a")}),
		"more than a memory":           program(segment{0, []byte("a")}, segment{maxMemory, []byte("a")}),
		"a passive segment":            append([]byte(wasmMagic), dataSection, 4, 1, 1, 1, 'a'),
		"more segments than it can be": append([]byte(wasmMagic), dataSection, 5, 0xff, 0xff, 0xff, 0xff, 0x0f),
	} {
		if _, err := joinData(in); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSignedNumbersComeBack(t *testing.T) {
	for _, v := range []int64{0, 1, 63, 64, 127, 128, 1 << 31, -1, -64, -65, 1<<62 + 5, -1 << 63} {
		r := reader{appendSigned(nil, v)}
		if got, err := r.signed(); got != v || err != nil || len(r.rest) > 0 {
			t.Errorf("%d: got %d, %v, %d bytes left", v, got, err, len(r.rest))
		}
	}
}
