//go:build !js

package siptest

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// MessageConn carries whole SIP messages in both directions. The connections of package transport are of this kind.
type MessageConn interface {
	Recv(ctx context.Context) ([]byte, error) // next message; an error ends the connection
	Send(msg []byte) error
	Close(code int, reason string) // ends it in order, does not wait
	Abandon()                      // ends it at once, without a close frame
}

// conn is one connection of a client. The fields up to queue are guarded by the server's lock.
type conn struct {
	id       int
	mc       MessageConn
	host     string // of the client, for received
	port     string // of the client, for rport
	user     string // authenticated last over this connection
	instance string // +sip.instance registered last over this connection
	dead     bool
	died     time.Time

	queue sendQueue
}

// sendQueue is the unbounded queue between the server and the writer of a connection.
type sendQueue struct {
	mu    sync.Mutex // guards items
	items []outgoing
	wake  chan struct{} // capacity 1: something was queued
}

type outgoing struct {
	due  time.Time
	data []byte
	raw  bool // sent as it is and although the server plays dead
}

func (q *sendQueue) put(o outgoing) {
	q.mu.Lock()
	q.items = append(q.items, o)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *sendQueue) take() (outgoing, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return outgoing{}, false
	}
	o := q.items[0]
	q.items = q.items[1:]
	return o, true
}

// ServeConn serves one connection until it ends. remoteAddr is the client's "host:port", for the parameters received
// and rport; it may be empty.
func (s *Server) ServeConn(mc MessageConn, remoteAddr string) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	c := s.addConn(mc, remoteAddr)
	if c == nil {
		mc.Abandon()
		return
	}
	defer s.wg.Done()
	s.wg.Go(func() { s.write(ctx, c) })
	for {
		data, err := mc.Recv(ctx)
		if err != nil {
			break
		}
		s.receive(c, data)
	}
	s.removeConn(c)
	mc.Abandon()
}

// addConn is nil when the server was closed. Otherwise the caller owes wg.Done.
func (s *Server) addConn(mc MessageConn, remoteAddr string) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.nextID++
	c := &conn{id: s.nextID, mc: mc, queue: sendQueue{wake: make(chan struct{}, 1)}}
	c.host, c.port = splitAddr(remoteAddr)
	s.conns[c.id] = c
	s.wg.Add(1)
	return c
}

func (s *Server) removeConn(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.dead, c.died = true, time.Now()
	delete(s.conns, c.id)
	s.sweepContacts()
	if s.opts.BindingsDieWithSocket {
		s.dropBindingsOf(c)
	}
	s.notify()
}

// write sends what is queued, each message when it is due, until the connection ends.
func (s *Server) write(ctx context.Context, c *conn) {
	for {
		o, ok := c.queue.take()
		if !ok {
			select {
			case <-c.queue.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		if !sleepUntil(ctx, o.due) {
			return
		}
		if !o.raw && s.blackholed() {
			continue
		}
		s.record(c, Sent, o.data)
		if c.mc.Send(o.data) != nil {
			return
		}
	}
}

func sleepUntil(ctx context.Context, due time.Time) bool {
	wait := time.Until(due)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send queues a message for the client. Called with mu held.
func (s *Server) send(c *conn, m *message) {
	if c.dead {
		return
	}
	c.queue.put(outgoing{due: time.Now().Add(s.faults.delay), data: m.bytes()})
}

// receive takes one frame from a client.
func (s *Server) receive(c *conn, data []byte) {
	s.record(c, Received, data)
	if s.blackholed() {
		return
	}
	if len(bytes.Trim(data, "\r\n")) == 0 {
		s.keepAlive(c, data)
		return
	}
	m, err := parseMessage(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed || err != nil:
		return
	case m.isRequest():
		s.receiveRequest(c, m)
	default:
		s.receiveResponse(c, m)
	}
}

// keepAlive answers a double CRLF with one CRLF (RFC 5626 section 4.4.1).
func (s *Server) keepAlive(c *conn, data []byte) {
	if len(data) < 4 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.queue.put(outgoing{due: time.Now().Add(s.faults.delay), data: []byte("\r\n")})
}
