package ua

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// queue is a first-in, first-out queue: put never waits. Who can be kept waiting calls putSlowly.
type queue[T any] struct {
	mu     sync.Mutex // guards items, weight and closed
	room   *sync.Cond // told when items were taken, or no more will be
	items  []T
	weight int // of items, as far as offer has weighed them
	closed bool
	wake   chan struct{} // holds a token while there is something to look at; never closed
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{wake: make(chan struct{}, 1)}
	q.room = sync.NewCond(&q.mu)
	return q
}

// put appends v. It reports false when the queue is closed.
func (q *queue[T]) put(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.items = append(q.items, v)
	q.signal()
	return true
}

// maxWaiting is how many values may wait for putSlowly to add one.
const maxWaiting = 64

// putSlowly is put for what others send as fast as they like: it waits while much is queued already.
func (q *queue[T]) putSlowly(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && len(q.items) >= maxWaiting {
		q.room.Wait()
	}
	if q.closed {
		return false
	}
	q.items = append(q.items, v)
	q.signal()
	return true
}

// take returns everything queued, and whether the queue was closed behind it.
func (q *queue[T]) take() (items []T, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	items, q.items, q.weight = q.items, nil, 0
	q.room.Broadcast()
	return items, q.closed
}

// offer is put for a reader that may be slow: it reports false, and queues nothing, when too much waits already.
func (q *queue[T]) offer(v T, weight int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) >= maxUnread || q.weight+weight > maxUnreadBytes {
		return false
	}
	q.items = append(q.items, v)
	q.weight += weight
	q.signal()
	return true
}

// append puts values regardless of what waits.
func (q *queue[T]) append(list ...T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, list...)
}

// close lets what is queued be taken and refuses more.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.room.Broadcast()
	q.signal()
}

func (q *queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// hub hands every published value to each of its subscribers. One that does not read has limits: the subscription ends when more
// waits for it than maxUnread values, or maxUnreadBytes of content in them.
type hub[T any] struct {
	weigh  func(T) int // bytes of content of a value
	last   func() []T  // what a subscriber that has read too little is told at the end
	mu     sync.Mutex  // guards subs, their weights and closed
	subs   map[*queue[T]]bool
	closed bool
}

const (
	maxUnread      = 4096
	maxUnreadBytes = 4 << 20
)

// publish hands v to everybody, and tells whether somebody was cut off because too much waits already.
func (h *hub[T]) publish(v T) (lost bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	weight := 0
	if h.weigh != nil && len(h.subs) > 0 {
		weight = h.weigh(v)
	}
	for q := range h.subs {
		if !q.offer(v, weight) {
			lost = true
			delete(h.subs, q)
			if h.last != nil {
				q.append(h.last()...)
			}
			q.close()
		}
	}
	return lost
}

// watched reports whether anybody listens.
func (h *hub[T]) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs) > 0
}

func (h *hub[T]) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for q := range h.subs {
		q.close()
	}
}

func (h *hub[T]) add() *queue[T] {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := newQueue[T]()
	if h.closed {
		q.close()
		return q
	}
	if h.subs == nil {
		h.subs = map[*queue[T]]bool{}
	}
	h.subs[q] = true
	return q
}

func (h *hub[T]) remove(q *queue[T]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, q)
	q.close()
}

// subscribe starts collecting at once. The subscription ends with ctx, with the hub, when too much is not read, or when the range
// loop is left; then, and for a second loop, the sequence is empty.
func (h *hub[T]) subscribe(ctx context.Context) iter.Seq[T] {
	q := h.add()
	stop := context.AfterFunc(ctx, func() { h.remove(q) })
	var used atomic.Bool
	return func(yield func(T) bool) {
		if !used.CompareAndSwap(false, true) {
			return
		}
		defer stop()
		defer h.remove(q)
		for {
			items, closed := q.take()
			for _, v := range items {
				if ctx.Err() != nil || !yield(v) {
					return
				}
			}
			if closed {
				return
			}
			<-q.wake
		}
	}
}
