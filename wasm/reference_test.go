package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReferenceNamesTestsThatExist keeps pwa/REFERENCE.md true: every row names a test, and every test named is there.
func TestReferenceNamesTestsThatExist(t *testing.T) {
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("../pwa/REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	named, rows := regexp.MustCompile("`(Test\\w+)`"), 0
	for n, row := range strings.Split(string(table), "\n") {
		if !strings.HasPrefix(row, "| ") || strings.HasPrefix(row, "| what |") {
			continue
		}
		rows++
		if cells := strings.Count(row, " | "); cells != 3 {
			t.Errorf("line %d has %d cells, want 4", n+1, cells+1)
		}
		names := named.FindAllStringSubmatch(row, -1)
		if len(names) == 0 {
			t.Errorf("line %d names no test: %s", n+1, row)
		}
		for _, m := range names {
			if !tests[m[1]] {
				t.Errorf("line %d names %s, which does not exist", n+1, m[1])
			}
		}
	}
	if rows < 50 {
		t.Errorf("only %d rows were found", rows)
	}
}

func TestPicturesOfTheReadmeExist(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures := regexp.MustCompile(`!\[[^\]]+\]\(([^)]+)\)`).FindAllSubmatch(text, -1)
	var bytes int64
	for _, m := range pictures {
		info, err := os.Stat(filepath.Join("..", string(m[1])))
		if err != nil {
			t.Error(err)
			continue
		}
		bytes += info.Size()
	}
	if len(pictures) < 8 || bytes > 600<<10 {
		t.Errorf("%d pictures of %d bytes, want eight or more, and together at most 600 kB", len(pictures), bytes)
	}
}
