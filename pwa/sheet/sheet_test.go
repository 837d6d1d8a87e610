package sheet

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

func utf16Of(text string, low int) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		pair := [2]byte{byte(u >> 8), byte(u >> 8)}
		pair[low] = byte(u)
		b.Write(pair[:])
	}
	return b.String()
}

func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		"\x8aimko": "Šimko", "O\x92Neill": "O’Neill", "\x80 5": "€ 5", "\x9cuvre \x9f": "œuvre Ÿ",
		"M\xfcller \x96 B\xfcro": "Müller – Büro",
		"\ufeffMüller":           "Müller", "Müller": "Müller", "": "",
		"\xff\xfe" + utf16Of("Müller 𝟏", 0): "Müller 𝟏",
		"\xfe\xff" + utf16Of("Müller 𝟏", 1): "Müller 𝟏",
		utf16Of("Name\tTel", 0):             "Name\tTel",
		utf16Of("Name\tTel", 1):             "Name\tTel",
	} {
		if got := Decode([]byte(text), nil); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if len(windows1252) != 32 {
		t.Errorf("%d characters for 32 bytes", len(windows1252))
	}
}

// TestDecodeInPieces moves characters over the ends of the pieces.
func TestDecodeInPieces(t *testing.T) {
	for shift := range 5 {
		want := strings.Repeat("x", shift) + strings.Repeat("ü€𝟏", piece/4)
		for name, data := range map[string]string{"UTF-8": want, "UTF-16": "\xff\xfe" + utf16Of(want, 0)} {
			pauses := 0
			if got := Decode([]byte(data), func() { pauses++ }); got != want {
				t.Errorf("%s moved by %d: differs at %d", name, shift, differs(got, want))
			}
			if least := len(data)/piece - 1; pauses < least {
				t.Errorf("%s: %d pauses in %d bytes, want at least %d", name, pauses, len(data), least)
			}
		}
	}
	latin := strings.Repeat("M\xfcller", piece/2)
	if got := Decode([]byte(latin), nil); got != strings.Repeat("Müller", piece/2) {
		t.Error("Windows-1252 is not decoded in pieces")
	}
}

func differs(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func TestRead(t *testing.T) {
	row := func(cells ...string) []string { return cells }
	for name, c := range map[string]struct {
		data string
		want [][]string
	}{
		"comma":                    {"a,b\nc,d\n", [][]string{row("a", "b"), row("c", "d")}},
		"no line end behind":       {"a,b", [][]string{row("a", "b")}},
		"Windows":                  {"a;b\r\nc;d\r\n", [][]string{row("a", "b"), row("c", "d")}},
		"old Macintosh":            {"a,b\rc,d\r", [][]string{row("a", "b"), row("c", "d")}},
		"tabulator":                {"a\tb c\n", [][]string{row("a", "b c")}},
		"bar":                      {"a|b\n", [][]string{row("a", "b")}},
		"named delimiter":          {"sep=;\na,x;b\n", [][]string{row("a,x", "b")}},
		"named, quoted, Windows":   {"\"sep=|\"\r\na|b\r\n", [][]string{row("a", "b")}},
		"named in capitals":        {"SEP=\t\na\tb\n", [][]string{row("a", "b")}},
		"no name":                  {"separator,b\n", [][]string{row("separator", "b")}},
		"quotation":                {`"a, ""b""","c` + "\n" + `d"` + "\n", [][]string{row(`a, "b"`, "c\nd")}},
		"quotation and more":       {`"a" b,c` + "\n", [][]string{row("a b", "c")}},
		"space before a quotation": {`a, "b,c"` + "\n", [][]string{row("a", "b,c")}},
		"mark inside":              {`5" pipe,b` + "\n", [][]string{row(`5" pipe`, "b")}},
		"empty cells":              {"a,,\n,,b\n", [][]string{row("a", "", ""), row("", "", "b")}},
		"empty lines":              {"\n\na,b\n\r\n\nc,d\n\n", [][]string{row("a", "b"), row("c", "d")}},
		"text for Excel":           {`="0123","=""+44"""` + "\n", [][]string{row("0123", "+44")}},
		"guarded":                  {"'+44,'=cmd,'x\n", [][]string{row("+44", "=cmd", "'x")}},
		"nothing":                  {"", nil},
		"only a mark":              {"\ufeff", nil},
	} {
		got, err := ReadAll([]byte(c.data))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestWhatIsNoTableIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		line int
	}{
		"open quotation":      {"a,b\n\"c,d\n" + strings.Repeat("e,f\n", 100), 2},
		"open after two rows": {"a,b\n\"c\nd\",e\nf,\"g\n", 4},
		"zero bytes":          {"a,b\nc,\x00\x01\n", 2},
		"picture":             {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 0},
		"photo":               {"\xff\xd8\xff\xe0\x00\x10JFIF", 0},
		"new spreadsheet":     {"PK\x03\x04\x14\x00\x06\x00", 0},
		"old spreadsheet":     {"\xd0\xcf\x11\xe0\xa1\xb1", 0},
		"PDF":                 {"%PDF-1.7\n", 0},
		"a long cell":         {"a,b\n" + strings.Repeat("x", 2*MaxRow), 2},
		"many cells":          {"a,b\n" + strings.Repeat(",", 2*MaxRow), 2},
		"many spaces":         {"a,b\n" + strings.Repeat(" ", 2*MaxRow), 2},
	} {
		rows, err := ReadAll([]byte(c.data))
		var fault *Error
		if !errors.As(err, &fault) || fault.Line != c.line {
			t.Errorf("%s: %d rows, %v; want a fault of line %d", name, len(rows), err, c.line)
			continue
		}
		if c.line > 0 && !strings.Contains(err.Error(), fmt.Sprint("line ", c.line)) {
			t.Errorf("%s: %q does not say where", name, err)
		}
	}
}

func TestLongRowsAndCellsAreCut(t *testing.T) {
	rows, err := ReadAll([]byte(strings.Repeat("x,", 5000) + "\n" + strings.Repeat("y", 5000) + ",z\n"))
	if err != nil || len(rows) != 2 || len(rows[0]) != maxColumns || len(rows[1][0]) != maxCell || rows[1][1] != "z" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestLinesAreCounted(t *testing.T) {
	r, err := NewReader([]byte("sep=,\na,b\n\"c\nd\",e\r\n\r\nf,g\rh,i"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 3, 6, 7} {
		row, line, err := r.Next()
		if err != nil || line != want {
			t.Errorf("%q stands in line %d, %v; want %d", row, line, err, want)
		}
	}
}

func TestWriteReadsBack(t *testing.T) {
	want := [][]string{{"Name", "Number"}, {"=HYPERLINK(1)", "+442079460000"}, {"@SUM(1)", "-1+1"},
		{"+cmd|' /C calc'!A0", "a;b,c \"d\"\r\ne"}, {"|x", "%y"}, {"Müller", "'z"}}
	data, err := Write(want[0], len(want)-1, func(i int) []string { return append([]string(nil), want[i+1]...) })
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range strings.FieldsFunc(string(data), func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if Runs(strings.TrimPrefix(cell, `"`)) {
			t.Errorf("a spreadsheet would run %q", cell)
		}
	}
	if got, err := ReadAll(data); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a,b\n\"c\"\"\nd\",e", "sep=;\n=\"1\";'=2", "\xff\xfea\x00", "\"", "\r\r\n\"x\" y,"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(data, nil)
		if err != nil {
			return
		}
		for last := 0; ; {
			row, line, err := r.Next()
			if err != nil {
				return
			}
			if line <= last || len(row) == 0 {
				t.Fatalf("row %q of line %d behind line %d", row, line, last)
			}
			last = line
		}
	})
}
