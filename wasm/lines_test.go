package main_test

import (
	"bytes"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxColumns lets two versions of a file stand side by side. A tab counts for four.
const maxColumns = 130

// sentence is a line of a catalogue. It holds one text whole, however long, so that it is found by what the screen says and
// stands beside the same line of the other languages.
var sentence = regexp.MustCompile(`^\t[A-Z][A-Za-z]*: +".*",$`)

var catalogues = []string{"pwa/text/arabic.go", "pwa/text/english.go", "pwa/text/german.go", "pwa/text/spanish.go"}

// TestLinesEndAt130Columns looks at all that was written by hand. What a raw string holds is not for us to break.
func TestLinesEndAt130Columns(t *testing.T) {
	out, err := exec.Command("git", "-C", "..", "ls-files", "*.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			continue // removed and not yet committed
		}
		if bytes.HasPrefix(text, []byte("// Code generated")) {
			continue
		}
		catalogue := slices.Contains(catalogues, file)
		raw := rawStrings(text)
		for i, line := range strings.Split(string(text), "\n") {
			n := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
			if n > maxColumns && !raw[i+1] && !(catalogue && sentence.MatchString(line)) {
				t.Errorf("%s:%d: %d columns", file, i+1, n)
			}
		}
	}
	if len(files) < 500 {
		t.Errorf("%d files found", len(files))
	}
}

// rawStrings are the lines that a raw string stands on.
func rawStrings(text []byte) map[int]bool {
	lines := map[int]bool{}
	files := token.NewFileSet()
	f := files.AddFile("", -1, len(text))
	var s scanner.Scanner
	for s.Init(f, text, nil, 0); ; {
		pos, kind, lit := s.Scan()
		if kind == token.EOF {
			return lines
		}
		if kind == token.STRING && strings.HasPrefix(lit, "`") {
			first := f.Line(pos)
			for n := range strings.Count(lit, "\n") + 1 {
				lines[first+n] = true
			}
		}
	}
}
