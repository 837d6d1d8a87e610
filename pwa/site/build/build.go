// Package build makes the static site of the phone: call Run with the folder to fill.
//
//	err := build.Run(ctx, build.Options{Out: "pwa/site/dist"})
//
// It compiles the WebAssembly program, draws the icons from the logo, writes page, loader, service worker and
// manifest around them, and compresses every file, so that a server has nothing left to do. The same sources and the
// same Go give the same bytes. Limits: it needs the sources of this module and the go command, and the logo may use
// only what Go can draw here (rectangles and paths, filled or stroked).
package build

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Options says what to build. The zero value of each field has a use.
type Options struct {
	Root string // folder of the module; default: the module around the working directory
	Out  string // folder to fill; default: pwa/site/dist in Root
	Work string // folder for what the next build can use again; default: build/site in Root
	Main string // package of the WebAssembly program; default: ./wasm
	Fast bool   // compress less well, in a fraction of the time
	Name string // name of the phone on the page and when installed; default: Webphone
	ID   string // identity of the installed app on its origin; default: webphone
}

// Report is what a build has made.
type Report struct {
	Version string // changes with every byte of every file
	Wasm    string // name of the program
	Files   []File // sorted by name
}

// File is one file of the site with the sizes of its forms; a form that saves nothing is left out and has size 0.
type File struct {
	Name               string
	Size, Gzip, Brotli int
}

// Run builds the site. Files that the site no longer has are removed from Out, dot files excepted.
func Run(ctx context.Context, o Options) (*Report, error) {
	o, err := o.withDefaults(ctx)
	if err != nil {
		return nil, err
	}
	files, program, err := o.contents(ctx)
	if err != nil {
		return nil, err
	}
	scripts, err := o.readScripts(ctx)
	if err != nil {
		return nil, err
	}
	version := versionOf(files, scripts)
	if err := o.addScripts(files, scripts, program, version); err != nil {
		return nil, err
	}
	report, err := o.write(files)
	if err != nil {
		return nil, err
	}
	report.Version, report.Wasm = version, program
	return report, nil
}

func (o Options) withDefaults(ctx context.Context) (Options, error) {
	if o.Root == "" {
		root, err := moduleRoot(ctx)
		if err != nil {
			return o, err
		}
		o.Root = root
	}
	o.Out = cmp.Or(o.Out, filepath.Join(o.Root, "pwa", "site", "dist"))
	o.Work = cmp.Or(o.Work, filepath.Join(o.Root, "build", "site"))
	o.Main = cmp.Or(o.Main, "./wasm")
	o.Name = cmp.Or(o.Name, "Webphone")
	o.ID = cmp.Or(o.ID, "webphone")
	return o, os.MkdirAll(o.Work, 0o755)
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := goCommand(ctx, "", nil, "env", "GOMOD")
	if err != nil {
		return "", err
	}
	mod := strings.TrimSpace(string(out))
	if filepath.Base(mod) != "go.mod" {
		return "", errors.New("find the module: the working directory is not inside one")
	}
	return filepath.Dir(mod), nil
}

// goCommand runs the go tool; what it prints on its error output becomes the error.
func goCommand(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out, nil
}

// contents returns everything but the scripts, which need to know the rest.
func (o Options) contents(ctx context.Context) (files map[string][]byte, program string, err error) {
	files = map[string][]byte{}
	if err := readInto(files, filepath.Join(o.Root, "pwa", "site", "static")); err != nil {
		return nil, "", err
	}
	if err := addIcons(files); err != nil {
		return nil, "", err
	}
	wasm, err := CompileWasm(ctx, o.Root, o.Main, o.programPath())
	if err != nil {
		return nil, "", err
	}
	program = "app." + shortHash(wasm) + ".wasm"
	files[program] = wasm
	return files, program, o.addPages(files, program)
}

func readInto(files map[string][]byte, dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = content
		return err
	})
}

// write compresses and stores the files, and removes what does not belong to them.
func (o Options) write(files map[string][]byte) (*Report, error) {
	report := &Report{}
	keep := map[string]bool{}
	for _, name := range sortedNames(files) {
		forms, err := o.compress(name, files[name])
		if err != nil {
			return nil, err
		}
		file := File{Name: name, Size: len(files[name]), Gzip: len(forms[".gz"]), Brotli: len(forms[".br"])}
		report.Files = append(report.Files, file)
		forms[""] = files[name]
		for suffix, content := range forms {
			keep[name+suffix] = true
			if err := writeFile(filepath.Join(o.Out, filepath.FromSlash(name+suffix)), content); err != nil {
				return nil, err
			}
		}
	}
	return report, removeOthers(o.Out, keep)
}

// writeFile replaces a file at once, and leaves it alone when nothing has changed.
func writeFile(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(temp.Name()))
	}
	return err
}

func removeOthers(dir string, keep map[string]bool) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || keep[filepath.ToSlash(name)] {
			return err
		}
		return os.Remove(path)
	})
}

func sortedNames(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func versionOf(sets ...map[string][]byte) string {
	sum := sha256.New()
	for _, files := range sets {
		for _, name := range sortedNames(files) {
			fmt.Fprintf(sum, "%s %x\n", name, sha256.Sum256(files[name]))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

func shortHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}
