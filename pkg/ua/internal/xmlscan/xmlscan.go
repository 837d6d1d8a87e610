// Package xmlscan reads small XML documents, such as the bodies of SIP notifications: call Parse and walk the tree of
// Elements by Child, All, Text and Attr.
//
// Elements and attributes are named with their namespace, so that prefixes do not matter. Only the five predefined entities and
// character references are known; a document type declaration is refused, so nothing can be expanded or fetched.
//
// Limits: UTF-8 only, at most 64 KiB, 64 levels deep, 8,192 elements, 64 attributes for an element. It does not
// validate: names are checked for harmful characters only, and what follows the root element is ignored when it is white space,
// a comment or a processing instruction.
package xmlscan

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a document.
const (
	MaxSize       = 64 << 10
	MaxDepth      = 64
	MaxElements   = 8192
	MaxAttributes = 64
)

// The methods of Element are called in hundreds of places. Inlined they cost a WebAssembly program 68 kB (20 kB in brotli),
// and their speed is not felt.

// ErrSyntax is wrapped by every error of Parse.
var ErrSyntax = errors.New("xmlscan: not a document that can be read")

// Name is a name in a namespace. Unprefixed attributes have none.
type Name struct{ Space, Local string }

// Attr is one attribute.
type Attr struct {
	Name  Name
	Value string
}

// Element is one element with its children. Its text is that of all its character data joined.
type Element struct {
	Name     Name
	Attrs    []Attr
	Children []*Element
	text     strings.Builder
}

// Text returns the character data directly inside the element without white space at the ends. A nil element has none.
//
//go:noinline
func (e *Element) Text() string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.text.String())
}

// Attr returns the value of an attribute without namespace, or "".
//
//go:noinline
func (e *Element) Attr(name string) string { return e.AttrIn("", name) }

// AttrIn returns the value of an attribute in a namespace, or "".
//
//go:noinline
func (e *Element) AttrIn(space, name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attrs {
		if a.Name == (Name{space, name}) {
			return a.Value
		}
	}
	return ""
}

// Child returns the first child of that local name in the element's own namespace, or nil.
//
//go:noinline
func (e *Element) Child(name string) *Element {
	if e == nil {
		return nil
	}
	return e.ChildIn(e.Name.Space, name)
}

// ChildIn returns the first child of that name, or nil.
//
//go:noinline
func (e *Element) ChildIn(space, name string) *Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Name == (Name{space, name}) {
			return c
		}
	}
	return nil
}

// All returns the children of that local name in the element's own namespace.
//
//go:noinline
func (e *Element) All(name string) []*Element {
	if e == nil {
		return nil
	}
	var list []*Element
	for _, c := range e.Children {
		if c.Name == (Name{e.Name.Space, name}) {
			list = append(list, c)
		}
	}
	return list
}

// Parse reads a document and returns its root.
func Parse(data []byte) (*Element, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	switch {
	case len(data) > MaxSize:
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrSyntax, MaxSize)
	case !utf8.Valid(data):
		return nil, fmt.Errorf("%w: not UTF-8", ErrSyntax)
	}
	p := parser{s: string(data)}
	root, err := p.document()
	if err != nil {
		return nil, fmt.Errorf("%w: %w at byte %d", ErrSyntax, err, p.i)
	}
	return root, nil
}

var (
	errEnd       = errors.New("ends too early")
	errDoctype   = errors.New("document type declaration")
	errName      = errors.New("bad name")
	errAttribute = errors.New("bad attribute")
	errTwice     = errors.New("attribute twice")
	errReference = errors.New("unknown reference")
	errTag       = errors.New("tags do not match")
	errPrefix    = errors.New("undeclared prefix")
	errDeep      = errors.New("too deep")
	errMany      = errors.New("too many elements or attributes")
	errText      = errors.New("text outside the root")
	errControl   = errors.New("control character")
)
