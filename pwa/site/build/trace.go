package build

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// Lines returns a trace of the published program, as the console shows it, with the file and line of each call in the place of
// the "?:0" that stands there. The options are those the program was built with, from the same sources by the same Go; a call
// that is not of this program stays as it is.
func Lines(ctx context.Context, o Options, trace string) (string, error) {
	o, err := o.withDefaults(ctx)
	if err != nil {
		return "", err
	}
	program, err := compileTrimmed(ctx, o.Root, o.Main, filepath.Join(o.Work, "lines.wasm"))
	if err != nil {
		return "", err
	}
	if program, err = joinData(program); err != nil {
		return "", err
	}
	table, err := findTable(program)
	if err != nil {
		return "", err
	}
	return table.withLines(trace), nil
}

func (t *funcTable) withLines(trace string) string {
	functions := map[string][]byte{}
	for i := range t.count {
		if entry, err := t.entry(i); err == nil {
			functions[printedName(textAt(t.names, entryNumber(entry, entryName)))] = entry
		}
	}
	lines := strings.Split(trace, "\n")
	for i := range lines[1:] {
		before, offset, found := strings.Cut(lines[i+1], "?:0 +0x")
		entry := functions[calledName(lines[i])]
		digits, after := splitHex(offset)
		place, err := strconv.ParseUint(digits, 16, 32)
		if !found || entry == nil || err != nil {
			continue
		}
		// What is noted is where the call returns to.
		file, line, ok := t.line(entry, max(place, 1)-1)
		if ok {
			lines[i+1] = fmt.Sprintf("%s%s:%d +0x%s%s", before, file, line, digits, after)
		}
	}
	return strings.Join(lines, "\n")
}

// line returns where an instruction of a function stands in the sources.
func (t *funcTable) line(entry []byte, place uint64) (file string, line int, ok bool) {
	number, known := t.valueAt(entryNumber(entry, entryFiles), place)
	line, lined := t.valueAt(entryNumber(entry, entryLines), place)
	at := 4 * (int(entryNumber(entry, entryUnit)) + number)
	if !known || !lined || number < 0 || at+4 > len(t.units) {
		return "", 0, false
	}
	file = textAt(t.files, entryNumber(t.units, at))
	return file, line, file != ""
}

// valueAt returns the value that holds at an instruction: differences add up from -1, and their lowest bit is the sign.
func (t *funcTable) valueAt(values uint32, place uint64) (value int, ok bool) {
	value = -1
	reached := uint64(0)
	_, err := t.each(values, func(difference, distance uint64) bool {
		value += int(difference>>1) ^ -int(difference&1)
		reached += distance
		return reached <= place
	})
	return value, err == nil && reached > place
}

// textAt returns the text at a place up to the zero behind it.
func textAt(all []byte, place uint32) string {
	if int(place) >= len(all) {
		return ""
	}
	text, _, _ := bytes.Cut(all[place:], []byte{0})
	return string(text)
}

// printedName is a function's name as traces have it, which leave out the types of a generic one.
func printedName(name string) string {
	from, to := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if from < 0 || to < from {
		return name
	}
	return name[:from] + "[...]" + name[to+1:]
}

// calledName reads the name out of a line of a trace: "main.f(...)" or "created by main.f in goroutine 1".
func calledName(line string) string {
	line = strings.TrimSpace(line)
	if name, ok := strings.CutPrefix(line, "created by "); ok {
		name, _, _ = strings.Cut(name, " in goroutine ")
		return name
	}
	if i := strings.LastIndexByte(line, '('); i >= 0 {
		line = line[:i]
	}
	if line == "panic" {
		return "runtime.gopanic"
	}
	return line
}

func splitHex(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789abcdef")
	return s[:len(s)-len(rest)], rest
}
