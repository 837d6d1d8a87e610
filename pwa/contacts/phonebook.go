package contacts

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pwa/sheet"
)

// ErrPhonebook is returned for a phonebook in a form that is not read.
var ErrPhonebook = errors.New("contacts: the phonebook is neither JSON, CSV, vCard nor the XML of a telephone")

// ReadPhonebook reads the company phonebook: vCards, a table with a header, JSON, or the XML that Yealink, Cisco, Grandstream
// and FRITZ!Box telephones read. JSON is a list of contacts or an object with the list in "contacts". Keys of a contact may be
// written as the columns of a table; numbers, phones or phoneNumbers is a list of {name, number, extension} or of texts, or an
// object of them. What is left out is reported. The contacts are for Book.SetPhonebook, which marks them. It calls pause,
// which may be nil, again and again while it works.
func ReadPhonebook(data []byte, pause func()) ([]Contact, []Fault, error) {
	if len(data) > MaxFile {
		return nil, nil, Fault{Reason: "the phonebook is larger than 32 MB"}
	}
	if sheet.Wide(data) {
		data = []byte(sheet.Decode(data, pause))
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case IsVCard(data):
		return ReadVCards(data, pause)
	case len(data) == 0:
		return nil, nil, ErrPhonebook
	case data[0] == '<':
		return readXML(sheet.Decode(data, pause), pause)
	case data[0] == '[' || data[0] == '{':
		return readJSON(data, pause)
	}
	return readTable(data, pause)
}

// readTable takes a table for a phonebook when its header names people and numbers: a page that says "not found" is none.
func readTable(data []byte, pause func()) ([]Contact, []Fault, error) {
	table, err := ReadCSV(data, pause)
	if err != nil || !table.Header || !table.has(ColumnNumber) {
		return nil, nil, ErrPhonebook
	}
	contacts, faults := table.Contacts(pause)
	return contacts, faults, nil
}

// collected are the contacts of a phonebook as they are read.
type collected struct {
	contacts []Contact
	faults   []Fault
	row      int
	in       slab
}

// add takes a contact, or the reason why there is none.
func (l *collected) add(c Contact, reason string) {
	l.row++
	c, lost := c.fromFile()
	switch {
	case reason != "":
	case c.Name == "":
		reason = "has neither name nor number"
	case len(l.contacts) >= Max:
		reason = "the phonebook has more than " + strconv.Itoa(Max) + " contacts"
	default:
		c.Source = Company
		l.contacts, reason = append(l.contacts, l.in.contact(c)), lost
	}
	if reason != "" && len(l.faults) < maxImportFaults {
		l.faults = append(l.faults, Fault{l.row, reason})
	}
}

// fieldOf is the column that a key of JSON or a name of XML stands for.
func fieldOf(name string) Column {
	if nameHeader(name, nameHeaders) {
		return ColumnName
	}
	column, _ := columnOf(name)
	return column
}

var unlabelled = words("phone|phones|number|numbers|telephone|phonenumber|phonenumbers|tel|telefon|ct")

// labelOf is what a key says about a number: "mobile_number" is "Mobile", "telephone" nothing.
func labelOf(name string) string {
	var said []string
	for _, word := range headerWords(name) {
		switch {
		case isDigits(word) || unlabelled[word]:
		default:
			said = append(said, word)
		}
	}
	return capital(strings.Join(said, " "))
}

func capital(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + label[size:]
}
