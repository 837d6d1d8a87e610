package ua

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testNames are the tests, fuzz targets, benchmarks and examples of this package and those inside it.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	files, _ := filepath.Glob("*_test.go")
	inside, _ := filepath.Glob("internal/*/*_test.go")
	names := map[string]bool{}
	for _, file := range append(files, inside...) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				names[fn.Name.Name] = true
			}
		}
	}
	return names
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	isTest = regexp.MustCompile(`^(Test|Fuzz|Benchmark|Example)[A-Z]`)
)

// TestDesignNamesTestsThatExist keeps the table of RFCs in DESIGN.md true: every row but those that say "no" names what shows it, and
// that is there.
func TestDesignNamesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	names := testNames(t)
	_, table, _ := strings.Cut(string(text), "| RFC | section | supported | test |\n")
	rows := 0
	for row := range strings.Lines(table) {
		if !strings.HasPrefix(row, "| ") {
			if strings.HasPrefix(row, "|-") {
				continue
			}
			break
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
		if len(cells) != 4 {
			t.Errorf("%d cells in %s", len(cells), row)
			continue
		}
		shown := quoted.FindAllStringSubmatch(cells[3], -1)
		if len(shown) == 0 && !strings.HasPrefix(strings.TrimSpace(cells[2]), "no") {
			t.Errorf("no test in %s", row)
		}
		for _, s := range shown {
			if !exists(names, s[1]) {
				t.Errorf("%s is not there: %s", s[1], row)
			}
		}
	}
	if rows < 45 {
		t.Errorf("%d rows found, want the whole table", rows)
	}
}

// exists looks for a test, a file of tests, or a directory of tests or of what they play.
func exists(names map[string]bool, name string) bool {
	if isTest.MatchString(name) {
		return names[name]
	}
	for _, path := range []string{name, "../../" + name} {
		if info, err := os.Stat(path); err == nil {
			inside, _ := filepath.Glob(path + "/*")
			return strings.HasSuffix(name, "_test.go") || info.IsDir() && len(inside) > 0
		}
	}
	return false
}
