//go:build e2e

package e2e

import (
	"testing"

	"github.com/gowebphone/webphone/testdata/firefox"
)

// TestFirefoxSmoke logs two phones in with Firefox and lets them call each other, hold, and hang up.
func TestFirefoxSmoke(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := firefox.Start(t)
	a, c := openFox(t, b, user(1), d.URL), openFox(t, b, user(2), d.URL)
	a.login(d.account(1))
	c.login(d.account(2))
	a.connect(c, user(2))
	a.click("Hold")
	c.waitText(`Held by the other side`)
	a.waitText(saysOnHold)
	a.click("Resume")
	c.waitText(saysOnCall)
	a.waitAudio()
	c.waitAudio()
	a.click("Hang up")
	a.waitIdle()
	c.waitIdle()
	c.connect(a, user(1))
	a.click("Hang up")
	a.waitIdle()
	c.waitIdle()
}

// TestFirefoxCallsWhatIsTyped types numbers while a link or a button has the focus, and names.
func TestFirefoxCallsWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := firefox.Start(t)
	a := openFox(t, b, user(1), d.URL)
	a.login(d.account(1))
	a.strike("600", foxEnter)
	d.waitCalled(t, "typed at once", "600")
	a.waitText(saysOnCall)
	a.click("Hang up")
	a.waitIdle()
	a.must("focus a link", errorOf(evaluate[any](a, `document.querySelector('a[href="#history"]').focus()`)))
	a.strike("605", foxEnter)
	d.waitCalled(t, "typed on a link", "600", "605")
	a.waitIdle()
	a.strike("marten", foxEnter)
	a.waitText(`Nobody here is called`)
	d.waitCalled(t, "nobody of that name", "600", "605")
}
