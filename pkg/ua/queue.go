package ua

import (
	"context"
	"iter"
	"sync"
)

// queue is an unbounded first-in, first-out queue: put never waits.
type queue[T any] struct {
	mu     sync.Mutex // guards items and closed
	items  []T
	closed bool
	wake   chan struct{} // holds a token while there is something to look at; never closed
}

func newQueue[T any]() *queue[T] { return &queue[T]{wake: make(chan struct{}, 1)} }

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

// take returns everything queued, and whether the queue was closed behind it.
func (q *queue[T]) take() (items []T, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	items, q.items = q.items, nil
	return items, q.closed
}

// close lets what is queued be taken and refuses more.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

func (q *queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// hub hands every published value to each of its subscribers.
type hub[T any] struct {
	mu     sync.Mutex // guards subs and closed
	subs   map[*queue[T]]bool
	closed bool
}

func (h *hub[T]) publish(v T) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for q := range h.subs {
		q.put(v)
	}
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

// subscribe starts collecting at once. The subscription ends with ctx, with the hub, or when the range loop is left.
func (h *hub[T]) subscribe(ctx context.Context) iter.Seq[T] {
	q := h.add()
	stop := context.AfterFunc(ctx, func() { h.remove(q) })
	return func(yield func(T) bool) {
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
