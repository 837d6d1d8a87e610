package ua

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// testNames are the tests, fuzz targets, benchmarks and examples of this package and those inside it.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	files, _ := filepath.Glob("*_test.go")
	inside, _ := filepath.Glob("internal/*/*_test.go")
	beside, _ := filepath.Glob("*/*_test.go")
	names := map[string]bool{}
	for _, file := range slices.Concat(files, inside, beside) {
		for _, d := range parseFile(t, file).Decls {
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

// TestDesignNamesTestsThatExist keeps the table of RFCs in DESIGN.md true: every row but those that say "no" names what shows it,
// and that is there.
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

// TestEveryEntryPointHasAnExample wants every exported function, and every method of what it returns, in an example, here and in
// the packages beside this one: what is shown there is what can be learned without reading the source. Replica can be called by
// package uatrace alone.
func TestEveryEntryPointHasAnExample(t *testing.T) {
	used := map[string]bool{}
	examples, _ := filepath.Glob("*example*_test.go")
	beside, _ := filepath.Glob("*/example*_test.go")
	for _, file := range slices.Concat(examples, beside) {
		for _, d := range parseFile(t, file).Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					used[sel.Sel.Name] = true
				}
				return true
			})
		}
	}
	files, _ := filepath.Glob("*.go")
	packages, _ := filepath.Glob("*/*.go")
	found := 0
	for _, file := range append(files, packages...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, d := range parseFile(t, file).Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || slices.Contains([]string{"String", "Error", "Replica"}, fn.Name.Name) ||
				!exportedReceiver(fn) {
				continue
			}
			found++
			if !used[fn.Name.Name] {
				t.Errorf("%s: no example uses %s", file, fn.Name.Name)
			}
		}
	}
	if found < 50 {
		t.Errorf("%d entry points found", found)
	}
}

func parseFile(t *testing.T, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// exportedReceiver reports whether a function can be called from outside: it has no receiver, or one of an exported type.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	of := fn.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.IsExported()
}

// maxExported bounds what a program that uses this package has to know: its exported names, methods of exported types among them.
// What only some programs need belongs into a package beside this one, and what nobody outside uses is lower case.
const maxExported = 180

func TestExportedSurfaceIsSmall(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	var names []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			for _, d := range parseFile(t, file).Decls {
				names = append(names, exportedNames(d)...)
			}
		}
	}
	if len(names) >= maxExported || len(names) < 100 {
		t.Errorf("%d exported names, want less than %d: %v", len(names), maxExported, names)
	}
}

// exportedNames are those that a declaration adds to the surface of its package.
func exportedNames(d ast.Decl) (names []string) {
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			if id.IsExported() {
				names = append(names, id.Name)
			}
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if exportedReceiver(d) {
			add(d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name)
			case *ast.ValueSpec:
				add(spec.Names...)
			}
		}
	}
	return names
}

// TestNobodyReadsAHeadAgain: what wire.Head holds of a message is asked of the Head. Header names in calls are those of headers
// that are written.
func TestNobodyReadsAHeadAgain(t *testing.T) {
	held := []string{"contact", "record-route", "require", "supported", "allow", "session-expires", "expires"}
	files, _ := filepath.Glob("*.go")
	inside, _ := filepath.Glob("internal/txn/*.go")
	written := 0
	for _, file := range append(files, inside...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		ast.Inspect(parseFile(t, file), func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
				text, ok := arg.(*ast.BasicLit)
				return ok && text.Kind == token.STRING && slices.Contains(held, strings.ToLower(strings.Trim(text.Value, "\"`")))
			}) {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "NewHeader" {
				written++
				return true
			}
			t.Errorf("%s: a header is read that wire.Head holds", file)
			return true
		})
	}
	if written < 10 {
		t.Errorf("%d headers found that are written", written)
	}
}
