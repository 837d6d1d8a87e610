package contacts

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// lists are the keys under which the list of contacts may stand.
var lists = []string{"contacts", "phonebook", "entries", "items", "data", "value", "results", "connections", "people",
	"persons", "users", "directory", "records"}

// readJSON reads the list contact by contact: to read it as a whole takes longer than a key may wait.
func readJSON(data []byte, pause func()) ([]Contact, []Fault, error) {
	list := data
	if data[0] == '{' {
		list = listIn(data, pause)
	}
	if len(list) == 0 || list[0] != '[' {
		return nil, nil, ErrPhonebook
	}
	var all collected
	step := paced(pause)
	for rest, more := skipSpace(list[1:]), true; more; {
		step()
		if len(rest) > 0 && rest[0] == ']' && all.row == 0 {
			break
		}
		end := valueEnd(rest, pause)
		if end == 0 {
			return nil, nil, ErrPhonebook
		}
		all.add(contactOfJSON(rest[:end]))
		rest, more = bytes.CutPrefix(skipSpace(rest[end:]), []byte(","))
		if rest = skipSpace(rest); !more && (len(rest) == 0 || rest[0] != ']') {
			return nil, nil, ErrPhonebook // cut off: half a phonebook would take the other half away
		}
	}
	return all.contacts, all.faults, nil
}

// listIn finds the list in an object.
func listIn(object []byte, pause func()) []byte {
	found := map[string][]byte{}
	for key, value := range members(object, pause) {
		if value[0] == '[' {
			found[key] = value
		}
	}
	for _, name := range lists {
		if list := found[name]; list != nil {
			return list
		}
	}
	return nil
}

// members yields the keys and values of an object, as far as it is whole.
func members(object []byte, pause func()) func(yield func(key string, value []byte) bool) {
	return func(yield func(key string, value []byte) bool) {
		for rest := skipSpace(object[1:]); ; {
			end := valueEnd(rest, nil)
			key, ok := jsonString(rest[:end])
			if !ok {
				return
			}
			value, colon := bytes.CutPrefix(skipSpace(rest[end:]), []byte(":"))
			value = skipSpace(value)
			if end = valueEnd(value, pause); !colon || end == 0 || !yield(key, value[:end]) {
				return
			}
			rest, _ = bytes.CutPrefix(skipSpace(value[end:]), []byte(","))
			rest = skipSpace(rest)
		}
	}
}

func skipSpace(data []byte) []byte { return bytes.TrimLeft(data, " \t\r\n") }

const looked = 1 << 18 // bytes between two pauses

// valueEnd is how long the JSON value is that data begins with, 0 when there is none. Whether it is right inside is not looked
// at.
func valueEnd(data []byte, pause func()) int {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		if i%looked == looked-1 && pause != nil {
			pause()
		}
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted = !quoted; !quoted && depth == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i // what stands around it ends
			}
		case depth == 0 && (c == ',' || c == ' ' || c == '\r' || c == '\n'):
			return i
		}
	}
	return 0
}

func contactOfJSON(raw []byte) (Contact, string) {
	var c Contact
	if reason := fillFromJSON(&c, raw, 0); reason != "" {
		return Contact{}, reason
	}
	return c, ""
}

const maxNesting = 3 // of objects in a contact: {"names": [{"given": ...}]}

func fillFromJSON(c *Contact, raw []byte, depth int) (reason string) {
	fields, ok := fieldsOf(raw)
	if !ok {
		return "is no object"
	}
	extension := ""
	for _, name := range sortedNames(fields) {
		column := fieldOf(name)
		text, ok := jsonWord(fields[name])
		switch {
		case column == ColumnExtension && ok:
			extension = text
		case name == "id" && ok:
			c.ID = text
		case column == ColumnNumber && ok:
			c.Numbers = append(c.Numbers, Number{Name: labelOf(name), Number: text})
		case column == ColumnNumber:
			c.Numbers = append(c.Numbers, jsonNumbers(fields[name], labelOf(name))...)
		case ok && text != "":
			column.put(c, text)
		case !ok && depth < maxNesting && slices.Contains(nested, name):
			fillNested(c, name, fields[name], depth)
		}
	}
	c.extend(extension)
	return ""
}

// extend adds an extension that stands beside the numbers: to the only one, else as a number of its own.
func (c *Contact) extend(extension string) {
	switch {
	case extension == "":
	case len(c.Numbers) == 1 && c.Numbers[0].Extension == "":
		c.Numbers[0].Extension = extension
	default:
		c.Numbers = append(c.Numbers, Number{Number: extension})
	}
}

// nested are the keys of objects in a contact.
var nested = []string{"name", "names", "person", "organization", "organizations", "company"}

// fillNested takes objects in a contact, as Google's have them: the first counts.
func fillNested(c *Contact, name string, raw []byte, depth int) {
	if list, ok := itemsOf(raw); ok {
		if len(list) == 0 {
			return
		}
		raw = list[0]
	}
	var inner Contact
	fillFromJSON(&inner, raw, depth+1)
	if name == "organization" || name == "organizations" || name == "company" {
		inner = Contact{Organisation: firstOf(inner.Organisation, inner.Name)}
	}
	from := inner.fields()
	for i, f := range c.fields() {
		*f = firstOf(*f, *from[i])
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// jsonWord reads a text or a number; what is null is a text without letters.
func jsonWord(raw json.RawMessage) (string, bool) {
	if text, ok := jsonString(raw); ok {
		return text, true
	}
	switch {
	case string(raw) == "null":
		return "", true
	case len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && json.Valid(raw):
		return string(raw), true
	}
	return "", false
}

// jsonString reads a text. Most have nothing in them that stands for something else.
func jsonString(raw []byte) (text string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	inside := raw[1 : len(raw)-1]
	if raw[len(raw)-1] == '"' && !bytes.ContainsFunc(inside,
		func(r rune) bool { return r < ' ' || r >= utf8.RuneSelf || r == '"' || r == '\\' }) {
		return string(inside), true
	}
	return text, json.Unmarshal(raw, &text) == nil
}

// fieldsOf takes an object apart; of two with one key the last counts.
func fieldsOf(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	if len(raw) == 0 || raw[0] != '{' || !json.Valid(raw) {
		return nil, false
	}
	fields := map[string]json.RawMessage{}
	for key, value := range members(raw, nil) {
		fields[key] = value
	}
	return fields, true
}

// itemsOf takes a list apart.
func itemsOf(raw json.RawMessage) (items []json.RawMessage, ok bool) {
	return items, len(raw) > 0 && raw[0] == '[' && json.Unmarshal(raw, &items) == nil
}

// jsonNumbers reads numbers in any of the ways in which they are written: texts, objects, or an object whose keys name them.
func jsonNumbers(raw json.RawMessage, label string) []Number {
	list, ok := itemsOf(raw)
	if !ok {
		list = []json.RawMessage{raw}
	}
	var numbers []Number
	for _, item := range list {
		if text, ok := jsonWord(item); ok {
			numbers = append(numbers, Number{Name: label, Number: text})
		} else if fields, ok := fieldsOf(item); ok {
			numbers = append(numbers, numbersOf(fields, label)...)
		}
	}
	return slices.DeleteFunc(numbers, func(n Number) bool { return nobody(n.Number) && n.Extension == "" || faxLabel(n.Name) })
}

func numbersOf(fields map[string]json.RawMessage, label string) []Number {
	word := func(names ...string) string {
		for _, name := range names {
			if text, ok := jsonWord(fields[name]); ok && text != "" {
				return text
			}
		}
		return ""
	}
	if number := word("number", "value", "phone", "phoneNumber", "canonicalForm", "uri"); number != "" {
		name := firstOf(cleanLabel(word("name", "label", "formattedType", "type")), label)
		return []Number{{Name: name, Number: number, Extension: word("extension", "ext")}}
	}
	var numbers []Number
	for _, name := range sortedNames(fields) { // {"work": "...", "mobile": ["..."]}
		if text, ok := jsonWord(fields[name]); ok {
			numbers = append(numbers, Number{Name: labelOf(name), Number: text})
		} else if string(fields[name]) != "null" {
			numbers = append(numbers, jsonNumbers(fields[name], labelOf(name))...)
		}
	}
	return numbers
}
