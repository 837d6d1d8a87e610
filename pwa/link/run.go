package link

import (
	"context"

	"github.com/gowebphone/webphone/pwa/screen"
)

// NewClient makes the phone of a window. Connect leads to its mind.
func NewClient(opts ClientOptions) *Client {
	silent := func(string) {}
	c := &Client{opts: opts, inbox: inbox{filled: make(chan struct{}, 1)},
		confirmed: opts.Begin, shown: opts.Begin}
	o := &c.opts
	if o.Trace == nil {
		o.Trace = silent
	}
	if o.Fault == nil {
		o.Fault = silent
	}
	if o.Ask == nil {
		o.Ask = func([]byte) {}
	}
	if o.Lost == nil {
		o.Lost = func() {}
	}
	if o.Over == nil {
		o.Over = func(Reason) {}
	}
	return c
}

// Begin is the snapshot that is shown until Run gives one.
func (c *Client) Begin() screen.Snapshot { return c.opts.Begin }

// Connect leads to the mind over a port, in the place of another one that has ended. What has not been told yet is told there.
func (c *Client) Connect(port Port) {
	c.mu.Lock()
	if c.port != nil {
		c.port.Close()
	}
	c.port, c.open = port, false
	port.Send(greeting{schema: schema, build: c.opts.Build, id: c.opts.ID, last: c.sent}.message())
	c.mu.Unlock()
	port.Receive(func(message []byte) { c.inbox.put(arrival{port: port, message: message}) })
}

// Do tells an event of the world, Act one of the user's hand. Both return at once.
func (c *Client) Do(e screen.Event) { c.tell(e, false) }

// Act is Do for what the user has done this moment.
func (c *Client) Act(e screen.Event) { c.tell(e, true) }

// Answer gives the mind what the media say.
func (c *Client) Answer(message []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send(append([]byte{answer}, message...))
}

// Close tells the mind that the window closes.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send([]byte{bye})
	if c.port != nil {
		c.port.Close()
	}
	c.port, c.open = nil, false
}

// Run works until ctx ends. It gives every snapshot to show, with the one before, in order and from one goroutine.
func (c *Client) Run(ctx context.Context, show func(prev, next screen.Snapshot)) {
	c.show = show
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.inbox.filled:
			for _, a := range c.inbox.takeAll() {
				c.arrived(a)
			}
		}
	}
}
