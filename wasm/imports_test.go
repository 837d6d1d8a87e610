package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/gowebphone/webphone/"

// uses lists, for each package, the packages of this module it may import: only to the right and down.
var uses = map[string][]string{
	"pkg/transport":           {},
	"pkg/media/codecs":        {},
	"pkg/media":               {"pkg/media/codecs"},
	"pkg/media/remote":        {"pkg/media"},
	"pkg/siptest":             {},
	"pkg/ua/internal/wire":    {},
	"pkg/ua/internal/xmlscan": {},
	"pkg/ua/internal/digest":  {"pkg/ua/internal/wire"},
	"pkg/ua/internal/txn":     {"pkg/ua/internal/wire"},
	"pkg/ua/notification":     {"pkg/ua/internal/xmlscan"},
	"pkg/ua": {"pkg/ua/internal/txn", "pkg/ua/internal/wire", "pkg/ua/internal/digest",
		"pkg/ua/internal/recording", "pkg/ua/notification", "pkg/transport", "pkg/media"},
	"pkg/ua/internal/recording": {"pkg/transport", "pkg/media"},
	"pkg/ua/uatrace":            {"pkg/ua", "pkg/ua/internal/recording", "pkg/ua/internal/wire", "pkg/transport", "pkg/media"},
	"pkg/ua/warm":               {"pkg/ua", "pkg/transport", "pkg/media"},
	"pwa/config":                {"pkg/media/codecs"},
	"pwa/store":                 {},
	"pwa/sheet":                 {},
	"pwa/number":                {"pwa/config"},
	"pwa/text":                  {},
	"pwa/text/texttest":         {"pwa/text"},
	"pwa/contacts":              {"pwa/number", "pwa/store", "pwa/sheet", "pwa/config"},
	"pwa/history":               {"pwa/number", "pwa/store", "pwa/sheet", "pwa/config", "pkg/ua"},
	"pwa/screen":                {"pwa/text"},
	"pwa/link":                  {"pwa/screen", "pwa/text"},
	"pwa/link/internal/gen":     {},
	"pwa/fetch":                 {},
	"pwa/books": {"pwa/screen", "pwa/text", "pwa/contacts", "pwa/history", "pwa/number", "pwa/store", "pwa/fetch",
		"pwa/config", "pkg/ua"},
	"pwa/provision": {"pwa/config", "pwa/fetch", "pwa/store", "pwa/text"},
	"pwa/handover":  {"pwa/number", "pkg/ua"},
	"pwa/reason":    {"pwa/history", "pwa/number", "pwa/screen", "pwa/text", "pkg/ua", "pkg/media"},
	"pwa/phone": {"pwa/reason", "pwa/books", "pwa/provision", "pwa/handover", "pwa/fetch", "pwa/screen", "pwa/text",
		"pwa/contacts", "pwa/history", "pwa/number", "pwa/store", "pwa/config", "pkg/ua", "pkg/media"},
	"pwa/dom": {},
	"pwa/ui":  {"pwa/screen", "pwa/text", "pwa/dom"},
	"pwa/ui/gallery": {"pwa/ui", "pwa/phone", "pwa/books", "pwa/screen", "pwa/text", "pwa/contacts", "pwa/history",
		"pwa/config", "pkg/ua", "pkg/media"},
	"pwa/site":            {"pwa/config"},
	"pwa/site/build":      {"pwa/site", "pwa/text"},
	"pwa/site/build/net":  {},
	"pwa/site/mkdist":     {"pwa/site/build"},
	"pwa/site/size":       {"pwa/site/build"},
	"pwa/site/size/hello": {},
	"pwa/site/wasmtest":   {"pwa/site/build"},
	"server":              {"pwa/site", "pwa/config", "server/static"},
	"server/static":       {"pwa/site", "pwa/config"},
	"server/demo":         {"pwa/site", "pwa/config", "server/static", "pkg/siptest"},
	"pwa/browser":         {"pwa/dom", "pwa/phone", "pwa/fetch", "pwa/store", "pwa/config", "pkg/ua"},
	"wasm": {"pwa/ui", "pwa/browser", "pwa/phone", "pwa/screen", "pwa/config", "pkg/ua/warm",
		"pkg/media"},
	"wasm/bench": {"pkg/ua", "pkg/ua/warm", "pkg/media"},
	"wasm/e2e":   {},
}

// mayUseJS lists where syscall/js may stand; elsewhere a package has to work without a browser.
var mayUseJS = []string{"pkg/transport", "pkg/media", "pkg/media/codecs", "pwa/dom", "pwa/browser", "pwa/ui", "wasm",
	"wasm/bench"}

type pkg struct {
	ImportPath string
	Doc        string
	GoFiles    []string
	Imports    []string
}

func list(t *testing.T, env []string, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Doc,GoFiles,Imports"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list %v: %s", args, exit.Stderr)
		}
		t.Fatal(err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func builds() map[string][]string {
	return map[string][]string{"native": {"GOOS=linux"}, "wasm": {"GOOS=js", "GOARCH=wasm"}}
}

func TestImportsPointRightAndDown(t *testing.T) {
	for name, env := range builds() {
		for _, p := range list(t, env, "./...") {
			short := strings.TrimPrefix(p.ImportPath, module)
			allowed, known := uses[short]
			if !known {
				t.Errorf("%s: %s is not in the table of packages; say there what it may import", name, short)
			}
			for _, imp := range p.Imports {
				rest, ours := strings.CutPrefix(imp, module)
				if ours && !slices.Contains(allowed, rest) {
					t.Errorf("%s: %s imports %s, which is not right or down of it", name, short, rest)
				}
				if imp == "syscall/js" && !slices.Contains(mayUseJS, short) {
					t.Errorf("%s: %s imports syscall/js", name, short)
				}
			}
		}
	}
}

func TestServerLinksNoSIP(t *testing.T) {
	for _, p := range list(t, nil, "-deps", "./server") {
		for _, banned := range []string{"sipgo", "pion", module + "pkg/", "go-app"} {
			if strings.Contains(p.ImportPath, banned) && p.ImportPath != module+"pkg/media/codecs" {
				t.Errorf("server links %s", p.ImportPath)
			}
		}
	}
}

func TestUserAgentIsNative(t *testing.T) {
	for _, p := range list(t, []string{"GOOS=linux"}, "-deps", "./pkg/ua") {
		if p.ImportPath == "syscall/js" || strings.Contains(p.ImportPath, "go-app") {
			t.Errorf("pkg/ua links %s natively", p.ImportPath)
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	for name, env := range builds() {
		for _, p := range list(t, env, "./...") {
			if len(p.GoFiles) > 0 && len(strings.Fields(p.Doc)) < 5 {
				t.Errorf("%s: %s has no package comment that says what it is for", name, strings.TrimPrefix(p.ImportPath, module))
			}
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	out, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"wasm", "pkg", "pwa", "server", "testdata", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE"}
	for file := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(filepath.ToSlash(strings.TrimSpace(file)), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(want, top) {
			t.Errorf("%s stands at the top level", top)
		}
	}
}
