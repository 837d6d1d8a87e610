package transport

import (
	"context"
	"errors"
	"sync"
	"unicode/utf8"
)

var (
	// ErrTooBig is returned by Send for a message above MaxMessage.
	ErrTooBig = errors.New("message too big for the connection")
	// ErrQueueFull is returned by Send when the network takes messages slower than they are sent.
	ErrQueueFull = errors.New("send queue full")

	errAbandoned = errors.New("connection abandoned")
)

const (
	codeNormal   = 1000
	codeAbnormal = 1006 // no close frame came

	maxBacklog = 4096    // messages received and not yet read
	maxUnread  = 4 << 20 // bytes of them, of answers and ends twice as many
	maxQueued  = 1 << 20 // bytes sent and not yet on the wire
	maxReason  = 123     // bytes; RFC 6455 section 5.5 allows 125 with the code
)

// inbox holds what arrived until Recv takes it, then how the connection ended. It is bounded: what comes faster than it is read
// has to wait on the wire where the platform lets it, else it is lost, first what begins something new.
type inbox struct {
	mu    sync.Mutex // guards msgs, bytes and cause
	msgs  [][]byte
	bytes int // in msgs
	cause *CloseError
	wake  chan struct{} // holds a token while msgs is not empty
	room  chan struct{} // holds a token after a message was taken
	ended chan struct{} // closed by end, together with setting cause
}

func newInbox() *inbox {
	return &inbox{wake: make(chan struct{}, 1), room: make(chan struct{}, 1), ended: make(chan struct{})}
}

// push adds a message. It reports false, and adds nothing, when the connection has ended or too much is not read.
func (b *inbox) push(msg []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	limit := 1
	if settles(msg) {
		limit = 2
	}
	if b.cause != nil || len(b.msgs) >= limit*maxBacklog || len(b.msgs) > 0 && b.bytes+len(msg) > limit*maxUnread {
		return false
	}
	b.msgs = append(b.msgs, msg)
	b.bytes += len(msg)
	signal(b.wake)
	return true
}

// settles reports whether a message is the answer to something or ends it: without it somebody waits for ever.
func settles(msg []byte) bool {
	for _, start := range []string{"SIP/2.0 ", "BYE ", "CANCEL ", "ACK "} {
		if len(msg) >= len(start) && string(msg[:len(start)]) == start {
			return true
		}
	}
	return false
}

// pushSlowly is push that waits for room. It reports false when the connection has ended, or nobody waits any more for what it
// brings (over).
func (b *inbox) pushSlowly(over <-chan struct{}, msg []byte) bool {
	for !b.push(msg) {
		select {
		case <-b.room:
		case <-b.ended:
			return false
		case <-over:
			return false
		}
	}
	return true
}

// end sets the cause; only the first call counts.
func (b *inbox) end(cause *CloseError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cause != nil {
		return
	}
	b.cause = cause
	close(b.ended)
}

// err returns nil while the connection lives.
func (b *inbox) err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cause == nil {
		return nil
	}
	return b.cause
}

// recv is the Recv of every kind of connection.
func (b *inbox) recv(ctx context.Context) ([]byte, error) {
	for {
		if msg, err := b.pop(); msg != nil || err != nil {
			return msg, err
		}
		select {
		case <-b.wake:
		case <-b.ended:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (b *inbox) pop() ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.msgs) == 0 {
		if b.cause != nil {
			return nil, b.cause
		}
		return nil, nil
	}
	msg := b.msgs[0]
	b.msgs[0] = nil
	b.msgs = b.msgs[1:]
	b.bytes -= len(msg)
	if len(b.msgs) > 0 {
		signal(b.wake)
	}
	signal(b.room)
	return msg, nil
}

// signal leaves a token.
func signal(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}

// clipReason cuts the text of a close frame to what fits into one, at a rune.
func clipReason(reason string) string {
	if len(reason) <= maxReason {
		return reason
	}
	cut := maxReason
	for cut > 0 && !utf8.RuneStart(reason[cut]) {
		cut--
	}
	return reason[:cut]
}
