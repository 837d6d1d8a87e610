//go:build e2e

package site_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// answers lets the host answer to config.json so, until it is called again.
func (h *host) answers(status int, text string) {
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/config.json") {
			return false
		}
		if strings.HasPrefix(text, "<") {
			w.Header().Set("Content-Type", "text/html")
		}
		w.WriteHeader(status)
		w.Write([]byte(text))
		return true
	})
}

// visited is a page that has been there once, when the host answered so.
func visited(t *testing.T, config string) (*host, *tab) {
	t.Helper()
	h, b := newHost(t, siteA, "/"), newTab(t)
	h.answers(http.StatusOK, config)
	b.open(h.url())
	b.started()
	b.installed()
	return h, b
}

// config is what the program gets of config.json.
func (b *tab) config() string { return eval[string](b, `webphoneConfig()`) }

const portal = "<!doctype html><title>Guest network</title><p>Please log in</p>"

// TestFirstVisitIsKept: the worker does not control the page that brings it until it runs.
func TestFirstVisitIsKept(t *testing.T) {
	h, b := visited(t, `{"theme":"dark"}`)
	b.until("the first page is looked after", `navigator.serviceWorker.controller !== null`)
	h.stop()
	if got := eval[int](b, `fetch('icons.svg', {cache: 'no-store'}).then(r => r.status)`); got != 200 {
		t.Errorf("icons.svg: status %d in the first page without the server", got)
	}
	b.reload()
	b.started()
	if got := b.config(); got != `{"theme":"dark"}` {
		t.Errorf("configuration %q after one visit, want it kept", got)
	}
}

func TestConfigOutlivesABadAnswer(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		text   string
		want   string
		logged string
	}{
		{"a good one", 200, `{"theme":"light"}`, `{"theme":"light"}`, ""},
		{"broken host", 502, "bad gateway", `{"theme":"dark"}`, "the host answered 502"},
		{"asks too often", 429, "slow down", `{"theme":"dark"}`, "the host answered 429"},
		{"login of a network", 200, portal, `{"theme":"dark"}`, "something else"},
		{"login of a network that says so", 511, portal, `{"theme":"dark"}`, "the host answered 511"},
		{"half a file", 200, `{"theme":`, `{"theme":"dark"}`, "something else"},
		{"a list", 200, `[]`, `{"theme":"dark"}`, "something else"},
		{"nothing", 204, "", `{"theme":"dark"}`, "something else"},
		{"taken away", 404, "not found", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, b := visited(t, `{"theme":"dark"}`)
			h.answers(test.status, test.text)
			b.reload()
			b.started()
			if got := b.config(); got != test.want {
				t.Errorf("configuration %q, want %q", got, test.want)
			}
			if test.logged != "" {
				b.wantProblem("the console says why", test.logged)
			}
		})
	}
}

// TestConfigIsWaitedFor on a first visit: without it a phone would register at the wrong place.
func TestConfigIsWaitedFor(t *testing.T) {
	for name, bad := range map[string]struct {
		status int
		text   string
	}{"broken host": {502, "bad gateway"}, "login of a network": {200, portal}} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, siteA, "/")
			h.answers(bad.status, bad.text)
			b := newTab(t)
			b.open(h.url())
			b.do(chromedp.WaitVisible(".login-error"))
			got := eval[string](b, `document.querySelector('[role=alert]').textContent`)
			if !strings.Contains(got, "settings of this phone") {
				t.Errorf("message %q, want the cause", got)
			}
			b.until("it tries by itself", `performance.getEntriesByName(new URL('config.json', location).href).length > 1`)
			if eval[int](b, `performance.getEntriesByName('webphone:run').length`) != 0 {
				t.Error("the program runs without its configuration")
			}
			h.answers(http.StatusOK, `{"theme":"dark"}`)
			b.do(chromedp.Click("#shell button"))
			b.started()
			if got := b.config(); got != `{"theme":"dark"}` {
				t.Errorf("configuration %q", got)
			}
		})
	}
}

// TestHostOfOnePage answers with the page where there is no file.
func TestHostOfOnePage(t *testing.T) {
	h := newHost(t, siteA, "/")
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/config.json") {
			r.URL.Path = "/"
		}
		return false
	})
	b := newTab(t)
	b.open(h.url())
	b.started()
	if got := b.config(); got != "" {
		t.Errorf("configuration %q, want none", got)
	}
}

func TestConfigReachesThePageOnAFullDisk(t *testing.T) {
	h, b := visited(t, `{"theme":"dark"}`)
	full := 1.0
	call(b, storage.OverrideQuotaForOrigin,
		storage.OverrideQuotaForOriginParams{Origin: strings.TrimSuffix(h.url(), "/"), QuotaSize: &full})
	h.answers(http.StatusOK, `{"theme":"light"}`)
	b.reload()
	b.started()
	if got := b.config(); got != `{"theme":"light"}` {
		t.Errorf("configuration %q, want what the host says", got)
	}
	h.stop()
	b.reload()
	b.started()
	if got := b.config(); got != `{"theme":"dark"}` {
		t.Errorf("configuration %q: the disk was not full", got)
	}
}

// TestNothingWaitsForAnother: the program comes without the loader, and the configuration without the program.
func TestNothingWaitsForAnother(t *testing.T) {
	h := newHost(t, siteA, "/")
	program, config := make(chan struct{}), make(chan struct{})
	var once, also sync.Once
	h.meddleWith(func(w http.ResponseWriter, r *http.Request) bool {
		var wait chan struct{}
		switch name := r.URL.Path; {
		case strings.HasSuffix(name, ".wasm"):
			once.Do(func() { close(program) })
			wait = config
		case strings.HasSuffix(name, "/loader.js"):
			wait = program
		case strings.HasSuffix(name, "/config.json"):
			also.Do(func() { close(config) })
		}
		if wait != nil {
			select {
			case <-wait:
			case <-r.Context().Done():
			}
		}
		return false
	})
	b := newTab(t)
	b.open(h.url())
	b.started()
	if got := h.asked(".wasm"); got != 1 {
		t.Errorf("the program was fetched %d times", got)
	}
	b.wantClean()
}
