//go:build e2e

package e2e

import (
	_ "embed"
	"testing"
)

// speedScript watches shifts of the layout from the beginning of a page on, and takes times for speed_test.go.
//
//go:embed speed.js
var speedScript string

// TestNothingShifts looks at what moves by itself while the page loads, logs in, and calls. A browser leaves out what
// moves within half a second after the user did something; that is printed.
func TestNothingShifts(t *testing.T) {
	t.Parallel()
	const most = 0.02
	for name, w := range map[string]window{"phone": phoneWindow, "desktop": desktopWindow} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t)
			p := Phone{open(t, name, d.URL, pageOptions{window: w, script: speedScript})}
			p.Login(d.account(1))
			p.WaitRegistered()
			p.Dial("600")
			p.WaitOnCall()
			p.WaitAudio()
			p.Click("Hold")
			p.WaitText(saysOnHold)
			p.Click("Resume")
			p.WaitText(saysOnCall)
			p.Click("Hang up")
			p.WaitIdle()
			got, err := eval[struct{ All, Unasked float64 }](p.Page, `__speed.shifts()`)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("layout shift %.4f, and %.4f with what followed a press", got.Unasked, got.All)
			if got.Unasked >= most {
				t.Errorf("the page shifts by %.4f, want less than %v", got.Unasked, most)
			}
		})
	}
}
