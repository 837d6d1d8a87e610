package static

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve runs the handler until the test ends and returns its address and how it ended.
func serve(t *testing.T, h http.Handler, l Limits) (addr string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, h, l) }()
	return listener.Addr().String(), func() error { cancel(); return <-ended }
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestSlowHeadersAreCutOff(t *testing.T) {
	addr, _ := serve(t, newTestHandler(t, nil), Limits{HeaderTime: 50 * time.Millisecond})
	conn := dial(t, addr)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: phone.example\r\nX-Slow: ")
	if answer, err := io.ReadAll(conn); err != nil || strings.HasPrefix(string(answer), "HTTP/1.1 200") {
		t.Errorf("answer %.40q, %v, want the connection closed without a page", answer, err)
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	addr, _ := serve(t, newTestHandler(t, nil), Limits{IdleTime: 50 * time.Millisecond})
	conn := dial(t, addr)
	io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: phone.example\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
		t.Errorf("answer %.40q, %v, want one answer and then the end", answer, err)
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	addr, _ := serve(t, newTestHandler(t, nil), Limits{})
	conn := dial(t, addr)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: phone.example\r\nX-Large: "+strings.Repeat("a", 64<<10)+"\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", response.StatusCode)
	}
}

func TestRunningRequestsEndBeforeTheServer(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		io.WriteString(w, "done")
	})
	addr, stop := serve(t, h, Limits{})
	conn := dial(t, addr)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: phone.example\r\n\r\n")
	<-entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	select {
	case err := <-ended:
		t.Fatalf("the server ended (%v) while a request was running", err)
	default:
	}
	close(release)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(response.Body); string(content) != "done" {
		t.Errorf("answer %q, %v", content, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// TestConnectionsAreLimited lets the second of one connection wait for the end of the first.
func TestConnectionsAreLimited(t *testing.T) {
	var mu sync.Mutex
	var served []string
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		served = append(served, r.URL.Path)
	})
	addr, _ := serve(t, h, Limits{Connections: 1})
	ask := func(conn net.Conn, path string) {
		io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: phone.example\r\n\r\n")
	}
	answer := func(conn *bufio.Reader) {
		response, err := http.ReadResponse(conn, nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	first := dial(t, addr)
	read := bufio.NewReader(first)
	ask(first, "/first")
	answer(read)
	second := dial(t, addr)
	ask(second, "/second")
	for range 200 { // long enough for the second, if somebody listened to it
		ask(first, "/first")
		answer(read)
	}
	first.Close()
	answer(bufio.NewReader(second))
	mu.Lock()
	defer mu.Unlock()
	if n := slices.Index(served, "/second"); n != 201 {
		t.Errorf("the second connection was served after %d requests of the first, want all 201", n)
	}
}

// TestLimitsHoldUnasked looks at each limit of a server that names none: without one, a client could keep it busy for ever.
func TestLimitsHoldUnasked(t *testing.T) {
	want := Limits{HeaderTime: 10 * time.Second, RequestTime: 30 * time.Second, AnswerTime: 10 * time.Minute,
		IdleTime: 2 * time.Minute,
		StopTime: 10 * time.Second, HeaderBytes: 16 << 10, Connections: 4096}
	got := Limits{}.withDefaults()
	if got.Log == nil {
		t.Error("nobody logs")
	}
	got.Log = nil
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	own := Limits{HeaderTime: 1, RequestTime: 2, AnswerTime: 3, IdleTime: 4, StopTime: 5, HeaderBytes: 6, Connections: 7,
		Log: slog.Default()}
	if got := own.withDefaults(); got != own {
		t.Errorf("got %+v, want what was asked for", got)
	}
}

func TestStuckRequestsDoNotKeepTheServer(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(release) })
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-release })
	addr, stop := serve(t, h, Limits{StopTime: 20 * time.Millisecond})
	conn := dial(t, addr)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: phone.example\r\n\r\n")
	<-entered
	if err := stop(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// writePair writes a certificate with the given serial number and returns its files.
func writePair(t *testing.T, dir string, serial int64, modified time.Time) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "phone.example"}, DNSNames: []string{"phone.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert},
		keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestServesTLS(t *testing.T) {
	certFile, keyFile := writePair(t, t.TempDir(), 1, time.Now())
	certificate, err := NewCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := serve(t, newTestHandler(t, nil), Limits{TLS: certificate.Config()})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	response, err := client.Get("https://" + addr + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || response.ProtoMajor != 2 {
		t.Errorf("status %d over %s, want 200 over HTTP/2", response.StatusCode, response.Proto)
	}
}

func TestRenewedCertificateIsTakenUp(t *testing.T) {
	dir := t.TempDir()
	begin := time.Now()
	certFile, keyFile := writePair(t, dir, 1, begin)
	c, err := NewCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	serial := func(now time.Time) int64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at(now).Leaf.SerialNumber.Int64()
	}
	if got := serial(begin); got != 1 {
		t.Fatalf("serial %d, want 1", got)
	}
	writePair(t, dir, 2, begin.Add(time.Minute))
	if got := serial(begin.Add(time.Second)); got != 1 {
		t.Errorf("serial %d: the files are read at every handshake", got)
	}
	if got := serial(begin.Add(30 * time.Second)); got != 2 {
		t.Errorf("serial %d, want the renewed certificate within half a minute", got)
	}
	if err := os.WriteFile(certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(begin.Add(60 * time.Second)); got != 2 {
		t.Errorf("serial %d: a broken file replaced a good certificate", got)
	}
	writePair(t, dir, 3, begin.Add(2*time.Minute))
	if got := serial(begin.Add(90 * time.Second)); got != 3 {
		t.Errorf("serial %d, want the repaired certificate", got)
	}
}

func TestMissingCertificateIsAnError(t *testing.T) {
	if _, err := NewCertificate("nowhere.pem", "nowhere.key", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}
