package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/server/static"
)

// certificates returns the TLS configuration, or nil for plain HTTP.
func (o options) certificates(log *slog.Logger) (*tls.Config, error) {
	switch {
	case o.cert != "":
		certificate, err := static.NewCertificate(o.cert, o.key, log)
		if err != nil {
			return nil, err
		}
		return certificate.Config(), nil
	case o.autocert != "":
		return o.fetched(log)
	}
	return nil, nil
}

const (
	acmePatience = time.Minute // for one answer of the certificate authority
	acmeMaxRoots = 1 << 20
)

// fetched gets certificates from a certificate authority by TLS-ALPN-01 (RFC 8737), for the named hosts alone: a client
// cannot make this server ask for any other.
func (o options) fetched(log *slog.Logger) (*tls.Config, error) {
	client, err := o.acmeClient()
	if err != nil {
		return nil, err
	}
	manager := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(o.hosts()...),
		Cache:      autocert.DirCache(o.certCache),
		Client:     client,
	}
	config := manager.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	config.GetCertificate = reporting(config.GetCertificate, o.hosts(), log)
	return config, nil
}

const reportEvery = time.Minute // at most, for one host

// reporting tells the log why there is no certificate for one of our hosts: its clients see a broken connection alone. What
// others ask for is nobody's fault here.
func reporting(get certificateFunc, hosts []string, log *slog.Logger) certificateFunc {
	var mu sync.Mutex // guards told
	told := map[string]time.Time{}
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		certificate, err := get(hello)
		host := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
		if err == nil || !slices.Contains(hosts, host) {
			return certificate, err
		}
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(told[host]) >= reportEvery {
			told[host] = now
			log.Error("no certificate could be fetched", "host", host, "error", err)
		}
		return certificate, err
	}
}

type certificateFunc = func(*tls.ClientHelloInfo) (*tls.Certificate, error)

func (o options) hosts() []string {
	return strings.FieldsFunc(strings.ToLower(o.autocert), func(r rune) bool { return r == ',' || r == ' ' })
}

// acmeClient talks to the authority (RFC 8555): the only connections this server opens.
func (o options) acmeClient() (*acme.Client, error) {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: acmePatience,
		MaxResponseHeaderBytes: 64 << 10}
	if o.acmeRoots != "" {
		roots, err := readRoots(o.acmeRoots)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &acme.Client{DirectoryURL: o.acme, UserAgent: "webphone",
		HTTPClient: &http.Client{Transport: transport, Timeout: acmePatience}}, nil
}

func readRoots(file string) (*x509.CertPool, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-acme-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if len(content) > acmeMaxRoots || !roots.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("-acme-ca: %s holds no certificate in PEM", file)
	}
	return roots, nil
}

// validateHosts refuses at the start what would fail with the first client.
func (o options) validateHosts() error {
	if o.autocert == "" {
		return nil
	}
	if !strings.HasPrefix(o.acme, "https://") {
		return fmt.Errorf("-acme %q: the address of an authority begins with https://, for example %s", o.acme,
			autocert.DefaultACMEDirectory)
	}
	for _, host := range o.hosts() {
		if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
			return fmt.Errorf("-autocert %q: an authority vouches for names, not for addresses; for example phone.example.com",
				host)
		}
		if servers, err := config.Servers(host); err != nil || len(servers) != 1 ||
			servers[0].URL != "wss://"+strings.ToLower(host) || !strings.Contains(host, ".") {
			return fmt.Errorf("-autocert %q: a certificate needs a full host name, for example phone.example.com", host)
		}
	}
	if len(o.hosts()) == 0 {
		return errors.New("-autocert names no host, for example phone.example.com")
	}
	return nil
}
