package contacts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pwa/number"
)

// Source is where a contact comes from.
type Source string

const (
	Own     Source = ""          // the user's; may be edited
	Company Source = "phonebook" // the company's; read-only and marked
)

// Contact is somebody to call. Name is required.
type Contact struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Customer     string   `json:"customer,omitempty"`
	Given        string   `json:"given,omitempty"`
	Family       string   `json:"family,omitempty"`
	Organisation string   `json:"organisation,omitempty"`
	Type         string   `json:"type,omitempty"`
	Category     string   `json:"category,omitempty"`
	Numbers      []Number `json:"numbers,omitempty"`
	Source       Source   `json:"source,omitempty"`
	Favourite    bool     `json:"favourite,omitempty"`
}

// Number is one number of a contact. Name says which: "Work", "Mobile".
type Number struct {
	Name      string `json:"name,omitempty"`
	Number    string `json:"number"`
	Extension string `json:"extension,omitempty"`
}

// Dial is what is dialled for a number: with the extension, which is keyed in after the answer.
func (n Number) Dial() string {
	if n.Extension == "" {
		return n.Number
	}
	return n.Number + " ext. " + n.Extension
}

// ReadOnly reports whether the contact comes from the company phonebook.
func (c Contact) ReadOnly() bool { return c.Source != Own }

// Limits of a contact and of a book.
const (
	Max            = 50000
	maxContactText = 200 // characters of one field
	maxNumber      = 128 // characters
	maxExtension   = 16
	MaxNumbers     = 20
)

// Errors of a Book; test with errors.Is.
var (
	ErrName     = errors.New("contacts: a contact needs a name")
	ErrReadOnly = errors.New("contacts: a contact of the company phonebook cannot be changed")
	ErrNotFound = errors.New("contacts: no such contact")
	ErrFull     = fmt.Errorf("contacts: a book holds at most %d contacts", Max)
)

// FieldError is a field of a contact that cannot be taken.
type FieldError struct{ Field, Reason string }

func (e *FieldError) Error() string { return "contacts: " + e.Field + " " + e.Reason }

func (c *Contact) fields() []*string {
	return []*string{&c.Name, &c.Customer, &c.Given, &c.Family, &c.Organisation, &c.Type, &c.Category}
}

var contactFields = []string{"name", "customer", "given name", "family name", "organisation", "type", "category"}

// cleaned returns the contact with every field on one line, at most maxContactText long, without control and direction
// characters, and without numbers that are empty or that it cannot hold.
func (c Contact) cleaned() Contact {
	for _, f := range c.fields() {
		*f = number.OneLine(*f, maxContactText)
	}
	c.Numbers, _ = cleanNumbers(c.Numbers)
	c.ID = number.OneLine(c.ID, maxContactText)
	return c
}

// cleanNumbers returns the numbers that a contact can hold, each once, and counts those it cannot.
func cleanNumbers(list []Number) (numbers []Number, left int) {
	numbers = make([]Number, 0, min(len(list), MaxNumbers))
	var over map[Number]bool
	for _, n := range list {
		switch n, ok := n.cleaned(); {
		case n.Number == "" || slices.Contains(numbers, n):
		case !ok || len(numbers) == MaxNumbers:
			if over == nil {
				over = map[Number]bool{}
			}
			over[n] = true
		default:
			numbers = append(numbers, n)
		}
	}
	return slices.Clip(numbers), len(over)
}

// cleaned is the number on one line. It reports false for what is too long to be kept: a part of a number is another one.
func (n Number) cleaned() (Number, bool) {
	n = Number{number.OneLine(n.Name, 40), number.OneLine(n.Number, maxNumber+1), number.OneLine(n.Extension, maxNumber+1)}
	if n.Number == "" {
		n.Number, n.Extension = n.Extension, ""
	}
	if utf8.RuneCountInString(n.Extension) > maxExtension {
		n.Number, n.Extension = n.Dial(), ""
	}
	return n, utf8.RuneCountInString(n.Number) <= maxNumber
}

// fromFile is the contact as a book can hold it, and what it cannot.
func (c Contact) fromFile() (kept Contact, reason string) {
	if _, left := cleanNumbers(c.Numbers); left > 0 {
		reason = fmt.Sprintf("has more or longer numbers than a contact can hold; left out: %d", left)
	}
	return c.cleaned().named(), reason
}

// checked is cleaned for what a person typed: what would be cut off is refused instead.
func (c Contact) checked() (Contact, error) {
	for i, f := range c.fields() {
		if len([]rune(*f)) > maxContactText {
			return c, &FieldError{contactFields[i], fmt.Sprintf("is longer than %d characters", maxContactText)}
		}
	}
	if len(c.Numbers) > MaxNumbers {
		return c, &FieldError{"numbers", fmt.Sprintf("are more than %d", MaxNumbers)}
	}
	for _, n := range c.Numbers {
		if len(n.Name) > 120 || len(n.Number) > maxNumber || len(n.Extension) > maxExtension {
			return c, &FieldError{"numbers", "has one that is too long"}
		}
	}
	c = c.cleaned()
	if c.Name == "" {
		return c, ErrName
	}
	return c, nil
}

// named gives a contact of an imported file a name, made of what there is.
func (c Contact) named() Contact {
	if c.Name != "" {
		return c
	}
	c.Name = strings.TrimSpace(c.Given + " " + c.Family)
	for _, other := range []string{c.Organisation, c.Customer} {
		if c.Name == "" {
			c.Name = other
		}
	}
	if c.Name == "" && len(c.Numbers) > 0 {
		c.Name = c.Numbers[0].Number
	}
	return c
}

func (c Contact) clone() Contact {
	c.Numbers = slices.Clone(c.Numbers)
	return c
}
