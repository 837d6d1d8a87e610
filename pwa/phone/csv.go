package phone

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Column is what a column of a CSV file holds.
type Column string

const (
	ColumnIgnored      Column = ""
	ColumnName         Column = "name"
	ColumnCustomer     Column = "customer"
	ColumnGiven        Column = "given name"
	ColumnFamily       Column = "family name"
	ColumnOrganisation Column = "organisation"
	ColumnType         Column = "type"
	ColumnCategory     Column = "category"
	ColumnNumber       Column = "number" // may come several times; the header is the name of the number
	ColumnExtension    Column = "extension"
	ColumnNumberName   Column = "number name"
)

// Columns lists what a column can hold.
func Columns() []Column {
	return []Column{ColumnIgnored, ColumnName, ColumnGiven, ColumnFamily, ColumnOrganisation, ColumnCustomer, ColumnType, ColumnCategory,
		ColumnNumber, ColumnExtension, ColumnNumberName}
}

// columnWords are folded words of headers, as spreadsheets, address books and other telephones write them. The longest
// that fits decides.
var columnWords = map[string]Column{
	"name": ColumnName, "full name": ColumnName, "fullname": ColumnName, "display name": ColumnName, "displayname": ColumnName, "contact": ColumnName,
	"nombre completo": ColumnName, "anzeigename": ColumnName, "nom complet": ColumnName, "الاسم": ColumnName, "nombre": ColumnName,
	"first name": ColumnGiven, "firstname": ColumnGiven, "given name": ColumnGiven, "givenname": ColumnGiven, "given": ColumnGiven, "vorname": ColumnGiven, "prenom": ColumnGiven,
	"last name": ColumnFamily, "lastname": ColumnFamily, "family name": ColumnFamily, "familyname": ColumnFamily, "family": ColumnFamily, "surname": ColumnFamily,
	"nachname": ColumnFamily, "apellidos": ColumnFamily, "apellido": ColumnFamily,
	"organisation": ColumnOrganisation, "organization": ColumnOrganisation, "organisation name": ColumnOrganisation, "organization name": ColumnOrganisation, "company": ColumnOrganisation, "firma": ColumnOrganisation,
	"empresa": ColumnOrganisation, "org": ColumnOrganisation, "entreprise": ColumnOrganisation,
	"customer": ColumnCustomer, "client": ColumnCustomer, "account": ColumnCustomer, "kunde": ColumnCustomer, "cliente": ColumnCustomer,
	"type": ColumnType, "typ": ColumnType, "tipo": ColumnType,
	"category": ColumnCategory, "categories": ColumnCategory, "group": ColumnCategory, "kategorie": ColumnCategory, "categoria": ColumnCategory,
	"number name": ColumnNumberName, "number type": ColumnNumberName, "label": ColumnNumberName, "phone type": ColumnNumberName,
	"extension": ColumnExtension, "ext": ColumnExtension, "nebenstelle": ColumnExtension, "durchwahl": ColumnExtension,
}

var numberWords = []string{"number", "phone", "telephone", "tel", "mobile", "cell", "sip", "telefon", "mobil", "nummer", "numero", "telefono", "movil", "handy",
	"rufnummer", "work", "home", "fax", "رقم", "هاتف", "phonenumber", "phone number"}

// columnOf guesses what a header means.
func columnOf(header string) Column {
	words := Fold(strings.ReplaceAll(header, "_", " "))
	if c, ok := columnWords[words]; ok {
		return c
	}
	fields := strings.Fields(words)
	last := ""
	if len(fields) > 0 {
		last = fields[len(fields)-1]
	}
	switch {
	case last == "type" || last == "label":
		return ColumnIgnored // "Phone 1 - Type"
	case slices.ContainsFunc(fields, func(f string) bool { return f == "address" || f == "mail" || f == "email" || f == "fax" }):
		return ColumnIgnored
	case slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(numberWords, strings.TrimRight(f, "0123456789")) }):
		return ColumnNumber
	}
	return ColumnIgnored
}

// put writes a cell into a contact; a number goes in by ImportTable.contact, but for phonebooks, where it stands alone.
func (c Column) put(contact *Contact, text string) {
	switch c {
	case ColumnName:
		contact.Name = text
	case ColumnCustomer:
		contact.Customer = text
	case ColumnGiven:
		contact.Given = text
	case ColumnFamily:
		contact.Family = text
	case ColumnOrganisation:
		contact.Organisation = text
	case ColumnType:
		contact.Type = text
	case ColumnCategory:
		contact.Category = text
	case ColumnNumber:
		contact.Numbers = append(contact.Numbers, ContactNumber{Number: text})
	case ColumnExtension:
		if len(contact.Numbers) > 0 {
			contact.Numbers[len(contact.Numbers)-1].Extension = text
		}
	}
}

// ImportTable is a CSV file that was read, with a guess of what its columns are. Change Columns and Header before Contacts
// where the guess is wrong.
type ImportTable struct {
	Delimiter rune
	Header    bool     // the first row names the columns
	Columns   []Column // one for each column
	Rows      [][]string
	Faults    []ImportFault // of reading
}

const (
	maxCSVColumns = 100
	maxCSVCell    = 2000
)

// Title is what the file calls a column, as it can be shown, or "".
func (t *ImportTable) Title(column int) string {
	if !t.Header || len(t.Rows) == 0 || column >= len(t.Rows[0]) {
		return ""
	}
	return cleanText(t.Rows[0][column], maxShownName)
}

// ReadCSV reads a CSV file: UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon, tabulator or bar.
func ReadCSV(data []byte) (ImportTable, error) { return readTable(data, func() {}) }

func readTable(data []byte, step func()) (ImportTable, error) {
	if len(data) > MaxImport {
		return ImportTable{}, ImportFault{Reason: "the file is larger than 32 MB"}
	}
	text := decodeText(data)
	t := ImportTable{Delimiter: delimiterOf(text)}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = t.Delimiter, -1, true, true
	for len(t.Rows) <= MaxContacts {
		step()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			t.Faults = append(t.Faults, ImportFault{line, "is no row of a table"})
			if len(t.Faults) >= maxImportFaults {
				break
			}
			continue
		}
		t.Rows = append(t.Rows, cells(record))
	}
	if len(t.Rows) > MaxContacts {
		t.Rows = t.Rows[:MaxContacts]
		t.Faults = append(t.Faults, ImportFault{Reason: "the file has more rows than a book can hold; the rest is left out"})
	}
	if len(t.Rows) == 0 {
		return t, ImportFault{Reason: "the file holds no rows"}
	}
	t.guess()
	return t, nil
}

// cells takes what a spreadsheet guard put in front of a formula away again, and cuts what no field can be.
func cells(record []string) []string {
	row := make([]string, 0, min(len(record), maxCSVColumns))
	for _, cell := range record[:min(len(record), maxCSVColumns)] {
		if len(cell) > maxCSVCell {
			cell = cell[:maxCSVCell]
		}
		if rest, guarded := strings.CutPrefix(cell, "'"); guarded && rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0 {
			cell = rest
		}
		row = append(row, strings.Clone(strings.TrimSpace(cell)))
	}
	return row
}

// guess finds out whether there is a header and what the columns are.
func (t *ImportTable) guess() {
	width := 0
	for _, row := range t.Rows {
		width = max(width, len(row))
	}
	t.Columns = make([]Column, width)
	known := 0
	for i, cell := range t.Rows[0] {
		if t.Columns[i] = columnOf(cell); t.Columns[i] != ColumnIgnored {
			known++
		}
	}
	digits := slices.ContainsFunc(t.Rows[0], looksLikeNumber)
	if t.Header = known > 0 && !digits; !t.Header {
		t.guessByContent()
		return
	}
	t.onlyOnce()
}

// onlyOnce keeps the first of columns that can come once only.
func (t *ImportTable) onlyOnce() {
	seen := map[Column]bool{ColumnIgnored: true}
	for i, c := range t.Columns {
		if seen[c] && c != ColumnNumber && c != ColumnExtension && c != ColumnNumberName {
			t.Columns[i] = ColumnIgnored
		}
		seen[c] = true
	}
}

// guessByContent takes columns of numbers for numbers and the first other one for the name.
func (t *ImportTable) guessByContent() {
	named := false
	for i := range t.Columns {
		numbers, texts := 0, 0
		for _, row := range t.Rows[:min(len(t.Rows), 50)] {
			switch {
			case i >= len(row) || row[i] == "":
			case looksLikeNumber(row[i]):
				numbers++
			default:
				texts++
			}
		}
		t.Columns[i] = ColumnIgnored
		switch {
		case numbers > 0 && numbers >= texts:
			t.Columns[i] = ColumnNumber
		case texts > 0 && !named:
			t.Columns[i], named = ColumnName, true
		}
	}
}

func looksLikeNumber(cell string) bool {
	digits, ok := numberDigits(cell)
	return ok && len(digits) >= 3
}

// Preview returns up to n rows below the header, to show what the columns hold.
func (t ImportTable) Preview(n int) [][]string {
	rows := t.body()
	return rows[:min(n, len(rows))]
}

func (t ImportTable) body() [][]string {
	if t.Header {
		return t.Rows[1:]
	}
	return t.Rows
}

// Contacts makes contacts of the rows. Rows without name and number are left out and reported.
func (t ImportTable) Contacts() ([]Contact, []ImportFault) { return t.contacts(func() {}) }

func (t ImportTable) contacts(step func()) ([]Contact, []ImportFault) {
	faults := slices.Clone(t.Faults)
	var contacts []Contact
	for i, row := range t.body() {
		step()
		c := t.contact(row).cleaned().named()
		if c.Name == "" {
			if len(faults) < maxImportFaults && strings.Join(row, "") != "" {
				line := i + 1
				if t.Header {
					line++
				}
				faults = append(faults, ImportFault{line, "has neither name nor number"})
			}
			continue
		}
		contacts = append(contacts, c)
	}
	return contacts, faults
}

func (t ImportTable) contact(row []string) Contact {
	var c Contact
	label := ""
	for i, cell := range row {
		if i >= len(t.Columns) || cell == "" {
			continue
		}
		switch t.Columns[i] {
		case ColumnNumberName:
			label = cell
		case ColumnNumber:
			c.Numbers = append(c.Numbers, ContactNumber{Name: t.numberName(i, label), Number: cell})
			label = ""
		default:
			t.Columns[i].put(&c, cell)
		}
	}
	return c
}

// numberName is what the row says, else the header where it says more than "Number".
func (t ImportTable) numberName(column int, label string) string {
	if label != "" || !t.Header || column >= len(t.Rows[0]) {
		return label
	}
	header := t.Rows[0][column]
	switch Fold(header) {
	case "number", "phone", "telephone", "tel", "phone number", "telefon", "telefono", "nummer", "numero", "rufnummer":
		return ""
	}
	return header
}

// decodeText makes UTF-8 of what spreadsheets write.
func decodeText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return decodeUTF16(data[2:], 0, 1)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeUTF16(data[2:], 1, 0)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data)
	}
	var b strings.Builder
	for _, c := range data {
		if r := rune(c); r >= 0x80 && r < 0xa0 {
			b.WriteRune(windows1252[r-0x80])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// windows1252 is where Windows-1252 differs from the beginning of Unicode: 0x80 to 0x9f.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func decodeUTF16(data []byte, low, high int) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+low]) | uint16(data[2*i+high])<<8
	}
	return string(utf16.Decode(units))
}

// delimiterOf takes the sign that stands most often outside quotes in the first lines.
func delimiterOf(text string) rune {
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

const formulaStarts = "=+-@\t\r|%"

// formula reports whether a spreadsheet would run a cell. A plus with digits behind it is a number and cannot do harm.
func formula(cell string) bool {
	if cell == "" || strings.IndexByte(formulaStarts, cell[0]) < 0 {
		return false
	}
	return cell[0] != '+' || len(cell) == 1 || strings.Trim(cell[1:], "0123456789 ") != ""
}

// guarded puts an apostrophe in front of what a spreadsheet would run.
func guarded(row []string) []string {
	for i, cell := range row {
		if formula(cell) {
			row[i] = "'" + cell
		}
	}
	return row
}

// ContactsCSV writes contacts as CSV with a header, in UTF-8 with CRLF, as many number columns as are needed.
func ContactsCSV(contacts []Contact) ([]byte, error) {
	most := 1
	for _, c := range contacts {
		most = max(most, len(c.Numbers))
	}
	head := []string{"Name", "Given name", "Family name", "Organisation", "Customer", "Type", "Category"}
	for range most {
		head = append(head, "Number name", "Number", "Extension")
	}
	return writeCSV(head, len(contacts), func(i int) []string {
		c := contacts[i]
		row := []string{c.Name, c.Given, c.Family, c.Organisation, c.Customer, c.Type, c.Category}
		for _, n := range c.Numbers {
			row = append(row, n.Name, n.Number, n.Extension)
		}
		return append(row, make([]string, len(head)-len(row))...)
	})
}

func writeCSV(head []string, rows int, row func(int) []string) ([]byte, error) {
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

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
