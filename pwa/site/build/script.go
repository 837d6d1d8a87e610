package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/gowebphone/webphone/pwa/site"
	"github.com/gowebphone/webphone/pwa/text"
)

// support is the script that Go brings along for its programs.
const support = "wasm_exec.js"

// messages is the script with what the loader says, which is made from the texts of the program.
const messages = "messages.js"

// loaderParts are the sources of the loader in their order.
var loaderParts = []string{"address.js", messages, "language.js", "trusted.js", "timeouts.js", "calls.js", "goapp.js", support,
	"config.js", "numbers.js", "start.js"}

// loaderSite is what the loader knows of the site.
type loaderSite struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Wasm    string `json:"wasm"`
	Size    int    `json:"size"` // of the program, uncompressed
	Worker  string `json:"worker"`
	Timers  string `json:"timers"`
}

// workerSite is what the service worker knows of it.
type workerSite struct {
	Name    string            `json:"name"`
	Version string            `json:"version"`
	Files   map[string]string `json:"files"`   // name to integrity metadata; all files but the worker itself and the screenshots
	Secrets []string          `json:"secrets"` // of the configuration
}

// readScripts returns the sources of the scripts, with the support script of Go and the messages among them.
func (o Options) readScripts(ctx context.Context) (map[string][]byte, error) {
	scripts := map[string][]byte{}
	if err := readInto(scripts, filepath.Join(o.Root, "pwa", "site", "script")); err != nil {
		return nil, err
	}
	said, err := json.MarshalIndent(text.Loader(), "", "  ")
	if err != nil {
		return nil, err
	}
	scripts[messages] = fmt.Appendf(nil, "const messages = %s;\n", said)
	scripts[support], err = wasmExec(ctx)
	return scripts, err
}

// addScripts adds loader and workers. The service worker comes last: it lists every other file with its hash.
func (o Options) addScripts(files, scripts map[string][]byte, program, version string) error {
	files[site.Timers] = scripts[site.Timers]
	about := loaderSite{
		Name: o.Name, Version: version, Wasm: program, Size: len(files[program]), Worker: site.Worker, Timers: site.Timers,
	}
	parts := make([][]byte, len(loaderParts))
	for i, name := range loaderParts {
		parts[i] = scripts[name]
	}
	var err error
	if files[site.Loader], err = wrap(about, parts...); err != nil {
		return err
	}
	files[site.Worker], err = wrap(workerSite{Name: o.Name, Version: version, Files: integrity(files), Secrets: site.Secrets()},
		scripts[site.Worker])
	return err
}

// wrap joins the parts of a script around what they know of the site, away from the page's global names.
func wrap(about any, parts ...[]byte) ([]byte, error) {
	facts, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "'use strict';\n(() => {\nconst site = %s;\n\n", facts)
	out.Write(bytes.Join(parts, []byte("\n")))
	out.WriteString("})();\n")
	return out.Bytes(), nil
}

func integrity(files map[string][]byte) map[string]string {
	sums := make(map[string]string, len(files))
	for name, content := range files {
		if shots[name] != "" {
			continue // for who installs the app, not for the app
		}
		sum := sha256.Sum256(content)
		sums[name] = "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	return sums
}
