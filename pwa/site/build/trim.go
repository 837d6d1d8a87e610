package build

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A trim is a module of which the browser needs only a part. What it needs else, a server or sockets, would bring
// net/http and crypto/tls into the program, whose initialisation alone is a fifth of it, although nothing there is
// ever called: a browser has no sockets.
type trim struct {
	module  string
	dirs    []string          // packages to keep, with their files
	without []string          // patterns of files to leave out
	instead map[string]string // files that declare what the kept ones still name
	changed []change
}

// A change puts other text in the place of what stands in a file exactly once.
type change struct{ file, from, to string }

const (
	uuidImport = "\"github.com/google/uuid\""
	randImport = "\"crypto/rand\""

	netImport    = "\t\"net\"\n"
	ownNetImport = "\t\"github.com/emiago/sipgo/net\"\n"
)

//go:embed net/net.go
var netSource string

var trims = []trim{
	{
		module: "github.com/maxence-charriere/go-app/v10",
		dirs:   []string{"pkg/app", "pkg/errors"},
		without: []string{"pkg/app/http.go", "pkg/app/resource.go", "pkg/app/static.go", "pkg/app/wasm.go", "pkg/app/route.go",
			"pkg/app/state.go"},
		instead: map[string]string{"pkg/app/trimmed.go": `package app

// clientResourceResolver leaves locations as they are: the site has no resources under /web.
func clientResourceResolver(string) func(string) string {
	return func(location string) string { return location }
}
`, "pkg/app/route.go": `package app

// router finds components by their path. Of patterns it knows the one for every path: others would bring package regexp, which
// the phone has no use for.
type router struct {
	routes map[string]func() Composer
	every  func() Composer
}

func makeRouter() router { return router{routes: map[string]func() Composer{}} }

func (r *router) route(path string, newComponent func() Composer) { r.routes[path] = newComponent }

func (r *router) routeWithRegexp(pattern string, newComponent func() Composer) {
	if pattern != ".*" {
		panic("no routes by pattern but .* in this build: " + pattern)
	}
	r.every = newComponent
}

func (r *router) createComponent(path string) (Composer, bool) {
	newComponent, ok := r.routes[path]
	if !ok {
		newComponent = r.every
	}
	if newComponent == nil {
		return nil, false
	}
	return newComponent(), true
}
`, "pkg/app/state.go": `package app

// State and Observer are of the values that components share by name. The phone has its snapshot for that.
type (
	State    struct{}
	Observer struct{}
)

// stateManager keeps nothing: neither observers, nor what would lie in the local storage.
type stateManager struct{}

const noStates = "no states in this build: "

func (*stateManager) Observe(_ Context, state string, _ any) Observer { panic(noStates + state) }
func (*stateManager) Get(_ Context, state string, _ any)              { panic(noStates + state) }
func (*stateManager) Set(_ Context, state string, _ any) State        { panic(noStates + state) }
func (*stateManager) Delete(_ Context, state string)                  { panic(noStates + state) }
func (*stateManager) Cleanup()                                        {}
func (*stateManager) CleanupExpiredPersistedStates(Context)           {}
`},
		// go-app draws 8 ms after it was asked to, by a timer, which browsers let wait until they have shown the key that
		// was pressed. So the page would answer a frame late. Drawn at once, what came in one go is still drawn once.
		changed: []change{{"pkg/app/engine.go", `			if currentFrameDuration != activeFrameDuration {
				frames.Reset(activeFrameDuration)
				currentFrameDuration = activeFrameDuration
			}
			dispatch()
`, `			dispatch()
			if len(e.dispatches) == 0 {
				e.processFrame()
			}
`}, {"pkg/app/engine.go", "	activeFrameDuration := time.Second / time.Duration(framerate)\n", ""},
			// Random identifiers are to be had for less than package uuid, which brings a database driver's interface.
			{"pkg/app/context.go", uuidImport, randImport}, {"pkg/app/context.go", "uuid.NewString()", "rand.Text()"}},
	},
	{
		module:  "github.com/emiago/sipgo",
		dirs:    []string{"sip"},
		without: []string{"sip/transport_*.go", "sip/transaction*.go", "sip/logger.go", "sip/dialog.go"},
		instead: map[string]string{"sip/trimmed.go": `package sip

// TxSeperator stands between the parts of a dialog's identifier.
const TxSeperator = "__"

// Connection is for transports, which are not in this build.
type Connection interface{ Close() error }

type silent struct{}

func (silent) Debug(string, ...any) {}

// DefaultLogger keeps to itself what the library notes for its debugging.
func DefaultLogger() silent { return silent{} }
`, "net/net.go": netSource},
		changed: []change{{"sip/response.go", uuidImport, randImport}, {"sip/response.go", "uuid.NewString()", "rand.Text()"},
			{"sip/response.go", netImport, ownNetImport}, {"sip/transport.go", netImport, ownNetImport},
			{"sip/utils.go", netImport, ownNetImport}},
	},
}

// trimmedModules writes the modules of trims below the root of the module, and a go.mod that takes them from there. It
// returns the name of that file. The folder is named after what it holds, so that builds that run at once share it,
// and the program, in which its name stands, changes only with its contents.
func trimmedModules(ctx context.Context, root string) (modfile string, err error) {
	files := map[string][]byte{}
	replaced := ""
	for _, t := range trims {
		if err := t.read(ctx, root, files); err != nil {
			return "", fmt.Errorf("trim %s: %w", t.module, err)
		}
	}
	dir := filepath.Join("build", "modules", versionOf(files))
	for _, t := range trims {
		replaced += fmt.Sprintf("\nreplace %s => ./%s/%s\n", t.module, filepath.ToSlash(dir), t.module)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if files[name], err = os.ReadFile(filepath.Join(root, name)); err != nil {
			return "", err
		}
	}
	files["go.mod"] = append(files["go.mod"], replaced...)
	for name, content := range files {
		if err := writeFile(filepath.Join(root, dir, filepath.FromSlash(name)), content); err != nil {
			return "", err
		}
	}
	return filepath.Join(root, dir, "go.mod"), nil
}

// read adds the files of the module that are kept.
func (t trim) read(ctx context.Context, root string, files map[string][]byte) error {
	source, err := moduleDir(ctx, root, t.module)
	if err != nil {
		return err
	}
	add := func(name string) error {
		content, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(name)))
		files[t.module+"/"+name] = content
		return err
	}
	if err := add("go.mod"); err != nil {
		return err
	}
	for _, dir := range t.dirs {
		names, err := filepath.Glob(filepath.Join(source, filepath.FromSlash(dir), "*.go"))
		if err != nil {
			return err
		}
		for _, name := range names {
			name = dir + "/" + filepath.Base(name)
			if strings.HasSuffix(name, "_test.go") || t.leavesOut(name) {
				continue
			}
			if err := add(name); err != nil {
				return err
			}
		}
	}
	for name, content := range t.instead {
		files[t.module+"/"+name] = []byte(content)
	}
	for _, c := range t.changed {
		name := t.module + "/" + c.file
		if n := bytes.Count(files[name], []byte(c.from)); n != 1 {
			return fmt.Errorf("%s has %q %d times, want once", c.file, c.from, n)
		}
		files[name] = bytes.Replace(files[name], []byte(c.from), []byte(c.to), 1)
	}
	return nil
}

func (t trim) leavesOut(name string) bool {
	for _, pattern := range t.without {
		if ok, _ := filepath.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// moduleDir returns the folder of a module's sources, which it downloads where they are missing.
func moduleDir(ctx context.Context, root, module string) (string, error) {
	version, err := goCommand(ctx, root, nil, "list", "-m", "-f", "{{.Version}}", module)
	if err != nil {
		return "", err
	}
	out, err := goCommand(ctx, root, nil, "mod", "download", "-json", module+"@"+strings.TrimSpace(string(version)))
	if err != nil {
		return "", err
	}
	var found struct{ Dir string }
	err = json.Unmarshal(out, &found)
	return found.Dir, err
}
