package link

import (
	"sync"

	"github.com/gowebphone/webphone/pwa/screen"
)

// Window is a window as the mind has it. Its methods do not wait.
type Window interface {
	// Do tells an event of the window, Act one of its user's hand.
	Do(e screen.Event)
	Act(e screen.Event)
	// Close takes the window off.
	Close()
}

// HubOptions say what a Hub is for. Open is needed, and Build where there can be others.
type HubOptions struct {
	// Open opens a window of the mind. It does not wait. From another goroutine show gets every snapshot of the window, one after
	// another, and in each of them how many of its events are done.
	Open func(show func(prev, next screen.Snapshot)) Window

	Build  string                          // of the program; windows of another one are sent away
	Answer func(id string, message []byte) // what the media of a window say; default nobody listens
}

// Hub is the border on the side of the mind: it serves windows over ports, and trusts none of them with more than a user may do.
type Hub struct {
	opts HubOptions

	mu    sync.Mutex       // guards the rest, and what belongs to the seats
	seats map[string]*seat // by the IDs of the windows
	ended Reason           // nobody is served any more
}

// Bounds of what is done for one window, and of how many there are.
const (
	mostSeats  = 32
	mostEvents = 1024         // received and not done yet,
	mostBytes  = 2 * imported // and how large they are together
	mostNews   = 4            // sent, and not known to have come: then the newest waits, and what was between is left out
	longestID  = 64
)

// seat is a window that has said hello. It belongs to the hub's mutex.
type seat struct {
	hub    *Hub
	id     string
	window Window
	line   *line // nil while the window has no port

	before   int // events that the window has told another mind
	received int // number of its last event
	waiting  int // bytes of those that are not done
	newest   screen.Snapshot
	shown    bool // there is a newest one

	greeted bool // over this port
	known   bool // the window was here before this port
	sent    screen.Snapshot
	away    int // snapshots sent and not known to have come
}

// line is a port of the mind, with whoever speaks there.
type line struct {
	hub  *Hub
	port Port
	seat *seat // nil before the hello
	over bool  // nothing is listened to any more
}

// show is for the mind, which has another snapshot.
func (s *seat) show(_, next screen.Snapshot) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	next.Told += s.before
	s.newest, s.shown = next, true
	if s.owes() == 0 {
		s.waiting = 0
	}
	s.flush()
}

// owes is how many events of the window the mind has not done yet.
func (s *seat) owes() int { return s.received - max(s.before, s.newest.Told) }

// flush sends the newest snapshot, if the window is ready for it.
func (s *seat) flush() {
	switch {
	case s.line == nil || !s.shown || s.away == mostNews:
	case s.greeted:
		s.sendNews()
	default:
		s.sendWelcome()
	}
}

func (s *seat) sendWelcome() {
	c := coder{writes: true, data: []byte{welcome}}
	c.marked(s.received, s.known)
	c.state(new(screen.Snapshot), &s.newest)
	s.greeted = true
	s.send(c.data)
}

func (s *seat) sendNews() {
	c := coder{writes: true, data: []byte{news}}
	if walkSnapshot(&c, &s.sent, &s.newest) {
		s.send(c.data)
	}
}

func (s *seat) send(message []byte) {
	s.sent = s.newest
	s.away++
	s.line.port.Send(message)
}

// connect gives the window a port, in the place of an older one.
func (s *seat) connect(l *line) {
	if s.line != nil {
		s.line.end(Replaced)
	}
	s.line, l.seat = l, s
	s.greeted, s.away = false, 0
	s.flush()
}

// end sends the window away.
func (s *seat) end(why Reason) {
	if s.line != nil {
		s.line.end(why)
	}
	s.close()
}

// close takes the window off.
func (s *seat) close() {
	if s.line != nil {
		s.line.close()
	}
	delete(s.hub.seats, s.id)
	s.window.Close()
}

// end says why and closes the port.
func (l *line) end(why Reason) {
	l.port.Send([]byte{over, byte(why)})
	l.close()
}

func (l *line) close() {
	l.over = true
	if l.seat != nil {
		l.seat.line = nil
	}
	l.port.Close()
}
