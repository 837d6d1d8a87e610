package contacts

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/sheet"
)

var anywhere config.Numbering // for reading what a number is, wherever it is called

// ReadCSV reads a CSV file: UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon, tabulator or bar. A file that is no
// table is refused with the line that shows it. It calls pause, which may be nil, again and again while it works.
func ReadCSV(data []byte, pause func()) (Table, error) {
	if len(data) > MaxFile {
		return Table{}, Fault{Reason: "the file is larger than 32 MB"}
	}
	r, err := sheet.NewReader(data, pause)
	if err != nil {
		return Table{}, sheetFault(err)
	}
	t, step := Table{Delimiter: r.Delimiter}, paced(pause)
	for len(t.Rows) <= Max {
		step()
		row, line, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Table{}, sheetFault(err)
		}
		t.Rows, t.lines = append(t.Rows, row), append(t.lines, line)
	}
	if len(t.Rows) > Max {
		t.Rows = t.Rows[:Max]
		t.Faults = append(t.Faults, Fault{Reason: "the file has more rows than a book can hold; the rest is left out"})
	}
	if len(t.Rows) == 0 {
		return t, Fault{Reason: "the file holds no rows"}
	}
	t.guess()
	return t, nil
}

func sheetFault(err error) error {
	var fault *sheet.Error
	if errors.As(err, &fault) {
		return Fault{fault.Line, fault.Reason}
	}
	return err
}

// Contacts makes contacts of the rows. Rows without name and number are left out and reported, and so are numbers that a
// spreadsheet has rounded. It calls pause, which may be nil, again and again while it works.
func (t Table) Contacts(pause func()) ([]Contact, []Fault) {
	faults, step := slices.Clone(t.Faults), paced(pause)
	var contacts []Contact
	for i, row := range t.body() {
		step()
		c, damaged := t.contact(row)
		c, reason := c.fromFile()
		switch {
		case damaged:
			reason = "has a number that a spreadsheet has rounded"
		case c.Name == "" && strings.Join(row, "") != "":
			reason = "has neither name nor number"
		}
		if reason != "" && len(faults) < maxImportFaults {
			faults = append(faults, Fault{t.line(i), reason})
		}
		if c.Name != "" {
			contacts = append(contacts, c)
		}
	}
	return contacts, faults
}

// line is the one a row below the header begins at.
func (t Table) line(row int) int {
	if t.Header {
		row++
	}
	if row < len(t.lines) {
		return t.lines[row]
	}
	return row + 1
}

func (t Table) contact(row []string) (c Contact, damaged bool) {
	for i, cell := range row {
		if i >= len(t.Columns) || cell == "" {
			continue
		}
		switch t.Columns[i] {
		case ColumnNumber:
			numbers, rounded := t.numbers(row, i)
			c.Numbers, damaged = append(c.Numbers, numbers...), damaged || rounded
		case ColumnExtension:
			if t.ownExtension(row, i) {
				c.Numbers = append(c.Numbers, Number{Number: cell})
				continue
			}
			ColumnExtension.put(&c, cell)
		case ColumnNumberName: // see numbers
		default:
			t.Columns[i].put(&c, cell)
		}
	}
	return c, damaged
}

// ownExtension tells whether an extension belongs to no number before it.
func (t Table) ownExtension(row []string, column int) bool {
	for i := column - 1; i >= 0; i-- {
		if t.Columns[i] == ColumnNumber {
			return row[i] == ""
		}
	}
	return true
}

// numbers reads the cell of a number column, which may hold several.
func (t Table) numbers(row []string, column int) (numbers []Number, rounded bool) {
	labels := strings.Split(t.label(row, column), several)
	for i, text := range splitNumbers(row[column]) {
		label := strings.TrimSpace(labels[min(i, len(labels)-1)])
		switch {
		case scientific(text):
			rounded = true
		case faxLabel(label) || nobody(text):
		default:
			numbers = append(numbers, Number{Name: cleanLabel(label), Number: text})
		}
	}
	return numbers, rounded
}

// label is what a row says a number is, else the header where it says more than "Number".
func (t Table) label(row []string, column int) string {
	if i, ok := t.labelColumn(column); ok {
		if i < len(row) {
			return row[i]
		}
		return ""
	}
	if !t.Header {
		return ""
	}
	switch header := t.head(column); number.Fold(header) {
	case "number", "phone", "telephone", "tel", "phone number", "telefon", "telefono", "nummer", "numero", "rufnummer",
		"telefonnummer",
		"telephone number", "phonenumber", "telephonenumber":
		return ""
	default:
		return strings.ReplaceAll(header, "_", " ")
	}
}

// labelColumn finds the column that names the numbers of another one: that with the same beginning of its header, else the one
// beside it.
func (t Table) labelColumn(column int) (int, bool) {
	is := func(i int, c Column) bool { return i >= 0 && i < len(t.Columns) && t.Columns[i] == c }
	if of := stem(t.head(column)); t.Header && of != "" {
		for i, c := range t.Columns {
			if c == ColumnNumberName && stem(t.head(i)) == of {
				return i, true
			}
		}
	}
	beside := column + 1
	if t.leading() {
		beside = column - 1
	}
	return beside, is(beside, ColumnNumberName)
}

// leading tells whether the names of numbers stand before them in this table: whichever of both comes first.
func (t Table) leading() bool {
	return slices.Index(t.Columns, ColumnNumberName) < slices.Index(t.Columns, ColumnNumber)
}

// splitNumbers takes apart what stands in one cell: several numbers in lines of their own, or with signs between that are no
// part of a number because whole numbers stand on both sides.
func splitNumbers(cell string) []string {
	cell = strings.NewReplacer(several, "\n", "|", "\n", "\r", "\n").Replace(cell)
	var parts []string
	for line := range strings.SplitSeq(cell, "\n") {
		parts = append(parts, splitWhole(line)...)
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func splitWhole(line string) []string {
	for _, sign := range []string{" or ", ";", ",", "/"} {
		parts := strings.Split(line, sign)
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return !wholeNumber(s) }) {
			for i := range parts {
				parts[i] = strings.TrimSpace(parts[i])
			}
			return parts
		}
	}
	return []string{strings.TrimSpace(line)}
}

func wholeNumber(text string) bool {
	digits, ok := number.Digits(text)
	return ok && len(digits) >= longNumber
}

// scientific takes what spreadsheets make of long numbers: 4.42079E+11.
func scientific(text string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(text), "E+")
	return found && mantissa != "" && strings.Trim(mantissa, "0123456789.,") == "" && exponent != "" && isDigits(exponent)
}

// nobody takes the signs that people put where there is no number.
func nobody(text string) bool {
	switch strings.ToLower(text) {
	case "n/a", "none", "null", "unknown", "nan", "--":
		return true
	}
	return number.Read(text, anywhere).Form == number.Empty
}

func faxLabel(label string) bool {
	return numberHeader(headerWords(label)) == against && strings.Contains(number.Fold(label), "fax")
}

// cleanLabel takes away what address books put around the labels they have made themselves: "* Work", "_$!<Work>!$_".
func cleanLabel(label string) string {
	label = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(label), "* "))
	if inside, found := strings.CutPrefix(label, "_$!<"); found {
		return strings.TrimSuffix(inside, ">!$_")
	}
	return label
}

// WriteCSV writes contacts as CSV with a header, in UTF-8 with CRLF, as many number columns as are needed.
func WriteCSV(contacts []Contact) ([]byte, error) {
	most := 1
	for _, c := range contacts {
		most = max(most, len(c.Numbers))
	}
	head := []string{"Name", "Given name", "Family name", "Organisation", "Customer", "Type", "Category"}
	for range most {
		head = append(head, "Number name", "Number", "Extension")
	}
	return sheet.Write(head, len(contacts), func(i int) []string {
		c := contacts[i]
		row := []string{c.Name, c.Given, c.Family, c.Organisation, c.Customer, c.Type, c.Category}
		for _, n := range c.Numbers {
			row = append(row, n.Name, n.Number, n.Extension)
		}
		return append(row, make([]string, len(head)-len(row))...)
	})
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
