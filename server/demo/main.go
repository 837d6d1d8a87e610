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
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	introduce(output, listener.Addr())
	return static.Serve(ctx, listener, page, static.Limits{Log: log})
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
	server := "ws://" + r.Host + signalling
	connect := static.Sources(server)
	if connect == nil { // not a host name: nothing to connect to
		return static.Configuration{JSON: []byte("{}")}
	}
	content, err := json.Marshal(map[string]any{"wsServers": []string{server}})
	if err != nil {
		panic(err) // strings always marshal
	}
	return static.Configuration{JSON: content, Connect: connect}
}

func introduce(w io.Writer, addr net.Addr) {
	url := "http://" + strings.Replace(addr.String(), "127.0.0.1", "localhost", 1) + "/"
	fmt.Fprintf(w, "\n  The phone is at  %s\n\n", url)
}
