package link

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/screen"
)

// What a window shows is the mind's last snapshot with the window's own events on it that the mind has not done yet. They are
// reduced again on each snapshot of the mind, by the function that the mind reduces with: so what somebody types shows at once,
// and an answer that comes late undoes none of it. When nothing is owed, window and mind have the same snapshot.

func (c *Client) arrived(a arrival) {
	switch {
	case a.port == nil:
		if a.own.n > c.void {
			c.pending = append(c.pending, a.own)
			c.shows()
		}
	case !c.listens(a.port):
	case a.message == nil:
		c.leave(a.port)
		c.opts.Lost()
	default:
		if why := c.heard(a.message); why != 0 {
			c.leave(a.port)
			c.opts.Over(why)
		}
	}
}

// listens tells whether a port is the one in use.
func (c *Client) listens(port Port) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.port == port
}

func (c *Client) leave(port Port) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.port == port {
		c.port, c.open = nil, false
	}
	port.Close()
}

// heard does what a message of the mind says, and tells why it is the last one, 0 for no reason.
func (c *Client) heard(message []byte) Reason {
	if len(message) == 0 {
		return Garbled
	}
	r := &coder{data: message[1:]}
	switch message[0] {
	case welcome:
		return c.welcomed(r)
	case news:
		next := r.readState(c.confirmed)
		if !r.ended() {
			return Garbled
		}
		c.confirm(next)
		return 0
	case trace:
		c.opts.Trace(string(r.data))
		return 0
	case fault:
		c.opts.Fault(string(r.data))
		return 0
	case ask:
		c.opts.Ask(r.data)
		return 0
	case over:
		if why := Reason(r.readByte()); why != 0 {
			return why
		}
	}
	return Garbled
}

// welcomed begins with a mind, or goes on with the one that there was. What it has not received is told. A mind that does not
// know this window cannot know either what became of what was sent to the last one: that is not told again, since a call could be
// made twice. What stood in the number field is written there again.
func (c *Client) welcomed(r *coder) Reason {
	received, known := r.readMarked()
	next := r.readState(screen.Snapshot{})
	if !r.ended() {
		return Garbled
	}
	anew, typed, lost := c.met && !known, c.shown.Dial, false
	if anew {
		lost = c.forget()
	}
	c.met = true
	c.resend(received)
	c.confirm(next)
	if anew && typed != "" && c.shown.Dial == "" {
		c.tell(screen.Type{Text: typed}, true)
	}
	if lost {
		c.tell(screen.Dropped{}, false)
	}
	return 0
}

// forget gives up what was sent and not done. It tells whether anything the user did was among that.
func (c *Client) forget() (lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.owed {
		lost = lost || e.hand && e.n <= c.sent
	}
	c.void = c.sent
	return lost
}

// resend tells what the mind has not received.
func (c *Client) resend(received int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = true
	for _, e := range c.owed {
		if e.n > received {
			c.sent = max(c.sent, e.n)
			c.port.Send(e.message())
		}
	}
}

// confirm takes a snapshot of the mind, in which some of what the window has told is done.
func (c *Client) confirm(next screen.Snapshot) {
	c.confirmed = next
	done := max(next.Told, c.void)
	c.pending = after(c.pending, done)
	c.mu.Lock()
	c.owed = after(c.owed, done)
	c.send([]byte{got})
	c.mu.Unlock()
	c.shows()
}

// after is the events after one.
func after(list []event, n int) []event {
	for len(list) > 0 && list[0].n <= n {
		list[0] = event{} // it may hold a file
		list = list[1:]
	}
	return list
}

// shows shows what there is to show now, if that is anything new. What is the same keeps its place in memory.
func (c *Client) shows() {
	next := c.confirmed
	for _, e := range c.pending {
		next = c.predicted(next, e)
	}
	if len(c.pending) > 0 && next.Pressed.Count < c.shown.Pressed.Count {
		next.Pressed = c.shown.Pressed // a tone that has been heard is not taken back, lest it be heard again
	}
	next.Told = 0 // nothing of it can be seen
	prev := c.shown
	if settled, differs := settle(prev, next); differs {
		c.shown = settled
		c.show(prev, settled)
	}
}

// predicted is what the mind will make of an event. Only what is not of the user's hand counts as unasked. What becomes of a page
// that is left, the mind knows alone.
func (c *Client) predicted(s screen.Snapshot, e event) (next screen.Snapshot) {
	if _, left := e.Event.(screen.Left); left {
		return s
	}
	defer func() {
		if r := recover(); r != nil {
			c.opts.Fault(fmt.Sprintf("link: %T: %v", e.Event, r))
			next = s
		}
	}()
	next = c.opts.Reduce(s, e.Event)
	if !e.hand {
		next.Unasked++
	}
	return next
}

// settle is next, with all that is as in prev in its place there, and tells whether anything is not.
func settle(prev, next screen.Snapshot) (settled screen.Snapshot, differs bool) {
	w := coder{writes: true}
	if !walkSnapshot(&w, &prev, &next) {
		return prev, false
	}
	settled = prev
	r := coder{data: w.data}
	walkSnapshot(&r, &prev, &settled)
	return settled, true
}
