package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/gowebphone/webphone/pwa/site/build"
)

// prepare installs the npm packages where they are not those of the lock file, bundles the adapters, and builds our page where it
// takes part.
func prepare(ctx context.Context, libraries []string) error {
	if stale(dir+"/node_modules/.package-lock.json", dir+"/package-lock.json") {
		if err := command(ctx, os.Environ(), "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
			return err
		}
	}
	if err := command(ctx, os.Environ(), "web/build.sh"); err != nil {
		return err
	}
	if slices.Contains(libraries, ours) {
		return buildPage(ctx)
	}
	return nil
}

// buildPage compiles the program of our own page and puts Go's glue beside it.
func buildPage(ctx context.Context) error {
	if _, err := build.CompileWasm(ctx, ".", "./wasm/bench", dir+"/web/dist/webphone.wasm"); err != nil {
		return fmt.Errorf("build the page's program: %w", err)
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	glue, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"))
	if err != nil {
		return err
	}
	return os.WriteFile(dir+"/web/dist/wasm_exec.js", glue, 0o644)
}

// stale tells that made is missing or older than source.
func stale(made, source string) bool {
	m, err := os.Stat(made)
	s, err2 := os.Stat(source)
	return err != nil || err2 != nil || m.ModTime().Before(s.ModTime())
}

func command(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
