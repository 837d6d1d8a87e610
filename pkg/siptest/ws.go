//go:build !js

package siptest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"nhooyr.io/websocket"
)

// maxMessage is the largest message in bytes that the server takes.
const maxMessage = 64 << 10

// ServeHTTP takes one WebSocket with the subprotocol "sip" and serves it until it ends.
// A request without that subprotocol is refused with 400.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protocols := []string{"sip"}
	switch s.dialFault() {
	case dialRefuse:
		http.Error(w, "refused", http.StatusServiceUnavailable)
		return
	case dialClose:
		panic(http.ErrAbortHandler)
	case dialNoSubprotocol:
		protocols = nil
	default:
		if !offersSIP(r) {
			http.Error(w, "the WebSocket subprotocol must be sip", http.StatusBadRequest)
			return
		}
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: protocols, InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(maxMessage)
	s.ServeConn(&wsConn{ws: ws}, r.RemoteAddr)
}

func offersSIP(r *http.Request) bool {
	offered := strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",")
	return slices.ContainsFunc(offered, func(p string) bool { return strings.TrimSpace(p) == "sip" })
}

// wsConn is a MessageConn over a WebSocket. Send is called by one goroutine only.
type wsConn struct {
	ws      *websocket.Conn
	closing sync.WaitGroup // handshakes that Close began; Abandon cuts them short and waits for them
}

func (c *wsConn) Recv(ctx context.Context) ([]byte, error) {
	_, data, err := c.ws.Read(ctx)
	return data, err
}

func (c *wsConn) Send(msg []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, msg)
}

func (c *wsConn) Close(code int, reason string) {
	c.closing.Go(func() { c.ws.Close(websocket.StatusCode(code), reason) })
}

func (c *wsConn) Abandon() {
	c.ws.CloseNow()
	c.closing.Wait()
}

// splitAddr takes an address apart for the parameters received and rport.
func splitAddr(addr string) (host, port string) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "127.0.0.1", "0"
	}
	return host, port
}
