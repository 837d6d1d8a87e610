package build

import (
	"slices"
	"strings"
	"testing"
)

func TestTrimmedModulesBringNoServer(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	modfile, err := trimmedModules(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"GOOS=js", "GOARCH=wasm", "GOFLAGS="}
	out, err := goCommand(t.Context(), root, env, "list", "-modfile", modfile, "-deps", "./wasm")
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(out))
	for _, pkg := range []string{"net/http", "crypto/tls", "crypto/x509", "log/slog", "encoding/xml", "text/template", "regexp",
		"github.com/google/uuid"} {
		if slices.Contains(linked, pkg) {
			t.Errorf("the program links %s", pkg)
		}
	}
	if !slices.Contains(linked, "github.com/emiago/sipgo/sip") {
		t.Error("the list of packages is not that of the phone")
	}
	again, err := trimmedModules(t.Context(), root)
	if err != nil || again != modfile {
		t.Errorf("a second time: %s, %v; want the same folder", again, err)
	}
}

func TestChangesAreMadeOnce(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, m := range trims {
		if err := m.read(t.Context(), root, files); err != nil {
			t.Fatal(err)
		}
		for _, c := range m.changed {
			if text := string(files[m.module+"/"+c.file]); strings.Contains(text, c.from) || !strings.Contains(text, c.to) {
				t.Errorf("%s is not changed from %q", c.file, c.from)
			}
		}
	}
	for _, from := range []string{"no such text", "func"} {
		unfit := trims[0]
		unfit.changed = []change{{"pkg/app/engine.go", from, ""}}
		if err := unfit.read(t.Context(), root, map[string][]byte{}); err == nil {
			t.Errorf("%q is taken for a place to change, want an error: the module is another than was thought", from)
		}
	}
}
