package link

import (
	"sync"

	"github.com/gowebphone/webphone/pwa/screen"
)

// ClientOptions say what a Client is for. ID, Begin and Reduce are needed, and Build where there can be others.
type ClientOptions struct {
	ID    string          // of the window, which no other one has
	Build string          // of the program
	Begin screen.Snapshot // shown until the mind has said another one

	// Reduce is the snapshot after an event of the window, as the mind reduces it. What the phone alone knows, its contacts and
	// its calls, comes with the mind's own snapshot.
	Reduce func(s screen.Snapshot, e screen.Event) screen.Snapshot

	Trace func(line string)    // for the console; default nobody reads it
	Fault func(line string)    // likewise, about a fault
	Ask   func(message []byte) // what the mind asks of the media; default nobody is there
	Lost  func()               // the port has ended, and Connect may be called again
	Over  func(why Reason)     // the mind does not serve this window; default nothing is done
}

// Client is the border on the side of a window. It is the window's phone, and shows at once what its user does: the last snapshot
// that the mind has said, with the events on it that the mind has not done yet.
type Client struct {
	opts  ClientOptions
	inbox inbox

	mu   sync.Mutex // guards the rest of what is told
	port Port       // nil before the first
	open bool       // the mind listens there
	last int        // number of the last event,
	sent int        // and of the last one sent
	owed []event    // those that the mind has not done yet

	// The goroutine of Run owns the rest.
	confirmed screen.Snapshot
	shown     screen.Snapshot
	pending   []event // those of owed that are shown
	void      int     // no event up to this one will ever be done
	met       bool    // a mind has been there
	show      func(prev, next screen.Snapshot)
}

// send sends, where there is somebody to take it. Whoever calls it has the mutex.
func (c *Client) send(message []byte) {
	if c.open {
		c.port.Send(message)
	}
}

func (c *Client) tell(e screen.Event, hand bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	own := event{n: c.last, hand: hand, Event: e}
	c.owed = append(c.owed, own)
	c.inbox.put(arrival{own: own}) // before its echo can be there
	if c.open {
		c.sent = own.n
		c.port.Send(own.message())
	}
}

// arrival is something for the goroutine of Run: an event of the window, or a message of a port.
type arrival struct {
	own     event
	port    Port
	message []byte // nil: the port has ended
}

// inbox holds arrivals without bound: the mind sends no more than is answered.
type inbox struct {
	mu     sync.Mutex // guards list
	list   []arrival
	filled chan struct{} // one token when there are arrivals; never closed
}

func (i *inbox) put(a arrival) {
	i.mu.Lock()
	i.list = append(i.list, a)
	i.mu.Unlock()
	select {
	case i.filled <- struct{}{}:
	default:
	}
}

func (i *inbox) takeAll() []arrival {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := i.list
	i.list = nil
	return list
}
