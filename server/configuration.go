package main

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gowebphone/webphone/server/static"
)

// configuration makes what the browser reads as /config.json, and the policy that goes with it.
func configuration(environ []string, addr string) (static.Options, error) {
	servers := []string{}
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, "WEBPHONE_WS_SERVERS="); ok {
			servers = strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(", '\n\t", r) })
		}
	}
	content, err := json.Marshal(map[string]any{"wsServers": servers})
	if err != nil {
		return static.Options{}, err
	}
	connect := static.Sources(servers...)
	if len(servers) == 0 {
		connect = static.AnyServer
	}
	fixed := static.Configuration{JSON: content, Connect: connect}
	return static.Options{Configure: func(*http.Request) static.Configuration { return fixed }}, nil
}
