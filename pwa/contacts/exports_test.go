package contacts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// described is a contact as the files in testdata/exports/*.want have it.
func described(c Contact) string {
	var numbers []string
	for _, n := range c.Numbers {
		text := n.Name + "=" + n.Number
		if n.Extension != "" {
			text += " x" + n.Extension
		}
		numbers = append(numbers, text)
	}
	return strings.Join([]string{c.Name, c.Given, c.Family, c.Organisation, c.Category, strings.Join(numbers, ", ")}, " | ")
}

func readExport(t *testing.T, name string, data []byte) []Contact {
	t.Helper()
	if ext := filepath.Ext(name); ext == ".xml" || ext == ".json" {
		contacts, _, err := ReadPhonebook(data, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return contacts
	}
	file, err := ReadFile(data, nil)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	if file.Table != nil {
		file.Contacts, _ = file.Table.Contacts(nil)
	}
	return file.Contacts
}

// TestExportsOfOtherPrograms reads what other programs export, with made-up people. A file NAME.want holds what has to come of
// NAME: name, given and family name, organisation, category, and every number with its label.
func TestExportsOfOtherPrograms(t *testing.T) {
	wants, err := filepath.Glob("testdata/exports/*.want")
	if err != nil || len(wants) < 25 {
		t.Fatalf("%d forms, %v; want 25 at least", len(wants), err)
	}
	for _, file := range wants {
		name := strings.TrimSuffix(file, ".want")
		data, err := os.ReadFile(name)
		want, err2 := os.ReadFile(file)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		lines := strings.Split(strings.TrimSuffix(string(want), "\n"), "\n")
		got := readExport(t, name, data)
		if len(got) != len(lines) {
			t.Errorf("%s: %d contacts, want %d", name, len(got), len(lines))
		}
		for i := range min(len(got), len(lines)) {
			if text := described(got[i]); text != lines[i] {
				t.Errorf("%s:\ngot  %s\nwant %s", name, text, lines[i])
			}
		}
	}
}
