//go:build e2e

package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed probe.js
var probe string

const (
	patience = 20 * time.Second // how long anything may take before it counts as failed
	tick     = 50 * time.Millisecond
)

// window is a size of the page.
type window struct{ width, height int64 }

var (
	phoneWindow   = window{390, 844}
	desktopWindow = window{1280, 800}
)

// Page is one browser page in a profile of its own: own storage, own permissions.
type Page struct {
	t       *testing.T
	name    string
	ctx     context.Context
	profile cdp.BrowserContextID

	mu         sync.Mutex
	closed     bool     // by the test, which wants no more of it
	console    []string // every console message, as printed
	exceptions []string // uncaught exceptions and Go panics
	violations []string // what a security policy refused, in every document the page has had
	frames     []string // what went over the page's WebSockets, both ways
}

type pageOptions struct {
	window  window
	mic     browser.PermissionSetting
	dark    bool
	script  string          // runs in the page before its own
	beside  *Page           // another page of the same profile: its storage and permissions are shared
	notify  bool            // notifications are allowed
	browser context.Context // has the page in a new profile; default: a spare one, or a new one of the browser of the run
}

// open opens url in an empty profile. At the end of the test it checks that nothing went wrong in the page unseen.
func open(t *testing.T, name, address string, opts pageOptions) *Page {
	t.Helper()
	if opts.window == (window{}) {
		opts.window = phoneWindow
	}
	if opts.mic == "" {
		opts.mic = browser.PermissionSettingGranted
	}
	p := &Page{t: t, name: name}
	leave, err := p.enter(opts)
	if err != nil {
		t.Fatalf("%s: new page: %v", name, err)
	}
	t.Cleanup(func() { p.finish(); leave() })
	if err := p.prepare(opts, origin(address)); err != nil {
		t.Fatalf("%s: prepare the page: %v", name, err)
	}
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: open %s: %v", name, address, err)
	}
	return p
}

// prepare sets the size, colours and permission of the page and injects the probe.
func (p *Page) prepare(opts pageOptions, origin string) error {
	scheme := "light"
	if opts.dark {
		scheme = "dark"
	}
	_, err1 := chromedp.Call(p.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	_, err2 := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: opts.window.width, Height: opts.window.height, DeviceScaleFactor: 1})
	_, err3 := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	_, err4 := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument,
		page.AddScriptToEvaluateOnNewDocumentParams{Source: probe + ";" + opts.script})
	_, err5 := chromedp.Call(p.ctx, network.Enable, network.EnableParams{})
	_, err6 := chromedp.Call(p.ctx, runtime.AddBinding, runtime.AddBindingParams{Name: "__e2eViolation"})
	if opts.notify {
		err2 = errors.Join(err2, setPermission(p, origin, "notifications", browser.PermissionSettingGranted))
	}
	return errors.Join(err1, err2, err3, err4, err5, err6, setPermission(p, origin, "microphone", opts.mic))
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// observe runs for every event of the page.
func (p *Page) observe(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		line := consoleLine(ev)
		p.console = append(p.console, line)
		if strings.Contains(line, "panic:") || strings.Contains(line, "fatal error:") {
			p.exceptions = append(p.exceptions, line)
		}
	case *runtime.EventExceptionThrown:
		p.exceptions = append(p.exceptions, fault(ev.ExceptionDetails))
	case *runtime.EventBindingCalled:
		p.violations = append(p.violations, ev.Payload)
	case *network.EventWebSocketFrameSent:
		p.frames = append(p.frames, string(ev.Response.PayloadData))
	case *network.EventWebSocketFrameReceived:
		p.frames = append(p.frames, string(ev.Response.PayloadData))
	case *log.EventEntryAdded:
		line := fmt.Sprintf("[browser %s] %s %s", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL)
		p.console = append(p.console, line)
		if strings.Contains(line, "Content Security Policy") {
			p.exceptions = append(p.exceptions, line)
		}
	}
}

func fault(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func consoleLine(ev *runtime.EventConsoleAPICalled) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[%s]", ev.Type)
	for _, a := range ev.Args {
		var s string
		if json.Unmarshal([]byte(a.Value), &s) != nil {
			s = string(a.Value) + a.Description
		}
		b.WriteString(" " + s)
	}
	return b.String()
}

// finish fails the test for faults nobody asked about, and leaves what was seen when the test failed.
func (p *Page) finish() {
	if p.closed {
		return
	}
	for _, f := range p.faults() {
		p.t.Errorf("%s: %s", p.name, f)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.t.Failed() {
		p.leave()
	}
}

// close closes the page as a person closes a tab, and checks before that nothing went wrong in it unseen.
func (p *Page) close() {
	p.t.Helper()
	p.finish()
	p.closed = true
	if _, err := chromedp.Call(p.ctx, page.Close, cdp.Empty{}); err != nil {
		p.t.Fatalf("%s: close: %v", p.name, err)
	}
}

// crash ends the process of the page.
func (p *Page) crash() {
	p.t.Helper()
	p.finish()
	p.closed = true
	ctx, cancel := context.WithTimeout(p.ctx, time.Second)
	defer cancel()
	chromedp.Call(ctx, page.Crash, cdp.Empty{}) // who crashes does not answer
}

// faults are what nobody asked about: violations of a policy, uncaught exceptions, a page that no longer answers.
func (p *Page) faults() []string {
	var found []string
	if _, err := eval[bool](p, `true`); err != nil { // what the page has sent before its answer has been observed then
		found = append(found, "it does not answer: "+err.Error())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range p.violations {
		found = append(found, "Content-Security-Policy: "+v)
	}
	for _, e := range p.exceptions {
		found = append(found, "uncaught: "+e)
	}
	return found
}

// takeViolations returns what the policies refused so far, and forgives it.
func (p *Page) takeViolations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.violations
	p.violations = nil
	return taken
}

func (p *Page) leave() {
	base := filepath.Join(artifacts, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+p.name)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		os.WriteFile(base+".png", shot, 0o600)
	}
	os.WriteFile(base+"-console.txt", []byte(strings.Join(p.console, "\n")), 0o600)
	p.t.Logf("%s: what it looked like: %s.png and -console.txt", p.name, base)
}

// Console returns the console messages since the given number of them, and how many there are.
func (p *Page) Console(since int) ([]string, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.console[since:]), len(p.console)
}

// takeExceptions returns what was uncaught or refused so far, and forgives it.
func (p *Page) takeExceptions() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.exceptions
	p.exceptions = nil
	return taken
}

// Frames returns what went over the page's WebSockets, in both directions.
func (p *Page) Frames() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.frames)
}

// waitConsole waits until a console message contains text.
func (p *Page) waitConsole(text string) {
	p.t.Helper()
	p.until("log "+text, func() error {
		lines, _ := p.Console(0)
		if !strings.Contains(strings.Join(lines, "\n"), text) {
			return fmt.Errorf("none of %d console messages has it", len(lines))
		}
		return nil
	})
}

// eval runs page script; a promise is waited for.
func eval[T any](p *Page, script string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// until polls check until it returns nil, and fails the test with its last error.
func (p *Page) until(what string, check func() error) {
	p.t.Helper()
	p.within(patience, what, check)
}

func (p *Page) within(limit time.Duration, what string, check func() error) {
	p.t.Helper()
	if err := poll(limit, check); err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
}

// poll runs check until it returns nil or the time is up; then it returns its last error.
func poll(limit time.Duration, check func() error) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(tick) {
		err := check()
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// Text returns what the page shows.
func (p *Page) Text() string {
	text, err := eval[string](p, `document.body ? document.body.innerText : ''`)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return text
}

// WaitText waits until the page shows something that matches the regular expression.
func (p *Page) WaitText(pattern string) string {
	p.t.Helper()
	return p.waitTextFor(patience, pattern)
}

// waitTextFor is WaitText for what a machine with other work may take longer for.
func (p *Page) waitTextFor(limit time.Duration, pattern string) string {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	var found string
	p.within(limit, "show "+pattern, func() error {
		text := p.Text()
		if found = re.FindString(text); found == "" {
			return fmt.Errorf("it shows %q", text)
		}
		return nil
	})
	return found
}

// WaitNoText waits until nothing on the page matches.
func (p *Page) WaitNoText(pattern string) {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	p.until("no longer show "+pattern, func() error {
		if text := p.Text(); re.MatchString(text) {
			return fmt.Errorf("it shows %q", text)
		}
		return nil
	})
}
