package sheet

import "strings"

const (
	maxColumns = 100
	maxCell    = 2000 // bytes
)

// Delimiter takes the sign that stands most often outside quotes in the first lines.
func Delimiter(text string) rune {
	count := map[rune]int{}
	quoted, lines := false, 0
	for _, r := range text[:min(len(text), 64<<10)] {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			lines++
		case r == ',' || r == ';' || r == '\t' || r == '|':
			count[r]++
		}
		if lines >= 20 {
			break
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}

// Cells takes what a spreadsheet guard put in front of a formula away again, and cuts what no field can be.
func Cells(record []string) []string {
	row := make([]string, 0, min(len(record), maxColumns))
	for _, cell := range record[:min(len(record), maxColumns)] {
		if len(cell) > maxCell {
			cell = cell[:maxCell]
		}
		if rest, guarded := strings.CutPrefix(cell, "'"); guarded && rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0 {
			cell = rest
		}
		row = append(row, strings.Clone(strings.TrimSpace(cell)))
	}
	return row
}
