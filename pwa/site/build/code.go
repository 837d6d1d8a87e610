package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// Locals of the functions Go compiles, which take where to go on and return whether to unwind (cmd/internal/obj/wasm).
const (
	localBlock = 0 // where to go on
	localStack = 1 // the stack pointer
	localPlace = 2 // with shortenCode: the function's place in the numbers calls return to
)

var goFunction = []byte{functionType, 1, i32Type, 1, i32Type}

const maxFolded = 1 << 20 // an offset that no address of a stack overflows with

// shortenCode writes the functions of a program otherwise, with the same effect, so that they are shorter and more alike: it is a
// tenth of the compressed program.
//
//   - Go reckons addresses in 64 bits and cuts them to 32, where 32 give the same; and what it adds to the stack pointer can
//     stand in the load or store itself.
//   - After each call it leaves for the end of the function when a goroutine stops. How many blocks lie between is another number
//     at each call; a return is always the same.
//   - Before each call it stores where the call returns to: the function's number and the block's. Now a local holds the first.
func shortenCode(program []byte) ([]byte, error) {
	sections, err := readSections(program)
	if err != nil {
		return nil, err
	}
	var types [][]byte
	var kinds []uint64
	for i := range sections {
		each := &sections[i]
		switch each.id {
		case typeSection:
			types, err = each.types()
		case functionSection:
			kinds, err = each.numbers()
		case codeSection:
			each.body, err = shortenFunctions(each.body, kinds, types)
		}
		if err != nil {
			return nil, fmt.Errorf("section %d: %w", each.id, err)
		}
	}
	return writeSections(sections), nil
}

// types returns the types of functions as they are written.
func (s *section) types() (types [][]byte, err error) {
	r := reader{s.body}
	count, err := r.unsigned()
	for range count {
		whole := r.rest
		if kind, err := r.byte(); err != nil || kind != functionType {
			return nil, errBroken
		}
		_, takesErr := r.sized()
		_, leavesErr := r.sized()
		if takesErr != nil || leavesErr != nil {
			return nil, errBroken
		}
		types = append(types, whole[:len(whole)-len(r.rest)])
	}
	return types, err
}

func (s *section) numbers() (numbers []uint64, err error) {
	r := reader{s.body}
	count, err := r.unsigned()
	for range count {
		n, err := r.unsigned()
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, err
}

func shortenFunctions(section []byte, kinds []uint64, types [][]byte) ([]byte, error) {
	r := reader{section}
	count, err := r.unsigned()
	if err != nil || count != uint64(len(kinds)) {
		return nil, errBroken
	}
	out := binary.AppendUvarint(make([]byte, 0, len(section)), count)
	for _, kind := range kinds {
		if kind >= uint64(len(types)) {
			return nil, errBroken
		}
		body, err := r.sized()
		if err != nil {
			return nil, err
		}
		f, err := readFunction(body)
		if err != nil {
			return nil, err
		}
		f.shorten(bytes.Equal(types[kind], goFunction))
		body = f.bytes()
		out = append(binary.AppendUvarint(out, uint64(len(body))), body...)
	}
	return out, nil
}

// A function is the body of one, taken apart.
type function struct {
	locals []locals
	code   []instruction
}

// locals are some of the same type, in a row.
type locals struct {
	count uint64
	kind  byte
}

func readFunction(body []byte) (*function, error) {
	r := reader{body}
	groups, err := r.unsigned()
	f := &function{}
	for range groups {
		count, err := r.unsigned()
		if err != nil {
			return nil, err
		}
		kind, err := r.byte()
		if err != nil {
			return nil, err
		}
		f.locals = append(f.locals, locals{count, kind})
	}
	for err == nil && len(r.rest) > 0 {
		var in instruction
		if in, err = r.instruction(); err == nil {
			f.code = append(f.code, in)
		}
	}
	return f, err
}

func (f *function) bytes() []byte {
	out := binary.AppendUvarint(nil, uint64(len(f.locals)))
	for _, each := range f.locals {
		out = append(binary.AppendUvarint(out, each.count), each.kind)
	}
	for _, in := range f.code {
		out = append(out, in.encode...)
	}
	return out
}

// shorten rewrites the function, which, where it is one of those that Go compiles, has its stack pointer in the first local.
func (f *function) shorten(compiled bool) {
	f.code = shortAddresses(f.code)
	if compiled && len(f.locals) > 0 && f.locals[0] == (locals{1, i32Type}) {
		f.code = foldOffsets(f.code)
		f.code = returnAfterCalls(f.code)
		f.sharePlace()
	}
}

// shortAddresses leaves out what happens in 64 bits only to be cut to 32.
func shortAddresses(code []instruction) []instruction {
	out := make([]instruction, 0, len(code))
	for _, in := range code {
		switch {
		case in.op == opI32Wrap && endsWith(out, opI64Extend, opI64Const, opI64Add):
			add := int64(int32(out[len(out)-2].value))
			out = out[:len(out)-3]
			if add != 0 {
				out = append(out, constant(opI32Const, add), plain(opI32Add))
			}
		case in.op == opI32Wrap && endsWith(out, opI64Extend):
			out = out[:len(out)-1]
		case in.op == opI64Eqz && endsWith(out, opI64Eqz, opI64Extend):
			out[len(out)-1] = plain(opI32Eqz)
		default:
			out = append(out, in)
		}
	}
	return out
}

// endsWith reports whether code ends with these instructions.
func endsWith(code []instruction, ops ...byte) bool {
	if len(code) < len(ops) {
		return false
	}
	for i, in := range code[len(code)-len(ops):] {
		if in.op != ops[i] {
			return false
		}
	}
	return true
}

// foldOffsets moves what is added to the stack pointer into the loads and stores that use the sum as their address. A load or
// store does not wrap around at 4 GiB as the sum would, but no stack lies there.
func foldOffsets(code []instruction) []instruction {
	out := make([]instruction, 0, len(code))
	var stack []int // for each value on it: behind which instruction of out it is a sum that can be folded, or -1
	for _, in := range code {
		takes, leaves, known := in.effect()
		if !known {
			out, stack = append(out, in), stack[:0]
			continue
		}
		address := -1
		if len(stack) >= takes && takes > 0 {
			address = stack[len(stack)-takes]
		}
		stack = stack[:max(0, len(stack)-takes)]
		if address >= 0 && (in.loads() || in.stores()) {
			in = in.at(in.value + out[address-2].value)
			out = slices.Delete(out, address-2, address)
			// What stood deeper on the stack came before.
		}
		out = append(out, in)
		for range leaves {
			stack = append(stack, -1)
		}
		if in.op == opI32Add && leaves == 1 && isOffset(out) {
			stack[len(stack)-1] = len(out)
		}
	}
	return out
}

// isOffset reports whether code ends with the stack pointer and something small added to it.
func isOffset(code []instruction) bool {
	if !endsWith(code, opLocalGet, opI32Const, opI32Add) {
		return false
	}
	base, add := code[len(code)-3].value, code[len(code)-2].value
	return base == localStack && add >= 0 && add < maxFolded
}

// returnAfterCalls puts a return in the place of the branch to the end of the function, where it returns 1.
func returnAfterCalls(code []instruction) []instruction {
	last, closing := blocksOf(code)
	if !closing {
		return code
	}
	out := make([]instruction, 0, len(code))
	var open []int
	for i, in := range code {
		switch in.op {
		case opBlock, opLoop, opIf:
			open = append(open, i)
		case opEnd:
			open = open[:max(0, len(open)-1)]
		}
		leaves := in.op == opBranchIf && len(open) > 0 && open[0] == last && in.value == int64(len(open)-1)
		if leaves && (endsWith(code[:i], opCall, opGlobalGet, opLocalSet) ||
			endsWith(code[:i], opCallTable, opGlobalGet, opLocalSet)) {
			out = append(out, instruction{op: opIf, encode: []byte{opIf, noResult}}, constant(opI32Const, 1), plain(opReturn),
				plain(opEnd))
			continue
		}
		out = append(out, in)
	}
	return out
}

// blocksOf returns where the last block begins that stands in no other, and whether the function ends with the end of it and a 1.
func blocksOf(code []instruction) (last int, closing bool) {
	depth := 0
	for i, in := range code[:max(0, len(code)-2)] {
		switch in.op {
		case opBlock, opLoop, opIf:
			if depth == 0 {
				last = i
			}
			depth++
		case opEnd:
			depth--
		}
	}
	return last, depth == 0 && endsWith(code, opEnd, opI32Const, opEnd) && code[len(code)-2].value == 1 &&
		bytes.Equal(code[last].encode, []byte{opBlock, noResult})
}

// sharePlace puts the function's number, which stands above the lower 16 bits of each number a call returns to, into a local.
func (f *function) sharePlace() {
	place := int64(0)
	isPlace := func(i int) bool {
		return i > 0 && i+1 < len(f.code) && f.code[i].op == opI64Const && f.code[i].value > 0xffff &&
			f.code[i-1].op == opLocalGet && f.code[i-1].value == localStack && f.code[i+1].op == opI64Store &&
			f.code[i+1].value == 0
	}
	for i := range f.code {
		if isPlace(i) && endsWith(f.code[:min(i+4, len(f.code))], opI64Const, opI64Store, opI32Const, opCall) {
			place = f.code[i].value &^ 0xffff
			break
		}
	}
	if place == 0 {
		return
	}
	out := []instruction{constant(opI64Const, place), numbered(opLocalSet, localPlace)}
	for i, in := range f.code {
		switch {
		case isPlace(i) && in.value&^0xffff == place:
			out = append(out, numbered(opLocalGet, localPlace), constant(opI64Const, in.value-place), plain(opI64Or))
			continue
		case (in.op == opLocalGet || in.op == opLocalSet || in.op == opLocalTee) && in.value >= localPlace:
			in = numbered(in.op, in.value+1)
		}
		out = append(out, in)
	}
	f.code = out
	f.locals = slices.Insert(f.locals, 1, locals{1, i64Type})
}
