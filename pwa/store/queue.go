package store

import "sync"

// Queue does one thing after another, in the order in which they were asked for, beside its caller. The zero value is ready.
type Queue struct {
	mu      sync.Mutex // guards the rest
	waiting []func()
	working bool
}

// Do has something done after all that was asked for before.
func (q *Queue) Do(job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, job)
	if !q.working {
		q.working = true
		go q.work()
	}
}

// work ends when nothing waits.
func (q *Queue) work() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.working = false
			q.mu.Unlock()
			return
		}
		job := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		job()
	}
}
