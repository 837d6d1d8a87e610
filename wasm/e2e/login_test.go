//go:build e2e

//lint:file-ignore SA1019 nhooyr.io/websocket is frozen, not broken; the swap to github.com/coder/websocket is one line

package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nhooyr.io/websocket"
)

func TestLoginRegisters(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	if got := d.requests("REGISTER"); len(got) == 0 {
		t.Error("no REGISTER at the server")
	}
	if p.HasField("Password") {
		t.Error("the login is still there")
	}
}

func TestWrongPasswordIsSaidOnce(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := openPhone(t, d.URL, "phone", pageOptions{})
	a := d.account(1)
	a.password = "wrong"
	p.Login(a)
	t.Log(p.WaitSentence(`(?i)does not accept`))
	var tries int
	for _, m := range d.requests("REGISTER") {
		if strings.Contains(m, "\r\nAuthorization:") {
			tries++
		}
	}
	if tries < 1 || tries > 2 {
		t.Errorf("got %d REGISTER with credentials, want 1 or 2", tries)
	}
	p.Fill("Password", d.account(1).password)
	p.Click("Login")
	p.WaitRegistered()
}

func TestUnreachableServerIsSaid(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens there now
	refuses(t, fmt.Sprintf("ws://%s", l.Addr()), `cannot be reached`)
}

func TestWrongPathIsSaid(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	refuses(t, "ws"+strings.TrimPrefix(srv.URL, "http")+"/no/such/path", `answers, but refuses`)
}

func TestServerWithoutSIPIsSaid(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err == nil {
			c.CloseRead(r.Context())
			<-r.Context().Done()
		}
	}))
	t.Cleanup(srv.CloseClientConnections)
	refuses(t, "ws"+strings.TrimPrefix(srv.URL, "http"), `does not speak SIP`)
}

// refuses logs in at a server that cannot work and wants to read why.
func refuses(t *testing.T, server, pattern string) {
	t.Helper()
	p := openPhone(t, staticServer(t), "phone", pageOptions{})
	p.Login(account{user: "1001", password: "secret", server: server})
	t.Log(p.WaitSentence(pattern))
}
