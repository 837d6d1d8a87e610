package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// selectors lists what the files of the program, not their tests, take from a package of that name.
func selectors(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	err := filepath.WalkDir("../pwa", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
					used[s.Sel.Name] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

func TestEveryTextIsSaidSomewhere(t *testing.T) {
	used := selectors(t, "text")
	keys, err := parser.ParseFile(token.NewFileSet(), "../pwa/text/keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(keys, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && !used[v.Names[0].Name] {
			t.Errorf("text.%s is translated and said nowhere", v.Names[0].Name)
		}
		return true
	})
}
