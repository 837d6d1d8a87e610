package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// One way to make an element is one way to read a view, and one place for what all elements are to have.
func TestElementsAreMadeByEl(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, name := range files {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := selector.X.(*ast.Ident); ok && of.Name == "app" && strings.HasPrefix(selector.Sel.Name, "Elem") {
				made++
				if name != "element.go" {
					t.Errorf("%s: app.%s, want el or a short form of it", fset.Position(n.Pos()), selector.Sel.Name)
				}
			}
			return true
		})
	}
	if made != 1 {
		t.Errorf("go-app is asked for an element at %d places, want one", made)
	}
}
