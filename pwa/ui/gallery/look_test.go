//go:build e2e

package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// look.js measures what a person would see; axe.min.js is what testdata/access installs.
//
//go:embed look.js
var lookScript string

const axePath = "../../../testdata/access/node_modules/axe-core/axe.min.js"

// size is a window.
type size struct{ width, height int64 }

func (s size) String() string { return fmt.Sprintf("%dx%d", s.width, s.height) }

// viewer is a tab that shows one screen after the other.
type viewer struct {
	t   *testing.T
	ctx context.Context
}

// of is the same tab in another test.
func (v viewer) of(t *testing.T) viewer { return viewer{t, v.ctx} }

func newViewer(t *testing.T) viewer {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	v := viewer{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		t.Fatalf("new tab: %v", err)
	}
	t.Cleanup(func() { chromedp.Cancel(ctx); cancel() })
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("%v (make deps installs it)", err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled,
		emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	v.media(map[string]string{"prefers-reduced-motion": "reduce"}) // pictures of things at rest
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](v, `new Promise(done => { const wait = () => window.showScreen ? done(true) : setTimeout(wait, 20); wait(); })`)
	evaluate[bool](v, string(axe)+";\n"+lookScript+"; true")
	return v
}

// evaluate runs a script; a promise is waited for.
func evaluate[T any](v viewer, script string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%.80s: %v", script, err)
	}
	return value
}

func (v viewer) media(features map[string]string) {
	v.t.Helper()
	var list []*emulation.MediaFeature
	for name, value := range features {
		list = append(list, &emulation.MediaFeature{Name: name, Value: value})
	}
	if _, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: list}); err != nil {
		v.t.Fatal(err)
	}
}

func (v viewer) resize(s size) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1})
	if err != nil {
		v.t.Fatal(err)
	}
}

// show draws a screen.
func (v viewer) show(screen string, language text.Language, theme screen.Theme) {
	v.t.Helper()
	v.showNamed(screen, language, theme, "")
}

// showNamed draws a screen with the names that others may have given themselves; see hostile.
func (v viewer) showNamed(screen string, language text.Language, theme screen.Theme, names string) {
	v.t.Helper()
	query := url.Values{"screen": {screen}, "lang": {string(language)}, "theme": {string(theme)}, "names": {names}}.Encode()
	evaluate[bool](v, `look.show(`+quoted(query)+`)`)
}

func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a form in JSON
	}
	return string(data)
}

// picture keeps what the tab shows in the folder GALLERY_PICTURES, where someone has named one. GALLERY_VIEWS is a regular
// expression for the names of pictures, for who does not want all two thousand.
func (v viewer) picture(name string) {
	v.t.Helper()
	dir, only := os.Getenv("GALLERY_PICTURES"), os.Getenv("GALLERY_VIEWS")
	if dir == "" || !regexp.MustCompile(only).MatchString(name) {
		return
	}
	shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), shot, 0o644)
	}
	if err != nil {
		v.t.Errorf("picture %s: %v", name, err)
	}
}
