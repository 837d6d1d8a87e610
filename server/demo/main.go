// Command demo serves the phone together with a registrar and an echo peer of its own: start it, open the address it
// prints, log in as one of the accounts it names, and call 600.
//
// Limits: it is for trying the phone on one machine. The accounts and their passwords are public.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/server/static"
)

const (
	defaultAddr = "127.0.0.1:8080"
	tries       = 20 // ports after the default one
	signalling  = "/ws"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, output io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	addr := flags.String("addr", "", "`address` to listen on (default "+defaultAddr+", or the next free port)")
	dir := flags.String("dir", "", "serve the site in this `folder` (default: the embedded one)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := static.Files(*dir)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	page, err := static.New(static.Options{Files: files, Configure: configure, Log: log})
	if err != nil {
		return err
	}
	sip := siptest.New(siptest.Options{AnyDomain: true, Users: accounts()})
	defer sip.Close()
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	introduce(output, listener.Addr())
	return static.Serve(ctx, listener, withSignalling(page, sip), static.Limits{Log: log})
}

// withSignalling answers WebSockets of the page itself with the registrar, and everything else with the page. A page
// of another origin must not use the phone's server: a browser lets any page connect to this machine.
func withSignalling(page, sip http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != signalling:
			page.ServeHTTP(w, r)
		case !sameOrigin(r):
			http.Error(w, "this WebSocket is for the page of this server", http.StatusForbidden)
		default:
			sip.ServeHTTP(w, r)
		}
	})
}

// sameOrigin takes programs too: what is no browser sends no Origin.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || strings.EqualFold(origin, "http://"+r.Host)
}

// listen takes the given address, or the first free port from the default one on.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	first, err := net.ResolveTCPAddr("tcp", defaultAddr)
	if err != nil {
		return nil, err
	}
	for range tries {
		listener, err := net.ListenTCP("tcp", first)
		if !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
		first.Port++
	}
	return nil, fmt.Errorf("no free port from %s on", defaultAddr)
}

// configure names this very server as the SIP server, by the name under which the page was asked for.
func configure(r *http.Request) static.Configuration {
	none := static.Configuration{JSON: []byte("{}")}
	servers, err := config.Servers("ws://" + r.Host + signalling)
	if err != nil { // not a name of this machine: the page has to do without
		return none
	}
	content, err := json.Marshal(map[string]any{"wsServers": servers})
	if err != nil {
		return none
	}
	layer, err := config.Parse(content)
	if err != nil {
		return none
	}
	merged, _ := config.Merge(layer)
	published, err := static.Publish(merged)
	if err != nil {
		return none
	}
	return published
}

// users are the demo accounts; they share one password.
var users = []string{"1001", "1002", "1003", "1004"}

const password = "webphone"

func accounts() map[string]string {
	all := make(map[string]string, len(users))
	for _, user := range users {
		all[user] = password
	}
	return all
}

// numbers are what the server answers itself (package siptest).
var numbers = []struct{ number, does string }{
	{"600", "an echo: you hear yourself"},
	{"601", "rings, then is busy"},
	{"602", "early media: a tone before the answer"},
	{"603", "declines"},
	{"604", "rings and never answers"},
	{"605", "answers and hangs up after a few seconds"},
}

// introduce says how to use the demo. The name localhost is what browsers trust with the microphone.
func introduce(w io.Writer, addr net.Addr) {
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		port = "8080"
	}
	fmt.Fprintf(w, "\n  Open      http://localhost:%s/\n\n", port)
	fmt.Fprintf(w, "  Accounts  %s\n  Password  %s (all of them)\n\n", strings.Join(users, ", "), password)
	for i, each := range numbers {
		label := ""
		if i == 0 {
			label = "Call"
		}
		fmt.Fprintf(w, "  %-8s  %s  %s\n", label, each.number, each.does)
	}
	fmt.Fprintf(w, "  Debug     dial *#0*# and the SIP messages appear in the browser's console\n\n  Ctrl+C ends it.\n\n")
}
