package build

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// options returns what builds a site with a small program, without the cache of other builds.
func options(t *testing.T) Options {
	t.Helper()
	return Options{Out: filepath.Join(t.TempDir(), "dist"), Work: t.TempDir(), Main: "./pwa/site/build/testdata/small",
		Fast: true}
}

func TestTwoBuildsAreTheSame(t *testing.T) {
	first, second := options(t), options(t)
	var versions []string
	for _, o := range []Options{first, second} {
		report, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, report.Version)
	}
	if versions[0] != versions[1] {
		t.Errorf("versions %q", versions)
	}
	a, b := read(t, first.Out), read(t, second.Out)
	if len(a) != len(b) {
		t.Errorf("%d and %d files", len(a), len(b))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs", name)
		}
	}
	for _, want := range []string{"index.html", "loader.js.br", "worker.js.gz", "timers.js", "manifest.webmanifest", "phone.css",
		"icon-512.png"} {
		if a[want] == nil {
			t.Errorf("%s is missing", want)
		}
	}
	wantForms(t, a)
}

// TestProgramsHaveFilesOfTheirOwn: builds that run at once keep what they can use again in one folder.
func TestProgramsHaveFilesOfTheirOwn(t *testing.T) {
	o := options(t)
	linked := func() map[string][]byte {
		files := read(t, o.Work)
		maps.DeleteFunc(files, func(name string, _ []byte) bool { return !strings.HasSuffix(name, ".linked") })
		return files
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	first := linked()
	o.Main = tracePackage
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	both := linked()
	if len(first) != 1 || len(both) != 2 {
		t.Fatalf("%d files after the first program and %d after the second", len(first), len(both))
	}
	for name, content := range first {
		if !bytes.Equal(both[name], content) {
			t.Errorf("%s is of the other program now", name)
		}
	}
}

func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	if err := readInto(files, dir); err != nil {
		t.Fatal(err)
	}
	return files
}

// wantForms fails when a compressed form does not hold what the file holds.
func wantForms(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		var r io.Reader
		switch base := bytes.NewReader(content); filepath.Ext(name) {
		case ".br":
			r = brotli.NewReader(base)
		case ".gz":
			var err error
			if r, err = gzip.NewReader(base); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		default:
			continue
		}
		whole, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(whole, files[strings.TrimSuffix(name, filepath.Ext(name))]) {
			t.Errorf("%s does not hold the file: %v", name, err)
		}
	}
}

func TestOldFilesGoAndDotFilesStay(t *testing.T) {
	o := options(t)
	for _, name := range []string{"app.ffffffffffffffff.wasm", ".gitignore"} {
		if err := writeFile(filepath.Join(o.Out, name), []byte("old")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(o.Out, "app.ffffffffffffffff.wasm")); !os.IsNotExist(err) {
		t.Errorf("the program of an older build is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(o.Out, ".gitignore")); err != nil {
		t.Error(err)
	}
}

func TestBrokenProgramIsAnErrorThatSaysWhy(t *testing.T) {
	o := options(t)
	o.Main = "./pwa/site/build/testdata/missing"
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("error %v, want what the go command says", err)
	}
}

func TestBuildEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, options(t)); err == nil {
		t.Error("no error")
	}
}

func TestManifestNamesFilesThatExist(t *testing.T) {
	files := map[string][]byte{}
	if err := readInto(files, "../static"); err != nil {
		t.Fatal(err)
	}
	if err := addIcons(files); err != nil {
		t.Fatal(err)
	}
	o := Options{Root: "../../..", Name: "Clinic", ID: "clinic"}
	if err := o.addPages(files, "app.0123456789abcdef.wasm"); err != nil {
		t.Fatal(err)
	}
	var got manifest
	if err := json.Unmarshal(files["manifest.webmanifest"], &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "Clinic" || got.ID != "clinic" {
		t.Errorf("name %q, identity %q", got.Name, got.ID)
	}
	for _, each := range got.Icons {
		content := files[each.Src]
		if content == nil {
			t.Errorf("%s is missing", each.Src)
			continue
		}
		if each.Type != "image/png" {
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(content))
		if size := strings.Split(each.Sizes, "x")[0]; err != nil || !strings.Contains(each.Src, size) ||
			config.Width != config.Height {
			t.Errorf("%s: %d by %d, %v, want %s", each.Src, config.Width, config.Height, err, each.Sizes)
		}
	}
	for _, each := range got.Screenshots {
		if width, height := webpSize(t, files[each.Src]); each.Sizes != fmt.Sprintf("%dx%d", width, height) {
			t.Errorf("%s: %d by %d, want %s: a browser leaves out a picture of another size", each.Src, width, height, each.Sizes)
		}
	}
	if len(got.Screenshots) != 2 {
		t.Errorf("%d screenshots, want one for each kind of window", len(got.Screenshots))
	}
	page := string(files["index.html"])
	if !strings.Contains(page, "<title>Clinic</title>") || strings.Contains(page, "<style") || strings.Contains(page, " style=") {
		t.Errorf("the page needs its name and no inline style:\n%s", page)
	}
}

func TestLoaderColoursAreThoseOfTheTokens(t *testing.T) {
	tokens, err := os.ReadFile("../static/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	want := "--canvas: light-dark(" + canvasLight + ", " + canvasDark + ")"
	if !strings.Contains(string(tokens), want) {
		t.Errorf("tokens.css does not say %q: the browser's frame would not match the page", want)
	}
}

// webpSize reads the size from the head of an extended WebP (RFC 9649 section 2.7), as Chromium writes them.
func webpSize(t *testing.T, content []byte) (width, height int) {
	t.Helper()
	if len(content) < 31 || string(content[8:16]) != "WEBPVP8X" {
		t.Fatalf("%d bytes that are no extended WebP", len(content))
	}
	size := func(at int) int { return 1 + int(binary.LittleEndian.Uint32(content[at:])&0xffffff) }
	return size(24), size(27)
}
