package sheet

import (
	"reflect"
	"strings"
	"testing"
)

// TestDelimiterIsWhatEachRowHas reads tables whose cells hold more of another sign than there are delimiters.
func TestDelimiterIsWhatEachRowHas(t *testing.T) {
	names := "Lee, Ann, Dr.;1001;\nNovak, Eva;1002;\nRossi, Ugo, Prof., Dr.;1003;\nMüller;1004;\n"
	for name, c := range map[string]struct {
		text string
		want rune
	}{
		"commas in names":           {"Name;Number;Note\n" + names, ';'},
		"a title above":             {"Contacts\n\nName;Number;Note\n" + names, ';'},
		"sums with commas":          {"Name\tSum\nAnn\t1,5\nEva\t2,5\nUgo\t1,234,5\n", '\t'},
		"notes with bars":           {"Name,Note\nAnn,a|b|c\nEva,d\n", ','},
		"inches":                    {"Size;Name\n5\" pipe;a,b,c,d\n7\" pipe;c,d\n", ';'},
		"inches in one row":         {"Size;Name\n5\" pipe;a,b,c,d\nhose;c,d\n", ';'},
		"quotation behind a space":  {"Name, Note\nAnn, \"a;b;c;d\"\nEva, \"a;b;c\"\n", ','},
		"doubled marks":             {"Name,Note\n\"A \"\"x;y;z;;\"\" B\",1\nEva,2\n", ','},
		"mark at the end":           {"Name,Note\n\"A \"\"x\"\"\",\";;;;\"\nEva,\";;;;\"\n", ','},
		"lines in a quotation":      {"Name,Note\nAnn,\"a;b\nc;d\ne;f\"\nEva,\"a;b\nc;d\"\n", ','},
		"old Macintosh":             {"Name;Number\rLee, Ann, Dr.;1001\rEva, N.;1002\r", ';'},
		"Windows":                   {"Name;Number\r\nLee, Ann, Dr.;1001\r\nEva, N.;1002\r\n", ';'},
		"rows without their end":    {"a;b;c\n1\n2;3\n4;5;6\n", ';'},
		"one column":                {"Name\nAnn\nEva\n", ','},
		"nothing":                   {"", ','},
		"as many of both":           {"a;b,c\nd;e,f\n", ','},
		"as many lines, more signs": {"a;b;c,d\ne;f;g,h\n", ';'},
		"only the first lines": {strings.Repeat("a;b\n", sampledLines) + strings.Repeat("a,b,c;d\n", 500) +
			"a,b\n", ';'},
		"the next line too late": {strings.Repeat("a;b,c,d\n", sampledLines-1) + "a;b,c,d,e\n" + "a;b,c,d\n", ';'},
		"only the first bytes":   {"a;b\n" + strings.Repeat("x", sampled) + strings.Repeat("\na,b,c,d", 19), ';'},
	} {
		r, err := NewReader([]byte(c.text), nil)
		if err != nil || r.Delimiter != c.want {
			t.Errorf("%s: %q, %v; want %q", name, r.Delimiter, err, c.want)
		}
	}
}

// TestNamedDelimiter reads the line by which Excel is told the delimiter, as programs of all systems write it. It is no row.
func TestNamedDelimiter(t *testing.T) {
	for _, sign := range []string{",", ";", "\t", "|", ":"} {
		for _, form := range []string{"sep=%", "SEP=%", `"sep=%"`, " sep=% "} {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.ReplaceAll(form, "%", sign) + end + "a" + sign + "b" + end + end + "c" + sign + "d"
				want := [][]string{{"a", "b"}, {"c", "d"}}
				if got, err := ReadAll([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%q: %q, %v; want %q", text, got, err, want)
				}
				r, err := NewReader([]byte(text), nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, line, _ := r.Next(); line != 2 {
					t.Errorf("%q: the first row stands in line %d, want 2", text, line)
				}
			}
		}
	}
	for _, text := range []string{"sep=,,\na,b\n", "sep=\na,b\n", "sep,x\na,b\n", "xsep=;\na,b\n", "sep\n"} {
		rows, err := ReadAll([]byte(text))
		if err != nil || len(rows) == 0 || rows[0][0] == "" || !strings.HasPrefix(text, rows[0][0]) {
			t.Errorf("%q names no delimiter, but its first line is gone: %q, %v", text, rows, err)
		}
	}
	if rows, err := ReadAll([]byte("sep=;")); err != nil || len(rows) != 0 {
		t.Errorf("a file of nothing but a delimiter has rows %q, %v", rows, err)
	}
}
