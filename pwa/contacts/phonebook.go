package contacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// ErrPhonebook is returned for a phonebook that is neither JSON nor vCard.
var ErrPhonebook = errors.New("contacts: the phonebook is neither JSON nor vCard")

// ReadPhonebook reads the company phonebook: vCards, or JSON, a list of contacts or an object with the list in
// "contacts". Keys of a contact may be written as the columns of a CSV file; numbers is a list of {name, number,
// extension} or of texts. What is left out is reported. The contacts are for Book.SetPhonebook, which marks them.
func ReadPhonebook(data []byte) ([]Contact, []Fault, error) {
	if len(data) > MaxFile {
		return nil, nil, Fault{Reason: "the phonebook is larger than 32 MB"}
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if IsVCard(data) {
		return ReadVCards(data, nil)
	}
	rows, err := phonebookRows(data)
	if err != nil {
		return nil, nil, err
	}
	var contacts []Contact
	var faults []Fault
	for i, raw := range rows {
		c, reason := phonebookContact(raw)
		if reason == "" && len(contacts) >= Max {
			reason = "the phonebook has more than " + strconv.Itoa(Max) + " contacts"
		}
		if reason != "" {
			if len(faults) < maxImportFaults {
				faults = append(faults, Fault{i + 1, reason})
			}
			continue
		}
		contacts = append(contacts, c)
	}
	return contacts, faults, nil
}

func phonebookRows(data []byte) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	if json.Unmarshal(data, &rows) == nil {
		return rows, nil
	}
	var book map[string]json.RawMessage
	if json.Unmarshal(data, &book) != nil {
		return nil, ErrPhonebook
	}
	for _, name := range []string{"contacts", "phonebook", "entries", "items", "data"} {
		if json.Unmarshal(book[name], &rows) == nil {
			return rows, nil
		}
	}
	return nil, ErrPhonebook
}

func phonebookContact(raw json.RawMessage) (Contact, string) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return Contact{}, "is no object"
	}
	var c Contact
	for _, name := range sortedNames(fields) {
		column, _ := columnOf(name)
		if nameHeader(name, nameHeaders) {
			column = ColumnName
		}
		switch text, ok := jsonWord(fields[name]); {
		case name == "id" && ok:
			c.ID = text
		case name == "numbers" || column == ColumnNumber && !ok:
			c.Numbers = append(c.Numbers, jsonNumbers(fields[name])...)
		case ok:
			column.put(&c, text)
		}
	}
	c = c.cleaned().named()
	c.Source = Company
	if c.Name == "" {
		return c, "has neither name nor number"
	}
	return c, ""
}

// jsonWord reads a text or a number.
func jsonWord(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	var n json.Number
	err := json.Unmarshal(raw, &n)
	return n.String(), err == nil && n != ""
}

func jsonNumbers(raw json.RawMessage) []Number {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var numbers []Number
	for _, item := range list[:min(len(list), MaxNumbers)] {
		if text, ok := jsonWord(item); ok {
			numbers = append(numbers, Number{Number: text})
			continue
		}
		var fields map[string]json.RawMessage
		if json.Unmarshal(item, &fields) != nil {
			continue
		}
		var n Number
		n.Name, _ = jsonWord(fields["name"])
		if n.Name == "" {
			n.Name, _ = jsonWord(fields["type"])
		}
		n.Number, _ = jsonWord(fields["number"])
		n.Extension, _ = jsonWord(fields["extension"])
		numbers = append(numbers, n)
	}
	return numbers
}
