package contacts

import (
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/sheet"
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
	words := number.Fold(strings.ReplaceAll(header, "_", " "))
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

// put writes a cell into a contact; a number goes in by Table.contact, but for phonebooks, where it stands alone.
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
		contact.Numbers = append(contact.Numbers, Number{Number: text})
	case ColumnExtension:
		if len(contact.Numbers) > 0 {
			contact.Numbers[len(contact.Numbers)-1].Extension = text
		}
	}
}

// Table is a CSV file that was read, with a guess of what its columns are. Change Columns and Header before Contacts
// where the guess is wrong.
type Table struct {
	Delimiter rune
	Header    bool     // the first row names the columns
	Columns   []Column // one for each column
	Rows      [][]string
	Faults    []Fault // of reading
}

const maxTitle = 80 // characters of a header that are shown

// Title is what the file calls a column, as it can be shown, or "".
func (t *Table) Title(column int) string {
	if !t.Header || len(t.Rows) == 0 || column >= len(t.Rows[0]) {
		return ""
	}
	return number.OneLine(t.Rows[0][column], maxTitle)
}

// ReadCSV reads a CSV file: UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon, tabulator or bar.
// It calls pause, which may be nil, again and again while it works.
func ReadCSV(data []byte, pause func()) (Table, error) {
	if len(data) > MaxFile {
		return Table{}, Fault{Reason: "the file is larger than 32 MB"}
	}
	text := sheet.Decode(data)
	t, step := Table{Delimiter: sheet.Delimiter(text)}, paced(pause)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = t.Delimiter, -1, true, true
	for len(t.Rows) <= Max {
		step()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			t.Faults = append(t.Faults, Fault{line, "is no row of a table"})
			if len(t.Faults) >= maxImportFaults {
				break
			}
			continue
		}
		t.Rows = append(t.Rows, sheet.Cells(record))
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

// guess finds out whether there is a header and what the columns are.
func (t *Table) guess() {
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
func (t *Table) onlyOnce() {
	seen := map[Column]bool{ColumnIgnored: true}
	for i, c := range t.Columns {
		if seen[c] && c != ColumnNumber && c != ColumnExtension && c != ColumnNumberName {
			t.Columns[i] = ColumnIgnored
		}
		seen[c] = true
	}
}

// guessByContent takes columns of numbers for numbers and the first other one for the name.
func (t *Table) guessByContent() {
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
	digits, ok := number.Digits(cell)
	return ok && len(digits) >= 3
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

// Contacts makes contacts of the rows. Rows without name and number are left out and reported. It calls pause, which may be
// nil, again and again while it works.
func (t Table) Contacts(pause func()) ([]Contact, []Fault) {
	faults, step := slices.Clone(t.Faults), paced(pause)
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
				faults = append(faults, Fault{line, "has neither name nor number"})
			}
			continue
		}
		contacts = append(contacts, c)
	}
	return contacts, faults
}

func (t Table) contact(row []string) Contact {
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
			c.Numbers = append(c.Numbers, Number{Name: t.numberName(i, label), Number: cell})
			label = ""
		default:
			t.Columns[i].put(&c, cell)
		}
	}
	return c
}

// numberName is what the row says, else the header where it says more than "Number".
func (t Table) numberName(column int, label string) string {
	if label != "" || !t.Header || column >= len(t.Rows[0]) {
		return label
	}
	header := t.Rows[0][column]
	switch number.Fold(header) {
	case "number", "phone", "telephone", "tel", "phone number", "telefon", "telefono", "nummer", "numero", "rufnummer":
		return ""
	}
	return header
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
