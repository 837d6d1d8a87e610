package phone

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/screen"
)

// sources are the files of a package without its tests.
func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(names), err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// functions are the functions and methods by their names.
func functions(files []*ast.File) map[string]*ast.FuncDecl {
	all := map[string]*ast.FuncDecl{}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				all[f.Name.Name] = f
			}
		}
	}
	return all
}

// windowEvents are the types of package screen that can be told.
func windowEvents(t *testing.T) map[string]bool {
	all := map[string]bool{}
	for _, file := range sources(t, "../screen") {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "isEvent" {
				all[f.Recv.List[0].Type.(*ast.Ident).Name] = true
			}
		}
	}
	if len(all) < 90 {
		t.Fatalf("%d events found", len(all))
	}
	return all
}

// clause is a case of a switch over events: what it takes, and the function it gives them to.
type clause struct {
	events []string
	to     string
}

// clauses are the cases of the first type switch of a function; a default is named "".
func clauses(f *ast.FuncDecl) (list []clause) {
	var first *ast.TypeSwitchStmt
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.TypeSwitchStmt); ok && first == nil {
			first = s
		}
		return first == nil
	})
	if first == nil {
		return nil
	}
	for _, stmt := range first.Body.List {
		c := clause{to: givenTo(stmt.(*ast.CaseClause).Body)}
		for _, e := range stmt.(*ast.CaseClause).List {
			if s, ok := e.(*ast.SelectorExpr); ok {
				c.events = append(c.events, s.Sel.Name)
			}
		}
		if stmt.(*ast.CaseClause).List == nil {
			c.events = []string{""}
		}
		list = append(list, c)
	}
	return list
}

// givenTo names the function that does all that a case does, "" where the case only returns.
func givenTo(body []ast.Stmt) string {
	if len(body) != 1 {
		return "its own"
	}
	var call ast.Expr
	switch s := body[0].(type) {
	case *ast.ReturnStmt:
		call = s.Results[0]
	case *ast.ExprStmt:
		call = s.X
	}
	c, ok := call.(*ast.CallExpr)
	if !ok {
		return ""
	}
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func events(list []clause) map[string]bool {
	all := map[string]bool{}
	for _, c := range list {
		for _, e := range c.events {
			all[e] = true
		}
	}
	return all
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// wantSame fails when a set of events is not the other.
func wantSame(t *testing.T, what string, got, want map[string]bool) {
	t.Helper()
	for _, e := range sorted(want) {
		if !got[e] {
			t.Errorf("%s: nobody takes screen.%s", what, e)
		}
	}
	for _, e := range sorted(got) {
		if !want[e] {
			t.Errorf("%s: takes screen.%s, which never comes there", what, e)
		}
	}
}

// wantDeeper does that with the functions to which a reducer gives several events at once.
func wantDeeper(t *testing.T, f map[string]*ast.FuncDecl, reducer string) {
	t.Helper()
	for _, c := range clauses(f[reducer]) {
		if inner := f[c.to]; inner != nil && len(c.events) > 1 {
			wantSame(t, c.to, events(clauses(inner)), events([]clause{c}))
			wantDeeper(t, f, c.to)
		}
	}
}

// TestEveryEventHasOneReducer holds the switches over events against each other: the first one takes each event of a window once
// (the compiler refuses a second case), and gives it to a function whose own switch takes just those. An event that the
// first switch lets pass is one of the books, or a command.
func TestEveryEventHasOneReducer(t *testing.T) {
	f := functions(append(sources(t, "."), sources(t, "../books")...))
	for _, first := range []string{"reduceWindow", "actWindow"} {
		for _, c := range clauses(f[first]) {
			if c.to != "" {
				if f[c.to] == nil {
					t.Fatalf("%s: %v go to %q", first, c.events, c.to)
				}
				taken := events(clauses(f[c.to]))
				if c.to == "actImport" {
					taken["ReadImport"] = true // before the switch, since it needs no preview
				}
				wantSame(t, c.to, taken, events([]clause{c}))
				wantDeeper(t, f, c.to)
			}
		}
	}
	reduced := clauses(f["reduceWindow"])
	wantSame(t, "reduceWindow", events(reduced), windowEvents(t))
	books, commands := events(clauses(f["actWindow"])), events(append(clauses(f["planEvent"]), clauses(f["planLine"])...))
	for _, c := range reduced {
		for _, e := range c.events {
			if c.to == "" && !books[e] && !commands[e] {
				t.Errorf("screen.%s vanishes", e)
			}
		}
	}
	for _, e := range []string{"Show", "Choose", "OpenCall", "Returned"} {
		delete(books, e) // the books only take notice
	}
	for _, c := range reduced {
		for _, e := range c.events {
			if c.to != "" && books[e] {
				t.Errorf("screen.%s has two reducers, %s and the books", e, c.to)
			}
		}
	}
}

// TestWhatAWindowOpensIsItsOwn: what all windows of a phone share stays as it is when one of them opens, chooses or types.
func TestWhatAWindowOpensIsItsOwn(t *testing.T) {
	begin := New(Options{Config: oneServerConfig()}).Begin()
	for name, s := range map[string]screen.Snapshot{"login": begin, "idle": idle(), "on a call": onCall()} {
		for _, e := range []screen.Event{
			screen.TogglePassword{}, screen.Show{Page: screen.PageContacts}, screen.Show{Page: screen.PageSettings},
			screen.Choose{ID: "1"}, screen.OpenContact{ID: "1"}, screen.OpenCall{ID: "1"},
			screen.ShowCaller{On: true}, screen.ShowPop{On: true}, screen.WidenList{Width: 400}, screen.ToggleMenu{},
			screen.ToggleShortcuts{}, screen.ToggleAudio{}, screen.Type{Text: "60"}, screen.Write{Text: "60"},
			screen.Prefill{Text: "60"}, screen.Paste{Text: "60"}, screen.Backspace{}, screen.ClearDial{},
			screen.Mark{By: 1}, screen.AddCall{On: true}, screen.ToggleKeypad{}, screen.ToggleMeter{},
			screen.AskErase{On: true}, screen.Sound{Blocked: true}, screen.Updatable{}, screen.DismissUpdate{},
			screen.Dismiss{}, screen.Escape{}, screen.PasteFailed{}, screen.SearchContacts{Query: "a"},
			screen.SearchHistory{Query: "a"}, screen.ScrollContacts{First: 9},
		} {
			if next := then(s, e); !reflect.DeepEqual(next.Shared, s.Shared) {
				t.Errorf("%s: %T changes what is shared:\n%+v\n%+v", name, e, s.Shared, next.Shared)
			}
		}
	}
}

// stray is an event that nobody knows.
type stray struct{ screen.Event }

func TestAnEventNobodyReducesIsAFault(t *testing.T) {
	for _, e := range []Event{stray{}, "text", nil} {
		func() {
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, "nobody reduces") {
					t.Errorf("%T: %s", e, r)
				}
			}()
			Reduce(screen.Snapshot{}, e)
		}()
	}
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.do(stray{})
		if got := h.now(); got.Problem.Text.Empty() || got.Screen != screen.ScreenPhone {
			t.Errorf("problem %v on screen %v, want it told and the phone alive", got.Problem, got.Screen)
		}
	})
}
