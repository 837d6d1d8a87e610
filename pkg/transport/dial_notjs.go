//go:build !js

//lint:file-ignore SA1019 nhooyr.io/websocket is frozen, not broken; the swap to github.com/coder/websocket is one line

package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"unicode/utf8"

	// Frozen upstream and continued as github.com/coder/websocket: replace this line to move on.
	"nhooyr.io/websocket"
)

// Dial opens a connection with the subprotocol "sip", at the path "/ws" where the URL has none and the server is not at its root.
// It fails with a *DialError.
func Dial(ctx context.Context, url string) (Conn, error) {
	return Dialer{}.Dial(ctx, url)
}

// Dialer opens connections through an HTTP client of one's own: other certificates, another proxy. Native only.
type Dialer struct {
	HTTPClient *http.Client // default http.DefaultClient
}

// Dial opens a connection with the subprotocol "sip", at the path "/ws" where the URL has none and the server is not at its root.
// It fails with a *DialError.
func (d Dialer) Dial(ctx context.Context, url string) (Conn, error) {
	return findPath(ctx, url, d.dial)
}

func (d Dialer) dial(ctx context.Context, url string) (Conn, error) {
	u, shown, err := checkURL(url)
	if err != nil {
		return nil, err
	}
	ws, resp, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{
		Subprotocols: []string{subprotocol},
		HTTPClient:   d.HTTPClient,
	})
	if err != nil {
		return nil, dialError(ctx, shown, resp, err)
	}
	if ws.Subprotocol() != subprotocol {
		go ws.Close(websocket.StatusPolicyViolation, "subprotocol sip required")
		return nil, &DialError{Kind: DialNoSubprotocol, URL: shown}
	}
	return newNativeConn(ws), nil
}

func dialError(ctx context.Context, shown string, resp *http.Response, err error) *DialError {
	e := &DialError{Kind: DialUnreachable, URL: shown, Err: err}
	var wrapped *url.Error // repeats the URL as it was given
	if errors.As(err, &wrapped) {
		e.Err = wrapped.Err
	}
	var unverified *tls.CertificateVerificationError
	var unknownCA x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case ctx.Err() != nil:
		e.Kind, e.Err = contextKind(ctx, DialUnreachable), ctx.Err()
	case resp != nil && resp.StatusCode == http.StatusSwitchingProtocols:
		e.Kind = DialNoSubprotocol
	case resp != nil:
		e.Kind, e.Status, e.Err = DialHTTPStatus, resp.StatusCode, nil
	case errors.As(err, &unverified), errors.As(err, &unknownCA):
		e.Kind = DialCertificate
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind = DialTimeout
	}
	return e
}

// nativeConn is a Conn over nhooyr.io/websocket: a reader fills the inbox, a writer empties the queue.
type nativeConn struct {
	ws    *websocket.Conn
	in    *inbox
	alive context.Context // canceled by Abandon and by the reader at its end
	kill  context.CancelFunc
	left  chan struct{} // closed when the close frame leaves: then the reader waits for nobody

	mu      sync.Mutex // guards all below
	queue   [][]byte
	queued  int           // bytes in queue
	closing *CloseError   // set by Close: leaves after the queue
	wake    chan struct{} // holds a token when there is work for the writer
}

func newNativeConn(ws *websocket.Conn) *nativeConn {
	ws.SetReadLimit(-1) // read cuts at MaxMessage itself: a frame above it must not end the connection
	alive, kill := context.WithCancel(context.Background())
	c := &nativeConn{ws: ws, in: newInbox(), alive: alive, kill: kill, left: make(chan struct{}),
		wake: make(chan struct{}, 1)}
	go c.readLoop()
	go c.writeLoop()
	return c
}

func (c *nativeConn) Send(msg []byte) error {
	if len(msg) > MaxMessage {
		return ErrTooBig
	}
	if err := c.in.err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing != nil:
		return c.closing
	case c.queued+len(msg) > maxQueued:
		return ErrQueueFull
	}
	c.queue = append(c.queue, append([]byte{}, msg...))
	c.queued += len(msg)
	c.wakeWriter()
	return nil
}

func (c *nativeConn) Recv(ctx context.Context) ([]byte, error) { return c.in.recv(ctx) }

func (c *nativeConn) Close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.closing = &CloseError{Code: code, Reason: clipReason(reason)}
		c.wakeWriter()
	}
}

func (c *nativeConn) Abandon() {
	c.in.end(&CloseError{Code: codeAbnormal, Err: errAbandoned})
	c.kill()
	go c.ws.CloseNow()
}

func (c *nativeConn) wakeWriter() { signal(c.wake) }

// readLoop ends when the connection does, and then frees it.
func (c *nativeConn) readLoop() {
	defer c.ws.CloseNow()
	defer c.kill()
	for {
		msg, err := c.read()
		if err != nil {
			c.in.end(closeError(err))
			return
		}
		c.in.pushSlowly(c.left, msg) // meanwhile the other side has to wait, by TCP
	}
}

// read returns the next frame, of a frame that is too big the beginning.
func (c *nativeConn) read() ([]byte, error) {
	_, r, err := c.ws.Reader(c.alive)
	if err != nil {
		return nil, err
	}
	msg, err := io.ReadAll(io.LimitReader(r, MaxMessage+1))
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	return msg, err
}

func closeError(err error) *CloseError {
	var frame websocket.CloseError
	if errors.As(err, &frame) {
		return &CloseError{Code: int(frame.Code), Reason: frame.Reason}
	}
	return &CloseError{Code: codeAbnormal, Err: err}
}

// writeLoop ends when the connection does, or after the close frame.
func (c *nativeConn) writeLoop() {
	for {
		select {
		case <-c.wake:
		case <-c.alive.Done():
			return
		}
		msgs, closing := c.takeQueue()
		for _, msg := range msgs {
			if c.ws.Write(c.alive, frameType(msg), msg) != nil {
				c.kill() // the reader reports why
				return
			}
		}
		if closing != nil {
			close(c.left)
			c.ws.Close(websocket.StatusCode(closing.Code), closing.Reason)
			return
		}
	}
}

func (c *nativeConn) takeQueue() ([][]byte, *CloseError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	msgs := c.queue
	c.queue, c.queued = nil, 0
	return msgs, c.closing
}

func frameType(msg []byte) websocket.MessageType {
	if utf8.Valid(msg) {
		return websocket.MessageText
	}
	return websocket.MessageBinary
}
