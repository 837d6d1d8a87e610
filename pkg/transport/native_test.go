//go:build !js

//lint:file-ignore SA1019 nhooyr.io/websocket is frozen, not broken; the swap to github.com/coder/websocket is one line

package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"nhooyr.io/websocket"

	"github.com/gowebphone/webphone/pkg/transport"
)

// wsFar is a WebSocket server with one connection.
type wsFar struct {
	t  *testing.T
	ws *websocket.Conn
}

func (f wsFar) send(msg []byte) {
	kind := websocket.MessageText
	if !utf8.Valid(msg) {
		kind = websocket.MessageBinary
	}
	if err := f.ws.Write(f.t.Context(), kind, msg); err != nil {
		f.t.Errorf("far end: %v", err)
	}
}

func (f wsFar) receive() ([]byte, *transport.CloseError) {
	_, msg, err := f.ws.Read(f.t.Context())
	if err == nil {
		return msg, nil
	}
	end := &transport.CloseError{Code: int(websocket.CloseStatus(err)), Err: err}
	var frame websocket.CloseError
	if errors.As(err, &frame) {
		end.Reason = frame.Reason
	}
	return nil, end
}

func (f wsFar) close(code int, reason string) { go f.ws.Close(websocket.StatusCode(code), reason) }
func (f wsFar) cut()                          { f.ws.CloseNow() }

func platformNetworks() []network {
	return []network{{"websocket", connectWebSocket}}
}

func connectWebSocket(t *testing.T) (transport.Conn, farEnd) {
	accepted := make(chan *websocket.Conn, 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}})
		if err != nil {
			t.Errorf("accept: %v", err)
			return
		}
		ws.SetReadLimit(-1)
		accepted <- ws
	})
	c, err := transport.Dial(t.Context(), url+"/ws?token=secret")
	if err != nil {
		t.Fatal(err)
	}
	far := wsFar{t, <-accepted}
	t.Cleanup(far.cut)
	return c, far
}

func serve(t *testing.T, h http.HandlerFunc) (wsURL string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func wantDialError(t *testing.T, url string, kind transport.DialErrorKind) *transport.DialError {
	t.Helper()
	_, err := transport.Dial(t.Context(), url)
	return wantKind(t, err, kind)
}

func wantKind(t *testing.T, err error, kind transport.DialErrorKind) *transport.DialError {
	t.Helper()
	var failed *transport.DialError
	if !errors.As(err, &failed) || failed.Kind != kind {
		t.Fatalf("%v, want %v", err, kind)
	}
	for _, secret := range []string{"hunter2", "token"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("a secret in %q", err)
		}
	}
	return failed
}

const secrets = "?token=hunter2"

func TestDialNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	wantDialError(t, "ws://ann:hunter2@"+l.Addr().String()+"/"+secrets, transport.DialUnreachable)
}

func TestDialWrongPath(t *testing.T) {
	url := serve(t, http.NotFound)
	if failed := wantDialError(t, url+secrets, transport.DialHTTPStatus); failed.Status != http.StatusNotFound {
		t.Errorf("status %d, want 404", failed.Status)
	}
}

// TestMissingPathIsFound: an address without a path is tried at /ws; one with a path is not.
func TestMissingPathIsFound(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}}); err == nil {
			ws.Read(r.Context())
		}
	})
	url := serve(t, mux.ServeHTTP)
	for _, address := range []string{url, url, url + "/", url + "/ws"} {
		conn, err := transport.Dial(t.Context(), address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		conn.Abandon()
	}
	if failed := wantDialError(t, url+"/other", transport.DialHTTPStatus); failed.Status != http.StatusNotFound {
		t.Errorf("status %d, want 404", failed.Status)
	}
	refusing := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", http.StatusForbidden) })
	if failed := wantDialError(t, refusing, transport.DialHTTPStatus); failed.Status != http.StatusForbidden {
		t.Errorf("status %d, want 403", failed.Status)
	}
}

func TestDialNoSubprotocol(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if ws, err := websocket.Accept(w, r, nil); err == nil {
			ws.Read(r.Context())
		}
	})
	wantDialError(t, url+secrets, transport.DialNoSubprotocol)
}

func TestDialCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	url := "wss" + strings.TrimPrefix(server.URL, "https") + secrets
	wantDialError(t, url, transport.DialCertificate)
	_, err := transport.Dialer{HTTPClient: server.Client()}.Dial(t.Context(), url)
	wantKind(t, err, transport.DialHTTPStatus)
}

func TestDialTimeout(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = transport.Dial(ctx, "ws://"+l.Addr().String()+secrets)
	wantKind(t, err, transport.DialTimeout)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v must wrap the error of the context", err)
	}
}

func TestReceivedMessageTooBig(t *testing.T) {
	c, far := connectWebSocket(t)
	far.send([]byte("before"))
	wantMessage(t, "before", c, []byte("before"))
	for _, size := range []int{transport.MaxMessage + 1, 70_000, 20 << 20} {
		msg := bytes.Repeat([]byte("x"), size)
		go far.(wsFar).ws.Write(context.Background(), websocket.MessageText, msg)
		wantMessage(t, "its beginning", c, msg[:transport.MaxMessage+1])
	}
	far.send([]byte("after"))
	wantMessage(t, "the connection goes on", c, []byte("after"))
}

func TestServerThatReadsNothingFillsTheQueue(t *testing.T) {
	c, _ := connectWebSocket(t)
	msg := make([]byte, transport.MaxMessage)
	var err error
	for n := 0; err == nil && n < 10000; n++ {
		err = c.Send(msg)
	}
	if !errors.Is(err, transport.ErrQueueFull) {
		t.Errorf("got %v, want ErrQueueFull", err)
	}
}

func TestEveryGoroutineEnds(t *testing.T) {
	before := 0
	t.Run("connections", func(t *testing.T) {
		http.DefaultClient.CloseIdleConnections()
		before = runtime.NumGoroutine()
		for i := range 9 {
			c, far := connectWebSocket(t)
			switch i % 3 {
			case 0:
				c.Abandon()
			case 1:
				far.cut()
				recv(t, c)
			case 2:
				c.Close(1000, "")
				far.receive()
				recv(t, c)
			}
		}
	})
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for runtime.NumGoroutine() > before {
		select {
		case <-ticker.C:
		case <-deadline:
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

// TestFloodWaitsForASlowReader: what nobody reads stays on the wire beyond a bound, and all of it comes once somebody does.
func TestFloodWaitsForASlowReader(t *testing.T) {
	c, far := connectWebSocket(t)
	const count, unread = 6000, 4500 // the bound is 4096
	flooded := make(chan struct{})
	go func() {
		for i := range count {
			if i == unread {
				close(flooded)
			}
			far.send([]byte(fmt.Sprintf("MESSAGE %d", i)))
		}
	}()
	<-flooded
	for i := range count {
		wantMessage(t, "none is lost", c, []byte(fmt.Sprintf("MESSAGE %d", i)))
	}
	send(t, c, []byte("still there"))
	wantSent(t, "the connection is as it was", far, []byte("still there"))
}

// TestCloseInAFlood: who closes waits for nothing that comes in.
func TestCloseInAFlood(t *testing.T) {
	c, far := connectWebSocket(t)
	go func() {
		ws := far.(wsFar).ws
		for ws.Write(context.Background(), websocket.MessageBinary, make([]byte, 60_000)) == nil {
		}
	}()
	c.Close(1000, "enough")
	for {
		if _, err := recv(t, c); err != nil {
			return
		}
	}
}
