package ui

import (
	"strings"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/dom"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// The words of package dom that this one is full of.
var (
	listen  = dom.Listen
	survive = dom.Survive
	attempt = dom.Attempt
	await   = dom.Await
	report  = dom.Report
)

func document() js.Value { return js.Global().Get("document") }

// watchWorld tells when somebody begins to use the page, when it comes back to life, and when it is left.
func watchWorld(do func(screen.Event)) {
	window := js.Global()
	for _, name := range []string{"online", "focus"} {
		listen(window, name, nil, func(js.Value) { do(screen.Woke{}) })
	}
	watchNetwork(window, do)
	for _, name := range []string{"pointermove", "pointerdown", "keydown"} {
		listen(document(), name, map[string]any{"once": true, "capture": true, "passive": true},
			func(js.Value) { do(screen.Attended{}) })
	}
	listen(document(), "resume", nil, func(js.Value) { do(screen.Woke{}) })
	visible := func() bool { return document().Get("visibilityState").String() == "visible" }
	if !visible() {
		do(screen.Visible{})
	}
	listen(document(), "visibilitychange", nil, func(js.Value) {
		do(screen.Visible{On: visible()})
		if visible() {
			do(screen.Woke{})
			keepAwakeAgain()
		}
	})
	listen(window, "pageshow", nil, func(e js.Value) {
		if e.Get("persisted").Bool() {
			do(screen.Returned{})
			return
		}
		do(screen.Woke{})
	})
	// Goroutines run on before the browser gets its turn back, so BYE and the end of the registration still leave.
	listen(window, "pagehide", nil, func(js.Value) { do(screen.Left{}) })
	watchHeight(window, do)
}

// watchAddress tells where the address leads.
func watchAddress(linked func(fragment string) string, do func(screen.Event)) {
	listen(js.Global(), "popstate", nil, func(js.Value) { followAddress(linked, do) })
}

// watchNetwork tells when the device goes over to a network of another kind, where the browser knows that. Its estimates of the
// speed change all the time and mean nothing here.
func watchNetwork(window js.Value, do func(screen.Event)) {
	network := window.Get("navigator").Get("connection")
	if !network.Truthy() {
		return
	}
	kind := network.Get("type").String()
	listen(network, "change", nil, func(js.Value) {
		if now := network.Get("type").String(); now != kind {
			kind = now
			do(screen.Woke{})
		}
	})
}

// watchHeight tells how high the window is, now and when it grows.
func watchHeight(window js.Value, do func(screen.Event)) {
	told := 0
	look := func(js.Value) {
		if height := highWindow(window.Get("innerHeight").Int()); height > told {
			told = height
			do(screen.WindowHigh{Height: height})
		}
	}
	look(window)
	listen(window, "resize", nil, look)
}

// followAddress goes where the address points, by the browser's buttons too: to a page, or to a number that a link named.
func followAddress(linked func(fragment string) string, do func(screen.Event)) {
	if number := linked(strings.TrimPrefix(hash(), "#")); number != "" {
		do(screen.Prefill{Text: number})
		return
	}
	do(screen.Show{Page: currentPage()})
}

func currentPage() screen.Page { return screen.PageOf(hash()) }

func hash() string { return js.Global().Get("location").Get("hash").String() }

// setPage puts a page into the address, so that the browser's buttons lead there and back.
func setPage(page screen.Page) {
	if currentPage() == page {
		return
	}
	location := js.Global().Get("location")
	js.Global().Get("history").Call("pushState", nil, "",
		location.Get("pathname").String()+location.Get("search").String()+"#"+string(page))
}

func setTitle(text string) { document().Set("title", text) }

func dress(theme screen.Theme, language text.Language) {
	root := document().Get("documentElement")
	root.Set("lang", string(language))
	root.Set("dir", language.Direction())
	if theme == screen.ThemeSystem {
		root.Call("removeAttribute", "data-theme")
		return
	}
	root.Call("setAttribute", "data-theme", string(theme))
}

// brand lays the style sheet of a brand over ours.
func brand(url string) {
	if old := elementByID("brand"); old.Truthy() {
		old.Call("remove")
	}
	if url == "" {
		return
	}
	link := document().Call("createElement", "link")
	link.Set("id", "brand")
	link.Set("rel", "stylesheet")
	link.Set("href", url)
	document().Get("head").Call("append", link)
}

// awaitCalls waits until no window is on a call, and tells when that is not at once.
func awaitCalls(waits func()) {
	tell := js.FuncOf(func(js.Value, []js.Value) any { waits(); return nil })
	defer tell.Release()
	if over := js.Global().Get("webphoneCallsOver"); over.Truthy() {
		await(background, over.Invoke(tell))
	}
}

func startUpdate() {
	if update := js.Global().Get("webphoneApplyUpdate"); update.Truthy() {
		update.Invoke()
	}
}

// warn writes something that matters to whoever has put the phone into a page to the console.
func warn(text string) { js.Global().Get("console").Call("warn", "webphone: "+text) }
