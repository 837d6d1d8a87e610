//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScreenshots takes pictures of every screen a caller sees, for two sizes and both colour schemes. They go to
// E2E_SCREENSHOTS, or away with the test.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("E2E_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, opts := range pictures("phone-dark") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			takeScreenshots(t, opts, func(p Phone, screen string) {
				p.settle()
				shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
				if err == nil {
					err = os.WriteFile(filepath.Join(dir, screen+"-"+name+".png"), shot, 0o644)
				}
				if err != nil {
					t.Errorf("screenshot %s: %v", screen, err)
				}
			})
		})
	}
}

// pictures are the windows and colours that are pictured: all of them for who looks at them, and otherwise the usual one,
// so that the way there is tried.
func pictures(usual string) map[string]pageOptions {
	all := map[string]pageOptions{
		"phone-light": {window: phoneWindow}, "phone-dark": {window: phoneWindow, dark: true},
		"desktop-light": {window: desktopWindow}, "desktop-dark": {window: desktopWindow, dark: true},
	}
	if os.Getenv("E2E_SCREENSHOTS") == "" {
		return map[string]pageOptions{usual: all[usual]}
	}
	return all
}

// settle waits for the end of all transitions; what repeats forever is not waited for.
func (p *Page) settle() {
	p.t.Helper()
	p.until("come to rest", func() error {
		moving, err := eval[int](p, `document.getAnimations().filter(a => a.playState === 'running' &&
			a.effect.getComputedTiming().endTime !== Infinity).length`)
		if err == nil && moving > 0 {
			err = fmt.Errorf("%d animations run", moving)
		}
		return err
	})
}

// takeScreenshots walks through the screens and calls save at each.
func takeScreenshots(t *testing.T, opts pageOptions, save func(p Phone, screen string)) {
	d := startDemo(t)
	a := openPhone(t, d.URL, "caller", opts)
	save(a, "login")
	a.Login(d.account(1))
	a.WaitRegistered()
	a.Fill(numberField, "600")
	save(a, "dialpad")
	a.Dial("604")
	a.WaitText(saysRinging)
	save(a, "calling")
	a.Click("Hang up")
	a.WaitIdle()
	a.Dial("600")
	a.WaitOnCall()
	a.WaitAudio()
	a.WaitText(`00:00:0[3-9]`)
	save(a, "call")
	a.Click("Keypad")
	a.DialKeys("24#")
	save(a, "keypad")
	a.Click("Close keypad")
	a.Click("Hold")
	a.WaitText(saysOnHold)
	save(a, "held")
	a.Click("Hang up")
	a.WaitIdle()
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	b.Dial(user(1))
	a.WaitText(saysIncoming)
	save(a, "incoming")
	a.Click("Decline")
	a.WaitIdle()
	a.Dial("601")
	a.WaitWhy(`(?i)busy`)
	save(a, "why")
}
