package static

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// AnyServer are the sources for a phone whose users type the server themselves: every encrypted WebSocket.
var AnyServer = []string{"wss:"}

// Loopback reports whether a listening address can be reached from this machine alone.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Sources turns addresses the page talks to into sources of the content security policy, each once: the scheme and
// host of an address, without path and user. What is no address of a WebSocket or web server is left out.
func Sources(addresses ...string) []string {
	var sources []string
	seen := map[string]bool{}
	for _, address := range addresses {
		source := source(address)
		if source != "" && !seen[source] {
			seen[source] = true
			sources = append(sources, source)
		}
	}
	return sources
}

func source(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || strings.ContainsAny(parsed.Host, " ;,'\"*") {
		return ""
	}
	switch parsed.Scheme {
	case "ws", "wss", "http", "https":
		return parsed.Scheme + "://" + parsed.Host
	}
	return ""
}
