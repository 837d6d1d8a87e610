//go:build e2e

package site_test

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/gowebphone/webphone/pwa/site/build"
	"github.com/gowebphone/webphone/server/static"
)

// insecureHost is a name for this machine that browsers do not trust as they trust localhost.
const insecureHost = "phone.example"

var (
	chromium context.Context // the one browser of the run
	siteA    fs.FS           // the site with a small program
	siteB    fs.FS           // its next version
	stopping fs.FS           // a site whose program ends at once
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "webphone-site")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if siteA, err = buildSite(filepath.Join(dir, "a"), "Phone A", hello); err != nil {
		return 1, err
	}
	if siteB, err = buildSite(filepath.Join(dir, "b"), "Phone B", hello); err != nil {
		return 1, err
	}
	if stopping, err = buildSite(filepath.Join(dir, "c"), "Phone", "./pwa/site/build/testdata/small"); err != nil {
		return 1, err
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.Flag("headless", true),
		chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("host-resolver-rules", "MAP "+insecureHost+" 127.0.0.1"),
	}
	for _, quiet := range []string{"disable-gpu", "no-first-run", "disable-background-networking", "disable-sync",
		"disable-extensions"} {
		opts = append(opts, chromedp.Flag(quiet, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	var cancel context.CancelFunc
	chromium, cancel = chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(chromium); err != nil {
		return 1, fmt.Errorf("start Chromium: %w", err)
	}
	return m.Run(), nil
}

const hello = "./pwa/site/size/hello"

func buildSite(out, name, program string) (fs.FS, error) {
	_, err := build.Run(context.Background(), build.Options{Out: out, Main: program, Fast: true, Name: name})
	return os.DirFS(out), err
}

// host serves a site that the test can change, damage and stop.
type host struct {
	t        *testing.T
	addr     string
	stop     func()
	handler  atomic.Pointer[http.Handler]
	meddle   atomic.Pointer[func(http.ResponseWriter, *http.Request) bool] // answers instead of the site when it returns true
	requests struct {
		sync.Mutex
		paths []string
	}
}

func newHost(t *testing.T, files fs.FS, base string) *host {
	t.Helper()
	h := &host{t: t}
	h.serve(files, base)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	server := &http.Server{Handler: h}
	go server.Serve(listener) // ends when the test stops the server
	h.stop = func() { server.Close() }
	t.Cleanup(h.stop)
	return h
}

func (h *host) serve(files fs.FS, base string) {
	h.t.Helper()
	handler, err := static.New(static.Options{Files: files, Base: base})
	if err != nil {
		h.t.Fatal(err)
	}
	h.handler.Store(&handler)
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.requests.Lock()
	h.requests.paths = append(h.requests.paths, r.URL.Path)
	h.requests.Unlock()
	if meddle := h.meddle.Load(); meddle != nil && (*meddle)(w, r) {
		return
	}
	(*h.handler.Load()).ServeHTTP(w, r)
}

func (h *host) meddleWith(answer func(http.ResponseWriter, *http.Request) bool) {
	h.meddle.Store(&answer)
}

func (h *host) asked(suffix string) int {
	h.requests.Lock()
	defer h.requests.Unlock()
	count := 0
	for _, path := range h.requests.paths {
		if strings.HasSuffix(path, suffix) {
			count++
		}
	}
	return count
}

func (h *host) url() string { return "http://" + h.addr + "/" }

// tab is a page in a browser profile of its own.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // errors on the console, exceptions, violations of the policy
}

// watch collects violations of the policy, which the console does not always show.
const watch = `addEventListener('securitypolicyviolation', e => console.error('violation: ' + e.effectiveDirective + ' ' + ` +
	`e.blockedURI + ' ' + e.sample));`

// newTab opens a tab; the scripts run in every page before its own.
func newTab(t *testing.T, scripts ...string) *tab {
	t.Helper()
	return tabOf(t, chromedp.WithNewBrowserContext(), scripts...)
}

// beside opens another tab of the same profile.
func (b *tab) beside() *tab {
	return tabOf(b.t, chromedp.WithExistingBrowserContext(chromedp.FromContext(b.ctx).BrowserContextID))
}

func tabOf(t *testing.T, profile chromedp.ContextOption, scripts ...string) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(chromium, profile, chromedp.WithListener(b.listen))
	b.ctx = ctx
	b.do() // opens it
	t.Cleanup(func() { chromedp.Cancel(ctx); cancel() })
	for _, script := range append([]string{watch}, scripts...) {
		call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	}
	return b
}

func (b *tab) listen(event any) {
	switch event := event.(type) {
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError || event.Entry.Level == log.EntryLevelWarning {
			b.add(event.Entry.Text + " " + event.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		b.add("exception: " + event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if event.Type != runtime.ConsoleAPICalledTypeError && event.Type != runtime.ConsoleAPICalledTypeWarning {
			return
		}
		var text []string
		for _, arg := range event.Args {
			text = append(text, string(arg.Value)+arg.Description)
		}
		b.add(strings.Join(text, " "))
	}
}

func (b *tab) add(problem string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, problem)
}

// console returns what the page complained about.
func (b *tab) console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.problems)
}

// wantClean fails when the page had anything to complain about.
func (b *tab) wantClean() {
	b.t.Helper()
	for _, problem := range b.console() {
		b.t.Errorf("the console says: %s", problem)
	}
}

// wantProblem fails unless the console said something that contains text.
func (b *tab) wantProblem(why, text string) {
	b.t.Helper()
	if problems := b.console(); !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, text) }) {
		b.t.Errorf("%s: nothing about %q on the console, only %q", why, text, problems)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if len(actions) == 0 {
		ctx = b.ctx // the first use decides how long the tab lives
	}
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v; on the console: %q", err, b.console())
	}
}

func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

func (b *tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// started waits until the program has drawn its page.
func (b *tab) started() {
	b.t.Helper()
	b.until("the program draws its page", `document.getElementById('hello') !== null`)
}

// installed waits until the service worker of the page is in use.
func (b *tab) installed() {
	b.t.Helper()
	b.until("the worker is installed", `navigator.serviceWorker.getRegistration().then(r => r?.active?.state === 'activated')`)
}

// eval returns the value of an expression; a promise is awaited.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v; on the console: %q", expression, err, b.console())
	}
	return value
}

// exec runs a statement whose value does not matter.
func (b *tab) exec(statement string) {
	b.t.Helper()
	eval[bool](b, "(async () => { "+statement+"; return true; })()")
}

const (
	patience = 20 * time.Second // how long anything may take before it counts as failed
	tick     = 20 * time.Millisecond
)

// until waits for an expression to become true. The page may be loaded anew meanwhile, so errors do not count.
func (b *tab) until(why, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		value, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
		if err == nil && value {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("%s: waited for %s (%v); on the console: %q", why, expression, err, b.console())
		case <-ticker.C:
		}
	}
}

// reload loads the page again and waits for it.
func (b *tab) reload() {
	b.t.Helper()
	b.do(chromedp.Reload())
}
