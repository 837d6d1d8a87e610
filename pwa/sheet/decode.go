package sheet

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Wide tells whether data is UTF-16.
func Wide(data []byte) bool {
	_, wide := utf16Order(data)
	return wide
}

const piece = 1 << 20 // bytes between two pauses; an even number

// Decode makes UTF-8 of what spreadsheets write: UTF-8, UTF-16 or Windows-1252. It calls pause, which may be nil, between
// pieces of the data.
func Decode(data []byte, pause func()) string {
	var b strings.Builder
	switch low, wide := utf16Order(data); {
	case wide:
		data = bytes.TrimPrefix(bytes.TrimPrefix(data, []byte("\xff\xfe")), []byte("\xfe\xff"))
		whole := func(n int) int {
			if high := data[n-1-low]; high >= 0xd8 && high < 0xdc { // the first half of a pair
				return n - 2
			}
			return n
		}
		inPieces(data, pause, whole, func(part []byte) bool { return writeUTF16(&b, part, low) })
	case validUTF8(data, pause):
		return string(bytes.TrimPrefix(data, []byte("\ufeff")))
	default:
		inPieces(data, pause, func(n int) int { return n }, func(part []byte) bool { return writeWindows1252(&b, part) })
	}
	return b.String()
}

// inPieces hands over data piece by piece, each ending where end moves it to, until take says no.
func inPieces(data []byte, pause func(), end func(n int) int, take func(part []byte) bool) bool {
	for from := 0; from < len(data); {
		to := len(data)
		if to-from > piece {
			to = end(from + piece)
		}
		if !take(data[from:to]) {
			return false
		}
		if from = to; pause != nil && from < len(data) {
			pause()
		}
	}
	return true
}

func validUTF8(data []byte, pause func()) bool {
	end := func(n int) int {
		for i := range utf8.UTFMax {
			if utf8.RuneStart(data[n-i]) {
				return n - i
			}
		}
		return n
	}
	return inPieces(data, pause, end, utf8.Valid)
}

// utf16Order tells whether data is UTF-16, by its mark or by the zeros that plain letters have, and where the low byte stands.
func utf16Order(data []byte) (low int, wide bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return 0, true
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return 1, true
	case len(data) < 4 || len(data)%2 != 0:
		return 0, false
	}
	if data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0 {
		return 0, true
	}
	return 1, data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0
}

func writeWindows1252(b *strings.Builder, data []byte) bool {
	for _, c := range data {
		if r := rune(c); r >= 0x80 && r < 0xa0 {
			b.WriteRune(windows1252[r-0x80])
		} else {
			b.WriteRune(r)
		}
	}
	return true
}

// windows1252 is where Windows-1252 differs from the beginning of Unicode: 0x80 to 0x9f.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func writeUTF16(b *strings.Builder, data []byte, low int) bool {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+low]) | uint16(data[2*i+1-low])<<8
	}
	b.WriteString(string(utf16.Decode(units)))
	return true
}
