//go:build !js

package siptest

import (
	"net/http"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"nhooyr.io/websocket"
)

// tryDial dials as a client that expects to fail.
func tryDial(t *testing.T, srv *Server, protocols ...string) (*websocket.Conn, *http.Response, error) {
	ws, resp, err := websocket.Dial(testContext(t), srv.URL, &websocket.DialOptions{Subprotocols: protocols})
	if err == nil {
		t.Cleanup(func() { ws.CloseNow() })
	}
	return ws, resp, err
}

func TestDropConnections(t *testing.T) {
	srv := newServer(t)
	gone, stays := login(t, srv, "1001"), login(t, srv, "1002")
	if n := srv.DropConnections("1001"); n != 1 {
		t.Errorf("dropped %d connections, want 1", n)
	}
	for range gone.in {
	}
	if code := websocket.CloseStatus(gone.failure); code != -1 {
		t.Errorf("got close code %d, want an end without a close frame", code)
	}
	stays.wantIdle("other users stay connected")
}

func TestCloseConnections(t *testing.T) {
	srv := newServer(t)
	c := login(t, srv, "1001")
	srv.CloseConnections("", 4000, "maintenance")
	for range c.in {
	}
	if code := websocket.CloseStatus(c.failure); code != 4000 {
		t.Errorf("got %v, want close code 4000", c.failure)
	}
}

func TestRefusedDials(t *testing.T) {
	srv := newServer(t)
	srv.Refuse(2)
	for range 2 {
		if _, resp, err := tryDial(t, srv, "sip"); err == nil || resp == nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("got %v, want HTTP 503", resp)
		}
	}
	srv.RefuseDials(true)
	if _, resp, err := tryDial(t, srv, "sip"); err == nil || resp != nil {
		t.Errorf("got %v, want a connection closed without an answer", resp)
	}
	srv.RefuseDials(false)
	login(t, srv, "1001")
}

func TestSubprotocol(t *testing.T) {
	srv := newServer(t)
	if _, resp, err := tryDial(t, srv, "chat"); err == nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("got %v %v, want 400 for a WebSocket that is not for SIP", resp, err)
	}
	srv.NoSubprotocol(true)
	ws, _, err := tryDial(t, srv, "sip")
	if err != nil || ws.Subprotocol() != "" {
		t.Errorf("got %v %v, want a WebSocket without subprotocol", ws, err)
	}
}

func TestBlackhole(t *testing.T) {
	srv := newServer(t)
	c := login(t, srv, "1001")
	srv.Blackhole(true)
	options := c.request("OPTIONS", "sip:sip.test")
	c.send(options)
	if _, err := srv.WaitMessage(testContext(t), func(m Message) bool { return m.Method() == "OPTIONS" }); err != nil {
		t.Fatal(err)
	}
	srv.Blackhole(false)
	c.wantIdle("what was swallowed stays unanswered")
}

func TestDelay(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, srv *Server) {
		c := attach(t, srv, "1001")
		srv.Delay(3 * time.Second)
		start := time.Now()
		c.send(c.request("OPTIONS", "sip:sip.test"))
		c.send(c.request("OPTIONS", "sip:sip.test"))
		c.want("late", "407")
		c.want("late", "407")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %v, want 3 s for both", took)
		}
	})
}

func TestInjectRaw(t *testing.T) {
	srv := newServer(t)
	c := login(t, srv, "1001")
	if err := srv.InjectRaw("1001", []byte("\x00 no SIP")); err != nil {
		t.Fatal(err)
	}
	if got := c.next("bytes as they are"); string(got.body) != "\x00 no SIP" {
		t.Errorf("got %q", got.body)
	}
	if err := srv.InjectRaw("1002", nil); err == nil {
		t.Error("1002 has no connection: that must be an error")
	}
}

func TestRejectNext(t *testing.T) {
	srv := newServer(t)
	c := login(t, srv, "1001")
	srv.RejectNext("REGISTER", 503, "Retry-After: 7")
	c.send(c.registerRequest())
	if got := c.want("the next one is rejected", "503").get("Retry-After"); got != "7" {
		t.Errorf("Retry-After: got %q, want 7", got)
	}
	c.register()
}

func TestTraceSeesBothDirections(t *testing.T) {
	seen := make(chan Message, 100)
	srv := newServer(t, Options{Trace: func(m Message) { seen <- m }})
	login(t, srv, "1001")
	for _, want := range []string{"received REGISTER", "sent SIP/2.0 401", "received REGISTER", "sent SIP/2.0 200"} {
		m := <-seen
		if got := string(m.Direction) + " " + m.StartLine(); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	srv := NewServer(quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU", "opus")
	talkTo(c, p, "600")
	p.hearEcho(3)
	early := newPhone(t, "PCMU")
	c.invite("sip:602@sip.test", early.offer(nil))
	early.answered(c.want("a second call plays its tone", "183").body)
	early.hear("tone")
	srv.Close()
	for range c.in {
	}
	if code := websocket.CloseStatus(c.failure); code != 1001 {
		t.Errorf("got %v, want close code 1001", c.failure)
	}
	var running strings.Builder
	pprof.Lookup("goroutine").WriteTo(&running, 2)
	for goroutine := range strings.SplitSeq(running.String(), "\n\n") {
		for _, ours := range []string{"siptest.(*Server)", "siptest.(*peerCall)", "siptest.(*echo)"} {
			if strings.Contains(goroutine, ours) {
				t.Errorf("still running:\n%s", goroutine)
			}
		}
	}
	if calls := srv.Calls(); len(calls) != 2 || calls[0].Cause != "closed" || calls[1].State != CallEnded {
		t.Errorf("got %+v, want both calls ended", calls)
	}
}
