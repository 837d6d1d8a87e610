package number

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// latin holds the base letters of U+00C0 to U+017F; a space stands for a letter that is written as two, or for no letter.
const latin = "aaaaaa ceeeeiiiidnooooo/ouuuuy  aaaaaa ceeeeiiiidnooooo/ouuuuy y" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkklllllllllln" +
	"nnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

var twoLetters = map[rune]string{'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ß': "ss", 'ẞ': "ss", 'þ': "th", 'Þ': "th",
	'ĳ': "ij", 'Ĳ': "ij",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ى': "ي", 'ة': "ه", 'ё': "е", 'Ё': "е", 'ș': "s", 'Ș': "s", 'ț': "t", 'Ț': "t", 'ơ': "o",
	'Ơ': "o", 'ư': "u", 'Ư': "u",
	'ά': "α", 'έ': "ε", 'ή': "η", 'ί': "ι", 'ό': "ο", 'ύ': "υ", 'ώ': "ω", 'Ά': "α", 'Έ': "ε", 'Ή': "η", 'Ί': "ι", 'Ό': "ο",
	'Ύ': "υ", 'Ώ': "ω", 'ς': "σ"}

// Fold makes text comparable as people compare it: lower case, no diacritics, one space between words, digits of any
// script as ours. It is made for search and order, not for showing.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range text {
		if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
			continue
		}
		folded := foldRune(r)
		if folded == " " {
			space = true
			continue
		}
		if folded != "" && space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = space && folded == ""
		b.WriteString(folded)
	}
	return b.String()
}

const asciiLower = "abcdefghijklmnopqrstuvwxyz"

// foldRune returns "" for what is left out and " " for what separates words.
func foldRune(r rune) string {
	switch { // most of what is read
	case r >= 'A' && r <= 'Z':
		return asciiLower[r-'A' : r-'A'+1]
	case r == ' ':
		return " "
	}
	if two, ok := twoLetters[r]; ok {
		return two
	}
	switch {
	case r >= 0xc0 && r <= 0x17f:
		if base := latin[r-0xc0]; base >= 'a' && base <= 'z' {
			return string(rune(base))
		}
	case r >= 0x1ea0 && r <= 0x1ef9:
		return vietnamese(r)
	case invisible(r) || r >= 0x300 && r <= 0x36f || r >= 0x64b && r <= 0x652 || r == 0x640:
		return ""
	case unicode.Is(unicode.Nd, r):
		return string(rune('0' + digitValue(r)))
	}
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return string(unicode.ToLower(r))
	}
	if r == '\'' || r == '’' {
		return ""
	}
	return " "
}

func vietnamese(r rune) string {
	switch {
	case r < 0x1eb8:
		return "a"
	case r < 0x1ec8:
		return "e"
	case r < 0x1ecc:
		return "i"
	case r < 0x1ee4:
		return "o"
	case r < 0x1ef2:
		return "u"
	}
	return "y"
}

// invisible reports characters that show nothing and may turn a line round (Trojan Source).
func invisible(r rune) bool {
	return r == 0xad || r == 0x61c || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f ||
		r == 0xfeff || r >= 0xe0000 && r <= 0xe007f || r == utf8.RuneError
}

// OneLine makes one line of text out of anything: valid UTF-8, no control or invisible characters, single spaces, at
// most limit characters. The joiners that scripts need (U+200C, U+200D) stay.
func OneLine(text string, limit int) string {
	if len(text) <= limit && isOneLine(text) {
		return text
	}
	if len(text) > limit*8 {
		text = text[:limit*8]
	}
	var b strings.Builder
	count, space := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == 0x2028 || r == 0x2029 {
			space = true
			continue
		}
		if invisible(r) && r != 0x200c && r != 0x200d {
			continue
		}
		if space && count > 0 {
			b.WriteByte(' ')
			count++
		}
		space = false
		if count >= limit {
			break
		}
		b.WriteRune(r)
		count++
	}
	return strings.TrimRight(b.String(), " ")
}

// isOneLine tells of a text in ASCII that OneLine would leave as it is.
func isOneLine(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c >= 0x7f || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return text == "" || before != ' '
}
