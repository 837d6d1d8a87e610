//go:build js && wasm

// Command wasm is the phone in the browser: it reads config.json beside the page and shows the phone.
//
// Limits: it runs in a page that pwa/site has made, whose loader brings what go-app calls.
package main

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/ui"
)

const (
	configFile     = "config.json"
	configPatience = 10 * time.Second
)

func main() {
	version := app.Getenv("WEBPHONE_VERSION")
	root := ui.New(phone.Options{
		Config:    configuration(),
		Version:   version,
		UserAgent: "webphone/" + version,
		Languages: ui.Languages(),
	})
	app.RouteWithRegexp(".*", func() app.Composer { return root })
	app.RunWhenOnBrowser()
}

// configuration merges what the host and the address say. A phone without a readable configuration still starts: the
// user types the server then.
func configuration() config.Config {
	layers := []config.Config{}
	if host, ok := hostConfiguration(); ok {
		layers = append(layers, host)
	}
	link, faults := config.FromFragment(ui.Fragment())
	warn(faults)
	cfg, refused := config.Merge(append(layers, link)...)
	warn(refused)
	return cfg
}

func hostConfiguration() (config.Config, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), configPatience)
	defer cancel()
	data, err := ui.Fetch(ctx, configFile)
	if err != nil {
		app.Log("no configuration:", err)
		return config.Config{}, false
	}
	host, faults, err := config.Read(config.Host, data)
	warn(faults)
	if err != nil {
		app.Log("configuration not readable:", err)
	}
	return host, err == nil
}

func warn(faults []*config.Error) {
	for _, f := range faults {
		app.Log("configuration:", f)
	}
}
