//go:build js && wasm

// Command wasm is the phone in the browser: it takes the config.json beside the page and shows the phone.
//
// Limits: it runs in a page that pwa/site has made, whose loader brings what go-app calls.
package main

import (
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pkg/ua/warm"
	"github.com/gowebphone/webphone/pwa/browser"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/ui"
)

// moreRoom lets garbage take twice what is in use before it is collected, not once. There is one thread in a browser:
// with 20,000 contacts a collection stops the page for some 30 ms, so it had better come half as often.
const moreRoom = 200

func main() {
	debug.SetGCPercent(moreRoom)
	root := ui.New(phone.New(options()), ui.Options{Media: sound{}, Linked: linked})
	app.RouteWithRegexp(".*", func() app.Composer { return root })
	app.RunWhenOnBrowser()
}

// options are the phone's: what is configured, and what the browser gives it.
func options() phone.Options {
	version := app.Getenv("WEBPHONE_VERSION")
	link, faults := config.FromFragment(browser.Fragment())
	warn(faults...)
	return phone.Options{
		Config:    hostConfiguration(),
		Link:      link,
		Refused:   func(e *config.Error) { warn(e) },
		Version:   version,
		UserAgent: "webphone/" + version,
		Languages: browser.Languages(),
		WarmUp:    warm.Up,

		Keep:     browser.Values(),
		Store:    browser.Documents(),
		Vault:    browser.Vault(),
		Safe:     browser.Safe(),
		Fetch:    browser.Fetch,
		Seats:    browser.Seats(),
		Outlive:  browser.Outlive,
		Pause:    browser.Pause,
		Trace:    browser.Trace,
		Complain: browser.Warn,
	}
}

// linked is the number that a link names, for the window that follows it.
func linked(fragment string) string {
	link, _ := config.FromFragment(fragment)
	return link.Number
}

// hostConfiguration is what the host says. A phone without a readable configuration still starts: the user types the
// server then.
func hostConfiguration() config.Config {
	text := browser.Config()
	if text == "" {
		app.Log("no configuration: the host has no config.json")
		return config.Config{}
	}
	host, faults, err := config.Read(config.Host, []byte(text))
	warn(faults...)
	if err != nil {
		app.Log("configuration not readable:", err)
	}
	return host
}

func warn(faults ...*config.Error) {
	for _, f := range faults {
		app.Log("configuration:", f)
	}
}
