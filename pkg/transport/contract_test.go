package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
)

// The contract of a Conn, checked over every kind there is in this build.

const patience = 10 * time.Second

// farEnd is what a Conn is connected to.
type farEnd interface {
	send(msg []byte)                          // as one frame: text if it is UTF-8, else binary
	receive() ([]byte, *transport.CloseError) // the next frame, or the close frame
	close(code int, reason string)            // with a close frame
	cut()                                     // without one
}

// network makes a Conn and its far end.
type network struct {
	name    string
	connect func(t *testing.T) (transport.Conn, farEnd)
}

// pipeFar is the far end of a Pipe: another Conn.
type pipeFar struct {
	t    *testing.T
	conn transport.Conn
}

func (f pipeFar) send(msg []byte) {
	if err := f.conn.Send(msg); err != nil {
		f.t.Errorf("far end: %v", err)
	}
}

func (f pipeFar) receive() ([]byte, *transport.CloseError) {
	msg, err := f.conn.Recv(f.t.Context())
	var closed *transport.CloseError
	if err != nil && !errors.As(err, &closed) {
		f.t.Errorf("far end: %v", err)
	}
	return msg, closed
}

func (f pipeFar) close(code int, reason string) { f.conn.Close(code, reason) }
func (f pipeFar) cut()                          { f.conn.Abandon() }

func pipeNetwork() network {
	return network{"pipe", func(t *testing.T) (transport.Conn, farEnd) {
		a, b := transport.Pipe()
		return a, pipeFar{t, b}
	}}
}

func everyNetwork(t *testing.T, test func(t *testing.T, c transport.Conn, far farEnd)) {
	for _, n := range append(platformNetworks(), pipeNetwork()) {
		t.Run(n.name, func(t *testing.T) {
			c, far := n.connect(t)
			t.Cleanup(c.Abandon)
			test(t, c, far)
		})
	}
}

func recv(t *testing.T, c transport.Conn) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return c.Recv(ctx)
}

func wantMessage(t *testing.T, why string, c transport.Conn, want []byte) {
	t.Helper()
	got, err := recv(t, c)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s: %.40q, %v, want %.40q", why, got, err, want)
	}
}

func wantEnd(t *testing.T, why string, c transport.Conn, code int, reason string) {
	t.Helper()
	msg, err := recv(t, c)
	var closed *transport.CloseError
	if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
		t.Fatalf("%s: %.40q, %v, want code %d %q", why, msg, err, code, reason)
	}
	if err := c.Send([]byte("late")); err == nil {
		t.Errorf("%s: an ended connection must refuse to send", why)
	}
	if _, again := recv(t, c); !errors.As(again, &closed) || closed.Code != code {
		t.Errorf("%s: asked again: %v, want the same end", why, again)
	}
}

func wantSent(t *testing.T, why string, far farEnd, want []byte) {
	t.Helper()
	if got, end := far.receive(); end != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s: %.40q, %v, want %.40q", why, got, end, want)
	}
}

func send(t *testing.T, c transport.Conn, msg []byte) {
	t.Helper()
	if err := c.Send(msg); err != nil {
		t.Fatalf("send: %v", err)
	}
}

func TestMessagesStayWholeAndInOrder(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		samples := [][]byte{
			[]byte("OPTIONS sip:a@example.com SIP/2.0\r\n\r\n"), []byte("\r\n\r\n"), []byte("naïve ☎"), {0xff, 0x00, 0xfe},
			bytes.Repeat([]byte("x"), transport.MaxMessage), {},
		}
		for _, msg := range samples {
			send(t, c, msg)
			wantSent(t, "out", far, msg)
			far.send(msg)
			wantMessage(t, "in", c, msg)
		}
		for i := range 200 {
			send(t, c, fmt.Append(nil, "out ", i))
			far.send(fmt.Append(nil, "in ", i))
		}
		for i := range 200 {
			wantSent(t, "order out", far, fmt.Append(nil, "out ", i))
			wantMessage(t, "order in", c, fmt.Append(nil, "in ", i))
		}
	})
}

func TestSentMessageMayBeChangedAfterwards(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		msg := []byte("first")
		send(t, c, msg)
		copy(msg, "XXXXX")
		wantSent(t, "a message is copied", far, []byte("first"))
	})
}

func TestTooBigMessageIsRefused(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		if err := c.Send(make([]byte, transport.MaxMessage+1)); !errors.Is(err, transport.ErrTooBig) {
			t.Errorf("got %v, want ErrTooBig", err)
		}
		send(t, c, []byte("next"))
		wantSent(t, "the connection goes on", far, []byte("next"))
	})
}

func TestRecvReturnsAllThatCameBeforeTheEnd(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		for i := range 50 {
			far.send(fmt.Append(nil, i))
		}
		far.close(4001, "go away")
		for i := range 50 {
			wantMessage(t, "sent before the close", c, fmt.Append(nil, i))
		}
		wantEnd(t, "close frame", c, 4001, "go away")
	})
}

func TestCloseLetsQueuedMessagesLeave(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		for i := range 50 {
			send(t, c, fmt.Append(nil, i))
		}
		c.Close(3001, "done")
		c.Close(3002, "twice")
		for i := range 50 {
			wantSent(t, "queued before the close", far, fmt.Append(nil, i))
		}
		msg, end := far.receive()
		if end == nil || end.Code != 3001 || end.Reason != "done" {
			t.Fatalf("far end got %q, %v, want code 3001", msg, end)
		}
		if err := c.Send([]byte("late")); err == nil {
			t.Error("a closing connection must refuse to send")
		}
	})
}

func TestLongReasonIsCutAtARune(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		c.Close(1000, string(bytes.Repeat([]byte("ä"), 200)))
		if msg, end := far.receive(); end == nil || end.Reason != string(bytes.Repeat([]byte("ä"), 61)) {
			t.Errorf("got %q, %v, want 61 letters", msg, end)
		}
	})
}

func TestAbandonDoesNotWait(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		far.send([]byte("before"))
		wantMessage(t, "before", c, []byte("before"))
		begin := time.Now()
		c.Abandon()
		c.Abandon()
		if took := time.Since(begin); took > time.Second {
			t.Errorf("it took %v", took)
		}
		wantEnd(t, "abandoned", c, 1006, "")
		c.Close(1000, "too late")
	})
}

func TestLostConnection(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		far.cut()
		wantEnd(t, "no close frame came", c, 1006, "")
	})
}

func TestRecvEndsWithItsContext(t *testing.T) {
	everyNetwork(t, func(t *testing.T, c transport.Conn, far farEnd) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Recv(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the error of the context", err)
		}
		far.send([]byte("after"))
		wantMessage(t, "the connection goes on", c, []byte("after"))
	})
}

func TestBadURLs(t *testing.T) {
	for _, url := range []string{"", "example.com", "https://example.com/ws", "sip:example.com", "wss://", "wss:///ws",
		"wss://a b/", "wss://example.com/#f", "\x00"} {
		_, err := transport.Dial(t.Context(), url)
		var failed *transport.DialError
		if !errors.As(err, &failed) || failed.Kind != transport.DialBadURL {
			t.Errorf("%q: %v, want DialBadURL", url, err)
		}
	}
}
