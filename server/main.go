// Command server hosts the phone: "server" serves the embedded site on 127.0.0.1:8080, and /config.json made from the
// environment, such as WEBPHONE_WS_SERVERS=sip.example.com (package pwa/config lists all). Flags can be given there as
// well: -addr as WEBPHONE_ADDR, and so on.
//
//	server -addr :443 -cert fullchain.pem -key privkey.pem
//	server -addr :443 -autocert phone.example.com
//
// It never speaks SIP: the browser talks to the SIP server itself. Without -autocert it opens no connection to
// anywhere. Limits: one site on one address; what is configured is read once, at the start.
package main

import (
	"context"
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

	"golang.org/x/crypto/acme/autocert"

	"github.com/gowebphone/webphone/server/static"
)

type options struct {
	addr, base          string
	dir, config         string
	cert, key           string
	autocert, certCache string
	acme, acmeRoots     string
	hsts, check         bool
	debug               bool
	names               []string // of the environment variables that are flags
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Environ(), os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args, environ []string, output io.Writer) error {
	o, err := parse(args, environ, output)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if o.debug {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(output, &slog.HandlerOptions{Level: level}))
	certificates, err := o.certificates(log)
	if err != nil {
		return err
	}
	handler, err := o.handler(environ, certificates != nil, log)
	if err != nil || o.check {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	log.Info("serving", "address", listener.Addr().String(), "folder", o.base, "tls", certificates != nil)
	return static.Serve(ctx, listener, handler, static.Limits{TLS: certificates, Log: log})
}

func (o options) handler(environ []string, tls bool, log *slog.Logger) (http.Handler, error) {
	files, err := static.Files(o.dir)
	if err != nil {
		return nil, err
	}
	configure, err := configuration(o.config, environ, o.names)
	if err != nil {
		return nil, err
	}
	return static.New(static.Options{Files: files, Base: o.base, Configure: configure, TLS: tls || o.hsts, Log: log})
}

// parse reads the flags; the environment gives their defaults.
func parse(args, environ []string, output io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	flags.StringVar(&o.base, "base", "/", "`folder` of the site on the host, such as /phone/")
	flags.StringVar(&o.dir, "dir", "", "serve the site in this `folder` (default: the embedded one)")
	flags.StringVar(&o.config, "config", "", "configuration `file` of the phone, JSON; the environment overrides it")
	flags.StringVar(&o.cert, "cert", "", "certificate `file`, PEM with the chain; read again when it changes")
	flags.StringVar(&o.key, "key", "", "private key `file` of the certificate, PEM")
	flags.StringVar(&o.autocert, "autocert", "", "fetch certificates for these `hosts`, separated by commas, by ACME; needs "+
		"port 443")
	flags.StringVar(&o.certCache, "autocert-dir", "certificates", "`folder` where fetched certificates are kept")
	flags.StringVar(&o.acme, "acme", autocert.DefaultACMEDirectory,
		"ACME directory `URL` of the certificate authority for -autocert")
	flags.StringVar(&o.acmeRoots, "acme-ca", "", "trust the certificates in this PEM `file` for the authority's own address, "+
		"such as one in the company")
	flags.BoolVar(&o.hsts, "hsts", false, "promise HTTPS to the clients; for servers behind a proxy that speaks it")
	flags.BoolVar(&o.debug, "debug", false, "log every request, without query and headers")
	flags.BoolVar(&o.check, "check", false, "check the configuration, then exit")
	problems := []error{o.fromEnvironment(flags, environ)}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		problems = append(problems, fmt.Errorf("unexpected argument %q", flags.Arg(0)))
	}
	return o, errors.Join(append(problems, o.validate())...)
}

// fromEnvironment sets the flags whose variables are set.
func (o *options) fromEnvironment(flags *flag.FlagSet, environ []string) error {
	flagOf := map[string]string{}
	flags.VisitAll(func(f *flag.Flag) {
		name := variable(f.Name)
		flagOf[name] = f.Name
		o.names = append(o.names, name)
	})
	var problems []error
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if flagOf[name] == "" || value == "" {
			continue
		}
		if err := flags.Set(flagOf[name], value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(problems...)
}

const prefix = "WEBPHONE_"

func variable(flag string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func (o options) validate() error {
	if (o.cert == "") != (o.key == "") {
		return errors.New("-cert and -key belong together")
	}
	if o.cert != "" && o.autocert != "" {
		return errors.New("either -cert and -key or -autocert, not both")
	}
	return o.validateHosts()
}
