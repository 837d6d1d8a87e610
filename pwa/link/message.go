package link

import "github.com/gowebphone/webphone/pwa/screen"

// What the first byte of a message of a window says.
const (
	hello  byte = 1 + iota // schema, build, ID, number of its last event
	told                   // number, whether by hand, an event
	got                    // a snapshot has come, another one may be sent
	bye                    // the window closes
	answer                 // for the media of the mind, which alone knows what it says
)

// What the first byte of a message of the mind says.
const (
	welcome byte = 0x40 + iota // number of the last event received, whether the window was known, a whole snapshot
	news                       // how the snapshot differs from the last one
	trace                      // a line for the console
	fault                      // a line about a fault of the mind, for the console
	over                       // why
	ask                        // for the media of the window
)

// Reason tells why a port was closed.
type Reason byte

const (
	OtherVersion Reason = 1 + iota // window and mind are not of one build: the window has to be loaded anew
	Unruly                         // what came is nothing that a window sends
	Flooded                        // it sent more than anybody waits for
	Full                           // there are too many windows
	Replaced                       // the window has another port
	HandedOver                     // another mind takes over: the window has to be loaded anew
	Garbled                        // what came is nothing that a mind sends
)

// event is one of a window, with its number. The first is 1.
type event struct {
	n    int
	hand bool // the user's, done this moment
	screen.Event
}

func (e event) message() []byte {
	c := coder{writes: true, data: []byte{told}}
	c.marked(e.n, e.hand)
	if !putEvent(&c, e.Event) {
		return nil
	}
	return c.data
}

func (c *coder) readEvent() event {
	var e event
	e.n, e.hand = c.readMarked()
	if e.Event = getEvent(c); e.Event == nil {
		c.fail()
	}
	return e
}

// marked writes a number with a mark in its lowest bit.
func (c *coder) marked(n int, mark bool) {
	v := uint64(n) << 1
	if mark {
		v |= 1
	}
	c.uint(v)
}

func (c *coder) readMarked() (n int, mark bool) {
	v := c.readUint()
	if v >= 1<<32 {
		c.fail() // nobody counts so far
		return 0, false
	}
	return int(v >> 1), v&1 != 0
}

func (c *coder) readNumber() int {
	v := c.readUint()
	if v >= 1<<31 {
		c.fail()
		return 0
	}
	return int(v)
}

// greeting is what a window says first.
type greeting struct {
	schema, build, id string
	last              int // event sent, over whatever port
}

func (g greeting) message() []byte {
	c := coder{writes: true, data: []byte{hello}}
	c.text(g.schema)
	c.text(g.build)
	c.text(g.id)
	c.uint(uint64(g.last))
	return c.data
}

func (c *coder) readGreeting() greeting {
	return greeting{c.readText(), c.readText(), c.readText(), c.readNumber()}
}
