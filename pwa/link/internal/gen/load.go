package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

const module = "github.com/gowebphone/webphone/pwa/"

// loader reads packages of this module without the bodies of their functions.
type loader struct {
	dir  string // where they lie beside each other
	set  *token.FileSet
	std  types.Importer
	read map[string]*types.Package
}

func newLoader(dir string) *loader {
	set := token.NewFileSet()
	return &loader{dir: dir, set: set, std: importer.ForCompiler(set, "source", nil), read: map[string]*types.Package{}}
}

// Import reads a package, for another that imports it.
func (l *loader) Import(path string) (*types.Package, error) {
	name, ours := strings.CutPrefix(path, module)
	if !ours {
		return l.std.Import(path)
	}
	if p := l.read[path]; p != nil {
		return p, nil
	}
	files, err := l.parse(filepath.Join(l.dir, name))
	if err != nil {
		return nil, err
	}
	cfg := types.Config{Importer: l, IgnoreFuncBodies: true}
	p, err := cfg.Check(path, l.set, files, nil)
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", path, err)
	}
	l.read[path] = p
	return p, nil
}

func (l *loader) parse(dir string) ([]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("%s: %d files, %w", dir, len(names), err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(l.set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
