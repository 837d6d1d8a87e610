package transport

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"syscall/js"
	"time"
	"unicode/utf8"
)

const (
	readyOpen = 1           // WebSocket.OPEN
	probeTime = time.Second // longest wait for the second look at a server that failed
)

// granted holds the URLs that have granted the subprotocol, so that a server that is down for a while is dialled once
// at each try.
var granted sync.Map

// Dial opens a connection with the subprotocol "sip", at the path "/ws" where the URL has none and the server is not at its root.
// It fails with a *DialError.
func Dial(ctx context.Context, url string) (Conn, error) { return findPath(ctx, url, dial) }

func dial(ctx context.Context, url string) (Conn, error) {
	u, shown, err := checkURL(url)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c, err := newBrowserConn(u.String(), subprotocol)
	if err != nil {
		return nil, &DialError{Kind: DialBadURL, URL: shown, Err: err}
	}
	select {
	case <-c.opened:
	case <-c.in.ended:
		return nil, &DialError{Kind: failure(ctx, u, time.Since(began)), URL: shown, Err: c.in.err()}
	case <-ctx.Done():
		c.Abandon()
		return nil, &DialError{Kind: contextKind(ctx, DialUnreachable), URL: shown, Err: ctx.Err()}
	}
	if c.ws.Get("protocol").String() != subprotocol {
		c.Abandon()
		return nil, &DialError{Kind: DialNoSubprotocol, URL: shown}
	}
	granted.Store(u.String(), true)
	return c, nil
}

// failure tells apart what a browser fails alike, after a try that took some time.
func failure(ctx context.Context, u *url.URL, took time.Duration) DialErrorKind {
	if _, ok := granted.Load(u.String()); ok {
		return DialUnreachable
	}
	switch {
	case opens(ctx, u.String()):
		return DialNoSubprotocol
	case answersHTTP(ctx, u):
		return DialHTTPStatus
	case took < decidedAlone && asksForLocal(ctx, u):
		return DialLocalNetwork
	}
	return DialUnreachable
}

// opens tells whether a WebSocket opens where it is not asked for the subprotocol.
func opens(ctx context.Context, url string) bool {
	c, err := newBrowserConn(url)
	if err != nil {
		return false
	}
	defer c.Abandon()
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	select {
	case <-c.opened:
		return true
	case <-c.in.ended:
	case <-ctx.Done():
	}
	return false
}

// browserConn is a Conn over the browser's WebSocket. Its event handlers only fill the inbox.
type browserConn struct {
	ws      js.Value
	in      *inbox
	opened  chan struct{} // closed by the open event
	release func()        // takes the handlers off the socket and frees them, once
}

// newBrowserConn fails when the constructor throws: bad URL, or ws:// from an https page.
func newBrowserConn(url string, protocols ...any) (c *browserConn, err error) {
	class := js.Global().Get("WebSocket")
	if class.IsUndefined() {
		return nil, errors.New("no WebSocket here")
	}
	defer recoverJS(&err)
	ws := class.New(url, js.ValueOf(protocols))
	ws.Set("binaryType", "arraybuffer")
	c = &browserConn{ws: ws, in: newInbox(), opened: make(chan struct{})}
	c.listen()
	return c, nil
}

// listen attaches the handlers; every one is released when the connection ends, whichever way.
func (c *browserConn) listen() {
	open := sync.OnceFunc(func() { close(c.opened) })
	handlers := map[string]js.Func{
		"onopen":    js.FuncOf(func(js.Value, []js.Value) any { open(); return nil }),
		"onmessage": js.FuncOf(func(_ js.Value, args []js.Value) any { c.message(args[0].Get("data")); return nil }),
		"onclose":   js.FuncOf(func(_ js.Value, args []js.Value) any { c.closed(args[0]); return nil }),
	}
	for name, f := range handlers {
		c.ws.Set(name, f)
	}
	c.release = sync.OnceFunc(func() {
		for name, f := range handlers {
			c.ws.Set(name, js.Null())
			f.Release()
		}
	})
}

// message takes a frame. A browser cannot keep the other side waiting: what is over the bounds of the inbox is lost.
func (c *browserConn) message(data js.Value) { c.in.push(frameBytes(data)) }

// sliceText cuts a JavaScript string before it is copied.
var sliceText = js.Global().Get("String").Get("prototype").Get("slice")

// frameBytes copies a text or binary frame, of one that is too big the beginning.
func frameBytes(data js.Value) []byte {
	if data.Type() == js.TypeString {
		data = sliceText.Call("call", data, 0, MaxMessage+1) // in UTF-16, which is never longer than UTF-8; no copy
		msg := []byte(data.String())
		return msg[:min(len(msg), MaxMessage+1)]
	}
	size := min(data.Get("byteLength").Int(), MaxMessage+1)
	msg := make([]byte, size)
	js.CopyBytesToGo(msg, js.Global().Get("Uint8Array").New(data, 0, size))
	return msg
}

func (c *browserConn) closed(event js.Value) {
	c.in.end(&CloseError{Code: event.Get("code").Int(), Reason: event.Get("reason").String()})
	c.release()
}

// fail ends the connection for a reason found here.
func (c *browserConn) fail(code int, cause *CloseError) {
	c.in.end(cause)
	c.release()
	c.closeSocket(code, cause.Reason)
}

func (c *browserConn) Send(msg []byte) (err error) {
	if len(msg) > MaxMessage {
		return ErrTooBig
	}
	if err := c.in.err(); err != nil {
		return err
	}
	if c.ws.Get("readyState").Int() != readyOpen {
		return &CloseError{Code: codeAbnormal, Err: errors.New("connection is closing")}
	}
	if c.ws.Get("bufferedAmount").Int()+len(msg) > maxQueued {
		return ErrQueueFull
	}
	defer recoverJS(&err)
	c.ws.Call("send", frameValue(msg))
	return nil
}

func frameValue(msg []byte) js.Value {
	if utf8.Valid(msg) {
		return js.ValueOf(string(msg))
	}
	view := js.Global().Get("Uint8Array").New(len(msg))
	js.CopyBytesToJS(view, msg)
	return view
}

func (c *browserConn) Recv(ctx context.Context) ([]byte, error) { return c.in.recv(ctx) }

func (c *browserConn) Close(code int, reason string) {
	if code != codeNormal && (code < 3000 || code > 4999) {
		code = codeNormal
	}
	c.closeSocket(code, clipReason(reason))
}

func (c *browserConn) Abandon() {
	c.fail(codeNormal, &CloseError{Code: codeAbnormal, Err: errAbandoned})
}

// closeSocket starts the close; the browser finishes it in the background. A socket already closed stays so.
func (c *browserConn) closeSocket(code int, reason string) {
	var ignored error
	defer recoverJS(&ignored)
	c.ws.Call("close", code, reason)
}

// recoverJS turns a JavaScript exception into an error; it must be deferred directly. The exception's text is left
// out: it repeats the URL as it was given.
func recoverJS(err *error) {
	switch e := recover().(type) {
	case nil:
	case js.Error:
		*err = fmt.Errorf("the browser refused: %s", e.Value.Get("name"))
	default:
		panic(e)
	}
}
