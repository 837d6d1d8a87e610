package remote

import (
	"context"
	"fmt"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
)

// Conn is the way of an Engine to one host.
type Conn struct {
	send func([]byte)
	lost chan struct{} // closed by Close

	mu       sync.Mutex // guards all below, what the sessions have too, and the order of what is sent
	last     uint64     // number given last, to a session or request
	sessions map[uint64]*session
	waiting  map[uint64]*request
	over     bool
}

// request is what somebody waits for.
type request struct {
	reply chan message // has room for the one that comes
}

// next is a number that is new. The caller holds mu.
func (c *Conn) next() uint64 {
	c.last++
	return c.last
}

func (c *Conn) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

// ask sends a request and waits for the reply, the end of ctx, of the session, or of the host.
func (c *Conn) ask(ctx context.Context, s *session, m message) (message, error) {
	if err := ctx.Err(); err != nil {
		return message{}, err
	}
	r, err := c.put(s, &m)
	if err != nil {
		return message{}, err
	}
	var closed chan struct{} // blocks without a session
	if s != nil {
		closed = s.done
	}
	select {
	case reply := <-r.reply:
		return reply, reply.err()
	case <-c.lost:
		err = media.ErrLost
	case <-closed:
		err = media.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	if !c.forget(m.request) { // it came in the same moment: what was done there counts
		reply := <-r.reply
		return reply, reply.err()
	}
	return message{}, err
}

// put numbers a request and sends it, with the making of its session where that has waited for it.
func (c *Conn) put(s *session, m *message) (*request, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case s != nil && s.closed:
		return nil, media.ErrClosed
	case c.over:
		return nil, media.ErrLost
	}
	m.request = c.next()
	var list []message
	if s != nil {
		list = s.birth()
	}
	data, err := encode(append(list, *m)...)
	if err != nil {
		return nil, err
	}
	if s != nil {
		s.unborn = nil
	}
	r := &request{make(chan message, 1)}
	c.waiting[m.request] = r
	c.send(data)
	return r, nil
}

// tell sends what has no reply. The caller holds mu.
func (c *Conn) tell(m message) {
	if data, err := encode(m); err == nil && !c.over {
		c.send(data)
	}
}

// forget is called when nobody waits any more for a reply. It reports whether that has not come.
func (c *Conn) forget(request uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	open := c.waiting[request] != nil
	if open {
		delete(c.waiting, request)
		c.tell(message{kind: kindCancel, request: request})
	}
	return open || c.over
}

// Receive takes a message of the host. The error says that it is none; nothing of it has been done then.
func (c *Conn) Receive(data []byte) error {
	list, err := decode(data)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.kind != kindDone && m.kind != kindFailed && m.kind != kindStates {
			return fmt.Errorf("%w: not one of a host", errMessage)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range list {
		c.take(m)
	}
	return nil
}

// take hands a message to who waits for it. The caller holds mu.
func (c *Conn) take(m message) {
	if m.kind == kindStates {
		if s := c.sessions[m.session]; s != nil {
			s.become(m.state)
		}
		return
	}
	if r := c.waiting[m.request]; r != nil {
		delete(c.waiting, m.request)
		r.reply <- m
	}
}

// Close is called when the host is gone: all that is asked of its sessions fails with media.ErrLost, and their states end with
// media.StateLost.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over = true
	close(c.lost)
	for _, s := range c.sessions {
		s.lose()
	}
	clear(c.sessions)
	clear(c.waiting)
}
