//go:build e2e

package site_test

import "testing"

// named is the version that the files of a page are of.
const named = `fetch('manifest.webmanifest').then(r => r.json()).then(m => m.name)`

// TestOldPageKeepsItsFiles changes over to another version in one window while another window goes on with the old one.
func TestOldPageKeepsItsFiles(t *testing.T) {
	h := newHost(t, siteA, "/")
	old := newTab(t)
	old.open(h.url())
	old.started()
	old.installed()
	old.reload()
	old.started()
	next := old.beside()
	next.open(h.url())
	next.started()
	h.serve(siteB, "/")
	next.exec(`goappTryUpdate()`)
	next.until("the new version waits", `navigator.serviceWorker.getRegistration().then(r => r.waiting !== null)`)
	next.exec(`fetch('config.json')`) // a page begins while the version waits
	next.exec(`webphoneApplyUpdate()`)
	next.until("the new version takes over", `document.title === 'Phone B'`)
	next.started()
	if got := eval[string](next, named); got != "Phone B" {
		t.Errorf("the new page has the files of %q", got)
	}
	if got := eval[string](old, named); got != "Phone A" {
		t.Errorf("the old page has the files of %q, want its own as long as it lives", got)
	}
	old.reload()
	old.started()
	next.exec(`fetch('config.json')`)
	next.until("the old files are gone with the last page of them", `caches.keys().then(names => names.length === 2)`)
	if got := eval[string](old, named); got != "Phone B" {
		t.Errorf("loaded anew, the page has the files of %q", got)
	}
}

// TestUpdateWaitsForTheCallsOfAllWindows has calls one after the other, the second before the first is over.
func TestUpdateWaitsForTheCallsOfAllWindows(t *testing.T) {
	h := newHost(t, siteA, "/")
	a := newTab(t)
	a.open(h.url())
	a.started()
	b, c := a.beside(), a.beside()
	for _, other := range []*tab{b, c} {
		other.open(h.url())
		other.started()
	}
	wanted := func() {
		a.exec(`globalThis.waits = 0; globalThis.over = false; webphoneCallsOver(() => { waits++; }).then(() => { over = true; })`)
	}
	wanted()
	a.until("nobody is on a call", `over && waits === 0`)
	b.exec(`webphoneOnCall(true)`)
	b.until("the call is known", `navigator.locks.query().then(locks => locks.held.length === 1)`)
	wanted()
	a.until("it waits", `!over && waits === 1`)
	c.exec(`webphoneOnCall(true)`)
	c.until("the second call is known", `navigator.locks.query().then(locks => locks.pending.length === 2)`)
	b.exec(`webphoneOnCall(false)`)
	a.until("it waits for the second call", `!over && waits === 2`)
	c.open("about:blank") // a window that goes ends its call
	a.until("all calls are over", `over`)
}
