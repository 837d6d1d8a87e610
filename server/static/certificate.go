package static

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Certificate serves a certificate from two files and takes up a renewed one without a restart.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex // guards what follows
	current *tls.Certificate
	changed [2]time.Time // modification times of the files current was read from
	checked time.Time
}

// checkEvery bounds how often handshakes look at the files.
const checkEvery = 10 * time.Second

// NewCertificate reads the pair of files, PEM each.
func NewCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c, c.load()
}

// Config returns a configuration that serves the certificate.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}
}

func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now()), nil
}

// at returns the certificate that is valid at now. A half-written or wrong pair of files does not replace a good one.
func (c *Certificate) at(now time.Time) *tls.Certificate {
	if now.Sub(c.checked) < checkEvery {
		return c.current
	}
	c.checked = now
	times, err := c.modified()
	if err == nil && times == c.changed {
		return c.current
	}
	if err := c.load(); err != nil {
		c.log.Error("the certificate cannot be renewed, the old one stays", "error", err)
		return c.current
	}
	c.log.Info("certificate renewed", "expires", c.current.Leaf.NotAfter)
	return c.current
}

func (c *Certificate) modified() (times [2]time.Time, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return times, err
		}
		times[i] = info.ModTime()
	}
	return times, nil
}

func (c *Certificate) load() error {
	times, err := c.modified()
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	c.current, c.changed = &pair, times
	return nil
}
