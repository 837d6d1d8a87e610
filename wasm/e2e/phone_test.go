//go:build e2e

package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
)

// What the phone is expected to say.
const (
	saysRegistered = `(?m)^Registered\b`
	saysRinging    = `(?i)ringing`
	saysIncoming   = `(?i)incoming call`
	saysOnCall     = `(?i)on call`
	saysOnHold     = `(?i)on hold`
	saysWhy        = `(?i)call (not connected|ended)`
	callTime       = `\b\d\d:\d\d:\d\d\b`
)

const numberField = "Number, name or SIP address"

// Phone is a page with the phone, used as a person uses it.
type Phone struct{ *Page }

// account is what a person types at the login.
type account struct {
	user, password string
	server         string // typed or chosen; "" leaves what the page proposes
}

// openPhone opens the phone at the login.
func openPhone(t *testing.T, address, name string, opts pageOptions) Phone {
	t.Helper()
	p := Phone{open(t, name, address, opts)}
	p.WaitButton("Login")
	return p
}

// logIn opens the phone and logs in until it is registered.
func logIn(t *testing.T, address string, a account, opts pageOptions) Phone {
	t.Helper()
	p := openPhone(t, address, a.user, opts)
	p.Login(a)
	p.WaitRegistered()
	return p
}

// Login fills the card and presses Login.
func (p Phone) Login(a account) {
	p.t.Helper()
	p.Fill("Username", a.user)
	p.Fill("Password", a.password)
	if a.server != "" {
		p.Fill("Server", a.server)
	}
	p.Click("Login")
}

// WaitRegistered waits for the dial pad of a registered phone.
func (p Phone) WaitRegistered() {
	p.t.Helper()
	p.WaitText(saysRegistered)
	p.WaitButton("Dial")
}

// Dial calls a number.
func (p Phone) Dial(number string) {
	p.t.Helper()
	p.Fill(numberField, number)
	p.Click("Dial")
}

// DialKeys presses the keys of the dial pad one by one.
func (p Phone) DialKeys(digits string) {
	p.t.Helper()
	for _, d := range digits {
		p.Click(string(d))
	}
}

// WaitOnCall waits for an established call.
func (p Phone) WaitOnCall() {
	p.t.Helper()
	p.WaitText(saysOnCall)
	p.WaitText(callTime)
}

// WaitIdle waits until there is no call any more and the dial pad is there.
func (p Phone) WaitIdle() {
	p.t.Helper()
	p.WaitNoButton("Hang up")
	p.WaitNoAudio()
	p.until("go back to the dial pad", func() error {
		if _, at, err := p.locate("Close", buttons); err == nil { // the card that says why a call ended
			p.press(at)
		}
		_, _, err := p.locate("Dial", buttons)
		return err
	})
}

// WaitWhy waits for the reason of a failed call and returns the text of the page.
func (p Phone) WaitWhy(pattern string) string {
	p.t.Helper()
	p.WaitText(saysWhy)
	p.WaitText(pattern)
	return p.Text()
}

// WaitSentence waits until the page gives a reason: a sentence that matches, as a person would read it, without the
// words of a programmer.
func (p Phone) WaitSentence(pattern string) string {
	p.t.Helper()
	p.WaitText(pattern)
	re := regexp.MustCompile(`[^\n]*(?:` + pattern + `)[^\n]*`)
	sentence := re.FindString(p.Text())
	if !strings.HasSuffix(strings.TrimSpace(sentence), ".") {
		p.t.Errorf("%s: got %q, want a whole sentence", p.name, sentence)
	}
	if bad := regexp.MustCompile(`ua:|media:|dial ws|%!|errors?\.|nil|goroutine`).FindString(sentence); bad != "" {
		p.t.Errorf("%s: got %q, want it without %q", p.name, sentence, bad)
	}
	return sentence
}

// connect calls from a to b, answers there and waits for audio in both.
func connect(a, b Phone, number string) {
	a.t.Helper()
	a.Dial(number)
	b.WaitText(saysIncoming)
	a.WaitText(saysRinging)
	b.Click("Answer")
	a.WaitOnCall()
	b.WaitOnCall()
	a.WaitAudio()
	b.WaitAudio()
}

var denied = pageOptions{mic: browser.PermissionSettingDenied}

func user(n int) string { return fmt.Sprint(1000 + n) }
