//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gowebphone/webphone/testdata/firefox"
)

// fox is a page in Firefox, used as a person uses it. It has storage of its own.
type fox struct {
	t       *testing.T
	b       *firefox.Browser
	name    string
	context string // the browsing context

	closed bool // by the test, which wants no more of it

	mu     sync.Mutex
	faults []string // uncaught errors
	lines  []string // the console
}

// openFox opens address in a fresh container. At the end of the test it checks that nothing went wrong in the page unseen.
func openFox(t *testing.T, b *firefox.Browser, name, address string) *fox {
	t.Helper()
	p := &fox{t: t, b: b, name: name}
	container, err := firefox.Command[struct{ UserContext string }](t.Context(), b, "browser.createUserContext", map[string]any{})
	p.must("make a container", err)
	_, err = firefox.Command[any](t.Context(), b, "script.addPreloadScript", map[string]any{
		"functionDeclaration": "() => {" + probe + "}", "userContexts": []string{container.UserContext}})
	p.must("inject the probe", err)
	page, err := firefox.Command[struct{ Context string }](t.Context(), b, "browsingContext.create", map[string]any{
		"type": "window", "userContext": container.UserContext})
	p.must("open a window", err)
	p.context = page.Context
	b.Hear(p.context, p.note)
	t.Cleanup(p.finish)
	_, err = firefox.Command[any](t.Context(), b, "browsingContext.navigate", map[string]any{
		"context": p.context, "url": address, "wait": "complete"})
	p.must("open "+address, err)
	return p
}

func (p *fox) must(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
}

// note keeps what the console says.
func (p *fox) note(level, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, "["+level+"] "+text)
	if level == "javascript" || strings.Contains(text, "panic:") || strings.Contains(text, "fatal error:") {
		p.faults = append(p.faults, text)
	}
}

// finish fails the test for faults nobody asked about, and leaves what was seen when the test failed.
func (p *fox) finish() {
	if p.closed {
		return
	}
	violations, err := foxEval[[]string](p, `JSON.stringify(__e2e.violations)`)
	if err != nil {
		p.t.Errorf("%s: read the policy violations: %v", p.name, err)
	}
	for _, v := range violations {
		p.t.Errorf("%s: Content-Security-Policy: %s", p.name, v)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		p.t.Errorf("%s: uncaught: %s", p.name, f)
	}
	if p.t.Failed() {
		p.leave()
	}
}

// reload loads the page anew, and does not wait for it.
func (p *fox) reload() {
	p.t.Helper()
	_, err := firefox.Command[any](p.t.Context(), p.b, "browsingContext.reload", map[string]any{
		"context": p.context, "wait": "none"})
	p.must("reload", err)
}

// close closes the page as a person closes a tab, and checks before that nothing went wrong in it unseen.
func (p *fox) close() {
	p.t.Helper()
	p.finish()
	p.closed = true
	_, err := firefox.Command[any](p.t.Context(), p.b, "browsingContext.close", map[string]any{"context": p.context})
	p.must("close", err)
}

func (p *fox) leave() {
	base := filepath.Join(artifacts, p.t.Name()+"-"+p.name)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	shot, err := firefox.Command[struct{ Data []byte }](ctx, p.b, "browsingContext.captureScreenshot",
		map[string]any{"context": p.context})
	if err == nil {
		os.WriteFile(base+".png", shot.Data, 0o600)
	}
	os.WriteFile(base+"-console.txt", []byte(strings.Join(p.lines, "\n")), 0o600)
	p.t.Logf("%s: what it looked like: %s.png and -console.txt", p.name, base)
}

// evaluate runs page script. Result is what became of it, or of what it promised (W3C WebDriver BiDi, script.RemoteValue).
func evaluate[Result any](p *fox, script string) (result Result, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := firefox.Command[struct {
		Type             string
		Result           Result
		ExceptionDetails struct{ Text string }
	}](ctx, p.b, "script.evaluate", map[string]any{
		"expression": script, "target": map[string]any{"context": p.context}, "awaitPromise": true})
	if err == nil && out.Type != "success" {
		err = errors.New(out.ExceptionDetails.Text)
	}
	return out.Result, err
}

// foxEval runs page script that returns JSON, or a promise of it.
func foxEval[T any](p *fox, script string) (value T, err error) {
	out, err := evaluate[struct{ Value string }](p, script)
	if err != nil {
		return value, err
	}
	return value, json.Unmarshal([]byte(out.Value), &value)
}

// until polls check until it returns nil, and fails the test with its last error.
func (p *fox) until(what string, check func() error) {
	p.t.Helper()
	p.must(what, poll(patience, check))
}

func (p *fox) text() (string, error) {
	return foxEval[string](p, `JSON.stringify(document.body.innerText)`)
}

func (p *fox) waitText(pattern string) {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	p.until("show "+pattern, func() error {
		text, err := p.text()
		if err == nil && !re.MatchString(text) {
			err = fmt.Errorf("it shows %q", text)
		}
		return err
	})
}

// locate finds the first control with that name which shows and may be used. WebDriver BiDi could ask the accessibility service
// for it, but on a loaded machine Firefox takes minutes for that.
func (p *fox) locate(name string) (id string, err error) {
	out, err := evaluate[struct{ SharedID string }](p, fmt.Sprintf(`[...document.querySelectorAll('button, input, [role=button]')].find(each => {
		const name = each.ariaLabel || [...each.labels].map(label => label.textContent).join() || each.textContent;
		return name.trim() === %q && each.checkVisibility() && !each.disabled && each.ariaDisabled !== 'true' && !__e2e.deaf(each);
	})`, name))
	if err == nil && out.SharedID == "" {
		err = fmt.Errorf("there is no %q to use", name)
	}
	return out.SharedID, err
}

// perform does what hands do: one source of actions, on the window.
func (p *fox) perform(source map[string]any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := firefox.Command[any](ctx, p.b, "input.performActions",
		map[string]any{"context": p.context, "actions": []any{source}})
	return err
}

// press moves the pointer to an element and clicks.
func (p *fox) press(id string) error {
	return p.perform(map[string]any{"type": "pointer", "id": "mouse", "actions": []any{
		map[string]any{"type": "pointerMove", "x": 0, "y": 0,
			"origin": map[string]any{"type": "element", "element": map[string]any{"sharedId": id}}},
		map[string]any{"type": "pointerDown", "button": 0},
		map[string]any{"type": "pointerUp", "button": 0},
	}})
}

func (p *fox) click(name string) {
	p.t.Helper()
	p.until("click "+name, func() error {
		id, err := p.locate(name)
		if err != nil {
			return err
		}
		return p.press(id)
	})
}

// fill types text into a field, in place of what is there.
func (p *fox) fill(name, text string) {
	p.t.Helper()
	const control = "\ue009"
	keys := []any{key("keyDown", control), key("keyDown", "a"), key("keyUp", "a"), key("keyUp", control)}
	for _, r := range text {
		keys = append(keys, key("keyDown", string(r)), key("keyUp", string(r)))
	}
	p.until("fill "+name, func() error {
		id, err := p.locate(name)
		if err != nil {
			return err
		}
		return errors.Join(p.press(id), p.perform(map[string]any{"type": "key", "id": "keyboard", "actions": keys}))
	})
}

// foxEnter is the key Enter (W3C WebDriver, 17.4.2).
const foxEnter = "\ue007"

// strike presses keys one by one, wherever the focus is.
func (p *fox) strike(texts ...string) {
	p.t.Helper()
	var keys []any
	for _, r := range strings.Join(texts, "") {
		keys = append(keys, key("keyDown", string(r)), key("keyUp", string(r)))
	}
	p.must("press keys", p.perform(map[string]any{"type": "key", "id": "keyboard", "actions": keys}))
}

func errorOf(_ any, err error) error { return err }

func key(kind, value string) map[string]any { return map[string]any{"type": kind, "value": value} }

// login fills the card and waits until the phone is registered.
func (p *fox) login(a account) {
	p.t.Helper()
	p.fill("Username", a.user)
	p.fill("Password", a.password)
	p.click("Login")
	p.waitText(saysRegistered)
}

// connect calls from p to other, answers there and waits for audio in both.
func (p *fox) connect(other *fox, number string) {
	p.t.Helper()
	p.fill(numberField, number)
	p.click("Dial")
	other.waitText(saysIncoming)
	p.waitText(saysRinging)
	other.click("Answer")
	for _, side := range []*fox{p, other} {
		side.waitText(saysOnCall)
		side.waitAudio()
	}
}

func (p *fox) audio() (audio, error) {
	return foxEval[audio](p, `__e2e.stats().then(JSON.stringify)`)
}

// waitAudio waits until audio that is not silence comes in and audio goes out, from now on.
func (p *fox) waitAudio() {
	p.t.Helper()
	start, err := p.audio()
	p.must("read statistics", err)
	p.until("audio in both directions", func() error {
		now, err := p.audio()
		if err != nil {
			return err
		}
		if now.PacketsIn >= start.PacketsIn+somePackets && now.EnergyIn > start.EnergyIn+audible &&
			now.PacketsOut >= start.PacketsOut+somePackets {
			return nil
		}
		if now.PacketsIn < start.PacketsIn { // another connection took over
			start = now
		}
		return fmt.Errorf("it went from %+v to %+v", start, now)
	})
}

// waitIdle waits until the call is gone with its connection, and the dial pad is back.
func (p *fox) waitIdle() {
	p.t.Helper()
	p.until("go back to the dial pad", func() error {
		now, err := p.audio()
		switch {
		case err != nil:
			return err
		case now.Connections != 0:
			return fmt.Errorf("%d connections open", now.Connections)
		}
		if id, err := p.locate("Close"); err == nil { // the card that says why a call ended
			return errors.Join(p.press(id), errors.New("a card was there"))
		}
		_, err = p.locate("Dial")
		return err
	})
}
