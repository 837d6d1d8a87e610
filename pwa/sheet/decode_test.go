package sheet

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestWide changes what makes a file UTF-16 in one byte each: each of them counts.
func TestWide(t *testing.T) {
	for data, want := range map[string]bool{
		"\xff\xfe": true, "\xfe\xff": true, "\xff\xfea": true, "\xff": false, "": false,
		"a\x00b\x00": true, "\x00a\x00b": true, "a\x00b\x00c": false, "a\x00": false, "\x00a": false,
		"abcd": false, "\x00\x00b\x00": false, "aab\x00": false, "a\x00\x00\x00": false, "a\x00bb": false,
		"\x00\x00\x00b": false, "aa\x00b": false, "\x00aab": false, "\x00a\x00\x00": false, "\x00\x00\x00\x00": false,
	} {
		if got := Wide([]byte(data)); got != want {
			t.Errorf("%q: %t, want %t", data, got, want)
		}
	}
}

// TestPairsStayTogether moves the first and the last characters that take two units over the ends of the pieces.
func TestPairsStayTogether(t *testing.T) {
	for _, pair := range []string{"\U00010000", "\U0001d7cf", "\U0010ffff", "\ud7ff", "\ue000"} {
		for low, mark := range []string{"\xff\xfe", "\xfe\xff"} {
			for shift := range 2 {
				want := strings.Repeat("x", shift) + strings.Repeat(pair, piece/4+2)
				if got := Decode([]byte(mark+utf16Of(want, low)), nil); got != want {
					t.Errorf("%U, moved by %d, low byte at %d: differs at %d", []rune(pair), shift, low, differs(got, want))
				}
			}
		}
	}
}

// TestPausesLieBetweenPieces counts them: one for each piece but the last.
func TestPausesLieBetweenPieces(t *testing.T) {
	for pieces := range 4 {
		for _, more := range []int{-2, 0, 2} {
			n := pieces*piece + more
			if n < 4 {
				continue
			}
			want := (n - 1) / piece
			for name, data := range map[string]string{"UTF-8": strings.Repeat("a", n), "UTF-16": strings.Repeat("a\x00", n/2)} {
				got := 0
				if Decode([]byte(data), func() { got++ }); got != want {
					t.Errorf("%s of %d bytes: %d pauses, want %d", name, n, got, want)
				}
			}
		}
	}
}

// TestEachByteOfWindows1252 decodes each byte that is no UTF-8 by itself. The five that mean nothing stay control characters.
func TestEachByteOfWindows1252(t *testing.T) {
	special := map[byte]string{0x80: "€", 0x82: "‚", 0x8c: "Œ", 0x8e: "Ž", 0x91: "‘", 0x95: "•", 0x99: "™", 0x9f: "Ÿ",
		0xa0: "\u00a0"}
	seen := map[string]bool{}
	for c := 0x80; c <= 0xff; c++ {
		got := Decode([]byte{'x', byte(c)}, nil)[1:]
		want, known := special[byte(c)]
		if !known && c >= 0xa0 {
			want, known = string(rune(c)), true
		}
		if known && got != want || seen[got] || len([]rune(got)) != 1 {
			t.Errorf("%#x is %q, want %q, and no other byte's", c, got, want)
		}
		seen[got] = true
	}
}

// TestLongCellsEndInAWholeCharacter moves characters of two to four bytes over the end of a cell.
func TestLongCellsEndInAWholeCharacter(t *testing.T) {
	for _, char := range []string{"ü", "€", "𝟏"} {
		for shift := range len(char) {
			whole := strings.Repeat("x", shift) + strings.Repeat(char, maxCell)
			rows, err := ReadAll([]byte(whole + ",b\n"))
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			cell := rows[0][0]
			if !utf8.ValidString(cell) || !strings.HasPrefix(whole, cell) || len(cell) > maxCell ||
				len(cell)+len(char) <= maxCell {
				t.Errorf("%q moved by %d: %d bytes, which end in %q", char, shift, len(cell), cell[len(cell)-4:])
			}
		}
	}
}
