package link

import "sync"

// Port carries messages to the other side, in order. Its methods do not wait.
type Port interface {
	// Send gives a message away. It is lost when the port has ended.
	Send(message []byte)
	// Receive gives every message to take, one after another, and nil when the port has ended. Messages that came before wait
	// for it. take does not wait, sends nothing, and keeps the message.
	Receive(take func(message []byte))
	// Close ends the port: the other side gets what was sent and then nil, and this one nothing any more.
	Close()
}

// Pipe is two ports that lead to each other: for a phone in the page of its window, and for tests. A message arrives before Send
// returns, unless another one is on its way.
func Pipe() (a, b Port) {
	x, y := &end{}, &end{}
	x.other, y.other = y, x
	return x, y
}

// end is one of the two ends of a pipe.
type end struct {
	other *end

	mu     sync.Mutex // guards the rest
	queue  [][]byte
	take   func([]byte)
	busy   bool // somebody delivers
	closed bool // nothing is put into the queue any more
}

func (e *end) Send(message []byte) {
	if message != nil {
		e.other.put(message)
	}
}

func (e *end) Receive(take func([]byte)) {
	e.mu.Lock()
	e.take = take
	e.mu.Unlock()
	e.deliver()
}

func (e *end) Close() {
	e.mu.Lock()
	e.queue, e.closed = nil, true
	e.mu.Unlock()
	e.other.put(nil)
}

// put takes a message, or nil as the last.
func (e *end) put(message []byte) {
	e.mu.Lock()
	if !e.closed {
		e.queue = append(e.queue, message)
		e.closed = message == nil
	}
	e.mu.Unlock()
	e.deliver()
}

// deliver gives away what waits. Who finds it at work leaves it to that.
func (e *end) deliver() {
	for e.next() {
	}
}

func (e *end) next() (more bool) {
	e.mu.Lock()
	if e.busy || e.take == nil || len(e.queue) == 0 {
		e.mu.Unlock()
		return false
	}
	message := e.queue[0]
	e.queue, e.busy = e.queue[1:], true
	take := e.take
	e.mu.Unlock()
	take(message)
	e.mu.Lock()
	e.busy = false
	e.mu.Unlock()
	return true
}
