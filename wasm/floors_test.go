package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// onFloors are the packages whose files stand on floors: a file names what is below it, and nothing that is above. What a file
// does can be read, and taken out of its package, without what uses it.
var onFloors = []string{"pwa/phone", "pwa/books", "pwa/provision", "pwa/handover", "pwa/reason", "pwa/fetch", "pwa/history",
	"pwa/store", "pwa/sheet", "pwa/link"}

func TestFilesStandOnFloors(t *testing.T) {
	for _, dir := range onFloors {
		files := parsed(t, filepath.Join("..", dir))
		for _, circle := range circles(naming(files)) {
			t.Errorf("%s: each of these files names something of the next: %s", dir, strings.Join(circle, ", "))
		}
	}
}

// TestACircleIsFound has files that name each other by functions, methods and types, and others that only look like it.
func TestACircleIsFound(t *testing.T) {
	for _, test := range []struct {
		why, want string
		files     map[string]string
	}{
		{"functions", "a b", map[string]string{"a": "func f() { g() }", "b": "func g() { f() }"}},
		{"a method", "a b", map[string]string{"a": "type T struct{}\nfunc f(t T) { t.g() }", "b": "func (T) g() {}"}},
		{"three", "a b c", map[string]string{"a": "type A = B", "b": "type B = C", "c": "type C struct{ a *A }"}},
		{"one way", "", map[string]string{"a": "type T struct{}\nfunc (T) f() {}", "b": "func g(t T) { t.f() }"}},
		{"a field and a variable of that name", "",
			map[string]string{"a": "type T struct{ g int }\nfunc f(t T) { g := t.g; _ = g }",
				"b": "func g(t T) { f(t) }"}},
		{"another package's", "", map[string]string{"a": "import \"strings\"\nfunc f() { strings.ToUpper(\"\") }",
			"b": "func ToUpper() { f() }"}},
	} {
		set, files := token.NewFileSet(), []*ast.File(nil)
		for name, body := range test.files {
			f, err := parser.ParseFile(set, name, "package p\n"+body, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		var got string
		for _, circle := range circles(naming(source{set, files})) {
			slices.Sort(circle)
			got += strings.Join(circle, " ")
		}
		if got != test.want {
			t.Errorf("%s: circle %q, want %q", test.why, got, test.want)
		}
	}
}

// source is a package as it is written.
type source struct {
	set   *token.FileSet
	files []*ast.File
}

func (s source) file(at token.Pos) string { return filepath.Base(s.set.Position(at).Filename) }

// parsed reads a package without its tests.
func parsed(t *testing.T, dir string) source {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(names), err)
	}
	s := source{set: token.NewFileSet()}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(s.set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, file)
	}
	return s
}

// nothing stands for every imported package: only what files of one package name of each other is looked at.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}

// naming tells which file names something that another one declares: functions, methods, types, variables and constants. A field
// is its type's, wherever that was made.
func naming(s source) map[string][]string {
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	cfg := types.Config{Importer: nothing{}, Error: func(error) {}} // what is imported is not known, which is an error each time
	pkg, _ := cfg.Check("p", s.set, s.files, &info)
	names := map[string]map[string]bool{}
	for id, o := range info.Uses {
		from, to := s.file(id.Pos()), s.file(o.Pos())
		_, method := o.(*types.Func)
		if from == to || o.Pkg() != pkg || !method && o.Parent() != pkg.Scope() {
			continue
		}
		if names[from] == nil {
			names[from] = map[string]bool{}
		}
		names[from][to] = true
	}
	list := map[string][]string{}
	for from, to := range names {
		list[from] = slices.Sorted(maps.Keys(to))
	}
	return list
}

// circles are the shortest ways from a file back to itself, one for each circle.
func circles(names map[string][]string) (found [][]string) {
	seen := map[string]bool{}
	for _, start := range slices.Sorted(maps.Keys(names)) {
		if seen[start] {
			continue
		}
		been := map[string]bool{}
		for ways := [][]string{{start}}; len(ways) > 0; ways = ways[1:] {
			way := ways[0]
			next := names[way[len(way)-1]]
			if slices.Contains(next, start) {
				found = append(found, way)
				for _, file := range way {
					seen[file] = true
				}
				break
			}
			for _, file := range next {
				if !been[file] {
					been[file] = true
					ways = append(ways, append(slices.Clone(way), file))
				}
			}
		}
	}
	return found
}
