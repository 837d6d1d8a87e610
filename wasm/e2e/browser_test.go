//go:build e2e

package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

var (
	chromium  context.Context // the one browser of the run
	artifacts string          // where failed tests leave what they saw
)

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "2") // two cores: more would only make calls slow
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "webphone-e2e")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if artifacts = os.Getenv("E2E_DIR"); artifacts == "" {
		if artifacts, err = os.MkdirTemp("", "webphone-e2e-failed"); err != nil {
			return 1, err
		}
		defer os.Remove(artifacts) // goes only when empty
	}
	if err := buildSite(filepath.Join(dir, "dist")); err != nil {
		return 1, err
	}
	stop, err := startBrowser(filepath.Join(dir, "browser"))
	if err != nil {
		return 1, err
	}
	defer stop()
	endRest := startRest()
	defer endRest()
	defer stopBench()
	return m.Run(), nil
}

// startBrowser starts the one browser of the run, which plays sounds without being asked.
func startBrowser(dir string) (stop func(), err error) {
	chromium, stop, err = launch(dir, "no-user-gesture-required")
	return stop, err
}

// launch starts Chromium with a microphone that beeps. It asks for permission as any browser does: each context grants or
// denies it. An empty autoplay is what people have: no sound before the first gesture.
func launch(dir, autoplay string) (ctx context.Context, stop func(), err error) {
	opts := []chromedp.ExecAllocatorOption{
		chromedp.UserDataDir(dir),
		chromedp.Flag("headless", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("allow-loopback-in-peer-connection", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
	}
	if autoplay != "" {
		opts = append(opts, chromedp.Flag("autoplay-policy", autoplay))
	}
	for _, quiet := range []string{"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-extensions", "disable-default-apps", "mute-audio"} {
		opts = append(opts, chromedp.Flag(quiet, true))
	}
	if path := os.Getenv("CHROMIUM"); path != "" {
		opts = append(opts, chromedp.ExecPath(path))
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, endBrowser := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil {
		endAlloc()
		return nil, nil, fmt.Errorf("start chromium: %w (testdata/install.sh installs it)", err)
	}
	return ctx, func() { chromedp.Cancel(ctx); endBrowser(); endAlloc() }, nil
}

// setPermission grants or denies something to origin in the browser context of a page.
func setPermission(p *Page, origin, name string, setting browser.PermissionSetting) error {
	_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission:       &browser.PermissionDescriptor{Name: name},
		Setting:          setting,
		Origin:           origin,
		BrowserContextID: p.profile,
	})
	return err
}
