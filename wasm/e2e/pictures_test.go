//go:build e2e && pictures

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScreenshots takes pictures of every screen a caller sees, TestPanes those of the panes, for two sizes and both colour
// schemes. They go to E2E_SCREENSHOTS.
func TestScreenshots(t *testing.T) { pictures(t, takeScreenshots) }

func TestPanes(t *testing.T) { pictures(t, takePanes) }

// pictures walks through the screens in each window and theme, and keeps what walk saves.
func pictures(t *testing.T, walk func(t *testing.T, opts pageOptions, save func(p Phone, screen string))) {
	dir := os.Getenv("E2E_SCREENSHOTS")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal("E2E_SCREENSHOTS says where the pictures go:", err)
	}
	for name, opts := range map[string]pageOptions{
		"phone-light": {window: phoneWindow}, "phone-dark": {window: phoneWindow, dark: true},
		"desktop-light": {window: desktopWindow}, "desktop-dark": {window: desktopWindow, dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, opts, func(p Phone, screen string) {
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

func takePanes(t *testing.T, opts pageOptions, save func(p Phone, screen string)) {
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), opts)
	wide := opts.window == desktopWindow
	list := func() {
		if !wide {
			a.Click("Back")
		}
	}
	a.Dial("600")
	a.WaitOnCall()
	a.Click("Hang up")
	a.WaitIdle()
	a.Dial("601")
	a.WaitWhy(`(?i)busy`)
	a.Click("Close")
	a.Click("Contacts")
	a.Click("Add contact")
	a.Fill("Name (required)", "Front Desk")
	a.Fill("Organisation", "Example Clinic")
	a.Fill("Number", "600")
	save(a, "contact-form")
	a.Click("Save")
	save(a, "contact")
	list()
	a.Click("Import and export")
	save(a, "contacts")
	a.Click("History")
	save(a, "history")
	for _, row := range []string{"Account 1001, 127.0.0.1", "Audio System default",
		"Calls Answer calls automatically: Off", "Appearance English", "Your data Export everything"} {
		a.Click("Settings")
		save(a, "settings")
		a.Click(row)
		save(a, "settings-"+strings.ToLower(strings.Fields(row)[0]))
		list()
	}
}
