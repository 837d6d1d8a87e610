package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// authority is a certificate authority on this machine (pebble, the test authority of Let's Encrypt), which looks for
// every host at 127.0.0.1.
type authority struct {
	url     string
	own     string // file with the certificate of its address
	roots   *x509.CertPool
	orders  atomic.Int32 // that it has taken
	handler atomic.Pointer[http.Handler]
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{roots: x509.NewCertPool(), own: filepath.Join(t.TempDir(), "authority.pem")}
	server := httptest.NewUnstartedServer(http.HandlerFunc(a.answer))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	a.url = server.URL + wfe.DirectoryPath
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(a.own, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// answer counts the orders that are taken. Some requests the authority refuses by chance, as the real one may: their nonce is
// said to be old, and they are sent again (RFC 8555 section 6.5).
func (a *authority) answer(w http.ResponseWriter, r *http.Request) {
	status := &statusOf{ResponseWriter: w}
	(*a.handler.Load()).ServeHTTP(status, r)
	if strings.HasSuffix(r.URL.Path, "/order-plz") && status.code == http.StatusCreated {
		a.orders.Add(1)
	}
}

type statusOf struct {
	http.ResponseWriter
	code int
}

func (s *statusOf) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// begin lets the authority check hosts at that port from now on.
func (a *authority) begin(t *testing.T, port int) {
	t.Helper()
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	front := wfe.New(quiet, store, va.New(quiet, 1, port, true, resolver(t), store), issuer, []string{"pebble.example"}, true,
		false, 1, 1)
	handler := front.Handler()
	a.handler.Store(&handler)
	a.roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
}

// resolver is a name server that finds every host on this machine.
func resolver(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answer := func(w dns.ResponseWriter, question *dns.Msg) {
		reply := new(dns.Msg).SetReply(question)
		if q := question.Question[0]; q.Qtype == dns.TypeA {
			reply.Answer = append(reply.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET},
				A: net.IPv4(127, 0, 0, 1)})
		}
		w.WriteMsg(reply)
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(answer)}
	go server.ActivateAndServe()
	t.Cleanup(func() { server.Shutdown() })
	return listener.Addr().String()
}

// start runs the server until the test or stop ends it, and returns its address.
func start(t *testing.T, args ...string) (addr string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reading, writing := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"-dir", siteDir(t)}, args...), nil, writing)
		writing.Close()
	}()
	lines := bufio.NewReader(reading)
	line, err := lines.ReadString('\n')
	found := regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("the server says %q, %v, and ends with %v", line, err, <-ended)
	}
	go io.Copy(io.Discard, lines) // ends with the server
	stop = func() { cancel(); <-ended }
	t.Cleanup(cancel)
	return found[1], stop
}

func TestCertificatesComeFromTheAuthority(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	a := newAuthority(t)
	kept := filepath.Join(t.TempDir(), "certificates")
	args := []string{"-addr", "127.0.0.1:0", "-autocert", "phone.example.com, www.phone.example.com", "-acme", a.url, "-acme-ca",
		a.own, "-autocert-dir", kept}
	addr, stop := start(t, args...)
	a.begin(t, int(netip.MustParseAddrPort(addr).Port()))
	response, err := a.visit(addr, "https://phone.example.com/")
	if err != nil {
		t.Fatalf("the first visit: %v", err)
	}
	response.Body.Close()
	leaf := response.TLS.PeerCertificates[0]
	if response.StatusCode != http.StatusOK || leaf.DNSNames[0] != "phone.example.com" || len(leaf.DNSNames) != 1 {
		t.Errorf("status %d with a certificate for %q", response.StatusCode, leaf.DNSNames)
	}
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no promise of HTTPS")
	}
	if got := a.orders.Load(); got != 1 {
		t.Errorf("%d orders for one host", got)
	}
	for _, host := range []string{"evil.example.com", "127.0.0.1", "phone.example.com.evil.example"} {
		if _, err := a.client(addr).Get("https://" + host + "/"); err == nil {
			t.Errorf("%s is served", host)
		}
	}
	if got := a.orders.Load(); got != 1 {
		t.Errorf("%d orders: strangers can make the server ask for certificates", got)
	}
	stop()
	addr, stop = start(t, args...)
	defer stop()
	if response, err = a.visit(addr, "https://phone.example.com/healthz"); err != nil {
		t.Fatalf("after a restart: %v", err)
	}
	response.Body.Close()
	if got := a.orders.Load(); got != 1 || !response.TLS.PeerCertificates[0].Equal(leaf) {
		t.Errorf("%d orders after a restart, want the certificate that was kept", got)
	}
}

// visit asks again when the server has given the connection up, which it does after a while: on a busy machine the authority may
// take longer, and whoever comes then waits for the same certificate.
func (a *authority) visit(addr, page string) (response *http.Response, err error) {
	for range 10 {
		if response, err = a.client(addr).Get(page); !errors.Is(err, io.EOF) {
			break
		}
	}
	return response, err
}

// client trusts the authority alone, and finds every host at addr.
func (a *authority) client(addr string) *http.Client {
	return &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: a.roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}}
}

func TestAuthorityThatIsNotTrustedGivesNothing(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	a := newAuthority(t)
	a.begin(t, 1)
	addr, stop := start(t, "-addr", "127.0.0.1:0", "-autocert", "phone.example.com", "-acme", a.url, "-autocert-dir", t.TempDir())
	defer stop()
	if _, err := a.client(addr).Get("https://phone.example.com/"); err == nil || a.orders.Load() != 0 {
		t.Errorf("error %v, %d orders; want none from an authority whose address nobody vouches for", err, a.orders.Load())
	}
}

// TestFailedCertificateIsInTheLog has an authority that is not there: its clients cannot tell the operator.
func TestFailedCertificateIsInTheLog(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var written bytes.Buffer
	o := options{autocert: "Phone.example.com", acme: strings.Replace(gone.URL, "http:", "https:", 1), certCache: t.TempDir()}
	config, err := o.fetched(slog.New(slog.NewTextHandler(&written, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(host string) {
		t.Helper()
		if _, err := config.GetCertificate(&tls.ClientHelloInfo{ServerName: host,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}); err == nil {
			t.Fatalf("%s: a certificate from nowhere", host)
		}
	}
	ask("evil.example.com")
	if written.Len() > 0 {
		t.Errorf("logged %s, which anybody could bring about", written.String())
	}
	ask("phone.example.com")
	ask("PHONE.example.com")
	if got := written.String(); strings.Count(got, "no certificate could be fetched") != 1 ||
		!strings.Contains(got, "host=phone.example.com") || !strings.Contains(got, "refused") {
		t.Errorf("logged %q, want one line with host and reason", got)
	}
}
