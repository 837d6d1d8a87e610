//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// A new profile with its processes costs more than all that a short test does with it, so the next test takes over the profile
// and the window of one that is over. What it had set up ends with its session, what it kept is erased, and the next site has an
// origin of its own, since servers listen where nobody did.

// spare is an empty window in a profile where nothing is kept.
type spare struct {
	window  target.ID
	profile cdp.BrowserContextID
}

var spares struct {
	sync.Mutex // guards list
	list       []spare
}

// rest is where a spare window waits: a page of the same site as those of the tests, so that it keeps its process.
var rest string

func startRest() (stop func()) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>at rest</title>")
	}))
	rest = srv.URL
	return srv.Close
}

// enter gives the page a window: a spare one, or a new one where there is none, or where it has to be beside another page or in
// another browser.
func (p *Page) enter(opts pageOptions) (leave func(), err error) {
	parent, options := chromium, []chromedp.ContextOption{chromedp.WithListener(p.observe)}
	kept := false
	switch {
	case opts.browser != nil:
		parent, options = opts.browser, append(options, chromedp.WithNewBrowserContext())
	case opts.beside != nil:
		p.profile = opts.beside.profile
		options = append(options, chromedp.WithExistingBrowserContext(p.profile))
	default:
		kept = true
		options = append(options, chromedp.WithDetachOnCancel())
		if s, ok := takeSpare(); ok {
			p.profile = s.profile
			options = append(options, chromedp.WithTargetID(s.window))
		} else {
			options = append(options, chromedp.WithNewBrowserContext())
		}
	}
	ctx, cancel := chromedp.NewContext(parent, options...)
	p.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, err
	}
	if p.profile == "" {
		p.profile = chromedp.FromContext(ctx).BrowserContextID
	}
	return func() {
		empty := kept && p.clear()
		s := spare{chromedp.FromContext(ctx).Target.TargetID, p.profile}
		chromedp.Cancel(ctx)
		cancel()
		switch {
		case empty:
			spares.Lock()
			spares.list = append(spares.list, s)
			spares.Unlock()
		case kept:
			chromedp.CallBrowser(chromium, target.DisposeBrowserContext,
				target.DisposeBrowserContextParams{BrowserContextID: s.profile})
		}
	}, nil
}

func takeSpare() (s spare, ok bool) {
	spares.Lock()
	defer spares.Unlock()
	if last := len(spares.list) - 1; last >= 0 {
		s, spares.list = spares.list[last], spares.list[:last]
		return s, true
	}
	return s, false
}

// clear leaves the site, erases what it kept, and tells whether the window can be used again.
func (p *Page) clear() bool {
	if p.t.Failed() {
		return false
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience/4)
	defer cancel()
	site, err := eval[string](p, `location.origin`)
	if err != nil {
		return false
	}
	chromedp.Listen(p.ctx, func(ev any) {
		if _, asks := ev.(*page.EventJavascriptDialogOpening); asks { // a call is going on
			go chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}
	})
	if err := chromedp.Do(ctx, chromedp.Navigate(rest)); err != nil {
		return false
	}
	_, err1 := chromedp.Call(ctx, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: site, StorageTypes: "all"})
	_, err2 := chromedp.Call(ctx, page.ResetNavigationHistory, cdp.Empty{})
	_, err3 := chromedp.CallBrowser(ctx, browser.ResetPermissions, browser.ResetPermissionsParams{BrowserContextID: p.profile})
	return err1 == nil && err2 == nil && err3 == nil
}
