package transport

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall/js"
	"time"
)

// decidedAlone is how fast a browser fails a connection of which it lets nothing out.
const decidedAlone = 100 * time.Millisecond

// answersHTTP tells whether a web server answers at the address of a WebSocket, with a certificate that the browser takes: then
// it was the server that refused the WebSocket. What it answers stays hidden from the page.
func answersHTTP(ctx context.Context, u *url.URL) bool {
	fetch := js.Global().Get("fetch")
	if fetch.Type() != js.TypeFunction {
		return false
	}
	plain := *u
	plain.User = nil // fetch takes none
	plain.Scheme = map[string]string{"ws": "http", "wss": "https"}[u.Scheme]
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	_, kept := settled(ctx, fetch.Invoke(plain.String(), map[string]any{"method": "HEAD", "mode": "no-cors", "cache": "no-store",
		"credentials": "omit", "referrerPolicy": "no-referrer"}))
	return kept
}

// asksForLocal tells whether the browser lets pages into the local network only when its user has allowed it (Local Network
// Access: Chromium since 142, of WebSockets since 147), and this page has not been allowed. Whether the server stands there it
// does not say.
func asksForLocal(ctx context.Context, u *url.URL) bool {
	navigator := js.Global().Get("navigator")
	if !navigator.Truthy() || isLocal(pageHost()) {
		return false
	}
	permissions := navigator.Get("permissions")
	if !permissions.Truthy() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	for _, name := range []string{"local-network", "loopback-network"} {
		status, known := settled(ctx, permissions.Call("query", map[string]any{"name": name}))
		if known && (name == "loopback-network") == isLoopback(u.Hostname()) && status.Get("state").String() != "granted" {
			return true
		}
	}
	return false
}

// pageHost is the host of the page, or of the worker.
func pageHost() string {
	location := js.Global().Get("location")
	if !location.Truthy() {
		return ""
	}
	return strings.Trim(location.Get("hostname").String(), "[]")
}

// isLocal tells of a host that it stands in the local network itself: from there the browser lets everything pass.
func isLocal(host string) bool {
	a, err := netip.ParseAddr(host)
	return isLoopback(host) || err == nil && (a.IsPrivate() || a.IsLinkLocalUnicast())
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && a.IsLoopback()
}

// settled waits for a promise and returns what it was kept with. The handlers are released when it is settled, or never is.
func settled(ctx context.Context, promise js.Value) (value js.Value, kept bool) {
	outcome := make(chan js.Value, 1) // closed without a value when the promise was broken
	var release func()
	keep := js.FuncOf(func(_ js.Value, args []js.Value) any { release(); outcome <- args[0]; return nil })
	fail := js.FuncOf(func(js.Value, []js.Value) any { release(); close(outcome); return nil })
	release = sync.OnceFunc(func() { keep.Release(); fail.Release() })
	promise.Call("then", keep, fail)
	select {
	case value, kept = <-outcome:
	case <-ctx.Done():
	}
	return value, kept
}
