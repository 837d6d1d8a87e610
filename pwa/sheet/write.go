package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
)

const formulaStarts = "=+-@\t\r|%"

// Runs reports whether a spreadsheet would run a cell. A plus with digits behind it is a number and cannot do harm.
func Runs(cell string) bool {
	if cell == "" || strings.IndexByte(formulaStarts, cell[0]) < 0 {
		return false
	}
	return cell[0] != '+' || len(cell) == 1 || strings.Trim(cell[1:], "0123456789 ") != ""
}

// apostrophed reports whether apostrophes stand in front of what begins like a formula. A Reader takes the first of them away.
func apostrophed(cell string) bool {
	inside := strings.TrimLeft(cell, "'")
	return inside != cell && inside != "" && strings.IndexByte(formulaStarts, inside[0]) >= 0
}

// guarded puts an apostrophe in front of what a spreadsheet would run, and of what a Reader would take for guarded.
func guarded(row []string) []string {
	for i, cell := range row {
		if Runs(cell) || apostrophed(cell) {
			row[i] = "'" + cell
		}
	}
	return row
}

// Write makes a table in UTF-8 with CRLF: the head, and so many rows, which row returns.
func Write(head []string, rows int, row func(int) []string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.Write(head)
	for i := range rows {
		err = errors.Join(err, w.Write(guarded(row(i))))
	}
	w.Flush()
	return b.Bytes(), errors.Join(err, w.Error())
}
