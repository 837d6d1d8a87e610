package transport_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pkg/transport"
)

// fakeSocket plays the browser's WebSocket and the server behind it. Node.js has none.
type fakeSocket struct {
	t     *testing.T
	v     js.Value
	url   string
	sub   string
	sent  chan []byte
	ended chan *transport.CloseError // the first call of close
}

const handlers = "onopen onmessage onclose"

// install puts a fake constructor in the place of WebSocket until the test ends; every socket made is given to made.
func install(t *testing.T, made func(*fakeSocket)) {
	t.Helper()
	answer(t, false, nil)
	class := js.FuncOf(func(this js.Value, args []js.Value) any {
		f := &fakeSocket{t: t, v: this, url: args[0].String(), sub: args[1].Call("join").String(), sent: make(chan []byte, 4096),
			ended: make(chan *transport.CloseError, 16)}
		send, end := js.FuncOf(f.onSend), js.FuncOf(f.onEnd)
		t.Cleanup(send.Release)
		t.Cleanup(end.Release)
		this.Set("readyState", 0)
		this.Set("bufferedAmount", 0)
		this.Set("protocol", "")
		this.Set("send", send)
		this.Set("close", end)
		later(func() { made(f) })
		return nil
	})
	installClass(t, class.Value)
	t.Cleanup(class.Release)
}

// answer puts a web server and a browser's permissions in the place of fetch and navigator.permissions until the test ends.
// Nobody answers where web is false; a permission that is not named is not known.
func answer(t *testing.T, web bool, permissions map[string]string) (asked *[]string) {
	t.Helper()
	promise := js.Global().Get("Promise")
	asked = new([]string)
	fetch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		*asked = append(*asked, args[0].String())
		if web {
			return promise.Call("resolve", map[string]any{})
		}
		return promise.Call("reject", "nobody")
	})
	query := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if state, ok := permissions[args[0].Get("name").String()]; ok {
			return promise.Call("resolve", map[string]any{"state": state})
		}
		return promise.Call("reject", "unknown")
	})
	replace(t, "fetch", fetch.Value)
	replace(t, "navigator", js.ValueOf(map[string]any{"permissions": map[string]any{"query": query.Value}}))
	t.Cleanup(func() { fetch.Release(); query.Release() })
	return asked
}

// replace puts a value in the place of a global one until the test ends.
func replace(t *testing.T, name string, value js.Value) {
	define := func(value any) {
		how := map[string]any{"value": value, "configurable": true, "writable": true}
		js.Global().Get("Object").Call("defineProperty", js.Global(), name, how)
	}
	old := js.Global().Get(name)
	define(value)
	t.Cleanup(func() { define(old) })
}

func installClass(t *testing.T, class js.Value) {
	old := js.Global().Get("WebSocket")
	js.Global().Set("WebSocket", class)
	t.Cleanup(func() { js.Global().Set("WebSocket", old) })
}

func (f *fakeSocket) onSend(_ js.Value, args []js.Value) any {
	if args[0].Type() == js.TypeString {
		f.sent <- []byte(args[0].String())
		return nil
	}
	msg := make([]byte, args[0].Length())
	js.CopyBytesToGo(msg, args[0])
	f.sent <- msg
	return nil
}

// onEnd answers the close frame with one of its own, later, as a live server does.
func (f *fakeSocket) onEnd(_ js.Value, args []js.Value) any {
	code, reason := args[0].Int(), args[1].String()
	if f.v.Get("readyState").Int() >= 2 {
		return nil
	}
	f.v.Set("readyState", 2)
	f.ended <- &transport.CloseError{Code: code, Reason: reason}
	later(func() { f.close(code, reason) })
	return nil
}

// later runs f in a task of its own, as a browser delivers events.
func later(f func()) {
	var fn js.Func
	fn = js.FuncOf(func(js.Value, []js.Value) any {
		fn.Release()
		f()
		return nil
	})
	js.Global().Call("setTimeout", fn, 0)
}

// emit calls a handler, if there still is one.
func (f *fakeSocket) emit(handler string, event map[string]any) {
	if fn := f.v.Get(handler); fn.Type() == js.TypeFunction {
		fn.Invoke(event)
	}
}

func (f *fakeSocket) open(subprotocol string) {
	f.v.Set("readyState", 1)
	f.v.Set("protocol", subprotocol)
	f.emit("onopen", nil)
}

func (f *fakeSocket) send(msg []byte) {
	if utf8.Valid(msg) {
		f.emit("onmessage", map[string]any{"data": string(msg)})
		return
	}
	view := js.Global().Get("Uint8Array").New(len(msg))
	js.CopyBytesToJS(view, msg)
	f.emit("onmessage", map[string]any{"data": view.Get("buffer")})
}

func (f *fakeSocket) receive() ([]byte, *transport.CloseError) {
	select {
	case msg := <-f.sent:
		return msg, nil
	default:
	}
	select {
	case msg := <-f.sent:
		return msg, nil
	case end := <-f.ended:
		return nil, end
	case <-time.After(patience):
		f.t.Error("far end: nothing came")
		return nil, nil
	}
}

func (f *fakeSocket) close(code int, reason string) {
	f.v.Set("readyState", 3)
	f.emit("onclose", map[string]any{"code": code, "reason": reason, "wasClean": code != 1006})
}

func (f *fakeSocket) cut() { f.close(1006, "") }

// wantReleased checks that no handler stays on the socket.
func (f *fakeSocket) wantReleased(why string) {
	f.t.Helper()
	for name := range strings.FieldsSeq(handlers) {
		if f.v.Get(name).Type() == js.TypeFunction {
			f.t.Errorf("%s: %s still holds a function", why, name)
		}
	}
}

func platformNetworks() []network {
	return []network{{"browser", func(t *testing.T) (transport.Conn, farEnd) { return connect(t) }}}
}

func connect(t *testing.T) (transport.Conn, *fakeSocket) {
	made := make(chan *fakeSocket, 1)
	install(t, func(f *fakeSocket) { f.open("sip"); made <- f })
	c, err := transport.Dial(t.Context(), "wss://sip.example.com/ws")
	if err != nil {
		t.Fatal(err)
	}
	f := <-made
	if f.url != "wss://sip.example.com/ws" || f.sub != "sip" {
		t.Errorf("dialled %q with subprotocol %q", f.url, f.sub)
	}
	return c, f
}

func wantKind(t *testing.T, err error, kind transport.DialErrorKind) {
	t.Helper()
	var failed *transport.DialError
	if !errors.As(err, &failed) || failed.Kind != kind {
		t.Errorf("%v, want %v", err, kind)
	}
}

func TestDialRefusedByTheBrowser(t *testing.T) {
	// Symbol throws when called with new, as WebSocket does for ws:// from an https page.
	installClass(t, js.Global().Get("Symbol"))
	_, err := transport.Dial(t.Context(), "ws://ann:hunter2@sip.example.com/?token=hunter2")
	wantKind(t, err, transport.DialBadURL)
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret in %q", err)
	}
}

func TestDialWithoutWebSocket(t *testing.T) {
	installClass(t, js.Undefined())
	_, err := transport.Dial(t.Context(), "wss://sip.example.com")
	wantKind(t, err, transport.DialBadURL)
}

func TestDialUnreachable(t *testing.T) {
	made := make(chan *fakeSocket, 2)
	install(t, func(f *fakeSocket) { f.cut(); made <- f })
	_, err := transport.Dial(t.Context(), "wss://down.example.com")
	wantKind(t, err, transport.DialUnreachable)
	(<-made).wantReleased("after a failed dial")
	(<-made).wantReleased("after a second look")
}

func TestDialUnreachableAfterItOnceWorked(t *testing.T) {
	c, f := connect(t)
	c.Abandon()
	dials := 0
	install(t, func(f *fakeSocket) { dials++; f.cut() })
	_, err := transport.Dial(t.Context(), f.url)
	wantKind(t, err, transport.DialUnreachable)
	if dials != 1 {
		t.Errorf("dialled %d times, want once: the server is known to speak SIP", dials)
	}
}

// TestDialRefusedSubprotocol plays Chromium, which fails a connection that grants no subprotocol.
func TestDialRefusedSubprotocol(t *testing.T) {
	made := make(chan *fakeSocket, 2)
	install(t, func(f *fakeSocket) {
		if f.sub == "" {
			f.open("")
		} else {
			f.cut()
		}
		made <- f
	})
	_, err := transport.Dial(t.Context(), "wss://chat.example.com")
	wantKind(t, err, transport.DialNoSubprotocol)
	(<-made).wantReleased("after a refused subprotocol")
	(<-made).wantReleased("after a second look")
}

func TestDialTimeout(t *testing.T) {
	made := make(chan *fakeSocket, 1)
	install(t, func(f *fakeSocket) { made <- f })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := transport.Dial(ctx, "wss://sip.example.com")
	wantKind(t, err, transport.DialTimeout)
	f := <-made
	f.wantReleased("after a time-out")
	if _, end := f.receive(); end == nil {
		t.Error("the socket must be closed, or it opens later")
	}
}

func TestDialNoSubprotocol(t *testing.T) {
	made := make(chan *fakeSocket, 1)
	install(t, func(f *fakeSocket) { f.open(""); made <- f })
	_, err := transport.Dial(t.Context(), "wss://sip.example.com")
	wantKind(t, err, transport.DialNoSubprotocol)
	(<-made).wantReleased("after a refused subprotocol")
}

func TestHandlersAreReleased(t *testing.T) {
	c, f := connect(t)
	f.close(1001, "restart")
	wantEnd(t, "closed by the server", c, 1001, "restart")
	f.wantReleased("closed by the server")

	c, f = connect(t)
	c.Abandon()
	f.wantReleased("abandoned")

	c, f = connect(t)
	c.Close(1000, "")
	wantEnd(t, "closed here", c, 1000, "")
	f.wantReleased("closed here")
}

func TestCloseCodeTheBrowserRefuses(t *testing.T) {
	c, f := connect(t)
	c.Close(1001, "going away")
	if _, end := f.receive(); end == nil || end.Code != 1000 {
		t.Errorf("sent %v, want code 1000 in place of 1001", end)
	}
}

func TestReceivedMessageTooBig(t *testing.T) {
	for name, msg := range map[string][]byte{
		"text":             []byte(strings.Repeat("ä", transport.MaxMessage/2+1)),
		"long text":        []byte(strings.Repeat("x", 1<<20)),
		"beyond the plane": []byte(strings.Repeat("😀", transport.MaxMessage)),
		"binary":           append(make([]byte, transport.MaxMessage), 0xff),
		"long binary":      append(make([]byte, 1<<20), 0xff),
	} {
		c, f := connect(t)
		f.send([]byte("before"))
		f.send(msg)
		f.send([]byte("after"))
		wantMessage(t, name, c, []byte("before"))
		wantMessage(t, name+": its beginning", c, msg[:transport.MaxMessage+1])
		wantMessage(t, name+": the connection goes on", c, []byte("after"))
	}
}

func TestSlowNetworkFillsTheQueue(t *testing.T) {
	c, f := connect(t)
	f.v.Set("bufferedAmount", 1<<20)
	if err := c.Send([]byte("x")); !errors.Is(err, transport.ErrQueueFull) {
		t.Errorf("got %v, want ErrQueueFull", err)
	}
}

// TestFloodCostsMessages: a browser cannot keep the other side waiting, so what is not read costs itself and not the connection.
func TestFloodCostsMessages(t *testing.T) {
	c, far := connect(t)
	for range 6000 {
		far.send([]byte("MESSAGE sip:1001@example.com SIP/2.0"))
	}
	far.send([]byte("BYE sip:1001@example.com SIP/2.0"))
	for i := range 4097 {
		msg, err := recv(t, c)
		if err != nil || bytes.HasPrefix(msg, []byte("BYE")) != (i == 4096) {
			t.Fatalf("message %d: %q, %v", i, msg, err)
		}
	}
	far.send([]byte("after it"))
	wantMessage(t, "the connection is as it was", c, []byte("after it"))
}
