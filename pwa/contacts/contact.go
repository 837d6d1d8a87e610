package contacts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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
// characters, and without empty numbers.
func (c Contact) cleaned() Contact {
	for _, f := range c.fields() {
		*f = number.OneLine(*f, maxContactText)
	}
	numbers := make([]Number, 0, len(c.Numbers))
	for _, n := range c.Numbers {
		n = Number{number.OneLine(n.Name, 40), number.OneLine(n.Number, 128), number.OneLine(n.Extension, 16)}
		if n.Number == "" {
			n.Number, n.Extension = n.Extension, ""
		}
		if n.Number != "" && len(numbers) < MaxNumbers && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	c.Numbers = slices.Clip(numbers)
	c.ID = number.OneLine(c.ID, maxContactText)
	return c
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
		if len(n.Name) > 120 || len(n.Number) > 128 || len(n.Extension) > 16 {
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
