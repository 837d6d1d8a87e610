//go:build e2e

package site_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDistIsTheSameEverywhere builds the site in two copies of the sources, in folders of different names, and compares
// every byte. It compresses quickly: what a compressor makes of the same bytes does not depend on how long it tries.
func TestDistIsTheSameEverywhere(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "another folder", "of the sources")
	a := makeDist(t, first)
	b := makeDist(t, second)
	names := func(sums map[string]string) string {
		var list []string
		for name := range sums {
			list = append(list, name)
		}
		slices.Sort(list)
		return strings.Join(list, " ")
	}
	if names(a) != names(b) {
		t.Fatalf("files %s\nand   %s", names(a), names(b))
	}
	if !strings.Contains(names(a), ".wasm.br") || !strings.Contains(names(a), "index.html.gz") {
		t.Fatalf("files %s, want the program and the page in their compressed forms", names(a))
	}
	for name, sum := range a {
		if b[name] != sum {
			t.Errorf("%s: sha256 %s and %s", name, sum, b[name])
		}
	}
}

// makeDist copies the sources into a folder, builds the site there and returns the sums of what it has made.
func makeDist(t *testing.T, folder string) map[string]string {
	t.Helper()
	if err := copySources("../..", folder); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "./pwa/site/mkdist", "-fast")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("mkdist: %v\n%s", err, out)
	}
	sums := map[string]string{}
	dist := os.DirFS(filepath.Join(folder, "pwa", "site", "dist"))
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		sums[name] = fmt.Sprintf("%x", sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

// copySources copies what belongs to the sources of the checkout in a folder, changed files included.
func copySources(from, to string) error {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed since
		}
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
