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
	for _, pkg := range []string{"net/http", "crypto/tls", "crypto/x509", "log/slog", "encoding/xml", "text/template"} {
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
