package number

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

const maxDial = 200 // characters of the number field

var ErrNotDialable = errors.New("not a number or address")

// Typed keeps what may stand in the number field: one line without invisible characters, of limited length.
func Typed(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u00a0':
			return ' '
		case !unicode.IsPrint(r): // control characters, and those that turn the direction of the text
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > maxDial {
		text = string(runes[:maxDial])
	}
	return text
}

// Dialable makes what is called of what was typed: a number without its separators, "user@host", or a SIP URI.
func Dialable(text string) (string, error) {
	text = strings.TrimSpace(Typed(Linked(strings.TrimSpace(text))))
	if number, ok := plainNumber(text); ok {
		return number, nil
	}
	if text == "" || strings.ContainsFunc(text, unicode.IsSpace) {
		return "", ErrNotDialable
	}
	return text, nil
}

// Linked is what a link says to dial. The parameters of a tel URI are not dialled: a context is no prefix, and an
// extension is for the exchange that answers (RFC 3966 section 5.1). Those of a SIP URI belong to the address, but the header
// fields it proposes are not taken (RFC 3261 section 19.1.5).
func Linked(text string) string {
	if number, ok := cutScheme(text, "tel:"); ok {
		number, _, _ = strings.Cut(number, ";")
		if plain, err := url.PathUnescape(number); err == nil {
			return plain // "#" has to be escaped there
		}
		return number
	}
	for _, scheme := range []string{"sip:", "sips:"} {
		if _, ok := cutScheme(text, scheme); ok {
			text, _, _ = strings.Cut(text, "?")
		}
	}
	return text
}

func cutScheme(text, scheme string) (string, bool) {
	if len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
		return text[len(scheme):], true
	}
	return text, false
}

// plainNumber removes what people put between the digits of a number, and turns the digits of other scripts into ours.
func plainNumber(text string) (string, bool) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + digitValue(r))
		case r == '*' || r == '#' || r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -./()", r) || unicode.Is(unicode.Pd, r):
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

// digitValue is the value of a decimal digit of any script: their blocks begin with zero and hold tens.
func digitValue(r rune) byte {
	for _, block := range unicode.Nd.R16 {
		if lo := rune(block.Lo); r >= lo && r <= rune(block.Hi) {
			return byte((r - lo) % 10)
		}
	}
	for _, block := range unicode.Nd.R32 {
		if lo := rune(block.Lo); r >= lo && r <= rune(block.Hi) {
			return byte((r - lo) % 10)
		}
	}
	return 0
}
