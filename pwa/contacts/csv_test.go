package contacts

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/gowebphone/webphone/pwa/sheet"
)

func readCSV(t *testing.T, data string) (Table, []Contact) {
	t.Helper()
	table, err := ReadCSV([]byte(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	contacts, _ := table.Contacts(nil)
	return table, contacts
}

func asUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestReadCSV(t *testing.T) {
	desk := []Contact{{Name: "Front Desk", Numbers: []Number{{Number: "+442079460000"}}}}
	for name, c := range map[string]struct {
		data   string
		header bool
		want   []Contact
	}{
		"comma":         {"Name,Phone\nFront Desk,+442079460000\n", true, desk},
		"semicolon":     {"Name;Telefon\r\n\"Front Desk\";+442079460000\r\n", true, desk},
		"tabulator":     {"name\tnumber\nFront Desk\t+442079460000", true, desk},
		"bar":           {"name|number\nFront Desk|+442079460000", true, desk},
		"mark in front": {"\ufeffName,Number\nFront Desk,+442079460000\n", true, desk},
		"UTF-16":        {asUTF16("Name\tNumber\r\nFront Desk\t+442079460000\r\n"), true, desk},
		"no header":     {"Front Desk,+442079460000\n", false, desk},
		"numbers first": {"+442079460000;Front Desk\n", false, desk},
		"guarded": {"Name,Phone\nFront Desk,'+442079460000\n'=cmd,'-1 000\n", true,
			append(desk[:1:1], Contact{Name: "=cmd", Numbers: []Number{{Number: "-1 000"}}})},
		"Windows-1252": {"Name;Ort;Rufnummer\nF\xf6rderhaus;X;1001\n", true,
			[]Contact{{Name: "Förderhaus", Numbers: []Number{{Number: "1001"}}}}},
		"two names": {"First Name,Last Name,Company,Mobile,Work Phone\nFront,Desk,Example,1,2\n", true,
			[]Contact{{Name: "Front Desk", Given: "Front", Family: "Desk", Organisation: "Example",
				Numbers: []Number{{Name: "Mobile", Number: "1"}, {Name: "Work Phone", Number: "2"}}}}},
		"label": {"Name,Phone 1 - Type,Phone 1 - Value,E-mail Address\nFront Desk,Work,1001,a@example.com\n", true,
			[]Contact{{Name: "Front Desk", Numbers: []Number{{Name: "Work", Number: "1001"}}}}},
		"nothing but name": {"Name,Number\n,1001\n,\n", true, []Contact{{Name: "1001", Numbers: []Number{{Number: "1001"}}}}},
		"quotes": {"Name,Number\n\"Desk, \"\"Front\"\"\nSide\",1001\n", true,
			[]Contact{{Name: `Desk, "Front" Side`, Numbers: []Number{{Number: "1001"}}}}},
	} {
		table, got := readCSV(t, c.data)
		if table.Header != c.header {
			t.Errorf("%s: header %t, columns %v", name, table.Header, table.Columns)
		}
		for i := range got {
			got[i].ID = ""
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestCSVMappingCanBeChanged(t *testing.T) {
	table, _ := readCSV(t, "Who,What\nFront Desk,1001\n")
	if table.Header || table.Columns[0] != ColumnName || table.Columns[1] != ColumnNumber {
		t.Errorf("guessed %t %q", table.Header, table.Columns)
	}
	table.Header, table.Columns = true, []Column{ColumnOrganisation, ColumnNumber}
	if p := table.Preview(5); len(p) != 1 || p[0][1] != "1001" {
		t.Errorf("preview %v", p)
	}
	got, _ := table.Contacts(nil)
	if len(got) != 1 || got[0].Name != "Front Desk" || got[0].Organisation != "Front Desk" {
		t.Errorf("got %+v", got)
	}
}

func TestHostileCSV(t *testing.T) {
	for name, data := range map[string]string{
		"64 KB name":    "Name,Number\n" + strings.Repeat("x", 64<<10) + ",1001\n",
		"bidi, control": "Name,Number\nFront\u202e\x01Desk,10\x0101\n",
		"many columns":  "Name,Number" + strings.Repeat(",x", 5000) + "\nFront Desk,1001" + strings.Repeat(",1", 5000),
	} {
		table, err := ReadCSV([]byte(data), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		contacts, _ := table.Contacts(nil)
		for _, c := range contacts {
			for _, f := range c.fields() {
				if len([]rune(*f)) > maxContactText || strings.ContainsAny(*f, "\x00\r\n\u202e") {
					t.Errorf("%s: %.60q", name, *f)
				}
			}
			if len(c.Numbers) > MaxNumbers {
				t.Errorf("%s: %d numbers", name, len(c.Numbers))
			}
		}
	}
	for data, line := range map[string]int{"\x00\x01\x02\xff\xfe\n\x80": 1, "Name,Number\n\"Front Desk,1001\n" +
		strings.Repeat("a,b\n", 100): 2,
		"Name,Number\nFront\x00Desk,1001\n": 2} {
		var fault Fault
		if _, err := ReadCSV([]byte(data), nil); !errors.As(err, &fault) || fault.Line != line {
			t.Errorf("%.40q: %v, want it refused with line %d", data, err, line)
		}
	}
	for _, data := range []string{"", "\ufeff", "\n\n"} {
		if _, err := ReadCSV([]byte(data), nil); err == nil {
			t.Errorf("ReadCSV(%q) finds rows", data)
		}
	}
}

func TestContactsCSVReadsBack(t *testing.T) {
	want := []Contact{
		{Name: `=HYPERLINK("http://evil.example")`, Given: "@SUM(1)", Family: "-1+1", Organisation: "+cmd|' /C calc'!A0",
			Customer: "7", Type: "person", Category: "a;b,c",
			Numbers: []Number{{"Work", "+442079460000", "12"}, {"Mobile", "*98", ""}}},
		{Name: "Front Desk", Numbers: []Number{{"", "1001", ""}}},
		{Name: "Nobody"},
	}
	data, err := WriteCSV(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range strings.FieldsFunc(string(data), func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if cell = strings.TrimPrefix(cell, `"`); sheet.Runs(cell) {
			t.Errorf("a spreadsheet would run %q", cell)
		}
	}
	if !strings.Contains(string(data), ",+442079460000,") {
		t.Errorf("a plain number is changed: %s", data)
	}
	_, got := readCSV(t, string(data))
	for i := range want {
		want[i] = want[i].cleaned()
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("Name;Phone\n\"Front\nDesk\";+44 20\n"))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := ReadCSV(data, nil)
		if err != nil {
			return
		}
		contacts, _ := table.Contacts(nil)
		out, err := WriteCSV(contacts)
		if err != nil {
			t.Fatal(err)
		}
		if len(contacts) == 0 {
			return
		}
		again, err := ReadCSV(out, nil)
		if err != nil {
			t.Fatal(err)
		}
		if back, _ := again.Contacts(nil); len(back) != len(contacts) {
			t.Errorf("%d contacts written, %d read back: %q", len(contacts), len(back), out)
		}
	})
}

func TestWindows1252KeepsItsOwnLetters(t *testing.T) {
	table, err := ReadCSV([]byte("Name;Number\r\n\x8aimko;100\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if contacts, _ := table.Contacts(nil); len(contacts) != 1 || contacts[0].Name != "Šimko" {
		t.Errorf("contacts %+v, want the name with its caron", contacts)
	}
}
