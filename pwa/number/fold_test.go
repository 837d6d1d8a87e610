package number

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"Front Desk":            "front desk",
		"  Front\t\n Desk  ":    "front desk",
		"FRONT-DESK":            "front desk",
		"O'Neill":               "oneill",
		"O’Neill":               "oneill",
		"Müller":                "muller",
		"Mu\u0308ller":          "muller",
		"Straße":                "strasse",
		"ÆRØ":                   "aero",
		"Łódź":                  "lodz",
		"Šimko":                 "simko",
		"Đặng Văn":              "dang van",
		"İstanbul":              "istanbul",
		"Ştefan Țurcanu":        "stefan turcanu",
		"Ξένια Ώρα":             "ξενια ωρα",
		"Ёлка":                  "елка",
		"أحمد":                  "احمد",
		"مُحَمَّد":              "محمد",
		"مكتبـــة":              "مكتبه",
		"٠٢٠ ٧٩٤٦":              "020 7946",
		"ward 𝟑":                "ward 3",
		"山田 太郎":                 "山田 太郎",
		"a\u200bb\u202ec":       "abc",
		"<b>x</b>":              "b x b",
		"":                      "",
		" - ":                   "",
		"a & b":                 "a b",
		"\xff\xfe":              "",
		strings.Repeat("é", 9):  strings.Repeat("e", 9),
		"Ann  (Ward 3), Clinic": "ann ward 3 clinic",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestFoldIsStable folds every letter of the tables: what is folded stays as it is, and both cases fold alike.
func TestFoldIsStable(t *testing.T) {
	for r := rune(0x20); r < 0x2000; r++ {
		once := Fold(string(r))
		if again := Fold(once); again != once {
			t.Errorf("%U folds to %q, and that to %q", r, once, again)
		}
		if low := unicode.ToLower(r); r < 0x180 && r != 'İ' && unicode.IsLetter(r) && Fold(string(low)) != once {
			t.Errorf("%U and %U fold to %q and %q", r, low, once, Fold(string(low)))
		}
	}
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{" Front\r\n\tDesk ", 100, "Front Desk"},
		{"a\u2028b\u2029c\vd", 100, "a b c d"},
		{"a\u200b\u202e\u2066b\ufeff", 100, "ab"},
		{"می\u200cخواهم", 100, "می\u200cخواهم"}, // a joiner that the script needs
		{"a\x00\x1bb", 100, "a b"},
		{"a\xffb", 100, "ab"},
		{"abcdef", 3, "abc"},
		{"ab   cdef", 4, "ab c"},
		{"ab cd", 3, "ab"},
		{strings.Repeat("é", 500), 200, strings.Repeat("é", 200)},
		{"", 5, ""},
	} {
		if got := OneLine(c.text, c.limit); got != c.want {
			t.Errorf("OneLine(%q, %d) = %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"Front Desk", "Müller", "\xff", "أحمد ٠", "a\u200db", "O'Neill"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folded := Fold(text)
		if strings.Contains(folded, "  ") || strings.TrimSpace(folded) != folded || !utf8.ValidString(folded) {
			t.Errorf("%q folds to %q", text, folded)
		}
		line := OneLine(text, 50)
		if utf8.RuneCountInString(line) > 50 || strings.ContainsAny(line, "\r\n\x00\u202e") || !utf8.ValidString(line) {
			t.Errorf("%q is put on the line %q", text, line)
		}
	})
}
