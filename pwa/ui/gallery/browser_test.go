//go:build e2e

package main

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gowebphone/webphone/server/static"
)

var (
	chromium context.Context // the one browser of the run
	address  string          // of the gallery
)

const patience = 60 * time.Second // how long anything may take before it counts as failed

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "webphone-gallery")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	out, err := exec.Command("go", "run", "../../site/mkdist", "-fast", "-main", "./pwa/ui/gallery", "-o",
		filepath.Join(dir, "site")).CombinedOutput()
	if err != nil {
		return 1, fmt.Errorf("build the gallery: %w:\n%s", err, out)
	}
	handler, err := static.New(static.Options{Files: os.DirFS(filepath.Join(dir, "site"))})
	if err != nil {
		return 1, err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	address = server.URL + "/"
	stop, err := startBrowser(filepath.Join(dir, "browser"))
	if err != nil {
		return 1, err
	}
	defer stop()
	return m.Run(), nil
}

func startBrowser(dir string) (stop func(), err error) {
	opts := []chromedp.ExecAllocatorOption{
		chromedp.UserDataDir(dir),
		chromedp.Flag("headless", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("hide-scrollbars", true), // as on a telephone; room for them is another width
	}
	for _, quiet := range []string{"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update",
		"disable-sync", "disable-extensions", "disable-default-apps", "disable-renderer-backgrounding",
		"disable-backgrounding-occluded-windows"} {
		opts = append(opts, chromedp.Flag(quiet, true))
	}
	if path := os.Getenv("CHROMIUM"); path != "" {
		opts = append(opts, chromedp.ExecPath(path))
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, endBrowser := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil {
		endAlloc()
		return nil, fmt.Errorf("start chromium: %w (testdata/install.sh installs it)", err)
	}
	chromium = ctx
	return func() { chromedp.Cancel(ctx); endBrowser(); endAlloc() }, nil
}
