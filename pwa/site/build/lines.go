package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// Parts of the table of functions that Go's runtime reads (runtime/symtab.go, since Go 1.20): a head of 8 byte numbers after the
// mark, the names, the values by program counter, and an entry for each function with the places of its values.
const (
	tableMark = "\xf1\xff\xff\xff\x00\x00\x01\x08" // Go 1.20, no padding, instructions of 1 byte, pointers of 8
	tableHead = 72

	tableCount  = 8  // of functions
	tablePlaces = 32 // of names, units, files, values and entries

	entryPlace     = 4 // of an entry, from the start of what lists them
	entrySize      = 8 // in that list
	entryName      = 4
	entrySPs       = 16 // values of the stack pointer, which the garbage collector follows
	entryFiles     = 20
	entryLines     = 24
	entryCount     = 28 // of the further values
	entryUnit      = 32 // where the names of the files of its unit begin
	entryFirstLine = 36
	entryFacts     = 43 // how many facts follow the further values
	entryHead      = 44
	factArguments  = 5 // how a trace writes the arguments of the function
	noFact         = 1<<32 - 1
)

// dropLines takes out of a joined program, in its place, what only the trace of a fault reads and nobody needs to run it: the
// file and line of each instruction, and how arguments are written. It is 6 % of the compressed program. A trace names its
// functions as before, with "?:0" and the offset where the line stood, which Lines turns back.
func dropLines(program []byte) error {
	table, err := findTable(program)
	if err != nil {
		return err
	}
	clear(table.units)
	clear(table.files)
	keep, drop := make([]bool, len(table.values)), make([]bool, len(table.values))
	for i := range table.count {
		entry, err := table.entry(i)
		if err != nil {
			return err
		}
		if err := table.sort(entry, keep, drop); err != nil {
			return err
		}
		for _, at := range []int{entryFiles, entryLines, entryUnit, entryFirstLine} {
			binary.LittleEndian.PutUint32(entry[at:], 0)
		}
		if facts := entry[entryHead+4*int(entryNumber(entry, entryCount)):]; len(facts) > 4*factArguments {
			binary.LittleEndian.PutUint32(facts[4*factArguments:], noFact)
		}
	}
	for i := range drop {
		if drop[i] && !keep[i] {
			table.values[i] = 0
		}
	}
	return nil
}

// funcTable is the table of functions of a program, in the memory of the program.
type funcTable struct {
	names   []byte // of functions, each with a zero behind it
	units   []byte // for each file of each unit of compilation the place of its name
	files   []byte // names of files, each with a zero behind it
	values  []byte
	entries []byte
	place   int // of the entries, from the start of the table
	count   int
}

func findTable(program []byte) (*funcTable, error) {
	if bytes.Count(program, []byte(tableMark)) != 1 {
		return nil, fmt.Errorf("table of functions: %w", errBroken)
	}
	all := program[bytes.Index(program, []byte(tableMark)):]
	if len(all) < tableHead {
		return nil, errBroken
	}
	var places [5]int
	for i := range places {
		places[i] = int(binary.LittleEndian.Uint64(all[tablePlaces+8*i:]) & 0xffffffff)
	}
	count := binary.LittleEndian.Uint64(all[tableCount:])
	entries := places[len(places)-1]
	if places[0] < tableHead || !slices.IsSorted(places[:]) || entries > len(all) || count > uint64(len(all)-entries)/entrySize {
		return nil, fmt.Errorf("table of functions: %w", errBroken)
	}
	return &funcTable{names: all[places[0]:places[1]], units: all[places[1]:places[2]], files: all[places[2]:places[3]],
		values: all[places[3]:entries], entries: all[entries:], place: entries, count: int(count)}, nil
}

// entry returns the entry of a function with its further values and facts.
func (t *funcTable) entry(i int) ([]byte, error) {
	place := int(binary.LittleEndian.Uint32(t.entries[entrySize*i+entryPlace:]))
	if place < entrySize*t.count || place+entryHead > len(t.entries) {
		return nil, errBroken
	}
	entry := t.entries[place:]
	size := entryHead + 4*int(entryNumber(entry, entryCount)&0xffff) + 4*int(entry[entryFacts])
	if size > len(entry) || entryNumber(entry, entryCount) > 0xffff {
		return nil, errBroken
	}
	return entry[:size], nil
}

func entryNumber(entry []byte, at int) uint32 { return binary.LittleEndian.Uint32(entry[at:]) }

// sort marks the values that the runtime needs and those that are dropped: functions share what is equal.
func (t *funcTable) sort(entry []byte, keep, drop []bool) error {
	needed := []uint32{entryNumber(entry, entrySPs)}
	for i := range int(entryNumber(entry, entryCount)) {
		needed = append(needed, entryNumber(entry, entryHead+4*i))
	}
	for _, place := range needed {
		if err := t.mark(keep, place); err != nil {
			return err
		}
	}
	for _, at := range []int{entryFiles, entryLines} {
		if err := t.mark(drop, entryNumber(entry, at)); err != nil {
			return err
		}
	}
	return nil
}

// mark marks the values at place, to their end.
func (t *funcTable) mark(marks []bool, place uint32) error {
	end, err := t.each(place, func(_, _ uint64) bool { return true })
	for i := int(place); i < end; i++ {
		marks[i] = true
	}
	return err
}

// each tells of the pairs of a value and the instructions it is for, as differences, until there is no more, which a value of 0
// says that is not the first, or next has enough. There are none at 0. It returns where it has stopped.
func (t *funcTable) each(place uint32, next func(value, distance uint64) bool) (end int, err error) {
	if place == 0 {
		return 0, nil
	}
	for at, first := int(place), true; at < len(t.values); first = false {
		value, n := binary.Uvarint(t.values[at:])
		if value == 0 && !first {
			return at + max(n, 0), nil
		}
		distance, m := binary.Uvarint(t.values[at+max(n, 0):])
		if n <= 0 || m <= 0 {
			break
		}
		at += n + m
		if !next(value, distance) {
			return at, nil
		}
	}
	return 0, errBroken
}
