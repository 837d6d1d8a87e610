package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Parts of the WebAssembly binary format that joinData reads (WebAssembly Core Specification, section 5).
const (
	wasmMagic   = "\x00asm\x01\x00\x00\x00"
	dataSection = 11
	maxMemory   = 1 << 30 // more than any program has; bounds what a broken one can ask for
)

var errBroken = errors.New("not a WebAssembly program as Go writes it")

// joinData returns the program with one data segment in place of many. Go's linker leaves out each short run of zeros
// and so writes a hundred thousand segments, whose headers stand between data that would compress well: one segment
// is larger, but makes the compressed program some 8 % smaller, and the browser copies it at once.
func joinData(program []byte) ([]byte, error) {
	sections, err := readSections(program)
	if err != nil {
		return nil, err
	}
	for i := range sections {
		if sections[i].id != dataSection {
			continue
		}
		if sections[i].body, err = joinSegments(sections[i].body); err != nil {
			return nil, fmt.Errorf("data section: %w", err)
		}
	}
	return writeSections(sections), nil
}

// A section is one part of a program.
type section struct {
	id   byte
	body []byte
}

func readSections(program []byte) ([]section, error) {
	if !bytes.HasPrefix(program, []byte(wasmMagic)) {
		return nil, errBroken
	}
	var sections []section
	for r := (reader{program[len(wasmMagic):]}); len(r.rest) > 0; {
		id, err := r.byte()
		if err != nil {
			return nil, err
		}
		body, err := r.sized()
		if err != nil {
			return nil, err
		}
		sections = append(sections, section{id, body})
	}
	return sections, nil
}

func writeSections(sections []section) []byte {
	program := []byte(wasmMagic)
	for _, each := range sections {
		program = binary.AppendUvarint(append(program, each.id), uint64(len(each.body)))
		program = append(program, each.body...)
	}
	return program
}

// joinSegments turns the segments of a data section, which all lie at fixed places of the first memory, into one. A
// later segment overwrites an earlier one, as it would in the browser.
func joinSegments(section []byte) ([]byte, error) {
	r := reader{section}
	count, err := r.unsigned()
	if err != nil || count == 0 {
		return section, err
	}
	segments := make([]segment, min(count, uint64(len(section))))
	for i := range segments {
		if segments[i], err = r.segment(); err != nil {
			return nil, err
		}
	}
	start, end := segments[0].bounds()
	for _, s := range segments {
		from, to := s.bounds()
		start, end = min(start, from), max(end, to)
	}
	if end > maxMemory {
		return nil, errBroken
	}
	memory := make([]byte, end-start)
	for _, s := range segments {
		copy(memory[s.at-start:], s.content)
	}
	joined := appendSigned([]byte{1, 0, opI32Const}, start)
	joined = binary.AppendUvarint(append(joined, opEnd), uint64(len(memory)))
	return append(joined, memory...), nil
}

type segment struct {
	at      int64
	content []byte
}

func (s segment) bounds() (from, to int64) { return s.at, s.at + int64(len(s.content)) }

// A reader takes values off the front of its bytes.
type reader struct{ rest []byte }

func (r *reader) byte() (byte, error) {
	if len(r.rest) == 0 {
		return 0, errBroken
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b, nil
}

func (r *reader) unsigned() (uint64, error) {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		return 0, errBroken
	}
	r.rest = r.rest[n:]
	return v, nil
}

// signed reads signed LEB128, which unlike binary.Varint extends the sign bit of its last byte.
func (r *reader) signed() (int64, error) {
	var v int64
	for shift := 0; shift < 64; shift += 7 {
		b, err := r.byte()
		if err != nil {
			return 0, err
		}
		v |= int64(b&0x7f) << shift
		if b&0x80 != 0 {
			continue
		}
		if b&0x40 != 0 && shift+7 < 64 {
			v |= -1 << (shift + 7)
		}
		return v, nil
	}
	return 0, errBroken
}

func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

func (r *reader) sized() ([]byte, error) {
	n, err := r.unsigned()
	if err != nil || n > uint64(len(r.rest)) {
		return nil, errBroken
	}
	content := r.rest[:n]
	r.rest = r.rest[n:]
	return content, nil
}

// segment reads one active segment of the first memory whose place is a constant.
func (r *reader) segment() (s segment, err error) {
	for _, want := range []byte{0, opI32Const} {
		if b, err := r.byte(); err != nil || b != want {
			return s, errBroken
		}
	}
	if s.at, err = r.signed(); err != nil || s.at < 0 {
		return s, errBroken
	}
	if b, err := r.byte(); err != nil || b != opEnd {
		return s, errBroken
	}
	s.content, err = r.sized()
	return s, err
}
