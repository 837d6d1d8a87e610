package build

import (
	"encoding/binary"
	"slices"
)

// Instructions of WebAssembly (WebAssembly Core Specification, section 5.4) that the site's program is rewritten with.
const (
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opElse        = 0x05
	opEnd         = 0x0b
	opBranch      = 0x0c
	opBranchIf    = 0x0d
	opBranchTable = 0x0e
	opReturn      = 0x0f
	opCall        = 0x10
	opCallTable   = 0x11
	opDrop        = 0x1a
	opSelect      = 0x1b
	opLocalGet    = 0x20
	opLocalSet    = 0x21
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opI32Load     = 0x28
	opI64Load     = 0x29
	opLastLoad    = 0x35
	opI32Store    = 0x36
	opI64Store    = 0x37
	opLastStore   = 0x3e
	opMemorySize  = 0x3f
	opMemoryGrow  = 0x40
	opI32Const    = 0x41
	opI64Const    = 0x42
	opF32Const    = 0x43
	opF64Const    = 0x44
	opI32Eqz      = 0x45
	opI32Less     = 0x49 // unsigned
	opI64Eqz      = 0x50
	opI32Add      = 0x6a
	opI64Add      = 0x7c
	opI64Or       = 0x84
	opI32Wrap     = 0xa7 // i32.wrap_i64
	opI64Extend   = 0xad // i64.extend_i32_u
	opLast        = 0xc4
	opMore        = 0xfc // a number of a further instruction follows

	moreTruncations = 8 // further instructions below it convert numbers
	moreMemoryCopy  = 10
	moreMemoryFill  = 11

	noResult = 0x40
	aligned4 = 2
	aligned8 = 3
)

// An instruction is one of a function, with its bytes as they stand in the program. Of its immediates what the rewriting looks at
// is read: the number of a local, global, label or function, a constant, and of a load or store the offset.
type instruction struct {
	op     byte
	value  int64
	encode []byte
}

// instruction takes one off the front. One that Go does not write is an error.
func (r *reader) instruction() (in instruction, err error) {
	whole := r.rest
	if in.op, err = r.byte(); err != nil {
		return in, err
	}
	in.value, err = r.immediates(in.op)
	in.encode = whole[:len(whole)-len(r.rest)]
	return in, err
}

func (r *reader) immediates(op byte) (value int64, err error) {
	number := func() int64 {
		n, numberErr := r.unsigned()
		if err == nil {
			err = numberErr
		}
		return int64(n)
	}
	switch {
	case op == opI32Const || op == opI64Const:
		return r.signed()
	case op == opF32Const:
		return 0, r.skip(4)
	case op == opF64Const:
		return 0, r.skip(8)
	case op == opBlock || op == opLoop || op == opIf || op == opMemorySize || op == opMemoryGrow:
		return 0, r.skip(1)
	case op >= opLocalGet && op <= opGlobalSet || op == opBranch || op == opBranchIf || op == opCall:
		value = number()
	case op >= opI32Load && op <= opLastStore || op == opCallTable:
		number()
		value = number()
	case op == opBranchTable:
		for range min(number(), int64(len(r.rest))) + 1 {
			number()
		}
	case op == opMore:
		return r.furtherImmediates()
	case op > opElse && op < opEnd || op > opCallTable && op < opDrop || op > opSelect && op < opLocalGet ||
		op > opGlobalSet && op < opI32Load || op > opLast:
		return 0, errBroken
	}
	return value, err
}

func (r *reader) furtherImmediates() (value int64, err error) {
	n, err := r.unsigned()
	switch {
	case err != nil:
		return 0, err
	case n < moreTruncations:
		return int64(n), nil
	case n == moreMemoryCopy:
		return int64(n), r.skip(2)
	case n == moreMemoryFill:
		return int64(n), r.skip(1)
	}
	return 0, errBroken
}

func (r *reader) skip(n int) error {
	if n > len(r.rest) {
		return errBroken
	}
	r.rest = r.rest[n:]
	return nil
}

// plain is an instruction without immediates, numbered one with a number, constant one with a signed constant.
func plain(op byte) instruction { return instruction{op: op, encode: []byte{op}} }

func numbered(op byte, n int64) instruction {
	return instruction{op, n, binary.AppendUvarint([]byte{op}, uint64(n))}
}

func constant(op byte, v int64) instruction { return instruction{op, v, appendSigned([]byte{op}, v)} }

// at returns a load or store with another offset.
func (in instruction) at(offset int64) instruction {
	return instruction{in.op, offset, binary.AppendUvarint(slices.Clone(in.encode[:2]), uint64(offset))}
}

func (in instruction) loads() bool  { return in.op >= opI32Load && in.op <= opLastLoad }
func (in instruction) stores() bool { return in.op >= opI32Store && in.op <= opLastStore }

// effect says how many values an instruction takes from the stack and how many it leaves there, where that is known without the
// types of the program.
func (in instruction) effect() (takes, leaves int, known bool) {
	switch op := in.op; {
	case op == opLocalGet || op == opGlobalGet || op >= opI32Const && op <= opF64Const:
		return 0, 1, true
	case op == opLocalSet || op == opGlobalSet || op == opDrop:
		return 1, 0, true
	case op == opLocalTee || in.loads() || op == opMore && in.value < moreTruncations || unary(op):
		return 1, 1, true
	case in.stores():
		return 2, 0, true
	case op >= opI32Eqz && op <= opLast:
		return 2, 1, true
	}
	return 0, 0, false
}

// unary reports whether an instruction on numbers takes one: a test for zero, a count of bits, a sign or a root, a conversion.
func unary(op byte) bool {
	return op == opI32Eqz || op == opI64Eqz || op >= 0x67 && op <= 0x69 || op >= 0x79 && op <= 0x7b || op >= 0x8b && op <= 0x91 ||
		op >= 0x99 && op <= 0x9f || op >= opI32Wrap && op <= opLast
}
