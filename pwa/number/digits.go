package number

import (
	"strings"
	"unicode"
)

// Digits leaves digits of any script, a leading plus, * and #; what people put between is dropped. It reports false when
// something else is there.
func Digits(text string) (string, bool) {
	digits, rest := leadingDigits(text)
	return digits, rest == ""
}

// leadingDigits is Digits of the beginning of a text, up to the first character that stands in no number, and the rest.
func leadingDigits(text string) (digits, rest string) {
	var b strings.Builder
	for i, r := range text {
		switch d := digit(r); {
		case d != 0:
			b.WriteByte(d)
		case r == '+' || r == '\uff0b':
			if b.Len() > 0 {
				return b.String(), text[i:]
			}
			b.WriteByte('+')
		case !between(r):
			return b.String(), text[i:]
		}
	}
	return b.String(), ""
}

// between reports what people put between the digits of a number, and what shows nothing.
func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("./()[]\u2212", r) || unicode.Is(unicode.Pd, r) || invisible(r)
}

// digit is a key of the telephone, 0 for any other character.
func digit(r rune) byte {
	switch {
	case r >= '0' && r <= '9' || r == '*' || r == '#':
		return byte(r)
	case r == '\uff0a':
		return '*'
	case r == '\uff03':
		return '#'
	case unicode.Is(unicode.Nd, r):
		return '0' + digitValue(r)
	}
	return 0
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
