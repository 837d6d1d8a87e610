package config

import (
	"strconv"
	"strings"
)

// Error is one value that cannot be used.
type Error struct {
	Key     string // as written in config.json, dotted: "show.dialpad"
	Value   string // shortened, printable ASCII; empty when the key is a secret
	Reason  string // what is wrong with it
	Example string // a value that would do
	Unknown bool   // there is no such key
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("config: " + e.Key)
	if e.Value != "" {
		b.WriteString(" " + e.Value)
	}
	b.WriteString(": " + e.Reason)
	if e.Example != "" {
		b.WriteString("; for example " + e.Example)
	}
	return b.String()
}

// Errors are all wrong values of one input. errors.As finds the first *Error.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives errors.Is and errors.As the single errors.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errs
}

// orNil keeps an empty list from becoming an error that is not nil.
func (e Errors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// flaw is what a check finds: the part of the value that is wrong, and why. Without a part the whole value is meant.
type flaw struct{ part, reason string }

func (f *flaw) Error() string { return f.reason }

func wrong(part, reason string) error { return &flaw{part, reason} }

// refused makes an Error out of what a check found in a value of key k.
func (k *key) refused(value string, err error) *Error {
	e := &Error{Key: k.name, Value: value, Reason: err.Error(), Example: k.example}
	if f, ok := err.(*flaw); ok && f.part != "" {
		e.Value = f.part
	}
	if k.is(secret) {
		e.Value = ""
	} else {
		e.Value = printable(e.Value)
	}
	return e
}

func unknown(name string) *Error {
	return &Error{Key: strings.Trim(printable(name), `"`), Reason: "there is no such key", Unknown: true}
}

const shownLength = 80

// printable quotes a value of any origin for a message: short, ASCII, without what follows "?" or stands before "@" in a
// URL, since tokens and passwords stand there.
func printable(s string) string {
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		if i := strings.IndexAny(rest, "?#"); i >= 0 {
			rest = rest[:i] + "?..."
		}
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			rest = "...@" + rest[i+1:]
		}
		s = scheme + "://" + rest
	}
	if len(s) > shownLength {
		s = s[:shownLength] + "..."
	}
	if s == "" {
		return `""`
	}
	return strconv.QuoteToASCII(s)
}
