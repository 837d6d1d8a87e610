package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Further parts of the WebAssembly binary format (WebAssembly Core Specification, section 5).
const (
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	startSection    = 8
	elementSection  = 9
	codeSection     = 10

	functionType = 0x60
	i32Type      = 0x7f
	i64Type      = 0x7e
)

// addDifferences writes three columns of the table of functions, which only grow, as differences from row to row: where functions
// begin, twice, where their entries stand, and where their names. Differences are small and alike, and so 4 % of the compressed
// program are saved. A function that the browser runs when it has filled the memory, before anything else, adds them up again.
func addDifferences(program []byte) ([]byte, error) {
	table, err := findTable(program)
	if err != nil {
		return nil, err
	}
	if table.count == 0 {
		return nil, fmt.Errorf("table of functions: %w", errBroken)
	}
	address, err := addressOfTable(program)
	if err != nil {
		return nil, err
	}
	if err := table.subtract(); err != nil {
		return nil, err
	}
	return withStart(program, summing(address+int64(table.place), table.count))
}

// addressOfTable returns where in memory the table of functions of a joined program comes to lie.
func addressOfTable(program []byte) (int64, error) {
	sections, err := readSections(program)
	if err != nil {
		return 0, err
	}
	for _, each := range sections {
		if each.id != dataSection {
			continue
		}
		r := reader{each.body}
		if count, err := r.unsigned(); err != nil || count != 1 {
			return 0, errBroken
		}
		s, err := r.segment()
		place := bytes.Index(s.content, []byte(tableMark))
		if err != nil || place < 0 {
			return 0, errBroken
		}
		return s.at + int64(place), nil
	}
	return 0, errBroken
}

// subtract puts the differences in the place of the sums, from the last row to the first.
func (t *funcTable) subtract() error {
	places := make([][]byte, t.count)
	for i := range places {
		var err error
		if places[i], err = t.entry(i); err != nil {
			return err
		}
	}
	for i := t.count - 1; i > 0; i-- {
		row, entry := t.entries[entrySize*i:], places[i]
		before, beforeEntry := t.entries[entrySize*(i-1):], places[i-1]
		subtractAt(row, before, 0)
		subtractAt(row, before, entryPlace)
		subtractAt(entry, beforeEntry, 0)
		subtractAt(entry, beforeEntry, entryName)
	}
	return nil
}

func subtractAt(from, what []byte, at int) {
	binary.LittleEndian.PutUint32(from[at:], entryNumber(from, at)-entryNumber(what, at))
}

// summing is the body of a function that turns differences back into sums. Its locals are the row before, that row's entry, and
// the entry of the row.
func summing(address int64, count int) []byte {
	const row, before, entry = 0, 1, 2
	base := appendSigned([]byte{opI32Const}, address)
	get := func(local byte) []byte { return []byte{opLocalGet, local} }
	load := func(at byte) []byte { return []byte{opI32Load, aligned4, at} }
	// sum adds a number of the second place to one of the first.
	sum := func(to, toAt, from, fromAt byte) []byte {
		return slices.Concat(get(to), get(to), load(toAt), get(from), load(fromAt), []byte{opI32Add, opI32Store, aligned4, toAt})
	}
	entryOf := func(at byte) []byte { return slices.Concat(base, get(row), load(at), []byte{opI32Add}) }
	body := slices.Concat([]byte{1, 3, i32Type}, base, []byte{opLocalSet, row}, entryOf(entryPlace),
		[]byte{opLocalSet, before, opLoop, noResult},
		sum(row, entrySize, row, 0), sum(row, entrySize+entryPlace, row, entryPlace),
		entryOf(entrySize+entryPlace), []byte{opLocalSet, entry},
		sum(entry, 0, before, 0), sum(entry, entryName, before, entryName),
		get(entry), []byte{opLocalSet, before}, get(row), []byte{opI32Const, entrySize, opI32Add, opLocalSet, row},
		get(row), appendSigned([]byte{opI32Const}, address+int64(entrySize*(count-1))),
		[]byte{opI32Less, opBranchIf, 0, opEnd, opEnd})
	if count == 1 {
		body = []byte{0, opEnd}
	}
	return body
}

// withStart returns the program with one more function, which takes and returns nothing, and is run at the start.
func withStart(program, body []byte) ([]byte, error) {
	sections, err := readSections(program)
	if err != nil {
		return nil, err
	}
	var kind, imported, own uint64
	elements := -1
	for i := range sections {
		each := &sections[i]
		switch each.id {
		case typeSection:
			kind, err = each.append([]byte{functionType, 0, 0})
		case importSection:
			imported, err = each.functions()
		case functionSection:
			own, err = each.append(binary.AppendUvarint(nil, kind))
		case elementSection:
			elements = i
		case codeSection:
			_, err = each.append(append(binary.AppendUvarint(nil, uint64(len(body))), body...))
		case startSection:
			err = errBroken
		}
		if err != nil {
			return nil, err
		}
	}
	if elements < 0 || own == 0 {
		return nil, errBroken
	}
	start := section{startSection, binary.AppendUvarint(nil, imported+own)}
	return writeSections(slices.Insert(sections, elements, start)), nil
}

// append adds an element to the vector a section is, and returns its number.
func (s *section) append(element []byte) (number uint64, err error) {
	r := reader{s.body}
	number, err = r.unsigned()
	s.body = slices.Concat(binary.AppendUvarint(nil, number+1), r.rest, element)
	return number, err
}

// functions counts what a section of imports has, which in Go are functions alone.
func (s *section) functions() (count uint64, err error) {
	r := reader{s.body}
	count, err = r.unsigned()
	for range count {
		_, fromErr := r.sized()
		_, nameErr := r.sized()
		kind, kindErr := r.byte()
		_, typeErr := r.unsigned()
		if err := errors.Join(fromErr, nameErr, kindErr, typeErr); err != nil {
			return 0, err
		}
		if kind != 0 {
			return 0, errBroken
		}
	}
	return count, err
}
