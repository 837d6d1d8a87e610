package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a table. What is longer is no table that somebody works with.
const (
	MaxRow     = 1 << 20 // bytes
	maxColumns = 200     // more are left out
	maxCell    = 2000    // bytes; longer cells are cut
)

// Error is a file that is no table, and the line that shows it; 0 means the whole file.
type Error struct {
	Line   int
	Reason string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return "sheet: the file " + e.Reason
	}
	return fmt.Sprintf("sheet: line %d %s", e.Line, e.Reason)
}

// Reader reads the rows of a table (RFC 4180), one with each Next. What spreadsheets write in another way is read as they do:
// quotation marks in the midst of a cell, lines that end with CR alone, a first line "sep=;", cells like ="0123".
type Reader struct {
	Delimiter rune

	text string
	line int // of the next row
}

// noTables are how files begin that people take for tables, or for anything.
var noTables = map[string]string{
	"PK\x03\x04":       "is a spreadsheet; save it as CSV",
	"\xd0\xcf\x11\xe0": "is an old spreadsheet; save it as CSV",
	"%PDF-":            "is a PDF",
	"\x89PNG":          "is a picture",
	"\xff\xd8\xff":     "is a picture",
	"GIF8":             "is a picture",
}

// NewReader decodes a file and finds out what separates its cells. It calls pause, which may be nil, again and again.
func NewReader(data []byte, pause func()) (*Reader, error) {
	for begin, reason := range noTables {
		if bytes.HasPrefix(data, []byte(begin)) {
			return nil, &Error{Reason: reason}
		}
	}
	text := Decode(data, pause)
	if at := strings.IndexByte(text, 0); at >= 0 {
		return nil, &Error{Line: 1 + lines(text[:at]), Reason: "holds what is no text"}
	}
	r := &Reader{text: text, line: 1}
	if delimiter, rest, found := named(text); found {
		r.Delimiter, r.text, r.line = delimiter, rest, 2
	} else {
		r.Delimiter = delimiterOf(text)
	}
	return r, nil
}

// named reads the line "sep=;" by which Excel is told the delimiter.
func named(text string) (delimiter rune, rest string, found bool) {
	first := text[:min(len(text), 16)]
	if end := strings.IndexAny(first, "\r\n"); end >= 0 {
		first = first[:end]
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(text[len(first):], "\r"), "\n")
	value, found := strings.CutPrefix(strings.ToLower(strings.Trim(first, "\" ")), "sep=")
	if !found || len(value) != 1 {
		return 0, text, false
	}
	return rune(value[0]), rest, true
}

// Next returns a row and the line it begins at, or io.EOF behind the last. Rows without anything are left out.
func (r *Reader) Next() (row []string, line int, err error) {
	for r.text != "" {
		line = r.line
		row, err := r.row()
		if err != nil || len(row) > 1 || len(row) == 1 && row[0] != "" {
			return row, line, err
		}
	}
	return nil, r.line, io.EOF
}

// row reads up to the end of a line that stands in no quotation marks.
func (r *Reader) row() ([]string, error) {
	var row []string
	for begin, from := r.line, len(r.text); ; {
		cell, more, err := r.cell()
		if err != nil {
			return nil, err
		}
		if from-len(r.text) > MaxRow {
			return nil, &Error{begin, fmt.Sprintf("is longer than %d MB", MaxRow>>20)}
		}
		if len(row) < maxColumns {
			row = append(row, plain(cell))
		}
		if !more {
			return row, nil
		}
	}
}

// cell reads one cell, and tells whether the row goes on behind it.
func (r *Reader) cell() (cell string, more bool, err error) {
	window := r.text[:min(len(r.text), MaxRow)]
	if text := r.text[len(window)-len(strings.TrimLeft(window, " ")):]; strings.HasPrefix(text, `"`) {
		return r.quoted(text[1:])
	}
	end := r.end(r.text)
	cell = r.text[:end]
	return cell, r.cut(r.text[end:]), nil
}

// end is where a cell without quotation marks ends.
func (r *Reader) end(text string) int {
	text = text[:min(len(text), MaxRow+1)] // row refuses what is longer
	if end := strings.IndexAny(text, string(r.Delimiter)+"\r\n"); end >= 0 {
		return end
	}
	return len(text)
}

// cut takes the delimiter or the end of the line away.
func (r *Reader) cut(text string) (more bool) {
	switch {
	case strings.HasPrefix(text, "\r\n"):
		r.text, r.line = text[2:], r.line+1
	case text == "":
		r.text = ""
	case text[0] == '\n' || text[0] == '\r':
		r.text, r.line = text[1:], r.line+1
	case strings.HasPrefix(text, string(r.Delimiter)):
		r.text = text[len(string(r.Delimiter)):]
		return true
	default:
		r.text = text
		return true // longer than a row
	}
	return false
}

// quoted reads a cell behind its first quotation mark. What stands behind the last one belongs to it.
func (r *Reader) quoted(text string) (cell string, more bool, err error) {
	var b strings.Builder
	for size := 0; ; {
		end := strings.IndexByte(text[:min(len(text), MaxRow)], '"')
		if end < 0 || size > MaxRow {
			return "", false, &Error{r.line, "begins a quotation that does not end"}
		}
		b.WriteString(text[:end])
		size += end + 1
		if text = text[end+1:]; !strings.HasPrefix(text, `"`) {
			break
		}
		b.WriteByte('"')
		text = text[1:]
	}
	end := r.end(text)
	b.WriteString(strings.TrimRight(text[:end], " "))
	r.line += lines(b.String())
	return b.String(), r.cut(text[end:]), nil
}

// lines counts the ends of lines: LF, CR, or both.
func lines(text string) int {
	return strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
}

// plain takes away what spreadsheets put around a cell so that it stays text, and cuts what no field can be.
func plain(cell string) string {
	if len(cell) > maxCell {
		cell = strings.ToValidUTF8(cell[:maxCell], "")
	}
	cell = strings.TrimSpace(cell)
	if inside, found := strings.CutPrefix(cell, "="); found && len(inside) > 1 && inside[0] == '"' &&
		inside[len(inside)-1] == '"' {
		cell = inside[1 : len(inside)-1]
	}
	if apostrophed(cell) {
		cell = cell[1:]
	}
	return strings.Clone(cell) // else one cell would hold the whole file
}

const (
	sampled      = 64 << 10 // bytes of which the delimiter is guessed
	sampledLines = 20
	delimiters   = ",;\t|"
)

// delimiterOf takes the sign that stands as often in the other lines as in the first: text has signs too, as in
// "Lee, Ann, Dr.;1001", but not in every row as many. Of several it takes the one that stands most often.
func delimiterOf(text string) rune {
	lines := signs(text[:min(len(text), sampled)])
	best, bestLines, bestCount := ',', 0, 0
	for i, sign := range delimiters {
		alike, count := 0, 0
		for _, line := range lines {
			if count += line[i]; line[i] > 0 && line[i] == lines[0][i] {
				alike++
			}
		}
		if alike > bestLines || alike == bestLines && count > bestCount {
			best, bestLines, bestCount = sign, alike, count
		}
	}
	return best
}

// signs counts the delimiters outside quotation marks in each of the first lines that have any. A mark in the midst of a cell
// quotes nothing.
func signs(text string) (lines [][len(delimiters)]int) {
	var line [len(delimiters)]int
	quoted, begins := false, true
	for _, r := range text + "\n" {
		switch at := strings.IndexRune(delimiters, r); {
		case r == '"' && (quoted || begins):
			quoted, begins = !quoted, true
		case quoted || r == ' ':
		case at >= 0:
			line[at]++
			begins = true
		case r == '\n' || r == '\r':
			if begins = true; line == [len(delimiters)]int{} {
				continue
			}
			if lines = append(lines, line); len(lines) == sampledLines {
				return lines
			}
			line = [len(delimiters)]int{}
		default:
			begins = false
		}
	}
	return lines
}

// ReadAll reads a whole table; see Reader.
func ReadAll(data []byte) ([][]string, error) {
	r, err := NewReader(data, nil)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for {
		row, _, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}
