package number

import (
	"errors"
	"strings"
	"unicode"
)

const maxDial = 200 // characters of the number field

// ErrNotDialable is returned for a text that names nobody to call.
var ErrNotDialable = errors.New("not a number or address")

// Typed keeps what may stand in the number field: one line without invisible characters, of limited length.
func Typed(text string) string {
	text = printable(text)
	if runes := []rune(text); len(runes) > maxDial {
		text = string(runes[:maxDial])
	}
	return text
}

func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u00a0':
			return ' '
		case !unicode.IsPrint(r): // control characters, and those that turn the direction of the text
			return -1
		}
		return r
	}, text)
}

// Dialable is what is called for a text: a number without its separators, "user@host", or a SIP URI.
func Dialable(text string) (string, error) {
	call, _, err := Dial(text)
	return call, err
}

// Dial is Dialable with what is to be keyed in when the call has been answered: an extension, or what stands behind a pause.
// It is as in Number.Extension.
func Dial(text string) (call, after string, err error) {
	p := partsOf(text)
	if p.call == "" {
		return "", "", ErrNotDialable
	}
	return p.call, p.after, nil
}

// Linked is what a link says to dial, as it can stand in the number field.
func Linked(text string) string {
	text = strings.TrimSpace(text)
	scheme, rest := cutScheme(text)
	if scheme != "tel" && scheme != "callto" {
		if scheme != "" {
			text, _, _ = strings.Cut(text, "?")
		}
		return text
	}
	p := partsOf(text)
	if p.digits == "" {
		return p.name
	}
	written, _, _ := strings.Cut(rest, ";")
	if shown, ok := Digits(written); !ok || shown != p.digits {
		written = p.digits
	}
	switch {
	case p.after == "":
	case strings.ContainsAny(p.after[:1], ",;"):
		written += p.after
	default:
		written += " ext. " + p.after
	}
	return written
}

// Spelt is the one spelling of a number or address, to be shown and kept: a SIP address without scheme and parameters, such as
// those of one device of its user (";gr=urn:uuid:..."), and without the host where that is home, the domain of the account. What
// is no address stays as it is written.
func Spelt(text, home string) string {
	scheme, rest := cutScheme(unwrapped(strings.TrimSpace(text)))
	switch scheme {
	case "tel", "callto":
		return Linked(text)
	case "":
		if !strings.Contains(rest, "@") {
			return text
		}
	}
	rest, _, _ = strings.Cut(rest, "?")
	user, host, found := strings.Cut(rest, "@")
	if !found {
		host, _, _ = strings.Cut(user, ";")
		return host
	}
	host, _, _ = strings.Cut(host, ";")
	if name, _, _ := strings.Cut(user, ";"); home != "" && strings.EqualFold(host, home) {
		return name
	}
	return user + "@" + host
}
