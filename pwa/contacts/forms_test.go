package contacts

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/gowebphone/webphone/pwa/sheet"
)

// exports are the files of testdata/exports with that ending, and what has to come of them.
func exports(t *testing.T, ext string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/exports/*" + ext)
	if err != nil || len(files) == 0 {
		t.Fatalf("no exports %s, %v", ext, err)
	}
	all := map[string][]string{}
	for _, name := range files {
		want, err := os.ReadFile(name + ".want")
		if err != nil {
			t.Fatal(err)
		}
		all[name] = strings.Split(strings.TrimSuffix(string(want), "\n"), "\n")
	}
	return all
}

func describedAll(list []Contact) []string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = described(c)
	}
	return all
}

func wide(text string, order binary.AppendByteOrder, mark string) []byte {
	data := []byte(mark)
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

// latin is a text in Windows-1252, as far as it can be written there.
func latin(text string) ([]byte, bool) {
	var data []byte
	for _, r := range text {
		if r >= 0x100 || r >= 0x80 && r < 0xa0 {
			return nil, false
		}
		data = append(data, byte(r))
	}
	return data, true
}

// TestTablesAreReadHoweverTheyAreSaved saves each exported table with every delimiter and in every way in which spreadsheets do:
// what comes of it is the same.
func TestTablesAreReadHoweverTheyAreSaved(t *testing.T) {
	for name, want := range exports(t, ".csv") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		table, err := ReadCSV(data, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, delimiter := range ",;\t|" {
			if delimiter == '|' && strings.ContainsRune(string(data), '|') {
				continue // it stands between numbers there
			}
			text := tableText(t, table.Rows, delimiter)
			saved := map[string][]byte{
				"UTF-8":                       []byte(text),
				"with a mark":                 []byte("\ufeff" + text),
				"UTF-16 as Windows writes it": wide(text, binary.LittleEndian, "\xff\xfe"),
				"UTF-16, the other order":     wide(text, binary.BigEndian, "\xfe\xff"),
				"lines of DOS":                []byte(strings.ReplaceAll(text, "\n", "\r\n")),
				"lines of old Macs":           []byte(strings.ReplaceAll(text, "\n", "\r")),
				"blank lines behind":          []byte(text + "\n\n\n"),
				"no end of the last line":     []byte(strings.TrimSuffix(text, "\n")),
				"a line for Excel":            []byte("sep=" + string(delimiter) + "\n" + text),
			}
			if old, ok := latin(text); ok {
				saved["Windows-1252"] = old
			}
			for _, how := range sortedNames(saved) {
				if got := describedAll(readExport(t, name, saved[how])); !slices.Equal(got, want) {
					t.Errorf("%s with %q, %s:\ngot  %q\nwant %q", name, delimiter, how, got, want)
				}
			}
		}
	}
}

func tableText(t *testing.T, rows [][]string, delimiter rune) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = delimiter
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRowsMayComeInAnyOrder turns the rows of each exported table around: no guess hangs on the first of them.
func TestRowsMayComeInAnyOrder(t *testing.T) {
	for name, want := range exports(t, ".csv") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		table, err := ReadCSV(data, nil)
		if err != nil {
			t.Fatal(err)
		}
		body := table.Rows
		if table.Header {
			body = body[1:]
		}
		slices.Reverse(body)
		got := describedAll(readExport(t, name, []byte(tableText(t, table.Rows, ','))))
		if slices.Reverse(got); !slices.Equal(got, want) {
			t.Errorf("%s backwards:\ngot  %q\nwant %q", name, got, want)
		}
	}
}

// TestHalfAPhonebookIsNone cuts each phonebook in XML and JSON at every place: half of one would take the other half away from
// everybody.
func TestHalfAPhonebookIsNone(t *testing.T) {
	for _, ext := range []string{".xml", ".json"} {
		for name, want := range exports(t, ext) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for cut := range len(data) {
				list, _, err := ReadPhonebook(data[:cut], nil)
				if err == nil && len(list) < len(want) {
					t.Fatalf("%s, the first %d of %d bytes: %d of %d contacts are taken for all", name, cut, len(data), len(list),
						len(want))
				}
			}
		}
	}
}

// TestPhonebooksAreReadInEveryEncoding serves each form of a phonebook as UTF-16 too, as PowerShell writes it.
func TestPhonebooksAreReadInEveryEncoding(t *testing.T) {
	for _, ext := range []string{".xml", ".json", ".vcf"} {
		for name, want := range exports(t, ext) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text := sheet.Decode(data, nil)
			for how, saved := range map[string][]byte{"UTF-8": []byte(text), "with a mark": []byte("\ufeff" + text),
				"lines around":    []byte("\n " + text + " \n"),
				"UTF-16":          wide(text, binary.LittleEndian, "\xff\xfe"),
				"the other order": wide(text+"\n", binary.BigEndian, "\xfe\xff")} {
				list, _, err := ReadPhonebook(saved, nil)
				if got := describedAll(list); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s, %s: %v\ngot  %q\nwant %q", name, how, err, got, want)
				}
			}
		}
	}
}

// TestCardsAreReadHoweverTheyAreSaved does the same with vCards.
func TestCardsAreReadHoweverTheyAreSaved(t *testing.T) {
	for name, want := range exports(t, ".vcf") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(sheet.Decode(data, nil), "\r\n", "\n")
		for how, saved := range map[string][]byte{
			"lines of UNIX": []byte(text),
			"lines of DOS":  []byte(strings.ReplaceAll(text, "\n", "\r\n")),
			"with a mark":   []byte("\ufeff" + text),
			"UTF-16":        wide(text, binary.LittleEndian, "\xff\xfe"),
			"lines around":  []byte("\n\n" + text + "\n\n"),
			"small letters": []byte(strings.NewReplacer("BEGIN:VCARD", "begin:vcard", "END:VCARD", "End:vCard").Replace(text)),
		} {
			if got := describedAll(readExport(t, name, saved)); !slices.Equal(got, want) {
				t.Errorf("%s, %s:\ngot  %q\nwant %q", name, how, got, want)
			}
		}
	}
}
