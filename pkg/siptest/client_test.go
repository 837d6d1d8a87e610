//go:build !js

package siptest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"nhooyr.io/websocket"
)

// client is a bare SIP client: it sends what a test tells it to and hands over what arrives.
type client struct {
	t        *testing.T
	srv      *Server
	conn     MessageConn
	user     string
	host     string // of its Contact and Via
	instance string
	cseq     int
	nc       map[string]int
	in       chan *message // closed by the reader when the connection has ended
	failure  error         // why, valid after in is closed
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func newServer(t *testing.T, opts ...Options) *Server {
	t.Helper()
	srv := NewServer(opts...)
	t.Cleanup(srv.Close)
	return srv
}

// dial connects a client that is not registered.
func dial(t *testing.T, srv *Server, user string) *client {
	t.Helper()
	ws, _, err := websocket.Dial(testContext(t), srv.URL, &websocket.DialOptions{Subprotocols: []string{"sip"}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	ws.SetReadLimit(maxMessage)
	return newClient(t, srv, user, &wsConn{ws: ws})
}

func newClient(t *testing.T, srv *Server, user string, conn MessageConn) *client {
	c := &client{t: t, srv: srv, conn: conn, user: user, host: rand.Text()[:10] + ".invalid", nc: map[string]int{},
		in: make(chan *message, 100)}
	go c.read()
	t.Cleanup(conn.Abandon)
	return c
}

// attach connects a client through memory, for tests in virtual time.
func attach(t *testing.T, srv *Server, user string) *client {
	near, far := newPipe()
	go srv.ServeConn(far, "192.0.2.1:4321")
	c := newClient(t, srv, user, near)
	c.register()
	return c
}

// pipe is one end of a connection in memory.
type pipe struct {
	in, out chan []byte
	done    chan struct{} // closed when either end closes
	once    *sync.Once
}

func newPipe() (a, b *pipe) {
	x, y, done, once := make(chan []byte, 1000), make(chan []byte, 1000), make(chan struct{}), new(sync.Once)
	return &pipe{x, y, done, once}, &pipe{y, x, done, once}
}

func (p *pipe) Recv(ctx context.Context) ([]byte, error) {
	select {
	case data := <-p.in:
		return data, nil
	case <-p.done:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) Send(data []byte) error { p.out <- data; return nil }
func (p *pipe) Close(int, string)      { p.Abandon() }
func (p *pipe) Abandon()               { p.once.Do(func() { close(p.done) }) }

// login connects and registers a client.
func login(t *testing.T, srv *Server, user string) *client {
	t.Helper()
	c := dial(t, srv, user)
	c.register()
	return c
}

func (c *client) read() {
	defer close(c.in)
	for {
		data, err := c.conn.Recv(context.Background())
		if err != nil {
			c.failure = err
			return
		}
		m, err := parseMessage(data)
		if err != nil {
			m = &message{reason: "unparsed", body: data}
		}
		c.in <- m
	}
}

func (c *client) sendRaw(data string) {
	c.t.Helper()
	if err := c.conn.Send([]byte(data)); err != nil {
		c.t.Fatalf("send: %v", err)
	}
}

func (c *client) send(m *message) { c.t.Helper(); c.sendRaw(string(m.bytes())) }

// next is the next message of any kind.
func (c *client) next(why string) *message {
	c.t.Helper()
	select {
	case m, ok := <-c.in:
		if !ok {
			c.t.Fatalf("%s: connection ended: %v", why, c.failure)
		}
		return m
	case <-testContext(c.t).Done():
		c.t.Fatalf("%s: nothing came", why)
	}
	return nil
}

// want is the next message; it must be a response of that code, "180", or a request of that method, "BYE".
func (c *client) want(why, what string) *message {
	c.t.Helper()
	m := c.next(why)
	if got := m.what(); got != what {
		c.t.Fatalf("%s: got %s, want %s\n%s", why, got, what, m.bytes())
	}
	return m
}

// wantLater is want for what comes minutes later in virtual time.
func (c *client) wantLater(why, what string) *message {
	c.t.Helper()
	m, ok := <-c.in
	if !ok || m.what() != what {
		c.t.Fatalf("%s: got %v, want %s", why, m, what)
	}
	return m
}

func (m *message) what() string {
	if m.isRequest() {
		return m.method
	}
	return fmt.Sprint(m.code)
}

// wantIdle makes sure that nothing more came: a ping through the server is answered first.
func (c *client) wantIdle(why string) {
	c.t.Helper()
	c.sendRaw("\r\n\r\n")
	if m := c.next(why); string(m.body) != "\r\n" {
		c.t.Fatalf("%s: got %s, want nothing", why, m.bytes())
	}
}

func (c *client) contact() string {
	if c.instance == "" {
		return fmt.Sprintf("<sip:%s@%s;transport=ws>", c.user, c.host)
	}
	return fmt.Sprintf(`<sip:%s@%s;transport=ws;ob>;reg-id=1;+sip.instance="<%s>"`, c.user, c.host, c.instance)
}

func (c *client) via() string {
	return fmt.Sprintf("SIP/2.0/WS %s;branch=%s;rport", c.host, newBranch())
}

// request starts a request outside a dialog.
func (c *client) request(method, uri string) *message {
	c.cseq++
	m := &message{method: method, uri: uri}
	m.add("Via", c.via())
	m.add("Max-Forwards", "70")
	m.add("From", fmt.Sprintf("<sip:%s@%s>;tag=%s", c.user, c.srv.Domain, rand.Text()[:8]))
	m.add("To", "<"+uri+">")
	m.add("Call-ID", rand.Text())
	m.add("CSeq", fmt.Sprintf("%d %s", c.cseq, method))
	m.add("Contact", c.contact())
	return m
}

// again is the same request with a new branch and CSeq.
func (c *client) again(m *message) *message {
	next := m.clone()
	c.cseq++
	next.set("Via", c.via())
	next.set("CSeq", fmt.Sprintf("%d %s", c.cseq, m.method))
	return next
}

// authorize repeats a request with the answer to the first challenge of a 401 or 407.
func (c *client) authorize(m, challenge *message) *message {
	next := c.again(m)
	answer, value := "Authorization", challenge.get("WWW-Authenticate")
	if challenge.code == 407 {
		answer, value = "Proxy-Authorization", challenge.get("Proxy-Authenticate")
	}
	next.set(answer, c.answer(m, value, c.srv.Password(c.user)))
	return next
}

func (c *client) answer(m *message, challenge, password string) string {
	cred := parseCredentials(challenge)
	nonce := cred["nonce"]
	c.nc[nonce]++
	cred["username"], cred["uri"] = c.user, m.uri
	cred["qop"], _, _ = strings.Cut(cred["qop"], ",")
	cred["nc"], cred["cnonce"] = fmt.Sprintf("%08x", c.nc[nonce]), "c0ffee"
	value := fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=%s, response="%s"`, c.user,
		cred["realm"], nonce, m.uri, cred["algorithm"], cred.response(password, m.method, m.body))
	if cred["qop"] != "" {
		value += fmt.Sprintf(`, qop=%s, nc=%s, cnonce="%s"`, cred["qop"], cred["nc"], cred["cnonce"])
	}
	return value
}

// challenged sends a request, takes the challenge and sends it again with credentials; it returns what was sent last.
func (c *client) challenged(m *message) *message {
	c.t.Helper()
	c.send(m)
	challenge := c.next("a request without credentials is challenged")
	if challenge.code != 401 && challenge.code != 407 {
		c.t.Fatalf("got %s, want a challenge", challenge.bytes())
	}
	if m.method == "INVITE" {
		c.send(c.ackFailure(m, challenge))
	}
	next := c.authorize(m, challenge)
	c.send(next)
	return next
}

func (c *client) registerRequest() *message {
	m := c.request("REGISTER", "sip:"+c.srv.Domain)
	m.set("To", fmt.Sprintf("<sip:%s@%s>", c.user, c.srv.Domain))
	m.add("Supported", "outbound, gruu, path")
	return m
}

func (c *client) register() *message {
	c.t.Helper()
	c.challenged(c.registerRequest())
	return c.want("right credentials register", "200")
}

// invite sends an authorized INVITE and takes the 100.
func (c *client) invite(uri string, body string) *message {
	c.t.Helper()
	m := c.request("INVITE", uri)
	if body != "" {
		m.add("Content-Type", "application/sdp")
		m.body = []byte(body)
	}
	sent := c.challenged(m)
	c.want("the server shows that it has the INVITE", "100")
	return sent
}

// ackFailure is the ACK of a response above 299: part of the INVITE's transaction.
func (c *client) ackFailure(invite, resp *message) *message {
	m := &message{method: "ACK", uri: invite.uri}
	for _, name := range []string{"Via", "Max-Forwards", "From", "Call-ID"} {
		m.add(name, invite.get(name))
	}
	m.add("To", resp.get("To"))
	m.add("CSeq", strings.Fields(invite.get("CSeq"))[0]+" ACK")
	return m
}

func (c *client) cancel(invite *message) *message {
	m := c.ackFailure(invite, invite)
	m.method = "CANCEL"
	m.set("CSeq", strings.Fields(invite.get("CSeq"))[0]+" CANCEL")
	return m
}

// reply answers a request that came; a tag makes it part of a dialog.
func (c *client) reply(m *message, code int, tag string) *message {
	c.t.Helper()
	r := m.response(code, "", tag)
	if code > 100 && code < 300 {
		r.add("Contact", c.contact())
	}
	c.send(r)
	return r
}

// inDialog is a request of the caller, made of its INVITE and the 2xx.
func (c *client) inDialog(method string, invite, ok *message) *message {
	c.cseq++
	m := &message{method: method, uri: parseAddr(ok.get("Contact")).uri}
	m.add("Via", c.via())
	m.add("Max-Forwards", "70")
	routes := ok.all("Record-Route")
	for i := len(routes) - 1; i >= 0; i-- {
		m.add("Route", routes[i])
	}
	m.add("From", invite.get("From"))
	m.add("To", ok.get("To"))
	m.add("Call-ID", invite.callID())
	number := fmt.Sprint(c.cseq)
	if method == "ACK" {
		number = strings.Fields(invite.get("CSeq"))[0]
	}
	m.add("CSeq", number+" "+method)
	m.add("Contact", c.contact())
	return m
}

// inDialogBack is a request of the called side, made of the INVITE it got and its 2xx.
func (c *client) inDialogBack(method string, invite, ok *message) *message {
	c.cseq++
	m := &message{method: method, uri: parseAddr(invite.get("Contact")).uri}
	m.add("Via", c.via())
	m.add("Max-Forwards", "70")
	for _, route := range invite.all("Record-Route") {
		m.add("Route", route)
	}
	m.add("From", ok.get("To"))
	m.add("To", invite.get("From"))
	m.add("Call-ID", invite.callID())
	m.add("CSeq", fmt.Sprintf("%d %s", c.cseq, method))
	m.add("Contact", c.contact())
	return m
}
