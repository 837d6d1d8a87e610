package phone

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ContactSource is where a contact comes from.
type ContactSource string

const (
	OwnContact       ContactSource = ""          // the user's; may be edited
	PhonebookContact ContactSource = "phonebook" // the company's; read-only and marked
)

// Contact is somebody to call. Name is required.
type Contact struct {
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Customer     string          `json:"customer,omitempty"`
	Given        string          `json:"given,omitempty"`
	Family       string          `json:"family,omitempty"`
	Organisation string          `json:"organisation,omitempty"`
	Type         string          `json:"type,omitempty"`
	Category     string          `json:"category,omitempty"`
	Numbers      []ContactNumber `json:"numbers,omitempty"`
	Source       ContactSource   `json:"source,omitempty"`
	Favourite    bool            `json:"favourite,omitempty"`
}

// ContactNumber is one number of a contact. Name says which: "Work", "Mobile".
type ContactNumber struct {
	Name      string `json:"name,omitempty"`
	Number    string `json:"number"`
	Extension string `json:"extension,omitempty"`
}

// ReadOnly reports whether the contact comes from the company phonebook.
func (c Contact) ReadOnly() bool { return c.Source != OwnContact }

// Limits of a contact and of a book.
const (
	MaxContacts       = 50000
	maxContactText    = 200 // characters of one field
	maxContactNumbers = 20
)

// Errors of a Book; test with errors.Is.
var (
	ErrContactName     = errors.New("phone: a contact needs a name")
	ErrContactReadOnly = errors.New("phone: a contact of the company phonebook cannot be changed")
	ErrNoContact       = errors.New("phone: no such contact")
	ErrBookFull        = fmt.Errorf("phone: a book holds at most %d contacts", MaxContacts)
)

// ContactFieldError is a field of a contact that cannot be taken.
type ContactFieldError struct{ Field, Reason string }

func (e *ContactFieldError) Error() string { return "phone: contact: " + e.Field + " " + e.Reason }

func (c *Contact) fields() []*string {
	return []*string{&c.Name, &c.Customer, &c.Given, &c.Family, &c.Organisation, &c.Type, &c.Category}
}

var contactFields = []string{"name", "customer", "given name", "family name", "organisation", "type", "category"}

// cleaned returns the contact with every field on one line, at most maxContactText long, without control and direction
// characters, and without empty numbers.
func (c Contact) cleaned() Contact {
	for _, f := range c.fields() {
		*f = cleanText(*f, maxContactText)
	}
	numbers := make([]ContactNumber, 0, len(c.Numbers))
	for _, n := range c.Numbers {
		n = ContactNumber{cleanText(n.Name, 40), cleanText(n.Number, 128), cleanText(n.Extension, 16)}
		if n.Number == "" {
			n.Number, n.Extension = n.Extension, ""
		}
		if n.Number != "" && len(numbers) < maxContactNumbers && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	c.Numbers = slices.Clip(numbers)
	c.ID = cleanText(c.ID, maxContactText)
	return c
}

// checked is cleaned for what a person typed: what would be cut off is refused instead.
func (c Contact) checked() (Contact, error) {
	for i, f := range c.fields() {
		if len([]rune(*f)) > maxContactText {
			return c, &ContactFieldError{contactFields[i], fmt.Sprintf("is longer than %d characters", maxContactText)}
		}
	}
	if len(c.Numbers) > maxContactNumbers {
		return c, &ContactFieldError{"numbers", fmt.Sprintf("are more than %d", maxContactNumbers)}
	}
	for _, n := range c.Numbers {
		if len(n.Name) > 120 || len(n.Number) > 128 || len(n.Extension) > 16 {
			return c, &ContactFieldError{"numbers", "has one that is too long"}
		}
	}
	c = c.cleaned()
	if c.Name == "" {
		return c, ErrContactName
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
