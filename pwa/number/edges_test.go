package number

import (
	"strings"
	"testing"
)

// TestSpelt gives each way of writing one address the spelling in which it is shown.
func TestSpelt(t *testing.T) {
	for _, c := range []struct{ text, home, want string }{
		{"sip:ann@example.com", "", "ann@example.com"},
		{"sips:ann@example.com;gr=urn:uuid:1", "", "ann@example.com"},
		{"ann@example.com;transport=ws", "", "ann@example.com"},
		{"ann@example.com?subject=x", "", "ann@example.com"},
		{"<sip:ann@example.com>;tag=1", "", "ann@example.com"},
		{`"Ann" <sip:ann@example.com;gr>`, "", "ann@example.com"},
		{"sip:ann@example.com", "example.com", "ann"},
		{"sip:ann@EXAMPLE.com", "example.COM", "ann"},
		{"sip:ann;x=1@example.com", "example.com", "ann"},
		{"sip:ann;x=1@example.com", "", "ann;x=1@example.com"},
		{"sip:ann@example.org", "example.com", "ann@example.org"},
		{"sip:ann@", "", "ann@"},
		{"sip:example.com;lr", "", "example.com"},
		{"sip:1002", "example.com", "1002"},
		{"tel:+12025550191;ext=12", "example.com", "+12025550191 ext. 12"},
		{" 020 7946 0000 ", "example.com", " 020 7946 0000 "},
		{"020 7946 0000; later", "", "020 7946 0000; later"},
		{"front desk?", "", "front desk?"},
		{"", "example.com", ""},
	} {
		got := Spelt(c.text, c.home)
		if got != c.want {
			t.Errorf("%q at %q is spelt %q, want %q", c.text, c.home, got, c.want)
		}
		if again := Spelt(got, c.home); again != got {
			t.Errorf("%q is spelt %q, and that %q", c.text, got, again)
		}
	}
}

// TestLinkWithoutScheme is no link: what looks like its header fields belongs to it.
func TestLinkWithoutScheme(t *testing.T) {
	for link, want := range map[string]string{"1002?x": "1002?x", "sip:1002?x": "sip:1002", "SIPS:ann?x": "SIPS:ann"} {
		if got := Linked(link); got != want {
			t.Errorf("%q shows %q, want %q", link, got, want)
		}
	}
}

func TestTypedKeepsWhatFits(t *testing.T) {
	for n := maxDial - 1; n <= maxDial+2; n++ {
		for _, char := range []string{"1", "é", "𝟏"} {
			if got, want := Typed(strings.Repeat(char, n)), strings.Repeat(char, min(n, maxDial)); got != want {
				t.Errorf("of %d times %q %d bytes are kept, want %d", n, char, len(got), len(want))
			}
		}
	}
	for text, want := range map[string]string{"1\u00a02": "1 2", "1\u00a12": "1¡2", "1\u200b2": "12", "1\u30002": "12"} {
		if got := Typed(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestFoldAtTheEdgesOfItsBlocks looks at the first and the last character of each block that is treated in its own way, and at
// those outside.
func TestFoldAtTheEdgesOfItsBlocks(t *testing.T) {
	for _, block := range []struct{ first, last rune }{
		{0x300, 0x36f}, {0x64b, 0x652}, {0x640, 0x640}, {0xad, 0xad}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x202a, 0x202e},
		{0x2060, 0x206f},
		{0xfeff, 0xfeff}, {0xe0000, 0xe007f},
	} {
		for r, out := range map[rune]bool{block.first - 1: false, block.first: true, block.last: true, block.last + 1: false} {
			if got := Fold("a" + string(r) + "b"); (got == "ab") != out {
				t.Errorf("%U folds to %q, want it left out: %t", r, got, out)
			}
		}
	}
	for text, want := range map[string]string{
		"a½b": "a½b", "कि": "कि", "ſ": "s", "ƀ": "ƀ", "¿Qué?": "que", "×": "", "÷": "", "ẞß": "ssss", "Ð": "d", "Ø": "o",
		"A{}b": "a b", "a`b": "a b", "/0": "0", "9:": "9", "Az": "az", "Ỹỹ": "yy", "ỻ": "ỻ", "'": "", "' a": "a", "a '": "a",
		"a ' b": "a b", "a \u0301b": "a b", "\u0301": "", "Ạ": "a", "ặ": "a", "Ẹ": "e", "ệ": "e", "Ỉ": "i", "ị": "i", "Ọ": "o",
		"ợ": "o", "Ụ": "u",
		"ự": "u", "Ỳ": "y",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}

// TestOneLineLooksAtSoMuch takes no more of a text than can be shown, however much there is in front.
func TestOneLineLooksAtSoMuch(t *testing.T) {
	const limit = 5
	for spaces, want := range map[int]string{0: "ab", 8*limit - 2: "ab", 8*limit - 1: "a", 8 * limit: "", 8*limit + 1: ""} {
		if got := OneLine(strings.Repeat(" ", spaces)+"ab", limit); got != want {
			t.Errorf("behind %d spaces: %q, want %q", spaces, got, want)
		}
	}
	for n := limit - 1; n <= limit+2; n++ {
		for _, char := range []string{"x", "é", "𝟏"} {
			if got, want := OneLine(strings.Repeat(char, n), limit), strings.Repeat(char, min(n, limit)); got != want {
				t.Errorf("%d times %q: %q, want %q", n, char, got, want)
			}
		}
	}
	for text, want := range map[string]string{"a\u200cb": "a\u200cb", "a\u200db": "a\u200db", "a\u200eb": "ab", "a\u200bb": "ab",
		"abcd\n\ne": "abcd",
		"abc e":     "abc e", "\u2028a\u2029b": "a b"} {
		if got := OneLine(text, limit); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEveryKeyIsKept dials each key of a telephone, alone and in company, and what lies beside the digits in the alphabet is
// none.
func TestEveryKeyIsKept(t *testing.T) {
	for _, key := range "0123456789*#" {
		for _, text := range []string{string(key), "55" + string(key), string(key) + "55", "+" + string(key) + "5"} {
			if got, whole := Digits(text); got != text || !whole {
				t.Errorf("%q has the digits %q", text, got)
			}
		}
	}
	for _, other := range "/:!$&,;<>@AZaz" {
		if got, whole := Digits("55" + string(other) + "5"); whole != (other == '/') {
			t.Errorf("%q between digits: %q, %t", other, got, whole)
		}
	}
}
