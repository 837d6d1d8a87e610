package main

import (
	"crypto/tls"
	"log/slog"
	"strings"

	"golang.org/x/crypto/acme/autocert"

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
		return o.fetched(), nil
	}
	return nil, nil
}

// fetched gets certificates from Let's Encrypt by TLS-ALPN-01 (RFC 8737), for the named hosts alone: a client cannot
// make this server ask for any other.
func (o options) fetched() *tls.Config {
	hosts := strings.FieldsFunc(o.autocert, func(r rune) bool { return r == ',' || r == ' ' })
	manager := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(hosts...),
		Cache:      autocert.DirCache(o.certCache),
	}
	config := manager.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config
}
