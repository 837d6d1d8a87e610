package build

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// CompileWasm compiles a package of the module in root for the browser, as the site publishes it, leaves the program
// in path and returns it. Six things keep it small, in parts of its compressed size: the server's side of its modules
// is left out (15 %), the data is one segment (8 %), nothing is inlined but the runtime in itself (6 %, while parsing a SIP
// message takes about 30 % longer, which is still some ten thousand a second), the lines of the sources stay behind (7 %, see
// Lines), sums are written as differences (4 %), and what the functions do is written in a way that compresses better
// (9 %). No path of the machine and no revision stands in it, so it changes only with the code.
func CompileWasm(ctx context.Context, root, pkg, path string) ([]byte, error) {
	program, err := compileTrimmed(ctx, root, pkg, path)
	if err != nil {
		return nil, err
	}
	if program, err = Publish(program, false); err != nil {
		return nil, err
	}
	return program, writeFile(path, program)
}

func compileTrimmed(ctx context.Context, root, pkg, path string) ([]byte, error) {
	modfile, err := trimmedModules(ctx, root)
	if err != nil {
		return nil, err
	}
	return compile(ctx, root, pkg, path, "-modfile", modfile)
}

// Publish returns what the go command has compiled as the site publishes it, or, with lines, as it was before they were left out.
func Publish(program []byte, lines bool) ([]byte, error) {
	program, err := joinData(program)
	if err != nil {
		return nil, err
	}
	if !lines {
		if err := dropLines(program); err != nil {
			return nil, err
		}
	}
	if program, err = shortenCode(program); err != nil {
		return nil, err
	}
	return addDifferences(program)
}

// Modules returns the name of a go.mod with the modules of the program as the site publishes it, for the go command's -modfile.
func Modules(ctx context.Context, o Options) (string, error) {
	o, err := o.withDefaults(ctx)
	if err != nil {
		return "", err
	}
	return trimmedModules(ctx, o.Root)
}

// inlined says what is inlined: nothing, but the runtime in itself. That is a hundredth of the program, without which a garbage
// collection takes more than twice and the reading of a phonebook half as long again.
var inlined = []string{"-gcflags=all=-l", "-gcflags=runtime=", "-gcflags=internal/runtime/...="}

// compile returns the program as the go command links it. That does not link again what lies there already, by a mark that our
// changes leave in the program: so it has a file of its own, which nobody changes.
func compile(ctx context.Context, root, pkg, path string, more ...string) ([]byte, error) {
	path += ".linked"
	env := []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=", "GOWASM="}
	args := slices.Concat([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path}, inlined, more)
	if _, err := goCommand(ctx, root, env, append(args, pkg)...); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// programPath is where the program lies between builds. It is named after its package: programs that are built at once do not
// meet, and what has been linked for one purpose is there for the others.
func (o Options) programPath() string {
	return filepath.Join(o.Work, strings.Trim(strings.ReplaceAll(o.Main, "/", "-"), ".-")+".wasm")
}

// wasmExec returns the support script of the Go release that compiles the program; the two must match.
func wasmExec(ctx context.Context) ([]byte, error) {
	out, err := goCommand(ctx, "", nil, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "lib", "wasm", "wasm_exec.js"))
}

// Measure compiles the program of the options and returns its sizes: as the site publishes it, or, when plain, as the
// go command makes it with the same flags.
func Measure(ctx context.Context, o Options, plain bool) (File, error) {
	o, err := o.withDefaults(ctx)
	if err != nil {
		return File{}, err
	}
	path := o.programPath()
	var content []byte
	if plain {
		content, err = compile(ctx, o.Root, o.Main, path)
	} else {
		content, err = CompileWasm(ctx, o.Root, o.Main, path)
	}
	if err != nil {
		return File{}, err
	}
	name := filepath.Base(path)
	forms, err := o.compress(name, content)
	return File{Name: name, Size: len(content), Gzip: len(forms[".gz"]), Brotli: len(forms[".br"])}, err
}
