package contacts

import (
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
)

// Table is a CSV file that was read, with a guess of what its columns are. Change Columns, or call SetHeader, before
// Contacts where the guess is wrong.
type Table struct {
	Delimiter rune
	Header    bool     // the first row names the columns
	Columns   []Column // one for each column
	Rows      [][]string
	Faults    []Fault // of reading

	lines []int // at which the rows begin
}

const maxTitle = 80 // characters of a header that are shown

// Title is what the file calls a column, as it can be shown, or "".
func (t *Table) Title(column int) string {
	if !t.Header {
		return ""
	}
	return number.OneLine(t.head(column), maxTitle)
}

func (t *Table) head(column int) string {
	if len(t.Rows) == 0 || column >= len(t.Rows[0]) {
		return ""
	}
	return t.Rows[0][column]
}

// SetHeader says whether the first row names the columns, and guesses anew what they are.
func (t *Table) SetHeader(header bool) {
	t.Header = header
	t.Columns = make([]Column, len(t.Columns))
	if header {
		t.guessByHeader()
		return
	}
	t.guessByContent()
}

// Preview returns up to n rows below the header, to show what the columns hold.
func (t Table) Preview(n int) [][]string {
	rows := t.body()
	return rows[:min(n, len(rows))]
}

func (t Table) body() [][]string {
	if t.Header {
		return t.Rows[1:]
	}
	return t.Rows
}

// guess finds out whether there is a header and what the columns are.
func (t *Table) guess() {
	width := 0
	for _, row := range t.Rows {
		width = max(width, len(row))
	}
	t.Columns = make([]Column, width)
	t.SetHeader(t.hasHeader())
}

// hasHeader takes the first row for a header when it knows words of it, and no number stands there.
func (t *Table) hasHeader() bool {
	known, numbers := 0, 0
	for _, cell := range t.Rows[0] {
		switch c, how := columnOf(cell); {
		case c != ColumnIgnored || nameHeader(cell, nameHeaders) || nameHeader(cell, givenHeaders):
			known++
		case how == possible && len(t.Rows) > 1:
			known++
		}
		if looksLikeNumber(cell) {
			numbers++
		}
	}
	return known > 0 && (numbers == 0 || known > 2*numbers+1)
}

func nameHeader(header string, names []string) bool {
	text := strings.Join(headerWords(header), " ")
	for _, name := range names {
		if text == name {
			return true
		}
	}
	return false
}

// guessByHeader reads the header, and looks below it where that says too little.
func (t *Table) guessByHeader() {
	for i := range t.Columns {
		c, how := columnOf(t.head(i))
		below := t.profile(i)
		switch {
		case c == ColumnNumber && below.others > 2*below.numbers && !mayBeUsers(t.head(i)):
			c = ColumnIgnored // "Phone preference"
		case how == possible && below.mostly():
			c = ColumnNumber
		}
		t.Columns[i] = c
	}
	t.guessNames()
	if !t.has(ColumnNumber) {
		t.guessNumbers()
	}
	t.onlyOnce()
}

// mayBeUsers tells whether SIP users may stand in a column of numbers.
func mayBeUsers(header string) bool {
	return slices.ContainsFunc(headerWords(header), func(w string) bool { return w == "sip" || w == "number" || w == "nummer" })
}

// guessNames tells whole names from parts: "Name" is the family name beside a given one, "Nombre" the given one beside a
// family name.
func (t *Table) guessNames() {
	given, family := t.has(ColumnGiven), t.has(ColumnFamily)
	for i := range t.Columns {
		switch head := t.head(i); {
		case family && !given && nameHeader(head, givenHeaders):
			t.Columns[i], given = ColumnGiven, true
		case given && !family && nameHeader(head, nameHeaders):
			t.Columns[i], family = ColumnFamily, true
		case nameHeader(head, nameHeaders) || nameHeader(head, givenHeaders):
			t.Columns[i] = ColumnName
		}
	}
}

// guessNumbers takes columns whose headers say nothing for numbers, where nothing but telephone numbers stands below.
func (t *Table) guessNumbers() {
	for i := range t.Columns {
		_, how := columnOf(t.head(i))
		below := t.profile(i)
		alone := below.others == 0 && below.long > 0 && below.long == below.numbers
		if t.Columns[i] == ColumnIgnored && how == silent && alone {
			t.Columns[i] = ColumnNumber
		}
	}
}

func (t *Table) has(column Column) bool {
	for _, c := range t.Columns {
		if c == column {
			return true
		}
	}
	return false
}

// onlyOnce keeps the first of columns that can come once only.
func (t *Table) onlyOnce() {
	seen := map[Column]bool{ColumnIgnored: true}
	for i, c := range t.Columns {
		if seen[c] && c != ColumnNumber && c != ColumnExtension && c != ColumnNumberName {
			t.Columns[i] = ColumnIgnored
		}
		seen[c] = true
	}
}

// guessByContent takes columns of numbers for numbers and the first other one for the name. Behind the first one of numbers a
// column of short ones alone holds postcodes rather.
func (t *Table) guessByContent() {
	named := false
	for i := range t.Columns {
		switch p := t.profile(i); {
		case p.mostly() && (p.long > 0 || !t.has(ColumnNumber)):
			t.Columns[i] = ColumnNumber
		case p.others > p.numbers && !named:
			t.Columns[i], named = ColumnName, true
		}
	}
}

// profile counts what stands in a column.
type profile struct{ numbers, long, others int }

func (p profile) mostly() bool { return p.numbers > 0 && p.numbers >= p.others }

const (
	profiled   = 200 // rows looked at
	longNumber = 7   // digits that an extension does not have
)

func (t *Table) profile(column int) profile {
	var p profile
	rows := t.body()
	for _, row := range rows[:min(len(rows), profiled)] {
		if column >= len(row) || row[column] == "" {
			continue
		}
		for _, text := range splitNumbers(row[column]) {
			switch digits, plain := number.Digits(text); {
			case plain && len(digits) < 3:
			case !looksLikeNumber(text):
				p.others++
			case len(digits) >= longNumber:
				p.long++
				p.numbers++
			default:
				p.numbers++
			}
		}
	}
	return p
}

// looksLikeNumber takes numbers of at least three digits, with what is keyed in after the answer, and SIP addresses.
func looksLikeNumber(cell string) bool {
	n := number.Read(cell, anywhere)
	switch n.Form {
	case number.Empty:
		return false
	case number.ByName:
		return strings.HasPrefix(strings.ToLower(cell), "sip") && strings.Contains(cell, ":")
	}
	return len(n.Digits) >= 3 && !looksLikeDate(cell)
}

// looksLikeDate takes three groups of digits as long as those of a date: 2026-11-30, 30.11.2026, 11/30/26.
func looksLikeDate(cell string) bool {
	groups := strings.FieldsFunc(cell, func(r rune) bool { return r == '-' || r == '.' || r == '/' })
	if len(groups) != 3 || strings.Trim(cell, "0123456789-./") != "" {
		return false
	}
	day := func(s string) bool { return len(s) == 1 || len(s) == 2 }
	year := func(s string) bool { return len(s) == 4 || len(s) == 2 }
	return day(groups[1]) && (year(groups[0]) && day(groups[2]) || day(groups[0]) && year(groups[2]))
}
