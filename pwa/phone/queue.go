package phone

import "sync"

// queue holds events without bound, so that neither the user interface nor a user agent ever waits for the phone.
type queue struct {
	mu     sync.Mutex // guards events
	events []Event
	filled chan struct{} // one token when there are events; never closed
}

func newQueue() *queue { return &queue{filled: make(chan struct{}, 1)} }

func (q *queue) put(e Event) {
	q.mu.Lock()
	q.events = append(q.events, e)
	q.mu.Unlock()
	select {
	case q.filled <- struct{}{}:
	default:
	}
}

func (q *queue) take() []Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	events := q.events
	q.events = nil
	return events
}
