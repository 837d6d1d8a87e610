package screen

import "github.com/gowebphone/webphone/pwa/text"

// Contact is somebody to call, as a window shows them and as the user fills in the form. The ID of a new one is empty.
type Contact struct {
	ID           string
	Name         string
	Customer     string
	Given        string
	Family       string
	Organisation string
	Type         string
	Category     string
	Numbers      []Number
	Favourite    bool
	ReadOnly     bool // of the company's phonebook
}

// Number is one number of a contact. Name says which: "Work", "Mobile".
type Number struct {
	Name      string
	Number    string
	Extension string
	Dial      string // what is dialled for it, with the extension; the phone says it, and the form leaves it empty
}

// MaxFile is the largest file to import, in bytes.
const MaxFile = 32 << 20

// Policy says what becomes of a contact of a file that is in the book already.
type Policy uint8

const (
	Skip     Policy = iota // the one in the book stays as it is
	Merge                  // its empty fields are filled, its missing numbers added
	KeepBoth               // both stand in the book
)

// Column is what a column of a table holds.
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
	ColumnNumber       Column = "number"
	ColumnExtension    Column = "extension"
	ColumnNumberName   Column = "number name" // of the number beside it
)

// Columns lists what a column can hold, in the order in which it is offered.
func Columns() []Column {
	return []Column{ColumnIgnored, ColumnName, ColumnGiven, ColumnFamily, ColumnOrganisation, ColumnCustomer, ColumnType,
		ColumnCategory,
		ColumnNumber, ColumnExtension, ColumnNumberName}
}

// ImportPreview is a file that has been read and not yet imported.
type ImportPreview struct {
	File       string
	Columns    []ImportColumn // of a table; none for cards
	Header     bool           // the first line of the table names its columns
	Found      int            // contacts
	Rows       []Contact      // the first of them
	Duplicates int
	Faults     int
	Policy     Policy
	Busy       bool // the file is being read, or the contacts are on their way into the book
	Error      text.Sentence
	Number     int // of the import under way, 0 before
}

// ImportColumn is a column of the table: what the file calls it, or "", and what it is taken for.
type ImportColumn struct {
	Title string
	Holds Column
}
