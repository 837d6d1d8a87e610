//go:build e2e

package e2e

import (
	"fmt"
	"testing"
)

// TestSmallWindowsCallAndAnswer makes and takes calls in a telephone held sideways and in small frames, by what can be seen
// there.
func TestSmallWindowsCallAndAnswer(t *testing.T) {
	for _, w := range []window{{568, 320}, {400, 300}, {240, 300}} {
		t.Run(fmt.Sprintf("%dx%d", w.width, w.height), func(t *testing.T) {
			t.Parallel()
			d := startDemo(t)
			a := logIn(t, d.URL, d.account(1), pageOptions{window: w})
			b := logIn(t, d.URL, d.account(2), pageOptions{})
			a.Dial("600")
			a.WaitOnCall()
			b.Dial(user(1))
			a.WaitText(saysIncoming)
			const seen = `(() => { const at = document.querySelector('.pane-phone .stage-time'), r = at.getBoundingClientRect();
				return at.checkVisibility() && document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2) === at; })()`
			waitEval(a.Page, "leave the time of the first call in sight", seen, true)
			a.Click("Hold and answer")
			b.WaitOnCall()
			a.Click("Keypad")
			a.Click("Swap to 600")
			waitEval(a.Page, "have swapped", `document.querySelector('.pane-phone .stage-name').textContent`, "600")
			a.Click("Hang up")
			b.Click("Hang up")
			a.WaitIdle()
		})
	}
}
