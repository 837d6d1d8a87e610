package contacts

import (
	"slices"
	"strings"
)

// xmlEntries are the elements of a contact: of Yealink and Cisco (DirectoryEntry, Unit), Grandstream and FRITZ!Box (Contact),
// Snom and Polycom (item).
var xmlEntries = []string{"directoryentry", "unit", "contact", "entry", "item"}

// xmlSkipped are elements of a contact that hold other numbers.
var xmlSkipped = []string{"accountindex", "services", "setup", "mod_datetime", "uniqueid", "category", "ringtone", "index", "id",
	"frequent",
	"primary", "department", "job", "group", "photourl", "ringtoneurl", "ringtoneindex", "default_photo", "line", "sd", "rt",
	"dc", "ad", "ar", "bw", "bb"}

// readXML reads the phonebook of a telephone.
func readXML(text string, pause func()) ([]Contact, []Fault, error) {
	r := xmlReader{}
	whole := scanXML(text, paced(pause), r.open, r.shut)
	if !whole || !r.root {
		return nil, nil, ErrPhonebook
	}
	return r.all.contacts, r.all.faults, nil
}

type xmlReader struct {
	all   collected
	entry int // how deep the element of the contact under way is, 0 for none
	under Contact
	root  bool // the document says that it is a phonebook
}

// isBook tells by the first element whether a document is a phonebook: a page of HTML is not.
func isBook(root string) bool {
	root = strings.ToLower(root)
	for _, word := range []string{"directory", "phonebook", "addressbook", "contact", "tbook"} {
		if strings.Contains(root, word) {
			return true
		}
	}
	return false
}

func (r *xmlReader) open(path []*element) {
	e := path[len(path)-1]
	name := strings.ToLower(e.name)
	if len(path) == 1 {
		r.root = isBook(name)
	}
	if r.entry != 0 || len(path) < 2 || !slices.Contains(xmlEntries, name) {
		return
	}
	r.entry, r.under = len(path), Contact{}
	for _, attr := range sortedNames(e.attrs) {
		if c := fieldOf(attr); c == ColumnNumber || c == ColumnName || c == ColumnGiven || c == ColumnFamily || attr == "id" {
			r.put(attr, labelOf(attr), e.attrs[attr])
		}
	}
}

func (r *xmlReader) shut(path []*element) {
	e := path[len(path)-1]
	switch {
	case r.entry == 0:
	case len(path) == r.entry:
		r.all.add(r.under, "")
		r.entry = 0
	case e.text.Len() > 0 && !skipped(path[r.entry:]):
		r.put(xmlField(e.name), xmlLabel(path[r.entry:]), e.text.String())
	}
}

func skipped(path []*element) bool {
	return slices.ContainsFunc(path, func(e *element) bool { return slices.Contains(xmlSkipped, strings.ToLower(e.name)) })
}

// xmlField knows the short names that some have.
func xmlField(name string) string {
	if long, ok := map[string]string{"fn": "firstname", "ln": "lastname", "ct": "number"}[strings.ToLower(name)]; ok {
		return long
	}
	return name
}

// xmlLabel is what the element of a number, or one around it, says about it.
func xmlLabel(path []*element) string {
	for _, e := range slices.Backward(path) {
		for _, attr := range []string{"label", "type", "name"} {
			if label := e.attrs[attr]; label != "" {
				return capital(strings.TrimPrefix(label, "label:"))
			}
		}
	}
	return labelOf(path[len(path)-1].name)
}

func (r *xmlReader) put(name, label, text string) {
	switch column := fieldOf(name); {
	case strings.EqualFold(name, "id"):
		r.under.ID = text
	case column == ColumnNumber || strings.EqualFold(name, "ct"):
		if !nobody(text) && !faxLabel(label) {
			r.under.Numbers = append(r.under.Numbers, Number{Name: label, Number: text})
		}
	case column != ColumnIgnored && column != ColumnNumberName:
		column.put(&r.under, text)
	}
}
