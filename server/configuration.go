package main

import (
	"fmt"
	"net/http"
	"os"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/server/static"
)

// configuration makes what the browser reads as /config.json out of the file, if there is one, and the environment,
// which wins. Names are the variables of the flags: of all others that begin with WEBPHONE_ each has to be known.
func configuration(file string, environ, names []string) (func(*http.Request) static.Configuration, error) {
	var layers []config.Config
	if file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		layer, err := config.Parse(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		layers = append(layers, layer)
	}
	layer, err := config.FromEnviron(environ, names...)
	if err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	merged, refused := config.Merge(append(layers, layer)...)
	if len(refused) > 0 {
		return nil, config.Errors(refused)
	}
	published, err := static.Publish(merged)
	if err != nil {
		return nil, err
	}
	return func(*http.Request) static.Configuration { return published }, nil
}
