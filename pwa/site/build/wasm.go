package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// CompileWasm compiles a package of the module in root for the browser, as the site publishes it, leaves the program
// in path and returns it. Nothing is inlined: that makes the compressed program 7 % smaller and parsing a SIP message
// about 30 % slower, which is still some ten thousand a second. No path of the machine and no revision stands in it, so it changes only with the code.
func CompileWasm(ctx context.Context, root, pkg, path string) ([]byte, error) {
	env := []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=", "GOWASM="}
	_, err := goCommand(ctx, root, env, "build", "-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags", "-s -w", "-o", path, pkg)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// wasmExec returns the support script of the Go release that compiles the program; the two must match.
func wasmExec(ctx context.Context) ([]byte, error) {
	out, err := goCommand(ctx, "", nil, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "lib", "wasm", "wasm_exec.js"))
}

// Measure compiles the program of the options and returns its sizes as published.
func Measure(ctx context.Context, o Options) (File, error) {
	o, err := o.withDefaults(ctx)
	if err != nil {
		return File{}, err
	}
	name := strings.Trim(strings.ReplaceAll(o.Main, "/", "-"), ".-") + ".wasm"
	content, err := CompileWasm(ctx, o.Root, o.Main, filepath.Join(o.Work, name))
	if err != nil {
		return File{}, err
	}
	forms, err := o.compress(name, content)
	return File{Name: name, Size: len(content), Gzip: len(forms[".gz"]), Brotli: len(forms[".br"])}, err
}
